//! A section of the files: what both files say about one profile, and the like.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use super::lines::Lines;
use super::place::Place;
use crate::aws::setup_error::SetupError;

/// The keys whose value is one line, and whose values vendor-ssm or the SDK reads.
const ONE_LINE: [&str; 26] = [
    "ca_bundle",
    "credential_process",
    "credential_source",
    "duration_seconds",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "endpoint_url",
    "external_id",
    "ignore_configured_endpoint_urls",
    "login_session",
    "mfa_serial",
    "region",
    "role_arn",
    "role_session_name",
    "services",
    "source_profile",
    "sso_account_id",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "web_identity_token_file",
    "aws_account_id",
];

/// A profile or another section. What both files say about a profile is one section.
#[derive(Clone)]
pub(crate) struct Section {
    name: String,
    pub(super) values: BTreeMap<String, Value>,
    odd: Option<Place>,
}

/// A value and its place.
#[derive(Clone)]
pub(crate) struct Value {
    pub text: Zeroizing<String>,
    pub place: Place,
}

/// Shows names only: a value may be a key.
impl fmt::Debug for Section {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Section")
            .field("name", &self.name)
            .field("keys", &self.values.keys())
            .finish_non_exhaustive()
    }
}

impl Section {
    /// The name without `profile` and quotes.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// File and line of its first value; `None` if it has none.
    pub(crate) fn place(&self) -> Option<String> {
        let first = self.values.values().min_by_key(|value| value.place.line);
        first.map(|value| value.place.to_string())
    }

    /// The value of a key. An empty value counts as none.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.value(key).map(|value| value.text.as_str())
    }

    /// The value of a key with its place. An empty value counts as none.
    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key).filter(|value| !value.text.is_empty())
    }

    /// Errors: a line or a value that cannot be read.
    pub(super) fn readable(&self, kind: &'static str) -> Result<(), SetupError> {
        let refused = |place: &Place, why: String| SetupError::Section {
            place: place.to_string(),
            kind,
            name: self.name.clone(),
            why,
        };
        if let Some(place) = &self.odd {
            return Err(refused(place, "the line is not KEY = VALUE".to_owned()));
        }
        for key in ONE_LINE {
            let Some(value) = self.values.get(key) else {
                continue;
            };
            if let Some(what) = unreadable(&value.text) {
                return Err(refused(&value.place, format!("{key} holds {what}")));
            }
        }
        Ok(())
    }

    pub(super) fn take(&mut self, lines: Lines) {
        for option in lines.options {
            let value = Value {
                text: Zeroizing::new(option.value),
                place: option.place,
            };
            self.values.insert(option.key, value);
        }
        self.odd = self.odd.take().or(lines.odd);
    }
}

/// What keeps a text from being the value of anything, such as `a line break`.
pub(crate) fn unreadable(text: &str) -> Option<&'static str> {
    text.chars().find_map(|character| match character {
        '\n' | '\r' => Some("a line break"),
        char::REPLACEMENT_CHARACTER => Some("bytes that are not UTF-8"),
        it if it.is_control() => Some("a control character"),
        _ => None,
    })
}

/// The section of that name, made if it is not there yet.
pub(super) fn part(sections: &mut BTreeMap<String, Section>, name: String) -> &mut Section {
    sections.entry(name.clone()).or_insert_with(|| Section {
        name,
        values: BTreeMap::new(),
        odd: None,
    })
}
