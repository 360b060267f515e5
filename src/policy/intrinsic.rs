//! CloudFormation's intrinsic functions, resolved in one case of a template.
//! (CloudFormation Template Reference.) Nothing is guessed: a value that an import, a macro or a
//! parameter decides stays open, and an open value may be a wildcard.

use super::allowed_pattern::keeps_wildcards_out;
use super::cases::{Assignment, named, placeholders};
use super::doubt::Doubt;
use super::logical::Template;
use super::node::{Entry, Node, Value, weight};
use super::pattern::{Part, Text};
use super::resolved::{as_parts, doubtful, fixed, open, plain, shown, unknown, written};

/// Resolves functions in one case of a template.
pub(super) struct Resolver<'t, 'a> {
    pub template: &'t Template<'a>,
    pub assignment: &'t Assignment,
    /// Whether parameters have their defaults, or any value.
    pub defaults: bool,
}

impl Resolver<'_, '_> {
    /// The value in this case, without what `AWS::NoValue` removes.
    pub(super) fn resolve(&self, node: &Node) -> Node {
        let line = node.line;
        let value = match &node.value {
            Value::Map(entries) => {
                match entries.iter().find(|entry| is_intrinsic(entry, entries)) {
                    Some(entry) => {
                        let resolved = self.intrinsic(&entry.key, &entry.node);
                        if !self.template.may_make(weight(&resolved)) {
                            let value = Value::Unknown(Doubt::TooLarge);
                            return Node { line, value };
                        }
                        // A whole statement keeps its own line; a value has the line where it is
                        // used.
                        return match resolved.value {
                            Value::Map(_) | Value::List(_) => resolved,
                            _ => resolved.on_line(line),
                        };
                    }
                    None => Value::Map(
                        entries
                            .iter()
                            .map(|entry| Entry {
                                line: entry.line,
                                key: entry.key.clone(),
                                node: self.resolve(&entry.node),
                            })
                            .filter(|entry| !matches!(entry.node.value, Value::Null))
                            .collect(),
                    ),
                }
            }
            Value::List(items) => {
                let mut flat = Vec::new();
                for item in items {
                    match self.resolve(item) {
                        Node {
                            value: Value::List(inner),
                            ..
                        } => flat.extend(inner),
                        Node {
                            value: Value::Null, ..
                        } => {}
                        item => flat.push(item),
                    }
                }
                Value::List(flat)
            }
            Value::Text(text) => written(text.0.clone()),
            other => other.clone(),
        };
        Node { line, value }
    }

    /// The name that the template gives a role, user or group, or else its logical id.
    /// None if the name is not known.
    pub(super) fn name_of(&self, id: &str) -> Option<String> {
        let resource = self.template.resource(id)?;
        let given = resource.get("Properties").and_then(|properties| {
            let names = ["RoleName", "UserName", "GroupName"];
            names.iter().find_map(|name| properties.get(name))
        });
        match given.map(|name| self.resolve(name)) {
            Some(name) if !matches!(name.value, Value::Null) => name.known(),
            _ => Some(id.to_owned()),
        }
    }

    fn intrinsic(&self, function: &str, argument: &Node) -> Node {
        let line = argument.line;
        let value = match function {
            "Ref" => match argument.known() {
                Some(name) => self.reference(&name),
                None => open("Ref"),
            },
            "Fn::Sub" => self.sub(argument),
            "Fn::GetAtt" => self.attribute(argument),
            "Fn::If" => return self.branch(argument),
            "Fn::Join" => self.join(argument),
            "Fn::Split" => self.split(argument),
            "Fn::Select" => return self.select(argument),
            "Fn::FindInMap" => return self.find_in_map(argument),
            other => unknown(other),
        };
        Node { line, value }
    }

    fn reference(&self, name: &str) -> Value {
        if name == "AWS::NoValue" {
            return Value::Null;
        }
        // A stack is in one partition; `aws` stands for it everywhere.
        if name == "AWS::Partition" {
            return Value::Text(Text::known("aws"));
        }
        if name.starts_with("AWS::") {
            return fixed(name);
        }
        if let Some(parameter) = self.template.parameter(name) {
            return self.parameter(name, parameter);
        }
        match self.template.resource(name) {
            Some(resource) if !is_custom(resource) => fixed(name),
            _ => open(&shown(name)),
        }
    }

    fn parameter(&self, name: &str, parameter: &Node) -> Value {
        let kind = parameter.known_at("Type").unwrap_or_default();
        let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
        if let Some(allowed) = self.template.allowed(name) {
            let chosen = self.assignment.get(&format!("parameter {name}"));
            return match chosen.and_then(|chosen| allowed.get(*chosen)) {
                Some(value) => plain(value).value,
                None => open(&shown(name)),
            };
        }
        // The value comes from the parameter store; the default is only its name.
        if kind.starts_with("AWS::SSM::") {
            return open(&shown(name));
        }
        if kind == "Number" || kind.starts_with("AWS::") {
            return fixed(name);
        }
        let default = parameter.get("Default").and_then(Node::known);
        // With a pattern other values are expected; it must exclude wildcards.
        let pattern = parameter.known_at("AllowedPattern");
        let is_safe = pattern.is_some_and(|pattern| keeps_wildcards_out(&pattern));
        match default {
            Some(default) if self.defaults || is_safe => {
                if is_list {
                    let items = default.split(',').map(|item| Node {
                        line: parameter.line,
                        value: written(vec![Part::Known(item.trim().to_owned())]),
                    });
                    Value::List(items.collect())
                } else {
                    written(vec![Part::Known(default)])
                }
            }
            _ if is_list => unknown(&shown(name)),
            _ => open(&shown(name)),
        }
    }

