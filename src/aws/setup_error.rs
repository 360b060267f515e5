//! Errors that are found before the first call to AWS.

use std::path::PathBuf;

use crate::names::SSMMESSAGES;

/// Why vendor-ssm cannot speak to AWS at all; found before the network.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    /// `~/.aws/config` or `~/.aws/credentials` is not what AWS's parsers take.
    #[error("vendor-ssm cannot read AWS's configuration files: {0}")]
    Profiles(String),
    /// A section of one of those files is used, and cannot be read.
    #[error("{place}: [{kind} {name}]: {why}")]
    Section {
        /// File and line.
        place: String,
        /// What the section is, such as `profile`.
        kind: &'static str,
        name: String,
        /// What is wrong.
        why: String,
    },
    /// A variable is not text.
    #[error("{0} is set to bytes that are not UTF-8")]
    NotText(&'static str),
    /// A variable that the SDK sends to AWS cannot be part of a header.
    #[error("{name} holds {holds}")]
    Variable {
        name: &'static str,
        /// What is wrong with it, such as `a line break`.
        holds: &'static str,
    },
    /// A variable or the profile names a region that cannot be one.
    #[error("{set_by} is {value:?}, which is not the code of a region")]
    Region {
        /// The variable, or the profile's key.
        set_by: String,
        value: String,
    },
    /// The file or folder of the trusted authorities is missing or has no certificate.
    #[error("{set_by} {path}: {reason}", path = path.display())]
    Authorities {
        /// The variable, or the profile's key.
        set_by: String,
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `HTTPS_PROXY` is not a proxy's URL. The error hides the URL, which may hold a password.
    #[error("HTTPS_PROXY is not a usable proxy URL: {0}")]
    Proxy(&'static str),
    /// A setting that is neither true nor false.
    #[error("{set_by} is {value:?}, which is neither true nor false")]
    Switch {
        /// The variable, or the profile's key.
        set_by: String,
        value: String,
    },
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
            Self::Section { .. } => "correct that line; a section that is not used may be as it is".to_owned(),
            Self::Profiles(_) => "correct the file, or set AWS_CONFIG_FILE to another".to_owned(),
            Self::Variable { name, .. } => format!("set {name} again without it, or unset it"),
            Self::NotText(name) => format!("set {name} to text, or unset it"),
            Self::Region { .. } => {
                "set it to a region such as us-east-1, or remove it".to_owned()
            }
            Self::Authorities { set_by, .. } => {
                let name = set_by.split(' ').next().unwrap_or(set_by);
                match name {
                    "SSL_CERT_FILE" => "set SSL_CERT_FILE to a file of PEM certificates, or unset it".to_owned(),
                    "SSL_CERT_DIR" => "set SSL_CERT_DIR to folders of PEM certificates, or unset it".to_owned(),
                    _ => format!("set {name} to a file of PEM certificates, or remove it to use the system's"),
                }
            }
            Self::Proxy(_) => "set HTTPS_PROXY to http://[USER:PASSWORD@]HOST:PORT, and write a % in the password as %25".to_owned(),
            Self::Switch { .. } => "set it to true or false, or remove it".to_owned(),
            Self::Endpoint { service, .. } if *service == SSMMESSAGES => {
                "unset it, or name a VPC endpoint for ssmmessages in the session's region or a loopback address; that host would get the session's token".to_owned()
            }
            Self::Endpoint { .. } => {
                "unset it, or use AWS's own host, a VPC endpoint or a loopback address; that host would get the ExternalId and tokens".to_owned()
            }
        }
    }
}
