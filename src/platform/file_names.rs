//! Names that Windows cannot give to a file.
//! Microsoft Learn, "Naming Files, Paths, and Namespaces".

/// Names that mean a device, in any case and with any ending.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
/// Names that mean a device if a digit follows. The superscript digits count too.
const PORTS: [&str; 2] = ["COM", "LPT"];
const DIGITS: &str = "0123456789\u{b9}\u{b2}\u{b3}";
/// Characters that separate folders, streams or devices, or stand for other names.
const FORBIDDEN: &str = "<>:\"/\\|?*";

/// Whether every program can open a file of this name.
pub(super) fn is_usable(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is_device = DEVICES.iter().any(|it| it.eq_ignore_ascii_case(stem));
    let is_port = PORTS.iter().any(|port| {
        let begin = stem.get(..port.len());
        let mut rest = stem.get(port.len()..).unwrap_or_default().chars();
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(port))
            && rest.next().is_some_and(|digit| DIGITS.contains(digit))
            && rest.next().is_none()
    });
    // Windows drops dots and spaces at the end, so the name would be another file's.
    !name.is_empty()
        && !name.ends_with(['.', ' '])
        && !name.contains(|c: char| c.is_control() || FORBIDDEN.contains(c))
        && !is_device
        && !is_port
}

#[cfg(test)]
mod tests {
    use super::is_usable;

    #[test]
    fn names_of_devices_and_dropped_characters_are_not_usable() {
        for name in [
            "acme", "a.b", ".hidden", "console", "COM", "COM10", "nul-1", "xcon", "LPT.x",
            "i-0123", "aux_1", "ä",
        ] {
            assert!(is_usable(name), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "acme.",
            "acme ",
            "con",
            "CON",
            "Nul.txt",
            "aux.a.b",
            "prn ",
            "com1",
            "Com0.log",
            "lpt9",
            "COM\u{b9}",
            "conin$",
            "a:b",
            "a/b",
            "a\\b",
            "a*",
            "a?",
            "a|b",
            "<a",
            "a>",
            "a\"",
            "a\u{1}",
            "CON .txt",
        ] {
            assert!(!is_usable(name), "{name}");
        }
    }
}
