//! The only place that writes to a person or a pipe:
//! data to stdout, everything said to stderr, all text from elsewhere escaped. A closed pipe ends
//! output quietly and never a clean-up.

pub(crate) mod bottom;
mod floor;
pub(crate) mod paragraph;
mod prompt;
pub(crate) mod rows;
pub(crate) mod sanitize;
pub(crate) mod table;
mod wait;

use std::borrow::Cow;
use std::io::{self, Write as _};

use console::Style;
use serde::Serialize;

use crate::args::{Color, Format, Global};
use crate::callbacks::{Answer, Callbacks, Unasked};
use crate::error::{Error, Subject};
use crate::os::Os;
use crate::platform::terminal::FREE_COLUMNS;
use crate::platform::{controlling, has_no_reader};
use floor::Floor;
use prompt::Where;
use sanitize::escape;
use wait::Wait;

/// The most lines of details below an error.
const MOST_DETAILS: usize = 100;

/// How to speak, decided once.
#[derive(Debug)]
pub(crate) struct Ui {
    quiet: bool,
    error_format: Format,
    /// How stdout looks, and stderr.
    out: Look,
    err: Look,
    questions: Where,
    floor: Floor,
    on_terminal: bool,
    width: Option<u16>,
    wait: Wait,
    /// Whether something may move at the bottom of the terminal.
    moves: bool,
    bottom: bottom::State,
}

/// How a stream looks.
#[derive(Debug, Clone, Copy)]
struct Look {
    colour: bool,
    /// It is a terminal that does not show UTF-8.
    ascii: bool,
    /// It is a terminal that moves no cursor.
    dumb: bool,
}

impl Ui {
    /// Decides from the flags and the surroundings.
    pub(crate) fn new(global: &Global, os: &Os) -> Self {
        let dumb = os.is_dumb();
        let look = |is_terminal: bool| Look {
            colour: match global.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => {
                    let shows = !dumb && !os.is_plain();
                    is_terminal && shows && os.var("NO_COLOR").is_none()
                }
            },
            ascii: is_terminal && !os.shows_utf8(),
            dumb: is_terminal && dumb,
        };
        let out = look(os.stdout_terminal);
        let moves = os.stderr_terminal && !global.quiet && !dumb && !os.is_plain();
        Self {
            quiet: global.quiet,
            error_format: global.error_format,
            // Data in a pipe is for a program, even with `--color always`.
            out: Look {
                colour: out.colour && os.stdout_terminal,
                ..out
            },
            err: look(os.stderr_terminal),
            questions: if os.can_prompt() && !global.no_input {
                Where::Standard
            } else {
                Where::Nowhere
            },
            floor: Floor::default(),
            on_terminal: os.stderr_terminal,
            width: os
                .stdout_terminal
                .then(|| console::Term::stdout().size_checked())
                .flatten()
                .map(|size| size.1.saturating_sub(FREE_COLUMNS)),
            wait: Wait::new(moves, os.shows_utf8()),
            // Lines of a log pass by, and would break it.
            moves: moves && global.verbose == 0 && os.var("VENDOR_SSM_LOG").is_none(),
            bottom: bottom::State::default(),
        }
    }

    /// For a command whose stdin is somebody's pipe:
    /// asks on the controlling terminal when there is one.
    #[must_use]
    pub(crate) fn beside_a_pipe(self, global: &Global, os: &Os) -> Self {
        let is_there = !global.no_input && controlling::is_there(os);
        Self {
            questions: if is_there {
                Where::Controlling
            } else {
                Where::Nowhere
            },
            ..self
        }
    }

    /// Whether a person can be asked.
    pub(crate) fn can_prompt(&self) -> bool {
        self.questions != Where::Nowhere
    }

    /// Whether a person can be shown a list to pick from. The cursor has to move for that.
    pub(crate) fn can_pick(&self) -> bool {
        self.questions == Where::Standard && !self.err.dumb
    }

    /// Whether tables on stdout have colours.
    pub(crate) fn colours_data(&self) -> bool {
        self.out.colour
    }

    /// Whether the terminal shows ASCII alone.
    pub(crate) fn is_ascii(&self) -> bool {
        self.err.ascii
    }

    /// A text for stderr, as its terminal can show it.
    fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.err.ascii {
            sanitize::ascii(text)
        } else {
            Cow::Borrowed(text)
        }
    }

    /// The columns of the terminal that data is shown on; `None` when it is piped.
    pub(crate) fn width(&self) -> Option<u16> {
        self.width
    }

    /// Columns and rows of the terminal that data is shown on.
    pub(crate) fn size(&self) -> Option<(u16, u16)> {
        self.width?;
        let (rows, columns) = console::Term::stdout().size_checked()?;
        Some((columns, rows))
    }

    /// The columns of the terminal that is spoken to.
    pub(crate) fn stderr_width(&self) -> Option<u16> {
        let is_there = self.on_terminal;
        let size = is_there.then(|| console::Term::stderr().size_checked());
        size.flatten()
            .map(|(_, columns)| columns.saturating_sub(FREE_COLUMNS))
    }

    /// A table for stderr, even with `-q`: the question below it is about it.
    pub(crate) fn show(&self, table: &str) {
        for line in table.lines() {
            self.line(line);
        }
    }

    /// The line at the bottom, if this terminal is to have one. The spinner rests meanwhile.
    pub(crate) fn bottom(&self) -> Option<bottom::Bottom<'_>> {
        if !self.moves || self.speaks_json() {
            return None;
        }
        self.wait.clear();
        Some(bottom::Bottom::of(&self.bottom))
    }

    /// Whether a question is open.
    pub(crate) fn is_asking(&self) -> bool {
        self.floor.is_taken()
    }

    /// Takes from the screen what moves there.
    fn clear(&self) {
        self.wait.clear();
        let wipe = self.bottom.wipe();
        if !wipe.is_empty() {
            let _ = io::stderr().lock().write_all(wipe.as_bytes());
        }
    }

    /// Text for stdout, which the caller has escaped where it came from elsewhere.
    pub(crate) fn data(&self, text: &str) -> Result<(), Error> {
        let text = if self.out.ascii {
            sanitize::ascii(text)
        } else {
            Cow::Borrowed(text)
        };
        self.clear();
        let mut stdout = io::stdout().lock();
        let written = stdout
            .write_all(text.as_bytes())
            .and_then(|()| {
                if text.ends_with('\n') {
                    Ok(())
                } else {
                    stdout.write_all(b"\n")
                }
            })
            .and_then(|()| stdout.flush());
        match written {
            Err(error) if has_no_reader(&error) => Ok(()),
            other => other.map_err(Error::Output),
        }
    }

    /// One JSON document for stdout, unsafe characters as `\uXXXX`.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Error> {
        let mut text = sanitize::json(value).map_err(|error| Error::Output(error.into()))?;
        if self.out.ascii {
            text = sanitize::ascii_json(&text);
        }
        self.data(&text)
    }

    /// Asks for a line on the terminal; `None` at end of file.
    pub(crate) async fn ask(&self, question: &str) -> Result<Option<String>, Unasked> {
        let _floor = self.floor.take(|line| self.write(line)).await;
        self.clear();
        prompt::line(self.questions, &self.plain(&sanitize::line(question))).await
    }

    /// Whether stderr is for a program.
    pub(crate) fn speaks_json(&self) -> bool {
        self.error_format == Format::Json
    }

    /// The help that was not asked for, on stderr.
    pub(crate) fn help(&self, text: &str) {
        for line in text.lines() {
            self.line(line);
        }
    }

    /// Says what failed, why, and what to do next: three parts, or one JSON object.
    pub(crate) fn fail(&self, error: &Error, subject: &Subject) {
        self.wait.clear();
        if self.speaks_json() {
            if let Ok(text) = sanitize::json(&error.report(subject)) {
                self.line(&text);
            }
            return;
        }
        let facts = error.facts();
        let label = format!("error[{}]:", facts.exit.name());
        self.line(&format!(
            "{} {}",
            self.paint(&label, &Style::new().red().bold()),
            sanitize::line(&error.to_string())
        ));
        for detail in facts.details.iter().take(MOST_DETAILS) {
            self.line(&format!("  {}", sanitize::line(detail)));
        }
        if let Some(more @ 1..) = facts.details.len().checked_sub(MOST_DETAILS) {
            self.line(&format!("  … and {more} more"));
        }
        if let Some(hint) = &facts.hint {
            self.line(&format!(
                "  {} {}",
                self.paint("hint:", &Style::new().cyan()),
                sanitize::line(hint)
            ));
        }
    }

    fn paint(&self, text: &str, style: &Style) -> String {
        style
            .clone()
            .force_styling(self.err.colour)
            .apply_to(text)
            .to_string()
    }

    fn line(&self, text: &str) {
        if !self.floor.holds(text) {
            self.write(text);
        }
    }

    /// Writes one line. Stderr may be closed; then there is nowhere to say so.
    fn write(&self, text: &str) {
        self.wait.clear();
        // A raw terminal does not begin a new line at the left by itself.
        let end = if self.on_terminal { "\r\n" } else { "\n" };
        // One write, so that nothing comes between.
        let line = format!("{}{}{end}", self.bottom.wipe(), self.plain(text));
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
}

