//! What fits at the cursor, for the completion scripts of the shells.
//! It reads the settings file and the journal. It asks neither a keyring nor AWS, runs no program
//! and writes nothing. If something fails, it offers fewer words and prints no error.
//!
//! A script sets [`VARIABLE`] to its shell's name and runs `vendor-ssm -- WORD...`.
//! The last word is the one at the cursor. The answer has a line for each word that fits, with a
//! tab and a description if there is one. The single line [`FILES`] asks the shell for a path.

mod line;
mod offer;

use std::ffi::OsString;

use clap::CommandFactory as _;

use crate::args::{Args, Global};
use crate::exit::Exit;
use crate::os::Os;
use crate::ui::Ui;

use line::Line;
use offer::FILES;

/// The variable that holds the shell's name.
const VARIABLE: &str = "VENDOR_SSM_COMPLETE";

/// Answers a completion script; `None` if this is an ordinary command line.
pub(crate) fn answer(arguments: &[OsString], os: &Os) -> Option<Exit> {
    let shell = os.var(VARIABLE)?;
    let [_, marker, words @ ..] = arguments else {
        return None;
    };
    // A command line never begins so. A variable that was exported by mistake changes nothing else.
    if marker != "--" {
        return None;
    }
    let words = as_typed(shell, words);
    let mut root = Args::command();
    root.build();
    let line = Line::read(&root, &words);
    let mut text = String::new();
    for offer in offer::offers(&root, &line, os) {
        // bash replaces only what comes after the equals sign.
        if shell != "bash" && offer.word != FILES {
            text.push_str(&line.lead);
        }
        text.push_str(&offer.word);
        if let Some(about) = offer.about.filter(|_| shell != "bash" && shell != "elvish") {
            text.push('\t');
            text.push_str(&about);
        }
        text.push('\n');
    }
    if !text.is_empty() {
        // A shell that no longer reads needs no answer.
        let _ = Ui::new(&Global::default(), os).data(&text);
    }
    Some(Exit::Ok)
}

/// The words as vendor-ssm would be given them.
fn as_typed(shell: &str, words: &[OsString]) -> Vec<String> {
    let words = words.iter().map(|word| word.to_string_lossy().into_owned());
    match shell {
        // Each word begins with "=": the script says why.
        "powershell" => words
            .map(|word| word.strip_prefix('=').map(str::to_owned).unwrap_or(word))
            .collect(),
        "bash" => joined(words),
        _ => words.collect(),
    }
}

/// The words of bash, which splits at equals signs and colons and keeps quotes.
/// Bash reference manual, `COMP_WORDBREAKS` and `COMP_WORDS`.
fn joined(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let mut joins = false;
    for word in words {
        let is_break = !word.is_empty() && word.bytes().all(|byte| b"=:".contains(&byte));
        match whole.last_mut() {
            Some(last) if joins || is_break => last.push_str(&word),
            _ => whole.push(word),
        }
        joins = is_break;
    }
    let unquoted = whole.into_iter().map(|word| {
        let one = shlex::split(&word).filter(|words| words.len() == 1);
        one.and_then(|mut words| words.pop()).unwrap_or(word)
    });
    unquoted.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn bashs_words_are_joined_and_unquoted() {
        for (split, whole) in [
            (
                &["run", "--customer", "=", "ac"][..],
                &["run", "--customer=ac"][..],
            ),
            (&["run", "--customer", "="], &["run", "--customer="]),
            (
                &["forward", "-L", "8080", ":", "80", ""],
                &["forward", "-L", "8080:80", ""],
            ),
            (&["-c", "'acme'", "web"], &["-c", "acme", "web"]),
            (&["-c", "'ac", ""], &["-c", "'ac", ""]),
            (&["="], &["="]),
        ] {
            let words = split.iter().map(|word| (*word).to_owned());
            assert_eq!(joined(words), strings(whole), "{split:?}");
        }
    }

    #[test]
    fn powershells_words_lose_their_mark() {
        let words = ["=connect", "=", "=="].map(OsString::from);
        assert_eq!(
            as_typed("powershell", &words),
            strings(&["connect", "", "="])
        );
    }

    #[test]
    fn an_exported_variable_changes_no_command_line() {
        let os = Os::with_environment([(VARIABLE, "bash")]);
        for words in [&["vendor-ssm"][..], &["vendor-ssm", "list"]] {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            assert_eq!(answer(&words, &os), None);
        }
        let words = ["vendor-ssm", "--", "li"].map(OsString::from);
        assert_eq!(answer(&words, &Os::default()), None);
    }
}
