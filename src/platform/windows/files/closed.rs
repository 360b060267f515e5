//! Makes files and folders that this user, the system and the administrators alone may use.
//! Their access list takes nothing over from the folder that they are made in.

#![expect(
    unsafe_code,
    reason = "the standard library makes none with an access list"
)]

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle};
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{HANDLE, INVALID_HANDLE_VALUE, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo,
    SDDL_REVISION_1, SE_FILE_OBJECT, SetSecurityInfo,
};
use windows_sys::Win32::Security::{
    ACL, DACL_SECURITY_INFORMATION, GetSecurityDescriptorControl, GetTokenInformation,
    PROTECTED_DACL_SECURITY_INFORMATION, SE_DACL_PROTECTED, SECURITY_ATTRIBUTES, TOKEN_QUERY,
    TOKEN_USER, TokenUser, UNPROTECTED_DACL_SECURITY_INFORMATION,
};
use windows_sys::Win32::Storage::FileSystem::{CreateDirectoryW, CreateFileW};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// Memory that the system gave, and that it takes back.
struct Local(*mut c_void);

impl Drop for Local {
    fn drop(&mut self) {
        // SAFETY: the system allocated it with LocalAlloc for the caller to free, and nothing else
        // frees it.
        unsafe { LocalFree(self.0) };
    }
}

/// How a file is opened (Microsoft Learn, "CreateFileW").
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// The rights that are asked for.
    pub access: u32,
    /// What other programs may do with it meanwhile.
    pub share: u32,
    /// Whether it is made, or has to be there.
    pub disposition: u32,
    /// Flags and attributes.
    pub flags: u32,
}

/// Opens a file. If it is made, it is this user's alone.
pub(super) fn file(path: &Path, how: How) -> io::Result<File> {
    let path = wide(path)?;
    with_attributes(false, |attributes| {
        // SAFETY: the path ends with a zero, and path and attributes live until the call returns.
        let handle = unsafe {
            CreateFileW(
                path.as_ptr(),
                how.access,
                how.share,
                attributes,
                how.disposition,
                how.flags,
                null_mut(),
            )
        };
        if handle == INVALID_HANDLE_VALUE {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle is new, and nothing else closes it.
        Ok(unsafe { OwnedHandle::from_raw_handle(handle) }.into())
    })
}

/// Makes a folder. It must not be there yet.
pub(super) fn folder(path: &Path) -> io::Result<()> {
    let path = wide(path)?;
    with_attributes(true, |attributes| {
        // SAFETY: the path ends with a zero, and path and attributes live until the call returns.
        checked(unsafe { CreateDirectoryW(path.as_ptr(), attributes) })
    })
}

/// Calls it with the attributes of what it is to make.
fn with_attributes<T>(
    is_folder: bool,
    make: impl FnOnce(*const SECURITY_ATTRIBUTES) -> io::Result<T>,
) -> io::Result<T> {
    let descriptor = descriptor(&user()?, is_folder)?;
    let attributes = SECURITY_ATTRIBUTES {
        nLength: short(size_of::<SECURITY_ATTRIBUTES>()),
        lpSecurityDescriptor: descriptor.0,
        bInheritHandle: 0,
    };
    make(&raw const attributes)
}

/// The owner and the access list: all rights for the user, SYSTEM and the administrators.
/// What is made in a folder takes its list over.
/// Microsoft Learn, "Security Descriptor String Format".
fn descriptor(user: &str, is_folder: bool) -> io::Result<Local> {
    let below = if is_folder { "OICI" } else { "" };
    let rights = ["SY", "BA", user].map(|who| format!("(A;{below};FA;;;{who})"));
    let text = format!("O:{user}D:P{}", rights.concat());
    let text: Vec<u16> = text.encode_utf16().chain([0]).collect();
    let mut descriptor = null_mut();
    // SAFETY: the text ends with a zero, and the place for the result is of its type.
    checked(unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text.as_ptr(),
            SDDL_REVISION_1,
            &raw mut descriptor,
            null_mut(),
        )
    })?;
    Ok(Local(descriptor))
}

/// This process's user, as its security identifier is written.
fn user() -> io::Result<String> {
    let mut token: HANDLE = null_mut();
    // SAFETY: the process's own handle needs no closing, and the token's place is of its type.
    checked(unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) })?;
    // SAFETY: the handle is new, and nothing else closes it.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    // TOKEN_USER and the identifier that it points to, which has 68 bytes at most.
    let mut buffer = [0_u64; 32];
    let mut length = 0;
    // SAFETY: the buffer is aligned for a pointer, and the call gets its size.
    checked(unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            TokenUser,
            buffer.as_mut_ptr().cast(),
            short(size_of_val(&buffer)),
            &raw mut length,
        )
    })?;
    let mut text = null_mut();
    // SAFETY: the call above has filled the buffer with a TOKEN_USER, whose identifier is in the
    // buffer too.
    checked(unsafe {
        let user = &*buffer.as_ptr().cast::<TOKEN_USER>();
        ConvertSidToStringSidW(user.User.Sid, &raw mut text)
    })?;
    let text = Local(text.cast());
    let mut units = Vec::new();
    let mut next: *const u16 = text.0.cast_const().cast();
    // SAFETY: the text ends with a zero, and is not read beyond it.
    unsafe {
        while *next != 0 {
            units.push(*next);
            next = next.add(1);
        }
    }
    String::from_utf16(&units).map_err(io::Error::other)
}

/// Gives a file the access list of another one, which it is to replace.
pub(super) fn copy_access(from: &File, to: &File) -> io::Result<()> {
    let mut list: *mut ACL = null_mut();
    let mut descriptor = null_mut();
    // SAFETY: the handle is open, and both places for the results are of their types.
    let code = unsafe {
        GetSecurityInfo(
            from.as_raw_handle(),
            SE_FILE_OBJECT,
            DACL_SECURITY_INFORMATION,
            null_mut(),
            null_mut(),
            &raw mut list,
            null_mut(),
            &raw mut descriptor,
        )
    };
    succeeded(code)?;
    let descriptor = Local(descriptor);
    let (mut control, mut revision) = (0, 0);
    // SAFETY: the descriptor is valid until it is dropped, and both places are of their types.
    checked(unsafe {
        GetSecurityDescriptorControl(descriptor.0, &raw mut control, &raw mut revision)
    })?;
    // What the folder gives is in the list too. The system works that part out again.
    let inherits = if control & SE_DACL_PROTECTED == 0 {
        UNPROTECTED_DACL_SECURITY_INFORMATION
    } else {
        PROTECTED_DACL_SECURITY_INFORMATION
    };
    // SAFETY: the handle is open, and the list is a part of the descriptor, which is still there.
    succeeded(unsafe {
        SetSecurityInfo(
            to.as_raw_handle(),
            SE_FILE_OBJECT,
            DACL_SECURITY_INFORMATION | inherits,
            null_mut(),
            null_mut(),
            list,
            null(),
        )
    })
}

/// What a call has returned that says by zero that it failed.
fn checked(returned: i32) -> io::Result<()> {
    if returned == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// What a call has returned that says by zero that it succeeded.
fn succeeded(code: u32) -> io::Result<()> {
    if code == 0 {
        return Ok(());
    }
    Err(io::Error::from_raw_os_error(code.cast_signed()))
}

/// The size of something small.
fn short(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// A path as the system takes it. Errors: it has a zero in it.
fn wide(path: &Path) -> io::Result<Vec<u16>> {
    let mut path: Vec<u16> = path.as_os_str().encode_wide().collect();
    if path.contains(&0) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    path.push(0);
    Ok(path)
}
