//! The way to a session's far end: dialled, opened once, and resumed when its connection is lost.

pub(crate) mod destination;
pub(crate) mod dial;
mod encryption;
pub(crate) mod event;
pub(crate) mod line;
pub(crate) mod open;
mod reconnect;
pub(crate) mod timer;
