//! A session from StartSession to its accounted end: the client is found first, the session is started
//! once, and whatever happens then, it is known to have ended or named as possibly open.

mod builtin;
mod client;
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
    let (started, ending) = Box::pin(start::start(stage, request, role, signals)).await?;
    if let Some(ending) = ending {
        return end::account(stage, request, &started, End::Signal(ending)).await;
    }
    let client = async {
        match chosen {
            _ if !started.has_way_in() => End::NotOpened {
                reason: "the answer to StartSession lacks its StreamUrl or TokenValue".to_owned(),
                hint: Some("try again, and report it if it lasts".to_owned()),
            },
            Chosen::Plugin(plugin) => {
                supervise::run(stage, plugin, request, &started, signals).await
            }
            Chosen::Builtin => builtin::run(stage, request, &started, signals).await,
        }
    };
    match AssertUnwindSafe(Box::pin(client)).catch_unwind().await {
        Ok(end) => end::account(stage, request, &started, end).await,
        // A bug of ours is no reason to leave the session open.
        Err(panic) => {
            let reason = "a bug in vendor-ssm ended its client".to_owned();
            match end::account(stage, request, &started, End::Lost { reason }).await {
                Err(open @ Error::MayStillBeOpen { .. }) => Err(open),
                _ => resume_unwind(panic),
            }
        }
    }
}
