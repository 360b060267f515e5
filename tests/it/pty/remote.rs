//! What the output of a session does to this machine's terminal, and what is left of it.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustix::process::{Signal, kill_process};
use vendor_ssm_sandbox::plugin::{Script, Step};

use crate::harness::terminal::{Ended, LIMIT, PROMPT, Terminal, WEB_1, none_open, until};
use crate::harness::{Bench, SETTINGS};

use super::plugin::installed;

/// Modes of a full-screen program, as `printf` takes them, and what switches each off.
const MODES: [(&str, &str); 15] = [
    ("\\033[?1049h", "\u{1b}[?1049l"),
    ("\\033[?25l", "\u{1b}[?25h"),
    ("\\033[?1000h", "\u{1b}[?1000l"),
    ("\\033[?1003h", "\u{1b}[?1003l"),
    ("\\033[?1002;1006h", "\u{1b}[?1006l"),
    ("\\033[?2004h", "\u{1b}[?2004l"),
    ("\\033[?1h", "\u{1b}[?1l"),
    ("\\033[?1004h", "\u{1b}[?1004l"),
    ("\\033=", "\u{1b}>"),
    ("\\033[>1u", "\u{1b}[<1u"),
    ("\\033[>4;2m", "\u{1b}[>4m"),
    ("\\033[2;9r", "\u{1b}7\u{1b}[r\u{1b}8"),
    ("\\033[1;31m", "\u{1b}[m"),
    ("\\033(0", "\u{1b}(B"),
    ("\\033]11;#300000\\007", "\u{1b}]111\u{7}"),
];

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// A shell whose output has switched everything on.
/// A file prints it, so that the echo of what was typed does not.
fn switched(bench: &Bench, then: &str) -> Terminal {
    let mut on: String = MODES.iter().map(|(on, _)| *on).collect();
    on.push_str("\\033[?47h\\033[?1047h");
    let script = format!("printf '{on}'\nprintf 'D''ONE'\n{then}\n");
    std::fs::write(bench.sandbox.home().join("on"), script).unwrap();
    let mut terminal = Terminal::shell(bench);
    terminal.types(". ./on\r");
    assert!(until(LIMIT, || holds(&terminal.bytes(), "DONE")));
    terminal
}

fn is_switched_off(ended: &Ended) {
    let done = ended.bytes.windows(4).rposition(|four| four == b"DONE");
    let after = &ended.bytes[done.unwrap()..];
    for (on, off) in MODES {
        assert!(holds(after, off), "{on} {}", after.escape_ascii());
    }
    for off in ["\u{1b}[?47l", "\u{1b}[?1047l"] {
        assert!(holds(after, off), "{}", after.escape_ascii());
    }
}

#[test]
fn what_it_switched_on_is_off_after_every_end() {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let bench = Bench::new();
            let ended = switched(&bench, "exit").ends();
            assert_eq!(ended.code, 0, "{}", ended.screen);
            is_switched_off(&ended);
            none_open(&bench);
        });
        scope.spawn(|| {
            let bench = Bench::new();
            let mut terminal = switched(&bench, "");
            terminal.types("\r~.");
            let ended = terminal.ends();
            assert_eq!(ended.code, 130, "{}", ended.screen);
            is_switched_off(&ended);
            none_open(&bench);
        });
        scope.spawn(|| {
            let bench = Bench::new();
            let terminal = switched(&bench, "");
            terminal.signal(Signal::TERM);
            let ended = terminal.ends();
            assert_eq!(ended.code, 143, "{}", ended.screen);
            is_switched_off(&ended);
            none_open(&bench);
        });
        scope.spawn(|| {
            let bench = Bench::new();
            let terminal = switched(&bench, "");
            let id = bench.sandbox.open_sessions().remove(0);
            assert!(bench.sandbox.channels().terminate(&id, "ended"));
            let ended = terminal.ends();
            assert_eq!(ended.code, 0, "{}", ended.screen);
            is_switched_off(&ended);
        });
    });
}

#[test]
fn nothing_is_switched_off_that_was_not_on() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0);
    let text = String::from_utf8_lossy(&ended.bytes).into_owned();
    let end = text.rfind("exit").unwrap();
    // The title, and nothing else.
    let after = text[end..].replace("\u{1b}]0;\u{7}\u{1b}[23;0t", "");
    assert!(!after.contains('\u{1b}'), "{after:?}");
    none_open(&bench);
}

