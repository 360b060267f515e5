//! The real program against the sandbox, over real HTTP: one binary, a module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod docs;
mod guards;
mod harness;
mod list;
mod pipe;
mod settings;
mod shells;
mod usage;
mod walls;
mod whoami;
