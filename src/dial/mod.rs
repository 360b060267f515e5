//! From a host to a byte stream, for API calls and the data channel alike.
//!
//! A host that will soon be asked can be dialled ahead, while another one answers: what follows
//! then waits for no connection. Nothing is sent on a stream before its caller has it, and one that
//! has stood for too long is dropped unused.

mod ahead;
mod connect;
mod dialer;
mod ways;

pub use connect::DialError;
pub(crate) use connect::Stream;
pub use dialer::Dialer;
pub use ways::{Proxy, Ways};

#[cfg(test)]
pub(crate) mod tests;
