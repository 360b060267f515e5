//! The certificates that the system trusts.

use rustls::pki_types::CertificateDer;
use schannel::cert_context::{CertContext, ValidUses};
use schannel::cert_store::CertStore;

/// The use of a certificate for TLS servers (RFC 5280 section 4.2.1.12).
const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// The certificates of the user's store "Trusted Root Certification Authorities".
/// It has those of the machine and of a group policy too. Left out are those that are trusted for
/// other uses than servers alone, and those that are out of date.
pub(crate) fn system_certificates() -> Vec<CertificateDer<'static>> {
    let store = CertStore::open_current_user("ROOT");
    let store = store.inspect_err(|error| tracing::warn!("the certificate store: {error}"));
    let Ok(store) = store else {
        return Vec::new();
    };
    let trusted = store.certs().filter(is_for_servers);
    trusted
        .map(|certificate| certificate.to_der().to_vec().into())
        .collect()
}

fn is_for_servers(certificate: &CertContext) -> bool {
    let is_used = match certificate.valid_uses() {
        Ok(ValidUses::All) => true,
        Ok(ValidUses::Oids(uses)) => uses.iter().any(|it| it == SERVER_AUTH),
        Err(_) => false,
    };
    is_used && certificate.is_time_valid().unwrap_or(false)
}
