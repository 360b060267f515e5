//! The two guardrails: ssm:SendCommand (IAM-SSM-1) and ssm:StartSession (IAM-SSM-2).
//! Neither is allowed on targets that the policy does not name and no tag restricts. What cannot be
//! decided does not pass. Each policy is judged by itself, since another policy that helps it may
//! be detached tomorrow.

use serde::Serialize;

use super::condition::Set;
use super::pattern::{Answer, Pattern, Piece, literal};
use super::statement::{Effect, Statement};
use super::target::{Place, Target, is_id_prefix, places, reaches};

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
}

impl Guardrail {
    /// The word that text and JSON show.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SendCommand => "IAM-SSM-1",
            Self::StartSession => "IAM-SSM-2",
            Self::InstanceProfile => "instance-profile",
        }
    }

    /// The action that it restricts.
    pub(super) fn action(self) -> &'static str {
        match self {
            Self::SendCommand => "ssm:SendCommand",
            Self::StartSession | Self::InstanceProfile => "ssm:StartSession",
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
pub(super) fn judge(statements: &[Statement], guardrail: Guardrail) -> Vec<Judged<'_>> {
    let action = literal(&guardrail.action().to_ascii_lowercase());
    let granting = |statement: &&Statement| {
        statement.effect != Effect::Deny && statement.names(&action) != Answer::No
    };
    if !statements.iter().any(|one| granting(&one)) {
        return Vec::new();
    }
    let (places, all_places) = places(statements);
    let case = Case {
        guardrail,
        places,
        all_places,
        tag: statements
            .iter()
            .flat_map(|statement| &statement.conditions.clauses)
            .filter_map(super::condition::Clause::tag)
            // Those are tags of sessions, not of targets.
            .find(|tag| !tag.starts_with("aws:")),
        denies: statements
            .iter()
            .filter(|one| one.effect != Effect::Allow)
            .filter(|one| one.names(&action) != Answer::No)
            .collect(),
        action: action.clone(),
    };
    statements
        .iter()
        .filter(granting)
        .map(|statement| case.statement(statement))
        .collect()
}

/// What the statements of one policy have in common.
struct Case<'a> {
    guardrail: Guardrail,
    action: Vec<Piece>,
    places: Vec<Place>,
    all_places: bool,
    denies: Vec<&'a Statement>,
    tag: Option<&'a str>,
}

impl<'a> Case<'a> {
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
        for target in self.guardrail.targets() {
            let (open, closed_by) = self.target(statement, *target);
            let answer = grants.min(loose).min(open);
            if answer != Answer::No {
                judged.open.push(*target);
                worst = worst.max(answer);
            }
            if loose != Answer::No {
                for deny in closed_by {
                    if !closers.iter().any(|known| known.number == deny.number) {
                        closers.push(deny);
                    }
                }
            }
        }
        if worst == Answer::No && loose != Answer::No && !self.all_places {
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

    /// Whether targets of a kind are open somewhere, and the Denies that close them elsewhere.
    fn target(&self, statement: &Statement, target: Target) -> (Answer, Vec<&'a Statement>) {
        let mut open = Answer::No;
        let mut closed_by = Vec::new();
        for place in &self.places {
            let reached = reaches(statement, target, place);
            if reached == Answer::No {
                continue;
            }
            let mut closed = Answer::No;
            for deny in &self.denies {
                let takes_back = self.closes(deny, target, place);
                if takes_back != Answer::No {
                    closed_by.push(*deny);
                }
                closed = closed.max(takes_back);
            }
            // The file does not say whether there is an account that the Denies do not name.
            // NotResource means everything that it does not list.
            let is_there = if place.is_named || statement.resources.all_but {
                Answer::Yes
            } else {
                Answer::Maybe
            };
            open = open.max(reached.min(closed.not()).min(is_there));
        }
        (open, closed_by)
    }

    /// Whether a Deny leaves, of the targets of a kind, only those with the right tag.
    fn closes(&self, deny: &Statement, target: Target, place: &Place) -> Answer {
        let probes = target.probes(place);
        let is_certain = deny.effect == Effect::Deny && deny.malformed.is_none();
        Answer::all(probes.iter().map(|probe| deny.resources.covers(probe)))
            .min(deny.names(&self.action))
            .min(deny.conditions.spare_only_tagged())
            .min(if is_certain {
                Answer::Yes
            } else {
                Answer::Maybe
            })
    }

    fn warn(&self, judged: &mut Judged<'_>, closers: &[&Statement]) {
        let statement = judged.statement;
        let warnings = &mut judged.warnings;
        for clause in &statement.conditions.clauses {
            if clause.tag().is_none() {
                continue;
            }
            if clause.set != Set::None {
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
            let deny = closers.iter().map(|deny| deny.name());
            warnings.push(Warning::RestsOnDeny {
                deny: deny.collect::<Vec<_>>().join(", "),
            });
        }
        let targets = self.guardrail.targets();
        for resource in &statement.resources.patterns {
            let shown = || resource.shown.clone();
            let reaches_all = |target: &Target| {
                self.places.iter().any(|place| {
                    let probes = target.probes(place);
                    probes
                        .iter()
                        .all(|probe| resource.matches(probe) == Answer::Yes)
                })
            };
            if targets
                .iter()
                .any(|target| is_id_prefix(resource, *target) && !reaches_all(target))
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
