//! Whether text can be a part of credentials.
//! AWS's libraries put a key's id and its token into a header. They stop the program if that fails
//! (RFC 9110, section 5.5, says what a header can hold), so such text is refused first.

/// What is in the text that no part of credentials can hold.
pub(super) fn sound(text: &str) -> Result<(), &'static str> {
    let holds = |character: char| match character {
        '\n' | '\r' => Some("a line break"),
        it if it.is_control() => Some("a control character"),
        it if it.is_whitespace() => Some("a space"),
        it if !it.is_ascii() => Some("a character that is not ASCII"),
        _ => None,
    };
    // A line break is the likeliest, and says most.
    let found: Vec<_> = text.chars().filter_map(holds).collect();
    match found
        .iter()
        .find(|it| **it == "a line break")
        .or(found.first())
    {
        Some(holds) => Err(holds),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_a_header_is_named() {
        for (text, holds) in [
            ("AKIAIOSFODNN7EXAMPLE", Ok(())),
            ("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY==", Ok(())),
            ("AKIA\r", Err("a line break")),
            ("AK IA\n", Err("a line break")),
            ("AKIA\u{1b}", Err("a control character")),
            ("AKIA ", Err("a space")),
            ("AKIÄ", Err("a character that is not ASCII")),
        ] {
            assert_eq!(sound(text), holds, "{text:?}");
        }
    }
}
