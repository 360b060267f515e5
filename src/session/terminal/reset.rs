//! What a program whose output was not seen may have left switched on at the terminal.
//! That is the plugin's output, or any output after a panic. Where the output was seen, `output`
//! knows what to switch off.

use std::time::Duration;

use crate::channel::Bytes;
use crate::os::Os;

use crate::session::terminal::screen::Screen;

/// Switches off what changes nothing where it is not on.
/// In order: the cursor is shown, the wheel and keys of a mouse, focus reports, bracketed paste,
/// application cursor keys and keypad, line drawing, colours (xterm control sequences). The
/// alternate screen is not among them: to leave it without having entered it moves the cursor.
pub(crate) const REST: &[u8] = b"\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\
\x1b[?2004l\x1b[?1l\x1b>\x0f\x1b(B\x1b[m";
/// How long a terminal that takes no output is waited for.
const LIMIT: Duration = Duration::from_millis(500);

/// Switches off what a program with unseen output may have left on, except the alternate screen.
pub(crate) async fn reset(os: &Os) {
    if !os.stdout_terminal {
        return;
    }
    if let Ok(mut screen) = Screen::new() {
        screen.write(Bytes::from_static(REST));
        // No reader may be left.
        let _ = tokio::time::timeout(LIMIT, screen.drain()).await;
    }
}
