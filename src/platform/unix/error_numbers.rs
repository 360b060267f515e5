//! The numbers of errors for which the standard library has no kind.

use rustix::io::Errno;

/// No file descriptor is left, to this process or to the system (errno(3)).
pub(crate) const NO_DESCRIPTORS: [i32; 2] =
    [Errno::MFILE.raw_os_error(), Errno::NFILE.raw_os_error()];
