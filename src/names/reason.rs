//! What a session's reason may hold.

/// The first character that a reason must not have.
/// That is a control character, or one that breaks or reorders the line.
///
/// StartSession takes `.{1,256}`, and `.` stands for no line break (API reference, `Reason`). The
/// customer reads the reason in CloudTrail, where control characters would steer a terminal.
pub(crate) fn control_in(reason: &str) -> Option<char> {
    let is_refused = |character: &char| {
        character.is_control()
            || matches!(character,
                '\u{2028}'..='\u{202e}' // separators, directional embedding and override
                | '\u{2066}'..='\u{2069}' // directional isolates
            )
    };
    reason.chars().find(is_refused)
}

#[cfg(test)]
mod tests {
    use super::control_in;

    #[test]
    fn controls_are_refused_wherever_they_are() {
        for control in [
            '\0', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{2028}', '\u{2029}',
            '\u{202e}', '\u{2066}',
        ] {
            for text in [
                format!("{control}ticket"),
                format!("ticket{control}7"),
                format!("ticket{control}"),
            ] {
                assert_eq!(control_in(&text), Some(control), "{text:?}");
            }
        }
        // What people type: joined emoji and Persian among it.
        for text in [
            "",
            "ticket 4711",
            "Störung in Köln – „web“",
            "👩\u{200d}💻",
            "می\u{200c}خواهم",
        ] {
            assert_eq!(control_in(text), None, "{text:?}");
        }
    }
}
