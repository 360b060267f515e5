//! What is kept of a session: ids and names.
//! Refused is anything that could open or resume one: no token, key or ExternalId ever enters a
//! record.

use std::time::SystemTime;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::names::moment::rfc3339;

/// How many characters of a Reason the nonce takes, with a space before it.
pub(crate) const NONCE_ROOM: usize = 30;

/// What is known of a session's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// It is open, and a process is attached to it.
    Open,
    /// It has ended, for sure.
    Ended,
    /// Its client returned, and AWS did not confirm the end.
    Unconfirmed,
    /// It was lost, and has ended.
    Lost,
    /// No process is attached to it, and its end is not known.
    MayStillBeOpen,
}

impl State {
    /// The word in JSON and tables.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ended => "ended",
            Self::Unconfirmed => "unconfirmed",
            Self::Lost => "lost",
            Self::MayStillBeOpen => "may-still-be-open",
        }
    }
}

/// What a session is for, and which client has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionKind {
    /// A shell in the builtin client.
    Shell,
    /// A shell in AWS's plugin.
    PluginShell,
    /// A command.
    Run,
    /// Forwarded ports.
    Forward,
    /// A byte stream.
    Proxy,
}

impl SessionKind {
    /// The word in JSON and tables.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Shell | Self::PluginShell => "shell",
            Self::Run => "run",
            Self::Forward => "forward",
            Self::Proxy => "proxy",
        }
    }

    /// The client's name.
    pub(crate) const fn client(self) -> &'static str {
        match self {
            Self::PluginShell => "plugin",
            Self::Shell | Self::Run | Self::Forward | Self::Proxy => "builtin",
        }
    }
}

/// What is known of a session before it is started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening<'a> {
    /// What the session is for.
    pub kind: SessionKind,
    /// The customer's name in the settings.
    pub customer: &'a str,
    /// The customer's account.
    pub account_id: &'a str,
    pub region: &'a str,
    pub instance_id: &'a str,
    /// Its Name tag, if it was listed on the way.
    pub name: Option<&'a str>,
    /// The session name of the roles.
    pub role_session_name: &'a str,
    /// The assumed role's ARN.
    pub owner: &'a str,
    /// The person's own reason.
    pub reason: Option<&'a str>,
}

/// A session as the journal keeps it. What is absent of a session that AWS alone knows is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Random;
    /// also in the session's Reason, by which it is found when StartSession's answer is lost.
    pub nonce: String,
    /// The session's id, once AWS has said it.
    pub session_id: Option<String>,
    /// What it is for: shell, run, forward or proxy.
    pub kind: Option<String>,
    /// Its client: plugin or builtin.
    pub client: Option<String>,
    /// The customer, as the settings name it.
    pub customer: String,
    /// The customer's account.
    pub account_id: Option<String>,
    pub region: String,
    pub instance_id: String,
    /// Its Name tag, if it was listed on the way.
    pub name: Option<String>,
    /// The session name of the roles.
    pub role_session_name: String,
    /// The assumed role's ARN: the same role and session name have to end the session.
    pub owner: String,
    /// The person's own reason.
    pub reason: Option<String>,
    /// When it was started, RFC 3339 in UTC.
    pub started: String,
    /// When its end became known.
    pub ended: Option<String>,
    /// What is known of its end.
    pub state: State,
    /// How it ended, in a clause.
    pub end: Option<String>,
}

impl Record {
    /// The record of a session that is about to be started.
    pub(crate) fn new(opening: Opening<'_>, now: SystemTime) -> Self {
        Self {
            nonce: nonce(),
            session_id: None,
            kind: Some(opening.kind.name().to_owned()),
            client: Some(opening.kind.client().to_owned()),
            customer: opening.customer.to_owned(),
            account_id: Some(opening.account_id.to_owned()),
            region: opening.region.to_owned(),
            instance_id: opening.instance_id.to_owned(),
            name: opening.name.map(str::to_owned),
            role_session_name: opening.role_session_name.to_owned(),
            owner: opening.owner.to_owned(),
            reason: opening.reason.map(str::to_owned),
            started: stamp(now),
            ended: None,
            state: State::Open,
            end: None,
        }
    }

