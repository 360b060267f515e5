//! Sentences for stdout:
//! escaped, and on a terminal wrapped at its width; in a pipe a line stays a line.

use unicode_width::UnicodeWidthStr as _;

use super::sanitize::escape;

/// Text is not wrapped on a terminal narrower than this.
const LEAST: usize = 20;

/// The text after `first`, what does not fit on lines that begin with `next`.
/// Words longer than a line stay whole, so that an ARN can still be copied.
pub(crate) fn wrapped(text: &str, first: &str, next: &str, width: Option<u16>) -> String {
    let text = escape(text);
    let Some(width) = width.map(usize::from).filter(|width| *width >= LEAST) else {
        return format!("{first}{text}\n");
    };
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut is_begun = false;
    for word in text.split(' ') {
        if is_begun && line.width() + 1 + word.width() > width {
            lines.push_str(line.trim_end());
            lines.push('\n');
            next.clone_into(&mut line);
            is_begun = false;
        }
        if is_begun {
            line.push(' ');
        }
        line.push_str(word);
        is_begun = true;
    }
    lines.push_str(line.trim_end());
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn text_is_wrapped_on_terminals_alone() {
        let text = "one two three four five six";
        assert_eq!(
            wrapped(text, "- ", "  ", None),
            "- one two three four five six\n"
        );
        assert_eq!(
            wrapped(text, "- ", "  ", Some(20)),
            "- one two three four\n  five six\n"
        );
    }

    #[test]
    fn what_is_long_or_hostile_stays_on_its_line() {
        let arn = "arn:aws:ec2:us-east-1:222222222222:instance/*";
        let shown = wrapped(&format!("at {arn} now\n\u{1b}[2J"), "", "  ", Some(30));
        assert_eq!(shown, format!("at\n  {arn}\n  now\\u{{a}}\\u{{1b}}[2J\n"));
    }
}
