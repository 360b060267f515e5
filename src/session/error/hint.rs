//! What goes below an error's first line:
//! what AWS said, the statement that would allow it, and what to do next. Pure.

use std::collections::BTreeMap;
use std::io;

use crate::aws::{AllowStatement, Failure, FailureKind};
use crate::facts::About;
use crate::platform::SHELL_SYNTAX;
use crate::session::lookup::lookups;

pub(crate) const ANSWER_LOST: &str = "do not repeat it at once: run `vendor-ssm sessions list` to look for the session. If DescribeSessions is not granted, ask the customer to look for it, or wait for the idle limit (20 minutes by default)";
pub(crate) const LOST: &str =
    "check whether what you started there has finished, then connect again";
pub(crate) const THROTTLED: &str = "run on fewer targets at once with --parallel, or try again later; the limit is the account's in this region, and other callers share it";
pub(crate) const BUG: &str = "report it, with the line above that says where it happened";

/// What to do about a command line that is too long for the system.
const TOO_LONG: &str = "write the long arguments into a file, and have the command read it";
/// How the agent's last words begin if the document has no command for the target's platform.
pub(crate) const NO_COMMANDS: &str = "Commands cannot be empty";
/// What the kit's documents do on Windows.
pub(crate) const WINDOWS: &str = "the kit's session documents end sessions on Windows, unless the customer deploys them with AllowWindows=yes. There the agent makes the session's user a local administrator";

/// AWS's code and request id, its reason taken apart, and the statement that would allow it.
/// No statement outranks an explicit deny.
pub(crate) fn said(failure: &Failure, needs: Option<AllowStatement>) -> Vec<String> {
    let mut lines = vec![failure.summary()];
    match failure.denial() {
        Some(denial) => lines.push(denial.to_string()),
        None => lines.extend(failure.said()),
    }
    let needs =
        needs.filter(|_| failure.kind == FailureKind::Denied && !failure.may_be_revocation());
    lines.extend(needs.map(|needs| format!("allowed by {needs}")));
    lines
}

/// The statement that allows the data key.
pub(crate) fn key_statement(key_id: &str, failure: &Failure) -> AllowStatement {
    let key = failure.denial().and_then(|denial| denial.resource);
    AllowStatement::allow("kms:GenerateDataKey", key.as_deref().unwrap_or(key_id))
}

/// The statement that allows TerminateSession on the caller's own sessions.
pub(crate) fn terminate_statement(failure: &Failure) -> Option<AllowStatement> {
    let session = failure.denial()?.resource?;
    let (place, _) = session.split_once(":session/")?;
    Some(AllowStatement::own_sessions(&format!("{place}:session/*")))
}

/// What to do about a session whose end is not confirmed.
pub(crate) fn may_still_be_open(about: &About, region: &str) -> String {
    match (&about.session_id, &about.customer) {
        (Some(id), Some(customer)) => format!(
            "run `vendor-ssm sessions terminate {id} -c {customer} --region {region}`; otherwise the idle limit ends it, 20 minutes by default"
        ),
        _ => "run `vendor-ssm sessions terminate --orphaned` to look for it again; otherwise the idle limit ends it, 20 minutes by default".to_owned(),
    }
}

/// What to do about a session that KMS gave no data key.
pub(crate) fn key(key_id: &str, failure: &Failure) -> String {
    match (failure.kind, failure.hint()) {
        (FailureKind::Denied, _) => format!(
            "ask the customer to allow kms:GenerateDataKey on {key_id}, in the role's policy and in the key's own"
        ),
        (_, Some(hint)) => hint,
        (_, None) => {
            format!("ask the customer to check that the key {key_id} exists and is enabled")
        }
    }
}

/// What to do about an end in the words of the customer's side:
/// the service's own, or the agent's (amazon-ssm-agent, `agent/session`).
/// `own` is the ARN of the role that started the session.
pub(crate) fn of_end(said: &str, own: &str) -> Option<&'static str> {
    let by_own = said
        .split_whitespace()
        .any(|word| word.trim_end_matches('.') == own);
    let said = said.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if says(&["inactivity", "idle"]) {
        Some(
            "connect again; the customer's session document limits how long a session may be idle (idleSessionTimeout)",
        )
    } else if says(&["runas", "run as"]) {
        Some(
            "ask the customer to create that OS user on the instance, or to name another one: in the role's tag SSMSessionRunAs, or in the session document (runAsDefaultUser)",
        )
    } else if says(&[&NO_COMMANDS.to_ascii_lowercase()]) {
        Some(
            "the session document has no command for the target's platform. On Windows that is the kit's default: ask the customer whether you may have Windows there (AllowWindows=yes)",
        )
    } else if says(&["terminated by"]) && by_own {
        Some(
            "your own role has ended it: `vendor-ssm sessions terminate` does that, and so does another program with this role",
        )
    } else if says(&["terminated by"]) {
        Some("the customer has ended it: ask them before you connect again")
    } else {
        None
    }
}

/// What to do if a session never opened whose parameters the agent had to look up.
/// `None`: there was nothing to look up.
pub(crate) fn lookup(parameters: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let (name, found) = lookups(parameters).next()?;
    Some(format!(
        "the target's agent found no value for {found} in the parameter {name}, most likely. Ask the customer whether Parameter Store has it as a String, and whether the instance profile allows ssm:GetParameters"
    ))
}

/// What to do about a local command that the system did not start.
pub(crate) fn local_command(error: &io::Error) -> String {
    let plain = match error.kind() {
        io::ErrorKind::NotFound => {
            return format!(
                "check the first word behind `--`: no program has that name or path. {SHELL_SYNTAX}"
            );
        }
        io::ErrorKind::PermissionDenied => {
            "check the first word behind `--`: it is not a file that you may execute"
        }
        io::ErrorKind::ArgumentListTooLong => TOO_LONG,
        _ => "check that the command runs without vendor-ssm",
    };
    plain.to_owned()
}

/// What to do about a local port that cannot be listened on.
pub(crate) fn listen(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program uses the port: choose another port, or 0 for any free one"
        }
        io::ErrorKind::PermissionDenied => "the system reserves this port: choose one above 1023",
        io::ErrorKind::AddrNotAvailable => {
            "choose an address of this machine: it does not have this one"
        }
        _ => "choose another port, or another address",
    }
}

#[cfg(test)]
mod tests {
    use super::of_end;

    #[test]
    fn what_the_customers_side_says_at_the_end_has_a_hint() {
        let own = "arn:aws:sts::222222222222:assumed-role/R/alice";
        for (said, hint) in [
            (
                "Your session timed out due to inactivity and has been terminated.",
                "idleSessionTimeout",
            ),
            (
                "Your session was terminated by arn:aws:iam::2:user/x",
                "the customer has ended it",
            ),
            (
                "Your session was terminated by arn:aws:sts::222222222222:assumed-role/R/alice",
                "your own role has ended it",
            ),
            (
                "Your session was terminated by arn:aws:sts::222222222222:assumed-role/R/bob",
                "the customer has ended it",
            ),
            ("RunAs user alice does not exist", "SSMSessionRunAs"),
            (
                "Commands cannot be empty for session type NonInteractiveCommands",
                "AllowWindows=yes",
            ),
        ] {
            assert!(
                of_end(said, own).is_some_and(|text| text.contains(hint)),
                "{said}"
            );
        }
        assert_eq!(of_end("Session ended.", own), None);
    }
}
