//! How a file of vendor-ssm's own is opened for writing.

/// Whether a file is made when it is opened for writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Create {
    /// It has to be there.
    Never,
    /// It is made if it is not there.
    IfMissing,
    /// It must not be there yet.
    Always,
}

/// What a file is that another program may have made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device other than a terminal, such as `/dev/null`.
    Device,
    /// A pipe, a socket, a terminal.
    Other,
}
