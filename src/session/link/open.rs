//! The one place where a session's channel opens.
//! It begins with the dial and ends when the client can use the channel. It handles the handshake,
//! a data key from KMS, the timers, and a far side that closes early.
//!
//! A terminal session without KMS has no handshake (protocol.md 0.5): it is open with its first
//! output, which the client gets. All others are open after their handshake, however silent the far
//! side is then. Refused: a session of another type than the client carries, and a port that asks
//! for a data key.

use std::pin::Pin;
use std::time::{Duration, Instant};

use crate::aws::Failure;
use crate::channel::{Accepts, DataKey, Event, SessionType};
use crate::session::error::hint;
use crate::session::ledger::end::End;
use crate::session::live::Session;
use crate::signals::{Ending, Signals};

use super::event::Lost;
use super::line::Line;
use super::timer::until;
use super::{dial, encryption};

/// How long the first message may take, acknowledgements included, before the agent counts as gone.
const FIRST_MESSAGE: Duration = Duration::from_secs(20);
/// How long the handshake may take. It starts again when the agent has its answer about a data key.
const HANDSHAKE: Duration = Duration::from_secs(20);
/// How long the service has to close a session after the agent heard that there is no key.
const CLOSING: Duration = Duration::from_secs(5);

/// What a client does while its channel opens.
pub(crate) trait Meanwhile {
    /// The connection stands. An error ends the session.
    fn connected(&mut self) -> Result<(), End> {
        Ok(())
    }

    /// Gives the line what has gathered for it: keys typed ahead, the terminal's size.
    /// Called before each wait.
    fn prepare(&mut self, line: &mut Line<'_, '_>);

    /// Waits for something on this side of the session, and deals with it. `Some` ends the session.
    /// Cancel-safe.
    async fn wait(&mut self) -> Option<End> {
        std::future::pending().await
    }

    /// A signal came. `Some` ends the session.
    fn signalled(&mut self, ending: Ending) -> Option<End> {
        Some(End::Signal(ending))
    }

    /// Shows the message of the customer's session document, hostile text.
    fn show(&mut self, text: &str);

    /// Shows the agent's own error, hostile text. A port session has no other place for it.
    fn warn(&mut self, text: &str) {
        self.show(text);
    }
}

/// A channel that its client can use.
pub(crate) struct Opened<'a, 'i> {
    /// The channel.
    pub line: Line<'a, 'i>,
    /// What the session is.
    pub session_type: SessionType,
}

impl<'a, 'i: 'a> Opened<'a, 'i> {
    /// Dials and stays until the session is open. Errors: how it ended instead.
    pub(crate) async fn complete(
        session: Session<'a, 'i>,
        accepts: Accepts,
        meanwhile: &mut impl Meanwhile,
        signals: &mut Signals,
    ) -> Result<Self, End> {
        session.context.callbacks.step("opening the data channel…");
        let mut line = match signals.guard(Line::open(session, accepts)).await {
            Err(ending) => return Err(End::Signal(ending)),
            Ok(Err(error)) => return Err(dial::failed(session, &error)),
            Ok(Ok(line)) => line,
        };
        meanwhile.connected()?;
        let mut opening = Opening::new(session, accepts);
        loop {
            meanwhile.prepare(&mut line);
            tokio::select! {
                event = line.next_of_channel() => match event {
                    Ok(event) => opening.event(event, &mut line, meanwhile)?,
                    Err(lost) => return Err(opening.lost(lost)),
                },
                key = ask(&mut opening.asking) => opening.answered(key, &mut line),
                end = meanwhile.wait() => end.map_or(Ok(()), Err)?,
                ending = signals.next() => meanwhile.signalled(ending).map_or(Ok(()), Err)?,
                () = until(Some(opening.began + FIRST_MESSAGE)), if !line.has_heard() => {
                    let reason = format!("the target sent nothing for {} s", FIRST_MESSAGE.as_secs());
                    return Err(silent(session, hanging(&reason)));
                }
                () = until(opening.deadline), if line.has_heard() => return Err(opening.late()),
            }
            if let Some(session_type) = opening.opened.take() {
                return Ok(Self { line, session_type });
            }
        }
    }
}

