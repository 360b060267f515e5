//! What is kept of a client for tests to read.

use uuid::Uuid;

use super::agent::Flag;
use super::message::{OpenDataChannel, Size};
use super::run_as::RunAs;

/// An open message, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// `RequestId`, new for every websocket.
    pub request_id: Uuid,
    /// `ClientId`, the same for all of a session.
    pub client_id: Uuid,
    /// `ClientVersion`.
    pub client_version: String,
}

/// What was seen of the client in one session.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The open messages that were accepted, one for each websocket.
    pub opened: Vec<Opened>,
    /// Inputs taken, each once, of all payload types.
    pub inputs: u64,
    /// Inputs that had arrived before.
    pub duplicates: u64,
    /// Sizes, in order.
    pub sizes: Vec<Size>,
    /// The OS user, when the document switches Run As on.
    pub run_as: Option<RunAs>,
    /// Whether both sides have agreed on a data key.
    pub encrypted: bool,
    /// The client's version as it named it in the handshake; empty without one.
    pub client_version: String,
    /// Flags, in order.
    pub flags: Vec<Flag>,
    /// Bytes of the longest input.
    pub max_payload: usize,
    /// What the client did wrong, in the order it happened.
    pub violations: Vec<String>,
}

impl Record {
    pub(super) fn violated(&mut self, what: impl Into<String>) {
        self.violations.push(what.into());
    }

    pub(super) fn open(&mut self, open: OpenDataChannel) {
        if open.message_schema_version != "1.0" {
            self.violated("open message: MessageSchemaVersion is not 1.0");
        }
        if self
            .opened
            .iter()
            .any(|earlier| earlier.client_id != open.client_id)
        {
            self.violated("open message: another ClientId than before");
        }
        if self
            .opened
            .iter()
            .any(|earlier| earlier.request_id == open.request_id)
        {
            self.violated("open message: RequestId of an earlier one");
        }
        self.opened.push(Opened {
            request_id: open.request_id,
            client_id: open.client_id,
            client_version: open.client_version,
        });
    }
}
