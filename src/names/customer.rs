//! A customer's name in the settings.

use super::{Malformed, malformed};

/// Checks a customer's name.
/// It can stand in a TOML key without quotes, in a shell command and as a file's name. It does not
/// begin like an option or a hidden file.
pub(crate) fn customer_name(text: &str) -> Result<String, Malformed> {
    let is_name = text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if is_name {
        Ok(text.to_owned())
    } else {
        malformed("expected a customer name: a letter or digit, then a-z A-Z 0-9 . _ -")
    }
}
