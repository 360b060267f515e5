//! The journal: what was opened and how it ended.
//! A session has a file of its own from before StartSession until its end is known. The process
//! that is attached to it locks the file. Then the session is a line of the history. A journal that
//! cannot be written costs one warning, and no session.

mod entry;
mod folder;
mod record;
mod sessions;

pub(crate) use entry::Entry;
pub(crate) use record::{NONCE_ROOM, Opening, Record, SessionKind, State, own_reason, stamp};
pub(crate) use sessions::{Found, Journal, Unsettled};
