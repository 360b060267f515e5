//! The certificates that the system trusts.

use rustls::pki_types::CertificateDer;

/// The certificates of the user's store "Trusted Root Certification Authorities".
/// The library that asks it reads `SSL_CERT_FILE` and `SSL_CERT_DIR` first.
pub(crate) fn system_certificates() -> Vec<CertificateDer<'static>> {
    rustls_native_certs::load_native_certs().certs
}
