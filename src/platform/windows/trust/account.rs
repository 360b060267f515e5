//! This process's user, and the names of accounts.

#![expect(unsafe_code, reason = "std has no functions for these")]

use std::fs::File;
use std::io;
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _};
use std::ptr;

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::Security::{
    GetTokenInformation, LookupAccountSidW, SID_NAME_USE, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use super::security;
use crate::platform::access_list::Sid;

/// How many characters the name of an account or of its domain has at most (MAX_PATH is more).
const LONGEST: u32 = 260;
/// How many words of eight bytes the answer with a SID of 68 bytes has at most.
const TOKEN_WORDS: usize = 32;

/// The user of this process.
pub(super) fn of_this_process() -> io::Result<Sid> {
    let mut token: HANDLE = ptr::null_mut();
    // SAFETY: the process's own handle is always valid, and `token` may be written.
    let opened = unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) };
    if opened == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle was opened above, and nothing else closes it.
    let token = unsafe { File::from_raw_handle(token) };
    let mut answer = [0_u64; TOKEN_WORDS];
    let size = u32::try_from(size_of_val(&answer)).unwrap_or_default();
    let mut needed = 0;
    // SAFETY: the answer may be written for `size` bytes, and is aligned for a TOKEN_USER.
    let told = unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            TokenUser,
            answer.as_mut_ptr().cast(),
            size,
            &raw mut needed,
        )
    };
    if told == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has written a TOKEN_USER there, and `answer` is aligned for it.
    let user = unsafe { &*answer.as_ptr().cast::<TOKEN_USER>() };
    // SAFETY: its SID lies in `answer`, which lives on.
    unsafe { security::sid(user.User.Sid) }
}

/// The account's name as this machine or its domain knows it, in quotes, or else its SID.
pub(super) fn named(sid: &Sid) -> String {
    let words = sid.words();
    let (mut name, mut domain) = ([0_u16; LONGEST as usize], [0_u16; LONGEST as usize]);
    let (mut name_length, mut domain_length) = (LONGEST, LONGEST);
    let mut kind: SID_NAME_USE = 0;
    // SAFETY: `words` is a whole SID, and both names may be written for as many characters as
    // their lengths say.
    let found = unsafe {
        LookupAccountSidW(
            ptr::null(),
            words.as_ptr().cast_mut().cast(),
            name.as_mut_ptr(),
            &raw mut name_length,
            domain.as_mut_ptr(),
            &raw mut domain_length,
            &raw mut kind,
        )
    };
    if found == 0 {
        return sid.to_string();
    }
    let text = |units: &[u16], length: u32| {
        let units = units.get(..length as usize).unwrap_or_default();
        // No account's name has a control character, but a domain may answer with one.
        String::from_utf16_lossy(units).replace(char::is_control, "?")
    };
    let (name, domain) = (text(&name, name_length), text(&domain, domain_length));
    if domain.is_empty() {
        format!("\"{name}\"")
    } else {
        format!("\"{domain}\\{name}\"")
    }
}
