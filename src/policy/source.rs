//! Where policies are in a file.
//! It may be a policy document, the output of an `aws iam` command around one, the account's
//! authorization details, or a template. Trust policies are skipped: they say who may assume a
//! role, not what it may do.

use super::account;
use super::document::{unquoted, wrapped};
use super::holder::{Cased, Holder, HolderKind, Policy};
use super::json::{self, Malformed};
use super::nested;
use super::node::{Node, Value};
use super::template;
use super::yaml;

/// Why a text is not a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAPolicy {
    /// Neither JSON nor YAML.
    #[error("it is neither JSON nor YAML: {0}")]
    Malformed(String),
    /// Values, but none that hold a policy.
    #[error(
        "it is not a policy, the output of `aws iam get-account-authorization-details`, or a CloudFormation template"
    )]
    Other,
}

/// The file's values: JSON if it begins like JSON, else YAML.
pub(super) fn read(text: &str) -> Result<Vec<Node>, NotAPolicy> {
    let begins = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let malformed = |error: &Malformed| NotAPolicy::Malformed(error.to_string());
    if begins.starts_with(['{', '[']) {
        json::read(text)
            .map(|node| vec![node])
            .map_err(|error| malformed(&error))
    } else {
        let mut nodes = yaml::read(text).map_err(|error| malformed(&error))?;
        // What follows a last `---` is not a document.
        nodes.retain(|node| !matches!(node.value, Value::Null));
        Ok(nodes)
    }
}

/// Every policy of one document of the file; `None` if the document is not of a known form.
pub(super) fn policies(root: &Node) -> Option<Vec<Cased>> {
    if template::is_template(root) {
        return Some(template::policies(root));
    }
    if let Some(body) = root.get("TemplateBody") {
        let body = nested::body_of(body)?;
        return template::is_template(&body).then(|| template::policies(&body));
    }
    let found = if account::is_authorization_details(root) {
        account::policies(root)
    } else {
        bare(root)?
    };
    let cased = |policy| Cased {
        policy,
        defaults: true,
    };
    Some(found.into_iter().map(cased).collect())
}

/// A document by itself, or inside the output of an `aws iam` command; or a list of them.
/// Such commands are `get-policy-version`, `get-role-policy` and the like.
fn bare(root: &Node) -> Option<Vec<Policy>> {
    if let Value::List(items) = &root.value {
        // A list of statements is the inside of a document.
        if items.iter().all(|item| item.get("Effect").is_some()) && !items.is_empty() {
            return Some(vec![untitled(wrapped(root))]);
        }
        let found: Option<Vec<Vec<Policy>>> = items.iter().map(bare).collect();
        return found
            .map(|found| found.concat())
            .filter(|found| !found.is_empty());
    }
    let quoted = unquoted(root);
    let document = quoted.as_ref().unwrap_or(root);
    if document.get("Statement").is_some() {
        return Some(vec![untitled(document.clone())]);
    }
    for holder in ["PolicyVersion", "Policy"] {
        if let Some(inner) = document.get(holder)
            && let Some(found) = bare(inner)
        {
            return Some(found);
        }
    }
    let named = |kind: HolderKind, key: &str| {
        let name = document.known_at(key)?;
        Some(Holder::named(kind, &name))
    };
    let holder = named(HolderKind::Role, "RoleName")
        .or_else(|| named(HolderKind::Other, "UserName"))
        .or_else(|| named(HolderKind::Other, "GroupName"));
    for key in ["PolicyDocument", "Document", "InlinePolicy"] {
        let Some(inner) = document.get(key) else {
            continue;
        };
        let inner = unquoted(inner).unwrap_or_else(|| inner.clone());
        if inner.get("Statement").is_some() {
            return Some(vec![Policy {
                title: document.known_at("PolicyName").unwrap_or_default(),
                holders: holder.into_iter().collect(),
                document: inner,
            }]);
        }
    }
    None
}

fn untitled(document: Node) -> Policy {
    Policy {
        title: String::new(),
        holders: Vec::new(),
        document,
    }
}
