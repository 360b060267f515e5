//! Moments in RFC 3339, as JSON, the journal and the templates hold them.

use jiff::Timestamp;

/// In UTC, to the second: `2027-01-31T18:00:00Z`.
pub(crate) fn rfc3339(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_to_the_second() {
        for (text, written) in [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2027-01-31T18:00:00.987+02:00", "2027-01-31T16:00:00Z"),
        ] {
            assert_eq!(rfc3339(text.parse().unwrap()), written);
        }
    }
}
