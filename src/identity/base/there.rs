//! What is there, for a person whose base identity was not found: variables and profiles.

use crate::aws::SharedFiles;
use crate::names::did_you_mean;
use crate::os::Os;

/// The most profiles that one message names.
const NAMED: usize = 8;

/// What could be used in place of the profile `missing`, as a hint.
pub(super) fn instead(files: &SharedFiles, missing: &str, os: &Os) -> Option<String> {
    did_you_mean(missing, &files.names()).or_else(|| container(os))
}

/// The container's endpoint, if a variable names one. It is asked only if the settings say so.
pub(super) fn container(os: &Os) -> Option<String> {
    let names = [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ];
    let name = names.into_iter().find(|name| os.var(name).is_some())?;
    Some(format!(
        "{name} is set; to use it, write `credential_source = \"EcsContainer\"` under [vendor] in the settings"
    ))
}

/// A variable that does nothing without another one.
pub(super) fn half(os: &Os) -> Option<String> {
    let is_set = |name: &str| os.var(name).is_some();
    let pairs = [
        ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"),
    ];
    pairs
        .into_iter()
        .find_map(|(one, other)| match (is_set(one), is_set(other)) {
            (true, false) => Some(format!("{one} is set, and {other} is not")),
            (false, true) => Some(format!("{other} is set, and {one} is not")),
            _ => None,
        })
}

/// The profiles that there are.
pub(super) fn profiles(files: &SharedFiles) -> Option<String> {
    let names = files.names();
    let shown = names.get(..NAMED).unwrap_or(&names).join(", ");
    let more = if names.len() > NAMED { ", …" } else { "" };
    (!names.is_empty()).then(|| format!("the profiles are {shown}{more}"))
}
