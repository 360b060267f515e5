//! What keeps secrets in memory out of files: a crash leaves no dump and no report.

use std::sync::OnceLock;

use windows_sys::Win32::System::Diagnostics::Debug::{
    GetErrorMode, SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX, SEM_NOOPENFILEERRORBOX,
    SetErrorMode,
};
use windows_sys::Win32::System::ErrorReporting::{WER_FAULT_REPORTING_FLAG_NOHEAP, WerSetFlags};

/// The error mode as the starter of vendor-ssm had it.
static STARTERS: OnceLock<u32> = OnceLock::new();

/// Keeps Windows Error Reporting from the process's memory.
/// Microsoft Learn, "SetErrorMode" and "WerSetFlags". Best effort: programs of the same user can
/// still read it, as on every Windows.
#[expect(unsafe_code, reason = "the standard library has no error mode")]
pub(crate) fn keep_memory_private() {
    // SAFETY: they take no pointer.
    unsafe {
        let found = *STARTERS.get_or_init(|| GetErrorMode());
        let silent = SEM_NOGPFAULTERRORBOX | SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX;
        SetErrorMode(found | silent);
        // A report that is made all the same holds no heap.
        WerSetFlags(WER_FAULT_REPORTING_FLAG_NOHEAP);
    }
}

/// Starts a program in the error mode that vendor-ssm was started in: a program inherits it.
#[expect(unsafe_code, reason = "the standard library has no error mode")]
pub(super) fn with_the_starters_error_mode<T>(start: impl FnOnce() -> T) -> T {
    if let Some(found) = STARTERS.get() {
        // SAFETY: it takes no pointer.
        unsafe { SetErrorMode(*found) };
    }
    let started = start();
    keep_memory_private();
    started
}
