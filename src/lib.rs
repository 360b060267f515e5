//! vendor-ssm opens Session Manager sessions on customers' EC2 instances.
//!
//! Data flows one way, and a command is where you get off:
//!
//! ```text
//! args ──> settings ──> identity ──> inventory ──> choice ──> session ──> exit code
//! ```

pub mod args;
pub mod aws;
pub mod callbacks;
pub mod channel;
pub mod choice;
pub mod exit;
pub mod identity;
pub mod inventory;
pub mod os;
pub mod settings;
