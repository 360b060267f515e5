//! Questions that a person answers with a typed line.
//! They are drawn on stderr and read from stdin if both are terminals. A command whose stdin is a
//! pipe asks on the controlling terminal, as ssh does.

use std::io::{self, Write};

use console::Term;

use crate::callbacks::{Unasked, asked};
use crate::platform::controlling::Controlling;
use crate::platform::terminal::Mode;

/// Where questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    Nowhere,
    /// On stderr, the answer from stdin.
    Standard,
    /// On the controlling terminal.
    Controlling,
}

/// A line; `None` at end of file.
pub(super) async fn line(place: Where, question: &str) -> Result<Option<String>, Unasked> {
    ask(place, question, Echo::On).await
}

/// A line that the terminal does not show while it is typed.
pub(super) async fn secret(place: Where, question: &str) -> Result<String, Unasked> {
    ask(place, question, Echo::Off)
        .await?
        .ok_or(Unasked::Declined)
}

/// Whether the terminal shows the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Echo {
    On,
    Off,
}

async fn ask(place: Where, question: &str, echo: Echo) -> Result<Option<String>, Unasked> {
    let (shown, typed): (Box<dyn Write + Send>, _) = match place {
        Where::Nowhere => return Err(Unasked::NoTerminal),
        Where::Standard => (Box::new(Term::stderr()), Typed::Stdin),
        Where::Controlling => {
            let terminal = Controlling::open().map_err(|_| Unasked::NoTerminal)?;
            (Box::new(terminal.screen()?), Typed::Terminal(terminal))
        }
    };
    // Before the question: an answer that comes at once must not be shown either.
    let _mode = Quiet::new(&typed, echo)?;
    let mut question = Question::new(shown, question)?;
    let answer = asked(move || typed.line()).await?;
    question.is_ended = echo == Echo::On;
    let answer = answer.trim().to_owned();
    Ok((!answer.is_empty()).then_some(answer))
}

/// Where an answer is typed.
#[derive(Debug)]
enum Typed {
    Stdin,
    Terminal(Controlling),
}

impl Typed {
    fn line(self) -> io::Result<String> {
        match self {
            Self::Stdin => {
                let mut line = String::new();
                io::stdin().read_line(&mut line)?;
                Ok(line)
            }
            Self::Terminal(terminal) => terminal.line(),
        }
    }
}

/// A question on the screen. What comes after it begins at the left, even after a signal.
struct Question {
    shown: Box<dyn Write + Send>,
    /// Whether the terminal has shown the Enter that ended the answer.
    is_ended: bool,
}

impl Question {
    fn new(mut shown: Box<dyn Write + Send>, text: &str) -> io::Result<Self> {
        shown.write_all(text.as_bytes())?;
        shown.flush()?;
        Ok(Self {
            shown,
            is_ended: false,
        })
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        if !self.is_ended {
            let _ = self.shown.write_all(b"\n");
        }
    }
}

/// The terminal's mode, restored even if the question is taken back. The terminal edits the line.
struct Quiet(Mode);

impl Quiet {
    fn new(typed: &Typed, echo: Echo) -> io::Result<Self> {
        let mode = match typed {
            Typed::Stdin => Mode::of_input().ok_or(io::ErrorKind::NotFound)?,
            Typed::Terminal(terminal) => terminal.mode()?,
        };
        mode.lines(echo == Echo::On)?;
        Ok(Self(mode))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        self.0.give_back();
    }
}
