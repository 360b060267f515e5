//! Who a session is with: the line before it, and the title of the window.

use std::process::Stdio;

use vendor_ssm_sandbox::plugin::{Script, Step};

use super::plugin::installed;
use crate::forward;
use crate::harness::terminal::{Ended, LIMIT, PROMPT, Terminal, WEB_1, none_open, until};
use crate::harness::{Bench, SETTINGS, is_windows};

/// What stands before the time.
const BEFORE: &str =
    "acme (222222222222) · web-1 i-0f3a91c27be45d806 · us-east-1 · as alice · credentials until ";
/// Wide enough for the line.
const COLUMNS: u16 = 160;

/// A shell of this client in a wide terminal, left by its remote end.
fn shell(bench: &Bench, line: &str, more: &[(&str, &str)]) -> Ended {
    let mut terminal = Terminal::with(bench, line, 24, COLUMNS, more);
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    ended
}

fn connect(bench: &Bench, more: &str) -> Ended {
    let line = format!("connect web-1 --client builtin {more}");
    shell(bench, &line, &[("TZ", "UTC")])
}

/// The line on the screen, with the time apart.
fn line(ended: &Ended) -> Option<(String, String)> {
    let line = ended
        .screen
        .lines()
        .find(|line| line.contains("credentials until"))?;
    let (before, rest) = line.split_once("until ").unwrap();
    let (time, after) = rest.split_at(5);
    Some((
        format!("{before}until _{}", after.trim_end()),
        time.to_owned(),
    ))
}

fn text(ended: &Ended) -> String {
    String::from_utf8_lossy(&ended.bytes).into_owned()
}

/// Minutes since midnight.
fn minutes(time: &str) -> i32 {
    let (hours, minutes) = time.split_once(':').unwrap();
    hours.parse::<i32>().unwrap() * 60 + minutes.parse::<i32>().unwrap()
}

#[test]
fn a_shell_begins_with_who_it_is_with() {
    let bench = Bench::new();
    let ended = connect(&bench, "");
    let (said, time) = line(&ended).unwrap();
    assert_eq!(said, format!("{BEFORE}_ · ~. ends"));
    // In the engineer's own time.
    let elsewhere = [("TZ", "XXX-05:30")];
    let later = shell(&bench, "connect web-1 --client builtin", &elsewhere);
    let (_, there) = line(&later).unwrap();
    let apart = (minutes(&there) - minutes(&time)).rem_euclid(24 * 60);
    assert!((330..=340).contains(&apart), "{time} and {there}");
    // Without a name that was looked up, the id says which it is.
    let by_id = shell(&bench, &format!("connect {WEB_1} --client builtin"), &[]);
    let (said, _) = line(&by_id).unwrap();
    assert!(
        said.contains(" · i-0f3a91c27be45d806 · us-east-1 · "),
        "{said}"
    );
}

