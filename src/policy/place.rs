//! The places that a policy names: partitions, regions and accounts.
//! A Resource may reach every target in one of them and none in another.

use std::collections::{BTreeSet, HashMap};

use super::pattern::{Answer, Piece, literal, matches};
use super::set::Set;
use super::statement::Statement;
use super::target::Target;

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

/// The partitions, regions and accounts in which a target may be. A place is one of each.
#[derive(Debug)]
pub(super) struct Places {
    pub partitions: Axis,
    pub regions: Axis,
    pub accounts: Axis,
    /// How many places are judged: [`MOST`] at most.
    pub size: usize,
    /// Whether these are all that there are.
    pub is_all: bool,
    /// The place of an account that no statement names, although they name others.
    pub unnamed: Set,
}

/// The partitions, regions or accounts.
#[derive(Debug)]
pub(super) struct Axis {
    pub names: Vec<Vec<Piece>>,
    at: HashMap<Vec<Piece>, usize>,
}

impl Axis {
    fn new(names: impl IntoIterator<Item = Vec<Piece>>) -> Self {
        // No more than MOST of them are part of a place that is judged.
        let names: Vec<Vec<Piece>> = names.into_iter().take(MOST).collect();
        let at = names.iter().cloned().zip(0..).collect();
        Self { names, at }
    }

    /// The name's number, if it is one of them.
    pub(super) fn at(&self, name: &[Piece]) -> Option<usize> {
        self.at.get(name).copied()
    }
}

impl Places {
    /// The number of a place. None if it is beyond those that are judged.
    pub(super) fn number(&self, partition: usize, region: usize, account: usize) -> Option<usize> {
        let row = partition * self.regions.names.len() + region;
        let number = row * self.accounts.names.len() + account;
        (number < self.size).then_some(number)
    }

    /// The example ARNs of a target at each place.
    pub(super) fn probes(&self, target: Target) -> Vec<[Vec<Piece>; 3]> {
        let mut probes = Vec::with_capacity(self.size);
        for partition in &self.partitions.names {
            for region in &self.regions.names {
                for account in &self.accounts.names {
                    if probes.len() == self.size {
                        return probes;
                    }
                    probes.push(target.ids().map(|id| {
                        let last = [literal(target.kind()), literal(id)].concat();
                        [
                            &literal("arn")[..],
                            partition,
                            &literal(target.service()),
                            region,
                            account,
                            &last,
                        ]
                        .join(&[Piece::Char(':')][..])
                    }));
                }
            }
        }
        probes
    }
}

/// The places that the statements name.
/// One more region and account stand for those that no statement names, unless the policy names its
/// own account.
pub(super) fn places(statements: &[Statement]) -> Places {
    let all_partitions = PARTITIONS.map(literal);
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
            let known = all_partitions.iter();
            let known = known.filter(|known| matches(partition, known) != Answer::No);
            partitions.extend(known.cloned());
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
    let unnamed = literal(UNNAMED);
    let names_its_own = accounts.iter().any(is_own) || accounts.contains(&unnamed);
    let is_doubtful = !accounts.is_empty() && !names_its_own;
    let first = (!names_its_own).then_some(unnamed);
    let partitions_in_all = partitions.len();
    let regions_in_all = regions.len();
    let accounts_in_all = accounts.len() + usize::from(first.is_some());
    let in_all = partitions_in_all * regions_in_all * accounts_in_all;
    let mut places = Places {
        partitions: Axis::new(partitions),
        regions: Axis::new(regions),
        accounts: Axis::new(first.into_iter().chain(accounts)),
        size: in_all.min(MOST),
        is_all: in_all <= MOST,
        unnamed: Set::none(in_all.min(MOST)),
    };
    if is_doubtful {
        let (partitions, regions) = (&places.partitions.names, &places.regions.names);
        let rows = partitions.len() * regions.len();
        let first_of_row = (0..rows).map(|row| row * places.accounts.names.len());
        let judged: Vec<usize> = first_of_row.filter(|at| *at < places.size).collect();
        for at in judged {
            places.unnamed.add(at);
        }
    }
    places
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