/// The clipboard in all its forms, from a file on the remote side.
fn copies(bench: &Bench) -> String {
    std::fs::write(
        bench.sandbox.home().join("copy"),
        "printf '<\\033]52;c;Y2xpcGJvYXJk\\007>'\n\
         printf '<\\033]52;c;'; sleep 0.3; printf 'Y2xpcGJvYXJk\\033'; sleep 0.3; printf '\\\\>'\n\
         printf '<\\302\\23552;c;?\\302\\234>'\n\
         printf '<\\23552;c;Y2xpcGJvYXJk\\234>'\n\
         printf '<\\033Ptmux;\\033\\033]52;c;Y2xpcGJvYXJk\\007\\033\\\\>'\n\
         printf '<\\033P\\033]52;c;Y2xp\\033\\\\\\033PcGJvYXJk\\007\\033\\\\>'\n\
         printf '\\033]0;title\\007\\033]8;;https://example.com\\007link\\033]8;;\\007'\n\
         echo D''ONE\n",
    )
    .unwrap();
    ". ./copy\r".to_owned()
}

const NOTICE: &str = "the remote side tried to use this machine's clipboard";

#[test]
fn the_clipboard_is_out_of_its_reach() {
    let bench = Bench::new();
    let line = copies(&bench);
    let mut terminal = Terminal::shell(&bench);
    for _ in 0..2 {
        terminal.types(&line);
    }
    let shows = |terminal: &Terminal| {
        String::from_utf8_lossy(&terminal.bytes())
            .matches("DONE")
            .count()
            == 2
    };
    assert!(until(LIMIT, || shows(&terminal)), "{}", terminal.screen());
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0);
    let text = String::from_utf8_lossy(&ended.bytes);
    for kept in ["52;c;", "Y2xp", "cGJv"] {
        assert!(!text.contains(kept), "{kept} {text:?}");
    }
    // The notice has a line of its own.
    let begins = text.find(NOTICE).unwrap();
    let ends = begins + text[begins..].find("\r\n").unwrap();
    assert!(text[..begins].ends_with("\r\n"), "{text:?}");
    let output = [&text[..begins], text[ends..].trim_start()].concat();
    for passed in [
        "<><><><>",
        "\u{1b}]0;title\u{7}",
        "\u{1b}]8;;https://example.com\u{7}link\u{1b}]8;;\u{7}",
    ] {
        assert_eq!(output.matches(passed).count(), 2, "{passed:?} {text:?}");
    }
    assert_eq!(text.matches(NOTICE).count(), 1, "{text:?}");
    none_open(&bench);
}

#[test]
fn the_settings_can_let_it_through() {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}\n[session]\nterminal = \"raw\"\n"));
    let line = copies(&bench);
    let mut terminal = Terminal::shell(&bench);
    terminal.types(&line);
    assert!(until(LIMIT, || holds(&terminal.bytes(), "DONE")));
    terminal.types("exit\r");
    let ended = terminal.ends();
    let text = String::from_utf8_lossy(&ended.bytes);
    assert_eq!(
        text.matches("\u{1b}]52;c;Y2xpcGJvYXJk").count(),
        3,
        "{text:?}"
    );
    assert!(!text.contains(NOTICE));
    none_open(&bench);
}

#[test]
fn programs_get_the_answers_of_the_terminal() {
    let bench = Bench::new();
    std::fs::write(
        bench.sandbox.home().join("ask"),
        "stty -icanon -echo; printf '\\033[6n'; answer=$(head -c 6 | od -An -tx1); stty sane\n\
         echo \"answer$answer\"\n",
    )
    .unwrap();
    let mut terminal = Terminal::shell(&bench);
    terminal.types("sh ask\r");
    assert!(until(LIMIT, || holds(&terminal.bytes(), "\u{1b}[6n")));
    terminal.types("\u{1b}[7;9R");
    terminal.shows("answer 1b 5b 37 3b 39 52");
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    none_open(&bench);
}

