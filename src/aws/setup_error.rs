//! Errors that are found before the first call to AWS.

use std::path::PathBuf;

/// Why vendor-ssm cannot speak to AWS at all; found before the network.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    /// `~/.aws/config` or `~/.aws/credentials` is not what AWS's parsers take.
    #[error("vendor-ssm cannot read AWS's configuration files: {0}")]
    Profiles(String),
    /// `AWS_CA_BUNDLE` names a file that is missing or holds no certificate.
    #[error("AWS_CA_BUNDLE {path}: {reason}", path = .0.display(), reason = .1)]
    CaBundle(PathBuf, String),
    /// TLS does not start.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// `HTTPS_PROXY` is not a proxy's URL. The error hides the URL, which may hold a password.
    #[error("HTTPS_PROXY is not a usable proxy URL: {0}")]
    Proxy(String),
    /// A setting that is neither true nor false.
    #[error("{0} is neither true nor false")]
    Switch(String),
    /// An endpoint override that is neither AWS's nor on this machine.
    #[error("the {service} endpoint {url} ({origin}) {reason}")]
    Endpoint {
        /// Whose endpoint.
        service: &'static str,
        /// Without credentials or query.
        url: String,
        /// The variable or profile key that set it.
        origin: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl SetupError {
    /// What to do next.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Profiles(_) => "correct the file, or set AWS_CONFIG_FILE to another".to_owned(),
            Self::CaBundle(..) => {
                "set AWS_CA_BUNDLE to a file of PEM certificates, or unset it to use the system's".to_owned()
            }
            Self::Tls(_) => "unset AWS_CA_BUNDLE to use the system's certificates".to_owned(),
            Self::Proxy(_) => "set HTTPS_PROXY to http://[USER:PASSWORD@]HOST:PORT".to_owned(),
            Self::Switch(_) => "set it to true or false, or remove it".to_owned(),
            Self::Endpoint { .. } => {
                "unset it, or use AWS's own host, a VPC endpoint or a loopback address; that host would get the ExternalId and tokens".to_owned()
            }
        }
    }
}
