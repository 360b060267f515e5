//! Questions that are answered by typing a line. Drawn on stderr, read from stdin, and never without a
//! terminal at both.

use std::io;
use std::thread;

use console::Term;
use tokio::sync::oneshot;

use crate::callbacks::Unasked;
use crate::signals::Signals;

/// A line; `None` at end of file.
pub(super) fn line(can_prompt: bool, question: &str) -> Result<Option<String>, Unasked> {
    // The terminal's own line editing, which knows end of file.
    ask(can_prompt, question, |_| {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line)
    })
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
    let _mode = mode::Guard::new();
    let asked = terminal.clone();
    let answer = until_signal(move || read(&asked)).inspect_err(|_| {
        // What comes next begins at the left.
        let _ = terminal.write_line("");
    })?;
    let answer = answer.trim().to_owned();
    Ok((!answer.is_empty()).then_some(answer))
}

/// Runs a read that blocks, until it is done or a signal comes. The read itself would hear none: it goes
/// on after one, and the runtime of whoever asks stands still meanwhile. A read that is left waiting
/// ends with the process.
fn until_signal(
    read: impl FnOnce() -> io::Result<String> + Send + 'static,
) -> Result<String, Unasked> {
    let listen = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let mut signals = Signals::new()?;
            let (sender, answer) = oneshot::channel();
            thread::Builder::new()
                .name("prompt".to_owned())
                .spawn(move || sender.send(read()))?;
            match signals.guard(answer).await {
                Ok(answer) => Ok(answer.map_err(io::Error::other)??),
                Err(ending) => Err(Unasked::Signal(ending)),
            }
        })
    };
    // A runtime cannot be entered from within another.
    thread::scope(|scope| scope.spawn(listen).join())
        .unwrap_or_else(|_| Err(io::Error::other("the prompt failed").into()))
}

#[cfg(unix)]
mod mode {
    //! The terminal's mode: a read that was left waiting does not give it back.

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    pub(super) struct Guard(Option<Termios>);

    impl Guard {
        pub(super) fn new() -> Self {
            Self(tcgetattr(rustix::stdio::stdin()).ok())
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            if let Some(found) = &self.0 {
                // Nothing is left to do for a terminal that is gone.
                let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, found);
            }
        }
    }
}

#[cfg(not(unix))]
mod mode {
    //! Windows' console keeps its mode.

    pub(super) struct Guard;

    impl Guard {
        pub(super) fn new() -> Self {
            Self
        }
    }
}
