//! An AWS on 127.0.0.1 to test vendor-ssm against:
//! STS, EC2, Session Manager and its data channel, refusing by the policies of a vendor and its
//! customers. It shares no code with vendor-ssm, so that the two read AWS's wire formats
//! independently.
//!
//! ```
//! # fn main() -> Result<(), vendor_ssm_sandbox::StartError> {
//! let sandbox = vendor_ssm_sandbox::Sandbox::start(Default::default())?;
//! assert!(sandbox.endpoint().starts_with("http://127.0.0.1:"));
//! assert!(sandbox.trail().is_empty());
//! # Ok(())
//! # }
//! ```

// For Windows' unit tests, what builds there is enough. An instance's shell is Unix's.
#![cfg_attr(not(unix), expect(dead_code, reason = "an instance is Unix's"))]

mod background;
mod bearer;
mod bucket;
mod call;
mod caller;
pub mod channel;
pub mod clock;
pub mod cloudformation;
pub mod documented;
mod ec2;
pub mod faults;
pub mod iam;
pub mod kms;
pub mod metadata;
pub mod options;
pub mod plugin;
pub mod proxy;
mod relay;
mod sandbox;
mod server;
mod shared;
mod sigv4;
mod ssm;
mod sts;
pub mod tls;
pub mod trail;
pub mod world;

pub use options::{Options, ResumedUrl};
pub use sandbox::{Keys, Sandbox, StartError};
