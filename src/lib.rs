//! vendor-ssm opens Session Manager sessions on customers' EC2 instances: the two-hop role chain with
//! ExternalId, credentials in the OS keyring, instances by tag, and a session that is accounted for.
//!
//! Data flows one way, and a command is where you get off:
//!
//! ```text
//! args ──> settings ──> identity ──> inventory ──> choice ──> session ──> exit code
//! ```
//!
//! A stage uses the stages to its left, and [`os`], [`aws`], [`callbacks`], [`exit`]; it returns data and
//! shows nothing. [`commands`] run the stages and show the results through [`ui`]. [`channel`], the data
//! channel, knows none of them.

pub mod args;
pub mod aws;
pub mod callbacks;
pub mod channel;
pub mod choice;
pub mod commands;
pub mod error;
pub mod exit;
mod harden;
pub mod identity;
pub mod inventory;
mod log;
pub mod names;
pub mod os;
pub mod session;
pub mod settings;
pub mod signals;
pub mod ui;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::Parser as _;

use args::{Args, Color, Format, Global};
use error::Error;
use exit::Exit;
use os::Os;
use ui::Ui;

/// The whole program: from the command line to the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, os: &Os) -> Exit {
    harden::keep_memory_private();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let args = match Args::try_parse_from(&arguments) {
        Ok(args) => args,
        Err(error) => return unparsed(&error, &arguments, os),
    };
    let ui = Ui::new(&args.global, os);
    log::start(&args.global, os, &ui);
    harden::say_bugs_without_data();
    catch_unwind(AssertUnwindSafe(|| decided(args, os, &ui))).unwrap_or(Exit::Internal)
}

fn decided(args: Args, os: &Os, ui: &Ui) -> Exit {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            ui.fail(&Error::Input(error));
            return Exit::LocalIo;
        }
    };
    let done = runtime.block_on(commands::run(args, os, ui));
    // A thread that waits for a store or a name server is not waited for.
    runtime.shutdown_background();
    done.unwrap_or_else(|error| {
        ui.fail(&error);
        error.exit()
    })
}

/// Help and version are answers; anything else on a wrong command line is exit 2, in JSON if asked for.
fn unparsed(error: &clap::Error, arguments: &[OsString], os: &Os) -> Exit {
    if !error.use_stderr() {
        let ui = Ui::new(&Global::default(), os);
        return match ui.data(&error.render().to_string()) {
            Ok(()) => Exit::Ok,
            Err(error) => error.exit(),
        };
    }
    let wants = |flag: &str, value: &str| {
        let joined = format!("{flag}={value}");
        arguments.iter().any(|argument| *argument == *joined)
            || arguments
                .windows(2)
                .any(|pair| pair[0] == *flag && pair[1] == *value)
    };
    let global = Global {
        error_format: if wants("--error-format", "json") {
            Format::Json
        } else {
            Format::Text
        },
        color: if wants("--color", "never") {
            Color::Never
        } else {
            Color::Auto
        },
        ..Global::default()
    };
    let rendered = error.render().to_string();
    let mut lines = rendered
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let message = lines
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned();
    let hint = lines.collect::<Vec<_>>().join("; ");
    let error = Error::Usage {
        message,
        hint: (!hint.is_empty()).then_some(hint),
    };
    Ui::new(&global, os).fail(&error);
    error.exit()
}