    /// The Reason for StartSession: the person's own, and the nonce.
    pub(crate) fn sent_reason(&self) -> String {
        let mark = mark(&self.nonce);
        match &self.reason {
            Some(reason) => format!("{reason} {mark}"),
            None => mark,
        }
    }

    /// Whether a Reason carries this record's nonce.
    pub(crate) fn is_meant_by(&self, reason: &str) -> bool {
        !self.nonce.is_empty() && reason.ends_with(&mark(&self.nonce))
    }

    /// What it is called where it is named in a sentence.
    pub(crate) fn label(&self) -> String {
        match &self.session_id {
            Some(id) => id.clone(),
            None => format!("one on {} whose id is not known", self.instance_id),
        }
    }

    /// How long it lasted, in seconds, as far as both ends are known.
    pub(crate) fn seconds(&self) -> Option<i64> {
        let time = |text: &str| text.parse::<Timestamp>().ok().map(Timestamp::as_second);
        Some((time(self.ended.as_deref()?)? - time(&self.started)?).max(0))
    }

    /// How long ago it was started, in seconds.
    pub(crate) fn age(&self, now: SystemTime) -> Option<i64> {
        let started: Timestamp = self.started.parse().ok()?;
        Some(Timestamp::try_from(now).ok()?.as_second() - started.as_second())
    }
}

/// A Reason without the nonce that a vendor-ssm put behind it.
pub(crate) fn own_reason(reason: &str) -> Option<&str> {
    let own = reason
        .rsplit_once(OPENING)
        .filter(|(_, rest)| rest.ends_with(']'))
        .map_or(reason, |(own, _)| own);
    Some(own.trim_end()).filter(|own| !own.is_empty())
}

const OPENING: &str = "[vendor-ssm ";

fn mark(nonce: &str) -> String {
    format!("{OPENING}{nonce}]")
}

fn nonce() -> String {
    let mut text = Uuid::new_v4().simple().to_string();
    text.truncate(16);
    text
}

/// RFC 3339 in UTC, to the second.
pub(crate) fn stamp(time: SystemTime) -> String {
    rfc3339(Timestamp::try_from(time).unwrap_or_default())
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    pub(crate) fn record(nonce: &str) -> Record {
        Record {
            nonce: nonce.to_owned(),
            session_id: None,
            kind: Some(SessionKind::Shell.name().to_owned()),
            client: Some(SessionKind::Shell.client().to_owned()),
            customer: "acme".to_owned(),
            account_id: Some("222222222222".to_owned()),
            region: "us-east-1".to_owned(),
            instance_id: "i-0f3a91c27be45d806".to_owned(),
            name: None,
            role_session_name: "alice".to_owned(),
            owner: "arn:aws:sts::222222222222:assumed-role/Vendor/alice".to_owned(),
            reason: None,
            started: stamp(UNIX_EPOCH),
            ended: None,
            state: State::Open,
            end: None,
        }
    }

    #[test]
    fn the_nonce_goes_behind_the_reason_and_off_again() {
        let mut record = record(&nonce());
        let alone = record.sent_reason();
        assert_eq!(alone.len(), NONCE_ROOM - 1);
        assert_eq!(own_reason(&alone), None);
        record.reason = Some("disk [full]".to_owned());
        let sent = record.sent_reason();
        assert_eq!(sent.len(), "disk [full]".len() + NONCE_ROOM);
        assert_eq!(own_reason(&sent), Some("disk [full]"));
        assert!(record.is_meant_by(&sent) && record.is_meant_by(&alone));
        assert!(!record.is_meant_by("disk [full]"));
        assert_eq!(own_reason("somebody else's"), Some("somebody else's"));
        assert_ne!(nonce(), nonce());
    }

    #[test]
    fn a_length_needs_both_ends() {
        let mut record = record("a");
        assert_eq!(record.seconds(), None);
        record.ended = Some(stamp(UNIX_EPOCH + Duration::from_secs(90)));
        assert_eq!(record.seconds(), Some(90));
        assert_eq!(record.age(UNIX_EPOCH + Duration::from_secs(7)), Some(7));
    }
}
