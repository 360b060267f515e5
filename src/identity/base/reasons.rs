//! What a failed credentials provider said, in words.
//! The SDK's errors end in the Debug text of a struct here and there, which says nothing to a
//! person and may hold more than one should see. It is cut off.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::error::ErrorMetadata;

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
    // Its source says the same, and more.
    if text.starts_with("unhandled error") || text == "service error" {
        return String::new();
    }
    without_debug(&text)
        .trim_end_matches([' ', ':', '.'])
        .to_owned()
}

/// The text up to the first struct that is printed as Rust prints one: `Name { field: `.
fn without_debug(text: &str) -> &str {
    for (brace, _) in text.match_indices(" { ") {
        let name = text[..brace]
            .rfind(|it: char| !it.is_alphanumeric() && it != '_')
            .map_or(0, |at| at + 1);
        let is_type = text[name..brace].starts_with(|it: char| it.is_ascii_uppercase());
        let field = text[brace + 3..].split(':').next().unwrap_or_default();
        let is_field = !field.is_empty()
            && field
                .bytes()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
        if is_type && is_field {
            return &text[..name];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use aws_credential_types::provider::error::CredentialsError;

    use super::*;

    #[test]
    fn no_struct_is_printed() {
        for (text, left) in [
            (
                "error response from IMDS (code: 404). Response { status: 404 }",
                "error response from IMDS (code: 404)",
            ),
            (
                "Stderr: token {\"a\": 1} { b }",
                "Stderr: token {\"a\": 1} { b }",
            ),
            ("Error { code: \"X\" }", ""),
            ("plain", "plain"),
        ] {
            assert_eq!(without_debug(text).trim_end_matches([' ', ':', '.']), left);
        }
    }

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
