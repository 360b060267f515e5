//! The account's authorization details: the policies of every user, group and role.
//! An attached policy whose document is missing is undecided, never skipped.

use std::collections::{HashMap, HashSet};

use super::document::{absent, readable, unknown};
use super::doubt::Doubt;
use super::holder::{Holder, HolderKind, Policy};
use super::node::Node;

const LISTS: [(&str, &str, &str, HolderKind, &str); 3] = [
    (
        "UserDetailList",
        "UserName",
        "UserPolicyList",
        HolderKind::Other,
        "user",
    ),
    (
        "GroupDetailList",
        "GroupName",
        "GroupPolicyList",
        HolderKind::Other,
        "group",
    ),
    (
        "RoleDetailList",
        "RoleName",
        "RolePolicyList",
        HolderKind::Role,
        "role",
    ),
];

/// Whether it is the output of `aws iam get-account-authorization-details`.
pub(super) fn is_authorization_details(root: &Node) -> bool {
    LISTS.iter().any(|(list, ..)| root.get(list).is_some())
}

/// Every inline policy, and the default version of every managed policy.
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
    let mut having: HashMap<&str, Vec<Holder>> = HashMap::new();
    for (_, arn, holder) in &attached {
        having.entry(arn).or_default().push(holder.clone());
    }
    let holders_of = |arn: &str| having.get(arn).cloned().unwrap_or_default();
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
            _ => absent(policy.line, &arn),
        };
        let name = policy.known_at("PolicyName").unwrap_or_else(|| arn.clone());
        found.push(Policy {
            title: format!("policy {name}{}", had_by(&holders)),
            holders,
            document,
        });
        known.insert(arn);
    }
    found.extend(cut_off(root));
    // AWS's own are missing if the command listed only local policies.
    for (policy, arn, _) in &attached {
        if known.insert(arn.clone()) {
            let holders = holders_of(arn);
            let name = policy.known_at("PolicyName").unwrap_or_else(|| arn.clone());
            found.push(Policy {
                title: format!("policy {name}{}", had_by(&holders)),
                holders,
                document: absent(policy.line, arn),
            });
        }
    }
    found
}

/// What stands for the rest of a listing that has more pages.
/// IAM's API says so with IsTruncated, `aws iam` with NextToken.
fn cut_off(root: &Node) -> Option<Policy> {
    let says_so = |key: &str| root.get(key).filter(|value| value.known().is_some());
    let mark = says_so("IsTruncated")
        .filter(|value| value.known().as_deref() == Some("true"))
        .or_else(|| says_so("NextToken"))?;
    Some(Policy {
        title: "the listing".to_owned(),
        holders: Vec::new(),
        document: unknown(mark.line, Doubt::CutListing),
    })
}

/// Who has a managed policy, the first few by name.
fn had_by(holders: &[Holder]) -> String {
    const NAMED: usize = 3;
    let names = holders.iter().take(NAMED);
    let names: Vec<&str> = names.map(|holder| holder.name.as_str()).collect();
    match holders.len() {
        0 => String::new(),
        1..=NAMED => format!(" of {}", names.join(", ")),
        many => format!(" of {} and {} more", names.join(", "), many - NAMED),
    }
}

/// The document under a key of a policy or of its version.
fn document(holder: &Node, key: &str) -> Node {
    match holder.get(key) {
        Some(found) => readable(found),
        None => unknown(holder.line, Doubt::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Severity, check};

    #[test]
    fn a_page_of_a_listing_is_undecided() {
        let page = |more: &str| format!(r#"{{"RoleDetailList": [], "Policies": []{more}}}"#);
        for (more, is_cut) in [
            (r#", "IsTruncated": true, "Marker": "AAAB""#, true),
            (r#", "NextToken": "eyJ""#, true),
            (r#", "NextToken": null"#, false),
            (r#", "IsTruncated": false"#, false),
            ("", false),
        ] {
            let found = check(&page(more), &[]).unwrap().findings;
            assert_eq!(!found.is_empty(), is_cut, "{more}: {found:?}");
            for finding in found {
                assert_eq!(finding.severity, Severity::Undecided);
                let ends = "it depends on the rest of the listing, which is cut off";
                assert!(finding.message.ends_with(ends), "{}", finding.message);
                assert!(finding.fix.unwrap().contains("without --max-items"));
            }
        }
    }
}
