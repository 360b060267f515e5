//! The real program against the sandbox, over real HTTP: one binary, a module a subject.

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
