//! What keeps secrets in memory out of files.
//! No core dumps, no tracing by others of the same user, no data in a bug's message. Best effort:
//! vendor-ssm also works on a system that refuses.

use std::io::Write as _;
#[cfg(unix)]
use std::sync::OnceLock;

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The limit of core dumps as the starter of vendor-ssm had it.
#[cfg(unix)]
static CORE: OnceLock<Rlimit> = OnceLock::new();

/// Forbids core dumps and, on Linux, attaching to the process (prctl(2), PR_SET_DUMPABLE).
pub(crate) fn keep_memory_private() {
    #[cfg(unix)]
    {
        let found = CORE.get_or_init(|| getrlimit(Resource::Core));
        let core = Rlimit {
            current: Some(0),
            ..*found
        };
        let _ = setrlimit(Resource::Core, core);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};

        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Gives back the limit of core dumps, in the process that becomes the user's own command.
/// It makes two plain system calls at most, and so may run between fork and exec.
#[cfg(unix)]
pub(crate) fn give_back_core_limit() {
    if let Some(core) = CORE.get() {
        let _ = setrlimit(Resource::Core, *core);
    }
}

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
