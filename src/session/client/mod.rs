//! What a session is opened for, a folder or file each.
//! A client gets a session that was started, and says how it ended.

pub mod choose;
pub mod command;
pub mod forward;
pub mod plugin;
pub mod proxy;
pub(crate) mod shell;
