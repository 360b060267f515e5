//! Numbers on the command line. An error names the range that is allowed.

use std::fmt::Display;
use std::num::{NonZeroU16, NonZeroU32, NonZeroUsize};
use std::str::FromStr;

/// Seconds that may be none.
pub(super) fn seconds_or_none(text: &str) -> Result<u32, String> {
    within(text, "whole seconds", (u32::MIN, u32::MAX))
}

/// Seconds, at least one.
pub(super) fn seconds(text: &str) -> Result<NonZeroU32, String> {
    within(text, "whole seconds", (NonZeroU32::MIN, NonZeroU32::MAX))
}

/// How many of something.
pub(super) fn count(text: &str) -> Result<usize, String> {
    at_least(text, 0)
}

/// How many of something, at least one.
pub(super) fn one_or_more(text: &str) -> Result<NonZeroUsize, String> {
    at_least(text, 1)
}

/// A port that something listens on.
pub(super) fn port(text: &str) -> Result<NonZeroU16, String> {
    within(text, "a port", (NonZeroU16::MIN, NonZeroU16::MAX))
}

fn within<T: FromStr + Display>(
    text: &str,
    what: &str,
    (least, most): (T, T),
) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("expected {what} from {least} to {most}"))
}

/// The most that this machine can count is more than anyone means.
fn at_least<T: FromStr>(text: &str, least: u8) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("expected a whole number, {least} or more"))
}
