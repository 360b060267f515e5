//! The words that fit at the cursor.
//! Names come from settings and tags. A shell inserts them as they are, so it is offered only those
//! that no shell reads as anything else. An instance with another name is offered by its id.

use std::collections::HashSet;

use clap::{Arg, Command, ValueHint};

use super::line::{Line, Place};
use crate::args::Global;
use crate::choice::Wanted;
use crate::names::Region;
use crate::names::short::short;
use crate::os::Os;
use crate::platform::places;
use crate::session::journal::{Journal, Record};
use crate::settings::{self, Settings};
use crate::ui::sanitize::escape;

/// What asks the shell to complete a path.
pub(super) const FILES: &str = ":files";
/// The longest description, in characters.
const LONGEST_ABOUT: usize = 120;

/// A word that fits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub word: String,
    /// What it is, on one line.
    pub about: Option<String>,
}

impl Offer {
    fn new(word: impl Into<String>, about: Option<&str>) -> Self {
        let about = about.and_then(|about| about.lines().next());
        let about = about.map(|about| escape(&short(about, LONGEST_ABOUT)).into_owned());
        Self {
            word: word.into(),
            about: about.filter(|about| !about.is_empty()),
        }
    }
}

/// What fits, in the order in which it should be shown.
pub(super) fn offers(root: &Command, line: &Line<'_>, os: &Os) -> Vec<Offer> {
    let mut offers = match line.place {
        Place::Value(argument) => values(root, line, argument, os),
        Place::Word { commands, argument } => {
            let below = if commands {
                below(line.command)
            } else {
                Vec::new()
            };
            let values = argument.map(|argument| values(root, line, argument, os));
            below
                .into_iter()
                .chain(values.unwrap_or_default())
                .collect()
        }
        Place::Option => options(line),
        // The shell knows its files, and not those of the instance.
        Place::OtherProgram => files(),
        Place::Unknown => Vec::new(),
    };
    offers.retain(|offer| offer.word == FILES || offer.word.starts_with(&line.begun));
    offers
}

fn files() -> Vec<Offer> {
    vec![Offer::new(FILES, None)]
}

/// The commands below one.
fn below(command: &Command) -> Vec<Offer> {
    let below = command.get_subcommands().filter(|one| !one.is_hide_set());
    below
        .map(|one| {
            let about = one.get_about().map(ToString::to_string);
            Offer::new(one.get_name(), about.as_deref())
        })
        .collect()
}

fn options(line: &Line<'_>) -> Vec<Offer> {
    let shown = |one: &&Arg| !one.is_positional() && !one.is_hide_set();
    let mut offers = Vec::new();
    for argument in line.command.get_arguments().filter(shown) {
        let about = argument.get_help().map(ToString::to_string);
        let about = about.as_deref();
        offers.extend(
            argument
                .get_long()
                .map(|long| Offer::new(format!("--{long}"), about)),
        );
        // One letter is offered only to those who ask for it.
        let short = argument
            .get_short()
            .filter(|_| line.begun.len() < 3 && !line.begun.starts_with("--"));
        offers.extend(short.map(|short| Offer::new(format!("-{short}"), about)));
    }
    offers
}

/// The values of an argument.
fn values(root: &Command, line: &Line<'_>, argument: &Arg, os: &Os) -> Vec<Offer> {
    match (argument.get_id().as_str(), line.path.as_slice()) {
        ("customer" | "confirm", _)
        | ("name", ["customer", "show" | "remove"])
        | ("names", ["customer", "test"]) => customers(line, argument, os),
        ("regions", _) => regions(line, os),
        ("target" | "targets", _) => targets(line, os),
        ("ids", ["sessions", "terminate"]) => sessions(line, os),
        ("command", ["man"]) => {
            let mut of = root;
            for word in line.all_values("command") {
                match of.find_subcommand(word) {
                    Some(below) => of = below,
                    None => return Vec::new(),
                }
            }
            below(of)
        }
        _ => fixed(argument),
    }
}

/// The values that the command line's definition has, or files.
fn fixed(argument: &Arg) -> Vec<Offer> {
    let possible = argument.get_possible_values();
    if possible.is_empty() {
        let is_path = matches!(
            argument.get_value_hint(),
            ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath
        );
        return if is_path { files() } else { Vec::new() };
    }
    let shown = possible.iter().filter(|one| !one.is_hide_set());
    shown
        .map(|one| {
            let about = one.get_help().map(ToString::to_string);
            Offer::new(one.get_name(), about.as_deref())
        })
        .collect()
}

/// The settings that the command on this line would have; `None` if they cannot be used.
fn settings(line: &Line<'_>, os: &Os) -> Option<Settings> {
    let global = Global {
        config: line.value("config").map(|path| places::expanded(os, path)),
        customer: line.value("customer").map(str::to_owned),
        ..Global::default()
    };
    settings::resolve(&global, os).ok()
}

