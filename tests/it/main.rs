//! The real program against the sandbox, over real HTTP: one binary, a module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod awscli;
mod caching;
mod calls;
mod customer;
mod denied;
mod docs;
mod doctor;
mod endpoint;
mod faults;
mod forward;
mod guards;
mod harness;
mod kit;
mod kms;
mod list;
mod memory;
mod moto;
mod network;
mod pipe;
mod policy;
mod proxy;
mod pty;
mod resume;
mod run;
mod secret_service;
mod secrets;
mod sessions;
mod settings;
mod shells;
mod stub;
mod usage;
mod venv;
mod walls;
mod whoami;
