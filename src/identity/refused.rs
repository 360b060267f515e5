//! What AWS's refusal of a role means, at either role.
//! Which statements are missing, and who has to act. Pure.
//!
//! Assuming a role may need more actions than `sts:AssumeRole`: a session that carries a
//! SourceIdentity or session tags needs one more for each. The caller's policies and the role's
//! trust policy must both allow them (IAM User Guide, "Monitor and control actions taken with
//! assumed roles" and "Pass session tags in AWS STS").

use crate::aws::{AllowStatement, Cause, Failure, Keeper};
use crate::settings::Customer;

const ASSUME_ROLE: &str = "sts:AssumeRole";
const VENDOR_ADMIN: &str = "ask your admin whether the role exists and trusts you, and whether it \
                            requires MFA, a SourceIdentity or your own name as session name";

/// Which policy lacks a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The trust policy of the customer role.
    Trust,
    /// A policy of the vendor role.
    VendorRole,
}

/// The statements that allow what AWS denied at the customer role.
/// `trust` is the statement for its trust policy. No statement outranks an explicit deny.
pub(crate) fn missing(
    role: &str,
    trust: &AllowStatement,
    failure: &Failure,
) -> Vec<(Place, AllowStatement)> {
    let action = failure.action();
    let of_vendor = || (Place::VendorRole, AllowStatement::allow(&action, role));
    let of_trust = || (Place::Trust, trust.clone());
    match (keeper(failure), action == ASSUME_ROLE) {
        _ if failure.may_be_revocation() => Vec::new(),
        (Some(Keeper::Caller), _) => vec![of_vendor()],
        (Some(Keeper::Owner), _) | (_, true) => vec![of_trust()],
        (_, false) => vec![of_trust(), of_vendor()],
    }
}

/// The statement for the customer role's trust policy.
pub(crate) fn trust(customer: &Customer, failure: &Failure) -> AllowStatement {
    AllowStatement::trust(
        customer.vendor.role_arn.as_str(),
        &customer.external_id,
        customer.vendor.source_identity.is_some(),
        Some(&failure.action()),
    )
}

/// Why the session needs another action than `sts:AssumeRole`; `None` if it does not.
pub(crate) fn carries(action: &str) -> Option<&'static str> {
    match action {
        ASSUME_ROLE => None,
        "sts:SetSourceIdentity" => Some(
            "the session carries a SourceIdentity, from vendor.source_identity or from your identity provider",
        ),
        "sts:TagSession" => Some("the session carries session tags, from your identity provider"),
        "sts:SetContext" => Some("the session carries a context of your identity provider"),
        _ => Some("assuming the role needs another action than sts:AssumeRole"),
    }
}

/// What AWS said of the customer role, and the statements that are missing.
pub(super) fn customer_details(
    asked: String,
    role: &str,
    trust: &AllowStatement,
    failure: &Failure,
) -> Vec<String> {
    let mut details = vec![asked];
    if let Some(denial) = failure.denial()
        && (denial.action != ASSUME_ROLE || denial.cause != Cause::Unsaid)
    {
        let resource = denial.resource.as_deref().unwrap_or(role);
        let cause = denial.cause.text();
        details.push(format!("{} on {resource}: {cause}", denial.action));
    }
    let mut joint = "allowed";
    for (place, statement) in missing(role, trust, failure) {
        let place = match place {
            Place::Trust => "its trust policy",
            Place::VendorRole => "a policy of the vendor role",
        };
        details.push(format!("{joint} by {statement} in {place}"));
        joint = "and";
    }
    details
}

/// What to do about the customer role's refusal.
pub(super) fn customer_hint(customer: &str, failure: &Failure) -> String {
    let send = format!("Send the customer `vendor-ssm doctor -c {customer} --report`");
    let action = failure.action();
    match (keeper(failure), carries(&action)) {
        (Some(Keeper::Caller), _) => format!(
            "ask your admin: the vendor role's own policies decide {action} on this role, and the customer has no part in it"
        ),
        (Some(Keeper::CallersOrganization), _) => format!(
            "ask the administrators of your organization: its service control policy decides {action} on this role"
        ),
        (Some(Keeper::Network), _) => of_network(&action),
        (Some(Keeper::OwnersOrganization), _) => format!(
            "ask the customer: a resource control policy of their organization decides {action} on this role. {send}"
        ),
        _ if failure.may_be_revocation() => format!(
            "a policy denies {action} on this role explicitly, and only those who keep it can lift that. {send}"
        ),
        (_, Some(why)) => format!(
            "{why}. The role's trust policy and the vendor role's own policy must both allow {action}. {send}"
        ),
        (Some(Keeper::Owner), None) => format!(
            "the role's trust policy does not let the vendor role in: the ExternalId differs, or the trusted principal. {send}"
        ),
        (None, None) => format!(
            "AWS does not say which of these is at fault: the ExternalId, the trusted principal, the role name, the binding of names. {send}"
        ),
    }
}

