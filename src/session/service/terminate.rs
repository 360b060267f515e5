//! TerminateSession.
//! It is idempotent. vendor-ssm sends it again after a failure, and once more after it renewed the
//! credentials or corrected the clock.

use std::time::{Duration, Instant};

use aws_sdk_ssm::config::retry::RetryConfig;
use aws_sdk_ssm::config::timeout::TimeoutConfig;

use crate::aws::{Failure, FailureKind, Service};
use crate::identity::AssumedRole;
use crate::names::Region;

use crate::session::context::Context;
use crate::session::service::live_role::LiveRole;

/// How often TerminateSession is sent in the time that it has.
const TRIES: u32 = 3;

/// What TerminateSession made known about a session.
#[derive(Debug)]
pub(crate) enum Terminated {
    /// It has ended: success, or AWS says that there is none, or none in a state to end.
    Ended,
    /// AccessDenied: gone, or a policy without the action.
    Denied(Failure),
    /// Anything else, after the SDK's retries.
    Failed(Failure),
}

/// TerminateSession, sent once more if credentials had expired or the clock was off.
/// `limit` bounds the whole.
pub(crate) async fn terminate_surely(
    context: Context<'_, '_>,
    region: &Region,
    held: &LiveRole,
    session_id: &str,
    limit: Duration,
) -> Terminated {
    let until = Instant::now() + limit;
    let end = |role: AssumedRole| async move {
        let left = until.saturating_duration_since(Instant::now());
        terminate(context, region, &role, session_id, left).await
    };
    match end(held.current()).await {
        Terminated::Failed(failure) if failure.refuses_credentials() => {
            match tokio::time::timeout_at(until.into(), held.instead(context)).await {
                Ok(Ok(role)) => end(role).await,
                _ => Terminated::Failed(failure),
            }
        }
        Terminated::Failed(failure) if context.aws.clock().correct(&failure).is_some() => {
            end(held.current()).await
        }
        other => other,
    }
}

/// Ends a session. `limit` bounds the whole call.
async fn terminate(
    context: Context<'_, '_>,
    region: &Region,
    role: &AssumedRole,
    session_id: &str,
    limit: Duration,
) -> Terminated {
    let config = context
        .aws
        .config(Service::Ssm, region, role.credentials.clone())
        .into_builder()
        .retry_config(RetryConfig::standard().with_max_attempts(TRIES))
        .timeout_config(
            TimeoutConfig::builder()
                .operation_attempt_timeout(limit / TRIES)
                .operation_timeout(limit)
                .build(),
        )
        .build();
    let answer = aws_sdk_ssm::Client::new(&config)
        .terminate_session()
        .session_id(session_id)
        .send()
        .await;
    let Err(error) = answer else {
        return Terminated::Ended;
    };
    let failure = Failure::new(Service::Ssm, "TerminateSession", region, &error);
    match failure.code.as_deref() {
        Some("DoesNotExistException") => Terminated::Ended,
        Some("ValidationException") if is_of_state(&failure) => Terminated::Ended,
        _ if failure.kind == FailureKind::Denied => Terminated::Denied(failure),
        _ => Terminated::Failed(failure),
    }
}

/// Whether a ValidationException is about the session's state:
/// what AWS services say of a malformed request has words of its own.
fn is_of_state(failure: &Failure) -> bool {
    let message = failure.message.as_deref().unwrap_or_default();
    !message.contains("failed to satisfy constraint")
}
