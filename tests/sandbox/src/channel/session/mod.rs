//! One session: the service's state of it and the agent's, with or without a websocket attached.

mod closing;
mod crash;
mod handshaking;
mod input;
mod limits;
mod output;
mod pour;
mod publication;
mod turn;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Instant, SystemTime};

use tokio::sync::{Notify, watch};

pub use pour::Frames;
pub use publication::Form;

use super::agent::{Failure, Plugin};
use super::encryption::Encrypted;
use super::log::Log;
use super::message::{OpenDataChannel, PayloadType};
use super::run_as::{RunAs, User};
use super::stream::{Inbound, Outbound};
use super::{Faults, Record, Spec};
use crate::kms::Vault;
use publication::Notice;

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for its first websocket.
    Created,
    /// Opened; the agent is about to start.
    Connected,
    /// The agent waits for the client's answer.
    Handshaking,
    /// The shell runs.
    Running,
    /// The shell is gone; outputs may still wait for acknowledgements.
    Closing,
    /// `channel_closed` was sent or could not be.
    Done,
}

pub struct Session {
    spec: Spec,
    faults: Arc<Faults>,
    vault: Vault,
    inner: Mutex<Inner>,
    /// Outputs were acknowledged, or the state has changed.
    progress: Condvar,
    /// The same for those who wait in a task.
    room: Notify,
    /// There is something to send, or the websocket was cut off.
    wake: watch::Sender<()>,
    /// The last websocket that was sent away.
    dismissed: AtomicU64,
    /// The service has ended the session.
    terminated: AtomicBool,
}

struct Inner {
    state: State,
    token: Option<String>,
    /// Counts websockets, so that one that was cut off knows it.
    connection: u64,
    attached: bool,
    inbound: Inbound,
    outbound: Outbound,
    acknowledgements: VecDeque<Vec<u8>>,
    started: Option<Instant>,
    swapped: Option<Vec<u8>>,
    farewell: Option<Vec<u8>>,
    plugin: Option<Box<dyn Plugin>>,
    encrypted: Option<Encrypted>,
    /// When anything last went either way.
    active: Option<Instant>,
    /// The agent knows that no client listens.
    paused: bool,
    /// The agent's worker has crashed, and the agent does not know yet.
    crashed: bool,
    notices: Vec<Notice>,
    /// What a hostile far side sends.
    hostile: Option<Frames>,
    log: Log,
    record: Record,
}

