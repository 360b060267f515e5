//! Linux and macOS.

mod authorities;
mod error_numbers;
mod keyring;
mod local_socket;
mod permissions;
pub(crate) mod places;

pub(crate) use authorities::system_certificates;
pub(crate) use error_numbers::NO_DESCRIPTORS;
pub(crate) use keyring::{KEYRING, KEYRING_MODIFIERS, has_no_keyring, is_locked};
pub(crate) use local_socket::{LONGEST_SOCKET, LocalSocket, LocalStream, Unlistenable};
pub(crate) use permissions::shown_mode;
