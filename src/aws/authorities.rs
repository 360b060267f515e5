//! The authorities that sign the certificates to trust, for API calls and the data channel alike.
//! `AWS_CA_BUNDLE` or the profile's `ca_bundle` comes first, then `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` together (openssl-env(7)), then the system's store. Refused: a file or folder
//! that is named and has no certificate, since passing over it would trust another authority.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_native_certs::{CertificateResult, load_certs_from_paths};

use super::found::{Found, setting, variable};
use super::said::untrusted;
use super::setup_error::SetupError;
use super::shared_files::SharedFiles;
use crate::bounded;
use crate::os::Os;
use crate::platform::{places, system_certificates};

const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";
/// The largest file of certificates, in bytes. A distribution's has a quarter of a megabyte.
const LARGEST: u64 = 16 << 20;

/// What decides which authorities' signatures are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Authorities {
    /// The file of `AWS_CA_BUNDLE` or of the profile's `ca_bundle`.
    Bundle(Found<PathBuf>),
    /// `SSL_CERT_FILE`, `SSL_CERT_DIR` or both. At least one is set.
    Variables {
        file: Option<PathBuf>,
        /// Folders, as the variable separates them.
        folders: Option<String>,
    },
    /// The system's store.
    System,
}

impl Authorities {
    /// Reads the variables and the profile, and no certificate.
    pub(super) fn find(files: &SharedFiles, os: &Os) -> Result<Self, SetupError> {
        let bundle = variable("AWS_CA_BUNDLE", os).or_else(|| setting(files, "ca_bundle"));
        if let Some(bundle) = bundle {
            return Ok(Self::Bundle(bundle.map(|path| places::expanded(os, &path))));
        }
        if let Some(name) = [FILE, FOLDERS]
            .into_iter()
            .find(|name| os.is_not_text(name))
        {
            return Err(SetupError::NotText(name));
        }
        let value = |name| variable(name, os).map(|found| found.value);
        let (file, folders) = (value(FILE), value(FOLDERS));
        Ok(if file.is_none() && folders.is_none() {
            Self::System
        } else {
            Self::Variables {
                file: file.map(PathBuf::from),
                folders,
            }
        })
    }

    /// What replaces the system's store, and its path; `None` if nothing does.
    pub(crate) fn instead(&self) -> Option<String> {
        let named = |name: &str, value: &dyn fmt::Display| format!("{name} ({value})");
        match self {
            Self::Bundle(bundle) => Some(named(&bundle.set_by, &bundle.value.display())),
            Self::Variables { file, folders } => {
                let file = file.as_ref().map(|path| named(FILE, &path.display()));
                let folders = folders.as_ref().map(|folders| named(FOLDERS, folders));
                let both: Vec<String> = file.into_iter().chain(folders).collect();
                Some(both.join(" and "))
            }
            Self::System => None,
        }
    }

    /// What sets it: the bundle, `SSL_CERT_FILE` and `SSL_CERT_DIR`. What is outranked is absent.
    pub(super) fn shown(&self) -> [Option<Found<String>>; 3] {
        let set = |name: &str, value: String| Found {
            value,
            set_by: name.to_owned(),
        };
        match self {
            Self::Bundle(bundle) => {
                let path = bundle.value.display().to_string();
                [Some(set(&bundle.set_by, path)), None, None]
            }
            Self::Variables { file, folders } => {
                let file = file.as_ref().map(|path| path.display().to_string());
                let folders = folders.clone().map(|folders| set(FOLDERS, folders));
                [None, file.map(|path| set(FILE, path)), folders]
            }
            Self::System => [None, None, None],
        }
    }

    /// What replaces the system's store, in the words of an error.
    /// `None` too if `said` is about something else than an authority that is not trusted.
    pub(super) fn blamed(&self, said: &str) -> Option<String> {
        untrusted(said)?;
        Some(format!("trusting only {}", self.instead()?))
    }

    /// An error's text, and what was trusted if that is why it failed.
    pub(crate) fn explained(&self, said: String) -> String {
        match self.blamed(&said) {
            Some(blamed) => format!("{said}, {blamed}"),
            None => said,
        }
    }

