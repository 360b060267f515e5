//! What a hint says to do on this system.

/// What to do if no handle is left. Windows has no limit that a user could raise.
pub(crate) const MORE_DESCRIPTORS: &str =
    "close programs that hold many files or connections open, and try again";

/// How to run a line of shell syntax where a program is expected.
pub(crate) const SHELL_SYNTAX: &str = "`cmd /c …` runs what the command prompt has built in";

/// Whether terminals say their kind in `TERM`: Windows Terminal and the console do not.
pub(crate) const TERM_IS_USUAL: bool = false;
