//! What a StartSession that AWS refused means: its exit code, and what to do next. Pure.
//! Every error that the API reference documents for StartSession has both, its own and those that
//! are common to all actions.

use crate::aws::{Failure, FailureKind, Keeper};
use crate::exit::Exit;
use crate::names::Region;

use super::absent::{AGENT, Absent};

/// What to do if StartSession's parameters do not fit the document.
const NO_SUCH_PARAMETERS: &str = "the session document does not take these parameters or values. `run` needs a document that takes command and separateOutputStream, such as AWS-StartNonInteractiveCommand";

/// The words with which AWS names just-in-time node access.
/// Source: Systems Manager User Guide, "Just-in-time node access using Systems Manager".
const JUST_IN_TIME: [&str; 4] = [
    "just-in-time",
    "just in time",
    "startaccessrequest",
    "access request",
];

/// The exit code of a StartSession that AWS refused.
pub(super) fn exit(failure: &Failure) -> Exit {
    match failure.code.as_deref() {
        // The document is part of what the customer grants, as the instance is.
        Some("InvalidDocument") => Exit::StartDenied,
        _ => call(failure),
    }
}

/// The exit code of a call that AWS may refuse to the customer role.
pub(super) fn call(failure: &Failure) -> Exit {
    match failure.kind {
        FailureKind::Denied => Exit::StartDenied,
        _ => failure.exit(),
    }
}

/// The exit code of a local command that the system did not start, as `env` has it.
pub(super) fn local_command(source: &std::io::Error) -> Exit {
    match source.kind() {
        std::io::ErrorKind::NotFound => Exit::CommandNotFound,
        _ => Exit::CommandUnusable,
    }
}

/// What to do about a target that is not connected.
/// `absent` is what AWS says of it; a `failure` names the region that vendor-ssm asked.
pub(super) fn not_connected(absent: Option<&Absent>, failure: Option<&Failure>) -> String {
    match (absent, failure) {
        (Some(absent), _) => absent.hint(),
        (None, None) => format!("{AGENT}. To wait for the agent, pass --wait"),
        (None, Some(failure)) => format!(
            "{AGENT}. vendor-ssm asked in {}, and AWS gives the same answer in the wrong region: compare it with the instance's, and pass --region if it differs. To wait for the agent, pass --wait",
            failure.region
        ),
    }
}

/// What to do about a StartSession in another region than the instance's.
pub(super) fn elsewhere(region: &Region) -> String {
    format!("the instance is in {region}: pass --region {region}")
}

/// What to do about a StartSession that AWS refused, or that failed.
pub(super) fn start(customer: Option<&str>, failure: &Failure) -> Option<String> {
    let customer = customer.unwrap_or("NAME");
    if failure.kind == FailureKind::Denied {
        return Some(denial(customer, failure));
    }
    let message = failure.message.as_deref().unwrap_or_default();
    let says = |word: &str| message.to_ascii_lowercase().contains(word);
    let code = failure.code.as_deref().unwrap_or_default();
    Some(match code {
        "InvalidDocument" => format!(
            "the session document does not exist in {}, or it starts no session. Correct --document or the name under [customers.{customer}.documents], or ask the customer which document they grant",
            failure.region
        ),
        "InvalidParameters" => NO_SUCH_PARAMETERS.to_owned(),
        "ValidationException" | "ValidationError" if says("parameter") => {
            NO_SUCH_PARAMETERS.to_owned()
        }
        "ValidationException" | "ValidationError" => {
            "correct the value that AWS names: the target, --document or --reason"
                .to_owned()
        }
        _ if code.contains("Quota") || code.contains("LimitExceeded") => format!(
            "the customer's account has reached a limit of Session Manager. Run `vendor-ssm sessions list -c {customer}` to find sessions that you can terminate, or ask the customer to raise the limit"
        ),
        "BadRequestException" => {
            "ask the customer whether Session Manager is set up in this account and region, and which tier the node needs".to_owned()
        }
        _ => return failure.hint().or_else(|| unknown(failure)),
    })
}

/// A refusal with a code that says nothing about what to do.
fn unknown(failure: &Failure) -> Option<String> {
    (failure.kind == FailureKind::Other).then(|| {
        format!(
            "AWS did not take the request and started nothing. Send its code and request id to the customer or to AWS; a proxy or an endpoint override on the way to {} in {} may have changed the request",
            failure.service.name(),
            failure.region
        )
    })
}

/// What to do about a StartSession that a policy denies.
fn denial(customer: &str, failure: &Failure) -> String {
    let send = format!("send the customer `vendor-ssm doctor -c {customer} --report`");
    let message = failure.message.as_deref().unwrap_or_default();
    let message = message.to_ascii_lowercase();
    if JUST_IN_TIME.iter().any(|words| message.contains(words)) {
        return "the customer's account uses just-in-time node access, which refuses StartSession by design, and vendor-ssm cannot use its access tokens yet. Ask the customer for an account or region without it".to_owned();
    }
    let denial = failure.denial();
    let keeper = denial.as_ref().and_then(|denial| denial.cause.keeper());
    match keeper {
        Some(Keeper::CallersOrganization | Keeper::OwnersOrganization) => {
            return format!(
                "a policy of the customer's organization decides this, and its administrators keep it: ask the customer to have it allow {}; {send}",
                failure.action()
            );
        }
        Some(Keeper::Network) => {
            return format!(
                "the policy of a VPC endpoint on the way decides this: ask the administrators of this network to allow {}",
                failure.action()
            );
        }
        _ if failure.may_be_revocation() => {
            return format!(
                "the customer revoked access, or never meant to grant this. A deny outranks every allow, and only the customer can lift it; {send}"
            );
        }
        _ => {}
    }
    let action = failure.action();
    if action != failure.called() {
        return format!("ask the customer to allow {action} in the role's policy; {send}");
    }
    let resource = denial
        .and_then(|denial| denial.resource)
        .unwrap_or_default();
    if resource.contains(":document/") {
        format!(
            "the customer grants another session document: set it under [customers.{customer}.documents], or ask them to allow ssm:StartSession on this one; {send}"
        )
    } else {
        format!(
            "the customer does not grant you this instance, or no longer does. Check its tag first, then the role's policy, then whether access was revoked; {send}"
        )
    }
}
