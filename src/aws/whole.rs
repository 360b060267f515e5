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
    let text = body.trim_ascii_start();
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
    let mut open: Vec<&[u8]> = Vec::new();
    let mut roots = 0;
    let mut rest = body;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        let (text, markup) = rest.split_at(at);
        if open.is_empty() && !text.trim_ascii().is_empty() {
            return false;
        }
        let Some((tag, after)) = tag(markup) else {
            return false;
        };
        rest = after;
        match tag {
            Tag::Open(name) => {
                roots += usize::from(open.is_empty());
                open.push(name);
            }
            Tag::Empty => roots += usize::from(open.is_empty()),
            Tag::Close(name) if open.pop() == Some(name) => {}
            Tag::Close(_) => return false,
            Tag::Other => {}
        }
    }
    open.is_empty() && roots == 1 && rest.trim_ascii().is_empty()
}

/// One piece of markup.
enum Tag<'a> {
    Open(&'a [u8]),
    Empty,
    Close(&'a [u8]),
    /// A comment, a CDATA section, a declaration or an instruction.
    Other,
}

/// The markup that the text begins with, and what follows it; `None` if it has no end.
fn tag(text: &[u8]) -> Option<(Tag<'_>, &[u8])> {
    for (begin, end) in [
        ("<!--", "-->"),
        ("<![CDATA[", "]]>"),
        ("<?", "?>"),
        ("<!", ">"),
    ] {
        if let Some(inner) = text.strip_prefix(begin.as_bytes()) {
            let at = inner
                .windows(end.len())
                .position(|window| window == end.as_bytes())?;
            return Some((Tag::Other, &inner[at + end.len()..]));
        }
    }
    let end = end_of_tag(text)?;
    let (inner, after) = (&text[1..end], &text[end + 1..]);
    if let Some(name) = inner.strip_prefix(b"/") {
        return Some((Tag::Close(name.trim_ascii_end()), after));
    }
    if inner.ends_with(b"/") {
        return Some((Tag::Empty, after));
    }
    let name = inner.split(u8::is_ascii_whitespace).next()?;
    (!name.is_empty()).then_some((Tag::Open(name), after))
}

/// Where the tag's `>` is. One within quotes is part of a value.
fn end_of_tag(text: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
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
            ("<>", false),
            ("", false),
        ] {
            assert_eq!(is_whole_xml(text.as_bytes()), is_whole, "{text}");
        }
    }
}
