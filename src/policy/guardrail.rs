//! The two guardrails: ssm:SendCommand (IAM-SSM-1) and ssm:StartSession (IAM-SSM-2).
//! Neither is allowed on targets that the policy does not name and no tag restricts. What cannot be
//! decided does not pass. Each policy is judged by itself, since another policy that helps it may
//! be detached tomorrow.

use serde::Serialize;

use super::closing::Closing;
use super::condition;
use super::ground::Ground;
use super::pattern::{Answer, Pattern, Piece, literal};
use super::set::{Reach, Set};
use super::statement::{Effect, Statement, names};
use super::target::{Target, is_id_prefix};

/// A guardrail, by the name it has in the published list of AWS guardrails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) enum Guardrail {
    /// ssm:SendCommand is restricted to named or tagged targets.
    #[serde(rename = "IAM-SSM-1")]
    SendCommand,
    /// ssm:StartSession is restricted to named or tagged targets.
    #[serde(rename = "IAM-SSM-2")]
    StartSession,
    /// An instance profile grants no more than Session Manager needs.
    #[serde(rename = "instance-profile")]
    InstanceProfile,
    /// Writing to S3 is restricted to buckets that the policy names.
    #[serde(rename = "s3-write")]
    BucketWrite,
}

impl Guardrail {
    /// The word that text and JSON show.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SendCommand => "IAM-SSM-1",
            Self::StartSession => "IAM-SSM-2",
            Self::InstanceProfile => "instance-profile",
            Self::BucketWrite => "s3-write",
        }
    }

    /// The action that it restricts.
    pub(super) fn action(self) -> &'static str {
        match self {
            Self::SendCommand => "ssm:SendCommand",
            Self::StartSession | Self::InstanceProfile | Self::BucketWrite => "ssm:StartSession",
        }
    }

    pub(super) fn targets(self) -> &'static [Target] {
        match self {
            Self::SendCommand => &[Target::Instance, Target::ManagedInstance],
            _ => &[Target::Instance, Target::ManagedInstance, Target::Task],
        }
    }
}

/// The result for one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    Ok,
    Undecided,
    Violation,
}

/// What is worth a look and does not change the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Warning {
    SetOperator { operator: String, strict: String },
    DeadKey { key: String },
    IdPrefix { resource: String },
    ValuePattern { value: String },
    DocumentWildcard { resource: String },
    RestsOnDeny { deny: String },
}

/// One statement and what one guardrail says of it.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    pub statement: &'a Statement,
    pub verdict: Verdict,
    /// The kinds of target that are open, or may be.
    pub open: Vec<Target>,
    /// Denies that cover a part of what is allowed.
    pub partial: Vec<&'a Statement>,
    /// The tag that the policy's conditions use, if there is one.
    pub tag: Option<&'a str>,
    pub warnings: Vec<Warning>,
}

/// Every statement that grants the guardrail's action, or may grant it.
pub(super) fn judge<'a>(
    statements: &'a [Statement],
    ground: &Ground<'a>,
    guardrail: Guardrail,
) -> Vec<Judged<'a>> {
    let action = literal(&guardrail.action().to_ascii_lowercase());
    let granting = |statement: &&Statement| {
        statement.effect != Effect::Deny && statement.names(&action) != Answer::No
    };
    let granting: Vec<&Statement> = statements.iter().filter(granting).collect();
    if granting.is_empty() {
        return Vec::new();
    }
    let denies: Vec<&Statement> = statements
        .iter()
        .filter(|one| one.effect != Effect::Allow)
        .filter(|one| one.names(&action) != Answer::No)
        .collect();
    let closing = |target: &Target| Closing::new(ground, &denies, &action, *target);
    let case = Case {
        guardrail,
        ground,
        tag: statements
            .iter()
            .flat_map(|statement| &statement.conditions.clauses)
            .filter_map(condition::Clause::tag)
            // Those are tags of sessions, not of targets.
            .find(|tag| !tag.starts_with("aws:") && tag.len() <= LONGEST_TAG),
        closing: guardrail.targets().iter().map(closing).collect(),
        named: ground.named(),
        action,
    };
    let judged = granting.into_iter().map(|one| case.statement(one));
    judged.collect()
}

/// The longest key of a tag, in bytes: 128 characters (EC2 User Guide, "Tag your resources").
const LONGEST_TAG: usize = 4 * 128;

/// What the statements of one policy have in common.
struct Case<'a, 'g> {
    guardrail: Guardrail,
    action: Vec<Piece>,
    ground: &'g Ground<'a>,
    /// What the Denies close, of each of the guardrail's targets.
    closing: Vec<Closing<'a>>,
    /// The places that are there.
    named: Set,
    tag: Option<&'a str>,
}

