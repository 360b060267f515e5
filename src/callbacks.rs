//! The one way for a stage to speak in the middle of its work. Stages return data and commands show
//! it; only a question that cannot wait, a warning or the name of a slow step goes through here.

use std::io;

use crate::signals::Ending;

/// What a stage may ask of, or say to, the person in front of the screen.
pub trait Callbacks: Send + Sync {
    /// Names the step under way, for a spinner; shown only if it is slow and on a terminal.
    fn step(&self, text: &str);

    /// One line that the person should see whatever comes next. Control characters are escaped by
    /// the receiver.
    fn warn(&self, text: &str);

    /// One line that helps while a session is open; `-q` silences it. The terminal may be raw.
    fn say(&self, text: &str);

    /// Takes the spinner away: another program, or the remote side, has the terminal now.
    fn hand_over(&self);

    /// Asks for the code of the MFA device `serial`, without echo. `retry` is true when the code
    /// before was wrong. Errors: [`Unasked`].
    fn mfa_code(&self, serial: &str, retry: bool) -> Result<String, Unasked>;
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unasked {
    /// There is no terminal to ask on, or `--no-input` forbids it.
    #[error("there is no terminal to ask on")]
    NoTerminal,
    /// The person gave up (Esc, end of file).
    #[error("no answer was given")]
    Declined,
    /// A signal came instead, Ctrl-C among them.
    #[error("a signal came instead of an answer")]
    Signal(Ending),
    /// Reading the answer failed.
    #[error("the answer could not be read")]
    Io(#[from] io::Error),
}
