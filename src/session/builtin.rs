//! The builtin client: our own data channel between this terminal and the remote one, bytes untouched
//! both ways.

mod typing;

use std::io;
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};

use crate::channel::{Accepts, Bytes, Event};
use crate::signals::{Ending, Signals};

use super::encryption;
use super::end::{End, LAST_OUTPUT};
use super::escape::Escape;
use super::hint;
use super::keyboard::Keyboard;
use super::line::Line;
use super::opening;
use super::piped::{self, Input};
use super::reset::Modes;
use super::screen::Screen;
use super::start::Started;
use super::terminal::{self, Saved};
use super::{Request, Stage};
use typing::Typing;

/// With no message at all for so long after opening, nobody is there.
const FIRST_MESSAGE: Duration = Duration::from_secs(20);
/// How long piped input's shell is quiet before the end of input is sent once more.
const QUIET: Duration = Duration::from_secs(2);

/// Opens the channel and stays until it ends.
pub(super) async fn run(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    signals: &mut Signals,
) -> End {
    stage.callbacks.step("opening the data channel…");
    let opened = match signals
        .guard(Line::open(stage, request, started, Accepts::Terminal))
        .await
    {
        Err(ending) => return End::Signal(ending),
        Ok(Err(error)) => return opening::failed(&error),
        Ok(Ok(line)) => line,
    };
    stage.callbacks.hand_over();
    let terminal = Saved::new(stage.os);
    match terminal
        .raw()
        .and_then(|()| Ok((Keyboard::new()?, Screen::new()?)))
    {
        Ok((keyboard, screen)) => {
            let mut shell = Shell::new(stage, request, started, opened, keyboard, screen);
            let end = shell.run(signals).await;
            shell.leave(end, signals).await
        }
        Err(error) => End::NotOpened {
            reason: format!("the terminal cannot be used: {error}"),
            hint: None,
        },
    }
}

struct Shell<'a, 'i> {
    stage: Stage<'a, 'i>,
    request: &'a Request,
    started: &'a Started,
    line: Line<'a, 'i>,
    typing: Typing,
    screen: Screen,
    /// Whether the cursor stands behind output.
    in_line: bool,
    /// What the output has switched on at the terminal.
    modes: Modes,
    /// Whether the remote side has begun: with output, or its handshake is done.
    is_open: bool,
    /// What it asked of us that we cannot do.
    refused: Option<String>,
    /// The service's reason for the end.
    last_words: String,
    /// Lines of ours that wait for the output before them to be written.
    unsaid: Vec<String>,
    opened: Instant,
    heard: Instant,
}

