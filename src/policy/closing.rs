//! Which Denies take targets back, and where.
//! Each place keeps the first few of its Denies, enough for a message, so that no statement is
//! compared with every Deny.

use std::collections::HashMap;

use super::ground::Ground;
use super::pattern::{Answer, Piece};
use super::set::{Reach, Set};
use super::statement::{Effect, Statement};
use super::target::Target;

/// How many Denies a finding looks at: one more than it names.
pub(super) const MOST_DENIES: usize = 9;

/// The Denies that leave, of the targets of a kind, only those with the right tag.
pub(super) struct Closing<'a> {
    /// The places that they close.
    pub reach: Reach,
    /// The first Denies of each place.
    denies: Vec<Vec<&'a Statement>>,
    /// The places that have the same first Denies.
    alike: HashMap<Vec<usize>, Set>,
}

impl<'a> Closing<'a> {
    pub(super) fn new(
        ground: &Ground<'a>,
        denies: &[&'a Statement],
        action: &[Piece],
        target: Target,
    ) -> Self {
        let size = ground.places.size;
        let mut reach = Reach::new(size, Answer::No);
        let mut of_place: Vec<Vec<&'a Statement>> = vec![Vec::new(); size];
        let mut has_room = Set::all(size);
        for deny in denies {
            let closes = closes(ground, deny, action, target);
            let mut more = closes.possible.clone();
            more.meet(&has_room);
            while let Some(place) = more.first() {
                more.drop(place);
                of_place[place].push(deny);
                if of_place[place].len() == MOST_DENIES {
                    has_room.drop(place);
                }
            }
            reach.join(&closes);
        }
        let mut alike = HashMap::new();
        for (place, denies) in of_place.iter().enumerate() {
            let places = alike.entry(numbers(denies));
            places.or_insert_with(|| Set::none(size)).add(place);
        }
        Self {
            reach,
            denies: of_place,
            alike,
        }
    }

    /// Adds the Denies of these places, in their order, up to [`MOST_DENIES`].
    pub(super) fn name(&self, places: &Set, named: &mut Vec<&'a Statement>) {
        let mut rest = places.clone();
        rest.meet(&self.reach.possible);
        while named.len() < MOST_DENIES
            && let Some(place) = rest.first()
        {
            let denies = &self.denies[place];
            for deny in denies {
                let is_new = !named.iter().any(|known| known.number == deny.number);
                if is_new && named.len() < MOST_DENIES {
                    named.push(deny);
                }
            }
            match self.alike.get(&numbers(denies)) {
                Some(alike) => rest.remove(alike),
                None => return,
            }
        }
    }
}

fn numbers(denies: &[&Statement]) -> Vec<usize> {
    denies.iter().map(|deny| deny.number).collect()
}

/// At which places a Deny leaves, of the targets of a kind, only those with the right tag.
fn closes<'a>(ground: &Ground<'a>, deny: &'a Statement, action: &[Piece], target: Target) -> Reach {
    let is_certain = deny.effect == Effect::Deny && deny.malformed.is_none();
    let most = deny
        .names(action)
        .min(deny.conditions.spare_only_tagged())
        .min(if is_certain {
            Answer::Yes
        } else {
            Answer::Maybe
        });
    let size = ground.places.size;
    if most == Answer::No {
        return Reach::new(size, Answer::No);
    }
    let mut closed = ground.covered(&deny.resources, target);
    closed.meet(&Reach::new(size, most));
    closed
}
