//! What a failed credentials provider said, in words.
//! The SDK's errors end in the Debug text of a struct here and there, which says nothing to a
//! person and may hold more than one should see. It is cut off.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::error::ErrorMetadata;

use crate::aws::plain;

/// What each layer says, outermost first, once each.
pub(super) fn reasons(error: &(dyn StdError + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut layer = Some(error);
    while let Some(error) = layer {
        let text = text(error);
        if !text.is_empty() && !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
        layer = error.source();
    }
    // What wraps the cause says only that there was one.
    if said.len() > 1 {
        said.remove(0);
    }
    said.join(": ")
}

/// The error codes of AWS in it. A service's own errors are shown as `CODE: message`.
pub(super) fn codes(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut codes = Vec::new();
    let mut layer = Some(error);
    while let Some(error) = layer {
        let of_metadata = error
            .downcast_ref::<ErrorMetadata>()
            .and_then(ErrorMetadata::code);
        let text = error.to_string();
        let word = text.split([':', ' ']).next().unwrap_or_default();
        codes.extend(of_metadata.or(Some(word)).map(str::to_owned));
        layer = error.source();
    }
    codes
}

/// Whether the network failed, which no login repairs.
pub(super) fn is_network(error: &(dyn StdError + 'static)) -> bool {
    let mut layer = Some(error);
    while let Some(error) = layer {
        let connector = error.downcast_ref::<ConnectorError>();
        if connector.is_some_and(|error| error.is_io() || error.is_timeout())
            || error.to_string() == "request has timed out"
        {
            return true;
        }
        layer = error.source();
    }
    false
}

/// What one layer says.
fn text(error: &(dyn StdError + 'static)) -> String {
    if let Some(metadata) = error.downcast_ref::<ErrorMetadata>() {
        let parts = [metadata.code(), metadata.message()];
        return parts.into_iter().flatten().collect::<Vec<_>>().join(": ");
    }
    let text = error.to_string();
    let text = without_type(text.trim());
    // Its source says the same, and more.
    if text.starts_with("unhandled error") || text == "service error" {
        return String::new();
    }
    plain(&text).trim_end_matches([' ', ':', '.']).to_owned()
}

/// Says `404` for `StatusCode(404)`, as the SDK's client for containers prints it.
fn without_type(text: &str) -> String {
    match text.split_once("StatusCode(") {
        Some((before, after)) => format!("{before}{}", after.trim_end_matches(')')),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::provider::error::CredentialsError;

    use super::*;

    #[test]
    fn an_error_of_aws_is_said_by_code_and_message() {
        let metadata = ErrorMetadata::builder()
            .code("AccessDenied")
            .message("no")
            .custom("aws_request_id", "8f2c")
            .build();
        assert!(metadata.to_string().contains("Error {"));
        let error = CredentialsError::provider_error(metadata);
        assert_eq!(reasons(&error), "AccessDenied: no");
    }
}
