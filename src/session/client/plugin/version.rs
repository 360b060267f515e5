//! Versions of the session-manager-plugin, read strictly.

use std::fmt;
use std::str::FromStr;

/// The first version that reads [`RESPONSE`] (session-manager-plugin release notes, 1.2.536.0).
pub(crate) const FIRST_WITH_RESPONSE: Version = Version([1, 2, 536, 0]);
/// The first version that AWS still supports and that signs for its data channel.
/// Session Manager user guide, "Plugin latest version and release history".
pub(crate) const FIRST_SUPPORTED: Version = Version([1, 2, 764, 0]);

/// Four numbers; a shorter version is padded with zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version([u32; 4]);

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = [0; 4];
        let parts: Vec<&str> = text.split('.').collect();
        if parts.len() > numbers.len() {
            return Err(());
        }
        for (number, part) in numbers.iter_mut().zip(&parts) {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            *number = digits.then(|| part.parse().ok()).flatten().ok_or(())?;
        }
        Ok(Self(numbers))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch, build] = self.0;
        write!(formatter, "{major}.{minor}.{patch}.{build}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_numbers_and_dots() {
        let parse = |text: &str| text.parse::<Version>().ok();
        assert_eq!(parse("1.2.536.0"), Some(FIRST_WITH_RESPONSE));
        assert_eq!(parse("1.3"), Some(Version([1, 3, 0, 0])));
        assert!(parse("1.2.0.0") < Some(FIRST_WITH_RESPONSE));
        for wrong in [
            "",
            "1.2.707.0-nix",
            "1.2.3.4.5",
            "v1.2.3.4",
            "1..2",
            "1.2.+3.4",
            "99999999999",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
