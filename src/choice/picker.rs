//! The fuzzy picker: one instance out of many, by typing a part of it.
//! Refused is drawing without a terminal, and returning another row than the one shown. Nothing
//! else names `dialoguer`.
//!
//! Whatever ends it, the cursor is shown and the terminal's mode is what it was.

use std::collections::HashSet;
use std::io;

use console::{Term, measure_text_width};
use dialoguer::FuzzySelect;

use super::Error;
use crate::callbacks::{Unasked, asked};
use crate::inventory::Instance;
use crate::os::Os;
use crate::platform::terminal::{FREE_COLUMNS, Mode};
use crate::signals::Ending;

/// The most rows shown at once; fewer on a small terminal.
const MOST_ROWS: usize = 20;
/// Short: dialoguer does not know of a prompt that the terminal has wrapped.
const PROMPT: &str = "Instance, type to filter:";
/// The same for a terminal of fewer columns than [`NARROW`].
const SHORT_PROMPT: &str = "Filter:";
const NARROW: usize = 30;
/// What dialoguer puts before each row.
const MARKER_WIDTH: usize = 2;

/// Lets a person pick one of `candidates`.
///
/// `rows` makes one row of text for each instance, in their order, for the given columns. A row has
/// to hold the instance's id, and nothing that steers a terminal: dialoguer finds the answer by the
/// row's text, and counts and matches escape sequences like letters.
///
/// Esc is [`Error::Declined`], a signal (Ctrl-C among them) is [`Error::Signal`]. It may be left
/// waiting for a key when a signal comes, so the process should end after an error.
pub(crate) async fn pick(
    os: &Os,
    candidates: Vec<Instance>,
    rows: impl FnOnce(&[Instance], usize) -> Vec<String>,
) -> Result<Instance, Error> {
    if !os.can_prompt() {
        return Err(Error::NeedsTerminal);
    }
    let terminal = Term::stderr();
    let (height, columns) = terminal.size();
    let columns = columns.saturating_sub(FREE_COLUMNS);
    if os.is_plain() {
        // dialoguer marks what matches with control sequences.
        console::set_colors_enabled_stderr(false);
    }
    let width = usize::from(columns).saturating_sub(MARKER_WIDTH);
    let rows = rows(&candidates, width);
    check(&rows, &candidates)?;
    let most = most_rows(&rows, usize::from(height), usize::from(columns));
    let first = first(&candidates, most);
    let _mode = Quiet::new()?;
    let _cursor = Cursor(&terminal);
    let shown = terminal.clone();
    let prompt = if width < NARROW { SHORT_PROMPT } else { PROMPT };
    let index = match asked(move || select(&shown, prompt, rows, first, most)).await {
        Ok(Some(index)) => index,
        Ok(None) | Err(Unasked::Declined) => return Err(Error::Declined),
        Err(Unasked::NoTerminal) => return Err(Error::NeedsTerminal),
        Err(Unasked::Signal(ending)) => return Err(Error::Signal(ending)),
        // Ctrl-C: dialoguer has raised SIGINT too, and its notice may come later than this.
        Err(Unasked::Io(error)) if error.kind() == io::ErrorKind::Interrupted => {
            return Err(Error::Signal(Ending::INTERRUPT));
        }
        Err(Unasked::Io(error)) => return Err(error.into()),
    };
    candidates
        .into_iter()
        .nth(index)
        .ok_or_else(|| io::Error::other("the picker returned a row that was not there").into())
}

/// How many rows the terminal shows at once.
///
/// A narrow terminal wraps each of them. If more were drawn than fit, the prompt and the marked row
/// would leave the screen at its top.
fn most_rows(rows: &[String], height: usize, columns: usize) -> usize {
    // As dialoguer counts them: the prompt and the last line are not for rows.
    let free = height.max(3).saturating_sub(2);
    let widths = rows.iter().map(|row| measure_text_width(row));
    let widest = widths.max().unwrap_or_default();
    let lines = (widest + MARKER_WIDTH).div_ceil(columns.max(1));
    (free / lines.max(1)).clamp(1, MOST_ROWS)
}

/// The row that is marked at first: one that can be opened, of the `shown` that are shown at once.
fn first(candidates: &[Instance], shown: usize) -> usize {
    let can_be_opened = |instance: &Instance| {
        let runs = instance
            .state
            .as_deref()
            .is_none_or(|state| state == "running");
        runs && (instance.ping_status.is_none() || instance.is_online())
    };
    let mut visible = candidates.iter().take(shown);
    visible.position(can_be_opened).unwrap_or_default()
}

/// The row that a person picks; `None` after Esc. Blocks.
fn select(
    terminal: &Term,
    prompt: &str,
    rows: Vec<String>,
    first: usize,
    most: usize,
) -> io::Result<Option<usize>> {
    FuzzySelect::new()
        .with_prompt(prompt)
        .items(rows)
        .default(first)
        .max_length(most)
        .report(false)
        .interact_on_opt(terminal)
        .map_err(io::Error::from)
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
        // A terminal that has gone away needs no cursor.
        let _ = self.0.show_cursor();
    }
}

/// The terminal's mode, restored on every way out.
///
/// Between two keys console restores the mode that it found. What is typed or pasted in that moment
/// would be echoed over the rows, so echo is off as long as the picker is open.
///
/// What was typed before the rows are drawn is thrown away: an early Enter would take a row that is
/// not on the screen yet.
struct Quiet(Mode);

impl Quiet {
    fn new() -> io::Result<Self> {
        let mode = Mode::of_input().ok_or(io::ErrorKind::NotFound)?;
        mode.single_keys()?;
        Ok(Self(mode))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        self.0.give_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::tests::instance;

    #[tokio::test]
    async fn nobody_is_asked_without_a_terminal() {
        let picked = pick(&Os::default(), Vec::new(), |_, _| Vec::new()).await;
        assert!(matches!(picked, Err(Error::NeedsTerminal)));
    }

    #[test]
    fn the_first_row_that_can_be_opened_is_marked_if_it_is_shown() {
        let mut candidates = vec![instance("i-00000000000000001", Some("web")); 30];
        for stopped in &mut candidates[..4] {
            stopped.state = Some("stopped".into());
        }
        candidates[4].ping_status = Some("ConnectionLost".into());
        assert_eq!(first(&candidates, 20), 5);
        assert_eq!(first(&candidates, 6), 5);
        assert_eq!(first(&candidates, 5), 0);
        candidates[2].state = Some("running".into());
        assert_eq!(first(&candidates, 5), 2);
        assert_eq!(first(&candidates[..2], 20), 0);
        for stopped in &mut candidates[..25] {
            stopped.state = Some("stopped".into());
        }
        assert_eq!(
            first(&candidates, 20),
            0,
            "a row beyond those shown at once"
        );
    }

    #[test]
    fn rows_that_the_terminal_wraps_are_fewer() {
        let rows = vec!["x".repeat(28); 30];
        assert_eq!(most_rows(&rows, 99, 80), MOST_ROWS);
        assert_eq!(most_rows(&rows, 24, 80), MOST_ROWS);
        assert_eq!(most_rows(&rows, 12, 30), 10);
        assert_eq!(most_rows(&rows, 12, 29), 5);
        assert_eq!(most_rows(&rows, 0, 0), 1);
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
