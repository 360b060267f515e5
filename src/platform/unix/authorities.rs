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

/// The certificates that the Keychain trusts as roots.
/// A user's trust settings override an administrator's, and those the system's (`man security`,
/// trust-settings).
#[cfg(target_os = "macos")]
pub(crate) fn system_certificates() -> Vec<CertificateDer<'static>> {
    use std::collections::HashMap;

    use security_framework::trust_settings::{Domain, TrustSettings, TrustSettingsForCertificate};

    let mut all = HashMap::new();
    for domain in [Domain::User, Domain::Admin, Domain::System] {
        let settings = TrustSettings::new(domain);
        // A domain without settings is an error too.
        let Ok(certificates) = settings.iter() else {
            continue;
        };
        for certificate in certificates {
            // No settings for a certificate of the domain: it is trusted as a root.
            if let Ok(trust) = settings.tls_trust_settings_for_certificate(&certificate) {
                let trust = trust.unwrap_or(TrustSettingsForCertificate::TrustRoot);
                all.entry(certificate.to_der()).or_insert(trust);
            }
        }
    }
    let trusted = all.into_iter().filter(|(_, trust)| {
        matches!(
            trust,
            TrustSettingsForCertificate::TrustRoot | TrustSettingsForCertificate::TrustAsRoot
        )
    });
    trusted
        .map(|(certificate, _)| CertificateDer::from(certificate))
        .collect()
}
