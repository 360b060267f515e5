//! Why there are no settings.
//! No variant carries a line of the file, nor a value that may be an ExternalId.

use std::io;
use std::path::PathBuf;

use super::origin::{At, Origin, Place};
use super::source::Location;
use crate::exit::Exit;
use crate::names::{Malformed, Region, did_you_mean};
use crate::platform::{files, look_command};
use crate::private;
use crate::trust::Distrust;

/// Why vendor-ssm has no settings, or not the ones that were asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No option names the file, and the home directory is not known.
    #[error("no settings file: the home directory is not known")]
    NoHome,
    /// The file does not exist.
    #[error("{location} not found ({origin})")]
    Missing {
        /// What was looked for. A path that ends with `/` names a folder.
        location: Location,
        /// What named it.
        origin: Origin,
    },
    /// The file or folder could not be opened or read.
    #[error("the {location} cannot be read: {source}")]
    Unreadable {
        /// The file or folder.
        location: Location,
        /// What the system said.
        source: io::Error,
    },
    /// A directory, a pipe or a device.
    #[error("the settings file {} is not a regular file", path.display())]
    NotAFile {
        path: PathBuf,
        /// Whether it is in a settings folder.
        in_folder: bool,
    },
    /// There is nothing to read in the folder.
    #[error("the settings folder {} has no file NAME.toml", .0.display())]
    EmptyFolder(PathBuf),
    /// More than 1 MiB.
    #[error("the settings file {} is larger than 1 MiB", .0.display())]
    TooLarge(PathBuf),
    /// Another user can write the file or folder, or swap it by what is on the way to it.
    #[error("the settings {what} is not safe: {why}")]
    Distrusted {
        /// `file` or `folder`.
        what: &'static str,
        /// What is not safe.
        why: Distrust,
    },
    /// The text is not TOML.
    #[error("{place}: {message}")]
    Syntax {
        /// Where.
        place: Place,
        /// The parser's message, without the line.
        message: String,
    },
    /// Two files of a folder have the same key.
    #[error("{place}: {key} is given twice, first at {first}")]
    Twice {
        /// The second place.
        place: Place,
        /// The key with its section.
        key: String,
        /// The first place.
        first: Place,
    },
    /// A key that vendor-ssm does not know.
    #[error("{place}: unknown key {key}")]
    UnknownKey {
        /// Where.
        place: Place,
        /// The key with its section.
        key: String,
        /// The keys of that section.
        known: Vec<&'static str>,
    },
    /// A value of the wrong type.
    #[error("{place}: {key} is {found}, expected {expected}")]
    WrongType {
        /// Where.
        place: Place,
        /// The key with its section.
        key: String,
        /// The type it has.
        found: &'static str,
        /// The type it should have.
        expected: &'static str,
    },
    /// A value of the right type that is not valid.
    #[error("{place}: {key}: {why}")]
    Malformed {
        /// Where.
        place: Place,
        /// The key with its section.
        key: String,
        /// What is wrong.
        why: Malformed,
    },
    /// A required key.
    #[error("{place}: {key} is missing")]
    MissingKey {
        /// The section, or the file's first line if there is no section either.
        place: Place,
        /// The key with its section.
        key: String,
    },
    /// `default_customer` names a customer that is not in the file.
    #[error("{place}: default_customer: section [customers.{name}] not found")]
    UnknownDefault {
        /// Where.
        place: Place,
        name: String,
        /// The customers there are.
        names: Vec<String>,
    },
    /// A flag or variable names a customer that is not in the file.
    #[error("customer {name:?} is not in {} ({origin})", location.path.display())]
    UnknownCustomer {
        name: String,
        /// What named it.
        origin: Origin,
        /// The settings file or folder.
        location: Location,
        /// The customers there are.
        names: Vec<String>,
    },
    /// The file has several customers and no default, and the command names none.
    #[error("no customer chosen: {} has {}", location.path.display(), names.join(", "))]
    Unnamed {
        /// The settings file or folder.
        location: Location,
        /// The customers there are.
        names: Vec<String>,
    },
    /// The file has no customers.
    #[error("the {0} has no customer")]
    NoCustomer(Location),
    /// The file could not be written; the old one is still there.
    #[error("the {location} cannot be written: {source}")]
    Unwritable {
        /// The file or folder.
        location: Location,
        /// What the system said.
        source: io::Error,
    },
    /// Another program wrote the file in the meantime.
    #[error("another program changed the {0}; nothing was written")]
    Changed(Location),
    /// Another process has held the lock on the file all the time.
    #[error(
        "another vendor-ssm has been changing the {location} for {seconds} s; nothing was written"
    )]
    Busy {
        /// The file or folder.
        location: Location,
        /// The lock beside it.
        lock: PathBuf,
        /// How long vendor-ssm waited for it.
        seconds: u64,
    },
    /// The file already has a customer of this name.
    #[error("customer {name:?} is already in {}; its ExternalId is unchanged", file.display())]
    CustomerExists {
        name: String,
        /// The file that has it.
        file: PathBuf,
    },
    /// The folder already has a file for a customer of this name.
    #[error("the settings file {} already exists; it is unchanged", .0.display())]
    FileExists(PathBuf),
    /// The folder cannot have a file of this name.
    #[error(
        "a customer's name may have at most {most} characters here, since its file has that name"
    )]
    LongName {
        /// The most that leave room for the end of the file's name.
        most: usize,
    },
    /// A folder's file would have a name that the system cannot give to a file.
    #[error(
        "no customer of a settings folder can have the name {name:?} on this system: it cannot be a file's name"
    )]
    UnusableName {
        /// The name.
        name: String,
    },
    /// The file already has another vendor role.
    #[error("vendor.role_arn is already {there}")]
    OtherVendorRole {
        /// The role in the file.
        there: String,
    },
    /// Another customer has this ExternalId.
    #[error("customer {other:?} already has this ExternalId")]
    ExternalIdTaken {
        /// The other customer.
        other: String,
    },
    /// `customers` is not a section, so vendor-ssm cannot add to it or remove from it.
    #[error("{}: vendor-ssm cannot edit `customers`, which is not a section", .0.display())]
    Uneditable(PathBuf),
    /// `--region` is in another partition than the customer's account.
    #[error("--region {region} is in partition {}, but {customer}'s account is in {partition}", region.partition().name())]
    OtherPartition {
        region: Region,
        customer: String,
        /// The partition of the customer's role.
        partition: &'static str,
    },
}

