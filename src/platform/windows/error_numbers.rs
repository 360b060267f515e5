//! The numbers of errors for which the standard library has no kind.

use windows_sys::Win32::Foundation::ERROR_TOO_MANY_OPEN_FILES;
use windows_sys::Win32::Networking::WinSock::WSAEMFILE;

/// No handle is left for a socket or a file.
/// Microsoft Learn, "Windows Sockets Error Codes" and "System Error Codes (0-499)".
pub(crate) const NO_DESCRIPTORS: [i32; 2] = [WSAEMFILE, ERROR_TOO_MANY_OPEN_FILES.cast_signed()];
