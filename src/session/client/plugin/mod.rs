//! AWS's session-manager-plugin:
//! found and trusted, handed a session, supervised, given credentials.

pub(crate) mod credentials_server;
pub(crate) mod find;
pub(crate) mod hand_off;
pub(crate) mod supervise;
pub(crate) mod version;
