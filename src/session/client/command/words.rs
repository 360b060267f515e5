//! A command's words as the one string that a session document takes. Pure.
//!
//! Linux and macOS: the agent splits that string with google/shlex and starts the program without a
//! shell (amazon-ssm-agent, `agent/session/shell/shell_unix.go`). POSIX quoting is what that
//! splitter undoes. In single quotes everything is literal. In double quotes a backslash takes the
//! meaning of the next character. `#` begins a comment only if a word begins there, unquoted.
//!
//! Windows: the agent puts `powershell` before the string, splits it in the same way and starts
//! that (`shell_windows.go`), so what is sent are PowerShell's arguments.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::session::error::fault::Unsendable;
use crate::session::lookup::lookup;

/// The longest value of a parameter, in characters (StartSession, API reference).
const LONGEST_PARAMETER: usize = 65_535;
/// The longest command line that Windows starts, its final NUL included (CreateProcessW).
/// The `powershell ` that the agent puts in front is subtracted.
const LONGEST_ON_WINDOWS: usize = 32_767 - 1 - "powershell ".len();

/// The argument vector, quoted so that the agent finds the same words again;
/// a POSIX shell does too.
pub(crate) fn quoted(words: &[String]) -> Result<String, Unsendable> {
    let line = shlex::try_join(words.iter().map(String::as_str)).map_err(|_| Unsendable::Nul)?;
    fits(line, LONGEST_PARAMETER)
}

/// The same as a parameter's value.
/// The agent looks for the names of parameters in the whole value before it splits it, so two words
/// can make one. In what [`powershell`] makes there is no brace.
pub(crate) fn parameter(words: &[String]) -> Result<String, Unsendable> {
    let line = quoted(words)?;
    match lookup(&line) {
        Some(found) => Err(Unsendable::Lookup(found.to_owned())),
        None => Ok(line),
    }
}

/// The words as one PowerShell script, whose exit status is that of the last program it ran.
/// Errors come as text: for an encoded command PowerShell would send XML, meant for another
/// PowerShell.
pub(crate) fn powershell(words: &[String]) -> Result<String, Unsendable> {
    let script = format!("{}\nexit $LASTEXITCODE", words.join(" "));
    let utf16: Vec<u8> = script.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let line = format!(
        "-NoProfile -NonInteractive -OutputFormat Text -EncodedCommand {}",
        BASE64_STANDARD.encode(utf16)
    );
    fits(line, LONGEST_ON_WINDOWS)
}

fn fits(line: String, limit: usize) -> Result<String, Unsendable> {
    let length = line.chars().count();
    if length > limit {
        return Err(Unsendable::TooLong { length, limit });
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_ON_WINDOWS, LONGEST_PARAMETER, Unsendable, parameter, powershell, quoted};
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    /// google/shlex's state machine, written down from its source.
    fn split(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut characters = line.chars();
        while let Some(character) = characters.next() {
            match character {
                ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
                '#' if word.is_none() => {
                    characters.by_ref().find(|character| *character == '\n');
                }
                '\'' => {
                    let word = word.get_or_insert_default();
                    loop {
                        match characters.next().unwrap() {
                            '\'' => break,
                            other => word.push(other),
                        }
                    }
                }
                '"' => {
                    let word = word.get_or_insert_default();
                    loop {
                        match characters.next().unwrap() {
                            '"' => break,
                            '\\' => word.push(characters.next().unwrap()),
                            other => word.push(other),
                        }
                    }
                }
                '\\' => word
                    .get_or_insert_default()
                    .push(characters.next().unwrap()),
                other => word.get_or_insert_default().push(other),
            }
        }
        words.extend(word);
        words
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn every_word_comes_out_as_it_went_in() {
        let torture = words(&[
            "printf",
            "",
            " ",
            "a b",
            "tab\there",
            "line\nfeed",
            "\r\n",
            "'",
            "\"",
            "'\"'\"'",
            "\\",
            "\\\\\"\\'",
            "trailing\\",
            "#no comment",
            "a#b",
            "$HOME `id` $(id)",
            "!history ^caret^",
            "*?[]{}~=%,;&|<>()",
            "--flag=va lue",
            "żółć 🚀 \u{202e}",
            "\u{fffd}",
            "\u{1}\u{1b}\u{7f}",
            "{{ command }}",
        ]);
        assert_eq!(split(&quoted(&torture).unwrap()), torture);
    }

    #[test]
    fn every_character_alone_and_twice_comes_out() {
        for character in (1..=0x2ff).filter_map(char::from_u32) {
            for text in [
                format!("{character}"),
                format!("x{character}{character}\\y'"),
            ] {
                let words = vec![text];
                assert_eq!(split(&quoted(&words).unwrap()), words);
            }
        }
    }

    #[test]
    fn what_cannot_be_sent_is_said() {
        assert_eq!(quoted(&words(&["a\0b"])), Err(Unsendable::Nul));
        let long = "x".repeat(LONGEST_PARAMETER);
        assert_eq!(quoted(&words(&[&long])).unwrap().len(), LONGEST_PARAMETER);
        assert_eq!(
            quoted(&words(&[&long, "y"])),
            Err(Unsendable::TooLong {
                length: LONGEST_PARAMETER + 2,
                limit: LONGEST_PARAMETER
            })
        );
        assert!(matches!(
            powershell(&words(&[&"x".repeat(13_000)])),
            Err(Unsendable::TooLong {
                limit: LONGEST_ON_WINDOWS,
                ..
            })
        ));
    }

    #[test]
    fn what_the_agent_would_replace_is_not_sent() {
        for (given, found) in [
            (&["echo", "{{ssm:NAME}}"][..], "{{ssm:NAME}}"),
            (
                &["sh", "-c", "echo \"{{ ssm:/a/b }}\" it's"],
                "{{ ssm:/a/b }}",
            ),
            (&["echo", "a=b", "x{{ssm-secure:k}}y"], "{{ssm-secure:k}}"),
        ] {
            let found = Unsendable::Lookup(found.to_owned());
            assert_eq!(parameter(&words(given)), Err(found), "{given:?}");
            assert!(quoted(&words(given)).is_ok());
        }
        // Quotes keep these apart.
        for given in [
            &["{{", "ssm:NAME}}"][..],
            &["{{ssm:it's}}"],
            &["{{ command }}"],
        ] {
            assert!(parameter(&words(given)).is_ok(), "{given:?}");
        }
    }

    #[test]
    fn windows_gets_one_script_in_utf_16() {
        let line = powershell(&words(&["Get-Item", "'C:\\ż 🚀'", "| Write-Output"])).unwrap();
        let encoded = line
            .strip_prefix("-NoProfile -NonInteractive -OutputFormat Text -EncodedCommand ")
            .unwrap();
        let bytes = BASE64_STANDARD.decode(encoded).unwrap();
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        assert_eq!(
            String::from_utf16(&units).unwrap(),
            "Get-Item 'C:\\ż 🚀' | Write-Output\nexit $LASTEXITCODE"
        );
        // Nothing in it means anything to the agent's splitter.
        assert_eq!(split(&line).len(), 6);
    }
}
