//! ResumeSession: another token and stream URL for a session whose connection was lost.
//! It changes nothing but that, so it may be sent any number of times.

use std::time::Duration;

use aws_sdk_ssm::config::retry::RetryConfig;

use crate::aws::{Failure, FailureKind, Service};
use crate::channel::Token;
use crate::identity::AssumedRole;

use crate::session::live::Session;
use crate::session::service::live_role::may_pass;

/// The longest pause between two tries:
/// the network is back at most this long before vendor-ssm notices.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// The first pause, doubled with each.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The answer that opens the data channel of a session again.
pub(crate) struct Resumed {
    /// What opens its data channel, once.
    pub token: Token,
    /// Where that is now, if the answer says: StartSession's URL may no longer be valid.
    pub stream_url: Option<String>,
}

/// Why it was not resumed.
pub(crate) enum NotResumed {
    /// It may pass.
    Yet(String),
    /// It will not pass: the session is gone, or it no longer belongs to this role.
    Ever(String),
}

/// Pauses that grow, each put off by a little chance so that many clients do not come at once.
#[derive(Debug, Default)]
pub(crate) struct Pauses(u32);

impl Pauses {
    /// How long to wait before the next try; the first comes at once.
    pub(crate) fn next(&mut self) -> Duration {
        let Some(doublings) = self.0.checked_sub(1) else {
            self.0 = 1;
            return Duration::ZERO;
        };
        self.0 = self.0.saturating_add(1);
        let pause = FIRST_PAUSE
            .saturating_mul(2_u32.saturating_pow(doublings))
            .min(LONGEST_PAUSE);
        let chance = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
        pause * (192 + chance / 4) / 256
    }
}

/// Asks to resume the session once, and once more if what prevented it could be mended.
pub(crate) async fn resume(session: Session<'_, '_>) -> Result<Resumed, NotResumed> {
    let role = session.started.role.fresh(session.context).await;
    let failure = match send(session, role).await {
        Ok(resumed) => return resumed,
        Err(failure) => failure,
    };
    let again = if failure.refuses_credentials() || failure.kind == FailureKind::Denied {
        let role = session
            .started
            .role
            .instead(session.context)
            .await
            .map_err(|error| {
                let reason =
                    format!("{failure}, and vendor-ssm could not assume the role again: {error}");
                if may_pass(&error) {
                    NotResumed::Yet(reason)
                } else {
                    NotResumed::Ever(reason)
                }
            })?;
        send(session, role).await
    } else if session.context.aws.clock().correct(&failure).is_some() {
        send(session, session.started.role.current()).await
    } else {
        Err(failure)
    };
    again.unwrap_or_else(|failure| {
        Err(
            if failure.retryable() || failure.kind == FailureKind::Unreadable {
                NotResumed::Yet(failure.to_string())
            } else {
                NotResumed::Ever(failure.to_string())
            },
        )
    })
}

/// One ResumeSession. The inner error is AWS's word that there is no session to resume.
async fn send(
    session: Session<'_, '_>,
    role: AssumedRole,
) -> Result<Result<Resumed, NotResumed>, Failure> {
    let region = session.region();
    let config = session
        .context
        .aws
        .config(Service::Ssm, region, role.credentials)
        .into_builder()
        // Tries are spread over a longer time than a call has.
        .retry_config(RetryConfig::disabled())
        .build();
    let answer = aws_sdk_ssm::Client::new(&config)
        .resume_session()
        .session_id(session.id())
        .send()
        .await
        .map_err(|error| Failure::new(Service::Ssm, "ResumeSession", region, &error))?;
    let token = answer.token_value.filter(|token| !token.is_empty());
    let Some(token) = token else {
        return Ok(Err(NotResumed::Ever(
            "ResumeSession: the session is over".to_owned(),
        )));
    };
    Ok(Ok(Resumed {
        token: Token::new(token),
        stream_url: answer.stream_url.filter(|url| !url.is_empty()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_longest() {
        let mut pauses = Pauses::default();
        assert_eq!(pauses.next(), Duration::ZERO);
        let first = pauses.next();
        assert!(first >= FIRST_PAUSE * 3 / 4 && first <= FIRST_PAUSE);
        let last = (0..40).map(|_| pauses.next()).last().unwrap();
        assert!(last >= LONGEST_PAUSE * 3 / 4 && last <= LONGEST_PAUSE);
    }
}
