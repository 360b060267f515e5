//! ResumeSession: another token and stream URL for a session whose connection was lost. It changes
//! nothing but that, so it may be sent as often as one likes.

use std::time::Duration;

use aws_sdk_ssm::config::retry::RetryConfig;

use crate::aws::{Failure, FailureKind, Service};
use crate::channel::Token;
use crate::identity::AssumedRole;

use super::keys::may_pass;
use super::start::Started;
use super::{Request, Stage};

/// The longest pause between two tries: a minute without a network costs no more than that above it.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// The first pause, doubled with each.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The way back into a session.
pub(super) struct Way {
    /// What opens its data channel, once.
    pub token: Token,
    /// Where that is now: the one of StartSession may not hold any more.
    pub stream_url: String,
}

/// Why there is no way back, or not now.
pub(super) enum NoWay {
    /// It may pass.
    Yet(String),
    /// The session is gone, or not ours any more.
    Ever(String),
}

/// Pauses that grow, each put off by a little chance so that many clients do not come at once.
#[derive(Debug, Default)]
pub(super) struct Pauses(u32);

impl Pauses {
    /// How long to wait before the next try; the first comes at once.
    pub(super) fn next(&mut self) -> Duration {
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

/// Asks for the way back once, and once more where what stood in its way could be mended.
pub(super) async fn resume(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
) -> Result<Way, NoWay> {
    let role = started.keys.fresh(stage).await;
    let failure = match send(stage, request, started, role).await {
        Ok(way) => return way,
        Err(failure) => failure,
    };
    let again = if failure.refuses_credentials() || failure.kind == FailureKind::Denied {
        let role = started.keys.instead(stage).await.map_err(|error| {
            let reason = format!("{failure}, and the role was not assumed anew: {error}");
            if may_pass(&error) {
                NoWay::Yet(reason)
            } else {
                NoWay::Ever(reason)
            }
        })?;
        send(stage, request, started, role).await
    } else if stage.aws.clock().correct(&failure).is_some() {
        send(stage, request, started, started.keys.role()).await
    } else {
        Err(failure)
    };
    again.unwrap_or_else(|failure| {
        Err(
            if failure.retryable() || failure.kind == FailureKind::Unreadable {
                NoWay::Yet(failure.to_string())
            } else {
                NoWay::Ever(failure.to_string())
            },
        )
    })
}

/// One ResumeSession. The inner error is AWS's word that there is no session to resume.
async fn send(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    role: AssumedRole,
) -> Result<Result<Way, NoWay>, Failure> {
    let region = &request.target.region;
    let config = stage
        .aws
        .config(Service::Ssm, region, role.credentials)
        .into_builder()
        // Tries are spread over a longer time than a call has.
        .retry_config(RetryConfig::disabled())
        .build();
    let answer = aws_sdk_ssm::Client::new(&config)
        .resume_session()
        .session_id(&started.session_id)
        .send()
        .await
        .map_err(|error| Failure::new(Service::Ssm, "ResumeSession", region, &error))?;
    let token = answer.token_value.filter(|token| !token.is_empty());
    let Some(token) = token else {
        return Ok(Err(NoWay::Ever(
            "ResumeSession: the session is over".to_owned(),
        )));
    };
    let stream_url = answer.stream_url.filter(|url| !url.is_empty());
    Ok(Ok(Way {
        token: Token::new(token),
        stream_url: stream_url.unwrap_or_else(|| started.stream_url.clone()),
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
