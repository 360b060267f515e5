//! What a hint says to do on this system.

/// What to do if no file descriptor is left (getrlimit(2)).
pub(crate) const MORE_DESCRIPTORS: &str =
    "raise the limit with `ulimit -n 1024`, in the shell that starts vendor-ssm";

/// How to run a line of shell syntax where a program is expected.
pub(crate) const SHELL_SYNTAX: &str = "`sh -c '…'` runs shell syntax";

/// Whether terminals say their kind in `TERM`.
pub(crate) const TERM_IS_USUAL: bool = true;
