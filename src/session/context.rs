//! What a session is opened on, what it is asked to be, and what it needs of the stages before it.

use std::collections::BTreeMap;

use crate::aws::Aws;
use crate::callbacks::Callbacks;
use crate::facts::About;
use crate::identity::Identity;
use crate::names::{DocumentName, Region};
use crate::os::Os;
use crate::settings::{Customer, Terminal};

use super::ledger::journal::{Journal, NONCE_ROOM, SessionKind};
use super::service::gate::Gate;

/// What a session is opened on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The region it runs in.
    pub region: Region,
    pub instance_id: String,
    /// Its Name tag, if it was listed on the way.
    pub name: Option<String>,
    /// Whether it runs Windows, if it was listed on the way.
    pub windows: Option<bool>,
}

/// The longest reason a person may give, in characters.
/// StartSession takes 256 (API reference), and vendor-ssm appends the journal's nonce.
pub(crate) const LONGEST_REASON: usize = 256 - NONCE_ROOM;

/// What StartSession is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The instance.
    pub target: Target,
    /// The session document; `None` sends none and means the account's own shell document.
    pub document: Option<DocumentName>,
    /// The document's parameters.
    pub parameters: BTreeMap<String, Vec<String>>,
    /// The reason for the customer's CloudTrail: at most [`LONGEST_REASON`] characters.
    pub reason: Option<String>,
    /// Seconds to wait for the target's agent to connect.
    pub wait: Option<u32>,
    /// What the session is for.
    pub kind: SessionKind,
}

/// A document's parameters, each of which is a list of one value.
pub(crate) fn parameters(
    values: impl IntoIterator<Item = (&'static str, String)>,
) -> BTreeMap<String, Vec<String>> {
    let list = |(name, value): (&str, String)| (name.to_owned(), vec![value]);
    values.into_iter().map(list).collect()
}

/// What the line before a session says beside who it is with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Introduction {
    /// The character before the dot that ends the session, if its client has one.
    pub escape: Option<char>,
}

/// What a session needs of the stages before it.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a, 'i> {
    /// The way to AWS.
    pub aws: &'a Aws,
    /// The surroundings.
    pub os: &'a Os,
    /// Renews the customer role when its credentials expire before the session ends.
    pub identity: &'a Identity<'i>,
    /// The customer, as the settings describe it.
    pub customer: &'a Customer,
    /// What was opened and how it ended.
    pub journal: &'a Journal,
    /// Speaks in between.
    pub callbacks: &'a dyn Callbacks,
    /// The escape character of the builtin client.
    pub escape: Option<char>,
    /// What of the output the terminal gets.
    pub terminal: Terminal,
    /// What the targets of one `run` have to pass before their session is started.
    pub gate: Option<&'a Gate>,
    /// The line before a session begins; `None` prints none.
    pub introduction: Option<Introduction>,
}

impl Context<'_, '_> {
    /// What an error is about that comes before there is a session.
    pub(crate) fn about(&self, target: &Target) -> About {
        About {
            customer: Some(self.customer.name.clone()),
            target: Some(target.instance_id.clone()),
            session_id: None,
            grant_ended: self.customer.grant_ended(self.aws.clock().now()),
        }
    }

    /// Says a line while a session is open.
    /// On a terminal the remote side may have left the cursor in the middle of a line.
    pub(crate) fn notice(&self, text: &str) {
        if self.os.stdin_terminal && self.os.stdout_terminal {
            self.callbacks.say("");
        }
        self.callbacks.say(text);
    }
}
