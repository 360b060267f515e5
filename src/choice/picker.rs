//! The fuzzy picker: one instance out of many, by typing a part of it. Refused is drawing without a
//! terminal, and returning another row than the one shown. Nothing else names `dialoguer`.
//!
//! Whatever ends it, the cursor is shown and the terminal's mode is what it was.

use std::collections::HashSet;
use std::io;

use console::Term;
use dialoguer::FuzzySelect;
use tokio::sync::oneshot;

use super::Error;
use crate::inventory::Instance;
use crate::os::Os;

/// The most rows shown at once; fewer on a small terminal.
const MOST_ROWS: usize = 20;
/// Short: dialoguer does not know of a prompt that the terminal has wrapped.
const PROMPT: &str = "Instance, type to filter:";
/// What dialoguer puts before each row.
const MARKER_WIDTH: usize = 2;

/// Makes one row of text for each instance, in their order, no wider than the given columns.
///
/// A row has to hold the instance's id, and nothing that steers a terminal: dialoguer finds the
/// answer by the row's text, and counts and matches escape sequences like letters.
pub type Rows = fn(&[Instance], usize) -> Vec<String>;

/// Lets a person pick one of `candidates`.
///
/// Esc is [`Error::Declined`], a signal (Ctrl-C among them) is [`Error::Signal`]. It may be left
/// waiting for a key when a signal comes, so the process should end after an error.
pub async fn pick(os: &Os, candidates: Vec<Instance>, rows: Rows) -> Result<Instance, Error> {
    if !os.can_prompt() {
        return Err(Error::NeedsTerminal);
    }
    let terminal = Term::stderr();
    let width = usize::from(terminal.size().1).saturating_sub(MARKER_WIDTH);
    let rows = rows(&candidates, width);
    check(&rows, &candidates)?;
    let mut signals = signals::Signals::new()?;
    let _mode = mode::Guard::new()?;
    let _cursor = Cursor(&terminal);
    let picked = tokio::select! {
        // The signal first: dialoguer reads an interrupted wait as Ctrl-C, whichever signal it was.
        biased;
        number = signals.next() => return Err(Error::Signal(number)),
        picked = on_a_thread(terminal.clone(), rows) => picked,
    };
    let index = match picked {
        Ok(Some(index)) => index,
        Ok(None) => return Err(Error::Declined),
        // Ctrl-C: it has raised SIGINT too, whose notice may come later than this.
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            return Err(Error::Signal(signals::SIGINT));
        }
        Err(error) => return Err(error.into()),
    };
    candidates
        .into_iter()
        .nth(index)
        .ok_or_else(|| io::Error::other("the picker returned a row that was not there").into())
}

/// Runs dialoguer, which blocks, on a thread that is not waited for when a signal ends the picker;
/// the runtime would wait for one of its own.
async fn on_a_thread(terminal: Term, rows: Vec<String>) -> io::Result<Option<usize>> {
    let (sender, picked) = oneshot::channel();
    std::thread::Builder::new()
        .name("picker".to_owned())
        .spawn(move || {
            let picked = FuzzySelect::new()
                .with_prompt(PROMPT)
                .items(rows)
                .default(0)
                .max_length(MOST_ROWS)
                .report(false)
                .interact_on_opt(&terminal);
            // Nobody listens any more when a signal came first.
            let _ = sender.send(picked.map_err(io::Error::from));
        })?;
    picked
        .await
        .map_err(|_| io::Error::other("the picker ended without an answer"))?
}

/// Holds the rows to their contract, so that the row shown is the instance returned.
fn check(rows: &[String], candidates: &[Instance]) -> io::Result<()> {
    let unlike = |reason| Err(io::Error::other(reason));
    if rows.len() != candidates.len() {
        return unlike("the picker's rows are not the instances");
    }
    let mut seen = HashSet::new();
    for (row, instance) in rows.iter().zip(candidates) {
        if !row.contains(&instance.instance_id) || row.contains(char::is_control) {
            return unlike("a row of the picker cannot be shown");
        }
        if !seen.insert(row) {
            return unlike("two rows of the picker are alike");
        }
    }
    Ok(())
}