impl Error {
    /// The value of `key` is not valid.
    pub(super) fn malformed<T>(
        value: &At<T>,
        key: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self::Malformed {
            place: value.place.clone(),
            key: key.into(),
            why: Malformed(why.into()),
        }
    }

    /// The exit code: usage if the command line is at fault, otherwise settings or local I/O.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::UnknownCustomer { .. }
            | Self::Unnamed { .. }
            | Self::OtherPartition { .. }
            | Self::CustomerExists { .. }
            | Self::FileExists(_)
            | Self::LongName { .. }
            | Self::UnusableName { .. }
            | Self::OtherVendorRole { .. }
            | Self::ExternalIdTaken { .. } => Exit::Usage,
            Self::Unwritable { .. } | Self::Changed(_) | Self::Busy { .. } => Exit::LocalIo,
            Self::NoHome
            | Self::Missing { .. }
            | Self::Unreadable { .. }
            | Self::NotAFile { .. }
            | Self::TooLarge(_)
            | Self::EmptyFolder(_)
            | Self::Distrusted { .. }
            | Self::Twice { .. }
            | Self::Syntax { .. }
            | Self::UnknownKey { .. }
            | Self::WrongType { .. }
            | Self::Malformed { .. }
            | Self::MissingKey { .. }
            | Self::UnknownDefault { .. }
            | Self::Uneditable(_)
            | Self::NoCustomer(_) => Exit::Settings,
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NoHome => Some("name the file with `--config FILE`".to_owned()),
            Self::Missing { .. } | Self::EmptyFolder(_) => Some(
                "add a customer with `vendor-ssm customer add NAME --account ID --region REGION \
                 --tag-value VALUE --vendor-role-arn ARN`; docs/settings.md shows every key"
                    .to_owned(),
            ),
            Self::Distrusted { why, .. } => Some(why.hint()),
            Self::Twice { .. } => Some("remove one of the two".to_owned()),
            Self::UnknownKey { key, known, .. } => {
                let word = key.rsplit('.').next().unwrap_or(key);
                Some(did_you_mean(word, known).unwrap_or_else(|| {
                    format!("the keys here are {}", known.join(", "))
                }))
            }
            Self::MissingKey { key, .. } if key.ends_with(".external_id") => Some(
                "agree on an ExternalId with the customer; vendor-ssm assumes no role without one"
                    .to_owned(),
            ),
            Self::UnknownDefault { name, names, .. }
            | Self::UnknownCustomer { name, names, .. } => Some(
                did_you_mean(name, names).unwrap_or_else(|| match names.as_slice() {
                    [] => "there are no customers: add a section [customers.NAME]".to_owned(),
                    names => format!("the customers are {}", names.join(", ")),
                }),
            ),
            Self::Unnamed { location, .. } => Some(format!(
                "pass `-c NAME`, or set `default_customer` in {}",
                if location.is_folder { "one of the files" } else { "the file" }
            )),
            Self::NoCustomer(_) => Some(
                "add a section [customers.NAME] with `role_arn`, `external_id`, `tag_value` and `regions`"
                    .to_owned(),
            ),
            Self::CustomerExists { name, .. } => Some(format!(
                "run `vendor-ssm customer show {name}` to see the customer; use an editor to change it"
            )),
            Self::FileExists(_) => Some(
                "choose another name, or write the customer into that file with an editor".to_owned(),
            ),
            Self::LongName { .. } => Some("choose a shorter name".to_owned()),
            Self::UnusableName { .. } => Some("choose another name".to_owned()),
            Self::OtherVendorRole { .. } => Some(
                "omit --vendor-role-arn; for one customer alone, set it under [customers.NAME.vendor]"
                    .to_owned(),
            ),
            Self::ExternalIdTaken { .. } => Some(
                "omit --external-id-stdin to make a new one, or ask the customer for another"
                    .to_owned(),
            ),
            Self::Changed(_) => Some("run the command again".to_owned()),
            Self::Busy { lock, .. } => Some(format!(
                "run `{}` to see which process it is, stop that process, and run the command again",
                files::holder_command(lock)
            )),
            Self::Unwritable { source, .. } => private::hint(source),
            Self::Uneditable(_) => {
                Some("write each customer as its own section [customers.NAME]".to_owned())
            }
            Self::Unreadable { location, .. } => Some(format!(
                "check it with `{}`, or name another file with --config",
                look_command(&location.path)
            )),
            Self::NotAFile { in_folder, .. } => Some(if *in_folder {
                "give it a name that does not end with .toml, or remove it".to_owned()
            } else {
                "name a file or a folder with --config".to_owned()
            }),
            Self::TooLarge(_)
            | Self::Syntax { .. }
            | Self::WrongType { .. }
            | Self::Malformed { .. }
            | Self::MissingKey { .. }
            | Self::OtherPartition { .. } => None,
        }
    }
}
