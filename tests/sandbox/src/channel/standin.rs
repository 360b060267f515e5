//! What a session on a Windows instance leads to:
//! a prompt that looks like `PowerShell`'s and knows `echo` and `exit`. Enter is CR; LF is nothing,
//! and no byte raises a signal, as there is no pty.

use std::sync::mpsc::Receiver;

use super::agent::Input;
use super::message::MAX_PAYLOAD;
use super::session::Session;

const PROMPT: &str = "PS C:\\Windows\\system32> ";
const BANNER: &str = "Windows PowerShell\r\n\r\n";

/// Runs until `exit` or until the keyboard is gone.
pub fn run(session: &std::sync::Arc<Session>, pressed: &Receiver<Input>) {
    session.output(format!("{BANNER}{PROMPT}").as_bytes());
    let mut line = String::new();
    for input in pressed {
        let Input::Bytes(bytes) = input else { continue };
        for character in String::from_utf8_lossy(&bytes).chars() {
            let mut screen = String::new();
            match character {
                '\r' if line.trim().eq_ignore_ascii_case("exit") => {
                    session.output(b"\r\n");
                    session.close("");
                    return;
                }
                '\r' => screen = format!("\r\n{}{PROMPT}", answer(line.trim())),
                '\x03' => screen = format!("^C\r\n{PROMPT}"),
                '\x08' | '\x7f' if line.pop().is_some() => screen.push_str("\x08 \x08"),
                control if control.is_control() => {}
                typed => {
                    line.push(typed);
                    screen.push(typed);
                }
            }
            if matches!(character, '\r' | '\x03') {
                line.clear();
            }
            for chunk in screen.as_bytes().chunks(MAX_PAYLOAD) {
                if !session.output(chunk) {
                    return;
                }
            }
        }
    }
}

fn answer(line: &str) -> String {
    match line.split_once(' ').unwrap_or((line, "")) {
        ("", _) => String::new(),
        (name, rest) if name.eq_ignore_ascii_case("echo") => format!("{}\r\n", rest.trim()),
        (name, _) => {
            format!("{name} : The term '{name}' is not recognized as the name of a cmdlet.\r\n")
        }
    }
}