#[test]
fn nobody_is_told_who_did_not_want_to_know() {
    let bench = Bench::new();
    for more in ["-q", "--error-format=json"] {
        let ended = connect(&bench, more);
        assert_eq!(line(&ended), None, "{}", ended.screen);
    }
    // stderr is not a terminal.
    let ran = bench.run_with_input("connect web-1", "exit\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.stderr.contains("credentials until"), "{ran:?}");
}

#[test]
fn the_escape_is_named_if_the_client_has_it() {
    for (escape, expected) in [("%", "_ · %. ends"), ("none", "_")] {
        let bench = Bench::new();
        bench.settings(&format!("{SETTINGS}\n[session]\nescape = \"{escape}\"\n"));
        let (said, _) = line(&connect(&bench, "")).unwrap();
        assert_eq!(said, format!("{BEFORE}{expected}"));
    }
    for (version, expected) in [("1.2.764.0", "_"), ("1.2.835.0", "_ · ~. ends")] {
        let it = installed(&Script {
            version: version.to_owned(),
            steps: vec![Step::Print("here\r\n".to_owned()), Step::ReadLine],
            ..Script::default()
        });
        let line_typed = "connect web-1 --client plugin";
        let mut terminal = Terminal::with(&it.bench, line_typed, 24, COLUMNS, &[]);
        terminal.shows("here");
        terminal.types("on\r");
        let ended = terminal.ends();
        let (said, _) = line(&ended).unwrap();
        assert_eq!(said, format!("{BEFORE}{expected}"), "{version}");
        assert!(has_title(&ended, "acme · web-1"), "{version}");
    }
}

#[test]
fn a_hostile_name_looks_like_no_other_part() {
    let bench = Bench::new();
    bench.sandbox.world(|world| {
        let tags = &mut world.instance_mut(WEB_1).unwrap().tags;
        tags.retain(|(key, _)| key != "Name");
        let name = "x · i-1\u{1b}]0;owned\u{7}\u{202e}";
        tags.push(("Name".to_owned(), name.to_owned()));
    });
    bench.settings(&SETTINGS.replace("\"us-east-1\"", "\"us-east-1\", \"eu-west-1\""));
    let ended = shell(&bench, &format!("connect {WEB_1} --client builtin"), &[]);
    let (said, _) = line(&ended).unwrap();
    // XML has no control characters: EC2 sends U+FFFD in their place, which the screen leaves out.
    let shown = r"x \u{b7} i-1]0;owned\u{202e} i-0f3a91c27be45d806 · us-east-1";
    assert!(said.replace('\u{fffd}', "").contains(shown), "{said}");
    assert!(
        has_title(&ended, "acme · x · i-1?]0?owned??"),
        "{}",
        text(&ended)
    );
}

#[test]
fn another_encoding_gets_ascii() {
    let bench = Bench::new();
    for locale in ["de_DE.ISO-8859-1", "ru_RU.KOI8-R"] {
        let latin = [("LANG", locale)];
        let ended = shell(&bench, "connect web-1 --client builtin", &latin);
        let (said, _) = line(&ended).unwrap();
        let expected = format!("{BEFORE}_ · ~. ends").replace('·', "|");
        assert_eq!(said, expected);
        assert!(has_title(&ended, "acme | web-1"), "{}", text(&ended));
        assert!(ended.bytes.is_ascii(), "{}", text(&ended));
    }
}

/// Whether the title was kept, set to this, and given back, with none left where none is kept.
fn has_title(ended: &Ended, title: &str) -> bool {
    let text = text(ended);
    let set = format!("\u{1b}]0;{title}\u{7}");
    if is_windows() {
        // The console itself keeps the title and tells the terminal.
        return text.contains(&set) && text.ends_with("\u{1b}]0;\u{7}");
    }
    let set = format!("\u{1b}[22;0t{set}");
    let back = "\u{1b}]0;\u{7}\u{1b}[23;0t";
    let at = |text: &str, part: &str| text.find(part);
    let (Some(set), Some(back)) = (at(&text, &set), at(&text, back)) else {
        return false;
    };
    set < back && ended.has_its_title()
}

#[test]
fn the_window_says_who_the_shell_is_with() {
    let bench = Bench::new();
    assert!(has_title(&connect(&bench, ""), "acme · web-1"));
    assert!(has_title(&connect(&bench, "-q"), "acme · web-1"));
    if is_windows() {
        // It has no TERM.
        return;
    }
    for (term, keeps) in [("dumb", false), ("linux", true)] {
        let ended = shell(&bench, "connect web-1 --client builtin", &[("TERM", term)]);
        let text = text(&ended);
        assert!(!text.contains("\u{1b}]0;"), "{term}: {text}");
        assert_eq!(text.contains("\u{1b}[22;0t"), keeps, "{term}");
    }
}

#[test]
fn a_forward_begins_with_who_it_is_with_once() {
    let bench = forward::bench();
    let port = forward::echo();
    let line_typed = format!("forward web-1 -L 0:{port} -L 0:{port}");
    let mut terminal = Terminal::with(&bench, &line_typed, 24, COLUMNS, &[]);
    terminal.shows_that("both", |screen| screen.matches(" -> web-1:").count() == 2);
    terminal.types("\x03");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let (said, _) = line(&ended).unwrap();
    assert_eq!(said, format!("{BEFORE}_"));
    assert_eq!(ended.screen.matches("credentials until").count(), 1);
    assert!(has_title(&ended, "acme · web-1"), "{}", text(&ended));
    none_open(&bench);
}

/// In the background the terminal is another program's, and so is its title.
#[test]
fn a_forward_in_the_background_leaves_the_title_alone() {
    let bench = forward::bench();
    let port = forward::echo();
    let mut terminal = Terminal::local_shell(&bench, 24, COLUMNS, &[]);
    terminal.shows("$ ");
    terminal.types(&format!("vendor-ssm forward web-1 -L 0:{port} &\r"));
    terminal.shows(" -> web-1:");
    terminal.types("kill $!; wait; exit\r");
    let ended = terminal.ends();
    assert!(
        ended.screen.contains("credentials until"),
        "{}",
        ended.screen
    );
    assert!(!text(&ended).contains("\u{1b}]0;"), "{}", text(&ended));
    none_open(&bench);
}

#[test]
fn run_and_proxy_say_it_with_v_alone() {
    let bench = forward::bench();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    let run = |line: &str| Terminal::with(&bench, line, 24, COLUMNS, &[]).ends();
    assert_eq!(line(&run("run web-1 -- true")), None);
    let ended = run("run web-1 -v -- true");
    assert!(text(&ended).contains(BEFORE), "{}", ended.screen);
    let port = forward::server(drop);
    for (verbose, says) in [("", false), (" -v", true)] {
        let ended = run(&format!("proxy web-1 {port}{verbose}"));
        assert_eq!(text(&ended).contains(BEFORE), says, "{}", ended.screen);
    }
    // It is for a terminal.
    let mut command = bench.command(["run", "web-1", "-v", "--", "true"]);
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains(" · as alice"), "{stderr}");
}

#[test]
fn waiting_says_for_what_and_how_long() {
    use vendor_ssm_sandbox::world::InstanceState;

    let bench = Bench::new();
    let state = |state| {
        bench
            .sandbox
            .world(|world| world.instance_mut(WEB_1).unwrap().state = state);
    };
    state(InstanceState::Stopped);
    let line_typed = "connect web-1 --client builtin --wait=120";
    let mut terminal = Terminal::with(&bench, line_typed, 24, COLUMNS, &[]);
    terminal.shows(
        "web-1 i-0f3a91c27be45d806 is not connected: it is stopped; waiting up to 120 s for its agent",
    );
    terminal
        .shows("waiting for the agent of web-1 i-0f3a91c27be45d806 to connect: it is stopped (");
    terminal.shows("s of 120 s)");
    state(InstanceState::Pending);
    terminal.shows("to connect: it is pending (");
    state(InstanceState::Running);
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    assert!(until(LIMIT, || bench.sandbox.open_sessions().is_empty()));
    assert_eq!(terminal.ends().code, 0);
}
