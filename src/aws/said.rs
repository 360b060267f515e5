//! What AWS or a library says, made short and plain enough to show.
//! Refused is text without a bound, and a library's own view of its data.

use std::error::Error;

use crate::names::short::short as bounded;

/// The most of a message that is kept, in characters. It stands whole in the report and in JSON.
const KEPT: usize = 16 << 10;
/// The most of a message that a line shows, in characters.
const SHOWN: usize = 1_000;
/// The longest word that a line shows whole, in characters. An ARN may be as long as IAM allows.
const WORD: usize = 256;
/// The longest error code or request id that is kept, in characters. AWS's are far shorter.
const LONGEST_WORD: usize = 128;
/// How much of a longer word is shown, in characters.
const BEGINNING: usize = 24;

/// A message as it is kept: of one that is too long, the beginning.
pub(super) fn kept(message: &str) -> String {
    bounded(message, KEPT).into_owned()
}

/// A code or an id, which is one short word.
pub(super) fn word(text: &str) -> String {
    text.chars().take(LONGEST_WORD).collect()
}

/// A message as a line shows it: of an encoded word or a text that is too long, the beginning.
/// An `Encoded authorization failure message` is such a word.
pub(crate) fn shown(message: &str) -> String {
    let words: Vec<String> = message.split(' ').map(short).collect();
    bounded(&words.join(" "), SHOWN).into_owned()
}

fn short(word: &str) -> String {
    let length = word.chars().count();
    if length <= WORD || word.starts_with("arn:") {
        return word.to_owned();
    }
    let beginning: String = word.chars().take(BEGINNING).collect();
    format!("{beginning}… ({length} characters)")
}

/// An error and its sources.
pub(super) fn layers<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// An error and its sources in one line, without repetition.
/// Some libraries show their data as Rust's Debug does. That is left out.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for error in layers(error) {
        let text = error.to_string();
        let text = plain(&text);
        if !text.is_empty() && parts.last().is_none_or(|last| !last.contains(text)) {
            parts.push(text.to_owned());
        }
    }
    shown(&parts.join(": "))
}

/// What to do if `said` tells that no trusted authority signed a certificate.
pub(crate) fn untrusted(said: &str) -> Option<&'static str> {
    // rustls names its errors so (`CertificateError`). Two authorities of one name, such as an old
    // and a new one, make a bad signature.
    let faults = ["UnknownIssuer", "BadSignature", "CaUsedAsEndEntity"];
    let is_untrusted = said
        .split_once("invalid peer certificate: ")
        .is_some_and(|(_, fault)| faults.iter().any(|one| fault.contains(one)));
    if !is_untrusted {
        return None;
    }
    // So `Authorities` names what is trusted.
    if said.contains("trusting only SSL_CERT_") {
        return Some(
            "add the authority that signed the certificate to what SSL_CERT_FILE or SSL_CERT_DIR \
             names, or unset them to trust the system's",
        );
    }
    Some(
        "set AWS_CA_BUNDLE, or ca_bundle in the profile, to a PEM file with the authority that \
         signed the certificate: a company's proxy often signs its own",
    )
}

/// The text before what looks like Debug's form of data.
/// That is a struct or an enum, such as `Error { code: … }` or `Some(…)`.
pub(crate) fn plain(text: &str) -> &str {
    let begins = |(at, mark): (usize, &str)| {
        let before = &text[..at];
        let name = before.rfind(|one: char| !one.is_alphanumeric() && one != '_' && one != ':');
        let begin = name.map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
        let is_type = before[begin..].starts_with(|one: char| one.is_ascii_uppercase());
        let is_camel = before[begin..].contains(|one: char| one.is_ascii_lowercase());
        let after = &text[at + mark.len()..];
        (is_type && is_camel && is_debug(mark, after)).then_some(begin)
    };
    let marks = text.match_indices(" { ").chain(text.match_indices('('));
    let first = marks.filter_map(begins).min();
    let end = first.unwrap_or(text.len());
    text[..end].trim_end_matches([' ', ':', '(', ','])
}

/// Whether what follows a type's name is its data.
/// That is `field: …` in braces, or a value of another type in parentheses.
fn is_debug(mark: &str, after: &str) -> bool {
    if mark == " { " {
        let field = after.split(':').next().unwrap_or_default();
        return after.contains(':')
            && field
                .chars()
                .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_');
    }
    after.starts_with('"')
        || after.starts_with(|one: char| one.is_ascii_uppercase()) && after.contains(['(', '{'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_message_is_cut_and_its_sentence_is_not() {
        let said = format!(
            "You are not authorized to perform this operation. User: arn:aws:sts::2:assumed-role/{}/alice is not \
             authorized to perform: ec2:DescribeInstances. Encoded authorization failure message: {}",
            "R".repeat(300),
            "x".repeat(1000)
        );
        let line = shown(&said);
        assert!(
            line.ends_with(&format!("message: {}… (1000 characters)", "x".repeat(24))),
            "{line}"
        );
        assert!(line.contains("/alice is not"), "{line}");
    }

    #[test]
    fn every_text_is_bounded() {
        for said in [
            "é".repeat(100_000),
            "a b ".repeat(100_000),
            "arn:".repeat(50_000),
        ] {
            assert!(shown(&said).chars().count() < SHOWN + 40);
            assert!(kept(&said).chars().count() < KEPT + 40);
        }
        for said in ["", "Rate exceeded", "a  b", "…"] {
            assert_eq!(
                (shown(said), kept(said)),
                (said.to_owned(), said.to_owned())
            );
        }
    }

    #[test]
    fn debugs_form_is_left_out() {
        let table = [
            (
                "unhandled error (InvalidDocument): Error { code: \"InvalidDocument\", aws_request_id: \"1\" }",
                "unhandled error (InvalidDocument)",
            ),
            (
                "Error { code: \"InvalidDocument\", aws_request_id: \"1\" }",
                "",
            ),
            ("failed: Some(\"x\")", "failed"),
            (
                "unexpected end: ErrorKind(UnexpectedEof { at: 3 })",
                "unexpected end",
            ),
            (
                "connection refused (os error 111)",
                "connection refused (os error 111)",
            ),
            (
                "invalid peer certificate: UnknownIssuer",
                "invalid peer certificate: UnknownIssuer",
            ),
            (
                "a policy {\"Effect\": \"Allow\"}",
                "a policy {\"Effect\": \"Allow\"}",
            ),
            ("{ \"a\": 1 }", "{ \"a\": 1 }"),
        ];
        for (said, left) in table {
            assert_eq!(plain(said), left, "{said}");
        }
    }
}
