//! What a full-screen program leaves switched on at the terminal when it is cut off.
//! That is the alternate screen, a hidden cursor, reports of the mouse, and bracketed paste (xterm
//! control sequences, DEC private modes).

use std::time::Duration;

use crate::channel::Bytes;
use crate::os::Os;

use crate::session::terminal::screen::Screen;

/// Into the alternate screen, and out of it again.
const ENTERED: &[u8] = b"\x1b[?1049h";
const LEFT: &[u8] = b"\x1b[?1049l";
/// Switches the rest off; on a terminal where nothing is on, it changes nothing.
pub(crate) const REST: &[u8] = b"\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l";
/// How long a terminal that takes no output is waited for.
const LIMIT: Duration = Duration::from_millis(500);

/// What the output of a session has switched on.
#[derive(Debug, Default)]
pub(crate) struct Modes {
    alternate: bool,
    /// The last bytes, which may begin a sequence.
    tail: Vec<u8>,
}

impl Modes {
    /// Follows the output.
    pub(crate) fn see(&mut self, output: &[u8]) {
        self.tail.extend_from_slice(output);
        let last = self.tail.windows(ENTERED.len()).rev().find_map(|window| {
            (window[0] == b'\x1b' && (window == ENTERED || window == LEFT))
                .then_some(window == ENTERED)
        });
        self.alternate = last.unwrap_or(self.alternate);
        let done = self.tail.len().saturating_sub(ENTERED.len() - 1);
        self.tail.drain(..done);
    }

    /// What switches it all off.
    /// The alternate screen is left only if it was entered: elsewhere that would move the cursor.
    pub(crate) fn off(&self) -> Bytes {
        let left = if self.alternate { LEFT } else { &[] };
        [left, REST].concat().into()
    }
}

/// Switches off what a program with unseen output may have left on, except the alternate screen.
pub(crate) async fn reset(os: &Os) {
    if !os.stdout_terminal {
        return;
    }
    if let Ok(mut screen) = Screen::new() {
        screen.write(Modes::default().off());
        // No reader may be left.
        let _ = tokio::time::timeout(LIMIT, screen.drain()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{LEFT, Modes, REST};

    fn leaves(pieces: &[&[u8]]) -> bool {
        let mut modes = Modes::default();
        for piece in pieces {
            modes.see(piece);
        }
        let off = modes.off();
        assert!(off.ends_with(REST));
        off.starts_with(LEFT)
    }

    #[test]
    fn the_alternate_screen_is_left_only_if_it_was_entered_last() {
        assert!(!leaves(&[b"nothing of the kind"]));
        assert!(leaves(&[b"a\x1b[?1049hb", b"and much more"]));
        assert!(leaves(&[b"\x1b[?10", b"4", b"9h"]));
        assert!(!leaves(&[b"\x1b[?1049h\x1b[?1049l"]));
        assert!(!leaves(&[b"\x1b[?1049h", b"\x1b[?1049", b"l$ "]));
        assert!(leaves(&[b"\x1b[?1049l", b"\x1b[?1049h"]));
    }
}
