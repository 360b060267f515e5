//! A template's resources, parameters and mappings by their logical ids.
//! Each list of a template is walked once, not once for every reference.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::cases::{Assignment, choices, placeholders};
use super::holder::HolderKind;
use super::node::Node;

/// How many values functions may make beyond what the template writes.
/// A function inside a function inside a function can double its value each time.
const MOST_MADE: usize = 16 << 20;

/// The ids that a resource attaches, with its defaults or other values, in a case.
type Attached<'a> = HashMap<(&'a str, Assignment, bool), Rc<HashSet<String>>>;

/// A template and what it holds.
pub(super) struct Template<'a> {
    resources: HashMap<&'a str, &'a Node>,
    parameters: HashMap<&'a str, &'a Node>,
    mappings: HashMap<[&'a str; 3], &'a Node>,
    /// The resources that attach managed policies, by the ids that they write.
    attaching: HashMap<String, Vec<Rc<Attaching<'a>>>>,
    attached: RefCell<Attached<'a>>,
    /// How much functions may still make.
    left: Cell<usize>,
}

/// A role, user or group that lists managed policies.
pub(super) struct Attaching<'a> {
    pub id: &'a str,
    pub kind: HolderKind,
    pub policies: &'a Node,
    /// The conditions and parameters that its list depends on.
    choices: HashSet<String>,
}

/// The key for resources whose list may name any policy.
const ANY: &str = "";

impl<'a> Template<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        let entries = |section: &str| root.get(section).map_or(&[][..], Node::entries);
        let by_id = |section: &str| -> HashMap<&'a str, &'a Node> {
            let entries = entries(section).iter();
            entries
                .map(|entry| (entry.key.as_str(), &entry.node))
                .collect()
        };
        let mut mappings = HashMap::new();
        for map in entries("Mappings") {
            for first in map.node.entries() {
                for second in first.node.entries() {
                    let keys = [&map.key, &first.key, &second.key].map(String::as_str);
                    mappings.insert(keys, &second.node);
                }
            }
        }
        let mut template = Self {
            resources: by_id("Resources"),
            parameters: by_id("Parameters"),
            mappings,
            attaching: HashMap::new(),
            attached: RefCell::default(),
            left: Cell::new(MOST_MADE),
        };
        for entry in entries("Resources") {
            template.index(&entry.key, &entry.node);
        }
        template
    }

    pub(super) fn resource(&self, id: &str) -> Option<&'a Node> {
        self.resources.get(id).copied()
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&'a Node> {
        self.parameters.get(name).copied()
    }

    pub(super) fn has_parameters(&self) -> bool {
        !self.parameters.is_empty()
    }

    /// The values that a parameter allows.
    pub(super) fn allowed(&self, parameter: &str) -> Option<&'a [Node]> {
        let values = self.parameter(parameter)?.get("AllowedValues")?;
        Some(values.items())
    }

    /// How many values a parameter allows; none if it allows any.
    pub(super) fn options(&self, parameter: &str) -> usize {
        self.allowed(parameter).map_or(0, <[Node]>::len)
    }

    pub(super) fn mapped(&self, keys: [&str; 3]) -> Option<&'a Node> {
        self.mappings.get(&keys).copied()
    }

    /// The resources that may attach the managed policy with this id.
    pub(super) fn attaching(&self, id: &str) -> impl Iterator<Item = &Attaching<'a>> {
        let of = |id: &str| self.attaching.get(id).into_iter().flatten();
        of(id).chain(of(ANY)).map(Rc::as_ref)
    }

    /// The ids of the managed policies that a resource attaches in one case.
    pub(super) fn attached(
        &self,
        by: &Attaching<'a>,
        assignment: &Assignment,
        defaults: bool,
        find: impl FnOnce() -> HashSet<String>,
    ) -> Rc<HashSet<String>> {
        let mut case = assignment.clone();
        case.retain(|name, _| by.choices.contains(name));
        let key = (by.id, case, defaults);
        if let Some(known) = self.attached.borrow().get(&key) {
            return Rc::clone(known);
        }
        let found = Rc::new(find());
        self.attached.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    /// Lets functions make so much more: what the template writes costs nothing.
    pub(super) fn allow(&self, values: usize) {
        self.left.set(self.left.get().saturating_add(values));
    }

    /// Whether functions may make so much.
    pub(super) fn may_make(&self, values: usize) -> bool {
        let left = self.left.get().checked_sub(values);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    fn index(&mut self, id: &'a str, resource: &'a Node) {
        let kind = match resource.known_at("Type").as_deref() {
            Some("AWS::IAM::Role") => HolderKind::Role,
            Some("AWS::IAM::User" | "AWS::IAM::Group") => HolderKind::Other,
            _ => return,
        };
        let properties = resource.get("Properties");
        let Some(policies) = properties.and_then(|one| one.get("ManagedPolicyArns")) else {
            return;
        };
        let attaching = Rc::new(Attaching {
            id,
            kind,
            policies,
            choices: choices(&|name| self.options(name), policies)
                .into_keys()
                .collect(),
        });
        let mut ids = HashSet::new();
        written(policies, &mut ids);
        for id in ids {
            let of_id = self.attaching.entry(id).or_default();
            of_id.push(Rc::clone(&attaching));
        }
    }
}

/// The ids that a value's functions write.
fn written(node: &Node, ids: &mut HashSet<String>) {
    for entry in node.entries() {
        let argument = &entry.node;
        match entry.key.as_str() {
            "Ref" => ids.extend(argument.known()),
            "Fn::Sub" => {
                let text = argument.items().first().and_then(Node::known);
                let names = placeholders(&text.unwrap_or_default());
                ids.extend(names.into_iter().filter_map(|(name, _)| name));
            }
            "Fn::GetAtt" => {
                let parts: Option<Vec<String>> = argument.items().iter().map(Node::known).collect();
                ids.insert(parts.map_or_else(|| ANY.to_owned(), |parts| parts.join(".")));
            }
            _ => {}
        }
        written(argument, ids);
    }
    if node.entries().is_empty() {
        let inside = node.items().iter();
        let inside = inside.filter(|inner| !std::ptr::eq(*inner, node));
        inside.for_each(|inner| written(inner, ids));
    }
}
