//! The builtin client: vendor-ssm's own data channel between two terminals, bytes untouched.

mod escape;
mod piped;
mod typing;

use std::io;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crate::channel::{Accepts, Bytes};
use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::platform::input::is_hung_up;
use crate::platform::stream::Stream;
use crate::platform::terminal::{Resized, write_at_once};
use crate::session::context::{Context, Request};
use crate::session::error::{Error, hint};
use crate::session::host::host;
use crate::session::ledger::end::{End, LAST_OUTPUT};
use crate::session::link::event::Event;
use crate::session::link::line::Line;
use crate::session::link::open::{Meanwhile, Opened};
use crate::session::link::timer::until;
use crate::session::live::Session;
use crate::session::terminal::keyboard::Keyboard;
use crate::session::terminal::mode::{self, Saved};
use crate::session::terminal::output::{ANSWERS, Output};
use crate::session::terminal::screen::Screen;
use crate::signals::{Ending, Signals};

use escape::Escape;
use piped::Input;
use typing::Typing;

/// A session document ends a shell on Windows sooner than this.
/// PowerShell takes seconds to start.
const SOON: Duration = Duration::from_mins(1);

/// Opens a shell in this client and stays until it has ended.
pub(crate) async fn connect(
    context: Context<'_, '_>,
    request: &Request,
    role: AssumedRole,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let client =
        async |session: Session<'_, '_>, signals: &mut Signals| (run(session, signals).await, ());
    host(context, request, role, signals, client).await?.end
}

/// Opens the channel and stays until it ends.
async fn run(session: Session<'_, '_>, signals: &mut Signals) -> End {
    let streams = Keyboard::new().and_then(|keyboard| Ok((keyboard, Screen::new()?)));
    let (keyboard, screen) = match streams {
        Ok(streams) => streams,
        Err(error) => return unusable(&error),
    };
    let mut shell = Shell::new(session, keyboard, screen);
    let opened = Opened::complete(session, Accepts::Terminal, &mut shell, signals).await;
    let end = match opened {
        Ok(mut opened) => shell.run(&mut opened.line, signals).await,
        Err(end) => end,
    };
    shell.leave(end, signals).await
}

fn unusable(error: &io::Error) -> End {
    End::not_opened(format!("the terminal cannot be used: {error}"), None)
}

/// The line as it was before the last wait.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// How many bytes it took then.
    room: usize,
    /// Whether it had no connection.
    is_down: bool,
}

struct Shell<'a, 'i> {
    session: Session<'a, 'i>,
    typing: Typing,
    screen: Screen,
    /// Looks up what the remote side takes for the end of input; nothing is asked before that.
    windows: Pin<Box<dyn Future<Output = Option<bool>> + 'a>>,
    resized: Resized,
    /// Whether the terminal's size has still to be told.
    tells_size: bool,
    seen: Seen,
    /// Whether the screen was full, so that nothing was taken from the line.
    was_full: bool,
    /// Whether the cursor stands behind output.
    in_line: bool,
    /// The output as the terminal sees it; `None` if there is no terminal.
    output: Option<Output>,
    /// The service's reason for the end.
    last_words: String,
    /// Lines of vendor-ssm's that wait for the output before them to be written.
    unsaid: Vec<String>,
    heard: Instant,
    /// When the session was open.
    opened: Instant,
    /// The terminal as it was, from when it is raw; given back last.
    terminal: Option<Saved>,
}

impl Meanwhile for Shell<'_, '_> {
    fn connected(&mut self) -> Result<(), End> {
        self.session.context.callbacks.hand_over();
        self.opened = Instant::now();
        let terminal = self.terminal.insert(self.session.saved_terminal());
        terminal.raw().map_err(|error| unusable(&error))
    }

    fn prepare(&mut self, line: &mut Line<'_, '_>) {
        if std::mem::take(&mut self.tells_size) {
            let size = mode::size(self.session.context.os);
            line.resize(size.cols, size.rows);
        }
        if std::mem::take(&mut self.was_full) {
            line.stay();
        }
        self.typing.send(line);
        // The remote side has not had all of it yet.
        if !line.is_flushed() {
            self.heard = Instant::now();
        }
        self.seen = Seen {
            room: line.room(),
            is_down: line.is_down(),
        };
        if !self.screen.is_busy() {
            self.say_now();
        }
    }

