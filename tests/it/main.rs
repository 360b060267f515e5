//! The real program against the sandbox, over real HTTP: one binary, a module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../kit/questions.rs"]
#[expect(dead_code, reason = "tests/outside uses the rest")]
mod questions;

mod answers;
mod at_once;
mod authorities;
mod base;
mod behind;
mod calls;
mod channel_host;
mod completion;
mod credentials;
mod customer;
mod customer_import;
mod customer_test;
mod cut;
mod denied;
mod descriptors;
mod docs;
mod doctor;
mod endpoint;
mod engineer;
mod faults;
mod forward;
mod grant_ends;
mod guards;
mod ignored;
mod kit;
mod kms;
mod lexer;
mod list;
mod lookups;
mod memory;
mod network;
mod opening;
mod own_files;
mod package;
mod pipe;
mod policy;
mod proxy;
mod pty;
mod refused;
mod resume;
mod resumed_url;
mod run;
mod runbook;
mod sessions;
mod settings;
mod settings_folder;
mod shells;
mod shown;
mod stub;
mod style;
mod systems;
mod target;
mod trust;
mod usage;
mod walls;
mod whoami;
mod workflows;
