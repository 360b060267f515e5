//! The calls to Session Manager, a file each, and the role that makes them while a session lives.

pub(crate) mod describe;
pub(crate) mod gate;
pub(crate) mod live_role;
pub(crate) mod resume;
pub(crate) mod start;
pub(crate) mod terminate;
mod wait;