/// With a megabyte that waits for a target that takes nothing, vendor-ssm does not read on. Four
/// kilobytes then wait in the terminal.
#[test]
fn what_it_left_unread_is_not_typed_into_the_local_shell() {
    const CHUNK: usize = 256;
    let bench = Bench::new();
    let mut terminal = Terminal::local_shell(&bench, 24, 110, &[]);
    terminal.types(&format!("vendor-ssm connect {WEB_1} --client builtin\r"));
    terminal.shows(PROMPT.trim_end());
    bench.sandbox.channels().faults().silence(true);
    let mut keys = terminal.take_keys();
    let (written, is_enough) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            while !is_enough.load(Ordering::Relaxed) {
                keys.write_all(&[b'x'; CHUNK]).unwrap();
                written.fetch_add(CHUNK, Ordering::Relaxed);
            }
            keys
        });
        let mut before = 0;
        let stands = || {
            std::thread::sleep(Duration::from_millis(500));
            let now = written.load(Ordering::Relaxed);
            std::mem::replace(&mut before, now) == now && now > 1 << 20
        };
        assert!(until(LIMIT, stands));
        is_enough.store(true, Ordering::Relaxed);
        kill_process(terminal.process("vendor-ssm connect"), Signal::TERM).unwrap();
        terminal.give_keys(writer.join().unwrap());
    });
    terminal.types("\recho af''ter\r");
    terminal.shows_that("after", |screen| {
        screen
            .lines()
            .any(|line| line.ends_with("after") && !line.contains("echo"))
    });
    let bytes = terminal.bytes();
    let typed = bytes.split(|byte| *byte == b'x').count();
    // A shell shows a line twice: as it is typed, and as a command that it does not know.
    assert!(typed < 4 * CHUNK, "{typed}");
    terminal.types("exit\r");
    terminal.ends();
    none_open(&bench);
}

#[test]
fn what_the_plugin_left_is_not_typed_either() {
    let it = installed(&Script {
        steps: vec![
            Step::RawTerminal,
            Step::Print("\u{1b}[?1000h\u{1b}[?1hre\u{61}dy".to_owned()),
            Step::Hang,
        ],
        ..Script::default()
    });
    let mut terminal = Terminal::local_shell(&it.bench, 24, 110, &[]);
    terminal.types(&format!("vendor-ssm connect {WEB_1} --client plugin\r"));
    terminal.shows("ready");
    terminal.types("\recho ty''ped\r");
    kill_process(terminal.process("vendor-ssm connect"), Signal::TERM).unwrap();
    let is_over = || holds(&terminal.bytes(), "\u{1b}[23;0t");
    assert!(until(LIMIT, is_over), "{}", terminal.screen());
    terminal.types("\recho af''ter\r");
    terminal.shows_that("after", |screen| {
        screen
            .lines()
            .any(|line| line.ends_with("after") && !line.contains("echo"))
    });
    assert!(
        !terminal.screen().contains("typed"),
        "{}",
        terminal.screen()
    );
    for off in ["\u{1b}[?1000l", "\u{1b}[?1l"] {
        assert!(holds(&terminal.bytes(), off));
    }
    terminal.types("exit\r");
    terminal.ends();
}

#[test]
fn a_plugin_that_returns_leaves_no_modes() {
    let it = installed(&Script {
        steps: vec![Step::Print("\u{1b}[?1000h\u{1b}[?25l".to_owned())],
        ..Script::default()
    });
    let line = format!("connect {WEB_1} --client plugin");
    let ended = Terminal::run(&it.bench, &line).ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(holds(&ended.bytes, "\u{1b}[?1000l"));
}

#[test]
fn the_output_of_a_command_is_kept_from_the_clipboard_too() {
    let bench = Bench::new();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    copies(&bench);
    let script = bench.sandbox.home().join("copy");
    // Two streams have no order, but what comes later shows later.
    let more = "sleep 2\nprintf '\\033[?1049h\\033[?1000h\\033]5' >&2; printf '2;c;Y2xpcGJvYXJk\\007' >&2\n";
    let text = std::fs::read_to_string(&script).unwrap();
    std::fs::write(&script, text + &more.replace("\\\\", "\\")).unwrap();
    let line = format!("run {WEB_1} -- sh {}", script.display());
    let ended = Terminal::run(&bench, &line).ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let text = String::from_utf8_lossy(&ended.bytes);
    assert!(
        !text.contains("52;c;") && text.contains("<><><><>"),
        "{text:?}"
    );
    assert_eq!(text.matches(NOTICE).count(), 1, "{text:?}");
    for off in ["\u{1b}[?1049l", "\u{1b}[?1000l"] {
        assert!(text.contains(off), "{text:?}");
    }
    // Elsewhere than on a terminal, it is the bytes that the command wrote.
    let ran = bench.command(line.split_whitespace()).output().unwrap();
    let remote = std::process::Command::new("sh").arg(&script).output();
    assert_eq!(ran.stdout, remote.as_ref().unwrap().stdout);
    assert!(ran.stderr.ends_with(&remote.unwrap().stderr));
    none_open(&bench);
}
