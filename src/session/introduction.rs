//! Who a session is with: one line before it begins, and the title of the terminal's window. Pure.

use std::fmt::Write as _;

use crate::identity::AssumedRole;
use crate::names::moment::local_time;
use crate::names::short::short;
use crate::os::Os;
use crate::settings::Customer;

use super::context::{Introduction, Target};

/// The most characters of a name. AWS's own limit for tags is 256.
const LONGEST_NAME: usize = 256;

/// Who the session is with, in a line.
/// `acme (222222222222) · web-1 i-… · us-east-1 · as alice · credentials until 14:05 · ~. ends`
/// The receiver escapes control characters.
pub(crate) fn line(
    introduction: Introduction,
    os: &Os,
    customer: &Customer,
    target: &Target,
    role: &AssumedRole,
) -> String {
    let mut instance = shown(os, &target.instance_id);
    if let Some(name) = &target.name {
        instance = format!("{} {instance}", shown(os, &short(name, LONGEST_NAME)));
    }
    let parts = [
        format!("{} ({})", shown(os, &customer.name), role.account),
        instance,
        target.region.to_string(),
        format!("as {}", role.session_name),
        format!("credentials until {}", local_time(role.expires)),
    ];
    let dot = separator(os);
    let mut line = parts.join(&format!(" {dot} "));
    if let Some(escape) = introduction.escape {
        let _ = write!(line, " {dot} {escape}. ends");
    }
    line
}

/// The title of the window: `acme · web-1`.
pub(crate) fn title(os: &Os, customer: &Customer, target: &Target) -> String {
    let instance = target.name.as_deref().unwrap_or(&target.instance_id);
    let text = format!("{} {} {instance}", customer.name, separator(os));
    if os.shows_utf8() {
        return text;
    }
    text.replace(|letter: char| !letter.is_ascii(), "?")
}

fn separator(os: &Os) -> char {
    if os.shows_utf8() { '·' } else { '|' }
}

/// Text from elsewhere that looks like no other part of the line.
fn shown(os: &Os, text: &str) -> String {
    let is_foreign =
        |letter: char| letter == separator(os) || !letter.is_ascii() && !os.shows_utf8();
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_foreign(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::os::Os;

    #[test]
    fn a_name_cannot_look_like_another_part() {
        let utf8 = Os::with_environment([("LANG", "C.UTF-8")]);
        let latin = Os::with_environment([("LANG", "de_DE.ISO-8859-1")]);
        let name = "wéb · i-1 | x";
        assert_eq!(shown(&utf8, name), "wéb \\u{b7} i-1 | x");
        assert_eq!(shown(&latin, name), "w\\u{e9}b \\u{b7} i-1 \\u{7c} x");
    }
}
