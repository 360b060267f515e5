//! Notes of the roles that the cache keeps, and of when they expire.
//! They are for a shell's prompt, which has no time for a keyring. They hold no credentials and no
//! ExternalId.
//!
//! A note is written after its role is kept, and only as long as `logout` would find that role.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::arn::session_of;
use super::chain::Fields;
use super::entry::Request;
use super::role::AssumedRole;
use crate::names::{RoleArn, RoleSessionName};
use crate::os::Os;
use crate::platform::places;
use crate::private::{Create, Folder};
use crate::settings::Customer;

/// The folder for notes, in vendor-ssm's folder for state.
const NAME: &str = "roles";
/// The version of a note's text.
const FORMAT: u32 = 1;
/// The most that is read of a note; its ARN has at most 2,048 characters.
const LONGEST: u64 = 4096;
/// The most notes that are looked at.
const MOST: usize = 20_000;

/// A role that the cache keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noted {
    /// The ARN of its session.
    pub arn: String,
    /// When its credentials expire.
    pub expires: SystemTime,
}

#[derive(Debug, Serialize, Deserialize)]
struct Note {
    version: u32,
    arn: String,
    /// Seconds since 1970.
    expires: u64,
}

/// The notes of this user on this machine.
#[derive(Debug)]
pub(super) struct Notes {
    /// The folder for state; `None` if no variable says where it is.
    state: Option<PathBuf>,
}

impl Notes {
    /// The notes in `roles` of the folder for state. Nothing is created before it is needed.
    pub(super) fn new(os: &Os) -> Self {
        Self {
            state: places::state(os),
        }
    }

    /// The vendor role and the customer role of a customer.
    /// A role without a note, or with one that has expired, is `None`.
    pub(super) fn read(&self, customer: &Customer, now: SystemTime) -> [Option<Noted>; 2] {
        let vendor = &customer.vendor.role_arn;
        // A base identity's own name is not known without asking AWS.
        let session = customer.vendor.role_session_name.as_ref();
        let noted = |name: &OsStr, role| self.noted(name, role, session, now);
        [
            noted(&vendor_file(vendor), vendor),
            noted(&customer_file(&customer.name, vendor), &customer.role_arn),
        ]
    }

    /// A note that cannot be read is none.
    fn noted(
        &self,
        name: &OsStr,
        role: &RoleArn,
        session: Option<&RoleSessionName>,
        now: SystemTime,
    ) -> Option<Noted> {
        let file = self.folder().ok()??.read(name).ok()??;
        let mut text = Vec::new();
        file.take(LONGEST).read_to_end(&mut text).ok()?;
        let note: Note = serde_json::from_slice(&text).ok()?;
        // The settings may name another role or session since.
        session_of(role, &note.arn)
            .filter(|noted| session.is_none_or(|session| *session == noted.session_name))
            .filter(|_| note.version == FORMAT)?;
        let expires = UNIX_EPOCH.checked_add(Duration::from_secs(note.expires))?;
        (now < expires).then_some(Noted {
            arn: note.arn,
            expires,
        })
    }

    /// Notes a role that is kept for `customer`. A narrowed one is not worth a note.
    pub(super) fn write(
        &self,
        customer: &str,
        request: Request<'_>,
        role: &AssumedRole,
    ) -> io::Result<()> {
        let Some(name) = file(customer, request) else {
            return Ok(());
        };
        let Some(state) = &self.state else {
            return Ok(());
        };
        let expires = role.expires.duration_since(UNIX_EPOCH).unwrap_or_default();
        let text = serde_json::to_vec(&Note {
            version: FORMAT,
            arn: role.arn.clone(),
            expires: expires.as_secs(),
        })?;
        let folder = Folder::make(state)?.make_in(NAME)?;
        // A prompt never sees half a note.
        let mut unseen = OsString::from(format!(".{}-", std::process::id()));
        unseen.push(&name);
        let written = folder
            .append(&unseen, Create::Always)
            .and_then(|mut file| file.write_all(&text))
            .and_then(|()| folder.rename(&unseen, &name));
        if written.is_err() {
            let _ = folder.remove(&unseen);
        }
        written
    }

    /// Removes the note of a role that is no longer kept.
    pub(super) fn remove(&self, customer: &str, request: Request<'_>) {
        if let (Some(name), Ok(Some(folder))) = (file(customer, request), self.folder()) {
            let _ = folder.remove(&name);
        }
    }

    /// Removes the notes of one customer and of every vendor role, or all notes.
    /// `logout` of one customer forgets the vendor role, and a note does not say whose it is.
    pub(super) fn clear(&self, customer: Option<&str>) -> io::Result<()> {
        let Some(folder) = self.folder()? else {
            return Ok(());
        };
        let own = customer.map(|customer| format!("customer-{}-", digest(customer)));
        let mut result = Ok(());
        for name in folder.names(MOST)?.0 {
            let text = name.to_string_lossy();
            // What a process that died has left behind begins with a dot.
            let is_others = own.as_ref().is_some_and(|own| {
                !text.starts_with(own.as_str())
                    && !text.starts_with("vendor-")
                    && !text.starts_with('.')
            });
            if is_others {
                continue;
            }
            match folder.remove(&name) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => result = Err(error),
                _ => {}
            }
        }
        result
    }

    fn folder(&self) -> io::Result<Option<Folder>> {
        let Some(state) = &self.state else {
            return Ok(None);
        };
        let found = Folder::find(state)?;
        Ok(found
            .map(|found| found.find_in(NAME))
            .transpose()?
            .flatten())
    }
}

/// The file of a role's note; `None` if the role is narrowed.
fn file(customer: &str, request: Request<'_>) -> Option<OsString> {
    match request {
        Request::Vendor(vendor) => Some(vendor_file(&vendor.role_arn)),
        Request::Customer(request) if request.session_policy.is_none() => {
            Some(customer_file(customer, &request.vendor.role_arn))
        }
        Request::Customer(_) => None,
    }
}

fn vendor_file(vendor: &RoleArn) -> OsString {
    format!("vendor-{}.json", digest(vendor.as_str())).into()
}

fn customer_file(customer: &str, vendor: &RoleArn) -> OsString {
    format!(
        "customer-{}-{}.json",
        digest(customer),
        digest(vendor.as_str())
    )
    .into()
}

/// A name for any text, also one that cannot be a file's name.
fn digest(text: &str) -> String {
    Fields::of("note").text(text).finish().to_string()
}
