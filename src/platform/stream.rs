//! The three standard streams, a terminal's size, and what may be wrong with a terminal.

use std::fmt;

/// A standard stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Input,
    Output,
    Error,
}

/// A terminal's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub cols: u16,
    pub rows: u16,
}

/// Why vendor-ssm cannot use the terminal as one. Only Windows has such terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    all(unix, not(test)),
    expect(dead_code, reason = "terminals of Unix have no trouble")
)]
pub(crate) enum Trouble {
    /// The windows of Git Bash and Cygwin are pipes for a program of Windows.
    OutOfReach,
    /// An old console.
    Plain,
    /// A console that shows control sequences as text, as wine's does.
    Verbatim,
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OutOfReach => "the window of Git Bash or Cygwin is only a pipe for vendor-ssm",
            Self::Plain => "this console takes no control sequences",
            Self::Verbatim => "this console shows control sequences as text",
        })
    }
}

impl Trouble {
    /// What to do about it.
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::OutOfReach => "run `winpty vendor-ssm \u{2026}`, or use Windows Terminal",
            Self::Verbatim => "use Windows Terminal",
            Self::Plain => {
                "use Windows Terminal, or switch off \"Use legacy console\" in the properties of the \
                 console's window"
            }
        }
    }
}
