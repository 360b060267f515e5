//! The real program against the sandbox, over real HTTP: one binary, a module a subject.

mod harness;
mod list;
