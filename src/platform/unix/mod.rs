//! Linux and macOS.

mod authorities;
mod becoming;
mod child;
pub(crate) mod controlling;
pub(crate) mod descriptors;
mod error_numbers;
mod errors;
pub(crate) mod files;
mod hints;
pub(crate) mod input;
mod keyring;
mod local_socket;
pub(crate) mod lock;
mod look_up;
mod memory;
mod open;
mod peer;
mod permissions;
pub(crate) mod places;
mod plugin;
mod quote;
mod ready;
mod shell;
mod signals;
mod stack;
pub(crate) mod terminal;
pub(crate) mod title;
mod trust;
#[cfg(any(not(target_os = "linux"), test))]
mod watcher;

pub(crate) use authorities::system_certificates;
pub(crate) use becoming::{become_command, exit_code, fits_a_command_line};
pub(crate) use child::{
    JobControl, Leash, Program, Stop, hears_the_keyboard, status_code, stop_too, was_killed,
};
pub(crate) use error_numbers::NO_DESCRIPTORS;
pub(crate) use errors::{has_no_reader, no_such_file, not_a_folder, too_many_links};
pub(crate) use hints::{MORE_DESCRIPTORS, SHELL_SYNTAX, TERM_IS_USUAL};
pub(crate) use keyring::{
    GET_KEYRING, KEYRING, KEYRING_IS_SMALL, KEYRING_MODIFIERS, UNLOCK, has_no_keyring, is_locked,
};
pub(crate) use local_socket::{LONGEST_SOCKET, LocalSocket, LocalStream, Unlistenable};
pub(crate) use look_up::{look_up_program, piece, program_file};
pub(crate) use memory::keep_memory_private;
pub(crate) use open::{is_executable, open_to_read};
pub(crate) use peer::Peers;
pub(crate) use permissions::shown_mode;
pub(crate) use plugin::{INSTALL_PLUGIN, plugin_folders};
pub(crate) use quote::{quoted, quoted_in_profile};
pub(crate) use shell::{
    NULL_FILE, SYSTEM_VARIABLES, is_named, is_same_file, shell, shell_words, system_path,
};
pub(crate) use signals::{Endings, ending_name, time_to_end};
pub use stack::on_a_deep_stack;
#[cfg(test)]
pub(crate) use trust::{Accounts, OVERFLOW_UID};
pub(crate) use trust::{Flaw, Found, Judge, look_command};
