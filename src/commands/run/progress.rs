//! The progress line of a `run` on several targets.
//! It says how many are done, failed and running, and for how long.

use std::time::{Duration, Instant};

use crate::ui::Ui;
use crate::ui::bottom::{Bottom, WIPE};

use super::board::Tally;

/// A run that takes less shows no line.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often the time in it goes on.
const TICK: Duration = Duration::from_secs(1);
/// The width of a terminal that does not say its own.
const USUAL_WIDTH: u16 = 80;

/// The line, while it is shown.
pub(super) struct Progress<'a> {
    ui: &'a Ui,
    bottom: Bottom<'a>,
    began: Instant,
    next: Instant,
}

impl<'a> Progress<'a> {
    /// The line, if this terminal is to have one.
    pub(super) fn new(ui: &'a Ui) -> Option<Self> {
        let now = Instant::now();
        Some(Self {
            bottom: ui.bottom()?,
            ui,
            began: now,
            next: now + PATIENCE,
        })
    }

    /// Waits until the line is to be drawn again. Cancel-safe.
    pub(super) async fn tick(&self) {
        tokio::time::sleep_until(self.next.into()).await;
    }

    /// What takes the line from the screen, if it is there.
    pub(super) fn wipe(&self) -> Option<&'static [u8]> {
        self.bottom.take().then_some(WIPE.as_bytes())
    }

    /// What puts the line on the screen, in the place of an older one.
    pub(super) fn draw(&mut self, tally: Tally) -> Option<Vec<u8>> {
        let now = Instant::now();
        if now < self.began + PATIENCE {
            return None;
        }
        self.next = now + TICK;
        if self.ui.is_asking() {
            return None;
        }
        let width = self.ui.stderr_width().unwrap_or(USUAL_WIDTH);
        self.bottom.put();
        let text = text(tally, now - self.began, usize::from(width));
        Some(format!("{WIPE}{text}").into_bytes())
    }
}

/// The longest form that leaves the last column free, since some terminals break the line there.
fn text(tally: Tally, took: Duration, width: usize) -> String {
    let Tally {
        all,
        done,
        failed,
        running,
    } = tally;
    let seconds = took.as_secs();
    let time = match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    };
    let room = width.saturating_sub(1);
    let forms = [
        format!("{done} of {all} targets done, {failed} failed, {running} running, {time} elapsed"),
        format!("{done}/{all} done, {failed} failed, {running} running, {time}"),
        format!("{done}/{all} {failed} failed {running} run {time}"),
        format!("{done}/{all} {failed}F {running}R {time}"),
    ];
    let [.., shortest] = &forms;
    let fitting = forms.iter().find(|form| form.len() <= room);
    let mut text = fitting.unwrap_or(shortest).clone();
    text.truncate(room);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_fits_every_terminal() {
        let tally = Tally {
            all: 200,
            done: 120,
            failed: 3,
            running: 10,
        };
        let at = |width| text(tally, Duration::from_secs(65), width);
        assert_eq!(at(20), "120/200 3F 10R 1:05");
        assert_eq!(at(30), "120/200 3 failed 10 run 1:05");
        assert_eq!(at(50), "120/200 done, 3 failed, 10 running, 1:05");
        assert_eq!(
            at(80),
            "120 of 200 targets done, 3 failed, 10 running, 1:05 elapsed"
        );
        for width in 0..90 {
            assert!(at(width).len() <= width.saturating_sub(1), "{width}");
        }
        assert!(text(tally, Duration::from_secs(3_725), 80).contains(" 1:02:05 "));
    }
}