    fn sub(&self, argument: &Node) -> Value {
        let items = argument.items();
        let Some(text) = items.first().and_then(Node::known) else {
            return open("Fn::Sub");
        };
        let mut parts = Vec::new();
        for (name, after) in placeholders(&text) {
            if let Some(name) = name {
                let given = items.get(1).and_then(|given| named(given, &name));
                let value = match given {
                    Some(given) => self.resolve(given).value,
                    None if name.contains('.') => self.attribute_of(&name),
                    None => self.reference(&name),
                };
                parts.extend(as_parts(value, &shown(&name)));
            }
            parts.push(Part::Known(after));
        }
        written(parts)
    }

    fn attribute(&self, argument: &Node) -> Value {
        let resolved = self.resolve(argument);
        let names: Vec<String> = resolved
            .items()
            .iter()
            .map(|item| item.known().unwrap_or_default())
            .collect();
        self.attribute_of(&names.join("."))
    }

    fn attribute_of(&self, name: &str) -> Value {
        let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
        match self.template.resource(id) {
            Some(resource) if !is_custom(resource) && !is_payload(attribute) => fixed(name),
            _ => open(&shown(name)),
        }
    }

    fn branch(&self, argument: &Node) -> Node {
        let items = argument.items();
        let name = items.first().and_then(Node::known).unwrap_or_default();
        let chosen = self.assignment.get(&format!("condition {name}"));
        match chosen.and_then(|chosen| items.get(chosen + 1)) {
            Some(branch) => self.resolve(branch),
            None => Node {
                line: argument.line,
                value: unknown(&format!("Fn::If {name}")),
            },
        }
    }

    fn join(&self, argument: &Node) -> Value {
        let (Some(delimiter), Some(list)) = (
            argument.items().first().and_then(Node::known),
            argument.items().get(1),
        ) else {
            return open("Fn::Join");
        };
        let list = self.resolve(list);
        if let Value::Unknown(doubt) = list.value {
            return doubtful(doubt);
        }
        let mut parts = Vec::new();
        for (index, item) in list.items().iter().enumerate() {
            if index > 0 {
                parts.push(Part::Known(delimiter.clone()));
            }
            parts.extend(as_parts(item.value.clone(), "Fn::Join"));
        }
        written(parts)
    }

    fn split(&self, argument: &Node) -> Value {
        let resolved = self.resolve(argument);
        let known = |at: usize| resolved.items().get(at).and_then(Node::known);
        match (known(0), known(1)) {
            (Some(delimiter), Some(text)) if !delimiter.is_empty() => Value::List(
                text.split(&delimiter)
                    .map(|item| Node::text(argument.line, item))
                    .collect(),
            ),
            _ => unknown("Fn::Split"),
        }
    }

    fn select(&self, argument: &Node) -> Node {
        let index = argument.items().first().map(|index| self.resolve(index));
        let list = argument.items().get(1).map(|list| self.resolve(list));
        let index = index.and_then(|index| index.known()?.parse::<usize>().ok());
        match (index, list) {
            (Some(index), Some(list)) if index < list.items().len() => list.items()[index].clone(),
            _ => Node {
                line: argument.line,
                value: open("Fn::Select"),
            },
        }
    }

    fn find_in_map(&self, argument: &Node) -> Node {
        let keys = self.resolve(argument);
        let keys: Option<Vec<String>> = keys.items().iter().take(3).map(Node::known).collect();
        let found = keys.and_then(|keys| match keys.as_slice() {
            [map, first, second] => self.template.mapped([map, first, second]),
            _ => None,
        });
        match found {
            Some(found) => plain(found),
            None => Node {
                line: argument.line,
                value: open("Fn::FindInMap"),
            },
        }
    }
}

/// A map with only this key is a function call; with other keys beside it, a macro's.
fn is_intrinsic(entry: &Entry, entries: &[Entry]) -> bool {
    entry.key.starts_with("Fn::") || (entry.key == "Ref" && entries.len() == 1)
}

/// Whether custom code decides what a reference to the resource returns.
fn is_custom(resource: &Node) -> bool {
    resource.known_at("Type").is_none_or(|kind| {
        kind.starts_with("Custom::") || kind.starts_with("AWS::CloudFormation::")
    })
}

/// Whether the attribute is a value that the resource carries, not a name.
/// Such as the value of an AWS::SSM::Parameter, or an output of another stack.
fn is_payload(attribute: &str) -> bool {
    attribute == "Value" || attribute.starts_with("Outputs.")
}
