//! DescribeSessions, if the customer grants it.
//! It shows the sessions of all callers, so customers may refuse to grant it. A list that is not
//! whole is a failure, never a short list.

use std::time::SystemTime;

use aws_sdk_ssm::types::{SessionFilter, SessionFilterKey, SessionState};

use crate::aws::{Aws, Failure, Service};
use crate::identity::AssumedRole;
use crate::names::Region;

/// The most that a page holds (API reference).
const PAGE: i32 = 200;
/// A list that goes on for longer is not AWS's.
const MOST_PAGES: usize = 100;
const OPERATION: &str = "DescribeSessions";

/// A session that AWS shows as active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Active {
    pub session_id: String,
    /// The instance's id.
    pub target: String,
    /// The ARN that started it.
    pub owner: Option<String>,
    /// The Reason it was started with.
    pub reason: Option<String>,
    /// When it was started.
    pub started: Option<SystemTime>,
}

/// The active sessions of a region, of all callers; only those on `target` if that is given.
pub(crate) async fn active(
    aws: &Aws,
    region: &Region,
    role: &AssumedRole,
    target: Option<&str>,
) -> Result<Vec<Active>, Failure> {
    let client =
        aws_sdk_ssm::Client::new(&aws.config(Service::Ssm, region, role.credentials.clone()));
    let unusable = |what: &str| Failure::unreadable(Service::Ssm, OPERATION, region, what);
    let filter = target
        .map(|target| {
            SessionFilter::builder()
                .key(SessionFilterKey::TargetId)
                .value(target)
                .build()
        })
        .transpose()
        .map_err(|_| unusable("the filter cannot be made"))?;
    let mut found = Vec::new();
    let mut next = None;
    for _ in 0..MOST_PAGES {
        let page = client
            .describe_sessions()
            .state(SessionState::Active)
            .max_results(PAGE)
            .set_filters(filter.clone().map(|filter| vec![filter]))
            .set_next_token(next.clone())
            .send()
            .await
            .map_err(|error| Failure::new(Service::Ssm, OPERATION, region, &error))?;
        found.extend(
            page.sessions
                .unwrap_or_default()
                .into_iter()
                .filter_map(read),
        );
        match page.next_token.filter(|token| !token.is_empty()) {
            None => return Ok(found),
            token if token == next => break,
            token => next = token,
        }
    }
    Err(unusable("its pages have no end"))
}

fn read(session: aws_sdk_ssm::types::Session) -> Option<Active> {
    Some(Active {
        session_id: session.session_id?,
        target: session.target.unwrap_or_default(),
        owner: session.owner,
        reason: session.reason,
        started: session
            .start_date
            .and_then(|time| SystemTime::try_from(time).ok()),
    })
}
