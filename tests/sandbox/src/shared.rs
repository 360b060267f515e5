//! What all connections share: the world, what was minted in it, and the knobs.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::bucket::Buckets;
use crate::caller::Minted;
use crate::channel::Channels;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::options::Options;
use crate::trail::Trail;
use crate::world::World;

/// Everything behind the endpoint.
pub(crate) struct Shared {
    pub clock: Clock,
    pub buckets: Buckets,
    pub faults: Faults,
    pub trail: Trail,
    pub channels: Channels,
    /// `ws://127.0.0.1:PORT`, unless the options name another.
    pub stream_host: String,
    /// Where shells start, and their `HOME`.
    pub home: PathBuf,
    pub secure: bool,
    pub options: Mutex<Options>,
    pub state: Mutex<State>,
}

/// What calls read and change. One lock, held for the whole of a call, keeps every call whole.
pub(crate) struct State {
    pub world: World,
    /// Temporary credentials by access key id.
    pub minted: HashMap<String, Minted>,
    /// Sessions ever started, oldest first.
    pub sessions: Vec<Session>,
    /// The `jti` of every DPoP proof so far.
    pub proofs: Vec<String>,
}

/// A Session Manager session as the service keeps it.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub id: String,
    pub account: String,
    pub region: String,
    pub target: String,
    pub document: String,
    pub reason: Option<String>,
    /// The userid of who started it: its system tag `aws:ssmmessages:session-id`.
    pub owner_userid: String,
    pub owner_arn: String,
    pub started: SystemTime,
    /// Set when the service first sees that it is over.
    pub ended: Option<SystemTime>,
    /// Why the agent gives no shell, which it says once the websocket is open.
    pub refused: Option<String>,
    /// The `cell-number` of the stream URL that was given out last.
    pub cell_number: Option<String>,
}

impl Session {
    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:ssm:{}:{}:session/{}",
            self.region, self.account, self.id
        )
    }
}

impl Shared {
    pub(crate) fn options(&self) -> MutexGuard<'_, Options> {
        self.options.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
