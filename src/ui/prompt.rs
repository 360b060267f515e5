//! Questions that are answered by typing a line. Drawn on stderr, read from stdin, and never without a
//! terminal at both.

use std::io;

use console::Term;

use crate::callbacks::Unasked;

/// A line; `None` at end of file.
pub(super) fn line(can_prompt: bool, question: &str) -> Result<Option<String>, Unasked> {
    ask(can_prompt, question, Term::read_line)
}

/// A line that is not shown while it is typed.
pub(super) fn secret(can_prompt: bool, question: &str) -> Result<String, Unasked> {
    ask(can_prompt, question, Term::read_secure_line)?.ok_or(Unasked::Declined)
}

fn ask(
    can_prompt: bool,
    question: &str,
    read: fn(&Term) -> io::Result<String>,
) -> Result<Option<String>, Unasked> {
    if !can_prompt {
        return Err(Unasked::NoTerminal);
    }
    let terminal = Term::stderr();
    terminal.write_str(question)?;
    let answer = read(&terminal)?;
    let answer = answer.trim().to_owned();
    Ok((!answer.is_empty()).then_some(answer))
}
