//! A value of a variable or of the selected profile, and what sets it.

use super::shared_files::SharedFiles;
use crate::os::Os;

/// A value and what sets it, such as `AWS_REGION` or `region of the profile x (FILE:LINE)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<T> {
    pub value: T,
    pub set_by: String,
}

impl<T> Found<T> {
    /// Makes another value of this one, set by the same.
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Found<U> {
        Found {
            value: make(self.value),
            set_by: self.set_by,
        }
    }
}

/// A variable's value without the white space around it; a blank one counts as unset.
pub(super) fn variable(name: &str, os: &Os) -> Option<Found<String>> {
    let value = os.var(name)?.trim().to_owned();
    (!value.is_empty()).then(|| Found {
        value,
        set_by: name.to_owned(),
    })
}

/// A value of the selected profile.
pub(super) fn setting(files: &SharedFiles, key: &str) -> Option<Found<String>> {
    let value = files.setting(key)?;
    Some(Found {
        value: value.text.to_string(),
        set_by: format!(
            "{key} of the profile {} ({})",
            files.selected(),
            value.place
        ),
    })
}