impl Callbacks for Ui {
    fn step(&self, text: &str) {
        let text = sanitize::line(text);
        tracing::info!("{text}");
        if !self.floor.is_taken() && !self.bottom.is_in_use() {
            self.wait.step(&self.plain(&text));
        }
    }

    fn warn(&self, text: &str) {
        let label = self.paint("warning:", &Style::new().yellow().bold());
        self.line(&format!("{label} {}", sanitize::line(text)));
    }

    /// A program that reads errors as JSON gets nothing else.
    fn say(&self, text: &str) {
        if !self.quiet && !self.speaks_json() {
            self.line(&sanitize::line(text));
        }
    }

    fn hand_over(&self) {
        self.wait.clear();
    }

    fn mfa_code<'a>(&'a self, serial: &'a str, retry: bool) -> Answer<'a> {
        Box::pin(async move {
            let _floor = self.floor.take(|line| self.write(line)).await;
            self.clear();
            let again = if retry { "that code was wrong; " } else { "" };
            let question = format!("{again}MFA code for {}: ", escape(serial));
            prompt::secret(self.questions, &self.plain(&question)).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Ui;
    use crate::args::{Color, Global};
    use crate::os::Os;

    #[test]
    fn colour_is_for_terminals_and_on_request() {
        let on_terminal = |mut os: Os| {
            os.stderr_terminal = true;
            os
        };
        let colour = |color, os: &Os| {
            let global = Global {
                color,
                ..Global::default()
            };
            Ui::new(&global, os).err.colour
        };
        let piped = Os::default();
        let terminal = on_terminal(Os::default());
        let no_color = on_terminal(Os::with_environment([("NO_COLOR", "1")]));
        let empty = on_terminal(Os::with_environment([("NO_COLOR", "")]));
        let dumb = on_terminal(Os::with_environment([("TERM", "dumb")]));
        assert!(colour(Color::Auto, &terminal) && colour(Color::Auto, &empty));
        for plain in [&piped, &no_color, &dumb] {
            assert!(!colour(Color::Auto, plain) && colour(Color::Always, plain));
        }
        assert!(!colour(Color::Never, &terminal));
    }
}
