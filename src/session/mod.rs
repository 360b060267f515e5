//! A session from StartSession to its accounted end.
//! The client is chosen first, and the session is started once. In any case its end is confirmed,
//! or it is named as possibly open.
//!
//! [`host`] begins the record, starts the session and hands it to its client as one value, the
//! [`live::Session`]. A client gets a channel that is open (`link::open`) and returns how it ended
//! (`ledger::end`). Refused: a session that is started twice, or left without an account of its
//! end.

mod client;
mod context;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod host;
mod introduction;
mod ledger;
mod link;
mod live;
mod lookup;
mod service;
mod terminal;

pub(crate) use client::choose::{Chosen, Obstacle, choose as choose_client};
pub(crate) use client::plugin::find as find_plugin;
pub(crate) use client::plugin::version::ADVISED;
pub(crate) use client::{command, forward, proxy};
pub(crate) use context::{Context, Introduction, LONGEST_REASON, Request, Target};
pub(crate) use error::absent::Absent;
pub(crate) use error::plugin::PluginError;
pub(crate) use error::{Error, ErrorKind};
pub(crate) use ledger::journal;
pub(crate) use ledger::orphans::{Outcome, SHOWS_BY, end as end_from_outside, unconfirmed};
pub(crate) use link::dial::reach as reach_channel;
pub(crate) use lookup::lookups;
pub(crate) use service::describe::{Active, active};
pub(crate) use service::gate::Gate;
