//! Versions of the session-manager-plugin, read strictly.

use std::fmt;
use std::str::FromStr;

/// The first version that reads [`RESPONSE`] (session-manager-plugin release notes, 1.2.536.0).
pub(crate) const FIRST_WITH_RESPONSE: Version = Version([1, 2, 536, 0]);
/// The first version that AWS still supports and that signs for its data channel.
/// Session Manager user guide, "Plugin latest version and release history".
pub(crate) const FIRST_SUPPORTED: Version = Version([1, 2, 764, 0]);

/// The first version with `~.` and `~?` of its own.
/// Its `shellsession.go` has them in `handleEscapeSequence`.
pub(crate) const FIRST_WITH_ESCAPES: Version = Version([1, 2, 835, 0]);
/// The newest version known to be good, to advise in place of one that is not.
pub(crate) const ADVISED: Version = Version([1, 2, 896, 0]);
/// Versions that AWS withdrew.
/// Session Manager user guide, "Plugin latest version and release history".
const WITHDRAWN: [Version; 2] = [Version([1, 2, 688, 0]), Version([1, 2, 889, 0])];

/// Four numbers; a shorter version is padded with zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version([u32; 4]);

impl Version {
    /// Why `--client auto` passes it over; `None` for a version that AWS supports.
    pub(crate) fn flaw(self) -> Option<Flaw> {
        if WITHDRAWN.contains(&self) {
            Some(Flaw::Withdrawn)
        } else {
            (self < FIRST_SUPPORTED).then_some(Flaw::Unsigned)
        }
    }
}

/// What is wrong with a version that can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is older than AWS's minimum.
    Unsigned,
    /// AWS has taken it back.
    Withdrawn,
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned => write!(
                formatter,
                "it does not sign its request for the data channel, and AWS supports \
                 {FIRST_SUPPORTED} and later"
            ),
            Self::Withdrawn => formatter.write_str("AWS withdrew this version"),
        }
    }
}

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
    fn versions_before_awss_minimum_and_withdrawn_ones_have_a_flaw() {
        for (version, flaw) in [
            ("1.2.536.0", Some(Flaw::Unsigned)),
            ("1.2.688.0", Some(Flaw::Withdrawn)),
            ("1.2.763.9", Some(Flaw::Unsigned)),
            ("1.2.764", None),
            ("1.2.835.0", None),
            ("1.2.888.9", None),
            ("1.2.889", Some(Flaw::Withdrawn)),
            ("1.2.889.0", Some(Flaw::Withdrawn)),
            ("1.2.889.1", None),
            ("1.2.896.0", None),
            ("2.0", None),
        ] {
            let read: Version = version.parse().unwrap();
            assert_eq!(read.flaw(), flaw, "{version}");
        }
        assert_eq!(ADVISED.flaw(), None);
    }

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
