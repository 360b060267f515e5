//! What each system does in its own way: terminals, signals, programs, files and folders.
//! `unix` and `windows` have the same items; all other files of vendor-ssm are the same everywhere.
//! Nothing here reads the environment: what it needs of it comes with [`Os`](crate::os::Os).

#[cfg(any(windows, test))]
mod access_list;
mod create;
#[cfg(any(windows, test))]
mod file_names;
#[cfg(any(windows, test))]
mod keys;
pub(crate) mod stream;
#[cfg(any(windows, test))]
mod text;
mod trust;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) use create::{Create, What};
pub(crate) use trust::Demand;
#[cfg(unix)]
pub use unix::*;
#[cfg(windows)]
pub use windows::*;
