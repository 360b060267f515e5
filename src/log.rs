//! Logs to stderr on request.
//! Whatever filter is set, other crates say nothing below `info`: the AWS SDK's debug and trace
//! levels print requests, answers and signatures with tokens in them.

use tracing::Level;
use tracing_subscriber::filter::{FilterExt as _, Targets, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

use crate::args::Global;
use crate::callbacks::Callbacks as _;
use crate::os::Os;
use crate::ui::Ui;

/// Starts logging by `VENDOR_SSM_LOG`, else by `-v`; without either there is none.
pub(crate) fn start(global: &Global, os: &Os, ui: &Ui) {
    let filter = match (os.var("VENDOR_SSM_LOG"), global.verbose) {
        (Some(filter), _) => filter,
        (None, 0) => return,
        (None, 1) => "vendor_ssm=info",
        (None, _) => "vendor_ssm=debug,info",
    };
    let filter = match filter.parse::<Targets>() {
        Ok(filter) => filter,
        Err(error) => {
            ui.warn(&format!("ignoring VENDOR_SSM_LOG: {error}"));
            return;
        }
    };
    let capped = filter_fn(|metadata| {
        metadata.target().starts_with("vendor_ssm") || *metadata.level() <= Level::INFO
    });
    let lines = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        // A closed stderr must not end a session: the default would print there, and panic.
        .log_internal_errors(false)
        .with_filter(filter.and(capped));
    // A second start, in a test that calls the library twice, keeps the first.
    let _ = registry().with(lines).try_init();
}
