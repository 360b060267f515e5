//! CloudFormation: the policies of a template's resources.
//! Functions are resolved as far as the file allows (CloudFormation Template Reference, "Intrinsic
//! functions"). Each branch of `Fn::If` and each allowed value of a parameter is a case of its own;
//! values that are chosen at deployment stay open.

use super::cases::{MOST_CASES, assignments};
use super::document::{absent, readable, unknown};
use super::doubt::Doubt;
use super::holder::{Cased, Holder, HolderKind, Policy};
use super::intrinsic::Resolver;
use super::logical::Template;
use super::nested::{Brought, brought, call_in, macros};
use super::node::{Node, Value, weight};
use super::pattern::{Answer, Pattern, literal};
use super::place::PARTITIONS;
use super::resolved::logical_id;

/// Whether a file's value is a template.
pub(super) fn is_template(root: &Node) -> bool {
    root.get("Resources").is_some_and(Node::is_map)
        && (root.get("AWSTemplateFormatVersion").is_some()
            || root.get("Resources").is_some_and(|resources| {
                resources
                    .entries()
                    .iter()
                    .any(|entry| entry.node.get("Type").is_some() || entry.key.starts_with("Fn::"))
            }))
}

/// How many templates may be inside one another; the code that reads them is recursive.
const MOST_NESTED: usize = 5;

/// The policies of every resource that has some, in every case.
pub(super) fn policies(root: &Node) -> Vec<Cased> {
    within(root, 0, MOST_CASES)
}

/// The policies of a template that is inside as many others as `depth` says.
/// Templates inside one another share the number of cases.
fn within(root: &Node, depth: usize, most_cases: usize) -> Vec<Cased> {
    let template = Template::new(root);
    let mut cased: Vec<Cased> = macros(root)
        .into_iter()
        .map(|(line, doubt)| in_doubt("Transform", line, doubt, true))
        .collect();
    let Some(resources) = root.get("Resources") else {
        return cased;
    };
    for entry in resources.entries() {
        let call = if entry.key.starts_with("Fn::") {
            Some(entry)
        } else {
            call_in(&entry.node)
        };
        if let Some(call) = call {
            let doubt = Doubt::Template(call.key.clone());
            cased.push(in_doubt(&entry.key, call.line, doubt, true));
            continue;
        }
        let kind = entry.node.known_at("Type").unwrap_or_default();
        let none = Node {
            line: entry.line,
            value: Value::Null,
        };
        let properties = entry.node.get("Properties").unwrap_or(&none);
        let is_nested = brought(&kind, properties).is_some();
        if !is_nested && !carries_policies(&kind) {
            continue;
        }
        let assignments = assignments(&|name| template.options(name), properties, most_cases);
        let most_inside = most_cases / assignments.len();
        let written = weight(properties);
        for assignment in assignments {
            let mut usual = None;
            for defaults in [true, false] {
                let resolver = Resolver {
                    template: &template,
                    assignment: &assignment,
                    defaults,
                };
                if !defaults && !template.has_parameters() {
                    continue;
                }
                template.allow(8 * written);
                let properties = resolver.resolve(properties);
                // What the defaults do not change would only be found again.
                if usual.as_ref() == Some(&properties) {
                    continue;
                }
                match brought(&kind, &properties) {
                    Some(Brought::Inline(inner)) if is_template(&inner) && depth < MOST_NESTED => {
                        for inner in within(&inner, depth + 1, most_inside) {
                            let title = format!("{}: {}", entry.key, inner.policy.title);
                            cased.push(Cased {
                                policy: Policy {
                                    title,
                                    ..inner.policy
                                },
                                defaults: inner.defaults && defaults,
                            });
                        }
                        continue;
                    }
                    Some(Brought::Inline(inner)) => {
                        cased.push(in_doubt(
                            &entry.key,
                            inner.line,
                            Doubt::Unreadable,
                            defaults,
                        ));
                        continue;
                    }
                    Some(Brought::Outside(doubt)) => {
                        cased.push(in_doubt(&entry.key, entry.line, doubt, defaults));
                        continue;
                    }
                    None => {}
                }
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
                usual = Some(properties);
            }
        }
    }
    cased
}

