//! Keeps the bytes of a settings file that an edit does not touch.
//! These are each line's own end, a byte order mark, and a last line without an end. The TOML
//! editor writes line feeds alone. A line of its text that was there before gets its own end back.

/// What some editors put at the beginning of a UTF-8 file.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The text without its byte order mark, each line ending with a line feed alone.
pub(super) fn plain(text: &str) -> String {
    unmarked(text).replace("\r\n", "\n")
}

/// The new text, with the bytes that its lines had `before`.
/// A line that is new ends as most lines do. The last line has an end if it had one before.
pub(super) fn restored(before: &str, new: &str) -> String {
    let old: Vec<Line<'_>> = lines(unmarked(before));
    let new: Vec<Line<'_>> = lines(new);
    let usual = usual_end(&old);
    let had_last_end = old.last().is_none_or(|line| !line.end.is_empty());
    let mut text = String::with_capacity(before.len() + new.len());
    if before.starts_with(BYTE_ORDER_MARK) {
        text.push_str(BYTE_ORDER_MARK);
    }
    let ends = ends(&old, &new);
    for (at, (line, end)) in new.iter().zip(ends).enumerate() {
        text.push_str(line.content);
        let is_last = at + 1 == new.len();
        match end {
            _ if is_last && !had_last_end => {}
            Some(end) if !end.is_empty() => text.push_str(end),
            _ => text.push_str(usual),
        }
    }
    text
}

fn unmarked(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// A line and what ends it: a line feed, with a carriage return or without, or nothing.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    content: &'a str,
    end: &'a str,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let split = |line| {
        let content = str::strip_suffix(line, "\n").unwrap_or(line);
        let content = content.strip_suffix('\r').unwrap_or(content);
        Line {
            content,
            end: &line[content.len()..],
        }
    };
    text.split_inclusive('\n').map(split).collect()
}

/// What most lines end with; of two that are as frequent, the first line's.
fn usual_end(lines: &[Line<'_>]) -> &'static str {
    let count = |end| lines.iter().filter(|line| line.end == end).count();
    let (with_return, without) = (count("\r\n"), count("\n"));
    let first_has_return = lines.first().is_some_and(|line| line.end == "\r\n");
    if with_return > without || (with_return == without && first_has_return) {
        "\r\n"
    } else {
        "\n"
    }
}

/// For each new line the end that it had before; `None` if it was not there.
fn ends<'a>(old: &[Line<'a>], new: &[Line<'_>]) -> Vec<Option<&'a str>> {
    let (above, below) = untouched(old, new);
    let old_middle = &old[above..old.len() - below];
    let new_middle = &new[above..new.len() - below];
    let mut ends: Vec<Option<&str>> = old[..above].iter().map(|line| Some(line.end)).collect();
    let mut waiting = old_middle;
    // What is left of the old lines is in the new ones in the same order, or the other way round.
    let only_adds = is_within(old_middle, new_middle);
    for line in new_middle {
        let found = waiting.iter().position(|old| old.content == line.content);
        let found = found.filter(|at| *at == 0 || !only_adds);
        ends.push(found.map(|at| waiting[at].end));
        waiting = &waiting[found.map_or(0, |at| at + 1)..];
    }
    let rest = &old[old.len() - below..];
    ends.extend(rest.iter().map(|line| Some(line.end)));
    ends
}

/// How many lines above the edit are untouched, and how many below it.
fn untouched(old: &[Line<'_>], new: &[Line<'_>]) -> (usize, usize) {
    let same = |(one, other): &(&Line<'_>, &Line<'_>)| one.content == other.content;
    let mut above = old.iter().zip(new).take_while(same).count();
    let from_the_end = old[above..].iter().rev().zip(new[above..].iter().rev());
    let mut below = from_the_end.take_while(same).count();
    // A block that alone was removed or added may have equal lines above and below it. A section
    // goes with the empty line above it.
    let longer = if old.len() > new.len() { old } else { new };
    if above + below == old.len().min(new.len()) {
        let block = |up: usize| &longer[above - up..longer.len() - below - up];
        let fits = |up: &usize| {
            *up == 0 || longer[above - up].content == longer[longer.len() - below - up].content
        };
        let begins_empty = |up: &usize| block(*up).first().is_some_and(|it| it.content.is_empty());
        if let Some(up) = (0..=above).take_while(fits).find(begins_empty) {
            above -= up;
            below += up;
        }
    }
    (above, below)
}

/// Whether all these lines are among the others, in the same order.
fn is_within(lines: &[Line<'_>], others: &[Line<'_>]) -> bool {
    let mut others = others.iter();
    lines
        .iter()
        .all(|line| others.any(|other| other.content == line.content))
}

#[cfg(test)]
mod tests {
    use super::{plain, restored};

    const BEFORE: &str = "a\r\nb\n\r\nc\r\n\nd";

    #[test]
    fn untouched_lines_keep_their_bytes() {
        for (new, expected) in [
            // Nothing was changed.
            ("a\nb\n\nc\n\nd\n", BEFORE),
            // Lines were removed at the beginning, in the middle, at the end, in two places.
            ("b\n\nc\n\nd\n", "b\n\r\nc\r\n\nd"),
            ("a\nb\n\nd\n", "a\r\nb\n\nd"),
            ("a\nb\n\nc\n", "a\r\nb\n\r\nc"),
            ("b\n\nd\n", "b\n\nd"),
            ("", ""),
            // Lines were added.
            ("a\nb\n\nc\n\nd\n\ne\n", "a\r\nb\n\r\nc\r\n\nd\r\n\r\ne"),
            ("x\na\nb\ny\n\nc\n\nd\n", "x\r\na\r\nb\ny\r\n\r\nc\r\n\nd"),
            // A line was changed between two that were not.
            ("a\nb\n\nC\n\nd\n", "a\r\nb\n\r\nC\r\n\nd"),
            ("a\nB\n\nC\n\nd\n", "a\r\nB\r\n\r\nC\r\n\nd"),
        ] {
            assert_eq!(restored(BEFORE, new), expected, "{new:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_and_the_last_line_end_stay() {
        assert_eq!(plain("\u{feff}a\r\nb\n"), "a\nb\n");
        assert_eq!(
            restored("\u{feff}a\r\nb\r\n", "a\nc\n"),
            "\u{feff}a\r\nc\r\n"
        );
        assert_eq!(restored("a\n", "a\nb\n"), "a\nb\n");
        assert_eq!(restored("a", "a\nb\n"), "a\nb");
        assert_eq!(restored("a\r\nb", "a\nb\nc\n"), "a\r\nb\r\nc");
        assert_eq!(restored("", "a\nb\n"), "a\nb\n");
        assert_eq!(restored("\r\n", "\na\n"), "\r\na\r\n");
    }
}
