//! `--report`: a note to the customer, to paste into a mail.
//! It says who asks, what was refused, and which statements allow it. It contains no secret, and
//! only the last characters of the ExternalId.

use std::fmt::Write as _;
use std::time::SystemTime;

use crate::aws::{AllowStatement, Cause, Failure, FailureKind, grant};
use crate::identity::refused;
use crate::inventory::Instance;
use crate::names::{Region, document};
use crate::session::journal::stamp;
use crate::settings::Customer;
use crate::ui::sanitize::escape;

use super::check::{Check, Status};
use super::check_name::CheckName;
use super::names;
use super::roles::Roles;

/// Why AWS refuses AssumeRole, most likely first.
/// Another one is the binding of names.
const TRUST_CAUSES: [&str; 4] = [
    "the ExternalId differs",
    "the trust policy names another principal",
    "the role has another name",
    "a condition on the vendor's organization or network does not hold",
];

/// Why AWS refuses an action of the customer's role, most likely first.
const POLICY_CAUSES: [&str; 3] = [
    "no statement allows the action",
    "a statement allows it only with a condition, or on a resource that this action does not have",
    "another statement denies it",
];

/// The note, in plain text.
pub(super) fn note(
    customer: &Customer,
    roles: &Roles,
    checks: &[Check],
    now: SystemTime,
) -> String {
    let mut note = who_asks(customer, roles, now);
    let refused: Vec<(&Check, &Failure)> = checks
        .iter()
        .filter(|check| check.name.is_customers())
        .filter_map(|check| Some((check, denied(check)?)))
        .collect();
    let wrong = otherwise_wrong(checks, customer);
    if refused.is_empty() && wrong.is_empty() {
        note.push_str(
            "\nNothing was refused. Everything that can be checked without opening a session works.\n",
        );
    } else if !refused.is_empty() {
        note.push_str("\nWhat was refused, and what would allow it\n");
        for (at, (check, failure)) in refused.iter().enumerate() {
            note.push_str(&refusal(at + 1, check, failure, (customer, roles), now));
        }
    }
    note.push_str(&wrong);
    note.push_str(&on_windows(&roles.windows));
    note.push_str(&unasked(customer, roles));
    note
}

/// The call that AWS denied, if that is what the check found.
fn denied(check: &Check) -> Option<&Failure> {
    let failure = check.finding.error.as_ref()?.facts().failure?;
    (failure.kind == FailureKind::Denied).then_some(failure)
}

fn who_asks(customer: &Customer, roles: &Roles, now: SystemTime) -> String {
    let vendor = &customer.vendor;
    let asked_as = roles.vendor.as_ref().map(|role| role.arn.clone());
    let session_name = match (&roles.vendor, &vendor.role_session_name) {
        (Some(role), _) => role.session_name.to_string(),
        (None, Some(name)) => name.to_string(),
        (None, None) => "unknown".to_owned(),
    };
    let regions: Vec<&str> = customer.regions.iter().map(Region::as_str).collect();
    let facts = [
        ("vendor role", vendor.role_arn.to_string()),
        (
            "asked as",
            asked_as.unwrap_or_else(|| "not yet: the vendor role was not assumed".to_owned()),
        ),
        ("session name", session_name),
        ("your role", customer.role_arn.to_string()),
        ("ExternalId", customer.external_id.to_string()),
        (
            "instances",
            format!(
                "tagged {}={} in {}",
                customer.tag_key,
                customer.tag_value,
                regions.join(", ")
            ),
        ),
        ("checked", stamp(now)),
    ];
    let account = customer.role_arn.account();
    let mut text =
        format!("Access to AWS account {account} for Session Manager sessions\n\nWho asks\n\n");
    for (name, value) in facts {
        let _ = writeln!(text, "  {name:<13} {}", escape(&value));
    }
    text
}