/// Shows the cursor again, on every way out.
struct Cursor<'a>(&'a Term);

impl Drop for Cursor<'_> {
    fn drop(&mut self) {
        // Nothing is left to do for a terminal that is gone.
        let _ = self.0.show_cursor();
    }
}

#[cfg(unix)]
mod mode {
    //! The terminal's mode: between two keys console puts back what it found, and what is typed (or
    //! pasted) in that moment would be echoed over the rows; so echo is off as long as the picker is.

    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    pub(super) struct Guard(Termios);

    impl Guard {
        pub(super) fn new() -> io::Result<Self> {
            let found = tcgetattr(io::stdin())?;
            let mut quiet = found.clone();
            quiet.local_modes -= LocalModes::ECHO | LocalModes::ICANON;
            tcsetattr(io::stdin(), OptionalActions::Now, &quiet)?;
            Ok(Self(found))
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            // Nothing is left to do for a terminal that is gone.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
        }
    }
}

#[cfg(not(unix))]
mod mode {
    //! Windows' console has no echo between two keys.

    pub(super) struct Guard;

    impl Guard {
        #[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
        pub(super) fn new() -> std::io::Result<Self> {
            Ok(Self)
        }
    }
}

#[cfg(unix)]
mod signals {
    //! The signals that would end the process before the terminal is as it was.

    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) const SIGINT: u8 = 2;

    pub(super) struct Signals {
        hangup: Signal,
        interrupt: Signal,
        quit: Signal,
        terminate: Signal,
    }

    impl Signals {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self {
                hangup: signal(SignalKind::hangup())?,
                interrupt: signal(SignalKind::interrupt())?,
                quit: signal(SignalKind::quit())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        /// The number of the next signal; the keyboard's own last.
        pub(super) async fn next(&mut self) -> u8 {
            tokio::select! {
                biased;
                _ = self.terminate.recv() => 15,
                _ = self.hangup.recv() => 1,
                _ = self.quit.recv() => 3,
                _ = self.interrupt.recv() => SIGINT,
            }
        }
    }
}

#[cfg(not(unix))]
mod signals {
    //! Ctrl-C, the one of them that there is.

    pub(super) const SIGINT: u8 = 2;

    pub(super) struct Signals;

    impl Signals {
        #[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
        pub(super) fn new() -> std::io::Result<Self> {
            Ok(Self)
        }

        #[expect(clippy::unused_self, reason = "it has state elsewhere")]
        pub(super) async fn next(&mut self) -> u8 {
            let _ = tokio::signal::ctrl_c().await;
            SIGINT
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::tests::instance;

    #[tokio::test]
    async fn nobody_is_asked_without_a_terminal() {
        let rows: Rows = |_, _| Vec::new();
        let picked = pick(&Os::default(), Vec::new(), rows).await;
        assert!(matches!(picked, Err(Error::NeedsTerminal)));
    }

    #[test]
    fn rows_that_could_return_another_instance_are_refused() {
        let candidates = [
            instance("i-00000000000000001", Some("web")),
            instance("i-00000000000000002", Some("web")),
        ];
        let rows = |rows: [&str; 2]| rows.map(str::to_owned).to_vec();
        let right = rows(["web i-00000000000000001", "web i-00000000000000002"]);
        assert!(check(&right, &candidates).is_ok());
        for wrong in [
            rows(["web", "web"]),
            rows(["web i-00000000000000001", "web i-0000000000000000…"]),
            rows(["web i-00000000000000002", "web i-00000000000000001"]),
            rows(["\u{1b}[1mi-00000000000000001", "i-00000000000000002"]),
        ] {
            assert!(check(&wrong, &candidates).is_err(), "{wrong:?}");
        }
        assert!(check(&right[..1], &candidates).is_err());
        let twice = [candidates[0].clone(), candidates[0].clone()];
        assert!(check(&rows(["i-00000000000000001"; 2]), &twice).is_err());
    }
}