impl<'a> Case<'a, '_> {
    fn statement(&self, statement: &'a Statement) -> Judged<'a> {
        let is_certain = statement.effect == Effect::Allow && statement.malformed.is_none();
        let grants = statement.names(&self.action).min(if is_certain {
            Answer::Yes
        } else {
            Answer::Maybe
        });
        let conditions = &statement.conditions;
        let loose = conditions.scope().not();
        let mut judged = Judged {
            statement,
            verdict: Verdict::Ok,
            open: Vec::new(),
            partial: Vec::new(),
            tag: self.tag,
            warnings: Vec::new(),
        };
        if let Some(dead) = conditions.dead() {
            judged.warnings.push(Warning::DeadKey {
                key: dead.key.clone(),
            });
            return judged;
        }
        let mut worst = Answer::No;
        let mut closers: Vec<&Statement> = Vec::new();
        if loose != Answer::No {
            for (target, closing) in self.guardrail.targets().iter().zip(&self.closing) {
                let reached = self.ground.reached(&statement.resources, *target);
                let open = self.open(statement, &reached, closing);
                closing.name(&reached.possible, &mut closers);
                let answer = grants.min(loose).min(open);
                if answer != Answer::No {
                    judged.open.push(*target);
                    worst = worst.max(answer);
                }
            }
        }
        if worst == Answer::No && loose != Answer::No && !self.ground.places.is_all {
            judged.open = self.guardrail.targets().to_vec();
            worst = Answer::Maybe;
            closers.clear();
        }
        judged.verdict = match worst {
            Answer::No => Verdict::Ok,
            Answer::Maybe => Verdict::Undecided,
            Answer::Yes => Verdict::Violation,
        };
        self.warn(&mut judged, &closers);
        judged.partial = closers;
        judged
    }

    /// Whether targets of a kind are open at a place that the statement reaches.
    fn open(&self, statement: &Statement, reached: &Reach, closing: &Closing<'_>) -> Answer {
        let mut surely = reached.sure.clone();
        surely.remove(&closing.reach.possible);
        // The file does not say whether there is an account that the Denies do not name.
        // NotResource means everything that it does not list.
        if !statement.resources.all_but {
            surely.meet(&self.named);
        }
        let mut perhaps = reached.possible.clone();
        perhaps.remove(&closing.reach.sure);
        match (surely.is_empty(), perhaps.is_empty()) {
            (false, _) => Answer::Yes,
            (true, false) => Answer::Maybe,
            (true, true) => Answer::No,
        }
    }

    fn warn(&self, judged: &mut Judged<'a>, closers: &[&Statement]) {
        let statement = judged.statement;
        let warnings = &mut judged.warnings;
        for clause in &statement.conditions.clauses {
            if clause.tag().is_none() {
                continue;
            }
            if clause.set != condition::Set::None {
                warnings.push(Warning::SetOperator {
                    operator: clause.operator.clone(),
                    strict: clause.strict().to_owned(),
                });
            }
            if clause.is_positive_on_tag() && clause.is_like() {
                let wide = clause
                    .values
                    .iter()
                    .filter(|value| value.has_wildcard() && clause.is_hollow(value) == Answer::No);
                warnings.extend(wide.map(|value| Warning::ValuePattern {
                    value: value.shown.clone(),
                }));
            }
        }
        if judged.verdict != Verdict::Ok || statement.resources.all_but {
            return;
        }
        if !closers.is_empty() {
            warnings.push(Warning::RestsOnDeny {
                deny: names(closers),
            });
        }
        let targets = self.guardrail.targets();
        for resource in &judged.statement.resources.patterns {
            let shown = || resource.shown.clone();
            if targets
                .iter()
                .any(|one| is_id_prefix(resource, *one) && !self.ground.is_whole(resource, *one))
            {
                warnings.push(Warning::IdPrefix { resource: shown() });
            }
            if statement.conditions.is_empty() && is_document_wildcard(resource) {
                warnings.push(Warning::DocumentWildcard { resource: shown() });
            }
        }
    }
}

/// Whether it names documents with a wildcard.
fn is_document_wildcard(resource: &Pattern) -> bool {
    let wild = resource.pieces.iter().map(|piece| match piece {
        Piece::Char(character) => *character,
        Piece::Any | Piece::One => '*',
        _ => '\0',
    });
    let text: String = wild.collect();
    text.split_once(":document/")
        .is_some_and(|(_, name)| name.contains('*'))
}
