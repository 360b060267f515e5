//! Which places a Resource reaches, for all places of a policy at once.
//! The time grows with the size of the policy, not with statements times places. Wildcards beyond
//! [`MOST_MATCHES`], which no policy that IAM takes has, are [`Answer::Maybe`].

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::pattern::{Answer, Pattern, Piece, literal, matches};
use super::place::{Axis, Places, places};
use super::set::{Reach, Set};
use super::statement::{Listed, Statement};
use super::target::Target;

/// How many times wildcards are matched with names or example ARNs, in one policy.
const MOST_MATCHES: usize = 2_000_000;

/// So few places are cheaper to work out than to keep.
const FEW: usize = 64;

/// The number of parts of an ARN. No part of an example ARN holds a colon.
const PARTS: usize = 6;

/// For each example id of a target, where it is reached.
type Reached = [Reach; 3];

/// What is known of a pattern for a target.
type Known<'a> = HashMap<(Target, &'a [Piece]), Rc<Reached>>;

/// The places of a policy, and what was found out about its Resources.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub places: Places,
    /// The example ARNs of each target at each place.
    probes: [OnceCell<Vec<[Vec<Piece>; 3]>>; 3],
    words: [Words; 3],
    known: RefCell<Known<'a>>,
    matches: Cell<usize>,
}

/// What a pattern with all parts of an ARN matches, part by part.
struct Parts {
    partitions: Vec<(usize, Answer)>,
    regions: Vec<(usize, Answer)>,
    accounts: Vec<(usize, Answer)>,
}

/// Which of the example ids a pattern may match.
enum Ids {
    /// The pattern has all parts of an ARN, and its last one matches the ids so.
    Are([Answer; 3]),
    /// A wildcard of it may stand for colons.
    Open,
}

impl<'a> Ground<'a> {
    pub(super) fn new(statements: &[Statement]) -> Self {
        Self {
            places: places(statements),
            probes: Default::default(),
            words: [Target::Instance, Target::ManagedInstance, Target::Task].map(Words::new),
            known: RefCell::default(),
            matches: Cell::new(0),
        }
    }

    /// The places that are there: an account that the policy does not name may not be.
    pub(super) fn named(&self) -> Set {
        self.places.unnamed.others()
    }

    /// Where a statement with this Resource reaches every target of that kind.
    pub(super) fn reached(&self, resources: &'a Listed, target: Target) -> Reach {
        if !resources.all_but {
            return self.covered(resources, target);
        }
        // One id that is not excluded is enough.
        let [mut any, second, third] = self.ids_covered(resources, target);
        any.join(&second);
        any.join(&third);
        any
    }

    /// Where the list includes every id of that kind.
    pub(super) fn covered(&self, listed: &'a Listed, target: Target) -> Reach {
        let [mut all, second, third] = self.ids_covered(listed, target);
        all.meet(&second);
        all.meet(&third);
        all
    }

    /// Whether a pattern matches every id of that kind at some place.
    pub(super) fn is_whole(&self, pattern: &'a Pattern, target: Target) -> bool {
        let mut reached = self.nowhere();
        self.include(pattern, target, &mut reached);
        let [mut all, second, third] = reached;
        all.meet(&second);
        all.meet(&third);
        !all.sure.is_empty()
    }

    fn nowhere(&self) -> Reached {
        std::array::from_fn(|_| Reach::new(self.places.size, Answer::No))
    }

    fn ids_covered(&self, listed: &'a Listed, target: Target) -> Reached {
        let mut reached = self.nowhere();
        for pattern in &listed.patterns {
            self.include(pattern, target, &mut reached);
        }
        if listed.all_but {
            reached.map(|one| one.not())
        } else {
            reached
        }
    }

    /// Adds what a pattern matches.
    fn include(&self, pattern: &'a Pattern, target: Target, reached: &mut Reached) {
        match self.words[target as usize].ids(pattern) {
            None => {}
            Some(Ids::Are(ids)) => {
                let parts = self.parts(pattern);
                if parts.places() < FEW {
                    self.add_parts(&parts, ids, reached);
                } else {
                    let add = |found: &mut Reached| self.add_parts(&parts, ids, found);
                    self.recall(pattern, target, reached, add);
                }
            }
            Some(Ids::Open) => {
                let add = |found: &mut Reached| self.add_probes(pattern, target, found);
                self.recall(pattern, target, reached, add);
            }
        }
    }

