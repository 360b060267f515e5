//! x

pub mod channel;
pub mod iam;
