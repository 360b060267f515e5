//! Where policies are in a file: a policy document, what the `aws iam` commands print around one, the
//! account's authorization details, or a template. Trust policies are passed over: they say who may
//! become a role, not what it may do.

use super::account;
use super::json::{self, Malformed};
use super::node::{Node, Value};
use super::pattern::Part;
use super::quoted;
use super::template;
use super::yaml;

/// One policy and who has it.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    /// What it is called; empty where the file is the policy.
    pub title: String,
    pub holders: Vec<Holder>,
    pub document: Node,
}

/// Somebody a policy is attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub kind: Kind,
    pub name: String,
    pub arn: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Role,
    /// Whose roles are called `AWSReservedSSO_NAME_SUFFIX`.
    PermissionSet,
    /// A user or a group: never exempt.
    Other,
}

impl Holder {
    pub(super) fn named(kind: Kind, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            arn: None,
        }
    }

    /// Whether the reviewer named it: by its name or by its ARN.
    pub(super) fn is(&self, role: &str) -> bool {
        let name = match (&self.arn, role.starts_with("arn:")) {
            (Some(arn), true) => return arn == role,
            (None, true) => role.rsplit('/').next().unwrap_or(role),
            (_, false) => role,
        };
        match self.kind {
            Kind::Other => false,
            Kind::Role => self.name == name,
            Kind::PermissionSet => {
                let reserved = name
                    .strip_prefix("AWSReservedSSO_")
                    .and_then(|rest| rest.rsplit_once('_'));
                reserved.map_or(name, |(set, _)| set) == self.name
            }
        }
    }
}

/// A policy, and where parameters are not their defaults, in which case it is.
pub(super) use template::Cased;

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPolicy {
    /// Neither JSON nor YAML.
    #[error("it is neither JSON nor YAML: {0}")]
    Malformed(String),
    /// Values, but none that hold a policy.
    #[error(
        "it is no policy, no output of `aws iam get-account-authorization-details` and no CloudFormation template"
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
        // What follows a last `---` is no document.
        nodes.retain(|node| !matches!(node.value, Value::Null));
        Ok(nodes)
    }
}

/// Every policy of a document of the file; `None` when it is none of what is known.
pub(super) fn policies(root: &Node) -> Option<Vec<Cased>> {
    if template::is_template(root) {
        return Some(template::policies(root));
    }
    if let Some(body) = root.get("TemplateBody") {
        let body = unquoted(body).unwrap_or_else(|| body.clone());
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

/// A document by itself or in what `aws iam get-policy-version`, `get-role-policy` and their like print;
/// or a list of them.
fn bare(root: &Node) -> Option<Vec<Policy>> {
    if let Value::List(items) = &root.value {
        // A list of statements is what stands in a document.
        if items.iter().all(|item| item.get("Effect").is_some()) && !items.is_empty() {
            return Some(vec![untitled(wrapped(root))]);
        }
        let found: Option<Vec<Vec<Policy>>> = items.iter().map(bare).collect();
        return found
            .map(|found| found.concat())
            .filter(|found| !found.is_empty());
    }
    let document = unquoted(root).unwrap_or_else(|| root.clone());
    if document.get("Statement").is_some() {
        return Some(vec![untitled(document)]);
    }
    for holder in ["PolicyVersion", "Policy", "policy"] {
        if let Some(inner) = document.get(holder)
            && let Some(found) = bare(inner)
        {
            return Some(found);
        }
    }
    let named = |kind: Kind, key: &str| {
        let name = document.known_at(key)?;
        Some(Holder::named(kind, &name))
    };
    let holder = named(Kind::Role, "RoleName")
        .or_else(|| named(Kind::Other, "UserName"))
        .or_else(|| named(Kind::Other, "GroupName"));
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

/// Statements without a document around them; with the Version that everybody writes.
fn wrapped(statements: &Node) -> Node {
    let line = statements.line;
    let entry = |key: &str, node: Node| super::node::Entry {
        line,
        key: key.to_owned(),
        node,
    };
    Node {
        line,
        value: Value::Map(vec![
            entry("Version", Node::text(line, "2012-10-17")),
            entry("Statement", statements.clone()),
        ]),
    }
}

/// The JSON that a text holds, as it is or URL-encoded (RFC 3986), the form in which IAM's API answers.
/// What a template puts into the text stays what it is.
pub(super) fn unquoted(node: &Node) -> Option<Node> {
    let Value::Text(text) = &node.value else {
        return None;
    };
    let marked = quoted::marked(text)?;
    let trimmed = marked.trim();
    let decoded = if trimmed.starts_with('%') {
        percent_decoded(trimmed)?
    } else {
        trimmed.to_owned()
    };
    if !decoded.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let inner = json::read(&decoded).ok()?;
    Some(quoted::restored(inner, text).on_line(node.line))
}

/// The document that a value holds, quoted or not; one that cannot be read may say anything.
pub(super) fn readable(node: &Node) -> Node {
    let document = if node.is_map() {
        Some(node.clone())
    } else {
        unquoted(node)
    };
    document
        .filter(|document| document.get("Statement").is_some())
        .unwrap_or_else(|| template::unknown_document(node.line, UNREADABLE))
}

pub(super) const UNREADABLE: &str = "a document that cannot be read";

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next()?, rest.next()?];
            let hex = std::str::from_utf8(&hex).ok()?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The logical id that a fixed part stands for.
pub(super) fn logical_id(part: &Part) -> Option<&str> {
    match part {
        Part::Fixed(shown) => shown.strip_prefix("${")?.strip_suffix('}'),
        _ => None,
    }
}
