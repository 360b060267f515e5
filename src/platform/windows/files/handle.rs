//! What the system tells of an open file.

#![expect(unsafe_code, reason = "the standard library does not tell it")]

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStringExt as _;
use std::os::windows::io::AsRawHandle as _;
use std::path::PathBuf;

use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, FILE_STANDARD_INFO, FILE_TYPE_CHAR, FILE_TYPE_DISK,
    FileStandardInfo, GetFileInformationByHandle, GetFileInformationByHandleEx, GetFileType,
    GetFinalPathNameByHandleW,
};
use windows_sys::Win32::System::Console::GetConsoleMode;

use crate::platform::create::What;

/// The path without links, in the form that has no length limit and no names of devices.
/// Microsoft Learn, "GetFinalPathNameByHandleW".
pub(super) fn path(file: &File) -> io::Result<PathBuf> {
    let mut path = vec![0_u16; 512];
    loop {
        let room = u32::try_from(path.len()).unwrap_or(u32::MAX);
        // SAFETY: the handle is open, and the call gets the buffer's length.
        let length =
            unsafe { GetFinalPathNameByHandleW(file.as_raw_handle(), path.as_mut_ptr(), room, 0) };
        match length as usize {
            0 => return Err(io::Error::last_os_error()),
            length if length < path.len() => {
                path.truncate(length);
                return Ok(OsString::from_wide(&path).into());
            }
            // It says how much is needed.
            length => path.resize(length + 1, 0),
        }
    }
}

/// Which file it is: the numbers of its disk and of the file on it.
pub(super) fn number(file: &File) -> io::Result<(u32, u32, u32)> {
    let mut found = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is open, and the place for the result is of its type.
    let done = unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut found) };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    let (high, low) = (found.nFileIndexHigh, found.nFileIndexLow);
    Ok((found.dwVolumeSerialNumber, high, low))
}

/// How many names it has. One that is removed has none, even if its name is gone only later.
pub(super) fn links(file: &File) -> io::Result<u64> {
    let mut found = FILE_STANDARD_INFO::default();
    // SAFETY: the handle is open, and the call gets the size of the place for the result, which
    // is of the type that belongs to FileStandardInfo.
    let done = unsafe {
        GetFileInformationByHandleEx(
            file.as_raw_handle(),
            FileStandardInfo,
            (&raw mut found).cast(),
            u32::try_from(size_of::<FILE_STANDARD_INFO>()).unwrap_or(u32::MAX),
        )
    };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    if found.DeletePending {
        return Ok(0);
    }
    Ok(found.NumberOfLinks.into())
}

/// What it is.
pub(super) fn what(file: &File) -> io::Result<What> {
    // SAFETY: the handle is open, and nothing else is handed over.
    let kind = unsafe { GetFileType(file.as_raw_handle()) };
    if kind == FILE_TYPE_CHAR {
        let mut mode = 0;
        // SAFETY: the handle is open, and the place for the mode is of its type.
        let is_console = unsafe { GetConsoleMode(file.as_raw_handle(), &raw mut mode) } != 0;
        return Ok(if is_console {
            What::Other
        } else {
            What::Device
        });
    }
    if kind != FILE_TYPE_DISK {
        return Ok(What::Other);
    }
    let kind = file.metadata()?.file_type();
    Ok(if kind.is_file() {
        What::File
    } else if kind.is_dir() {
        What::Folder
    } else {
        What::Other
    })
}
