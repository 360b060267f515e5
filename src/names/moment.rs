//! Moments in RFC 3339, as JSON, the journal and the templates hold them, and the end of a grant.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Malformed, malformed};

/// How long before its end a grant is warned of.
const NOTICE: Duration = Duration::from_hours(14 * 24);
const SECONDS_OF_A_DAY: u64 = 24 * 3600;

/// In UTC, to the second: `2027-01-31T18:00:00Z`.
pub(crate) fn rfc3339(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// When a customer's grant ends: with a day, in UTC, or at a moment.
/// It is shown as it was written, a moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantEnd {
    /// The grant's last day, if a day was written.
    day: Option<Date>,
    /// From then on AWS refuses: `DateLessThan` with `aws:CurrentTime` in the kit's policies.
    moment: Timestamp,
}

impl GrantEnd {
    /// The moment from which AWS refuses, in RFC 3339: for a day, the first of the next one.
    pub(crate) fn rfc3339(self) -> String {
        rfc3339(self.moment)
    }

    /// Whether the grant has ended by then.
    pub(crate) fn has_come(self, now: SystemTime) -> bool {
        SystemTime::from(self.moment) <= now
    }

    /// What to say of an end that has come, or comes within 14 days; `None` if it is later.
    pub(crate) fn notice(self, now: SystemTime) -> Option<String> {
        let Ok(left) = SystemTime::from(self.moment).duration_since(now) else {
            return Some(format!("grant ended on {self}"));
        };
        if left.is_zero() {
            return Some(format!("grant ended on {self}"));
        }
        (left <= NOTICE).then(|| match left.as_secs() / SECONDS_OF_A_DAY {
            0 => format!("grant ends on {self}, in less than a day"),
            1 => format!("grant ends on {self}, in 1 day"),
            days => format!("grant ends on {self}, in {days} days"),
        })
    }
}

impl fmt::Display for GrantEnd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            Some(day) => day.fmt(formatter),
            None => formatter.write_str(&self.rfc3339()),
        }
    }
}

impl FromStr for GrantEnd {
    type Err = Malformed;

    /// A full date of RFC 3339 is a day; every other form needs its offset from UTC.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let has_year = text.starts_with(|first: char| first.is_ascii_digit());
        let moment = if is_day(text) {
            last_of(text)
        } else {
            let moment = text.parse().ok().filter(|_| has_year);
            moment.map(|moment| Self { day: None, moment })
        };
        moment.map_or_else(
            || {
                malformed(
                    "expected a day, such as 2027-01-31, or a moment with its offset, such as 2027-01-31T18:00:00Z",
                )
            },
            Ok,
        )
    }
}

/// Whether the text has the form `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// The end of the day, which is the beginning of the next one.
fn last_of(text: &str) -> Option<GrantEnd> {
    let day: Date = text.parse().ok()?;
    let next = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(GrantEnd {
        day: Some(day),
        moment: next.timestamp(),
    })
}

/// In this machine's own time zone, for a person: `14:05`.
/// If the machine has none, in UTC: `14:05 UTC`.
pub(crate) fn local_time(moment: SystemTime) -> String {
    let moment = Timestamp::try_from(moment).unwrap_or_default();
    match TimeZone::try_system() {
        Ok(zone) => moment.to_zoned(zone).strftime("%H:%M").to_string(),
        Err(_) => moment.strftime("%H:%M UTC").to_string(),
    }
}

/// To the minute in UTC, for a person: `2027-01-31 18:00 UTC`.
pub(crate) fn minute(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
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

    #[test]
    fn the_end_of_a_grant_is_a_day_or_a_moment() {
        for (text, shown, moment) in [
            ("2027-01-31", "2027-01-31", "2027-02-01T00:00:00Z"),
            ("2028-02-29", "2028-02-29", "2028-03-01T00:00:00Z"),
            (
                "2027-01-31T18:00:00Z",
                "2027-01-31T18:00:00Z",
                "2027-01-31T18:00:00Z",
            ),
            (
                "2027-01-31T18:00:00+02:00",
                "2027-01-31T16:00:00Z",
                "2027-01-31T16:00:00Z",
            ),
            (
                "2027-01-31 18:00:00-05:30",
                "2027-01-31T23:30:00Z",
                "2027-01-31T23:30:00Z",
            ),
            (
                "2027-01-31t18:00:00z",
                "2027-01-31T18:00:00Z",
                "2027-01-31T18:00:00Z",
            ),
        ] {
            let end: GrantEnd = text.parse().unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(
                (end.to_string(), end.rfc3339()),
                (shown.into(), moment.into())
            );
        }
        for text in [
            "",
            "soon",
            "2027-1-31",
            "2027-02-29",
            "2027-01-31T18:00:00",
            "2027-01-31 18:00:00",
            "18:00:00",
            "20270131",
            "9999-12-31",
            "-000001-01-01T00:00:00Z",
            "2027-01-31T25:00:00Z",
        ] {
            assert!(text.parse::<GrantEnd>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_end_is_warned_of_for_fourteen_days_and_ever_after() {
        let end: GrantEnd = "2027-01-31".parse().unwrap();
        for (now, notice) in [
            ("2027-01-17T23:59:59Z", None),
            (
                "2027-01-18T00:00:00Z",
                Some("grant ends on 2027-01-31, in 14 days"),
            ),
            (
                "2027-01-30T00:00:00Z",
                Some("grant ends on 2027-01-31, in 2 days"),
            ),
            (
                "2027-01-30T12:00:00Z",
                Some("grant ends on 2027-01-31, in 1 day"),
            ),
            (
                "2027-01-31T23:59:59Z",
                Some("grant ends on 2027-01-31, in less than a day"),
            ),
            ("2027-02-01T00:00:00Z", Some("grant ended on 2027-01-31")),
            ("2030-01-01T00:00:00Z", Some("grant ended on 2027-01-31")),
        ] {
            let moment: Timestamp = now.parse().unwrap();
            let found = end.notice(moment.into());
            assert_eq!(found.as_deref(), notice, "{now}");
            let is_over = notice.is_some_and(|notice| notice.contains("ended"));
            assert_eq!(end.has_come(moment.into()), is_over, "{now}");
        }
    }
}
