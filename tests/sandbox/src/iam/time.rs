//! Points in time as policies write them: ISO 8601 (the W3C profile) or seconds since 1970.

/// Seconds since 1970; `None` for a text that is not a date.
pub fn seconds(text: &str) -> Option<f64> {
    if let Ok(epoch) = text.parse::<f64>() {
        // Four digits alone are a year in the W3C profile, not the first hours of 1970.
        if text.len() != 4 {
            return epoch.is_finite().then_some(epoch);
        }
    }
    let (date, time) = text
        .split_once('T')
        .map_or((text, None), |(d, t)| (d, Some(t)));
    let mut fields = date.split('-');
    let year: i64 = digits(fields.next()?, 4)?;
    let month = fields.next().map_or(Some(1), |month| digits(month, 2))?;
    let day = fields.next().map_or(Some(1), |day| digits(day, 2))?;
    let in_range = (1..=12).contains(&month) && (1..=31).contains(&day);
    if fields.next().is_some() || !in_range {
        return None;
    }
    let midnight = days(year, month, day) * 86_400;
    let of_day = time.map_or(Some(0.0), of_day)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "years of four digits stay far below 2^52 seconds"
    )]
    Some(midnight as f64 + of_day)
}

/// The time in the form that `aws:CurrentTime` has: `2026-01-31T23:59:59Z`.
pub fn iso(epoch_seconds: u64) -> String {
    let (mut left, mut year) = (epoch_seconds / 86_400, 1970);
    let long = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    while left >= 365 + u64::from(long(year)) {
        left -= 365 + u64::from(long(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + u64::from(long(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 0;
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    let of_day = epoch_seconds % 86_400;
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!(
        "{year:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z",
        month + 1,
        left + 1
    )
}

/// Seconds of `hh:mm[:ss[.s]]` followed by `Z`, `±hh:mm` or nothing, counted from midnight UTC.
fn of_day(text: &str) -> Option<f64> {
    let zone_at = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone_at);
    let mut fields = clock.split(':');
    let hour: i64 = digits(fields.next()?, 2)?;
    let minute: i64 = digits(fields.next()?, 2)?;
    let second: f64 = fields
        .next()
        .map_or(Some(0.0), |second| second.parse().ok())?;
    let offset = match zone {
        "" | "Z" => 0,
        _ => {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let seconds = digits(hours, 2)? * 3600 + digits(minutes, 2)? * 60;
            if zone.starts_with('-') {
                -seconds
            } else {
                seconds
            }
        }
    };
    let in_range = hour < 24 && minute < 60 && (0.0..=60.0).contains(&second);
    #[expect(clippy::cast_precision_loss, reason = "less than two days of seconds")]
    (in_range && fields.next().is_none())
        .then(|| (hour * 3600 + minute * 60 - offset) as f64 + second)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March end with the leap day.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (text, want) in [
            ("1970-01-01T00:00:00Z", Some(0.0)),
            ("1970", Some(0.0)),
            ("2000-02-29", Some(951_782_400.0)),
            ("2024-03-01T00:00:00Z", Some(1_709_251_200.0)),
            ("2024-03-01T01:00:00+01:00", Some(1_709_251_200.0)),
            ("2024-02-29T19:00-05:00", Some(1_709_251_200.0)),
            ("2024-03-01T00:00:00.5Z", Some(1_709_251_200.5)),
            ("1709251200", Some(1_709_251_200.0)),
            ("2024-13-01", None),
            ("yesterday", None),
            ("2024-03-01T25:00Z", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), want, "{text}");
        }
        for epoch in [0, 951_782_399, 951_782_400, 1_709_251_199, 4_102_444_800] {
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let float = epoch as f64;
            assert_eq!(seconds(&iso(epoch)), Some(float), "{}", iso(epoch));
        }
    }
}
