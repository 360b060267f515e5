//! What goes below an error's first line: what AWS said, the statement that would allow it, and what to do
//! next. Pure.

use std::io;

use crate::aws::{AllowStatement, Failure, FailureKind};

use super::Error;

impl Error {
    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Plugin(error) => Some(error.hint()),
            Self::Start { customer, failure, .. } => start_hint(customer, failure),
            Self::AnswerLost { .. } => Some(
                "do not repeat it blindly: look with `vendor-ssm sessions list` where DescribeSessions is granted, else ask the customer to look for an active session of yours, or let it end by the idle limit, 20 minutes by default".to_owned(),
            ),
            Self::NotConnected { .. } => Some(NOT_CONNECTED.to_owned()),
            Self::Identity(error) => error.facts().hint,
            Self::NotOpened { hint, .. } => hint.clone(),
            Self::NoDataKey { key_id, failure, .. } => Some(key_hint(key_id, failure)),
            Self::Lost { .. } => Some("connect again; check first whether what you had started has finished".to_owned()),
            Self::FoundAndEnded { failure, .. } => failure.hint(),
            Self::Bug { .. } => Some("please report it, with the line before that says where it is".to_owned()),
            Self::MayStillBeOpen { customer, session_id: Some(id), region, .. } => Some(format!(
                "end it: `vendor-ssm sessions terminate {id} -c {customer} --region {region}`; else it ends by the idle limit, 20 minutes by default"
            )),
            Self::MayStillBeOpen { session_id: None, .. } => Some(
                "`vendor-ssm sessions terminate --orphaned` looks for it again; else it ends by the idle limit, 20 minutes by default".to_owned(),
            ),
            Self::Listen { source, .. } => Some(listen_hint(source).to_owned()),
            Self::Command { fault, .. } => fault.hint(),
            Self::Signal(_) => None,
        }
    }

    /// AWS's code and request id, and its reason taken apart.
    pub fn details(&self) -> Vec<String> {
        let Some(failure) = self.failure() else {
            return match self {
                Self::Identity(error) => error.facts().details,
                _ => Vec::new(),
            };
        };
        let mut lines = vec![failure.summary()];
        match failure.denial() {
            Some(denial) => lines.push(format!(
                "{} on {}: {}; asked as {}",
                denial.action,
                denial.resource.as_deref().unwrap_or("*"),
                denial.cause.text(),
                denial.caller
            )),
            None => lines.extend(failure.message.clone()),
        }
        lines.extend(self.allowed_by().map(|it| format!("allowed by {it}")));
        lines
    }

    /// The statement that would allow what was refused; none outranks an explicit deny.
    fn allowed_by(&self) -> Option<AllowStatement> {
        let failure = self
            .failure()
            .filter(|failure| failure.kind == FailureKind::Denied)?;
        if failure.may_be_revocation() {
            return None;
        }
        match self {
            Self::Start { needs, .. } => needs.as_deref().cloned(),
            Self::NoDataKey { key_id, .. } => {
                let key = failure.denial().and_then(|denial| denial.resource);
                Some(AllowStatement::allow(
                    "kms:GenerateDataKey",
                    key.as_deref().unwrap_or(key_id),
                ))
            }
            Self::MayStillBeOpen { .. } => {
                let session = failure.denial()?.resource?;
                let (place, _) = session.split_once(":session/")?;
                Some(AllowStatement::own_sessions(&format!("{place}:session/*")))
            }
            _ => None,
        }
    }
}

const NOT_CONNECTED: &str = "the customer checks that the instance runs, that its SSM agent is up and reaches Session Manager, and that its role allows it; --wait waits for it";

fn key_hint(key_id: &str, failure: &Failure) -> String {
    match (failure.kind, failure.hint()) {
        (FailureKind::Denied, _) => format!(
            "the customer encrypts its sessions and has to allow kms:GenerateDataKey on {key_id}, in the role's policy and in the key's own"
        ),
        (_, Some(hint)) => hint,
        (_, None) => format!("the customer checks that the key {key_id} is there and enabled"),
    }
}

/// What to do about an end in the words of the customer's side: the service's own, or the agent's
/// (amazon-ssm-agent, `agent/session`).
pub(super) fn of_end(said: &str) -> Option<&'static str> {
    let said = said.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if says(&["inactivity", "idle"]) {
        Some(
            "how long a session may be idle is set by the customer's session document (idleSessionTimeout); connect again",
        )
    } else if says(&["runas", "run as"]) {
        Some(
            "the customer makes that OS user on the instance, or names another: in the role's tag SSMSessionRunAs, or in the session document (runAsDefaultUser)",
        )
    } else if says(&["terminated by"]) {
        Some("somebody on the customer's side has ended it: ask them before you connect again")
    } else {
        None
    }
}

/// What each kind of session gives its document.
const NO_SUCH_PARAMETERS: &str = "the session document does not take these parameters, or not with these values: `run` needs one that takes command and separateOutputStream, as AWS-StartNonInteractiveCommand does";

fn listen_hint(error: &io::Error) -> &'static str {
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

fn start_hint(customer: &str, failure: &Failure) -> Option<String> {
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
    if failure.kind != FailureKind::Denied {
        return failure.hint();
    }
    let send = format!("Send the customer `vendor-ssm doctor -c {customer} --report`");
    let resource = failure
        .denial()
        .and_then(|denial| denial.resource)
        .unwrap_or_default();
    Some(if failure.may_be_revocation() {
        format!(
            "a deny outranks what is allowed: access was revoked, or never meant for this; only the customer can lift it. {send}"
        )
    } else if resource.contains(":document/") {
        format!(
            "the customer grants another session document: set it under [customers.{customer}.documents], or ask them to allow ssm:StartSession on this one. {send}"
        )
    } else {
        format!(
            "the instance is not granted to us, or is no longer, likeliest first: its tag, the role's policy, access that was revoked. {send}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::of_end;

    #[test]
    fn what_the_customers_side_says_at_the_end_has_a_hint() {
        for (said, hint) in [
            (
                "Your session timed out due to inactivity and has been terminated.",
                "idleSessionTimeout",
            ),
            (
                "Your session was terminated by arn:aws:iam::2:user/x",
                "somebody on the customer's side",
            ),
            ("RunAs user alice does not exist", "SSMSessionRunAs"),
        ] {
            assert!(
                of_end(said).is_some_and(|text| text.contains(hint)),
                "{said}"
            );
        }
        assert_eq!(of_end("Session ended."), None);
    }
}
