//! `--group`: identical outputs once, with the targets that wrote them. Pure.

use std::collections::HashMap;

use crate::channel::Bytes;
use crate::session::command::{Stream, Written};

use super::labels::readable;
use super::results::Kept;

/// The outputs of all targets, each stream by itself: what most targets wrote comes first.
/// On a terminal, what would steer it is escaped.
pub(super) fn outputs(labels: &[String], kept: &[Kept], is_terminal: [bool; 2]) -> Written {
    let mut written = Vec::new();
    for stream in [Stream::Output, Stream::Errors] {
        let mut at = HashMap::new();
        let mut groups: Vec<(&[u8], Vec<&str>)> = Vec::new();
        for (label, kept) in labels.iter().zip(kept) {
            let bytes = kept.bytes(stream);
            if bytes.is_empty() {
                continue;
            }
            let group = *at.entry(bytes).or_insert(groups.len());
            if group == groups.len() {
                groups.push((bytes, Vec::new()));
            }
            groups[group].1.push(label);
        }
        // A stable sort: of two equal groups, the one with the first target comes first.
        groups.sort_by_key(|(_, targets)| usize::MAX - targets.len());
        for (bytes, targets) in groups {
            let text = group(bytes, &targets, is_terminal[stream as usize]);
            written.push((stream, Bytes::from(text)));
        }
    }
    written
}

/// A line with the targets, then the output as it is, and a line feed behind it if it has none.
fn group(bytes: &[u8], targets: &[&str], is_terminal: bool) -> Vec<u8> {
    let count = match targets.len() {
        1 => "1 target".to_owned(),
        count => format!("{count} targets"),
    };
    let mut text = format!("{count}: {}\n", targets.join(", ")).into_bytes();
    if is_terminal {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            text.extend_from_slice(readable(line).as_bytes());
            text.push(b'\n');
        }
    } else {
        text.extend_from_slice(bytes);
        if !bytes.ends_with(b"\n") {
            text.push(b'\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::command::Piece;

    fn kept(stdout: &'static [u8], stderr: &'static [u8]) -> Kept {
        let mut kept = Kept::default();
        for (stream, bytes) in [(Stream::Output, stdout), (Stream::Errors, stderr)] {
            kept.take(&Piece {
                command: 0,
                stream,
                bytes: Bytes::from_static(bytes),
            });
        }
        kept
    }

    #[test]
    fn equal_outputs_are_shown_once_and_the_largest_group_first() {
        let labels = ["a", "b", "c", "d"].map(str::to_owned);
        let kept = [
            kept(b"odd", b""),
            kept(b"same\x1b[2J\n", b"no\n"),
            kept(b"same\x1b[2J\n", b""),
            kept(b"", b""),
        ];
        let shown = |is_terminal| {
            let written = outputs(&labels, &kept, [is_terminal; 2]);
            let texts = written.into_iter().map(|(stream, bytes)| {
                let text = String::from_utf8(bytes.to_vec()).unwrap();
                (stream == Stream::Errors, text)
            });
            texts.collect::<Vec<_>>()
        };
        let expected = [
            (false, "2 targets: b, c\nsame\u{1b}[2J\n".to_owned()),
            (false, "1 target: a\nodd\n".to_owned()),
            (true, "1 target: b\nno\n".to_owned()),
        ];
        assert_eq!(shown(false), expected);
        assert_eq!(shown(true)[0].1, "2 targets: b, c\nsame\\u{1b}[2J\n");
    }
}
