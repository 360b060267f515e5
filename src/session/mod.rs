//! A session from StartSession to its accounted end: the client is found first, the session is started
//! once, and whatever happens then, it is known to have ended or named as possibly open.

mod builtin;
mod client;
mod encryption;
mod end;
mod error;
mod escape;
mod keyboard;
mod opening;
mod piped;
pub mod plugin;
mod reset;
mod screen;
mod start;
mod supervise;
mod terminal;
mod terminate;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt as _;

use crate::aws::Aws;
use crate::callbacks::Callbacks;
use crate::exit::Exit;
use crate::identity::{self, AssumedRole, Identity};
use crate::names::{DocumentName, Region};
use crate::os::Os;
use crate::settings::Customer;
use crate::signals::Signals;

pub use client::{Chosen, choose as choose_client};
pub use end::End;
pub use error::Error;

use start::Started;

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

/// What StartSession is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The instance.
    pub target: Target,
    /// The session document; `None` sends none and means the account's own shell document.
    pub document: Option<DocumentName>,
    /// The document's parameters.
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Why, for the customer's CloudTrail: 1 to 256 characters.
    pub reason: Option<String>,
    /// Seconds to wait for the target's agent to connect.
    pub wait: Option<u32>,
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
    /// Speaks in between.
    pub callbacks: &'a dyn Callbacks,
    /// The escape character of the builtin client.
    pub escape: Option<char>,
}

impl Stage<'_, '_> {
    /// The customer role anew, after AWS no longer took the one we had.
    async fn renewed(&self) -> Result<AssumedRole, identity::Error> {
        self.identity.renew(self.customer, self.aws).await
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
    let client = async |started: &Started, signals: &mut Signals| {
        let end = match chosen {
            Chosen::Plugin(plugin) => {
                supervise::run(stage, plugin, request, started, signals).await
            }
            Chosen::Builtin => builtin::run(stage, request, started, signals).await,
        };
        (end, ())
    };
    host(stage, request, role, signals, client).await?.end
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
    role: AssumedRole,
    signals: &mut Signals,
    client: impl AsyncFnOnce(&Started, &mut Signals) -> (End, T),
) -> Result<Hosted<T>, Error> {
    let (started, ending) = Box::pin(start::start(stage, request, role, signals)).await?;
    let hosted = |made, end| Hosted {
        session_id: started.session_id.clone(),
        made,
        end,
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
        let end = end::account(stage, request, &started, end).await;
        return Ok(hosted(None, end));
    }
    let client = AssertUnwindSafe(Box::pin(client(&started, signals)));
    match client.catch_unwind().await {
        Ok((end, made)) => {
            let end = end::account(stage, request, &started, end).await;
            Ok(hosted(Some(made), end))
        }
        // A bug of ours is no reason to leave the session open.
        Err(panic) => {
            let reason = "a bug in vendor-ssm ended its client".to_owned();
            match end::account(stage, request, &started, End::Lost { reason }).await {
                Err(open @ Error::MayStillBeOpen { .. }) => Ok(hosted(None, Err(open))),
                _ => resume_unwind(panic),
            }
        }
    }
}
