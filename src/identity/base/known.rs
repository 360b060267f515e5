//! What several kinds of base identity tell about themselves without a call.

use std::path::Path;

use zeroize::Zeroizing;

use crate::identity::chain::Fields;
use crate::os::Os;

/// Long-term keys are a user's; temporary ones may be a role's, or a user's from GetSessionToken.
pub(super) fn role_keys(temporary: bool) -> Option<bool> {
    (!temporary).then_some(false)
}

/// Adds where the container's credentials come from.
pub(super) fn ecs_container(fields: Fields, os: &Os) -> Fields {
    fields
        .optional(os.var("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"))
        .optional(os.var("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
}

/// Adds a file's content, or that it cannot be read.
pub(super) fn file(fields: Fields, path: &Path) -> Fields {
    match std::fs::read(path).map(Zeroizing::new) {
        Ok(content) => fields.number(1).bytes(&content),
        Err(_) => fields.number(0),
    }
}
