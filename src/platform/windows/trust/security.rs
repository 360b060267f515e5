//! Owner and access list of an open file or folder.

#![expect(unsafe_code, reason = "std has no functions for these")]

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle as _;
use std::ptr;
use std::slice;

use windows_sys::Win32::Foundation::{ERROR_SUCCESS, LocalFree};
use windows_sys::Win32::Security::Authorization::{GetSecurityInfo, SE_FILE_OBJECT};
use windows_sys::Win32::Security::{
    ACE_HEADER, ACL, DACL_SECURITY_INFORMATION, GetAce, GetLengthSid, OWNER_SECURITY_INFORMATION,
    PSECURITY_DESCRIPTOR, PSID,
};
use windows_sys::Win32::Storage::FileSystem::GetVolumeInformationByHandleW;
use windows_sys::Win32::System::SystemServices::FILE_PERSISTENT_ACLS;

use crate::platform::access_list::{Descriptor, Entry, Sid};

/// A descriptor that the system has allocated (GetSecurityInfo, Microsoft Learn).
struct Allocated(PSECURITY_DESCRIPTOR);

impl Drop for Allocated {
    fn drop(&mut self) {
        // SAFETY: GetSecurityInfo has allocated it with LocalAlloc, and nothing else frees it.
        unsafe { LocalFree(self.0) };
    }
}

/// Who owns the open file or folder, and its access list.
pub(super) fn descriptor(file: &File) -> io::Result<Descriptor> {
    let mut owner: PSID = ptr::null_mut();
    let mut list: *mut ACL = ptr::null_mut();
    let mut whole: PSECURITY_DESCRIPTOR = ptr::null_mut();
    // SAFETY: the handle is open, and each place may be written. Null asks for nothing.
    let error = unsafe {
        GetSecurityInfo(
            file.as_raw_handle(),
            SE_FILE_OBJECT,
            OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
            &raw mut owner,
            ptr::null_mut(),
            &raw mut list,
            ptr::null_mut(),
            &raw mut whole,
        )
    };
    if error != ERROR_SUCCESS {
        return Err(io::Error::from_raw_os_error(error.cast_signed()));
    }
    let whole = Allocated(whole);
    // SAFETY: the owner lies in `whole`, which lives until the end of this function.
    let owner = unsafe { sid(owner) }?;
    let entries = if list.is_null() {
        None
    } else {
        // SAFETY: the list lies in `whole`, too.
        Some(unsafe { entries(list) }?)
    };
    drop(whole);
    Ok(Descriptor { owner, entries })
}

/// The entries of a list.
///
/// # Safety
/// The pointer is to a whole list.
unsafe fn entries(list: *const ACL) -> io::Result<Vec<Entry>> {
    // SAFETY: the caller promises a whole list, which begins with this header.
    let count = unsafe { (*list).AceCount };
    let entry = |index: u16| {
        let mut entry = ptr::null_mut();
        // SAFETY: the list is whole, and `entry` may be written.
        if unsafe { GetAce(list, u32::from(index), &raw mut entry) } == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: GetAce gives a pointer to an entry of the list, which begins with this header.
        let size = unsafe { (*entry.cast::<ACE_HEADER>()).AceSize };
        // SAFETY: the entry is that many bytes of the list.
        let bytes = unsafe { slice::from_raw_parts(entry.cast::<u8>(), usize::from(size)) };
        Entry::parse(bytes).ok_or_else(|| unreadable("an entry of the access list"))
    };
    (0..count).map(entry).collect()
}

/// A copy of the SID.
///
/// # Safety
/// The pointer is null or to a whole SID.
pub(super) unsafe fn sid(sid: PSID) -> io::Result<Sid> {
    if sid.is_null() {
        return Err(unreadable("the owner"));
    }
    // SAFETY: the caller promises a whole SID, whose length this tells.
    let bytes = unsafe { slice::from_raw_parts(sid.cast::<u8>(), GetLengthSid(sid) as usize) };
    Sid::parse(bytes).ok_or_else(|| unreadable("a security identifier"))
}

fn unreadable(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("vendor-ssm cannot read {what}"),
    )
}

/// Whether the drive keeps access lists: NTFS does, FAT does not. True if it does not tell.
pub(super) fn has_lists(file: &File) -> bool {
    let mut flags = 0;
    // SAFETY: the handle is open, and `flags` may be written. Null asks for nothing.
    let told = unsafe {
        GetVolumeInformationByHandleW(
            file.as_raw_handle(),
            ptr::null_mut(),
            0,
            ptr::null_mut(),
            ptr::null_mut(),
            &raw mut flags,
            ptr::null_mut(),
            0,
        )
    };
    told == 0 || flags & FILE_PERSISTENT_ACLS != 0
}
