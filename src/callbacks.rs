//! The one way for a stage to speak in the middle of its work.
//! Stages return data and commands show it. Only a question that cannot wait, a warning or the name
//! of a slow step goes through here.

use std::io;
use std::thread;

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::signals::{Ending, Signals};

/// What a stage may ask of, or say to, the person in front of the screen.
pub(crate) trait Callbacks: Send + Sync {
    /// Names the step under way, for a spinner; shown only if it is slow and on a terminal.
    fn step(&self, text: &str);

    /// One line that the person should see whatever comes next.
    /// Control characters are escaped by the receiver.
    fn warn(&self, text: &str);

    /// One line that helps while a session is open; `-q` silences it. The terminal may be raw.
    fn say(&self, text: &str);

    /// Takes the spinner away: another program, or the remote side, has the terminal now.
    fn hand_over(&self);

    /// Asks for the code of the MFA device `serial`, without echo.
    /// `retry` is true if the previous code was wrong.
    fn mfa_code<'a>(&'a self, serial: &'a str, retry: bool) -> Answer<'a>;
}

/// A person's answer, which may take minutes; dropping it takes the question back.
pub(crate) type Answer<'a> = BoxFuture<'a, Result<String, Unasked>>;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unasked {
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

impl Clone for Unasked {
    /// Everybody who waits for the same answer hears why there is none.
    fn clone(&self) -> Self {
        match self {
            Self::NoTerminal => Self::NoTerminal,
            Self::Declined => Self::Declined,
            Self::Signal(ending) => Self::Signal(*ending),
            Self::Io(error) => Self::Io(io::Error::new(error.kind(), error.to_string())),
        }
    }
}

/// Runs `ask`, which blocks until a person has answered, on a thread of its own:
/// the runtime goes on with other work, and a signal ends the wait. A thread left waiting ends with
/// the process.
pub(crate) async fn asked<T: Send + 'static>(
    ask: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Unasked> {
    let mut signals = Signals::new()?;
    let (sender, answer) = oneshot::channel();
    thread::Builder::new()
        .name("question".to_owned())
        .spawn(move || sender.send(ask()))?;
    match signals.guard(answer).await {
        Ok(answer) => Ok(answer.map_err(io::Error::other)??),
        Err(ending) => Err(Unasked::Signal(ending)),
    }
}

/// In tests, a person's screen that keeps the warnings, with no terminal to ask on.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Warnings(pub std::sync::Mutex<Vec<String>>);

#[cfg(test)]
impl Callbacks for Warnings {
    fn step(&self, _: &str) {}

    fn warn(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }

    fn say(&self, _: &str) {}

    fn hand_over(&self) {}

    fn mfa_code<'a>(&'a self, _: &'a str, _: bool) -> Answer<'a> {
        Box::pin(async { Err(Unasked::NoTerminal) })
    }
}
