//! The data channel and the agent behind it: what `StreamUrl` leads to.
//!
//! A session is an object of its own, and a websocket is attached to it, as with the real service.
//! So a lost connection loses no output, and a new websocket takes over with a token from
//! `ResumeSession`. A websocket that opens with another token is refused. Input that real agents
//! would not take is refused too, and kept as a [violation](Channels::violations) for tests to
//! read.

mod agent;
mod connection;
mod cut;
mod encryption;
mod faults;
mod handshake;
mod log;
pub mod message;
mod port;
mod preferences;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod processes;
#[cfg(unix)]
mod pump;
mod record;
mod run_as;
mod script;
mod session;
mod shell;
mod standin;
mod stream;
mod words;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;

pub use agent::{Behind, Command, Flag, Port};
pub use cut::Cut;
pub use encryption::Encryption;
pub use faults::Faults;
pub use log::Line;
pub use preferences::Preferences;
pub use record::{Opened, Record};
pub use run_as::RunAs;
pub use session::{Form, Frames, State};

use crate::kms::Vault;
use session::Session;

/// All data channels of the sandbox.
/// Clones share them; when the last one is dropped every shell is killed. A task in
/// [`serve`](Self::serve) holds a clone, so a sandbox that stops while clients are there has to
/// [shut down](Self::shutdown).
#[derive(Clone, Default)]
pub struct Channels {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    sessions: Mutex<HashMap<String, Arc<Session>>>,
    faults: Arc<Faults>,
    vault: Vault,
    line: cut::Line,
}

/// The agent's version where nothing else asks for another.
pub const AGENT_VERSION: &str = "3.3.987.0";

/// What a session is created with.
#[derive(Clone, Debug)]
pub struct Spec {
    /// `SessionId`, unique in the sandbox.
    pub session_id: String,
    /// The `Target` of `StartSession`, an instance id.
    pub target: String,
    /// What runs at the other end.
    pub behind: Behind,
    /// Whether the agent opens with a handshake though what runs needs none:
    /// real agents do so only when the account's preferences ask for KMS.
    pub handshake: bool,
    /// How the session is encrypted, when it is; then there is a handshake too.
    pub encryption: Option<Encryption>,
    /// What else the document asks for.
    pub preferences: Preferences,
    /// The version that the agent claims in its handshake, four numbers with dots.
    /// How ports are forwarded depends on it.
    pub agent_version: String,
}

impl Spec {
    fn needs_handshake(&self) -> bool {
        self.handshake || self.encryption.is_some() || self.behind.needs_handshake()
    }
}

/// The program behind a session.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Path of the program, `/bin/sh` for a real agent without a run-as shell.
    pub program: PathBuf,
    /// Its arguments, without the name.
    pub args: Vec<String>,
    /// Variables beside `PATH`, `TERM`, `LANG`, `HOME` and `PS1`; they win.
    pub env: Vec<(String, String)>,
    /// Working directory, and `HOME` if there is no other; `/` when absent.
    pub cwd: Option<PathBuf>,
    /// A stand-in for Windows: no program is run and there is no pty.
    /// Lines end in CR alone, and `exit` ends the session.
    pub windows: bool,
}

impl Channels {
    /// No sessions and no faults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a session that waits for its first websocket.
    /// One of the same id is replaced and its shell killed.
    pub fn create(&self, spec: Spec, token: String) {
        let id = spec.session_id.clone();
        let session = Session::new(
            spec,
            token,
            Arc::clone(&self.shared.faults),
            self.vault().clone(),
        );
        if let Some(replaced) = self.shared.sessions().insert(id, session) {
            replaced.abort();
        }
    }

    /// `ResumeSession`: the next websocket has to bring this token.
    /// `false` when the session is over or unknown.
    pub fn renew(&self, session_id: &str, token: String) -> bool {
        self.session(session_id)
            .is_some_and(|session| session.renew(token))
    }

    /// `TerminateSession`: kills the shell and sends `channel_closed` with this `Output`.
    /// `false` when the session is over already or unknown.
    pub fn terminate(&self, session_id: &str, output: &str) -> bool {
        self.session(session_id)
            .is_some_and(|session| session.terminate(output))
    }