fn customers(line: &Line<'_>, argument: &Arg, os: &Os) -> Vec<Offer> {
    let Some(settings) = settings(line, os) else {
        return Vec::new();
    };
    // A confirmation names the customer of the session.
    let of_session = (argument.get_id() == "confirm")
        .then_some(settings.default_customer.as_deref())
        .flatten();
    let typed: Vec<&str> = line.all_values("names").collect();
    let names = settings
        .customers
        .iter()
        .map(|customer| (customer.name.as_str(), customer));
    names
        .filter(|(name, _)| is_plain(name) && of_session.is_none_or(|of| of == *name))
        .filter(|(name, _)| !typed.contains(name))
        .map(|(name, customer)| Offer::new(name, Some(customer.role_arn.account().as_str())))
        .collect()
}

fn regions(line: &Line<'_>, os: &Os) -> Vec<Offer> {
    let Some(settings) = settings(line, os) else {
        return Vec::new();
    };
    let customers = settings.customers.iter();
    let of = customers.filter(|one| {
        let chosen = settings.default_customer.as_deref();
        chosen.is_none_or(|chosen| chosen == one.name)
    });
    let mut names: Vec<&str> = of
        .flat_map(|one| one.regions.iter().map(Region::as_str))
        .filter(|region| is_plain(region))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| Offer::new(name, None))
        .collect()
}

/// The instances that this machine had sessions on, the newest first.
fn targets(line: &Line<'_>, os: &Os) -> Vec<Offer> {
    let Some(settings) = settings(line, os) else {
        return Vec::new();
    };
    let chosen = settings.default_customer.as_deref();
    let is_wanted = |record: &Record| {
        let is_customers = match chosen {
            Some(chosen) => record.customer == chosen,
            None => settings
                .customers
                .iter()
                .any(|one| one.name == record.customer),
        };
        let mut regions = line.all_values("regions").peekable();
        is_customers && (regions.peek().is_none() || regions.any(|region| region == record.region))
    };
    let records: Vec<Record> = Journal::new(os)
        .recent()
        .into_iter()
        .filter(is_wanted)
        .collect();
    let typed: Vec<&str> = ["target", "targets"]
        .into_iter()
        .flat_map(|id| line.all_values(id))
        .collect();
    instances(&records, line.begun.starts_with("i-"), &typed)
}

/// The instances of these sessions, each once.
/// An instance is offered by its name, or by its id if that is asked for or the name is not plain.
fn instances(records: &[Record], by_id: bool, typed: &[&str]) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let mut seen = HashSet::new();
    let mut words: HashSet<String> = typed.iter().map(|word| (*word).to_owned()).collect();
    for record in records {
        let id = record.instance_id.as_str();
        if !seen.insert(id) {
            continue;
        }
        let mut same = records.iter().filter(|other| other.instance_id == id);
        // The newest name that is known: a session by id alone knows none.
        let name = same.find_map(|other| other.name.as_deref());
        let place = format!("{} {}", record.customer, record.region);
        let offer = match name.filter(|name| !by_id && is_offered(name)) {
            Some(name) => Offer::new(name, Some(&format!("{id} {place}"))),
            None if is_plain(id) => {
                let name = name.map(|name| format!("{name} ")).unwrap_or_default();
                Offer::new(id, Some(&format!("{name}{place}")))
            }
            None => continue,
        };
        if words.insert(offer.word.clone()) {
            offers.push(offer);
        }
    }
    offers
}

/// The sessions that may still be open.
fn sessions(line: &Line<'_>, os: &Os) -> Vec<Offer> {
    let typed: Vec<&str> = line.all_values("ids").collect();
    let customer = line.value("customer");
    let records = Journal::new(os).recent();
    let open = records.iter().filter(|record| {
        record.ended.is_none() && customer.is_none_or(|customer| record.customer == customer)
    });
    open.filter_map(|record| {
        let id = record.session_id.as_deref()?;
        let what = record.name.as_deref().unwrap_or(&record.instance_id);
        let about = format!("{} {what} since {}", record.customer, record.started);
        (is_plain(id) && !typed.contains(&id)).then(|| Offer::new(id, Some(&about)))
    })
    .collect()
}

/// Whether no shell reads anything into it.
fn is_plain(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !text.is_empty() && !text.starts_with('-') && text.bytes().all(allowed)
}

/// Whether a Name tag is offered. One like an id or an address would not be taken for a name.
fn is_offered(name: &str) -> bool {
    is_plain(name) && matches!(Wanted::parse(name), Wanted::Name(_))
}
