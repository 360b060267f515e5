//! Sessions on a real terminal.

mod builtin;
mod client;
mod everywhere;
mod introduced;
mod picker;
mod picture;
mod piped;
pub mod plugin;
mod progress;
mod prompts;
mod remote;
mod signals;
mod unusable;
