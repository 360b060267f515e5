//! vendor-ssm opens Session Manager sessions on customers' EC2 instances.
//! It assumes two roles in a chain, the second with an ExternalId, and keeps their credentials in
//! the OS keyring. It finds instances by tag, and accounts for the end of each session.
//!
//! Data flows one way, and a command is where you get off:
//!
//! ```text
//! args ──> settings ──> identity ──> inventory ──> choice ──> session ──> exit code
//! ```
//!
//! A stage uses the stages to its left, and `os`, `platform`, `trust`, `aws`, `callbacks`, `exit`.
//! It returns data and shows nothing. `commands` run the stages and show the results through `ui`.
//! `channel`, the data channel, knows none of them but `dial`, as `aws` does.

// What the bench, the demo and the tests do not use is private to the crate.
#![warn(unreachable_pub)]

pub mod args;
mod aws;
mod bounded;
mod callbacks;
pub mod channel;
mod choice;
mod commands;
mod dial;
mod error;
pub mod exit;
mod facts;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod harden;
mod identity;
mod inventory;
mod kit;
mod log;
mod names;
pub mod os;
mod platform;
mod policy;
mod private;
mod session;
mod settings;
pub mod signals;
mod trust;
mod ui;
mod usage;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};

use args::Args;
use error::{Error, Subject};
use exit::Exit;
use os::Os;
use platform::descriptors;
pub use platform::on_a_deep_stack;
use ui::Ui;

/// How many file descriptors each command needs: the runtime's own, and a few files.
const DESCRIPTORS: usize = 16;

/// The real surroundings of this process.
pub fn surroundings() -> Os {
    Os::real(platform::places::VARIABLES)
}

/// The whole program: from the command line to the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, os: &Os) -> Exit {
    harden::keep_memory_private();
    // Given back last: what vendor-ssm prints before needs it.
    let _terminal = platform::terminal::prepare(!os.is_plain());
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(exit) = commands::answer_completion(&arguments, os) {
        return exit;
    }
    let args = match usage::parse(&arguments, os) {
        Ok(args) => args,
        Err(exit) => return exit,
    };
    let ui = Ui::new(&args.global, os);
    let ui = if args.command.is_beside_a_pipe() {
        ui.beside_a_pipe(&args.global, os)
    } else {
        ui
    };
    log::start(&args.global, os, &ui);
    let json = args.global.error_format == args::Format::Json;
    harden::say_bugs_without_data(move |message, hint| error::bug(message, hint, json));
    let bug = commands::own(&args.command, Exit::Internal);
    catch_unwind(AssertUnwindSafe(|| decided(args, os, &ui))).unwrap_or(bug)
}

fn decided(args: Args, os: &Os, ui: &Ui) -> Exit {
    let cannot_start = |error| {
        ui.fail(&error, &Subject::default());
        commands::own(&args.command, error.exit())
    };
    // tokio and the SDK take it for a bug if they get none.
    if let Err(error) = descriptors::enough(DESCRIPTORS) {
        return cannot_start(Error::Descriptors(error));
    }
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return cannot_start(Error::Start(error)),
    };
    let done = runtime.block_on(commands::run(args, os, ui));
    // A thread may still be waiting for a credential store or a name server.
    runtime.shutdown_background();
    done.unwrap_or_else(|failed| {
        ui.fail(&failed.error.at(os), &failed.subject);
        failed.exit
    })
}
