//! A spinner that names the step under way:
//! silent if the step is fast, absent without a terminal.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A step that takes less is not shown.
const PATIENCE: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct Wait {
    on_terminal: bool,
    /// Whether the terminal shows UTF-8.
    utf8: bool,
    shown: Arc<Mutex<Option<Shown>>>,
}

#[derive(Debug)]
struct Shown {
    bar: ProgressBar,
    /// Dropped to end the thread that would draw the bar.
    _patience: Sender<()>,
}

impl Wait {
    pub(super) fn new(on_terminal: bool, utf8: bool) -> Self {
        Self {
            on_terminal,
            utf8,
            shown: Arc::default(),
        }
    }

    pub(super) fn step(&self, text: &str) {
        if !self.on_terminal {
            return;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = shown.as_ref() {
            shown.bar.set_message(text.to_owned());
            return;
        }
        let style = ProgressStyle::default_spinner();
        let style = if self.utf8 {
            style
        } else {
            style.tick_chars("|/-\\ ")
        };
        let bar =
            ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style);
        bar.set_message(text.to_owned());
        let (patience, over) = channel::<()>();
        let late = bar.clone();
        let held = Arc::clone(&self.shown);
        std::thread::spawn(move || {
            if over.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            // Held, so that it is not taken away between the look and the drawing.
            let _held = held.lock().unwrap_or_else(PoisonError::into_inner);
            if !late.is_finished() {
                late.set_draw_target(ProgressDrawTarget::stderr());
                late.enable_steady_tick(TICK);
            }
        });
        *shown = Some(Shown {
            bar,
            _patience: patience,
        });
    }

    pub(super) fn clear(&self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = shown.take() {
            shown.bar.finish_and_clear();
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.clear();
    }
}
