//! What the title of the terminal's window may say.

use crate::os::Os;
use crate::platform::stream::Stream;
pub(crate) use crate::platform::title::Title;

/// The most characters of a title.
const LONGEST: usize = 100;

/// Keeps the title of the terminal's window and sets another.
pub(crate) fn set(os: &Os, terminal: Stream, text: &str) -> Title {
    Title::set(os, terminal, &plain(text))
}

/// Letters, digits and the signs that a tag may have; anything else is a question mark.
fn plain(text: &str) -> String {
    let is_plain =
        |letter: char| letter.is_alphanumeric() || " +-=._:/@,()[]\u{b7}|".contains(letter);
    text.chars()
        .take(LONGEST)
        .map(|letter| if is_plain(letter) { letter } else { '?' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_no_controls_and_an_end() {
        assert_eq!(plain("acme \u{b7} w\u{e9}b-1"), "acme \u{b7} w\u{e9}b-1");
        assert_eq!(plain("a\x07\x1b]52;c;x\u{9c}\u{202e}\n"), "a??]52?c?x???");
        assert_eq!(plain(&"x".repeat(1000)).len(), LONGEST);
    }
}
