//! A session from StartSession to its accounted end: the client is found first, the session is started
//! once, and whatever happens then, it is known to have ended or named as possibly open.

mod builtin;
mod client;
mod describe;
mod encryption;
mod end;
mod endpoint;
mod error;
mod escape;
pub mod forward;
mod hint;
pub mod journal;
mod keyboard;
mod keys;
mod line;
mod lost;
mod opening;
mod outside;
mod piped;
pub mod plugin;
pub mod proxy;
mod reset;
mod resume;
pub mod run;
mod screen;
mod start;
mod supervise;
mod terminal;
mod terminate;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

use crate::aws::Aws;
use crate::callbacks::Callbacks;
use crate::exit::Exit;
use crate::identity::{self, AssumedRole, Identity, Scope};
use crate::names::{DocumentName, Region};
use crate::os::Os;
use crate::settings::Customer;
use crate::signals::Signals;

pub use client::{Chosen, choose as choose_client};
pub use describe::{Active, active};
pub use end::End;
pub use error::Error;
pub use outside::{Outcome, SHOWS_BY, end as end_from_outside, unconfirmed};

use end::Accounted;
use journal::{Journal, Record, SessionKind};
use keys::Keys;
use start::{NotStarted, Started};

/// What a session is opened on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The region.
    pub region: Region,
    /// The instance's id.
    pub instance_id: String,
    /// Its Name tag, where it was listed on the way.
    pub name: Option<String>,
    /// Whether it runs Windows, where it was listed on the way.
    pub windows: Option<bool>,
}

/// The longest reason of a person's own, in characters: StartSession takes 256 (API reference), and the
/// journal's nonce goes with it.
pub const LONGEST_REASON: usize = 256 - journal::NONCE_ROOM;

/// What StartSession is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The instance.
    pub target: Target,
    /// The session document; `None` sends none and means the account's own shell document.
    pub document: Option<DocumentName>,
    /// The document's parameters.
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Why, for the customer's CloudTrail: at most [`LONGEST_REASON`] characters.
    pub reason: Option<String>,
    /// Seconds to wait for the target's agent to connect.
    pub wait: Option<u32>,
    /// What the session is for.
    pub kind: SessionKind,
}

/// What a session needs of the stages before it.
#[derive(Clone, Copy)]
pub struct Stage<'a, 'i> {
    /// The way to AWS.
    pub aws: &'a Aws,
    /// The surroundings.
    pub os: &'a Os,
    /// Assumes the customer role anew when its credentials end before the session does.
    pub identity: &'a Identity<'i>,
    /// Whose instance it is.
    pub customer: &'a Customer,
    /// What was opened and how it ended.
    pub journal: &'a Journal,
    /// Speaks in between.
    pub callbacks: &'a dyn Callbacks,
    /// The escape character of the builtin client.
    pub escape: Option<char>,
}

impl Stage<'_, '_> {
    /// Says a line while a session is open. On a terminal the remote side has left the cursor somewhere.
    fn notice(&self, text: &str) {
        if self.os.stdin_terminal && self.os.stdout_terminal {
            self.callbacks.say("");
        }
        self.callbacks.say(text);
    }
}

/// Opens a shell and stays until it has ended. The signals that ended it decide the exit code, once the
/// session is known to have ended.
pub async fn shell(
    stage: Stage<'_, '_>,
    chosen: &Chosen,
    request: &Request,
    role: AssumedRole,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    match chosen {
        Chosen::Builtin => {
            let client = async |started: &Started, signals: &mut Signals| {
                (builtin::run(stage, request, started, signals).await, ())
            };
            host(stage, request, role, signals, client).await?.end
        }
        Chosen::Plugin(plugin) => with_plugin(stage, plugin, request, role, signals).await,
    }
}

/// The plugin has credentials of its own, which can do no more than it needs. They are got before
/// there is a session, and once more if the role turned out to be revoked when it was started.
async fn with_plugin(
    stage: Stage<'_, '_>,
    plugin: &plugin::Plugin,
    request: &Request,
    role: AssumedRole,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let narrowed = signals
        .guard(narrowed(stage))
        .await
        .map_err(Error::Signal)??;
    let begun_with = role.credentials.clone();
    let client = async |started: &Started, signals: &mut Signals| {
        let keys = Keys::new(narrowed, Scope::Plugin, stage.os.now());
        if started.keys.role().credentials != begun_with
            && let Err(error) = keys.instead(stage).await
        {
            let reason = format!("the plugin's credentials were not renewed: {error}");
            return (
                End::NotOpened {
                    reason,
                    hint: error.facts().hint,
                },
                (),
            );
        }
        (
            supervise::run(stage, plugin, &keys, request, started, signals).await,
            (),
        )
    };
    host(stage, request, role, signals, client).await?.end
}

async fn narrowed(stage: Stage<'_, '_>) -> Result<AssumedRole, identity::Error> {
    let (customer, aws) = (stage.customer, stage.aws);
    stage
        .identity
        .assume_scoped(customer, aws, Scope::Plugin)
        .await
}

/// A session that was started, after its end.
#[derive(Debug)]
struct Hosted<T> {
    /// Its id.
    session_id: String,
    /// What its client made of it; `None` when it never had the session.
    made: Option<T>,
    /// How it ended: the exit code, or why the session is lost or may still be open.
    end: Result<Exit, Error>,
}

/// Starts a session, hands it to its client, and accounts for its end whatever the client does. Errors:
/// there was no session, or nobody knows whether there was one.
async fn host<T>(
    stage: Stage<'_, '_>,
    request: &Request,
    mut role: AssumedRole,
    signals: &mut Signals,
    client: impl AsyncFnOnce(&Started, &mut Signals) -> (End, T),
) -> Result<Hosted<T>, Error> {
    let record = Record::new(stage, request, &role);
    let mut entry = stage.journal.begin(record, stage.callbacks);
    let reason = entry.record().sent_reason();
    let start = Box::pin(start::start(stage, request, &mut role, &reason, signals)).await;
    let (started, ending) = match start {
        Ok(started) => started,
        Err(NotStarted::AnswerLost { failure, ending }) => {
            let lost = (failure, ending);
            let look = lost::look_for(stage, request, &role, entry, lost, signals);
            return Err(Box::pin(look).await);
        }
        Err(NotStarted::Failed(error)) => {
            entry.forget();
            return Err(error);
        }
    };
    entry.opened(&started.session_id);
    let account = async |made, end| {
        let Accounted { state, reason, end } = end::account(stage, request, &started, end).await;
        entry.settle(state, &reason, stage.os.now());
        Hosted {
            session_id: started.session_id.clone(),
            made,
            end,
        }
    };
    let never_had = match ending {
        Some(ending) => Some(End::Signal(ending)),
        None if !started.has_way_in() => Some(End::NotOpened {
            reason: "the answer to StartSession lacks its StreamUrl or TokenValue".to_owned(),
            hint: Some("try again, and report it if it lasts".to_owned()),
        }),
        None => None,
    };
    if let Some(end) = never_had {
        return Ok(account(None, end).await);
    }
    let client = AssertUnwindSafe(Box::pin(async {
        tokio::select! {
            done = client(&started, signals) => done,
            never = started.keys.keep(stage) => match never {},
        }
    }));
    Ok(match client.catch_unwind().await {
        Ok((end, made)) => account(Some(made), end).await,
        // A bug of ours, which has been said where it happened. It leaves no session open, neither this one nor those
        // that are hosted beside it.
        Err(_) => account(None, End::Bug).await,
    })
}

#[cfg(test)]
mod tests;
