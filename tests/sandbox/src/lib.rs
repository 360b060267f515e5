//! x

pub mod channel;
pub mod iam;
pub mod world;
