//! What several kinds of base identity tell about themselves without a call.

use std::path::Path;

use crate::bounded;
use crate::identity::chain::Fields;
use crate::os::Os;

/// The largest file of a token, in bytes.
pub(super) const LARGEST: u64 = 1 << 20;

/// Long-term keys are a user's; temporary ones may be a role's, or a user's from GetSessionToken.
pub(super) fn role_keys(temporary: bool) -> Option<bool> {
    (!temporary).then_some(false)
}

/// Adds where the container's credentials come from, and the token that tells one pod from another.
pub(super) fn ecs_container(fields: Fields, os: &Os) -> Fields {
    let fields = fields
        .optional(os.var("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"))
        .optional(os.var("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
        .optional(os.var("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
    match os.var("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
        Some(path) => file(fields, path.as_ref()),
        None => fields,
    }
}

/// Adds a file's content, or that it cannot be read.
pub(super) fn file(fields: Fields, path: &Path) -> Fields {
    match bounded::read(path, LARGEST) {
        Ok(content) => fields.number(1).bytes(&content),
        Err(_) => fields.number(0),
    }
}