/// What AWS said of the vendor role, and the statement that is missing.
pub(super) fn vendor_details(said: String, role: &str, failure: &Failure) -> Vec<String> {
    let mut details = vec![said];
    if failure.may_be_revocation() {
        return details;
    }
    let action = failure.action();
    let allowed_by = AllowStatement::allow(&action, role);
    details.push(if action == ASSUME_ROLE {
        format!("allowed by {allowed_by}, if the role's trust policy names you as principal")
    } else {
        format!("allowed by {allowed_by}, if the role's trust policy allows {action} too")
    });
    details
}

/// What to do about the vendor role's refusal.
pub(super) fn vendor_hint(failure: &Failure) -> String {
    let action = failure.action();
    match (keeper(failure), carries(&action)) {
        (Some(Keeper::CallersOrganization | Keeper::OwnersOrganization), _) => format!(
            "ask the administrators of your organization: one of its policies decides {action} on this role"
        ),
        (Some(Keeper::Network), _) => of_network(&action),
        _ if failure.may_be_revocation() => format!(
            "a policy denies {action} on this role explicitly: ask your admin who keeps it, and whether it is meant for you"
        ),
        (_, Some(why)) => format!(
            "{why}: ask your admin to allow {action} on the role, in its trust policy and in your own"
        ),
        (_, None) => VENDOR_ADMIN.to_owned(),
    }
}

fn of_network(action: &str) -> String {
    format!(
        "the policy of a VPC endpoint on the way decides {action} on this role: ask the administrators of this network"
    )
}

fn keeper(failure: &Failure) -> Option<Keeper> {
    failure.denial()?.cause.keeper()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{FailureKind, Service};

    const ROLE: &str = "arn:aws:iam::222222222222:role/R";

    fn failure(action: &str, why: &str) -> Failure {
        Failure {
            kind: FailureKind::Denied,
            code: Some("AccessDenied".to_owned()),
            message: Some(format!(
                "User: arn:aws:sts::1:assumed-role/V/alice is not authorized to perform: {action} on resource: {ROLE}{why}"
            )),
            ..Failure::unreadable(
                Service::Sts,
                "AssumeRole",
                &"us-east-1".parse().unwrap(),
                "",
            )
        }
    }

    #[test]
    fn who_keeps_the_policy_has_to_act() {
        let table = [
            ("", "AWS does not say which", "your admin to allow", 1),
            (
                " because no identity-based policy allows the sts:AssumeRole action",
                "ask your admin: the vendor role's own policies",
                "ask your admin whether",
                1,
            ),
            (
                " with an explicit deny in a service control policy",
                "of your organization",
                "of your organization",
                0,
            ),
            (
                " with an explicit deny in a resource control policy",
                "their organization",
                "of your organization",
                0,
            ),
            (
                " because no VPC endpoint policy allows the sts:AssumeRole action",
                "VPC endpoint",
                "VPC endpoint",
                1,
            ),
            (
                " because no role trust policy allows the sts:AssumeRole action",
                "does not let the vendor role in",
                "ask your admin whether",
                1,
            ),
            (
                " with an explicit deny",
                "denies sts:AssumeRole on this role explicitly",
                "explicitly: ask your admin",
                0,
            ),
        ];
        let trust = AllowStatement::allow(ASSUME_ROLE, ROLE);
        for (why, customers, vendors, statements) in table {
            let failure = failure(ASSUME_ROLE, why);
            let hint = customer_hint("acme", &failure);
            assert!(hint.contains(customers), "{why}: {hint}");
            let hint = vendor_hint(&failure);
            assert!(why.is_empty() || hint.contains(vendors), "{why}: {hint}");
            assert_eq!(missing(ROLE, &trust, &failure).len(), statements, "{why}");
        }
    }

    #[test]
    fn every_other_action_is_named_with_both_places() {
        let trust = AllowStatement::allow(ASSUME_ROLE, ROLE);
        for action in [
            "sts:SetSourceIdentity",
            "sts:TagSession",
            "sts:SetContext",
            "sts:New",
        ] {
            let failure = failure(action, "");
            let details = customer_details("asked".to_owned(), ROLE, &trust, &failure);
            assert_eq!(details.len(), 4, "{details:?}");
            assert!(details[1].starts_with(action), "{details:?}");
            assert!(details[3].contains(action), "{details:?}");
            for hint in [customer_hint("acme", &failure), vendor_hint(&failure)] {
                assert!(hint.contains(action), "{hint}");
            }
            let details = vendor_details("said".to_owned(), ROLE, &failure);
            assert!(
                details[1].contains(&format!("\"Action\":\"{action}\"")),
                "{details:?}"
            );
        }
    }
}
