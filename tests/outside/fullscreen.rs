//! Programs that have the whole screen:
//! they draw, they follow the size, and they give the screen back.

use crate::harness::Bench;
use crate::harness::terminal::{PROMPT, Terminal, none_open};

/// Whether the screen's rows, all but the last, show numbers that count up, from or to this one.
fn counts(screen: &str, rows: u16, first: impl Fn(usize) -> usize) -> bool {
    let shown = usize::from(rows) - 1;
    let lines: Vec<&str> = screen.lines().take(shown).map(str::trim).collect();
    lines.len() == shown
        && (first(shown)..)
            .zip(lines)
            .all(|(number, line)| line == number.to_string())
}

/// less, and the vi that is there: Debian's vim-tiny, or vim.
#[test]
fn a_pager_and_an_editor_follow_the_size() {
    for (program, quit) in [("less", "q"), ("vi -u NONE", ":q!\r")] {
        let bench = Bench::new();
        let mut terminal = Terminal::shell(&bench);
        let numbers = (1..=500).map(|number| format!("{number}\n"));
        let file = bench.sandbox.home().join("numbers");
        std::fs::write(file, numbers.collect::<String>()).unwrap();
        terminal.types(&format!("{program} numbers\r"));
        terminal.shows_that(program, |screen| counts(screen, 24, |_| 1));
        for (rows, cols) in [(37, 60), (12, 133)] {
            terminal.resize(rows, cols);
            terminal.shows_that(program, |screen| counts(screen, rows, |_| 1));
            terminal.types("G");
            terminal.shows_that(program, |screen| counts(screen, rows, |shown| 501 - shown));
            terminal.types(if quit == "q" { "g" } else { "gg" });
            terminal.shows_that(program, |screen| counts(screen, rows, |_| 1));
        }
        terminal.types(quit);
        // What is typed before the prompt, vi throws away.
        let before = format!("{PROMPT}{program} numbers\n{}", PROMPT.trim_end());
        terminal.shows_that("the screen before it", |screen| {
            screen.trim_end().ends_with(&before)
        });
        terminal.types("stty size; echo ba''ck\r");
        terminal.shows("12 133");
        terminal.shows("back");
        terminal.types("exit\r");
        assert_eq!(terminal.ends().code, 0);
        none_open(&bench);
    }
}
