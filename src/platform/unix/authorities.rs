//! The certificates that the system trusts.

use rustls::pki_types::CertificateDer;

/// The certificates of the system's store, found without `SSL_CERT_FILE` and `SSL_CERT_DIR`.
#[cfg(not(target_os = "macos"))]
pub(crate) fn system_certificates() -> Vec<CertificateDer<'static>> {
    use rustls_native_certs::load_certs_from_paths;

    let likely = openssl_probe::probe();
    let file = load_certs_from_paths(likely.cert_file.as_deref(), None).certs;
    let folders = likely.cert_dir.iter();
    let more = folders.flat_map(|folder| load_certs_from_paths(None, Some(folder)).certs);
    let mut found: Vec<_> = file.into_iter().chain(more).collect();
    found.sort_unstable_by(|one, other| one.as_ref().cmp(other.as_ref()));
    found.dedup();
    found
}

/// The certificates that the Keychain trusts. The library that asks it reads the variables first.
#[cfg(target_os = "macos")]
pub(crate) fn system_certificates() -> Vec<CertificateDer<'static>> {
    rustls_native_certs::load_native_certs().certs
}
