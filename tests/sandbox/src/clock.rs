//! The sandbox's own clock, which a test can move, and the ways AWS writes a time.
//! It is never the machine's clock that is changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::tz::TimeZone;

/// What the sandbox takes for now: the machine's time and an offset. Clones share the offset.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// The time that signatures, expiry and the `Date` header go by.
    pub fn now(&self) -> SystemTime {
        shift(SystemTime::now(), self.offset.load(Ordering::Relaxed))
    }

    /// Moves the clock by this many seconds from where it stands.
    pub fn advance(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Sets the clock this many seconds off the machine's.
    pub fn skew(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::Relaxed);
    }
}

/// A time moved by this many seconds, either way.
pub(crate) fn shift(time: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { time - by } else { time + by }
}

/// `20261122T011500Z`, as `SigV4` writes a time.
pub(crate) fn basic(time: SystemTime) -> String {
    timestamp(time).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The time in a `SigV4` date, or nothing when it is none.
pub(crate) fn parse_basic(text: &str) -> Option<SystemTime> {
    let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
    Some(SystemTime::from(zoned.timestamp()))
}

/// `2026-11-22T01:15:00Z`, as IAM and the query services write a time.
pub(crate) fn extended(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The time in an RFC 3339 text, or nothing when it is none.
pub(crate) fn parse_extended(text: &str) -> Option<SystemTime> {
    text.parse::<Timestamp>().ok().map(SystemTime::from)
}

/// Seconds since the epoch with three decimals, as the JSON services write a time.
pub(crate) fn epoch(time: SystemTime) -> f64 {
    let millis = time.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of this century fit the mantissa"
    )]
    let millis = millis as f64;
    millis / 1000.0
}

/// `Sun, 22 Nov 2026 01:15:00 GMT`, the form of the HTTP `Date` header (RFC 9110).
pub(crate) fn http_date(time: SystemTime) -> String {
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&timestamp(time))
        .unwrap_or_default()
}

fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_there_and_back() {
        let time = parse_basic("20261122T011500Z").unwrap();
        assert_eq!(basic(time), "20261122T011500Z");
        assert_eq!(extended(time), "2026-11-22T01:15:00Z");
        assert_eq!(parse_extended("2026-11-22T01:15:00Z"), Some(time));
        assert_eq!(http_date(time), "Sun, 22 Nov 2026 01:15:00 GMT");
        assert!(parse_basic("2026-11-22").is_none());
    }

    #[test]
    fn the_clock_moves_for_every_clone() {
        let clock = Clock::default();
        let other = clock.clone();
        clock.advance(3600);
        assert!(other.now() > SystemTime::now() + Duration::from_secs(3590));
    }
}
