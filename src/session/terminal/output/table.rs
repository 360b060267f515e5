//! The modes of a terminal that are followed, each with a bit of its own. Pure.
//!
//! Source: xterm control sequences, "DEC Private Mode Set"; for single ones, the terminals that
//! brought them.

/// A mode: its private marker, its number, and whether terminals have it on by default.
pub(super) type Mode = (Option<u8>, u32, bool);

pub(super) const fn private(number: u32) -> Mode {
    (Some(b'?'), number, false)
}

/// The modes that are followed.
/// Missing are those that a user's own settings often change: their usual state is not known.
pub(super) const TABLE: [Mode; 48] = [
    private(2026),          // synchronized output: the terminal shows nothing until it ends
    private(1),             // application cursor keys
    (Some(b'?'), 2, true),  // VT52 when reset
    private(3),             // 132 columns
    private(4),             // smooth scroll
    private(5),             // reverse video
    private(6),             // origin
    (Some(b'?'), 7, true),  // autowrap
    (Some(b'?'), 8, true),  // auto-repeat
    private(9),             // mouse, X10
    private(12),            // blinking cursor
    (Some(b'?'), 25, true), // the cursor is shown
    private(40),            // 132 columns are allowed
    private(45),            // reverse wraparound
    private(46),            // logging
    private(66),            // application keypad
    private(69),            // left and right margins
    private(80),            // sixel display
    private(1000),          // mouse, and below its other forms and encodings
    private(1001),
    private(1002),
    private(1003),
    private(1004), // focus reports
    private(1005),
    private(1006),
    private(1015),
    private(1016),
    private(1050), // function keys of terminfo, Sun, HP, SCO, legacy, VT220
    private(1051),
    private(1052),
    private(1053),
    private(1060),
    private(1061),
    private(2001), // readline's mouse and paste
    private(2002),
    private(2003),
    private(2004), // bracketed paste
    private(2005),
    private(2006),
    private(2031), // reports of the colour scheme
    private(2048), // reports of the size
    private(5522), // kitty's reports of a paste
    private(47),   // the alternate screen, three ways
    private(1047),
    private(1049),
    (None, 2, false),  // the keyboard is locked
    (None, 4, false),  // insert
    (None, 20, false), // a line feed also returns
];

/// The modes in which the terminal sends something by itself.
pub(super) const REPORTS: [u32; 8] = [9, 1000, 1001, 1002, 1003, 1004, 2031, 2048];
/// The alternate screen, by the numbers of its modes.
pub(super) const ALTERNATE: [u32; 3] = [47, 1047, 1049];
/// Modes whose end moves the cursor, or that change how all the rest is read.
pub(super) const APART: [u32; 5] = [2, 6, 47, 1047, 1049];

/// The bit of a mode; none for one that is not followed.
pub(super) fn bit(marker: Option<u8>, number: u32) -> u64 {
    let is = |mode: &&Mode| mode.0 == marker && mode.1 == number;
    TABLE
        .iter()
        .position(|mode| is(&mode))
        .map_or(0, |at| 1 << at)
}

pub(super) fn bits(numbers: &[u32]) -> u64 {
    let each = numbers.iter().map(|number| bit(Some(b'?'), *number));
    each.fold(0, |all, one| all | one)
}
