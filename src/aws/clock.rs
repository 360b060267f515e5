//! The clock that signatures are made by: this machine's, corrected once AWS says that it is off.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;

use super::failure::{Failure, FailureKind};
use crate::os::Os;

/// EC2 says `RequestExpired` for a token that ended as for a clock that is off; from here on it is the
/// clock. Its own tolerance is five minutes, and the answer took a moment to come.
const SURELY_OFF: Duration = Duration::from_mins(4);

/// Our clock, corrected. Clones share the correction.
#[derive(Debug, Clone)]
pub struct Clock {
    os: Os,
    seconds_ahead: Arc<AtomicI64>,
}

impl Clock {
    pub(super) fn new(os: &Os) -> Self {
        Self {
            os: os.clone(),
            seconds_ahead: Arc::default(),
        }
    }

    /// The time by AWS's clock, as far as it is known.
    pub fn now(&self) -> SystemTime {
        let seconds = self.seconds_ahead.load(Ordering::Relaxed);
        let by = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            self.os.now() - by
        } else {
            self.os.now() + by
        }
    }

    /// Takes AWS's time over from a call that failed for the clock's sake; the warning to show is `Some`
    /// when the same call can be expected to succeed now.
    pub fn correct(&self, failure: &Failure) -> Option<String> {
        let server = failure.server_time?;
        let off = match server.duration_since(self.now()) {
            Ok(ahead) => ahead,
            Err(behind) => behind.duration(),
        };
        let is_clock = match failure.kind {
            FailureKind::Clock => true,
            FailureKind::Expired => {
                failure.code.as_deref() == Some("RequestExpired") && off > SURELY_OFF
            }
            _ => false,
        };
        // Within a second or two of AWS's time a correction would change nothing.
        if !is_clock || off < Duration::from_secs(2) {
            return None;
        }
        let ours = self.os.now();
        let (seconds, direction) = match server.duration_since(ours) {
            Ok(ahead) => (ahead.as_secs().cast_signed(), "behind"),
            Err(behind) => (-behind.duration().as_secs().cast_signed(), "ahead of"),
        };
        self.seconds_ahead.store(seconds, Ordering::Relaxed);
        Some(format!(
            "this machine's clock is {} s {direction} AWS's; vendor-ssm corrected it for this command; set the clock",
            seconds.unsigned_abs()
        ))
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        self.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Service;

    fn failure(kind: FailureKind, code: &str, seconds: i64) -> Failure {
        let by = Duration::from_secs(seconds.unsigned_abs());
        let now = Os::default().now();
        Failure {
            kind,
            code: Some(code.to_owned()),
            server_time: Some(if seconds < 0 { now - by } else { now + by }),
            ..Failure::unreadable(
                Service::Ec2,
                "DescribeInstances",
                &"us-east-1".parse().unwrap(),
                "",
            )
        }
    }

    #[test]
    fn a_clock_that_is_off_is_corrected_both_ways_and_once() {
        for (seconds, said) in [(600, "600 s behind"), (-86_400, "86400 s ahead of")] {
            let clock = Clock::new(&Os::default());
            let failure = failure(FailureKind::Clock, "InvalidSignatureException", seconds);
            let warning = clock.correct(&failure).unwrap();
            // A second may have begun in between.
            let said_later = said.replace("600", "599").replace("86400", "86401");
            assert!(
                warning.contains(said) || warning.contains(&said_later),
                "{warning}"
            );
            assert_eq!(clock.correct(&failure), None);
        }
    }

    #[test]
    fn a_token_that_ended_is_no_clock_that_is_off() {
        let clock = Clock::new(&Os::default());
        for (kind, code, seconds) in [
            (FailureKind::Expired, "RequestExpired", 30),
            (FailureKind::Expired, "ExpiredTokenException", 600),
            (FailureKind::Denied, "AccessDenied", 600),
        ] {
            assert_eq!(clock.correct(&failure(kind, code, seconds)), None, "{code}");
        }
        assert!(
            clock
                .correct(&failure(FailureKind::Expired, "RequestExpired", 600))
                .is_some()
        );
    }
}
