//! The parts of messages that depend on what is known.

use crate::aws::{Failure, FailureKind};

pub(super) fn start_text(failure: &Failure, target: &str) -> String {
    match failure.kind {
        FailureKind::Denied => format!("StartSession on {target} was refused"),
        _ => format!("StartSession on {target} failed"),
    }
}

pub(super) fn key_text(failure: &Failure) -> &'static str {
    match failure.kind {
        FailureKind::Denied => "we may not use its key",
        _ => "there is no data key for it",
    }
}

pub(super) fn which_text(session_id: Option<&str>) -> String {
    session_id.map_or_else(|| "a session".to_owned(), |id| format!("the session {id}"))
}

pub(super) fn sought_text(sought: Option<&str>) -> String {
    sought
        .map(|sought| format!(": {sought}"))
        .unwrap_or_default()
}

pub(super) fn state_text(state: Option<&str>) -> String {
    state.map(|state| format!(": {state}")).unwrap_or_default()
}
