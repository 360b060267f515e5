//! What a command on a Windows instance leads to:
//! a script that a stand-in for PowerShell plays. It knows `echo` and `Write-Output`,
//! `[Console]::Error.WriteLine`, `cmd /c exit N`, `exit N` and `exit $LASTEXITCODE`.
//!
//! The agent splits the document's command as on Linux and gives the words to `powershell` (its
//! `shell_windows.go`).

use std::sync::Arc;
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::agent::{Command, Failure, Input, Plugin, Taken};
use super::message::PayloadType;
use super::session::Session;
use super::words;

/// A script that is played to its end, whether or not a client still reads.
pub struct Playing;

impl Plugin for Playing {
    fn take(&mut self, _input: Input) -> Taken {
        Taken::Yes
    }
}

/// What a script has said and how it ended.
#[derive(Debug, Default, PartialEq, Eq)]
struct Played {
    outputs: Vec<(PayloadType, String)>,
    code: i32,
}

/// Plays the command; it ends the session when it ends.
pub fn start(command: &Command, session: &Arc<Session>) -> Result<Playing, Failure> {
    let words = words::split(&command.line).map_err(Failure::unparsable)?;
    let played = play(&script(&words));
    let (session, separate) = (Arc::clone(session), command.separate);
    thread::spawn(move || {
        for (payload_type, text) in played.outputs {
            let payload_type = if separate {
                payload_type
            } else {
                PayloadType::Output
            };
            session.output_of(payload_type, text.as_bytes());
        }
        if separate {
            let code = format!("EXIT_CODE: {}", played.code);
            session.output_of(PayloadType::ExitCode, code.as_bytes());
        }
        session.close("");
    });
    Ok(Playing)
}

/// The script among PowerShell's arguments: what `-EncodedCommand` holds, or all words as they are.
fn script(words: &[String]) -> String {
    let mut rest = words
        .iter()
        .skip_while(|word| !word.eq_ignore_ascii_case("-EncodedCommand"));
    let decoded = rest.nth(1).and_then(|encoded| {
        let bytes = STANDARD.decode(encoded).ok()?;
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units).ok()
    });
    decoded.unwrap_or_else(|| words.join(" "))
}

fn play(script: &str) -> Played {
    let mut played = Played::default();
    let mut last_exit_code = 0;
    for statement in script.split(['\n', ';']).map(str::trim) {
        let (name, rest) = statement.split_once(' ').unwrap_or((statement, ""));
        let written = statement
            .strip_prefix("[Console]::Error.WriteLine(")
            .and_then(|rest| rest.strip_suffix(')'));
        let text = match (name.to_ascii_lowercase().as_str(), written) {
            ("", _) => continue,
            ("exit", _) => {
                played.code = rest.parse().unwrap_or(last_exit_code);
                return played;
            }
            ("cmd", _) => {
                let code = rest.rsplit(' ').next().and_then(|code| code.parse().ok());
                last_exit_code = code.unwrap_or(0);
                continue;
            }
            ("echo" | "write-output", _) => (PayloadType::Output, unquoted(rest).to_owned()),
            (_, Some(text)) => (PayloadType::StdErr, unquoted(text).to_owned()),
            _ => (
                PayloadType::StdErr,
                format!("{name} : The term '{name}' is not recognized as the name of a cmdlet."),
            ),
        };
        played.outputs.push((text.0, text.1 + "\r\n"));
    }
    played
}

fn unquoted(text: &str) -> &str {
    let inside = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    inside.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_played() {
        let encoded: Vec<u8> = "echo 'ż a'\ncmd /c exit 7\nexit $LASTEXITCODE"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let words = ["-NoProfile", "-EncodedCommand", &STANDARD.encode(encoded)].map(str::to_owned);
        let played = play(&script(&words));
        assert_eq!(
            played.outputs,
            [(PayloadType::Output, "ż a\r\n".to_owned())]
        );
        assert_eq!(played.code, 7);
        let words = [
            "echo",
            "out;",
            "[Console]::Error.WriteLine('err');",
            "exit",
            "3",
        ];
        let played = play(&script(&words.map(str::to_owned)));
        let outputs = [
            (PayloadType::Output, "out\r\n".to_owned()),
            (PayloadType::StdErr, "err\r\n".to_owned()),
        ];
        assert_eq!(
            played,
            Played {
                outputs: outputs.to_vec(),
                code: 3
            }
        );
    }
}
