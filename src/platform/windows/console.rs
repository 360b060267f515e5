//! The calls of the Windows console, behind safe functions.
//! Each handle is borrowed, so that it stays open for the call. A console takes and gives UTF-16,
//! so that no code page matters (Microsoft Learn, "Console Code Pages").

#![expect(unsafe_code, reason = "the console has no safe functions")]

use std::io;
use std::os::windows::io::{AsRawHandle as _, BorrowedHandle};

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::System::Console::{
    CONSOLE_SCREEN_BUFFER_INFO, FlushConsoleInputBuffer, GetConsoleMode,
    GetConsoleScreenBufferInfo, GetConsoleTitleW, GetNumberOfConsoleInputEvents, INPUT_RECORD,
    KEY_EVENT, ReadConsoleInputW, ReadConsoleW, SetConsoleCursorPosition, SetConsoleMode,
    SetConsoleTitleW, WriteConsoleW,
};

use super::super::keys::Key;
use super::super::stream::Size;

/// The most code units that are written at once: an old console has 64 KiB for a call.
const MOST: usize = 8 << 10;
/// The longest title that is kept, in code units.
const LONGEST_TITLE: usize = 4 << 10;

/// What a call has returned.
fn checked(returned: i32) -> io::Result<()> {
    if returned == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn raw(console: BorrowedHandle<'_>) -> HANDLE {
    console.as_raw_handle()
}

/// The mode of a console; an error if the handle is none.
pub(super) fn mode(console: BorrowedHandle<'_>) -> io::Result<u32> {
    let mut mode = 0;
    // SAFETY: the handle is open, and the mode is written to a variable of its type.
    checked(unsafe { GetConsoleMode(raw(console), &raw mut mode) })?;
    Ok(mode)
}

/// Sets the mode.
pub(super) fn set_mode(console: BorrowedHandle<'_>, mode: u32) -> io::Result<()> {
    // SAFETY: the handle is open, and nothing else is handed over.
    checked(unsafe { SetConsoleMode(raw(console), mode) })
}

/// Throws away what was typed and not read.
pub(super) fn discard(console: BorrowedHandle<'_>) -> io::Result<()> {
    // SAFETY: the handle is open, and nothing else is handed over.
    checked(unsafe { FlushConsoleInputBuffer(raw(console)) })
}

fn buffer(console: BorrowedHandle<'_>) -> io::Result<CONSOLE_SCREEN_BUFFER_INFO> {
    let mut found = CONSOLE_SCREEN_BUFFER_INFO::default();
    // SAFETY: the handle is open, and the call fills a variable of the type that it takes.
    checked(unsafe { GetConsoleScreenBufferInfo(raw(console), &raw mut found) })?;
    Ok(found)
}

/// The size of the window, not of the buffer that it shows a part of.
pub(super) fn size(console: BorrowedHandle<'_>) -> io::Result<Size> {
    let found = buffer(console)?;
    let length = |first: i16, last: i16| u16::try_from(i32::from(last) - i32::from(first) + 1);
    let window = found.srWindow;
    match (
        length(window.Left, window.Right),
        length(window.Top, window.Bottom),
    ) {
        (Ok(cols @ 1..), Ok(rows @ 1..)) => Ok(Size { cols, rows }),
        _ => Err(io::Error::other("the console's window has no size")),
    }
}

/// Whether the console does what control sequences say, where its mode has them on.
/// Tried with one that changes nothing: a console that shows it has moved its cursor. wine's takes
/// the mode and shows sequences as text.
pub(super) fn obeys_sequences(console: BorrowedHandle<'_>) -> bool {
    const NOTHING: &str = "\x1b[m";
    let Ok(before) = buffer(console) else {
        return true;
    };
    let after = write(console, NOTHING).and_then(|()| buffer(console));
    let at = before.dwCursorPosition;
    if after.is_ok_and(|after| (after.dwCursorPosition.X, after.dwCursorPosition.Y) == (at.X, at.Y))
    {
        return true;
    }
    // SAFETY: the handle is open, and only a position is handed over.
    unsafe { SetConsoleCursorPosition(raw(console), at) };
    let _ = write(console, &" ".repeat(NOTHING.len()));
    // SAFETY: as above.
    unsafe { SetConsoleCursorPosition(raw(console), at) };
    false
}

/// How many events wait to be read.
pub(super) fn waiting(console: BorrowedHandle<'_>) -> io::Result<u32> {
    let mut count = 0;
    // SAFETY: the handle is open, and the number is written to a variable of its type.
    checked(unsafe { GetNumberOfConsoleInputEvents(raw(console), &raw mut count) })?;
    Ok(count)
}

/// The keys among the next events, at most `most` of them. Blocks if no event waits.
pub(super) fn keys(console: BorrowedHandle<'_>, most: usize) -> io::Result<Vec<Key>> {
    let mut records = vec![INPUT_RECORD::default(); most.max(1)];
    let length = u32::try_from(records.len()).unwrap_or(1);
    let mut count = 0;
    // SAFETY: the handle is open, and `length` is at most the number of records behind the pointer.
    checked(unsafe {
        ReadConsoleInputW(raw(console), records.as_mut_ptr(), length, &raw mut count)
    })?;
    records.truncate(count as usize);
    let keys = records.iter().filter_map(|record| {
        if u32::from(record.EventType) != KEY_EVENT {
            return None;
        }
        // SAFETY: the type of the event says which field is set, and any bits are a valid value.
        let (key, unit) = unsafe {
            let key = record.Event.KeyEvent;
            (key, key.uChar.UnicodeChar)
        };
        Some(Key {
            is_down: key.bKeyDown != 0,
            count: key.wRepeatCount,
            code: key.wVirtualKeyCode,
            unit,
            state: key.dwControlKeyState,
        })
    });
    Ok(keys.collect())
}

/// Code units of a line that the console lets a person edit; none if Ctrl-C ended it. Blocks.
pub(super) fn line(console: BorrowedHandle<'_>) -> io::Result<Vec<u16>> {
    let mut units = vec![0_u16; 1024];
    let length = u32::try_from(units.len()).unwrap_or(1);
    let mut count = 0;
    // SAFETY: the handle is open, `length` is the number of units behind the pointer, and the last
    // argument may be null.
    checked(unsafe {
        ReadConsoleW(
            raw(console),
            units.as_mut_ptr().cast(),
            length,
            &raw mut count,
            std::ptr::null(),
        )
    })?;
    units.truncate(count as usize);
    Ok(units)
}

/// Writes all of a text. Blocks while a person selects text in the window.
pub(super) fn write(console: BorrowedHandle<'_>, text: &str) -> io::Result<()> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut rest = &units[..];
    while !rest.is_empty() {
        let mut length = rest.len().min(MOST);
        // Both halves of a character go together.
        if length < rest.len() && (0xd800..0xdc00).contains(&rest[length - 1]) {
            length -= 1;
        }
        let mut count = 0;
        let most = u32::try_from(length).unwrap_or(1);
        // SAFETY: the handle is open, `most` is at most the number of units behind the pointer, and
        // the last argument has to be null.
        checked(unsafe {
            WriteConsoleW(
                raw(console),
                rest.as_ptr(),
                most,
                &raw mut count,
                std::ptr::null(),
            )
        })?;
        if count == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        rest = &rest[rest.len().min(count as usize)..];
    }
    Ok(())
}

/// The title of the console's window, with a 0 behind it.
pub(super) fn title() -> Option<Vec<u16>> {
    let mut units = vec![0_u16; LONGEST_TITLE];
    let length = u32::try_from(units.len()).ok()?;
    // SAFETY: `length` is the number of units behind the pointer.
    let count = unsafe { GetConsoleTitleW(units.as_mut_ptr(), length) } as usize;
    // An empty title and a failure return the same. A longer one is not kept.
    if count >= units.len() {
        return None;
    }
    units.truncate(count);
    units.push(0);
    Some(units)
}

/// Sets the title of the console's window; `title` ends with a 0.
pub(super) fn set_title(title: &[u16]) -> bool {
    // SAFETY: a 0 ends the text behind the pointer, which is looked at first.
    title.last() == Some(&0) && unsafe { SetConsoleTitleW(title.as_ptr()) } != 0
}
