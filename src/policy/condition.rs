//! Which conditions restrict a call to tagged targets.
//! A positive operator on a tag of the target does. Some forms of it still allow untagged targets
//! (IAM User Guide, "Condition operators" and "Multivalued context keys"). Every other key is about
//! who calls, when and from where, and restricts no target.

use std::collections::HashSet;

use super::doubt::Doubt;
use super::node::{Node, Value};
use super::pattern::{Answer, Pattern, Piece};

/// A statement's Condition: all clauses must be true.
#[derive(Debug, Clone, Default)]
pub(super) struct Conditions {
    pub clauses: Vec<Clause>,
    /// Why a part of it cannot be read.
    unreadable: Option<Doubt>,
    /// The keys that `Null` with `false` requires, in lower case.
    wanted: HashSet<String>,
}

/// One operator on one key: one of its values must match.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    /// As the policy writes it.
    pub operator: String,
    pub key: String,
    pub values: Vec<Pattern>,
    base: String,
    pub set: Set,
    pub if_exists: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    None,
    /// True also if the request does not have the key.
    ForAllValues,
    ForAnyValue,
}

/// Keys that look like a tag of the target and never come with such a call.
/// AWS sends them with neither Session Manager nor Run Command. Other keys of EC2 and Lambda are
/// not listed: they come with the credentials of an instance's role or a function
/// (`ec2:SourceInstanceARN`, `lambda:SourceFunctionArn`), whatever the call.
const DEAD_KEYS: [&str; 1] = ["ec2:resourcetag"];

impl Conditions {
    pub(super) fn read(node: Option<&Node>, variables: bool) -> Self {
        let mut conditions = Self::default();
        let Some(node) = node else { return conditions };
        match &node.value {
            Value::Map(_) | Value::Null => {}
            Value::Unknown(doubt) => conditions.unreadable = Some(doubt.clone()),
            _ => conditions.unreadable = Some(Doubt::NotObject("a Condition".to_owned())),
        }
        // IAM may use either of two elements that differ only in letter case.
        let mut blocks = std::iter::once(node).chain(node.entries().iter().map(|one| &one.node));
        if let Some(twice) = blocks.find_map(Node::key_twice) {
            conditions.unreadable = Some(Doubt::Repeated(twice.to_owned()));
            return conditions;
        }
        for block in node.entries() {
            match &block.node.value {
                Value::Map(_) => {}
                Value::Unknown(doubt) => conditions.unreadable = Some(doubt.clone()),
                _ => {
                    let given = format!("a value of {}", block.key);
                    conditions.unreadable = Some(Doubt::NotObject(given));
                }
            }
            for entry in block.node.entries() {
                let values = entry.node.items().iter().map(|value| match &value.value {
                    Value::Text(text) => Pattern::new(text, variables),
                    Value::Unknown(doubt) => Pattern::open(doubt.clone()),
                    _ => Pattern::open(Doubt::NotText),
                });
                let clause = Clause::new(&block.key, &entry.key, values.collect());
                if clause.is_null() && clause.is_all("false") {
                    conditions.wanted.insert(clause.key.to_ascii_lowercase());
                }
                conditions.clauses.push(clause);
            }
        }
        conditions
    }

    pub(super) fn is_empty(&self) -> bool {
        self.clauses.is_empty() && self.unreadable.is_none()
    }

    /// What in them may stand for anything.
    pub(super) fn opens(&self) -> impl Iterator<Item = &Doubt> {
        let values = self.clauses.iter().flat_map(|clause| &clause.values);
        values.flat_map(Pattern::opens).chain(&self.unreadable)
    }

    /// Whether an Allow with them is restricted to tagged targets.
    pub(super) fn scope(&self) -> Answer {
        let scoped = Answer::any(self.clauses.iter().map(|clause| self.scopes(clause)));
        if self.unreadable.is_some() {
            scoped.max(Answer::Maybe)
        } else {
            scoped
        }
    }

    fn scopes(&self, clause: &Clause) -> Answer {
        if !clause.is_positive_on_tag()
            || (clause.lets_absent_in() && !self.wanted.contains(&clause.key.to_ascii_lowercase()))
        {
            return Answer::No;
        }
        Answer::any(clause.values.iter().map(|value| clause.is_hollow(value))).not()
    }

    /// Whether a Deny with them leaves only targets with the right tag.
    pub(super) fn spare_only_tagged(&self) -> Answer {
        let spares = Answer::all(self.clauses.iter().map(Clause::spares_only_tagged));
        if self.unreadable.is_some() {
            spares.min(Answer::Maybe)
        } else {
            spares
        }
    }

