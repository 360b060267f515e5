//! Questions that are answered by typing a line. Drawn on stderr and read from stdin, where both are terminals; for
//! commands whose stdin is somebody's pipe, both on the controlling terminal, as ssh does.

use std::fs::File;
use std::io::{self, Write};
use std::thread;

use console::Term;
use tokio::sync::oneshot;

use crate::callbacks::Unasked;
use crate::signals::Signals;

/// Where questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// Nowhere.
    Nowhere,
    /// On stderr, the answer from stdin.
    Standard,
    /// On the controlling terminal.
    Controlling,
}

/// A line; `None` at end of file.
pub(super) fn line(place: Where, question: &str) -> Result<Option<String>, Unasked> {
    ask(place, question, Echo::On)
}

/// A line that is not shown while it is typed.
pub(super) fn secret(place: Where, question: &str) -> Result<String, Unasked> {
    ask(place, question, Echo::Off)?.ok_or(Unasked::Declined)
}

/// The terminal that this process belongs to, whatever its streams are; none for a daemon's child.
pub(super) fn controlling_terminal() -> io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty")
}

/// Whether the answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Echo {
    On,
    Off,
}

fn ask(place: Where, question: &str, echo: Echo) -> Result<Option<String>, Unasked> {
    let (mut shown, typed): (Box<dyn Write>, _) = match place {
        Where::Nowhere => return Err(Unasked::NoTerminal),
        Where::Standard => (Box::new(Term::stderr()), Typed::Stdin),
        Where::Controlling => {
            let terminal = controlling_terminal().map_err(|_| Unasked::NoTerminal)?;
            (Box::new(terminal.try_clone()?), Typed::Terminal(terminal))
        }
    };
    // Before the question: whoever answers at once is not to see the answer.
    let _mode = mode::Guard::new(&typed, echo)?;
    shown.write_all(question.as_bytes())?;
    shown.flush()?;
    let answer = until_signal(move || mode::read(typed, echo));
    if echo == Echo::Off || answer.is_err() {
        // What comes next begins at the left.
        let _ = shown.write_all(b"\n");
    }
    let answer = answer?;
    let answer = answer.trim().to_owned();
    Ok((!answer.is_empty()).then_some(answer))
}

/// Where an answer is typed.
#[derive(Debug)]
enum Typed {
    Stdin,
    Terminal(File),
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

    use std::io::{self, BufRead as _, BufReader};
    use std::os::fd::{AsFd as _, OwnedFd};

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    use super::{Echo, Typed};

    pub(super) struct Guard(OwnedFd, Termios);

    impl Guard {
        pub(super) fn new(typed: &Typed, echo: Echo) -> io::Result<Self> {
            let terminal = match typed {
                Typed::Stdin => rustix::stdio::stdin().try_clone_to_owned()?,
                Typed::Terminal(terminal) => terminal.as_fd().try_clone_to_owned()?,
            };
            let found = tcgetattr(&terminal)?;
            if echo == Echo::Off {
                let mut quiet = found.clone();
                quiet.local_modes -= LocalModes::ECHO;
                tcsetattr(&terminal, OptionalActions::Now, &quiet)?;
            }
            Ok(Self(terminal, found))
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            // Nothing is left to do for a terminal that is gone.
            let _ = tcsetattr(&self.0, OptionalActions::Now, &self.1);
        }
    }

    pub(super) fn read(typed: Typed, _: Echo) -> io::Result<String> {
        let mut line = String::new();
        match typed {
            Typed::Stdin => io::stdin().read_line(&mut line)?,
            Typed::Terminal(terminal) => BufReader::new(terminal).read_line(&mut line)?,
        };
        Ok(line)
    }
}

#[cfg(not(unix))]
mod mode {
    //! Windows' console has a mode for each read.

    use std::io;

    use console::Term;

    use super::{Echo, Typed};

    pub(super) struct Guard;

    impl Guard {
        #[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
        pub(super) fn new(_: &Typed, _: Echo) -> io::Result<Self> {
            Ok(Self)
        }
    }

    pub(super) fn read(_: Typed, echo: Echo) -> io::Result<String> {
        match echo {
            Echo::On => Term::stderr().read_line(),
            Echo::Off => Term::stderr().read_secure_line(),
        }
    }
}