/// One refusal: the action, what AWS said, its likely causes, and the statements that allow it.
fn refusal(
    number: usize,
    check: &Check,
    failure: &Failure,
    (customer, roles): (&Customer, &Roles),
    now: SystemTime,
) -> String {
    let action = failure.action();
    let denial = failure.denial();
    let is_trust = check.name == CheckName::CustomerRole;
    let resource = if is_trust {
        customer.role_arn.to_string()
    } else {
        denial
            .as_ref()
            .and_then(|denial| denial.resource.clone())
            .unwrap_or_else(|| "*".to_owned())
    };
    let when = stamp(failure.server_time.unwrap_or(now));
    let mut text = format!(
        "\n{number}. {action} on {}\n\n   {}, at {when} in {}\n{}",
        escape(&resource),
        escape(&failure.summary()),
        failure.region,
        said(failure)
    );
    let _ = writeln!(text, "   Likely causes, most likely first:");
    for cause in causes(is_trust, &action, roles) {
        let _ = writeln!(text, "   - {cause}");
    }
    let cause = denial.map(|denial| denial.cause);
    if let Some(Cause::Explicit(policy)) = &cause {
        let _ = writeln!(
            text,
            "   AWS says that {} denies it. No other statement can override a denial: narrow that one first.",
            escape(policy)
        );
    } else if let Some(Cause::Implicit(policy)) = &cause {
        let _ = writeln!(text, "   AWS says that no {} allows it.", escape(policy));
    } else {
        let _ = writeln!(text, "   AWS does not say which of these it is.");
    }
    if check.finding.status == Status::Warning {
        text.push_str(
            "   This permission is optional: without it, the list does not show the agents' status.\n",
        );
    }
    for (place, statement) in statements(is_trust, failure, customer) {
        let _ = writeln!(text, "   {place}\n\n{}", indented(&statement));
    }
    text
}

/// AWS's whole message, which a line elsewhere shows only in part if it is long.
fn said(failure: &Failure) -> String {
    failure
        .message
        .as_ref()
        .map_or_else(String::new, |message| {
            format!("   AWS said: {}\n", escape(message))
        })
}

fn causes(is_trust: bool, action: &str, roles: &Roles) -> Vec<String> {
    let of_both = |why: &str| {
        [
            format!("{why}, and the trust policy does not allow {action}"),
            format!("the vendor role's own policy does not allow {action}"),
        ]
    };
    let mut causes: Vec<String> = match (is_trust, refused::carries(action)) {
        (true, Some(why)) => of_both(why).into(),
        (true, None) => TRUST_CAUSES.map(str::to_owned).into(),
        (false, _) => POLICY_CAUSES.map(str::to_owned).into(),
    };
    if is_trust {
        let sent = names::of_session(roles.vendor.as_ref(), roles.names.as_ref());
        causes.extend(sent.map(of_binding));
    }
    causes
}

/// How the binding of names can be the cause.
fn of_binding((name, other): (&str, Option<&str>)) -> String {
    match other {
        Some(other) => format!(
            "the trust policy binds names (NameBinding=yes in the kit), and the SourceIdentity {} is not the session name {}",
            escape(other),
            escape(name)
        ),
        None => format!(
            "the trust policy binds names (NameBinding=yes in the kit), and AWS does not decide that as documented: the session name {} is the same at both roles. Then deploy with NameBinding=no",
            escape(name)
        ),
    }
}

/// The statements that allow it, and where each has to stand.
fn statements(
    is_trust: bool,
    failure: &Failure,
    customer: &Customer,
) -> Vec<(String, AllowStatement)> {
    let (role, vendor) = (&customer.role_arn, &customer.vendor.role_arn);
    let needs = "needs this statement:";
    if !is_trust {
        let statement = AllowStatement::allow(&failure.action(), "*");
        return vec![(format!("A policy of {role} {needs}"), statement)];
    }
    let trust = refused::trust(customer, failure);
    let mut missing = refused::missing(role.as_str(), &trust, failure);
    if missing.is_empty() {
        missing.push((refused::Place::Trust, trust));
    }
    let placed = |(place, statement)| match place {
        refused::Place::Trust => (format!("The trust policy of {role} {needs}"), statement),
        refused::Place::VendorRole => (format!("A policy of {vendor} {needs}"), statement),
    };
    missing.into_iter().map(placed).collect()
}