/// A question to KMS that is under way.
type Asking<'a> = Pin<Box<dyn Future<Output = (String, Result<DataKey, Failure>)> + 'a>>;

/// A channel on its way to being open.
struct Opening<'a, 'i> {
    session: Session<'a, 'i>,
    accepts: Accepts,
    began: Instant,
    /// When it is too late for the handshake, or for the service to close.
    deadline: Option<Instant>,
    session_type: Option<SessionType>,
    /// Whether a handshake is under way.
    shakes_hands: bool,
    /// What the agent asked for and was refused.
    refused: Option<String>,
    asking: Option<Asking<'a>>,
    /// Why there is no data key, once vendor-ssm has told the agent.
    keyless: Option<(String, Failure)>,
    /// Set once it is open.
    opened: Option<SessionType>,
}

impl<'a, 'i: 'a> Opening<'a, 'i> {
    fn new(session: Session<'a, 'i>, accepts: Accepts) -> Self {
        let began = Instant::now();
        Self {
            session,
            accepts,
            began,
            // A terminal session may have no handshake.
            deadline: (accepts != Accepts::Terminal).then(|| began + HANDSHAKE),
            session_type: None,
            shakes_hands: false,
            refused: None,
            asking: None,
            keyless: None,
            opened: None,
        }
    }

    fn event(
        &mut self,
        event: Event,
        line: &mut Line<'a, 'i>,
        meanwhile: &mut impl Meanwhile,
    ) -> Result<(), End> {
        match event {
            Event::Closed { output } => return Err(self.closed(output.trim())),
            // Without a key, no later message can open the session.
            _ if self.keyless.is_some() => {}
            Event::SessionType(session_type) => {
                // The agent starts nothing before its handshake is over.
                line.forget_resumption();
                self.is_of(session_type, line)?;
            }
            Event::HandshakeComplete { customer_message } => {
                if !customer_message.is_empty() {
                    meanwhile.show(&customer_message);
                }
                self.opened.clone_from(&self.session_type);
            }
            Event::DataKeyWanted { key_id, challenge } => match self.accepts {
                Accepts::Terminal | Accepts::Command => {
                    let session = self.session;
                    // The call has a limit of its own.
                    self.deadline = None;
                    self.asking = Some(Box::pin(async move {
                        let key = encryption::data_key(session, &key_id, challenge).await;
                        (key_id, key)
                    }));
                }
                // AWS encrypts no port sessions, and their documents cannot ask for it.
                Accepts::Port => line.data_key(Err("ports are not encrypted")),
            },
            Event::ActionRefused { action_type, error } => {
                self.refused.get_or_insert_with(|| {
                    format!(
                        "the session asks for {action_type}, which this client cannot do: {error}"
                    )
                });
            }
            Event::StdErr(bytes) if self.accepts == Accepts::Port => {
                meanwhile.warn(String::from_utf8_lossy(&bytes).trim());
            }
            event @ (Event::Output(_) | Event::StdErr(_) | Event::ExitCode(_)) => {
                if !line.hold(event) {
                    return Err(too_much());
                }
                if !self.shakes_hands {
                    self.opened = Some(self.session_type.clone().unwrap_or(SessionType::Terminal));
                }
            }
            event @ Event::ConnectToPortFailed => {
                if !line.hold(event) {
                    return Err(too_much());
                }
            }
            Event::Forged => return Err(Lost::forged().into()),
            Event::Acknowledged | Event::NothingTaken => {}
        }
        Ok(())
    }

    /// The agent has said what the session is, or its first output shows it.
    fn is_of(&mut self, session_type: SessionType, line: &Line<'_, '_>) -> Result<(), End> {
        let fits = matches!(
            (self.accepts, &session_type),
            (Accepts::Terminal, SessionType::Terminal)
                | (Accepts::Command, SessionType::Command)
                | (Accepts::Port, SessionType::Port(_))
        );
        if !fits {
            return Err(other_type(self.accepts));
        }
        self.session_type = Some(session_type);
        if !line.has_begun() {
            self.shakes_hands = true;
            self.deadline
                .get_or_insert_with(|| Instant::now() + HANDSHAKE);
        }
        Ok(())
    }

    /// KMS has answered.
    fn answered(
        &mut self,
        (key_id, key): (String, Result<DataKey, Failure>),
        line: &mut Line<'_, '_>,
    ) {
        self.asking = None;
        let now = Instant::now();
        match key {
            Ok(key) => {
                line.data_key(Ok(&key));
                self.deadline = Some(now + HANDSHAKE);
            }
            Err(failure) => {
                line.data_key(Err(&failure.summary()));
                self.keyless = Some((key_id, failure));
                self.deadline = Some(now + CLOSING);
            }
        }
    }

    fn closed(&mut self, said: &str) -> End {
        if let Some(keyless) = self.keyless.take() {
            return no_data_key(keyless, true);
        }
        let is_silent = self.refused.is_none() && said.is_empty();
        let own = &self.session.started.role.current().arn;
        let end = dial::closed(self.refused.take(), said, own);
        if is_silent {
            silent(self.session, end)
        } else {
            end
        }
    }

    fn lost(&mut self, lost: Lost) -> End {
        match self.keyless.take() {
            Some(keyless) => no_data_key(keyless, false),
            None => lost.into(),
        }
    }

    /// The deadline has passed.
    fn late(&mut self) -> End {
        if let Some(keyless) = self.keyless.take() {
            return no_data_key(keyless, false);
        }
        let reason = format!(
            "the target's agent did not complete the handshake in {} s",
            HANDSHAKE.as_secs()
        );
        silent(self.session, hanging(&reason))
    }
}