    /// Adds what was found for the same pattern before, or finds it now.
    fn recall(
        &self,
        pattern: &'a Pattern,
        target: Target,
        reached: &mut Reached,
        add: impl FnOnce(&mut Reached),
    ) {
        let key = (target, pattern.pieces.as_slice());
        let known = self.known.borrow().get(&key).cloned();
        if let Some(found) = known {
            for (one, found) in reached.iter_mut().zip(found.iter()) {
                one.join(found);
            }
        } else if self.may_match(self.places.size) {
            let mut found = self.nowhere();
            add(&mut found);
            for (one, found) in reached.iter_mut().zip(&found) {
                one.join(found);
            }
            self.known.borrow_mut().insert(key, Rc::new(found));
        } else {
            for one in reached {
                one.join(&Reach::new(self.places.size, Answer::Maybe));
            }
        }
    }

    fn parts(&self, pattern: &Pattern) -> Parts {
        let parts: Vec<&[Piece]> = parts(pattern).collect();
        let on = |axis: &Axis, part: usize| self.on(axis, parts[part]);
        Parts {
            partitions: on(&self.places.partitions, 1),
            regions: on(&self.places.regions, 3),
            accounts: on(&self.places.accounts, 4),
        }
    }

    /// The names on an axis that a part of a pattern matches.
    fn on(&self, axis: &Axis, part: &[Piece]) -> Vec<(usize, Answer)> {
        let all = |answer| (0..axis.names.len()).map(|at| (at, answer)).collect();
        if !part.iter().any(is_free) {
            let at = axis.at(part).map(|at| (at, Answer::Yes));
            return at.into_iter().collect();
        }
        if part.iter().all(|piece| *piece == Piece::Any) && !part.is_empty() {
            return all(Answer::Yes);
        }
        if !self.may_match(axis.names.len()) {
            return all(Answer::Maybe);
        }
        let answers = axis.names.iter().map(|name| matches(part, name));
        let answers = answers.enumerate();
        answers
            .filter(|(_, answer)| *answer != Answer::No)
            .collect()
    }

    fn add_parts(&self, parts: &Parts, ids: [Answer; 3], reached: &mut Reached) {
        for (partition, partition_is) in &parts.partitions {
            for (region, region_is) in &parts.regions {
                for (account, account_is) in &parts.accounts {
                    let place = self.places.number(*partition, *region, *account);
                    let Some(place) = place else { continue };
                    let answer = *partition_is.min(region_is).min(account_is);
                    for (one, id) in reached.iter_mut().zip(ids) {
                        one.add(place, answer.min(id));
                    }
                }
            }
        }
    }

    /// Adds what a pattern matches whose wildcards may stand for colons.
    fn add_probes(&self, pattern: &Pattern, target: Target, reached: &mut Reached) {
        let probes = &self.probes[target as usize];
        let probes = probes.get_or_init(|| self.places.probes(target));
        for (place, ids) in probes.iter().enumerate() {
            for (one, id) in reached.iter_mut().zip(ids) {
                one.add(place, pattern.matches(id));
            }
        }
    }

    /// Whether so many matches more are within the limit.
    fn may_match(&self, matches: usize) -> bool {
        let spent = self.matches.get().saturating_add(matches);
        self.matches.set(spent);
        spent <= MOST_MATCHES
    }
}

impl Parts {
    fn places(&self) -> usize {
        self.partitions.len() * self.regions.len() * self.accounts.len()
    }
}

/// The parts of a target's ARNs that are the same at each place.
#[derive(Debug)]
struct Words {
    arn: Vec<Piece>,
    service: Vec<Piece>,
    ids: [Vec<Piece>; 3],
}

impl Words {
    fn new(target: Target) -> Self {
        let kind = literal(target.kind());
        Self {
            arn: literal("arn"),
            service: literal(target.service()),
            ids: target.ids().map(|id| [&kind[..], &literal(id)].concat()),
        }
    }

    /// What a pattern says of the example ids. None if it matches none of them.
    fn ids(&self, pattern: &Pattern) -> Option<Ids> {
        let mut parts = parts(pattern);
        let all: [Option<&[Piece]>; PARTS] = std::array::from_fn(|_| parts.next());
        let [Some(arn), _, Some(service), _, _, Some(id)] = all else {
            return pattern.pieces.iter().any(is_free).then_some(Ids::Open);
        };
        if parts.next().is_some() {
            return None;
        }
        let service = matches(service, &self.service).min(matches(arn, &self.arn));
        if service == Answer::No {
            return None;
        }
        let ids = self.ids.each_ref().map(|one| matches(id, one).min(service));
        (ids != [Answer::No; 3]).then_some(Ids::Are(ids))
    }
}

/// Whether it may stand for other text than its own.
fn is_free(piece: &Piece) -> bool {
    matches!(piece, Piece::Any | Piece::One | Piece::Open(_))
}

fn parts(pattern: &Pattern) -> impl Iterator<Item = &[Piece]> {
    pattern.pieces.split(|piece| *piece == Piece::Char(':'))
}
