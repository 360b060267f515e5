//! What a Session document makes of the parameters of `StartSession`.

use std::collections::BTreeMap;

use crate::server::answer::{Refusal, Service};
use crate::world::{Document, Platform, looked_up, substituted};

/// The document's properties with the parameters' values in them.
pub(super) struct Properties(BTreeMap<String, String>);

impl Properties {
    /// Fills a document in, or refuses parameters that it has not, that it wants, or that it does
    /// not allow.
    pub(super) fn of(
        document: &Document,
        platform: Platform,
        given: &BTreeMap<String, Vec<String>>,
    ) -> Result<Self, Refusal> {
        let invalid = |text: String| Err(Refusal::shape(Service::Ssm, text));
        let known = |name: &String| document.parameters.iter().any(|own| own.name == *name);
        if let Some(name) = given.keys().find(|name| !known(name)) {
            return invalid(format!(
                "Document {} has no parameter named {name}.",
                document.name
            ));
        }
        let mut values = BTreeMap::new();
        for parameter in &document.parameters {
            let name = &parameter.name;
            let value = given.get(name).map(|words| words.join(" "));
            let Some(value) = value.or_else(|| parameter.default.clone()) else {
                return invalid(format!("Parameter {name} is required and has no value."));
            };
            if !parameter.allowed.allows(&value) {
                return invalid(format!(
                    "Parameter {name} has the value {value}, which the document does not allow."
                ));
            }
            values.insert(name.clone(), value);
        }
        let filled = document
            .properties_on(platform)
            .iter()
            .map(|(name, text)| (name.clone(), substituted(text, &values)));
        Ok(Self(filled.collect()))
    }

    /// Replaces each `{{ssm:NAME}}` with that parameter's value, as the agent does before anything
    /// starts (amazon-ssm-agent, `docparser/parameterstore`, `Resolve`). `false` if one has none.
    pub(super) fn look_up(&mut self, store: &BTreeMap<String, String>) -> bool {
        let resolved: Option<BTreeMap<_, _>> = self
            .0
            .iter()
            .map(|(name, text)| Some((name.clone(), looked_up(text, store)?)))
            .collect();
        let is_resolved = resolved.is_some();
        self.0 = resolved.unwrap_or_default();
        is_resolved
    }

    /// A property; empty when the document has none of this name.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// All of them, as a handshake for a port has them.
    pub(super) fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}