/// A policy of which nothing is known.
fn in_doubt(title: &str, line: usize, doubt: Doubt, defaults: bool) -> Cased {
    Cased {
        policy: Policy {
            title: title.to_owned(),
            holders: Vec::new(),
            document: unknown(line, doubt),
        },
        defaults,
    }
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

/// A resource's documents, each with its name if it has one.
fn documents(kind: &str, properties: &Node) -> Vec<(Option<String>, Node)> {
    let document = |node: &Node| match &node.value {
        Value::Unknown(what) => unknown(node.line, what.clone()),
        _ => readable(node),
    };
    if let Value::Unknown(what) = &properties.value {
        return vec![(None, unknown(properties.line, what.clone()))];
    }
    let single = match kind {
        "AWS::SSO::PermissionSet" => properties.get("InlinePolicy"),
        _ => properties.get("PolicyDocument"),
    };
    let mut found: Vec<(Option<String>, Node)> = single
        .map(|node| (None, document(node)))
        .into_iter()
        .collect();
    let is_serverless = kind.starts_with("AWS::Serverless::");
    for inline in properties.get("Policies").map_or(&[][..], Node::items) {
        let name = inline.get("PolicyName").and_then(|name| match &name.value {
            Value::Text(text) => Some(text.shown()),
            _ => None,
        });
        match (&inline.value, inline.get("PolicyDocument")) {
            (_, Some(node)) => found.push((name, document(node))),
            (Value::Unknown(what), None) => {
                found.push((None, unknown(inline.line, what.clone())));
            }
            // A Serverless resource lists documents, managed policies and policy templates.
            (Value::Map(_), None) if inline.get("Statement").is_some() => {
                found.push((None, inline.clone()));
            }
            (Value::Map(_), None) => {}
            (_, None) if is_serverless => found.extend(elsewhere(inline)),
            _ => found.push((None, readable(inline))),
        }
    }
    // The second is a PermissionSet's.
    for property in ["ManagedPolicyArns", "ManagedPolicies"] {
        let arns = properties.get(property).map_or(&[][..], Node::items);
        found.extend(arns.iter().filter_map(elsewhere));
    }
    found
}

/// AWS's managed policies that grant the restricted actions on every target.
/// (AWS Managed Policy Reference.)
const BROAD: [&str; 5] = [
    "AdministratorAccess",
    "AmazonSSMFullAccess",
    "PowerUserAccess",
    "service-role/AmazonSSMAutomationRole",
    "service-role/AmazonSSMMaintenanceWindowRole",
];

/// An unknown document for a managed policy that is not in the template.
/// None if its ARN or name cannot be one of the broad policies.
fn elsewhere(arn: &Node) -> Option<(Option<String>, Node)> {
    let text = match &arn.value {
        Value::Text(text) => text,
        Value::Unknown(what) => return Some((None, unknown(arn.line, what.clone()))),
        _ => return None,
    };
    let shown = text.shown();
    let pattern = Pattern::new(text, false);
    let may_be = |broad: &&str| {
        let arn = |partition: &&str| literal(&format!("arn:{partition}:iam::aws:policy/{broad}"));
        let mut arns = PARTITIONS.iter().map(arn);
        shown == **broad || arns.any(|arn| pattern.matches(&arn) != Answer::No)
    };
    BROAD.iter().any(may_be).then(|| {
        let name = shown.rsplit('/').next().map(str::to_owned);
        (name, absent(arn.line, &shown))
    })
}

/// The roles, users and groups that have the resource's policies.
fn holders(resolver: &Resolver<'_, '_>, id: &str, kind: &str, properties: &Node) -> Vec<Holder> {
    let own = |kind: HolderKind, name: &str| {
        let name = match properties.get(name) {
            Some(given) => given.known(),
            None => Some(id.to_owned()),
        };
        vec![holder(kind, name)]
    };
    match kind {
        "AWS::IAM::Role" => return own(HolderKind::Role, "RoleName"),
        "AWS::IAM::User" => return own(HolderKind::Other, "UserName"),
        "AWS::IAM::Group" => return own(HolderKind::Other, "GroupName"),
        "AWS::SSO::PermissionSet" => return own(HolderKind::PermissionSet, "Name"),
        _ => {}
    }
    let mut holders = Vec::new();
    for (property, kind) in [
        ("Roles", HolderKind::Role),
        ("RoleName", HolderKind::Role),
        ("Users", HolderKind::Other),
        ("UserName", HolderKind::Other),
        ("Groups", HolderKind::Other),
        ("GroupName", HolderKind::Other),
    ] {
        for listed in properties.get(property).map_or(&[][..], Node::items) {
            holders.push(holder(kind, physical_name(resolver, listed)));
        }
    }
    for by in resolver.template.attaching(id) {
        let find = || {
            resolver.template.allow(8 * weight(by.policies));
            let list = resolver.resolve(by.policies);
            let ids = list.items().iter().filter_map(|arn| match &arn.value {
                Value::Text(text) => match text.0.as_slice() {
                    [part] => logical_id(part).map(str::to_owned),
                    _ => None,
                },
                _ => None,
            });
            ids.collect()
        };
        let (assignment, defaults) = (resolver.assignment, resolver.defaults);
        let attached = resolver.template.attached(by, assignment, defaults, find);
        if attached.contains(id) {
            holders.push(holder(by.kind, resolver.name_of(by.id)));
        }
    }
    holders
}

/// A holder of this name. One whose name is not known is never exempt.
fn holder(kind: HolderKind, name: Option<String>) -> Holder {
    match name {
        Some(name) => Holder::named(kind, &name),
        None => Holder::named(HolderKind::Other, ""),
    }
}

/// The name of a role or user that is listed by name or by reference, if it is known.
fn physical_name(resolver: &Resolver<'_, '_>, listed: &Node) -> Option<String> {
    match &listed.value {
        Value::Text(text) => match text.0.as_slice() {
            [part] if logical_id(part).is_some() => resolver.name_of(logical_id(part)?),
            _ => text.as_known(),
        },
        _ => None,
    }
}
