//! The stand-in for `session-manager-plugin`:
//! does what the script beside it says. It speaks to no service.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

use vendor_ssm_sandbox::plugin::{DUMP, Dump, SCRIPT, Script, Signals, Step, VERSION_DUMP};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "stand-in plugin: {error}");
            ExitCode::from(99)
        }
    }
}

fn run() -> Result<u8, Failure> {
    let executable = std::env::current_exe()?;
    let directory = executable.parent().ok_or("no directory")?;
    let script: Script = serde_json::from_slice(&std::fs::read(directory.join(SCRIPT))?)?;
    if std::env::args().nth(1).as_deref() == Some("--version") {
        dump(&directory.join(VERSION_DUMP))?;
        sleep(Duration::from_millis(script.version_delay));
        writeln!(std::io::stdout(), "{}", script.version)?;
        return Ok(0);
    }
    dump(&directory.join(DUMP))?;
    for step in &script.steps {
        perform(step)?;
    }
    Ok(script.exit)
}

fn perform(step: &Step) -> Result<(), Failure> {
    match step {
        Step::Print(text) => {
            let mut out = std::io::stdout();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
        Step::PrintError(text) => std::io::stderr().write_all(text.as_bytes())?,
        Step::Sleep(millis) => sleep(Duration::from_millis(*millis)),
        Step::ReadLine => {
            let mut out = std::io::stdout();
            match read_line()? {
                Some(line) => writeln!(out, "read: {line}")?,
                None => writeln!(out, "eof")?,
            }
            out.flush()?;
        }
        Step::RawTerminal => system::raw_terminal()?,
        Step::Cbreak => system::cbreak()?,
        Step::CatchSuspend(count) => system::catch_suspend(*count)?,
        Step::ReadKeys(count) => {
            let mut keys = vec![0; *count];
            std::io::stdin().read_exact(&mut keys)?;
            let mut out = std::io::stdout();
            write!(out, "keys:")?;
            for key in keys {
                write!(out, " {key:02x}")?;
            }
            out.write_all(b"\n")?;
            out.flush()?;
        }
        Step::Die(signal) => system::die(*signal)?,
        Step::Hang => loop {
            sleep(Duration::from_hours(1));
        },
    }
    Ok(())
}

/// A line without what ends it, read byte by byte so that nothing after it is taken.
fn read_line() -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut byte = [0];
    while std::io::stdin().read(&mut byte)? == 1 {
        if matches!(byte[0], b'\n' | b'\r') {
            return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
        }
        line.push(byte[0]);
    }
    Ok((!line.is_empty()).then(|| String::from_utf8_lossy(&line).into_owned()))
}

fn dump(file: &Path) -> Result<(), Failure> {
    let argv: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let response = argv.get(1).map(|first| {
        if first.starts_with("AWS_SSM_START_SESSION_RESPONSE") {
            std::env::var(first).unwrap_or_default()
        } else {
            first.clone()
        }
    });
    let dump = Dump {
        argv,
        environment: std::env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into_owned(),
                    value.to_string_lossy().into_owned(),
                )
            })
            .collect(),
        response,
        terminals: [
            std::io::stdin().is_terminal(),
            std::io::stdout().is_terminal(),
            std::io::stderr().is_terminal(),
        ],
        terminal: system::terminal(),
        signals: signals("/proc/self/status"),
        parent_signals: system::parent()
            .and_then(|parent| signals(&format!("/proc/{parent}/status"))),
        pid: std::process::id(),
        foreground: system::foreground(),
        directory: std::env::current_dir()?,
    };
    // Renamed into place, so that a test that waits for the file never reads half of it.
    let partial = file.with_extension("partial");
    std::fs::write(&partial, serde_json::to_vec_pretty(&dump)?)?;
    std::fs::rename(&partial, file)?;
    Ok(())
}

fn signals(status: &str) -> Option<Signals> {
    let text = std::fs::read_to_string(status).ok()?;
    let mask = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        u64::from_str_radix(line.trim_start_matches(':').trim(), 16).ok()
    };
    Some(Signals {
        ignored: mask("SigIgn")?,
        blocked: mask("SigBlk")?,
        caught: mask("SigCgt")?,
    })
}

#[cfg(unix)]
mod system {
    use rustix::process::{Signal, getpgrp, getpid, getppid, kill_process};
    use rustix::stdio::stdin;
    use rustix::termios::{
        InputModes, LocalModes, OptionalActions, tcgetattr, tcgetpgrp, tcsetattr,
    };
    use std::io::Write as _;
    use tokio::signal::unix::{SignalKind, signal};
    use vendor_ssm_sandbox::plugin::Terminal;

    pub fn terminal() -> Option<Terminal> {
        let terminal = tcgetattr(stdin()).ok()?;
        let modes = terminal.local_modes;
        Some(Terminal {
            echo: modes.contains(LocalModes::ECHO),
            lines: modes.contains(LocalModes::ICANON),
            signals: modes.contains(LocalModes::ISIG),
            flow_control: terminal.input_modes.contains(InputModes::IXON),
            extended: modes.contains(LocalModes::IEXTEN),
        })
    }

    pub fn raw_terminal() -> std::io::Result<()> {
        without(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    pub fn cbreak() -> std::io::Result<()> {
        without(LocalModes::ECHO | LocalModes::ICANON)
    }

    pub fn catch_suspend(count: usize) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let kind = SignalKind::from_raw(Signal::TSTP.as_raw());
            let mut suspend = signal(kind)?;
            let mut resume = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
            let mut out = std::io::stdout();
            out.write_all(b"catching\n")?;
            let mut left = count;
            while left > 0 {
                tokio::select! {
                    _ = suspend.recv() => {
                        left -= 1;
                        out.write_all(b"key: 1a\n")?;
                    }
                    _ = resume.recv() => out.write_all(b"continued\n")?,
                }
                out.flush()?;
            }
            Ok(())
        })
    }

    fn without(modes: LocalModes) -> std::io::Result<()> {
        let Ok(mut terminal) = tcgetattr(stdin()) else {
            return Ok(());
        };
        terminal.local_modes.remove(modes);
        Ok(tcsetattr(stdin(), OptionalActions::Now, &terminal)?)
    }

    pub fn die(signal: i32) -> Result<(), super::Failure> {
        let signal = Signal::from_named_raw(signal).ok_or("no such signal")?;
        Ok(kill_process(getpid(), signal)?)
    }

    pub fn parent() -> Option<i32> {
        Some(getppid()?.as_raw_nonzero().get())
    }

    pub fn foreground() -> Option<bool> {
        Some(tcgetpgrp(stdin()).ok()? == getpgrp())
    }
}

#[cfg(not(unix))]
mod system {
    use vendor_ssm_sandbox::plugin::Terminal;

    pub fn terminal() -> Option<Terminal> {
        None
    }

    pub fn raw_terminal() -> std::io::Result<()> {
        Ok(())
    }

    pub fn cbreak() -> std::io::Result<()> {
        Ok(())
    }

    pub fn catch_suspend(_: usize) -> std::io::Result<()> {
        Err(std::io::Error::other("no signals here"))
    }

    pub fn die(_: i32) -> Result<(), super::Failure> {
        Err("no signals here".into())
    }

    pub fn parent() -> Option<i32> {
        None
    }

    pub fn foreground() -> Option<bool> {
        None
    }
}
