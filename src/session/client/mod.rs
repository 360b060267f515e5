//! What a session is opened for, a folder or file each.
//! A client gets a session that was started, and says how it ended.

pub(super) mod choose;
pub(crate) mod command;
mod few;
pub(crate) mod forward;
pub(super) mod plugin;
pub(crate) mod proxy;
pub(crate) mod shell;
pub(super) mod unreached;
