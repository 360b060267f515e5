//! Linux and macOS.

mod authorities;
pub(crate) mod controlling;
mod error_numbers;
mod errors;
pub(crate) mod input;
mod keyring;
mod local_socket;
mod permissions;
pub(crate) mod places;
mod quote;
mod ready;
pub(crate) mod terminal;
pub(crate) mod title;
mod trust;

pub(crate) use authorities::system_certificates;
pub(crate) use error_numbers::NO_DESCRIPTORS;
pub(crate) use errors::{no_such_file, not_a_folder, too_many_links};
pub(crate) use keyring::{
    GET_KEYRING, KEYRING, KEYRING_IS_SMALL, KEYRING_MODIFIERS, UNLOCK, has_no_keyring, is_locked,
};
pub(crate) use local_socket::{LONGEST_SOCKET, LocalSocket, LocalStream, Unlistenable};
pub(crate) use permissions::shown_mode;
pub(crate) use quote::quoted;
#[cfg(test)]
pub(crate) use trust::{Accounts, OVERFLOW_UID};
pub(crate) use trust::{Flaw, Found, Judge, look_command};
