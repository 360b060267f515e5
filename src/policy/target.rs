//! The targets of ssm:SendCommand and ssm:StartSession.
//! (Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems
//! Manager".) Each kind has three example ARNs that no policy names: a Resource that matches all
//! three reaches every target of that kind.

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
    /// The words that messages use.
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

    /// The beginning of the last part of its ARNs.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Instance => "instance/",
            Self::ManagedInstance => "managed-instance/",
            Self::Task => "task/",
        }
    }

    /// Three ids that have nothing in common beyond the form of every id.
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

    /// The example ARNs at a place.
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

/// A partition, a region and an account in which a target may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    partition: Vec<Piece>,
    region: Vec<Piece>,
    account: Vec<Piece>,
    /// Whether the policy names this account, or names no account at all.
    pub is_named: bool,
}

/// AWS's partitions.
pub(super) const PARTITIONS: [&str; 8] = [
    "aws",
    "aws-cn",
    "aws-eusc",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-us-gov",
];

/// An account that stands for those that the policy does not name.
const UNNAMED: &str = "739405182616";

/// A policy of 6,144 characters cannot name more places. One that does is undecided.
const MOST: usize = 4096;

/// The places that the statements name, and whether these are all of them.
/// One more region and account stand for those that no statement names, unless the policy names its
/// own account.
pub(super) fn places(statements: &[Statement]) -> (Vec<Place>, bool) {
    let mut partitions = BTreeSet::from([literal("aws")]);
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
        if let Some(partition) = segments.get(1).filter(|one| name(one).is_some()) {
            let partition = pattern.part(partition);
            let known = PARTITIONS.iter().map(|known| literal(known));
            partitions.extend(known.filter(|known| partition.matches(known) != Answer::No));
        }
        regions.extend(segments.get(3).and_then(|region| name(region)));
        accounts.extend(segments.get(4).and_then(|account| name(account)));
        accounts.extend(account_numbers(&pattern.pieces));
        // A `*` matches colons too: the text after it may be a region or an account, wherever it
        // stands.
        if let Some((_, before)) = segments.split_last() {
            let wild = before.iter().position(|one| one.contains(&Piece::Any));
            for segment in &before[wild.unwrap_or(before.len())..] {
                let after = segment.rsplit(|piece| *piece == Piece::Any).next();
                let after = after.and_then(name);
                accounts.extend(after.clone().filter(|after| !is_text(after)));
                regions.extend(after);
            }
        }
    }
    let is_region = |one: &Piece| matches!(one, Piece::Named(name) if name.to_ascii_lowercase().contains("region"));
    accounts
        .retain(|account| !account.contains(&Piece::Char('/')) && !account.iter().any(is_region));
    regions.retain(|region| !region.contains(&Piece::Char('/')) && !accounts.contains(region));
    let is_own = |account: &Vec<Piece>| {
        let own = |name: &String| OWN_ACCOUNT.contains(&name.to_ascii_lowercase().as_str());
        matches!(account.as_slice(), [Piece::Named(name)] if own(name))
    };
    let names_none = accounts.is_empty();
    let mut accounts: Vec<(Vec<Piece>, bool)> = if accounts.iter().any(is_own) {
        Vec::new()
    } else {
        vec![(literal(UNNAMED), names_none)]
    }
    .into_iter()
    .chain(accounts.into_iter().map(|account| (account, true)))
    .collect();
    accounts.dedup_by(|one, other| one.0 == other.0);
    let places = partitions.iter().flat_map(|partition| {
        let regions = regions.iter();
        regions.flat_map(|region| {
            let accounts = accounts.iter();
            accounts.map(|(account, is_named)| Place {
                partition: partition.clone(),
                region: region.clone(),
                account: account.clone(),
                is_named: *is_named,
            })
        })
    });
    let places: Vec<Place> = places.take(MOST).collect();
    let is_all = partitions.len() * regions.len() * accounts.len() == places.len();
    (places, is_all)
}

/// The names by which a policy or a template means its own account.
const OWN_ACCOUNT: [&str; 3] = [
    "${aws::accountid}",
    "${aws:principalaccount}",
    "${aws:resourceaccount}",
];

/// Whether every character is known.
fn is_text(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| matches!(piece, Piece::Char(_)))
}

/// The numbers of twelve digits anywhere in the pattern; zeros fill what a wildcard leaves open.
fn account_numbers(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    const DIGITS: usize = 12;
    let is_digit =
        |piece: &Piece| matches!(piece, Piece::Char(character) if character.is_ascii_digit());
    let zero = || Piece::Char('0');
    let filled = |run: &[Piece], missing: usize| -> Vec<Piece> {
        let mut missing = missing;
        run.iter()
            .flat_map(|piece| match piece {
                Piece::Any => vec![zero(); std::mem::take(&mut missing)],
                Piece::One => vec![zero()],
                other => vec![other.clone()],
            })
            .collect()
    };
    let whole = pieces
        .split(|piece| !is_digit(piece) && *piece != Piece::One)
        .filter(|run| run.len() == DIGITS);
    let parted = pieces
        .split(|piece| !is_digit(piece) && !matches!(piece, Piece::One | Piece::Any))
        .filter(|run| run.contains(&Piece::Any));
    whole
        .chain(parted)
        .filter(|run| run.iter().any(is_digit))
        .filter_map(|run| {
            let written = run.iter().filter(|piece| **piece != Piece::Any).count();
            Some(filled(run, DIGITS.checked_sub(written)?))
        })
        .collect()
}

/// A name that the segment matches; none if the segment is empty or matches everything.
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

/// Whether the patterns together match every id of that kind.
pub(super) fn reaches(statement: &Statement, target: Target, place: &Place) -> Answer {
    let probes = target.probes(place);
    if statement.resources.all_but {
        // One id that is not excluded is enough.
        Answer::any(probes.iter().map(|one| statement.resources.covers(one)))
    } else {
        Answer::all(probes.iter().map(|one| statement.resources.covers(one)))
    }
}

/// Whether a pattern names targets of that kind by the beginning of their ids.
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
