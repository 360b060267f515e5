//! What the judges of each system are asked.

/// How much is demanded of something, so that no other user can change what a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// It is a part of the way, and the next part of the way is in it.
    /// The user or an administrator owns it. Others may add entries to it, but may not replace
    /// entries.
    Way,
    /// The way ends here, or at something below it that is still to be made.
    /// Others may add entries to a folder, but may neither replace them nor turn it into a link.
    End,
    /// Only this user and administrators may write it, or add anything to it.
    Closed,
    /// vendor-ssm has made it for itself: it is this user's own, and no other user may write it.
    Own,
    /// As `Own`, and no other user may read or enter it.
    Private,
}
