//! From a lost connection to the next one: ResumeSession, then a stream URL that can be used.
//!
//! ResumeSession may name another URL than StartSession did. AWS's plugin keeps StartSession's
//! before version 1.2.835.0, and uses ResumeSession's from there on. Here ResumeSession's comes
//! first, and StartSession's if that one cannot be used. `dial` decides on both alike.

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::channel::{Connection, DialError, OpenError, Token};

use crate::session::live::Session;
use crate::session::service::resume::{NotResumed, Pauses, resume};

use super::dial;

/// How long vendor-ssm tries to resume a lost connection while this machine is awake.
/// Longer than a train's tunnel or a broken router, shorter than the service's own idle limit, 20
/// minutes by default.
const PATIENCE: Duration = Duration::from_mins(15);
/// A connection that lasted no longer than this does not count: tries go on where they were.
const HARDLY: Duration = Duration::from_secs(30);

/// What became of the tries: a connection, or why there is none.
pub(super) type Reconnected = (Tries, Result<Connection, String>);

/// Tries to resume, over one or more connections that did not last.
pub(super) struct Tries {
    until: Instant,
    pauses: Pauses,
    /// Whose URL is tried first.
    first: Source,
}

/// Whose answer a stream URL is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    ResumeSession,
    StartSession,
}

impl Source {
    fn other(self) -> Self {
        match self {
            Self::ResumeSession => Self::StartSession,
            Self::StartSession => Self::ResumeSession,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::ResumeSession => "ResumeSession",
            Self::StartSession => "StartSession",
        }
    }
}

impl Tries {
    /// The tries for a connection that is lost now.
    /// The former ones go on if it hardly lasted, with the other URL first: a service may take the
    /// token and then close. `None` if their time is up.
    pub(super) fn after(resumed: Option<(Instant, Self)>, now: Instant) -> Option<Self> {
        match resumed {
            Some((at, tries)) if now < at + HARDLY => (now < tries.until).then(|| Self {
                first: tries.first.other(),
                ..tries
            }),
            _ => Some(Self {
                until: now + PATIENCE,
                pauses: Pauses::default(),
                first: Source::ResumeSession,
            }),
        }
    }
}

/// Tries until there is a connection, or no hope of one.
pub(super) async fn reconnect(
    session: Session<'_, '_>,
    client_id: Uuid,
    mut tries: Tries,
) -> Reconnected {
    loop {
        tokio::time::sleep(tries.pauses.next()).await;
        match attempt(session, client_id, &mut tries.first).await {
            Ok(connection) => return (tries, Ok(connection)),
            Err(NotResumed::Yet(reason)) if Instant::now() < tries.until => {
                tracing::info!("not resumed yet: {reason}");
            }
            Err(NotResumed::Yet(reason) | NotResumed::Ever(reason)) => return (tries, Err(reason)),
        }
    }
}

/// Asks for a token once, and uses it on one URL or, if that fails, on the other.
/// `first` is set to the one that was used.
async fn attempt(
    session: Session<'_, '_>,
    client_id: Uuid,
    first: &mut Source,
) -> Result<Connection, NotResumed> {
    let resumed = resume(session).await?;
    let started = session.started.stream_url.as_str();
    let connect = async |url: &str, token: &Token| -> Result<Connection, OpenError> {
        dial::connect(session, url, token, client_id).await
    };
    let Some(own) = resumed.stream_url.as_deref().filter(|url| *url != started) else {
        let connected = connect(started, &resumed.token).await;
        return connected.map_err(|error| not_resumed(session, &[(None, error)]));
    };
    let url = |source| match source {
        Source::ResumeSession => own,
        Source::StartSession => started,
    };
    let (one, two) = (*first, first.other());
    let error = match connect(url(one), &resumed.token).await {
        Ok(connection) => return Ok(connection),
        Err(error @ OpenError::Dial(DialError::ProxyAuthorization { .. })) => {
            return Err(not_resumed(session, &[(None, error)]));
        }
        Err(error) => error,
    };
    let (one_name, two_name) = (one.name(), two.name());
    let reason = crate::aws::chain(&error);
    tracing::info!(
        "{one_name}'s stream URL cannot be used ({reason}); trying {two_name}'s with the new token"
    );
    match connect(url(two), &resumed.token).await {
        Ok(connection) => {
            *first = two;
            Ok(connection)
        }
        Err(other) => Err(not_resumed(
            session,
            &[(Some(one), error), (Some(two), other)],
        )),
    }
}

/// Why no URL could be used.
fn not_resumed(session: Session<'_, '_>, errors: &[(Option<Source>, OpenError)]) -> NotResumed {
    let authorities = session.context.aws.authorities();
    let reasons: Vec<String> = errors
        .iter()
        .map(|(source, error)| {
            let reason = authorities.explained(crate::aws::chain(error));
            match source {
                Some(source) => format!("{}'s stream URL: {reason}", source.name()),
                None => reason,
            }
        })
        .collect();
    let reason = reasons.join("; ");
    if errors.iter().any(|(_, error)| may_pass(error)) {
        NotResumed::Yet(reason)
    } else {
        NotResumed::Ever(reason)
    }
}

/// Whether opening may succeed a little later.
fn may_pass(error: &OpenError) -> bool {
    match error {
        // The proxy would refuse the password again, and may lock the user out.
        OpenError::Dial(DialError::ProxyAuthorization { .. })
        | OpenError::StreamUrl(_)
        | OpenError::Sign(_) => false,
        OpenError::Dial(_) | OpenError::Upgrade(_) | OpenError::Timeout => true,
        OpenError::Refused { status, .. } => *status >= 500 || matches!(status, 408 | 429),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_that_hardly_last_are_not_resumed_for_ever() {
        let begun = Instant::now();
        let mut tries = Tries::after(None, begun);
        let mut now = begun;
        let mut first = Source::ResumeSession;
        while let Some(held) = tries {
            assert_eq!(held.first, first);
            first = first.other();
            let resumed = now;
            now += HARDLY / 2;
            tries = Tries::after(Some((resumed, held)), now);
            assert!(now < begun + PATIENCE * 2);
        }
        assert!(now >= begun + PATIENCE);
        // A connection that lasted begins again.
        let tries = Tries::after(None, begun).unwrap();
        let lasted = Tries::after(Some((now, tries)), now + HARDLY).unwrap();
        assert_eq!(lasted.until, now + HARDLY + PATIENCE);
        assert_eq!(lasted.first, Source::ResumeSession);
    }
}
