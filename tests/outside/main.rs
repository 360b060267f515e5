//! The real program beside programs that others wrote:
//! aws-cli, boto3, moto, OpenSSH, gnome-keyring, less, vi, cfn-lint and iam-simulate.
//! tests/tools installs them; plain `cargo test` leaves this out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "../harness/mod.rs"]
#[expect(dead_code, reason = "tests/it uses the rest")]
mod harness;
#[path = "../kit/questions.rs"]
mod questions;

mod awscli;
#[path = "../it/behind.rs"]
#[expect(dead_code, reason = "tests/it uses the rest")]
mod behind;
mod caching;
mod completion;
mod credentials;
mod engineer;
mod fullscreen;
mod kit;
mod moto;
mod near;
mod packaging;
mod schemas;
mod secret_service;
mod secrets;
mod ssh;
mod venv;
