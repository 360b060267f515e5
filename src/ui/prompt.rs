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
    ask(can_prompt, question, Echo::On)
}

/// A line that is not shown while it is typed.
pub(super) fn secret(can_prompt: bool, question: &str) -> Result<String, Unasked> {
    ask(can_prompt, question, Echo::Off)?.ok_or(Unasked::Declined)
}

/// Whether the answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Echo {
    On,
    Off,
}

fn ask(can_prompt: bool, question: &str, echo: Echo) -> Result<Option<String>, Unasked> {
    if !can_prompt {
        return Err(Unasked::NoTerminal);
    }
    let terminal = Term::stderr();
    // Before the question: whoever answers at once is not to see the answer.
    let _mode = mode::Guard::new(echo)?;
    terminal.write_str(question)?;
    let answer = until_signal(move || mode::read(echo));
    if echo == Echo::Off || answer.is_err() {
        // What comes next begins at the left.
        let _ = terminal.write_line("");
    }
    let answer = answer?;
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
    //! The terminal's mode, given back even when a read was left waiting; the line editing is its own.

    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    use super::Echo;

    pub(super) struct Guard(Termios);

    impl Guard {
        pub(super) fn new(echo: Echo) -> io::Result<Self> {
            let found = tcgetattr(rustix::stdio::stdin())?;
            if echo == Echo::Off {
                let mut quiet = found.clone();
                quiet.local_modes -= LocalModes::ECHO;
                tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &quiet)?;
            }
            Ok(Self(found))
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            // Nothing is left to do for a terminal that is gone.
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0);
        }
    }

    pub(super) fn read(_: Echo) -> io::Result<String> {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line)
    }
}

#[cfg(not(unix))]
mod mode {
    //! Windows' console has a mode for each read.

    use std::io;

    use console::Term;

    use super::Echo;

    pub(super) struct Guard;

    impl Guard {
        #[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
        pub(super) fn new(_: Echo) -> io::Result<Self> {
            Ok(Self)
        }
    }

    pub(super) fn read(echo: Echo) -> io::Result<String> {
        match echo {
            Echo::On => Term::stderr().read_line(),
            Echo::Off => Term::stderr().read_secure_line(),
        }
    }
}
