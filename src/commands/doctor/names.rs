//! What the names in the settings have to do with a role that binds names.

use crate::aws::FailureKind;
use crate::identity::{AssumedRole, OtherName, other_name, source_identity};
use crate::settings::{Base, Vendor};

use super::check::Finding;

/// The names that the settings send.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// The one that differs from the base identity's own.
    other: Option<OtherName>,
    /// Whether the base identity is a machine's, whose name is not an engineer's.
    of_machine: bool,
    source_identity: Option<String>,
}

impl Names {
    /// Compares the settings with the base identity's ARN.
    pub(super) fn new(vendor: &Vendor, arn: &str) -> Self {
        Self {
            other: other_name(vendor, arn),
            of_machine: matches!(vendor.base, Base::Ec2InstanceMetadata | Base::EcsContainer),
            source_identity: source_identity(vendor, arn),
        }
    }
}

/// The name of the vendor role's session, and the SourceIdentity if it is another name.
/// A customer role that binds names refuses that identity.
pub(super) fn of_session<'a>(
    vendor: Option<&'a AssumedRole>,
    names: Option<&'a Names>,
) -> Option<(&'a str, Option<&'a str>)> {
    let name = vendor?.session_name.as_str();
    let identity = names.and_then(|names| names.source_identity.as_deref());
    Some((name, identity.filter(|identity| *identity != name)))
}

/// What to say of a vendor role that was assumed: a warning if it would not bind these names.
pub(super) fn with_vendor_role(message: String, names: Option<&Names>) -> Finding {
    let other = names
        .filter(|names| !names.of_machine)
        .and_then(|names| names.other.as_ref());
    match other {
        None => Finding::ok(message),
        Some(other) => Finding::warning(
            format!("{message}; {other}"),
            format!(
                "a role that binds names (NameBinding=yes in the kit) refuses that: {}, so that the logs hold your own name",
                other.remedy()
            ),
        ),
    }
}

/// A finding about the vendor role; if AWS denied it, with what the names have to do with it.
pub(super) fn refused_by_vendor(finding: Finding, names: Option<&Names>) -> Finding {
    match names.and_then(|names| names.other.as_ref()) {
        Some(other) if is_denied(&finding) => finding.hinting(&format!(
            "{other}, which a role that binds names refuses: {}, or deploy the vendor's stack with NameBinding=no",
            other.remedy()
        )),
        _ => finding,
    }
}

/// A finding about the customer role; if AWS denied it, with what the names have to do with it.
/// Both sessions have one name, so a binding that works does not refuse them.
pub(super) fn refused_by_customer(
    finding: Finding,
    vendor: Option<&AssumedRole>,
    names: Option<&Names>,
) -> Finding {
    let sent = of_session(vendor, names).filter(|_| is_denied(&finding));
    let Some((name, other)) = sent else {
        return finding;
    };
    finding.hinting(&match other {
        Some(other) => format!(
            "the SourceIdentity is {other:?} and the session's name is {name:?}, which a role that binds names refuses: set vendor.source_identity to \"{{user}}\", or ask for NameBinding=no"
        ),
        None => format!(
            "both sessions have the name {name:?}, as NameBinding=yes requires. If the stack was deployed just now, deploy it with NameBinding=no and report it: no live account has tried the binding"
        ),
    })
}

fn is_denied(finding: &Finding) -> bool {
    let error = finding.error.as_ref();
    let failure = error.and_then(|error| error.facts().failure);
    failure.is_some_and(|failure| failure.kind == FailureKind::Denied)
}
