//! What to do next where a session did not come about. Pure.

use std::io;

use crate::aws::{Failure, Kind};

pub(super) const NOT_CONNECTED: &str = "the customer checks that the instance runs, that its SSM agent is up and reaches Session Manager, and that its role allows it; --wait waits for it";

pub(super) fn key_hint(key_id: &str, failure: &Failure) -> String {
    match (failure.kind, failure.hint()) {
        (Kind::Denied, _) => format!(
            "the customer encrypts its sessions and has to allow kms:GenerateDataKey on {key_id}, in the role's policy and in the key's own"
        ),
        (_, Some(hint)) => hint,
        (_, None) => format!("the customer checks that the key {key_id} is there and enabled"),
    }
}

/// What each kind of session gives its document.
const NO_SUCH_PARAMETERS: &str = "the session document does not take these parameters, or not with these values: `run` needs one that takes command and separateOutputStream, as AWS-StartNonInteractiveCommand does";

pub(super) fn listen_hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program has the port: take another, or 0 for any free one"
        }
        io::ErrorKind::PermissionDenied => {
            "the system keeps this port to itself: take one above 1023"
        }
        io::ErrorKind::AddrNotAvailable => "this machine does not have the address",
        _ => "take another port, or another address",
    }
}

pub(super) fn start_hint(failure: &Failure) -> Option<String> {
    let of_parameters = || {
        let message = failure.message.as_deref().unwrap_or_default();
        message.to_ascii_lowercase().contains("parameter")
    };
    match failure.code.as_deref() {
        Some("InvalidParameters") => return Some(NO_SUCH_PARAMETERS.to_owned()),
        Some("ValidationException") if of_parameters() => {
            return Some(NO_SUCH_PARAMETERS.to_owned());
        }
        _ => {}
    }
    if failure.kind != Kind::Denied {
        return failure.hint();
    }
    let resource = failure
        .denial()
        .and_then(|denial| denial.resource)
        .unwrap_or_default();
    Some(if resource.contains(":document/") {
        "the customer grants another session document: set it under [customers.NAME.documents], or ask them to allow ssm:StartSession on this one".to_owned()
    } else {
        "the instance is not granted to us, or is no longer: the customer checks its tag, the role's policy and whether access was revoked".to_owned()
    })
}
