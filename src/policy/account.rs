//! The account's authorization details: the policies that everybody has, inline and attached. Refused is
//! silence about an attached policy whose document is not there.

use std::collections::HashSet;

use super::node::Node;
use super::source::{Holder, Kind, Policy, UNREADABLE, readable};
use super::template::{absent_document, unknown_document};

const LISTS: [(&str, &str, &str, Kind, &str); 3] = [
    (
        "UserDetailList",
        "UserName",
        "UserPolicyList",
        Kind::Other,
        "user",
    ),
    (
        "GroupDetailList",
        "GroupName",
        "GroupPolicyList",
        Kind::Other,
        "group",
    ),
    (
        "RoleDetailList",
        "RoleName",
        "RolePolicyList",
        Kind::Role,
        "role",
    ),
];

/// Whether it is what `aws iam get-account-authorization-details` prints.
pub(super) fn is_authorization_details(root: &Node) -> bool {
    LISTS.iter().any(|(list, ..)| root.get(list).is_some())
}

/// The inline policies of everybody, and the default version of every managed policy.
pub(super) fn policies(root: &Node) -> Vec<Policy> {
    let mut found = Vec::new();
    let mut attached: Vec<(&Node, String, Holder)> = Vec::new();
    for (list, name, inline, kind, word) in LISTS {
        for principal in root.get(list).map_or(&[][..], Node::items) {
            let holder = Holder {
                kind,
                name: principal.known_at(name).unwrap_or_default(),
                arn: principal.known_at("Arn"),
            };
            for policy in principal.get(inline).map_or(&[][..], Node::items) {
                let title = policy.known_at("PolicyName").unwrap_or_default();
                found.push(Policy {
                    title: format!("{word} {}, policy {title}", holder.name),
                    holders: vec![holder.clone()],
                    document: document(policy, "PolicyDocument"),
                });
            }
            let managed = principal.get("AttachedManagedPolicies");
            for policy in managed.map_or(&[][..], Node::items) {
                let arn = policy.known_at("PolicyArn").unwrap_or_default();
                attached.push((policy, arn, holder.clone()));
            }
        }
    }
    let holders_of = |arn: &str| -> Vec<Holder> {
        let having = attached.iter().filter(|(_, of, _)| of == arn);
        having.map(|(.., holder)| holder.clone()).collect()
    };
    let mut known = HashSet::new();
    for policy in root.get("Policies").map_or(&[][..], Node::items) {
        let arn = policy.known_at("Arn").unwrap_or_default();
        let holders = holders_of(&arn);
        let versions = policy.get("PolicyVersionList").map_or(&[][..], Node::items);
        let default = versions
            .iter()
            .find(|version| version.known_at("IsDefaultVersion").as_deref() == Some("true"));
        let document = match (default, versions) {
            (Some(default), _) | (None, [default]) => document(default, "Document"),
            _ => absent_document(policy.line, &arn),
        };
        let name = policy.known_at("PolicyName").unwrap_or_else(|| arn.clone());
        found.push(Policy {
            title: format!("policy {name}{}", had_by(&holders)),
            holders,
            document,
        });
        known.insert(arn);
    }
    // AWS's own, where the command was told to list only the customer's.
    for (policy, arn, _) in &attached {
        if known.insert(arn.clone()) {
            let holders = holders_of(arn);
            let name = policy.known_at("PolicyName").unwrap_or_else(|| arn.clone());
            found.push(Policy {
                title: format!("policy {name}{}", had_by(&holders)),
                holders,
                document: absent_document(policy.line, arn),
            });
        }
    }
    found
}

/// Who has a managed policy, the first few by name.
fn had_by(holders: &[Holder]) -> String {
    const NAMED: usize = 3;
    let names: Vec<&str> = holders.iter().map(|holder| holder.name.as_str()).collect();
    match names.len() {
        0 => String::new(),
        1..=NAMED => format!(" of {}", names.join(", ")),
        many => format!(
            " of {} and {} more",
            names[..NAMED].join(", "),
            many - NAMED
        ),
    }
}

/// A document in a list of the account's.
fn document(holder: &Node, key: &str) -> Node {
    match holder.get(key) {
        Some(found) => readable(found),
        None => unknown_document(holder.line, UNREADABLE),
    }
}