/// What is wrong besides refusals, on the customer's side and on the vendor's.
fn otherwise_wrong(checks: &[Check], customer: &Customer) -> String {
    let is_wrong = |check: &&Check| match &check.finding.error {
        Some(error) => {
            check.finding.status == Status::Failed
                && error
                    .facts()
                    .failure
                    .is_none_or(|failure| failure.kind != FailureKind::Denied)
        }
        None => matches!(check.finding.status, Status::Failed | Status::Warning),
    };
    let mut text = String::new();
    let customers = checks.iter().filter(|check| check.name.is_customers());
    for check in customers.filter(is_wrong) {
        let _ = writeln!(text, "\n  {}.", escape(&check.finding.message));
        if let Some(hint) = &check.finding.hint {
            let _ = writeln!(text, "  {}.", escape(hint));
        }
    }
    let vendors: Vec<&str> = checks
        .iter()
        .filter(|check| !check.name.is_customers() && check.finding.status == Status::Failed)
        .map(|check| check.name.as_str())
        .collect();
    if !vendors.is_empty() {
        let _ = writeln!(
            text,
            "\n  The vendor must correct these first. What depends on them was not checked: {}.",
            vendors.join(", ")
        );
    }
    for failure in checks
        .iter()
        .filter(|check| !check.name.is_customers())
        .filter_map(denied)
    {
        let role = customer.vendor.role_arn.as_str();
        let action = failure.action();
        let _ = write!(
            text,
            "\n  AWS refused {action} on {role} ({}).\n{}",
            escape(&failure.summary()),
            said(failure)
        );
        if let Some(Cause::Explicit(policy)) = failure.denial().map(|denial| denial.cause) {
            let _ = writeln!(
                text,
                "  AWS says that {} denies it. No other statement can override a denial.",
                escape(&policy)
            );
        } else {
            let _ = writeln!(
                text,
                "  The vendor's own policies must allow it, and the trust policy of that role:\n\n{}",
                indented(&AllowStatement::allow(&action, role))
            );
        }
    }
    if !text.is_empty() {
        text.insert_str(0, "\nWhat else is wrong\n");
    }
    text
}

/// The most instances that the note names.
const NAMED: usize = 10;

/// What the customer must know of tagged instances that run Windows; empty if none does.
fn on_windows(instances: &[Instance]) -> String {
    if instances.is_empty() {
        return String::new();
    }
    let named = instances.iter().take(NAMED).map(|instance| {
        let name = instance.name.as_deref().map(|name| format!(" ({name})"));
        let name = name.unwrap_or_default();
        escape(&format!("{}{name}", instance.instance_id)).into_owned()
    });
    let mut named: Vec<String> = named.collect();
    if instances.len() > NAMED {
        named.push(format!("{} more", instances.len() - NAMED));
    }
    format!(
        "\nInstances that run Windows\n\n  They carry the tag: {}.\n  On Windows, the agent ignores Run As, and makes the session's user a local administrator.\n  \
         The kit's session documents end sessions there, unless you deploy them with AllowWindows=yes.\n  \
         That is a barrier, not a wall: remove the tag from them unless the vendor is meant to have Windows.\n",
        named.join(", ")
    )
}

/// The other permissions that a session needs.
fn unasked(customer: &Customer, roles: &Roles) -> String {
    let role = &customer.role_arn;
    let region = match customer.regions.as_slice() {
        [one] => one.as_str(),
        _ => "*",
    };
    let instances = grant::resources(role, "ec2", region, "instance");
    let sessions = grant::resources(role, "ssm", region, "session");
    let documents = &customer.documents;
    let shell = documents
        .shell
        .as_ref()
        .map_or(document::SHELL, |name| name.as_str());
    let others = [
        &documents.command,
        &documents.port,
        &documents.remote_port,
        &documents.ssh,
    ];
    let mut statements = vec![
        AllowStatement::on_tagged(
            "ssm:StartSession",
            &instances,
            (&customer.tag_key, &customer.tag_value),
        ),
        AllowStatement::allow("ssm:StartSession", &grant::document(role, region, shell)),
    ];
    statements.extend(others.into_iter().flatten().map(|name| {
        AllowStatement::allow(
            "ssm:StartSession",
            &grant::document(role, region, name.as_str()),
        )
    }));
    statements.push(AllowStatement::allow("ssmmessages:OpenDataChannel", "*"));
    statements.push(AllowStatement::own_sessions(&sessions));
    if roles.customer.is_none() {
        let listing = ["ec2:DescribeInstances", "ssm:DescribeInstanceProperties"];
        statements.extend(listing.map(|action| AllowStatement::allow(action, "*")));
    }
    let mut text = format!(
        "\nWhat only a session would check, or was not checked\n\n  Each instance for the vendor must carry the tag {}={}. Besides the statements above,\n  the policies of {role} need these:\n",
        escape(&customer.tag_key),
        escape(&customer.tag_value),
    );
    for statement in &statements {
        let _ = writeln!(text, "\n{}", indented(statement));
    }
    let partition = role.partition().name();
    let _ = writeln!(
        text,
        "\n  Two of AWS's own policies allow ssmmessages:OpenDataChannel on arn:{partition}:ssm:*:*:session/* alone.\n  \
         That is probably enough. If AWS then refuses the channel, allow it on *."
    );
    text
}

fn indented(statement: &AllowStatement) -> String {
    let lines: Vec<String> = statement
        .pretty()
        .lines()
        .map(|line| format!("   {}", escape(line)))
        .collect();
    lines.join("\n")
}
