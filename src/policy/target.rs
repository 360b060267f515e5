//! What ssm:SendCommand and ssm:StartSession can be aimed at, as ARNs that nobody can have named
//! (Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems Manager"):
//! a Resource that fits them all reaches every target of their kind.

use std::collections::BTreeSet;

use super::pattern::{Answer, Pattern, Piece, literal};
use super::statement::Statement;

/// A kind of target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Instance,
    ManagedInstance,
    Task,
}

impl Target {
    /// What a person calls them all.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Instance => "EC2 instances",
            Self::ManagedInstance => "managed instances",
            Self::Task => "ECS tasks",
        }
    }

    /// The ARN of all of them, anywhere.
    pub(super) fn every(self) -> &'static str {
        match self {
            Self::Instance => "arn:aws:ec2:*:*:instance/*",
            Self::ManagedInstance => "arn:aws:ssm:*:*:managed-instance/*",
            Self::Task => "arn:aws:ecs:*:*:task/*",
        }
    }

    fn service(self) -> &'static str {
        match self {
            Self::Instance => "ec2",
            Self::ManagedInstance => "ssm",
            Self::Task => "ecs",
        }
    }

    /// What its ARNs' last part begins with.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Instance => "instance/",
            Self::ManagedInstance => "managed-instance/",
            Self::Task => "task/",
        }
    }

    /// Ids that share no more than every id does.
    fn ids(self) -> [&'static str; 3] {
        match self {
            Self::Instance => [
                "i-00b3f1d2c4e5a6978",
                "i-0f9e8d7c6b5a41320",
                "i-07c1a9e3d5b2f4860",
            ],
            Self::ManagedInstance => [
                "mi-00b3f1d2c4e5a6978",
                "mi-0f9e8d7c6b5a41320",
                "mi-07c1a9e3d5b2f4860",
            ],
            Self::Task => [
                "blue/00b3f1d2c4e5a697800b3f1d2c4e5a69",
                "web-7/f9e8d7c6b5a41320f9e8d7c6b5a41320",
                "Xq/7c1a9e3d5b2f48607c1a9e3d5b2f4860",
            ],
        }
    }

    /// The ARNs of all three at a place.
    pub(super) fn probes(self, place: &Place) -> [Vec<Piece>; 3] {
        self.ids().map(|id| {
            let colon = [Piece::Char(':')];
            [
                &literal("arn")[..],
                &place.partition,
                &literal(self.service()),
                &place.region,
                &place.account,
                &[&literal(self.kind())[..], &literal(id)].concat(),
            ]
            .join(&colon[..])
        })
    }
}

/// Where a target may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    partition: Vec<Piece>,
    region: Vec<Piece>,
    account: Vec<Piece>,
}

/// A policy of 6,144 characters tells no more places apart; one that does is not walked through.
const MOST: usize = 4096;

/// The places that the statements tell apart: each that one names, and a region that none does. The
/// account and the partition are the reader's own, so any that is named may be it. And whether they are
/// all of them.
pub(super) fn places(statements: &[Statement]) -> (Vec<Place>, bool) {
    let mut partitions = BTreeSet::new();
    let mut regions = BTreeSet::from([literal("none-named-1")]);
    let mut accounts = BTreeSet::new();
    for pattern in statements
        .iter()
        .flat_map(|statement| &statement.resources.patterns)
    {
        let segments: Vec<&[Piece]> = pattern
            .pieces
            .split(|piece| *piece == Piece::Char(':'))
            .collect();
        let named = |at: usize| segments.get(at).and_then(|segment| name(segment));
        for (at, seen) in [(1, &mut partitions), (3, &mut regions), (4, &mut accounts)] {
            seen.extend(named(at));
        }
    }
    if partitions.is_empty() {
        partitions.insert(literal("aws"));
    }
    if accounts.is_empty() {
        accounts.insert(literal("000000000000"));
    }
    let places = partitions.iter().flat_map(|partition| {
        let regions = regions.iter();
        regions.flat_map(|region| {
            let accounts = accounts.iter();
            accounts.map(|account| Place {
                partition: partition.clone(),
                region: region.clone(),
                account: account.clone(),
            })
        })
    });
    let places: Vec<Place> = places.take(MOST).collect();
    let is_all = partitions.len() * regions.len() * accounts.len() == places.len();
    (places, is_all)
}

/// A name that the segment fits; none for one that is empty or fits all.
fn name(segment: &[Piece]) -> Option<Vec<Piece>> {
    if segment.iter().all(|piece| *piece == Piece::Any) {
        return None;
    }
    let filled = segment.iter().filter_map(|piece| match piece {
        Piece::Any => None,
        Piece::One => Some(Piece::Char('0')),
        other => Some(other.clone()),
    });
    Some(filled.collect())
}

/// Whether the patterns together fit whatever id there is.
pub(super) fn reaches(statement: &Statement, target: Target, place: &Place) -> Answer {
    let probes = target.probes(place);
    if statement.resources.all_but {
        // One id that is not left out is enough.
        Answer::any(probes.iter().map(|one| statement.resources.covers(one)))
    } else {
        Answer::all(probes.iter().map(|one| statement.resources.covers(one)))
    }
}

/// Whether a pattern speaks of targets of a kind by the beginning of their ids.
pub(super) fn is_id_prefix(pattern: &Pattern, target: Target) -> bool {
    let text: String = pattern
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Char(character) => *character,
            Piece::Any | Piece::One => '*',
            Piece::Named(_) | Piece::Open(_) => '\0',
        })
        .collect();
    text.split_once(&format!(":{}", target.kind()))
        .is_some_and(|(_, id)| id.contains('*') && !id.trim_matches('*').is_empty())
}