impl<'a, 'i: 'a> Shell<'a, 'i> {
    fn new(
        stage: Stage<'a, 'i>,
        request: &'a Request,
        started: &'a Started,
        mut line: Line<'a, 'i>,
        keyboard: Keyboard,
        screen: Screen,
    ) -> Self {
        let size = terminal::size(stage.os);
        line.resize(size.cols, size.rows);
        let is_terminal = stage.os.stdin_terminal;
        let escape = Escape::new(stage.escape.filter(|_| is_terminal));
        Self {
            stage,
            request,
            started,
            line,
            typing: Typing::new(keyboard, escape, Input::new(is_terminal)),
            screen,
            in_line: false,
            modes: Modes::default(),
            is_open: false,
            refused: None,
            last_words: String::new(),
            unsaid: Vec::new(),
            opened: Instant::now(),
            heard: Instant::now(),
        }
    }

    async fn run(&mut self, signals: &mut Signals) -> End {
        let mut resized = signal(SignalKind::window_change()).ok();
        // Nothing is asked until the input has ended.
        let mut windows = Box::pin(piped::is_windows(self.stage, self.request, self.started));
        loop {
            self.typing.send(&mut self.line);
            if !self.screen.is_busy() {
                self.say_now();
            }
            let room = self.line.room();
            let has_room = self.screen.has_room();
            tokio::select! {
                event = self.line.next(), if has_room => match event {
                    Ok(event) => if let Some(end) = self.event(event, signals).await { return end },
                    Err(lost) => return End::Lost { reason: lost.to_string() },
                },
                read = self.typing.read(room) => {
                    if let Some(end) = self.typed(&read) { return end }
                }
                written = self.screen.progress(), if self.screen.is_busy() => {
                    if let Err(error) = written { return unwritten(&error) }
                    if !has_room { self.line.stay(); }
                }
                windows = &mut windows, if self.typing.is_ending() => {
                    self.typing.ended(windows);
                    if let Some(end) = self.tell_end() { return end }
                }
                () = resize(&mut resized) => {
                    let size = terminal::size(self.stage.os);
                    self.line.resize(size.cols, size.rows);
                }
                ending = signals.next() => return End::Signal(ending),
                () = sleep_until(self.opened + FIRST_MESSAGE), if !self.line.has_heard() => {
                    return End::NotOpened {
                        reason: format!("nothing was heard from the target in {} s", FIRST_MESSAGE.as_secs()),
                        hint: Some("its agent may be hanging; try again, or ask the customer to restart it".to_owned()),
                    };
                }
                () = sleep_until(self.heard + QUIET), if self.tells_end() => {
                    if let Some(end) = self.tell_end() { return end }
                }
            }
        }
    }

    async fn event(&mut self, event: Event, signals: &mut Signals) -> Option<End> {
        match event {
            Event::Output(bytes) | Event::StdErr(bytes) => {
                self.heard = Instant::now();
                self.is_open = true;
                self.show(bytes);
            }
            Event::HandshakeComplete { customer_message } => {
                self.is_open = true;
                if !customer_message.is_empty() {
                    self.say(&customer_message);
                }
            }
            Event::ActionRefused { action_type, error } => {
                let refused = format!(
                    "the session asks for {action_type}, which this client cannot do: {error}"
                );
                self.say(&refused);
                self.refused = Some(refused);
            }
            Event::Closed { output } if self.is_open => {
                output.trim().clone_into(&mut self.last_words);
                return Some(End::Closed);
            }
            Event::Closed { output } => {
                return Some(opening::closed(self.refused.take(), output.trim()));
            }
            Event::DataKeyWanted { key_id, challenge } => {
                let (request, started) = (self.request, self.started);
                let agreed = encryption::agree(
                    self.stage,
                    request,
                    started,
                    &mut self.line,
                    key_id,
                    challenge,
                );
                return tokio::select! {
                    end = agreed => end,
                    ending = signals.next() => Some(End::Signal(ending)),
                    end = self.typing.end(self.stage.callbacks) => Some(end),
                };
            }
            Event::Forged => {
                return Some(End::Lost {
                    reason: "what came is not encrypted with the session's key".to_owned(),
                });
            }
            Event::ExitCode(_) => self.is_open = true,
            Event::SessionType(_) | Event::ConnectToPortFailed | Event::Acknowledged => {}
        }
        None
    }

    fn show(&mut self, bytes: Bytes) {
        self.in_line = bytes.last().is_some_and(|last| *last != b'\n');
        if self.stage.os.stdout_terminal {
            self.modes.see(&bytes);
        }
        self.screen.write(bytes);
    }

    /// The terminal is raw, and the remote side has its prompt there: a line of ours begins at the left.
    fn say(&mut self, text: &str) {
        self.new_line();
        self.unsaid.push(text.to_owned());
    }

    /// Says what waited for the output before it to be written.
    fn say_now(&mut self) {
        for text in self.unsaid.drain(..) {
            self.stage.callbacks.say(&text);
        }
    }

    fn new_line(&mut self) {
        if self.in_line && self.stage.os.stdin_terminal && self.stage.os.stdout_terminal {
            self.in_line = false;
            self.screen.write(Bytes::from_static(b"\r\n"));
        }
    }

    /// All output is out before anything is said of the end; neither a signal nor a session that has still to be ended is
    /// kept waiting by it.
    async fn leave(&mut self, end: End, signals: &mut Signals) -> End {
        if matches!(end, End::OutputClosed) {
            return end;
        }
        let cut_off = !matches!(end, End::Closed) || !self.last_words.is_empty();
        if cut_off {
            self.new_line();
        }
        if !end.is_over() {
            let _ = tokio::time::timeout(LAST_OUTPUT, self.last_output(cut_off)).await;
            return end;
        }
        match signals.guard(self.last_output(cut_off)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return unwritten(&error),
            Err(ending) => return End::Signal(ending),
        }
        if !self.last_words.is_empty() {
            self.stage.callbacks.warn(&format!(
                "{}: {}",
                self.request.target.instance_id, self.last_words
            ));
            if let Some(hint) = hint::of_end(&self.last_words) {
                self.stage.callbacks.say(&format!("hint: {hint}"));
            }
        }
        if matches!(end, End::Closed) && self.typing.has_ended() {
            self.stage
                .callbacks
                .say("the session has ended; the remote exit status is not known");
        }
        end
    }

    /// Writes what is left, and undoes what a program that was cut off has done to the terminal.
    async fn last_output(&mut self, cut_off: bool) -> io::Result<()> {
        self.screen.drain().await?;
        self.say_now();
        if cut_off && self.stage.os.stdout_terminal {
            self.screen.write(self.modes.off());
            self.screen.drain().await?;
        }
        Ok(())
    }

    fn typed(&mut self, bytes: &[u8]) -> Option<End> {
        let (lines, end) = self.typing.take(bytes);
        for line in lines {
            self.say(&line);
        }
        end
    }

    fn tells_end(&self) -> bool {
        self.typing.tells_end() && !self.line.is_down()
    }

    fn tell_end(&mut self) -> Option<End> {
        self.heard = Instant::now();
        self.typing.tell_end()
    }
}

/// A terminal that was hung up takes no output, and a pipe whose reader has left does not either.
fn unwritten(error: &io::Error) -> End {
    if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) {
        return End::Signal(Ending::HANG_UP);
    }
    End::OutputClosed
}

async fn resize(resized: &mut Option<tokio::signal::unix::Signal>) {
    match resized {
        Some(resized) => {
            resized.recv().await;
        }
        None => std::future::pending().await,
    }
}

async fn sleep_until(deadline: Instant) {
    tokio::time::sleep_until(deadline.into()).await;
}
