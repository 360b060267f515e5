//! What keeps secrets in memory out of files.
//! No core dumps, no tracing by others of the same user, no data in a bug's message. Best effort:
//! vendor-ssm also works on a system that refuses.

use std::io::Write as _;

pub(crate) use crate::platform::keep_memory_private;

/// A panic is a bug: it says where, and never with what.
/// `shown` makes a line for stderr of the message and the hint.
pub(crate) fn say_bugs_without_data(
    shown: impl Fn(String, &'static str) -> String + Send + Sync + 'static,
) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(String::new, |place| {
            format!(" at {}:{}", place.file(), place.line())
        });
        let message = format!("vendor-ssm {} has a bug{place}", env!("CARGO_PKG_VERSION"));
        let line = shown(message, "please report this line and what you did");
        let _ = write!(std::io::stderr(), "{line}\r\n");
    }));
}
