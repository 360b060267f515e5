//! `~/.aws/config` and `~/.aws/credentials`: their profiles, with file and line of each value.
//! What is not used never stops a command. What is used and cannot be read is refused by name.

mod files;
mod lines;
mod place;
mod sdk;
mod section;

pub(crate) use files::SharedFiles;
pub(super) use sdk::profile_set;
pub(crate) use section::Section;
pub(super) use section::unreadable;