    /// Where a session stands; `None` when it is unknown.
    pub fn state(&self, session_id: &str) -> Option<State> {
        Some(self.session(session_id)?.state())
    }

    /// The ids of all sessions that are not over, sorted.
    /// One that the service has ended is over, though its agent may still wait for
    /// acknowledgements.
    pub fn open(&self) -> Vec<String> {
        let mut ids: Vec<String> = self
            .shared
            .sessions()
            .iter()
            .filter(|(_, session)| session.is_open())
            .map(|(id, _)| id.clone())
            .collect();
        ids.sort();
        ids
    }

    /// How many outputs there were; `None` if some are not acknowledged, or for an unknown session.
    pub fn delivered(&self, session_id: &str) -> Option<i64> {
        self.session(session_id)?.delivered()
    }

    /// Drops the session's websocket without a close frame.
    /// `false` when none is attached. Whether the peer sees FIN or RST is for the socket given to
    /// [`serve`](Self::serve) to decide (`SO_LINGER`).
    pub fn drop_connection(&self, session_id: &str) -> bool {
        self.session(session_id)
            .is_some_and(|session| session.cut())
    }

    /// Ends the session's websocket with the close frame 1001, going away, and leaves the session
    /// as it is. `false` when none is attached.
    pub fn dismiss(&self, session_id: &str) -> bool {
        self.session(session_id)
            .is_some_and(|session| session.dismiss())
    }

    /// Drops every websocket and keeps clients off for a time, from now on.
    pub fn cut(&self, cut: Cut, time: Duration) {
        self.shared.line.cut(cut, time);
        for session in self.shared.sessions().values() {
            session.cut();
        }
    }

    /// Tells a session's client that the agent is back (`start_publication`) or away
    /// (`pause_publication`). An agent that is away sends no output until it is back or hears from
    /// the client. `false` if no websocket is attached.
    pub fn publish(&self, session_id: &str, on: bool, form: Form) -> bool {
        self.session(session_id)
            .is_some_and(|session| session.publish(on, form))
    }

    /// Has a hostile far side send frames to a session's client, whatever they are.
    /// They are made for the number of the next output. The acknowledgements that the client sends
    /// for them are [violations](Self::violations).
    pub fn pour(&self, session_id: &str, frames: impl FnOnce(i64) -> Frames) {
        if let Some(session) = self.session(session_id) {
            session.pour(frames);
        }
    }

    /// Whether all of those frames were sent.
    pub fn has_poured(&self, session_id: &str) -> bool {
        self.session(session_id)
            .is_some_and(|session| session.has_poured())
    }

    /// The log of a session, as far as there is one by now.
    pub fn log(&self, session_id: &str) -> Vec<Line> {
        self.session(session_id)
            .map(|session| session.log())
            .unwrap_or_default()
    }

    /// Ends a [cut](Self::cut) before its time.
    pub fn mend(&self) {
        self.shared.line.mend();
    }

    /// What a client that connects now meets, when it is cut off.
    pub fn is_cut(&self) -> Option<Cut> {
        self.shared.line.now()
    }

    /// What the client did wrong in this session, in the order it happened.
    pub fn violations(&self, session_id: &str) -> Vec<String> {
        self.session(session_id)
            .map(|session| session.violations())
            .unwrap_or_default()
    }

    /// What was seen of the client in this session; `None` when it is unknown.
    pub fn record(&self, session_id: &str) -> Option<Record> {
        Some(self.session(session_id)?.record())
    }

    /// The switches for misbehaving, for all sessions at once.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// What KMS made data keys with, and the agent decrypts them with.
    pub fn vault(&self) -> &Vault {
        &self.shared.vault
    }

    /// Runs the service's and the agent's side of one websocket until it ends.
    /// An unknown session or a wrong token closes it with 1008.
    pub async fn serve<S>(&self, session_id: String, socket: WebSocketStream<S>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        connection::serve(self.session(&session_id), socket).await;
    }

    /// Ends every session without a word and kills every shell.
    pub fn shutdown(&self) {
        self.shared.abort();
    }

    fn session(&self, session_id: &str) -> Option<Arc<Session>> {
        self.shared.sessions().get(session_id).cloned()
    }
}

impl Shared {
    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn abort(&self) {
        for session in self.sessions().values() {
            session.abort();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.abort();
    }
}
