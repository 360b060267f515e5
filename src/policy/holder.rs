//! A policy as a file holds it, and who has it.
//! That may be a role, a user, a group or a permission set.

use super::node::Node;

/// One policy and who has it.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    /// What it is called; empty if the file is the policy.
    pub title: String,
    pub holders: Vec<Holder>,
    pub document: Node,
}

/// A policy in one case of a template, and whether its parameters had their defaults.
#[derive(Debug)]
pub(super) struct Cased {
    pub policy: Policy,
    pub defaults: bool,
}

/// A role, user, group or permission set that has a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub kind: HolderKind,
    pub name: String,
    pub arn: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HolderKind {
    Role,
    /// Its roles are called `AWSReservedSSO_NAME_SUFFIX`.
    PermissionSet,
    /// A user or a group: never exempt.
    Other,
}

impl Holder {
    pub(super) fn named(kind: HolderKind, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            arn: None,
        }
    }

    /// Whether `--break-glass ROLE` means this holder, by its name or by its ARN.
    pub(super) fn is(&self, role: &str) -> bool {
        let name = match (&self.arn, role.starts_with("arn:")) {
            (Some(arn), true) => return arn == role,
            (None, true) => role.rsplit('/').next().unwrap_or(role),
            (_, false) => role,
        };
        match self.kind {
            HolderKind::Other => false,
            HolderKind::Role => self.name == name,
            HolderKind::PermissionSet => {
                let reserved = name
                    .strip_prefix("AWSReservedSSO_")
                    .and_then(|rest| rest.rsplit_once('_'));
                reserved.map_or(name, |(set, _)| set) == self.name
            }
        }
    }
}
