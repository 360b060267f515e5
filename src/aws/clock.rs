//! The clock for signatures: this machine's, corrected after AWS refuses a signature for its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;

use super::failure::{Failure, FailureKind};
use crate::os::Os;

/// From this difference on, EC2's `RequestExpired` means the clock, not an expired token.
/// EC2 tolerates five minutes; the rest is time for the answer to arrive.
const SURELY_OFF: Duration = Duration::from_mins(4);

/// This machine's clock, corrected. Clones share the correction.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
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

    /// The time by AWS's clock, as far as vendor-ssm knows it.
    pub(crate) fn now(&self) -> SystemTime {
        let seconds = self.seconds_ahead.load(Ordering::Relaxed);
        let by = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            self.os.now() - by
        } else {
            self.os.now() + by
        }
    }

    /// Adopts AWS's time after a call that failed because of the clock.
    /// Returns a warning if the same call should succeed now.
    pub(crate) fn correct(&self, failure: &Failure) -> Option<String> {
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
        // A difference of a second or two does not break signatures.
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
            // The next second may have started in between.
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
