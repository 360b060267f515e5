//! Why there are no settings. No variant carries a line of the file or a value that may be an
//! ExternalId.

use std::io;
use std::path::{Path, PathBuf};

use super::origin::{At, Origin, Place};
use crate::exit::Exit;
use crate::names::{Malformed, Region, did_you_mean};

/// Why there are no settings, or not those that were asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither a file is named nor a home directory known.
    #[error("no settings file: the home directory is not known")]
    NoHome,
    /// The file does not exist.
    #[error("settings file {} not found ({origin})", path.display())]
    Missing {
        /// The path that was looked for.
        path: PathBuf,
        /// What named it.
        origin: Origin,
    },
    /// The file could not be opened or read.
    #[error("the settings file {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A directory, a pipe or a device.
    #[error("the settings file {} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// More than 1 MiB.
    #[error("the settings file {} is larger than 1 MiB", .0.display())]
    TooLarge(PathBuf),
    /// The file, a link to it or its directory belongs to neither us nor root.
    #[error("{what} {} belongs to another user (uid {uid})", path.display())]
    ForeignOwner {
        /// `the settings file`, for one.
        what: &'static str,
        /// Its path.
        path: PathBuf,
        /// Its owner.
        uid: u32,
    },
    /// The file or its directory can be written by others.
    #[error("{what} {} can be written by other users (mode {mode:04o})", path.display())]
    Writable {
        /// `the settings file`, for one.
        what: &'static str,
        /// Its path.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The text is not TOML.
    #[error("{place}: {message}")]
    Syntax {
        /// Where.
        place: Place,
        /// What the parser said, without the line.
        message: String,
    },
    /// A key that nothing reads.
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
    /// A value that cannot be right.
    #[error("{place}: {key}: {why}")]
    Malformed {
        /// Where.
        place: Place,
        /// The key with its section.
        key: String,
        /// What is wrong.
        why: Malformed,
    },
    /// A key that has no default.
    #[error("{place}: {key} is missing")]
    MissingKey {
        /// The section, or the file's first line when that is missing too.
        place: Place,
        /// The key with its section.
        key: String,
    },
    /// `default_customer` names none of the customers.
    #[error("{place}: default_customer: section [customers.{name}] not found")]
    UnknownDefault {
        /// Where.
        place: Place,
        /// The name.
        name: String,
        /// The customers there are.
        names: Vec<String>,
    },
    /// A flag or variable names none of the customers.
    #[error("customer {name:?} is not in {} ({origin})", file.display())]
    UnknownCustomer {
        /// The name.
        name: String,
        /// What named it.
        origin: Origin,
        /// The settings file.
        file: PathBuf,
        /// The customers there are.
        names: Vec<String>,
    },
    /// There are several customers, none is the default, and none was named.
    #[error("no customer chosen: {} has {}", file.display(), names.join(", "))]
    Unnamed {
        /// The settings file.
        file: PathBuf,
        /// The customers there are.
        names: Vec<String>,
    },
    /// The file names no customer at all.
    #[error("the settings file {} has no customer", .0.display())]
    NoCustomer(PathBuf),
    /// The file could not be written; what was there is there still.
    #[error("the settings file {} cannot be written: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody else has written the file meanwhile.
    #[error("another program changed the settings file {}; nothing was written", .0.display())]
    Changed(PathBuf),
    /// A customer of this name is there already.
    #[error("customer {name:?} is already in {}; its ExternalId is unchanged", file.display())]
    CustomerExists {
        /// The name.
        name: String,
        /// The settings file.
        file: PathBuf,
    },
    /// The vendor role is another one already.
    #[error("vendor.role_arn is already {there}")]
    OtherVendorRole {
        /// The role that the file has.
        there: String,
    },
    /// Another customer has this ExternalId.
    #[error("customer {other:?} already has this ExternalId")]
    ExternalIdTaken {
        /// The other customer.
        other: String,
    },
    /// `customers` is no section that one could be added to or removed from.
    #[error("{}: vendor-ssm cannot edit `customers`, which is not a section", .0.display())]
    Uneditable(PathBuf),
    /// `--region` of another partition than the customer's account.
    #[error("--region {region} is in partition {}, but {customer}'s account is in {partition}", region.partition().name())]
    OtherPartition {
        /// The region.
        region: Region,
        /// The customer.
        customer: String,
        /// The partition of the customer's role.
        partition: &'static str,
    },
}

impl Error {
    /// That this value of `key` cannot be right.
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

    /// How the process ends: what the command line asked for is usage, all else the settings.
    pub fn exit(&self) -> Exit {
        match self {
            Self::UnknownCustomer { .. }
            | Self::Unnamed { .. }
            | Self::OtherPartition { .. }
            | Self::CustomerExists { .. }
            | Self::OtherVendorRole { .. }
            | Self::ExternalIdTaken { .. } => Exit::Usage,
            Self::Unwritable { .. } | Self::Changed(_) => Exit::LocalIo,
            Self::NoHome
            | Self::Missing { .. }
            | Self::Unreadable { .. }
            | Self::NotAFile(_)
            | Self::TooLarge(_)
            | Self::ForeignOwner { .. }
            | Self::Writable { .. }
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

    /// What to do about it, in one line.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoHome => Some("name the file with `--config FILE`".to_owned()),
            Self::Missing { .. } => Some(
                "add a customer with `vendor-ssm customer add NAME --account ID --region REGION \
                 --tag-value VALUE --vendor-role-arn ARN`; docs/settings.md shows every key"
                    .to_owned(),
            ),
            Self::ForeignOwner { .. } => Some(
                "review it, then use a copy that you own: it decides which roles you assume".to_owned(),
            ),
            Self::Writable { path, .. } => Some(format!("run `chmod go-w {}`", quoted(path))),
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
                    [] => "the file has no customers: add a section [customers.NAME]".to_owned(),
                    names => format!("the customers are {}", names.join(", ")),
                }),
            ),
            Self::Unnamed { .. } => {
                Some("pass `-c NAME`, or set `default_customer` in the file".to_owned())
            }
            Self::NoCustomer(_) => Some(
                "add a section [customers.NAME] with `role_arn`, `external_id`, `tag_value` and `regions`"
                    .to_owned(),
            ),
            Self::CustomerExists { name, .. } => Some(format!(
                "run `vendor-ssm customer show {name}` to see it; use an editor to change it"
            )),
            Self::OtherVendorRole { .. } => Some(
                "omit --vendor-role-arn; for one customer alone, set it under [customers.NAME.vendor]"
                    .to_owned(),
            ),
            Self::ExternalIdTaken { .. } => Some(
                "omit --external-id-stdin to make a new one, or ask the customer for another"
                    .to_owned(),
            ),
            Self::Changed(_) => Some("run the command again".to_owned()),
            Self::Uneditable(_) => {
                Some("write each customer as its own section [customers.NAME]".to_owned())
            }
            Self::Unwritable { .. }
            | Self::Unreadable { .. }
            | Self::NotAFile(_)
            | Self::TooLarge(_)
            | Self::Syntax { .. }
            | Self::WrongType { .. }
            | Self::Malformed { .. }
            | Self::MissingKey { .. }
            | Self::OtherPartition { .. } => None,
        }
    }
}

/// The path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    shlex::try_quote(&text).map_or_else(|_| text.clone(), Into::into)
}