    /// Reads the certificates. `None` for the system's store, which is read later.
    pub(super) fn read(&self) -> Result<Option<RootCertStore>, SetupError> {
        match self {
            Self::Bundle(bundle) => bundled(bundle).map(Some),
            Self::Variables { file, folders } => {
                let mut found = Vec::new();
                if let Some(path) = file {
                    found.extend(in_file(path).map_err(|reason| wrong(FILE, path, reason))?);
                }
                if let Some(folders) = folders {
                    let is_enough = !found.is_empty();
                    let more = in_folders(folders, is_enough);
                    found.extend(more.map_err(|(path, why)| wrong(FOLDERS, &path, why))?);
                }
                Ok(Some(usable(found)))
            }
            Self::System => Ok(None),
        }
    }
}

/// The certificates of the system's store. The variables do not change it.
pub(super) fn system() -> RootCertStore {
    usable(system_certificates())
}

/// Without the certificates that rustls cannot use: a distribution's bundle may have some.
fn usable(certificates: Vec<CertificateDer<'static>>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    roots
}

/// Every certificate of a bundle, which must all be usable.
fn bundled(found: &Found<PathBuf>) -> Result<RootCertStore, SetupError> {
    let wrong = |reason| wrong(&found.set_by, &found.value, reason);
    let pem = contents(&found.value).map_err(wrong)?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| wrong(format!("not PEM: {error}")))?;
        roots
            .add(certificate)
            .map_err(|error| wrong(format!("a certificate in the file is not valid: {error}")))?;
    }
    if roots.is_empty() {
        return Err(wrong("the file has no certificate".to_owned()));
    }
    Ok(roots)
}

/// The certificates of `SSL_CERT_FILE`, at least one of which is usable.
fn in_file(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let pem = contents(path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|error| format!("not PEM: {error}"))?;
    if found.is_empty() {
        return Err("the file has no certificate".to_owned());
    }
    if !is_any_usable(&found) {
        return Err("no certificate in the file is valid".to_owned());
    }
    Ok(found)
}

/// A file's contents. Refused: more than a file of certificates has, and what is not a file.
fn contents(path: &Path) -> Result<Vec<u8>, String> {
    let read = bounded::read(path, LARGEST);
    read.map(|mut contents| std::mem::take(&mut *contents))
        .map_err(|error| error.to_string())
}

/// The certificates in the folders of `SSL_CERT_DIR`, whatever the files' names.
/// OpenSSL passes over a folder that does not exist, and so does this if another one does. A file
/// that cannot be read is passed over. `is_enough` says that there may be none at all.
fn in_folders(
    folders: &str,
    is_enough: bool,
) -> Result<Vec<CertificateDer<'static>>, (PathBuf, String)> {
    let mut found = CertificateResult::default();
    let mut missing = None;
    let mut read = None;
    let named = std::env::split_paths(folders).filter(|path| !path.as_os_str().is_empty());
    for folder in named {
        // The library would tell a folder that it cannot list from a file in it by the path alone.
        match std::fs::read_dir(&folder) {
            Ok(_) => {
                let more = load_certs_from_paths(None, Some(&folder));
                found.certs.extend(more.certs);
                found.errors.extend(more.errors);
                read.get_or_insert(folder);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                missing.get_or_insert((folder, error.to_string()));
            }
            Err(error) => return Err((folder, error.to_string())),
        }
    }
    for error in &found.errors {
        tracing::info!("{FOLDERS}: {error}");
    }
    let Some(read) = read else {
        let nothing = || (folders.into(), "it names no folder".to_owned());
        return Err(missing.unwrap_or_else(nothing));
    };
    if !is_enough && !is_any_usable(&found.certs) {
        let why = match found.errors.first() {
            Some(error) => format!("it has no certificate that can be used ({error})"),
            None => "it has no certificate".to_owned(),
        };
        return Err((read, why));
    }
    Ok(found.certs)
}

fn is_any_usable(certificates: &[CertificateDer<'static>]) -> bool {
    let mut roots = RootCertStore::empty();
    let mut all = certificates.iter();
    all.any(|certificate| roots.add(certificate.clone()).is_ok())
}

fn wrong(set_by: &str, path: &Path, reason: String) -> SetupError {
    SetupError::Authorities {
        set_by: set_by.to_owned(),
        path: path.to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_store_is_the_same_beside_a_blank_variable() {
        for (name, value) in [(FILE, ""), (FOLDERS, " ")] {
            let os = Os::with_environment([(name, value)]);
            let trust = Authorities::find(&SharedFiles::read(None, &os), &os).unwrap();
            assert_eq!(trust, Authorities::System);
        }
        assert!(!system().is_empty());
    }
}
