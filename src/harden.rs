//! What keeps secrets in memory out of files.
//! No core dumps, no tracing by others of the same user, no data in a bug's message. Best effort:
//! vendor-ssm also works on a system that refuses.

use std::io::Write as _;

/// Forbids core dumps and, on Linux, attaching to the process (prctl(2), PR_SET_DUMPABLE).
pub(crate) fn keep_memory_private() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let core = Rlimit {
            current: Some(0),
            ..getrlimit(Resource::Core)
        };
        let _ = setrlimit(Resource::Core, core);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};

        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// A panic is a bug: it says where, and never with what.
pub(crate) fn say_bugs_without_data() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| {
            format!(" at {}:{}", place.file(), place.line())
        });
        let _ = write!(
            std::io::stderr(),
            "error[internal]: vendor-ssm {} has a bug{place}\r\n  hint: please report this line and what you did\r\n",
            env!("CARGO_PKG_VERSION")
        );
    }));
}
