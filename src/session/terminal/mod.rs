//! This machine's terminal:
//! keys, output, mode and size, and what a program may have left switched on.

pub(crate) mod keyboard;
pub(crate) mod mode;
pub(crate) mod output;
pub(crate) mod reset;
pub(crate) mod screen;
pub(crate) mod title;
