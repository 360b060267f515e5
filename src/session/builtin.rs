//! The builtin client: our own data channel between this terminal and the remote one, bytes untouched
//! both ways.

use std::io::Write as _;
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};

use crate::aws::Service;
use crate::channel::{self, Channel, Event, OpenError, Proxy};
use crate::inventory::{self, Filter, Instance, Query};
use crate::signals::Signals;

use super::end::End;
use super::escape::{Escape, Key};
use super::keyboard::Keyboard;
use super::start::Started;
use super::terminal::{self, Saved};
use super::{Request, Stage};

/// With no message at all for so long after opening, nobody is there.
const FIRST_MESSAGE: Duration = Duration::from_secs(20);
/// How long piped input's shell is quiet before the end of input is sent once more.
const QUIET: Duration = Duration::from_secs(2);
/// The most that is read from the keyboard at once.
const READ: usize = 16 << 10;
/// End of file, as a terminal types it.
const EOF: u8 = 0x04;

/// Opens the channel and stays until it ends.
pub(super) async fn run(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    signals: &mut Signals,
) -> End {
    stage.callbacks.step("opening the data channel…");
    let opened = match signals.guard(open(stage, request, started)).await {
        Err(ending) => return End::Signal(ending),
        Ok(Err(error)) => return not_opened(&error),
        Ok(Ok(channel)) => channel,
    };
    stage.callbacks.hand_over();
    let terminal = Saved::new(stage.os);
    let end = match (terminal.raw(), Keyboard::new()) {
        (Ok(()), Ok(keyboard)) => {
            let mut shell = Shell::new(stage, request, started, opened, keyboard);
            shell.run(signals).await
        }
        (Err(error), _) | (_, Err(error)) => End::NotOpened {
            reason: format!("the terminal cannot be read: {error}"),
            hint: None,
        },
    };
    drop(terminal);
    end
}

async fn open(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
) -> Result<Channel, OpenError> {
    let region = &request.target.region;
    let host = region.host("ssmmessages");
    let proxy = stage.aws.proxy(&host).map(|proxy| Proxy {
        url: proxy.url,
        authorization: proxy.authorization,
    });
    let overridden = stage.aws.endpoints().of(Service::Ssm).is_some();
    channel::open(&channel::Open {
        session_id: &started.session_id,
        stream_url: &started.stream_url,
        token: &started.token,
        credentials: &started.role.credentials,
        region: region.as_str(),
        tls: &stage.aws.tls(),
        proxy: if overridden { None } else { proxy.as_ref() },
        endpoint_overridden: overridden,
        now: stage.aws.clock().now(),
    })
    .await
}

fn not_opened(error: &OpenError) -> End {
    let hint = match error {
        OpenError::Refused { status: 403, .. } => {
            "the customer's role has to allow ssmmessages:OpenDataChannel, which AWS's samples include"
        }
        OpenError::StreamUrl(_) => {
            "stop and report this: AWS's answer names a host that is not AWS's"
        }
        _ => {
            "check the network, HTTPS_PROXY and AWS_CA_BUNDLE on the way to ssmmessages, then try again"
        }
    };
    End::NotOpened {
        reason: crate::aws::chain(error),
        hint: Some(hint.to_owned()),
    }
}

struct Shell<'a, 'i> {
    stage: Stage<'a, 'i>,
    request: &'a Request,
    started: &'a Started,
    channel: Channel,
    keyboard: Keyboard,
    escape: Escape,
    /// Bytes that wait for room in the channel.
    unsent: Vec<u8>,
    input: Input,
    opened: Instant,
    heard: Instant,
}

/// Where the input comes from, and whether it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    /// A person at a terminal.
    Keyboard,
    /// A pipe or file; whether the last byte was a line feed, or there was none.
    Piped { at_line_start: bool },
    /// It ended; the remote side is told until it believes it.
    Ended { windows: bool },
    /// A terminal that was hung up.
    Gone,
}

impl<'a, 'i> Shell<'a, 'i> {
    fn new(
        stage: Stage<'a, 'i>,
        request: &'a Request,
        started: &'a Started,
        mut channel: Channel,
        keyboard: Keyboard,
    ) -> Self {
        let size = terminal::size(stage.os);
        channel.resize(size.cols, size.rows);
        let is_terminal = stage.os.stdin_terminal;
        Self {
            stage,
            request,
            started,
            channel,
            keyboard,
            escape: Escape::new(stage.escape.filter(|_| is_terminal)),
            unsent: Vec::new(),
            input: if is_terminal {
                Input::Keyboard
            } else {
                Input::Piped {
                    at_line_start: true,
                }
            },
            opened: Instant::now(),
            heard: Instant::now(),
        }
    }

