//! Makes sure that answers are whole.
//! The SDK's parsers take an XML document that was cut for a shorter one, and an answer without
//! bytes for one without fields. Refused are both, before the SDK reads them.
//!
//! An answer without a length ends where its connection ends (RFC 9112, section 6.3). Some proxies
//! frame answers so, and nothing but the document then tells whether it is whole.

use std::error::Error;
use std::fmt;
use std::io;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde::de::IgnoredAny;
use xmlparser::{ElementEnd, Token, Tokenizer};

/// An answer that came whole, and is not a document.
#[derive(Debug)]
pub(super) struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the answer is not a well-formed document")
    }
}

impl Error for Malformed {}

/// The answer, if its document is whole.
/// What the connection cut off is an error that passes. A whole answer without a document is not.
pub(super) async fn whole(mut answer: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let is_framed = ["content-length", "transfer-encoding"]
        .iter()
        .any(|name| answer.headers().get(*name).is_some());
    let body = ByteStream::new(answer.take_body()).collect().await;
    let body = body
        .map_err(|error| ConnectorError::io(Box::new(error)))?
        .into_bytes();
    let is_whole = match document(&body) {
        // An error may come without a body. The status then says what it is.
        Document::None => !answer.status().is_success(),
        Document::Xml => is_whole_xml(&body),
        Document::Json => serde_json::from_slice::<IgnoredAny>(&body).is_ok(),
        // The SDK refuses it, or it is a web page.
        Document::Other => true,
    };
    *answer.body_mut() = SdkBody::from(body);
    match (is_whole, is_framed) {
        (true, _) => Ok(answer),
        (false, true) => Err(ConnectorError::user(Box::new(Malformed))),
        (false, false) => Err(ConnectorError::io(Box::new(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the connection ended in the middle of the answer",
        )))),
    }
}

/// What a body looks like.
enum Document {
    None,
    Xml,
    Json,
    Other,
}

fn document(body: &[u8]) -> Document {
    // The SDK's parser of XML passes over a byte order mark.
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = text.trim_ascii_start();
    match text.first() {
        None => Document::None,
        Some(b'{' | b'[') => Document::Json,
        Some(b'<') if is_web_page(text) => Document::Other,
        Some(b'<') => Document::Xml,
        Some(_) => Document::Other,
    }
}

/// HTML need not be well-formed. A document that was cut within its first word may be either.
pub(super) fn is_web_page(body: &[u8]) -> bool {
    let text = body.trim_ascii_start();
    let begins = |word: &str| {
        text.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    begins("<!doctype html") || begins("<html")
}

/// Whether an XML document has one root and every element is closed (XML 1.0, section 2.1).
fn is_whole_xml(body: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(body) else {
        return false;
    };
    let mut open = Vec::new();
    let mut roots = 0;
    for token in Tokenizer::from(text) {
        match token {
            Ok(Token::ElementStart { prefix, local, .. }) => {
                roots += usize::from(open.is_empty());
                open.push((prefix.as_str(), local.as_str()));
            }
            Ok(Token::ElementEnd { end, .. }) => {
                let is_its_own = match end {
                    ElementEnd::Open => true,
                    ElementEnd::Empty => open.pop().is_some(),
                    ElementEnd::Close(prefix, local) => {
                        open.pop() == Some((prefix.as_str(), local.as_str()))
                    }
                };
                if !is_its_own {
                    return false;
                }
            }
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    open.is_empty() && roots == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R xmlns=\"http://x/\" a='>'><!-- > -->\
        <set><item><v>é &lt;</v><e/></item><item><![CDATA[</R>]]></item></set>\n</R>\n";

    #[test]
    fn a_document_that_is_cut_anywhere_is_not_whole() {
        assert!(is_whole_xml(PAGE.as_bytes()));
        let end = PAGE.trim_end().len();
        for at in 0..end {
            assert!(!is_whole_xml(&PAGE.as_bytes()[..at]), "{at}");
        }
    }

    #[test]
    fn a_byte_order_mark_makes_no_other_document() {
        assert!(matches!(
            document("\u{feff}<a></a>".as_bytes()),
            Document::Xml
        ));
        assert!(matches!(document("\u{feff}".as_bytes()), Document::None));
    }

    #[test]
    fn a_document_has_one_root_and_every_element_is_closed() {
        for (text, is_whole) in [
            ("<a/>", true),
            ("<a b=\"1\"><c></c ></a>", true),
            ("<a></a><!-- end -->", true),
            ("<a></a><b></b>", false),
            ("<a></b>", false),
            ("<a></a>x", false),
            ("x<a></a>", false),
            ("<a></a></a>", false),
            ("<a><b></a></b>", false),
            // The SDK takes the list to end there.
            ("<a><b></b>\0<b></b></a>", false),
            ("\u{feff}<a></a>", true),
            ("\u{feff}<a>", false),
            ("<>", false),
            ("", false),
        ] {
            assert_eq!(is_whole_xml(text.as_bytes()), is_whole, "{text}");
        }
    }
}
