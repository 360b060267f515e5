//! CloudFormation: the policies of a template's resources, its intrinsics resolved as far as the file
//! knows (CloudFormation Template Reference, "Intrinsic functions"). Each branch of `Fn::If` and each
//! allowed value of a parameter is a case of its own; what only the deployer knows stays open.

use super::cases::assignments;
use super::intrinsic::Resolver;
use super::node::{Node, Value};
use super::source::{Holder, Kind, Policy, logical_id};

/// A policy in one case of the template, and whether parameters stood for their defaults.
#[derive(Debug)]
pub(super) struct Cased {
    pub policy: Policy,
    pub defaults: bool,
}

/// Whether it is a template.
pub(super) fn is_template(root: &Node) -> bool {
    root.get("Resources").is_some_and(Node::is_map)
        && (root.get("AWSTemplateFormatVersion").is_some()
            || root.get("Resources").is_some_and(|resources| {
                resources
                    .entries()
                    .iter()
                    .any(|entry| entry.node.get("Type").is_some())
            }))
}

/// The policies of every resource that carries some, in every case.
pub(super) fn policies(root: &Node) -> Vec<Cased> {
    let mut cased = Vec::new();
    let Some(resources) = root.get("Resources") else {
        return cased;
    };
    for entry in resources.entries() {
        if entry.key.starts_with("Fn::") {
            cased.push(Cased {
                policy: Policy {
                    title: entry.key.clone(),
                    holders: Vec::new(),
                    document: unknown_document(entry.line, &entry.key),
                },
                defaults: true,
            });
            continue;
        }
        let kind = entry.node.known_at("Type").unwrap_or_default();
        let Some(properties) = entry.node.get("Properties") else {
            continue;
        };
        if !carries_policies(&kind) {
            continue;
        }
        for assignment in assignments(root, properties) {
            for defaults in [true, false] {
                let resolver = Resolver {
                    root,
                    assignment: &assignment,
                    defaults,
                };
                let properties = resolver.resolve(properties);
                let holders = holders(&resolver, &entry.key, &kind, &properties);
                for (name, document) in documents(&kind, &properties) {
                    let title = match name {
                        Some(name) => format!("{}, policy {name}", entry.key),
                        None => entry.key.clone(),
                    };
                    cased.push(Cased {
                        policy: Policy {
                            title,
                            holders: holders.clone(),
                            document,
                        },
                        defaults,
                    });
                }
            }
        }
    }
    cased
}

fn carries_policies(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::IAM::Policy"
            | "AWS::IAM::ManagedPolicy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::UserPolicy"
            | "AWS::IAM::GroupPolicy"
            | "AWS::IAM::Role"
            | "AWS::IAM::User"
            | "AWS::IAM::Group"
            | "AWS::SSO::PermissionSet"
            | "AWS::Serverless::Function"
            | "AWS::Serverless::StateMachine"
    )
}

/// A document of which nothing is known.
pub(super) fn unknown_document(line: usize, what: &str) -> Node {
    let mut document = Node::text(line, "");
    document.value = Value::Map(vec![super::node::Entry {
        line,
        key: "Statement".to_owned(),
        node: Node {
            line,
            value: Value::Unknown(what.to_owned()),
        },
    }]);
    document
}

/// A resource's documents, each with its name where it has one.
fn documents(kind: &str, properties: &Node) -> Vec<(Option<String>, Node)> {
    let document = |node: &Node| match &node.value {
        Value::Unknown(what) => Some(unknown_document(node.line, what)),
        Value::Null => None,
        _ => super::source::unquoted(node).or_else(|| Some(node.clone())),
    };
    if let Value::Unknown(what) = &properties.value {
        return vec![(None, unknown_document(properties.line, what))];
    }
    let single = match kind {
        "AWS::SSO::PermissionSet" => properties.get("InlinePolicy"),
        _ => properties.get("PolicyDocument"),
    };
    let mut found: Vec<(Option<String>, Node)> = single
        .and_then(document)
        .map(|document| (None, document))
        .into_iter()
        .collect();
    for inline in properties.get("Policies").map_or(&[][..], Node::items) {
        let name = inline.get("PolicyName").and_then(|name| match &name.value {
            Value::Text(text) => Some(text.shown()),
            _ => None,
        });
        match (&inline.value, inline.get("PolicyDocument")) {
            (_, Some(node)) => found.extend(document(node).map(|document| (name, document))),
            (Value::Unknown(what), None) => {
                found.push((None, unknown_document(inline.line, what)));
            }
            // A Serverless resource takes documents as they are.
            (Value::Map(_), None) if inline.get("Statement").is_some() => {
                found.push((None, inline.clone()));
            }
            _ => {}
        }
    }
    found
}

/// Who has the resource's policies.
fn holders(resolver: &Resolver<'_>, id: &str, kind: &str, properties: &Node) -> Vec<Holder> {
    let own = |kind: Kind, name: &str| {
        let known = properties.known_at(name);
        vec![Holder::named(kind, known.as_deref().unwrap_or(id))]
    };
    match kind {
        "AWS::IAM::Role" => return own(Kind::Role, "RoleName"),
        "AWS::IAM::User" => return own(Kind::Other, "UserName"),
        "AWS::IAM::Group" => return own(Kind::Other, "GroupName"),
        "AWS::SSO::PermissionSet" => return own(Kind::PermissionSet, "Name"),
        _ => {}
    }
    let mut holders = Vec::new();
    for (property, kind) in [
        ("Roles", Kind::Role),
        ("RoleName", Kind::Role),
        ("Users", Kind::Other),
        ("UserName", Kind::Other),
        ("Groups", Kind::Other),
        ("GroupName", Kind::Other),
    ] {
        for holder in properties.get(property).map_or(&[][..], Node::items) {
            holders.push(Holder::named(kind, &physical_name(resolver, holder)));
        }
    }
    for (other, resource) in resolver.resources() {
        let kind = match resource.known_at("Type").as_deref() {
            Some("AWS::IAM::Role") => Kind::Role,
            Some("AWS::IAM::User" | "AWS::IAM::Group") => Kind::Other,
            _ => continue,
        };
        let Some(attached) = resource
            .get("Properties")
            .and_then(|properties| properties.get("ManagedPolicyArns"))
        else {
            continue;
        };
        let has_it = resolver.resolve(attached).items().iter().any(|arn| {
            matches!(&arn.value, Value::Text(text)
                if text.0.iter().map(logical_id).eq([Some(id)]))
        });
        if has_it {
            let name = resolver.name_of(other);
            holders.push(Holder::named(kind, name.as_deref().unwrap_or(other)));
        }
    }
    holders
}

/// The name of a role or user that is listed by name or by reference.
fn physical_name(resolver: &Resolver<'_>, holder: &Node) -> String {
    match &holder.value {
        Value::Text(text) => match text.0.as_slice() {
            [part] if logical_id(part).is_some() => {
                let id = logical_id(part).unwrap_or_default();
                resolver.name_of(id).unwrap_or_else(|| id.to_owned())
            }
            _ => text.shown(),
        },
        Value::Unknown(what) => what.clone(),
        _ => String::new(),
    }
}
