//! What a provider's failure means: who has to act, and what to do.
//! The codes are those in the models of the services (botocore's `sso`, `sso-oidc`, `signin` and
//! `sts`), and `ForbiddenException`, which the portal of IAM Identity Center answers as well.

use aws_credential_types::provider::error::CredentialsError;

use super::reasons::{codes, is_network, reasons};
use super::root::Root;
use crate::aws::untrusted;
use crate::exit::Exit;
use crate::identity::error::ErrorKind;
use crate::identity::facts::renewal;

const THROTTLED: [&str; 5] = [
    "SlowDownException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsError",
    "TooManyRequestsException",
];
const UNWELL: [&str; 6] = [
    "IDPCommunicationError",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
];
const UNASSIGNED: [&str; 2] = ["ForbiddenException", "ResourceNotFoundException"];
const BAD_TOKEN: [&str; 4] = [
    "ExpiredTokenException",
    "IDPRejectedClaim",
    "InvalidIdentityToken",
    "InvalidIdentityTokenException",
];

/// The error for what the provider of `root` said; `login` is the command that renews it.
pub(super) fn provider(
    root: &Root,
    origin: String,
    login: Option<&str>,
    error: &CredentialsError,
) -> ErrorKind {
    let codes = codes(error);
    let is_one = |of: &[&str]| codes.iter().any(|code| of.contains(&code.as_str()));
    let reason = reasons(error);
    let (exit, hint) = if is_network(error) {
        (Exit::Network, network(root, &reason))
    } else if is_one(&THROTTLED) {
        (Exit::Throttled, "try again in a minute".to_owned())
    } else if is_one(&UNWELL) {
        (Exit::AwsError, "try again".to_owned())
    } else {
        let hint = match root {
            Root::Sso { .. } if is_one(&UNASSIGNED) => {
                "check sso_account_id and sso_role_name of the profile, and ask your admin whether \
                 that permission set is assigned to you"
                    .to_owned()
            }
            Root::WebIdentity { file, .. } if is_one(&BAD_TOKEN) => {
                format!("get a new token into {file}")
            }
            Root::WebIdentity { .. } if is_one(&["AccessDenied"]) => {
                "ask the role's admin whether its trust policy fits the token's issuer, audience \
                 and subject"
                    .to_owned()
            }
            Root::Ec2InstanceMetadata(_) if reason.contains("404") => {
                "attach a role to the instance".to_owned()
            }
            Root::Ec2InstanceMetadata(_) => INSTANCE.to_owned(),
            Root::EcsContainer => CONTAINER.to_owned(),
            _ => renewal(&origin, login),
        };
        (Exit::BaseCredentials, hint)
    };
    failed(origin, reason, exit, hint)
}

/// The error for a provider that does not answer in time.
pub(super) fn silent(origin: String, login: Option<&str>, seconds: u64) -> ErrorKind {
    let hint = renewal(&origin, login);
    let reason = format!("no answer in {seconds} s");
    failed(origin, reason, Exit::BaseCredentials, hint)
}

fn failed(origin: String, reason: String, exit: Exit, hint: String) -> ErrorKind {
    ErrorKind::BaseIdentity {
        origin,
        reason,
        exit,
        hint,
    }
}

const INSTANCE: &str = "check that vendor-ssm runs on an EC2 instance whose metadata service is on; \
                        in a container on it, set the instance's hop limit to 2";
const CONTAINER: &str = "check AWS_CONTAINER_CREDENTIALS_FULL_URI or \
                         AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, and \
                         AWS_CONTAINER_AUTHORIZATION_TOKEN or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

fn network(root: &Root, reason: &str) -> String {
    let hint = match root {
        Root::Ec2InstanceMetadata(_) => INSTANCE,
        Root::EcsContainer => CONTAINER,
        _ => untrusted(reason).unwrap_or("check the network, DNS and HTTPS_PROXY"),
    };
    hint.to_owned()
}
