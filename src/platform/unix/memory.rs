//! What keeps secrets in memory out of files: no core dumps, no tracing by others of the same user.

use std::sync::OnceLock;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The limit of core dumps as the starter of vendor-ssm had it.
static CORE: OnceLock<Rlimit> = OnceLock::new();

/// Forbids core dumps and, on Linux, attaching to the process (prctl(2), PR_SET_DUMPABLE).
/// Best effort: a system may refuse.
pub(crate) fn keep_memory_private() {
    let found = CORE.get_or_init(|| getrlimit(Resource::Core));
    let core = Rlimit {
        current: Some(0),
        ..*found
    };
    let _ = setrlimit(Resource::Core, core);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};

        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Gives back the limit of core dumps, in the process that becomes the user's own command.
/// It makes two plain system calls at most, and so may run between fork and exec.
pub(super) fn give_back_core_limit() {
    if let Some(core) = CORE.get() {
        let _ = setrlimit(Resource::Core, *core);
    }
}