    async fn wait(&mut self) -> Option<End> {
        let quiet = self.typing.quiet();
        let quiet_until = self.tells_end().then(|| self.heard + quiet);
        let is_full = !self.screen.has_room();
        tokio::select! {
            read = self.typing.read(self.seen.room) => self.typed(&read),
            written = self.screen.progress(), if self.screen.is_busy() => {
                self.was_full = is_full;
                written.err().map(|error| unwritten(&error))
            }
            windows = &mut self.windows, if self.typing.is_ending() => {
                self.typing.ended(windows);
                self.heard = Instant::now();
                None
            }
            () = self.resized.next() => {
                self.tells_size = true;
                None
            }
            () = until(quiet_until) => self.tell_end(),
        }
    }

    fn show(&mut self, text: &str) {
        self.say(text);
    }
}

impl<'a, 'i: 'a> Shell<'a, 'i> {
    fn new(session: Session<'a, 'i>, keyboard: Keyboard, screen: Screen) -> Self {
        let context = session.context;
        let is_terminal = context.os.stdin_terminal;
        let escape = Escape::new(context.escape.filter(|_| is_terminal));
        Self {
            session,
            typing: Typing::new(keyboard, escape, Input::new(is_terminal)),
            screen,
            windows: Box::pin(piped::is_windows(session)),
            resized: Resized::new(),
            tells_size: true,
            seen: Seen::default(),
            was_full: false,
            in_line: false,
            output: context
                .os
                .stdout_terminal
                .then(|| Output::new(context.terminal, context.os)),
            last_words: String::new(),
            unsaid: Vec::new(),
            heard: Instant::now(),
            opened: Instant::now(),
            terminal: None,
        }
    }

    async fn run(&mut self, line: &mut Line<'_, '_>, signals: &mut Signals) -> End {
        loop {
            self.prepare(line);
            let has_room = self.screen.has_room();
            tokio::select! {
                event = line.next(), if has_room => match event {
                    Ok(event) => if let Some(end) = self.event(event) { return end },
                    Err(lost) => return lost.into(),
                },
                end = self.wait() => if let Some(end) = end { return end },
                ending = signals.next() => return End::Signal(ending),
            }
        }
    }

    fn event(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Output(bytes) | Event::StdErr(bytes) => {
                self.heard = Instant::now();
                self.write(bytes);
            }
            Event::Closed { output } => {
                output.trim().clone_into(&mut self.last_words);
                return Some(End::Closed);
            }
            Event::ExitCode(_)
            | Event::ConnectToPortFailed
            | Event::Acknowledged
            | Event::NothingTaken
            | Event::Resumed => {}
        }
        None
    }

    fn write(&mut self, bytes: Bytes) {
        let passed = match &mut self.output {
            Some(output) => output.pass(bytes),
            None => bytes,
        };
        // A line feed inside what was left out begins no line.
        if let Some(last) = passed.last() {
            self.in_line = *last != b'\n';
            self.screen.write(passed);
        }
    }

    /// The terminal is raw, and the remote side has its prompt there.
    /// vendor-ssm's own line begins at the left.
    fn say(&mut self, text: &str) {
        self.new_line();
        self.unsaid.push(text.to_owned());
    }

    /// Says what waited for the output before it to be written.
    fn say_now(&mut self) {
        // Not in the middle of a line: no output may come between, so it is not said before.
        let output = self.output.as_mut().filter(|_| !self.in_line);
        if let Some(notice) = output.and_then(Output::notice) {
            self.say(notice);
        }
        for text in self.unsaid.drain(..) {
            self.session.context.callbacks.say(&text);
        }
    }

    fn new_line(&mut self) {
        let os = self.session.context.os;
        if self.in_line && os.stdin_terminal && os.stdout_terminal {
            self.in_line = false;
            self.screen.write(Bytes::from_static(b"\r\n"));
        }
    }

    /// Writes all output before it reports the end.
    /// A signal does not wait for that, nor does a session that has still to be ended.
    async fn leave(&mut self, end: End, signals: &mut Signals) -> End {
        if matches!(end, End::OutputClosed) || self.terminal.is_none() {
            return end;
        }
        let cut_off = !matches!(end, End::Closed) || !self.last_words.is_empty();
        if cut_off {
            self.new_line();
        }
        if !end.is_over() {
            let last = tokio::time::timeout(LAST_OUTPUT, self.last_output()).await;
            if last.is_err() {
                self.switch_off();
            }
            self.settle().await;
            return end;
        }
        let last = async {
            self.last_output().await?;
            self.settle().await;
            Ok(())
        };
        match signals.guard(last).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return unwritten(&error),
            Err(ending) => {
                self.switch_off();
                return End::Signal(ending);
            }
        }
        if !self.last_words.is_empty() {
            self.session.context.callbacks.warn(&format!(
                "{}: {}",
                self.session.target(),
                self.last_words
            ));
            let own = self.session.started.role.current().arn;
            if let Some(hint) = hint::of_end(&self.last_words, &own) {
                self.session.context.callbacks.say(&format!("hint: {hint}"));
            }
        }
        if matches!(end, End::Closed) && self.is_shut_out().await {
            let target = self.session.target();
            let said = format!("{target} runs Windows, and its shell has ended at once");
            let callbacks = self.session.context.callbacks;
            callbacks.warn(&said);
            callbacks.say(&format!("hint: {}", hint::WINDOWS));
        }
        if matches!(end, End::Closed) && self.typing.has_ended() {
            self.session
                .context
                .callbacks
                .say("the session has ended; the remote exit status is not known");
        }
        end
    }

    /// Whether the session document ended the shell because the target runs Windows.
    /// Signs of that: it ended soon and without a reason, and the person did not type anything.
    async fn is_shut_out(&self) -> bool {
        if !self.last_words.is_empty() || !self.typing.is_unused() || self.opened.elapsed() > SOON {
            return false;
        }
        let known = self.session.request.target.windows;
        let asked = if known.is_none() && self.typing.is_keyboard() {
            let lookup = piped::is_windows(self.session);
            tokio::time::timeout(LAST_OUTPUT, lookup)
                .await
                .ok()
                .flatten()
        } else {
            known
        };
        asked == Some(true)
    }

    /// Writes what is left, and switches off what the output has switched on at the terminal.
    async fn last_output(&mut self) -> io::Result<()> {
        self.screen.drain().await?;
        if let Some(output) = &mut self.output {
            let off = output.off();
            let notice = output.last_notice();
            if !off.is_empty() {
                self.screen.write(off);
            }
            if let Some(notice) = notice {
                self.say(notice);
            }
            self.screen.drain().await?;
        }
        self.say_now();
        Ok(())
    }

    /// Does the same at once, in the middle of output that is still being written.
    fn switch_off(&self) {
        if let Some(output) = &self.output {
            let off = [b"\x18\x1b\\", &output.off()[..]].concat();
            write_at_once(Stream::Output, &off);
        }
    }

    /// Waits for answers of the terminal that are on their way.
    /// [`Saved`] throws them away when it gives the terminal back, so that they are not typed into
    /// the local shell.
    async fn settle(&self) {
        let awaits = self.output.as_ref().is_some_and(Output::awaits_answers);
        if awaits && self.session.context.os.stdin_terminal {
            tokio::time::sleep(ANSWERS).await;
        }
    }

    fn typed(&mut self, bytes: &[u8]) -> Option<End> {
        let (lines, end) = self.typing.take(bytes);
        for line in lines {
            self.say(&line);
        }
        end
    }

    fn tells_end(&self) -> bool {
        self.typing.tells_end() && !self.seen.is_down
    }

    fn tell_end(&mut self) -> Option<End> {
        self.heard = Instant::now();
        self.typing.tell_end()
    }
}

/// Neither a terminal that was hung up nor a pipe whose reader has left takes output.
fn unwritten(error: &io::Error) -> End {
    if is_hung_up(error) {
        return End::Signal(Ending::HANG_UP);
    }
    End::OutputClosed
}
