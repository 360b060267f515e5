//! A policy document's statements as types.
//! (IAM User Guide, "IAM JSON policy elements reference".) Nothing is an error here: an element
//! that IAM would refuse, or that a template leaves open, may stand for anything.

use super::condition::Conditions;
use super::doubt::Doubt;
use super::node::{Node, Value};
use super::pattern::{Answer, Pattern, Piece, Text};

/// One statement of a policy document.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub line: usize,
    /// Its place in the document, from 1.
    pub number: usize,
    pub sid: Option<String>,
    pub effect: Effect,
    pub actions: Listed,
    pub resources: Listed,
    pub conditions: Conditions,
    /// Why IAM would refuse it, or why it cannot be read.
    pub malformed: Option<Doubt>,
    /// The first reasons why parts of it may stand for anything, in the order of the text.
    pub opens: Vec<Doubt>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
    /// A template decides it, or IAM would refuse it.
    Open,
}

/// The values of Action or Resource, or those that NotAction or NotResource exclude.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub patterns: Vec<Pattern>,
    pub all_but: bool,
}

impl Listed {
    /// Whether the list includes the subject.
    pub(super) fn covers(&self, subject: &[Piece]) -> Answer {
        let listed = Answer::any(self.patterns.iter().map(|one| one.matches(subject)));
        if self.all_but { listed.not() } else { listed }
    }
}

impl Statement {
    /// The name that messages use.
    pub(super) fn name(&self) -> String {
        match &self.sid {
            Some(sid) => sid.clone(),
            None => format!("statement {}", self.number),
        }
    }

    /// Its name in a finding on another statement.
    pub(super) fn short_name(&self) -> String {
        const LONGEST: usize = 128;
        let name = self.name();
        match name.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &name[..end]),
            None => name,
        }
    }

    /// Whether it covers this action, which is in lower case.
    pub(super) fn names(&self, action: &[Piece]) -> Answer {
        self.actions.covers(action)
    }

    /// The first reasons why parts of it may stand for anything, in the order of the text.
    fn doubts(&self) -> Vec<Doubt> {
        if let Some(malformed) = &self.malformed {
            return vec![malformed.clone()];
        }
        let listed = self.actions.patterns.iter().chain(&self.resources.patterns);
        let mut opens: Vec<Doubt> = Vec::new();
        let effect = (self.effect == Effect::Open).then_some(&Doubt::Effect);
        for open in effect
            .into_iter()
            .chain(listed.flat_map(Pattern::opens))
            .chain(self.conditions.opens())
        {
            if opens.len() == MOST_DOUBTS {
                break;
            }
            if !opens.contains(open) {
                opens.push(open.clone());
            }
        }
        opens
    }
}

/// How many reasons a finding gives.
pub(super) const MOST_DOUBTS: usize = 3;

/// The names of statements, the first few of them.
/// A finding must not list every Deny of a long policy.
pub(super) fn names(statements: &[&Statement]) -> String {
    const NAMED: usize = 8;
    let first = statements.iter().take(NAMED);
    let names: Vec<String> = first.map(|one| one.short_name()).collect();
    if statements.len() > NAMED {
        format!("{} and others", names.join(", "))
    } else {
        names.join(", ")
    }
}

/// The statements of a document. A document without Statement, or with two, may say anything.
pub(super) fn statements(document: &Node) -> Vec<Statement> {
    let unknown = |doubt: Doubt| {
        let node = Node {
            line: document.line,
            value: Value::Unknown(doubt),
        };
        vec![statement(&node, 1, false)]
    };
    if let Some(twice) = document.key_twice() {
        return unknown(Doubt::Repeated(twice.to_owned()));
    }
    let Some(listed) = document.get("Statement") else {
        return unknown(Doubt::Missing("Statement"));
    };
    // Without a Version, IAM uses 2008-10-17, which has no variables.
    let variables = match document.get("Version") {
        None => false,
        Some(version) => version.known().as_deref() != Some("2008-10-17"),
    };
    let read = |(index, node): (usize, &Node)| match node.key_twice() {
        Some(twice) => {
            let value = Value::Unknown(Doubt::Repeated(twice.to_owned()));
            let line = node.line;
            statement(&Node { line, value }, index + 1, variables)
        }
        None => statement(node, index + 1, variables),
    };
    listed.items().iter().enumerate().map(read).collect()
}

fn statement(node: &Node, number: usize, variables: bool) -> Statement {
    const ELEMENTS: [&str; 9] = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    let foreign = node.entries().iter().find(|entry| {
        !ELEMENTS
            .iter()
            .any(|element| element.eq_ignore_ascii_case(&entry.key))
    });
    let together = |one, other| {
        let is_both = node.get(one).is_some() && node.get(other).is_some();
        is_both.then_some(Doubt::Together(one, other))
    };
    let missing = |one, other| {
        let is_there = node.get(one).or(node.get(other)).is_some();
        (!is_there).then_some(Doubt::Missing(one))
    };
    let malformed = match (&node.value, foreign) {
        (Value::Unknown(doubt), _) => Some(doubt.clone()),
        (_, Some(foreign)) => Some(Doubt::Foreign(foreign.key.clone())),
        (Value::Map(_), None) => together("Action", "NotAction")
            .or_else(|| together("Resource", "NotResource"))
            .or_else(|| missing("Action", "NotAction"))
            .or_else(|| missing("Resource", "NotResource")),
        _ => Some(Doubt::NotObject("a statement".to_owned())),
    };
    let any = malformed.is_some();
    let mut statement = Statement {
        line: node.line,
        number,
        sid: node.known_at("Sid").filter(|sid| !sid.is_empty()),
        effect: match node.known_at("Effect").as_deref() {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => Effect::Open,
        },
        actions: list(node, "Action", "NotAction", any, &Pattern::action),
        resources: list(node, "Resource", "NotResource", any, &|text: &Text| {
            Pattern::new(text, variables)
        }),
        conditions: Conditions::read(node.get("Condition"), variables),
        malformed,
        opens: Vec::new(),
    };
    statement.opens = statement.doubts();
    statement
}

/// The values of one of two elements.
/// If both are missing from a malformed statement, anything may be meant.
fn list(
    node: &Node,
    listed: &'static str,
    all_but: &'static str,
    malformed: bool,
    pattern: &dyn Fn(&Text) -> Pattern,
) -> Listed {
    let read = |values: &Node| {
        values
            .items()
            .iter()
            .map(|value| match &value.value {
                Value::Text(text) => pattern(text),
                Value::Unknown(doubt) => Pattern::open(doubt.clone()),
                _ => Pattern::open(Doubt::NotText),
            })
            .collect()
    };
    match (node.get(listed), node.get(all_but)) {
        (Some(_), Some(_)) => Listed {
            patterns: vec![Pattern::open(Doubt::Together(listed, all_but))],
            all_but: false,
        },
        (Some(values), None) => Listed {
            patterns: read(values),
            all_but: false,
        },
        (None, Some(values)) => Listed {
            patterns: read(values),
            all_but: true,
        },
        (None, None) => Listed {
            patterns: malformed
                .then(|| Pattern::open(Doubt::Missing(listed)))
                .into_iter()
                .collect(),
            all_but: false,
        },
    }
}