impl Session {
    pub fn new(spec: Spec, token: String, faults: Arc<Faults>, vault: Vault) -> Arc<Self> {
        Arc::new(Self {
            spec,
            faults,
            vault,
            inner: Mutex::new(Inner {
                state: State::Created,
                token: Some(token),
                connection: 0,
                attached: false,
                inbound: Inbound::default(),
                outbound: Outbound::default(),
                acknowledgements: VecDeque::new(),
                started: None,
                swapped: None,
                farewell: None,
                plugin: None,
                encrypted: None,
                active: None,
                paused: false,
                crashed: false,
                notices: Vec::new(),
                hostile: None,
                log: Log::default(),
                record: Record::default(),
            }),
            progress: Condvar::new(),
            room: Notify::new(),
            wake: watch::Sender::new(()),
            // Websockets are counted from 1.
            dismissed: AtomicU64::new(0),
            terminated: AtomicBool::new(false),
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn state(&self) -> State {
        self.inner().state
    }

    /// Whether neither the service nor the agent has ended it.
    pub fn is_open(&self) -> bool {
        self.is_alive(&self.inner())
    }

    fn is_alive(&self, inner: &Inner) -> bool {
        inner.state != State::Done && !self.terminated.load(Relaxed)
    }

    pub fn record(&self) -> Record {
        self.inner().record.clone()
    }

    /// The user that what runs can be run as.
    pub fn user(&self) -> Option<User> {
        User::of(self.spec.preferences.run_as.as_deref()?)
    }

    /// What the agent types into the shell before anything else.
    pub fn shell_profile(&self) -> Option<&str> {
        self.spec.preferences.shell_profile.as_deref()
    }

    pub fn violations(&self) -> Vec<String> {
        self.inner().record.violations.clone()
    }

    pub fn violated(&self, what: impl Into<String>) {
        self.inner().record.violated(what);
    }

    pub fn renew(&self, token: String) -> bool {
        let mut inner = self.inner();
        let alive = self.is_alive(&inner);
        if alive {
            inner.token = Some(token);
        }
        alive
    }

    /// Drops the websocket; `false` when there is none.
    pub fn cut(&self) -> bool {
        let mut inner = self.inner();
        let attached = inner.attached;
        if attached {
            inner.detach();
            self.wake.send_replace(());
        }
        attached
    }

    /// Ends the websocket with a close frame, as the service does from time to time;
    /// `false` when there is none.
    pub fn dismiss(&self) -> bool {
        let connection = self.inner().connection;
        self.dismissed.store(connection, Relaxed);
        self.cut()
    }

    /// Whether this websocket is to end with a close frame.
    pub fn has_dismissed(&self, connection: u64) -> bool {
        self.dismissed.load(Relaxed) == connection
    }

    pub fn abort(&self) {
        let mut inner = self.inner();
        inner.state = State::Done;
        inner.plugin = None;
        inner.detach();
        self.progressed();
        self.wake.send_replace(());
    }

    /// Wakes the holder of the receiver when there is something to send.
    pub fn wakeups(&self) -> watch::Receiver<()> {
        self.wake.subscribe()
    }

    /// Whether this websocket is still the session's own.
    pub fn is_attached(&self, connection: u64) -> bool {
        let inner = self.inner();
        inner.attached && inner.connection == connection
    }

    /// Attaches a websocket by its first frame and starts the agent if it is the first.
    /// `None` when it is refused.
    pub fn attach(self: &Arc<Self>, open: &str) -> Option<u64> {
        let mut inner = self.inner();
        let open: OpenDataChannel = match serde_json::from_str(open) {
            Ok(open) => open,
            Err(error) => {
                // The position alone: the text holds the token.
                let column = error.column();
                inner
                    .record
                    .violated(format!("open message: not understood at {column}"));
                return None;
            }
        };
        if inner.state == State::Done || inner.token.as_ref() != Some(&open.token_value) {
            return None;
        }
        if self.faults.refuses_open() {
            return None;
        }
        inner.token = None;
        inner.record.open(open);
        inner.detach();
        inner.attached = true;
        inner.outbound.attach(Instant::now());
        if inner.state == State::Created {
            inner.state = State::Connected;
            self.start_agent(&mut inner);
        }
        self.wake.send_replace(());
        Some(inner.connection)
    }

    /// The websocket is gone.
    pub fn detach(&self, connection: u64) {
        let mut inner = self.inner();
        if inner.attached && inner.connection == connection {
            inner.detach();
        }
    }

    fn start_agent(self: &Arc<Self>, inner: &mut Inner) {
        if self.spec.preferences.lookup_failed {
            return;
        }
        inner.started = Some(Instant::now());
        self.limit(inner);
        if self.spec.needs_handshake() {
            if !self.faults.withholds_handshake() {
                self.start_handshake(inner);
            }
        } else {
            self.start_plugin(inner);
        }
    }

    fn start_plugin(self: &Arc<Self>, inner: &mut Inner) {
        inner.state = State::Running;
        inner.record.run_as = self.spec.preferences.run_as.clone().map(|user| RunAs {
            real: User::of(&user).is_some(),
            user,
        });
        let Spec {
            behind,
            agent_version,
            ..
        } = &self.spec;
        match behind.start(self, &inner.record.client_version, agent_version) {
            Ok(plugin) => inner.plugin = Some(plugin),
            Err(failure) if failure.outputs.is_empty() => {
                self.close_locked(inner, failure.farewell);
            }
            Err(failure) => {
                let session = Arc::clone(self);
                thread::spawn(move || session.fail(failure));
            }
        }
    }

    /// Says why nothing runs, and ends the session.
    fn fail(self: &Arc<Self>, failure: Failure) {
        for (wait, payload_type, text) in failure.outputs {
            thread::sleep(wait);
            if payload_type == PayloadType::ExitCode {
                self.exit_code(&text);
            } else {
                self.output_of(payload_type, text.as_bytes());
            }
        }
        self.close(&failure.farewell);
    }

    /// What runs has room for inputs again.
    pub fn nudge(&self) {
        self.wake.send_replace(());
    }

    /// Outputs were acknowledged or the state has changed.
    fn progressed(&self) {
        self.progress.notify_all();
        self.room.notify_waiters();
    }
}

impl Inner {
    fn detach(&mut self) {
        self.connection += 1;
        self.attached = false;
        self.swapped = None;
        self.paused = false;
        self.notices.clear();
        self.acknowledgements.clear();
    }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
