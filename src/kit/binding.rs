//! Whether a stack binds the engineers' names, and what to do after it is deployed.

use super::value::{Source, Value};

/// Why both stacks must not bind names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unbound {
    /// The setting that is the reason.
    pub key: &'static str,
    /// What it does, as a clause.
    pub why: String,
}

impl Unbound {
    /// The parameter that the stack is given.
    pub(super) fn value(&self) -> Value<'static> {
        Value {
            name: NAME_BINDING,
            text: "no".to_owned(),
            from: Source::Setting(self.key),
        }
    }
}

/// The setting that gives all engineers of a machine one identity.
pub(crate) const CREDENTIAL_SOURCE: &str = "vendor.credential_source";

/// The parameter of both templates that binds names.
const NAME_BINDING: &str = "NameBinding";

/// The step after a stack was deployed that binds names, or that does not.
/// `refused` names what AWS may refuse.
pub(super) fn after_deploying(
    values: &[Value<'_>],
    unbound: Option<&Unbound>,
    customer: &str,
    refused: &str,
) -> Vec<String> {
    let chosen = values.iter().find(|value| value.name == NAME_BINDING);
    let chosen = chosen.map(|value| value.text.as_str());
    let doctor = format!("vendor-ssm doctor -c {customer}");
    let mut lines = vec![format!(
        "Right after you deploy, a vendor engineer runs: {doctor}"
    )];
    match (chosen, unbound) {
        (Some("no"), Some(unbound)) => lines.push(format!(
            "NameBinding=no, because {}. So AWS does not check that an engineer uses their own name.",
            unbound.why
        )),
        (Some("no"), None) => lines.push(
            "NameBinding=no: AWS does not check that an engineer uses their own name.".to_owned(),
        ),
        _ => lines.push(format!(
            "If AWS refuses {refused}, deploy again with NameBinding=no at the end of the command, and report it: NameBinding uses policy variables that were never tried on a live account."
        )),
    }
    if chosen.is_none() {
        lines.push(
            "A stack that you had before keeps its value of NameBinding. To bind names there, deploy with NameBinding=yes at the end of the command."
                .to_owned(),
        );
    }
    lines
}
