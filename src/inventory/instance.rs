//! One instance of a customer, as plain data, and whether it may be used.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Serialize, Serializer};

use super::word::Word;
use crate::names::Region;
use crate::settings::Customer;

/// An EC2 instance, and what Systems Manager says of its agent.
/// Serialized it is one element of the `instances` of `list`'s JSON.
///
/// All text in it was written in the customer's account: escape it before showing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_field_names,
    reason = "AWS's names, and those of the JSON"
)]
pub(crate) struct Instance {
    /// The customer's name in the settings file.
    pub customer: Word,
    /// The reservation's OwnerId.
    pub account_id: Option<Word>,
    /// The region it was found in.
    #[serde(serialize_with = "as_text")]
    pub region: Region,
    pub availability_zone: Option<Word>,
    /// The instance id, `i-` and 8 or 17 hexadecimal digits.
    pub instance_id: String,
    /// The Name tag, unless it is empty.
    pub name: Option<String>,
    /// The state's name, such as `running`.
    pub state: Option<Word>,
    /// The agent's PingStatus (`Online`, `ConnectionLost`, `Inactive`).
    /// `None`: not asked, not answered, or not known to Systems Manager.
    pub ping_status: Option<Word>,
    /// EC2's PlatformDetails, such as `Linux/UNIX`, else Systems Manager's PlatformName.
    /// It is the same whether or not the customer lets vendor-ssm ask Systems Manager.
    pub platform: Option<Word>,
    pub instance_type: Option<Word>,
    /// The primary private IPv4 address; the IPv6 address of an instance that has no other.
    pub private_ip: Option<String>,
    pub tags: BTreeMap<String, String>,
    /// All addresses of all network interfaces, to find it by.
    #[serde(skip)]
    pub addresses: Vec<IpAddr>,
}

fn as_text<S: Serializer>(region: &Region, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(region)
}

impl Instance {
    /// Whether it runs Windows; every name that AWS has for that holds the word.
    pub(crate) fn is_windows(&self) -> bool {
        self.platform
            .as_ref()
            .is_some_and(|platform| platform.to_ascii_lowercase().contains("windows"))
    }

    /// Whether its agent was connected when AWS was asked.
    pub(crate) fn is_online(&self) -> bool {
        self.ping_status.as_deref() == Some("Online")
    }

    /// Forgets what no row of a table shows.
    pub(super) fn shrink(&mut self) {
        self.tags = BTreeMap::new();
        self.addresses = Vec::new();
    }

    /// Checks that it is in the customer's account and carries the vendor's tag.
    /// Key and value have to be exactly these. [`list`] has checked all that it returns.
    pub(crate) fn verify(&self, customer: &Customer) -> Result<(), Mismatch> {
        let expected = customer.role_arn.account().as_str();
        if self.account_id.as_deref() != Some(expected) {
            return Err(Mismatch::Owner {
                instance_id: self.instance_id.clone(),
                owner: self.account_id.as_deref().unwrap_or_default().to_owned(),
                expected: expected.to_owned(),
            });
        }
        if self.tags.get(&customer.tag_key) != Some(&customer.tag_value) {
            return Err(Mismatch::Tag {
                instance_id: self.instance_id.clone(),
                key: customer.tag_key.clone(),
                value: customer.tag_value.clone(),
            });
        }
        Ok(())
    }
}

/// AWS answered with an instance that was not asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mismatch {
    /// It is in another account than the customer role.
    #[error("instance {instance_id} belongs to account {owner:?} instead of {expected}")]
    Owner {
        instance_id: String,
        /// The account that owns it, as AWS says; empty when it says nothing.
        owner: String,
        /// The customer role's account.
        expected: String,
    },
    /// It lacks the vendor's tag, though only tagged instances were asked for.
    #[error("instance {instance_id} does not carry the tag {key}={value}")]
    Tag {
        instance_id: String,
        key: String,
        /// The value that was asked for.
        value: String,
    },
}
