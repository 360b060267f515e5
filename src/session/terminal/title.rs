//! The title of the terminal's window: kept, set, and given back.

use std::os::fd::BorrowedFd;

use crate::os::Os;

use super::write::write;

/// Has the terminal keep its window's title, and take it back.
/// Xterm control sequences, XTWINOPS 22 and 23.
const KEEP: &[u8] = b"\x1b[22;0t";
const BACK: &[u8] = b"\x1b[23;0t";
/// Sets no title. A terminal that keeps none must not go on to name a session that has ended.
const EMPTY: &[u8] = b"\x1b]0;\x07";
/// The most characters of a title.
const LONGEST: usize = 100;
/// How the names of terminals begin that show the text of a title as output.
const WITHOUT: [&str; 6] = ["linux", "vt", "ansi", "cons", "eterm", "emacs"];

/// A window's title as it was; given back when this is dropped.
pub(crate) struct Title {
    terminal: BorrowedFd<'static>,
    is_kept: bool,
    is_set: bool,
}

impl Title {
    /// Keeps the title and sets another, if `TERM` has titles.
    pub(crate) fn set(os: &Os, terminal: BorrowedFd<'static>, text: &str) -> Self {
        let term = os.var("TERM").unwrap_or("dumb");
        let is_kept = term != "dumb" && write(terminal, KEEP);
        let has_titles = !WITHOUT.iter().any(|without| term.starts_with(without));
        Self {
            terminal,
            is_kept,
            is_set: is_kept && has_titles && write(terminal, &command(text)),
        }
    }

    /// Whether there is one to give back.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }
}

impl Drop for Title {
    fn drop(&mut self) {
        if self.is_set {
            write(self.terminal, EMPTY);
        }
        if self.is_kept {
            write(self.terminal, BACK);
        }
    }
}

/// The command that sets a title: letters, digits and the signs that a tag may have.
fn command(text: &str) -> Vec<u8> {
    let is_plain =
        |letter: char| letter.is_alphanumeric() || " +-=._:/@,()[]\u{b7}|".contains(letter);
    let plain = text
        .chars()
        .take(LONGEST)
        .map(|letter| if is_plain(letter) { letter } else { '?' });
    format!("\x1b]0;{}\x07", plain.collect::<String>()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_no_controls_and_an_end() {
        let set = |text: &str| String::from_utf8(command(text)).unwrap();
        assert_eq!(
            set("acme \u{b7} w\u{e9}b-1"),
            "\x1b]0;acme \u{b7} w\u{e9}b-1\x07"
        );
        assert_eq!(
            set("a\x07\x1b]52;c;x\u{9c}\u{202e}\n"),
            "\x1b]0;a??]52?c?x???\x07"
        );
        assert_eq!(set(&"x".repeat(1000)).len(), LONGEST + 5);
    }
}
