//! A job object: the programs in it end with vendor-ssm.
//! Microsoft Learn, "Job Objects" and "JOBOBJECT_BASIC_LIMIT_INFORMATION".

use std::io;
use std::mem::size_of;
use std::os::windows::io::{AsRawHandle as _, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, TH32CS_SNAPTHREAD, THREADENTRY32, Thread32First, Thread32Next,
};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT, JOB_OBJECT_LIMIT_BREAKAWAY_OK,
    JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
    JobObjectExtendedLimitInformation, SetInformationJobObject, TerminateJobObject,
};
use windows_sys::Win32::System::Threading::{OpenThread, ResumeThread, THREAD_SUSPEND_RESUME};

use super::handle::{done, owned};

/// Holds programs and what they start.
/// It is not inherited, so that the kernel closes it when vendor-ssm ends, however it ends, and
/// kills what is still in it.
#[derive(Debug)]
pub(super) struct Job(OwnedHandle);

impl Job {
    #[expect(unsafe_code, reason = "the standard library has no jobs")]
    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: both pointers may be null: no security descriptor of its own, and no name.
        let job = Self(owned(unsafe {
            CreateJobObjectW(ptr::null(), ptr::null())
        })?);
        job.limit(JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_BREAKAWAY_OK)?;
        Ok(job)
    }

    /// Lets what is left in the job live on.
    pub(super) fn let_go(&self) {
        // What is left would be killed, which is safe.
        let _ = self.limit(JOB_OBJECT_LIMIT_BREAKAWAY_OK);
    }

    #[expect(unsafe_code, reason = "the standard library has no jobs")]
    fn limit(&self, flags: JOB_OBJECT_LIMIT) -> io::Result<()> {
        let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
        limits.BasicLimitInformation.LimitFlags = flags;
        let size = u32::try_from(size_of_val(&limits)).unwrap_or_default();
        // SAFETY: the structure is the one that goes with the class, and `size` is its size.
        done(unsafe {
            SetInformationJobObject(
                self.0.as_raw_handle(),
                JobObjectExtendedLimitInformation,
                (&raw const limits).cast(),
                size,
            )
        })
    }

    /// Puts a process into the job, which was started suspended, and lets it run.
    #[expect(unsafe_code, reason = "the standard library has no jobs")]
    pub(super) fn take(&self, process: HANDLE, id: u32) -> io::Result<()> {
        // SAFETY: both are handles that their owners keep open meanwhile.
        done(unsafe { AssignProcessToJobObject(self.0.as_raw_handle(), process) })?;
        resume(id)
    }

    /// Kills everything in the job, which then has ended with this code.
    #[expect(unsafe_code, reason = "the standard library has no jobs")]
    pub(super) fn kill(&self, code: u32) {
        // SAFETY: the handle is open.
        unsafe { TerminateJobObject(self.0.as_raw_handle(), code) };
    }
}

/// Lets the threads of a process run that was started suspended: it has one.
/// The standard library keeps no handle of that thread.
#[expect(
    unsafe_code,
    reason = "the standard library names no threads of others"
)]
fn resume(process: u32) -> io::Result<()> {
    // SAFETY: it takes no pointer.
    let snapshot = owned(unsafe { CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0) })?;
    let mut entry = THREADENTRY32 {
        dwSize: u32::try_from(size_of::<THREADENTRY32>()).unwrap_or_default(),
        ..THREADENTRY32::default()
    };
    let mut resumed = false;
    // SAFETY: the entry says its own size, and is only written.
    let mut found = unsafe { Thread32First(snapshot.as_raw_handle(), &raw mut entry) } != 0;
    while found {
        if entry.th32OwnerProcessID == process {
            // SAFETY: it takes no pointer.
            let thread =
                owned(unsafe { OpenThread(THREAD_SUSPEND_RESUME, 0, entry.th32ThreadID) })?;
            // SAFETY: the handle is open.
            if unsafe { ResumeThread(thread.as_raw_handle()) } == u32::MAX {
                return Err(io::Error::last_os_error());
            }
            resumed = true;
        }
        // SAFETY: as above.
        found = unsafe { Thread32Next(snapshot.as_raw_handle(), &raw mut entry) } != 0;
    }
    if resumed {
        return Ok(());
    }
    Err(io::Error::other("its first thread was not found"))
}
