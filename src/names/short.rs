//! Text from elsewhere, cut to a length that can be shown. Pure.
//! Everything that the far side or AWS says goes through here before it is shown, written to the
//! history, or put into JSON.

use std::borrow::Cow;

/// The text, or its beginning and how long it was. `most` is in characters.
pub(crate) fn short(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let Some((end, _)) = text.char_indices().nth(most) else {
        return Cow::Borrowed(text);
    };
    let length = text.chars().count();
    Cow::Owned(format!("{}… ({length} characters)", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_text_is_cut_between_characters_and_says_so() {
        assert_eq!(short("abc", 3), "abc");
        assert_eq!(short("äöü", 3), "äöü");
        assert_eq!(short("äöüß", 3), "äöü… (4 characters)");
        assert_eq!(short(&"x".repeat(1_000_000), 2), "xx… (1000000 characters)");
        assert_eq!(short("", 0), "");
    }
}
