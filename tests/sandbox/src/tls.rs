//! A certificate authority of the sandbox's own and a server certificate under it, new at each
//! start. Only the sandbox's clients trust it; its key never leaves the process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// Why the sandbox cannot serve TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A certificate could not be made.
    #[error("could not make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library refused the certificate.
    #[error("could not use the certificate")]
    Config(#[from] rustls::Error),
    /// The CA file could not be written.
    #[error("could not write the CA certificate")]
    Io(#[from] std::io::Error),
}

/// Makes the CA, writes it to `ca.pem` in the directory, and returns what serves TLS for the
/// loopback names and the given ones.
pub(crate) fn acceptor(dir: &Path, names: &[String]) -> Result<(TlsAcceptor, PathBuf), TlsError> {
    let mut authority = CertificateParams::default();
    authority
        .distinguished_name
        .push(DnType::CommonName, "vendor-ssm sandbox CA");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate()?;
    let authority_certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);

    let mut served = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    served.extend_from_slice(names);
    let mut leaf = CertificateParams::new(served)?;
    leaf.distinguished_name
        .push(DnType::CommonName, "vendor-ssm sandbox");
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = leaf.signed_by(&key, &issuer)?;

    std::fs::create_dir_all(dir)?;
    let file = dir.join("ca.pem");
    std::fs::write(&file, authority_certificate.pem())?;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((TlsAcceptor::from(Arc::new(config)), file))
}