    /// The clause that is never true, since AWS does not send its key.
    pub(super) fn dead(&self) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.is_dead())
    }
}

impl Clause {
    fn new(operator: &str, key: &str, values: Vec<Pattern>) -> Self {
        let lower = operator.to_ascii_lowercase();
        let (set, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Set::ForAllValues, rest),
            Some(("foranyvalue", rest)) => (Set::ForAnyValue, rest),
            _ => (Set::None, lower.as_str()),
        };
        let base = rest.strip_suffix("ifexists");
        Self {
            operator: operator.to_owned(),
            key: key.to_owned(),
            values,
            base: base.unwrap_or(rest).to_owned(),
            set,
            if_exists: base.is_some(),
        }
    }

    /// The tag of the target in `ssm:resourceTag/KEY` or `aws:ResourceTag/KEY`.
    pub(super) fn tag(&self) -> Option<&str> {
        let (prefix, tag) = self.key.split_once('/')?;
        let is_tag = ["ssm:resourcetag", "aws:resourcetag"]
            .iter()
            .any(|known| prefix.eq_ignore_ascii_case(known));
        (is_tag && !tag.is_empty()).then_some(tag)
    }

    pub(super) fn is_positive(&self) -> bool {
        matches!(
            self.base.as_str(),
            "stringequals" | "stringequalsignorecase" | "stringlike"
        )
    }

    pub(super) fn is_positive_on_tag(&self) -> bool {
        self.tag().is_some() && self.is_positive()
    }

    pub(super) fn is_negated(&self) -> bool {
        matches!(
            self.base.as_str(),
            "stringnotequals" | "stringnotequalsignorecase" | "stringnotlike"
        )
    }

    pub(super) fn is_null(&self) -> bool {
        self.base == "null"
    }

    pub(super) fn is_like(&self) -> bool {
        matches!(self.base.as_str(), "stringlike" | "stringnotlike")
    }

    /// Whether it allows a target without the tag.
    pub(super) fn lets_absent_in(&self) -> bool {
        self.if_exists || self.set == Set::ForAllValues
    }

    /// The operator without the parts that allow untagged targets.
    pub(super) fn strict(&self) -> &str {
        let operator = self.operator.rsplit(':').next().unwrap_or(&self.operator);
        if self.if_exists {
            &operator[..operator.len() - "IfExists".len()]
        } else {
            operator
        }
    }

    fn is_all(&self, word: &str) -> bool {
        let word = super::pattern::literal(word);
        let is = |value: &Pattern| {
            value.pieces.len() == word.len()
                && value.pieces.iter().zip(&word).all(|pair| match pair {
                    (Piece::Char(one), Piece::Char(other)) => one.eq_ignore_ascii_case(other),
                    _ => false,
                })
        };
        !self.values.is_empty() && self.values.iter().all(is)
    }

    /// Whether the value matches every tag value: only wildcards, or the target's own tag.
    pub(super) fn is_hollow(&self, value: &Pattern) -> Answer {
        let own_tag = |name: &str| name.contains(":resourcetag/");
        let mut open = false;
        for piece in &value.pieces {
            match piece {
                Piece::Any | Piece::One => {}
                Piece::Named(name) if own_tag(name) => {}
                // An unknown value can be a wildcard only with an operator that has wildcards.
                Piece::Open(_) if self.is_like() => open = true,
                Piece::Char(_) | Piece::Named(_) | Piece::Open(_) => return Answer::No,
            }
        }
        if open {
            Answer::Maybe
        } else {
            Answer::from(!value.pieces.is_empty())
        }
    }

    fn spares_only_tagged(&self) -> Answer {
        if self.tag().is_none() || !self.is_negated() || self.set == Set::ForAnyValue {
            return Answer::No;
        }
        // To StringNotEquals, `*` is a tag value like any other.
        let hollow = |value: &Pattern| {
            if self.is_like() || !value.has_wildcard() {
                self.is_hollow(value)
            } else {
                Answer::No
            }
        };
        Answer::any(self.values.iter().map(hollow))
            .not()
            .min(Answer::from(!self.values.is_empty()))
    }

    fn is_dead(&self) -> bool {
        let Some((name, _)) = self.key.split_once('/') else {
            return false;
        };
        let is_never_sent = DEAD_KEYS.iter().any(|key| key.eq_ignore_ascii_case(name));
        let wants_it = if self.is_null() {
            self.is_all("false")
        } else {
            !self.base.contains("not") && !self.lets_absent_in()
        };
        is_never_sent && wants_it
    }
}