/// Waits for KMS, if it was asked.
async fn ask(asking: &mut Option<Asking<'_>>) -> (String, Result<DataKey, Failure>) {
    match asking {
        Some(asking) => asking.await,
        None => std::future::pending().await,
    }
}

fn no_data_key((key_id, failure): (String, Failure), is_closed: bool) -> End {
    End::NoDataKey {
        key_id,
        failure,
        is_closed,
    }
}

/// The far side sends on and on, and never opens the session.
fn too_much() -> End {
    let hint = "stop and report this: the instance's agent does not behave as AWS's does";
    let reason = "the target sent too much before the session was open";
    End::not_opened(reason, Some(hint.to_owned()))
}

/// What to do about an agent that does not go on.
pub(crate) const HANGING: &str =
    "the agent may be hanging: try again, or ask the customer to restart it";

fn hanging(reason: &str) -> End {
    End::not_opened(reason, Some(HANGING.to_owned()))
}

/// A session that never opened, and no reason was given.
/// If the agent had to look up parameters, that is why: it drops a session whose lookup fails.
fn silent(session: Session<'_, '_>, end: End) -> End {
    match (hint::lookup(&session.request.parameters), end) {
        (
            Some(hint),
            End::Failed {
                was_open: false,
                is_closed,
                reason,
                ..
            },
        ) => End::Failed {
            was_open: false,
            is_closed,
            reason,
            hint: Some(hint),
        },
        (_, end) => end,
    }
}

/// The session's document opens another type of session than the client carries.
pub(crate) fn other_type(accepts: Accepts) -> End {
    match accepts {
        // The command may have run in that terminal.
        Accepts::Command => End::lost(
            "its session document opens a terminal, not a command with output streams of its own",
        ),
        Accepts::Terminal | Accepts::Port => End::not_opened(
            "its session document opens another type of session",
            Some("ask the customer which documents they grant for ports, and set them under [customers.NAME.documents]: port and remote_port for forward, ssh for proxy".to_owned()),
        ),
    }
}