    async fn run(&mut self, signals: &mut Signals) -> End {
        let mut resized = signal(SignalKind::window_change()).ok();
        loop {
            let taken = self.channel.send(&self.unsent);
            self.unsent.drain(..taken);
            let reads = matches!(self.input, Input::Keyboard | Input::Piped { .. });
            let wants_input = reads && self.unsent.is_empty() && self.channel.room() > 0;
            tokio::select! {
                event = self.channel.next() => match event {
                    Ok(event) => if let Some(end) = self.event(event) { return end },
                    Err(lost) => return End::Lost { reason: crate::aws::chain(&lost) },
                },
                read = self.keyboard.read(READ), if wants_input => {
                    if let Some(end) = self.typed(read.unwrap_or_default()).await { return end }
                }
                () = resize(&mut resized) => {
                    let size = terminal::size(self.stage.os);
                    self.channel.resize(size.cols, size.rows);
                }
                ending = signals.next() => return End::Signal(ending),
                () = sleep_until(self.opened + FIRST_MESSAGE), if !self.channel.has_heard() => {
                    return End::NotOpened {
                        reason: format!("nothing was heard from the target in {} s", FIRST_MESSAGE.as_secs()),
                        hint: Some("its agent may be hanging; try again, or ask the customer to restart it".to_owned()),
                    };
                }
                () = sleep_until(self.heard + QUIET), if self.tells_end() => self.tell_end(),
            }
        }
    }

    fn event(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Output(bytes) | Event::StdErr(bytes) => {
                self.heard = Instant::now();
                let mut stdout = std::io::stdout().lock();
                if stdout
                    .write_all(&bytes)
                    .and_then(|()| stdout.flush())
                    .is_err()
                {
                    return Some(End::OutputClosed);
                }
            }
            Event::HandshakeComplete { customer_message } => {
                if !customer_message.is_empty() {
                    self.say(&customer_message);
                }
            }
            Event::ActionRefused { action_type, error } => {
                self.say(&format!(
                    "the session asks for {action_type}, which this client cannot do: {error}"
                ));
            }
            Event::Closed { output } => {
                if !output.is_empty() {
                    self.say(&format!(
                        "{}: {}",
                        self.request.target.instance_id,
                        output.trim()
                    ));
                }
                if matches!(self.input, Input::Piped { .. } | Input::Ended { .. }) {
                    self.say("the session has ended; the remote exit status is not known");
                }
                return Some(End::Closed);
            }
            Event::ExitCode(_) | Event::Acknowledged => {}
        }
        None
    }

    /// The terminal is raw: a line of ours begins at the left and ends like one.
    fn say(&self, text: &str) {
        self.stage.callbacks.say(text);
    }

    async fn typed(&mut self, bytes: Vec<u8>) -> Option<End> {
        match self.input {
            Input::Keyboard if bytes.is_empty() => self.input = Input::Gone,
            Input::Keyboard => {
                for key in self.escape.read(&bytes) {
                    match key {
                        Key::Send(bytes) => self.unsent.extend(bytes),
                        Key::End => return Some(End::Escaped),
                        Key::Help => self.say("escapes at the beginning of a line: ~. ends the session, ~? shows this, ~~ sends ~"),
                    }
                }
            }
            Input::Piped { at_line_start } if bytes.is_empty() => {
                let windows = self.is_windows().await;
                if !windows && !at_line_start {
                    self.unsent.push(b'\n');
                }
                self.input = Input::Ended { windows };
                self.tell_end();
            }
            Input::Piped { .. } => {
                self.input = Input::Piped {
                    at_line_start: bytes.last() == Some(&b'\n'),
                };
                self.unsent.extend(bytes);
            }
            Input::Ended { .. } | Input::Gone => {}
        }
        None
    }

    fn tells_end(&self) -> bool {
        matches!(self.input, Input::Ended { .. }) && self.unsent.is_empty()
    }

    /// On a pty, end of file counts at the beginning of a line only, and a program inside the script may
    /// have eaten the one before: so it is typed again whenever the shell has been quiet for a while.
    fn tell_end(&mut self) {
        self.heard = Instant::now();
        match self.input {
            Input::Ended { windows: true } => self.unsent.extend(b"exit\r"),
            Input::Ended { windows: false } => self.unsent.push(EOF),
            _ => {}
        }
    }

    /// The end of piped input is told in the shell's own way; asked only then, and only if the listing
    /// has not said it already.
    async fn is_windows(&self) -> bool {
        if let Some(windows) = self.request.target.windows {
            return windows;
        }
        let query = Query::only(Filter::Id(self.request.target.instance_id.clone()));
        let (customer, role) = (self.stage.customer, &self.started.role);
        let listed = inventory::list(customer, role, self.stage.aws, &query).await;
        listed.instances.iter().any(Instance::is_windows)
    }
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
