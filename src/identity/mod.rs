//! Who vendor-ssm is to AWS:
//! the base identity, the vendor role and the customer role, from the cache or by walking the role
//! chain. Refused is any answer that is not the role that was asked for.
//!
//! The chain is walked before a client for EC2 or SSM is built, and not inside a credentials
//! provider. A person may be typing an MFA code, which takes longer than the SDK waits.

mod arn;
mod assume;
mod base;
mod binding;
mod cache;
mod chain;
mod entry;
mod error;
mod facts;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod identities;
mod index;
mod lock;
mod notes;
mod probe;
pub(crate) mod refused;
mod role;
mod session_policy;
mod store;
mod vendor;
mod walk;

pub(crate) use binding::{OtherName, needs_base, other_name, source_identity};
pub(crate) use cache::CacheUse;
pub(crate) use chain::Scope;
pub(crate) use error::{Error, ErrorKind, Step};
pub(crate) use identities::{Identity, Whoami};
pub(crate) use probe::{BaseIdentity, Without};
pub(crate) use role::{AssumedRole, Source};
pub(crate) use session_policy::{SessionPolicy, Task};
