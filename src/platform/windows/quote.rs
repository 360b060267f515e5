//! Quotes words for the shell, so that a command in a hint can be pasted.

/// What both shells take as it is, besides letters and digits.
const PLAIN: &str = "-_./\\:+=~";
/// What is more than text inside double quotes, in one of the two shells.
/// PowerShell takes typographic quotes for plain ones (about_Quoting_Rules, Microsoft Learn).
const EXPANDED: &str = "\"$`%!\u{201c}\u{201d}\u{201e}";

/// The word as PowerShell reads it back, and Command Prompt too where it can.
/// Command Prompt replaces `%NAME%` whatever the quotes are.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || PLAIN.contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // PowerShell passes a trailing backslash on before a quote that ends the word.
    if !word.chars().any(|c| EXPANDED.contains(c)) && !word.ends_with('\\') {
        return format!("\"{word}\"");
    }
    let mut single = String::from("'");
    for c in word.chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            single.push(c);
        }
        single.push(c);
    }
    single.push('\'');
    single
}

/// A word of `credential_process` as Windows' programs read it back, and aws-cli too.
/// Only double quotes hold a word together. A backslash is more than itself only before one
/// (Microsoft Learn, "Parsing C command-line arguments"; botocore, `_windows_shell_split`).
/// Some SDKs take a blank before `#` or `;` for the begin of a comment, in quotes too. There the
/// quotes end and begin again.
pub(crate) fn quoted_in_profile(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./+@:\\".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let mut text = "\"".to_owned();
    let mut backslashes = 0;
    let mut before = None;
    for character in word.chars() {
        match character {
            '"' => {
                text.extend(std::iter::repeat_n('\\', backslashes + 1));
                text.push('"');
            }
            '#' | ';' if before == Some(' ') => {
                text.push('"');
                text.push(character);
                text.push('"');
            }
            other => text.push(other),
        }
        backslashes = if character == '\\' {
            backslashes + 1
        } else {
            0
        };
        before = Some(character);
    }
    text.extend(std::iter::repeat_n('\\', backslashes));
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::{quoted, quoted_in_profile};

    #[test]
    fn words_of_a_profile_are_in_double_quotes_and_hold_no_comment() {
        for (word, written) in [
            (r"C:\bin\vendor-ssm.exe", r"C:\bin\vendor-ssm.exe"),
            (r"C:\my tools\x.exe", r#""C:\my tools\x.exe""#),
            (r"C:\it's\", r#""C:\it's\\""#),
            (r#"a \"b"#, r#""a \\\"b""#),
            ("a #b ;c", r##""a "#"b ";"c""##),
            ("", r#""""#),
        ] {
            assert_eq!(quoted_in_profile(word), written);
        }
    }

    #[test]
    fn a_word_is_quoted_as_far_as_it_has_to_be() {
        for (word, expected) in [
            (r"C:\Users\alice\x.toml", r"C:\Users\alice\x.toml"),
            (r"C:\Program Files\x", r#""C:\Program Files\x""#),
            ("it's & that", r#""it's & that""#),
            ("a $(calc) b", "'a $(calc) b'"),
            ("it's `n", "'it''s `n'"),
            ("%PATH%", "'%PATH%'"),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
