//! One session: the service's state of it and the agent's, with or without a
//! websocket attached.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;
use uuid::Uuid;

use super::message::{
    ACKNOWLEDGE, Acknowledge, CHANNEL_CLOSED, ChannelClosed, INPUT_STREAM_DATA, MAX_PAYLOAD,
    Message, OUTPUT_STREAM_DATA, OpenDataChannel, PayloadType, SYN, SYN_FIN, Size,
};
use super::shell::{Key, Keyboard};
use super::stream::{Arrival, Inbound, Outbound};
use super::{Faults, Spec, handshake, shell};

/// How long a closing session waits for acknowledgements.
const CLOSING: Duration = Duration::from_secs(2);
/// How long the agent waits for the answer to its handshake.
const HANDSHAKE: Duration = Duration::from_secs(15);

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

/// An open message, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// `RequestId`, new for every websocket.
    pub request_id: Uuid,
    /// `ClientId`, the same for all of a session.
    pub client_id: Uuid,
    /// `ClientVersion`.
    pub client_version: String,
}

/// What was seen of the client in one session.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The open messages that were accepted, one for each websocket.
    pub opened: Vec<Opened>,
    /// Inputs taken, each once, of all payload types.
    pub inputs: u64,
    /// Inputs that had arrived before.
    pub duplicates: u64,
    /// Sizes, in order.
    pub sizes: Vec<Size>,
    /// Bytes of the longest input.
    pub max_payload: usize,
}

/// What a websocket has to send next.
#[derive(Default)]
pub struct Turn {
    pub frames: Vec<Vec<u8>>,
    /// The session is over: close after these frames.
    pub last: bool,
}

pub struct Session {
    spec: Spec,
    faults: Arc<Faults>,
    inner: Mutex<Inner>,
    /// Outputs were acknowledged, or the state has changed.
    progress: Condvar,
    /// There is something to send, or the websocket was cut off.
    wake: watch::Sender<()>,
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
    keyboard: Option<Keyboard>,
    record: Record,
    violations: Vec<String>,
}

impl Session {
    pub fn new(spec: Spec, token: String, faults: Arc<Faults>) -> Arc<Self> {
        Arc::new(Self {
            spec,
            faults,
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
                keyboard: None,
                record: Record::default(),
                violations: Vec::new(),
            }),
            progress: Condvar::new(),
            wake: watch::Sender::new(()),
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn state(&self) -> State {
        self.inner().state
    }

    pub fn record(&self) -> Record {
        self.inner().record.clone()
    }

    pub fn violations(&self) -> Vec<String> {
        self.inner().violations.clone()
    }

    pub fn violated(&self, what: impl Into<String>) {
        self.inner().violations.push(what.into());
    }

    pub fn renew(&self, token: String) -> bool {
        let mut inner = self.inner();
        let alive = !matches!(inner.state, State::Closing | State::Done);
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

    pub fn abort(&self) {
        let mut inner = self.inner();
        inner.state = State::Done;
        inner.keyboard = None;
        inner.detach();
        self.progress.notify_all();
        self.wake.send_replace(());
    }

    /// Wakes whoever holds the receiver when there is something to send.
    pub fn wakeups(&self) -> watch::Receiver<()> {
        self.wake.subscribe()
    }

    /// Whether this websocket is still the session's own.
    pub fn is_attached(&self, connection: u64) -> bool {
        let inner = self.inner();
        inner.attached && inner.connection == connection
    }

    /// Attaches a websocket by its first frame and starts the agent if it is
    /// the first. `None` when it is refused.
    pub fn attach(self: &Arc<Self>, open: &str) -> Option<u64> {
        let mut inner = self.inner();
        let open: OpenDataChannel = match serde_json::from_str(open) {
            Ok(open) => open,
            Err(error) => {
                // The position alone: the text holds the token.
                let column = error.column();
                inner
                    .violations
                    .push(format!("open message: not understood at {column}"));
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
        inner.opened(open);
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
        inner.started = Some(Instant::now());
        if !self.spec.handshake {
            self.start_shell(inner);
            return;
        }
        inner.state = State::Handshaking;
        inner.output(PayloadType::HandshakeRequest, handshake::request());
        let session = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(HANDSHAKE).await;
            if let Some(session) = session.upgrade() {
                let mut inner = session.inner();
                if inner.state == State::Handshaking {
                    session.close_locked(&mut inner, handshake::timed_out());
                }
            }
        });
    }

    fn start_shell(self: &Arc<Self>, inner: &mut Inner) {
        inner.state = State::Running;
        match shell::start(&self.spec.shell, self) {
            Ok(keyboard) => inner.keyboard = Some(keyboard),
            Err(error) => {
                self.close_locked(inner, format!("----------ERROR-------\n{error}"));
            }
        }
    }

    /// Output of the shell. Waits while too much is unacknowledged; `false`
    /// when nobody wants it any more.
    pub fn output(&self, bytes: &[u8]) -> bool {
        let mut inner = self
            .progress
            .wait_while(self.inner(), |inner| {
                inner.state == State::Running && inner.outbound.is_full()
            })
            .unwrap_or_else(PoisonError::into_inner);
        if inner.state != State::Running {
            return false;
        }
        for chunk in bytes.chunks(MAX_PAYLOAD) {
            inner.output(PayloadType::Output, chunk.to_vec());
        }
        self.wake.send_replace(());
        true
    }

    /// How many outputs there were, or `None` while no more are taken.
    pub fn outputs(&self) -> Option<i64> {
        let inner = self.inner();
        (!inner.outbound.is_full()).then(|| inner.outbound.next_sequence())
    }

    /// Ends the session: kills the shell, waits for acknowledgements and says
    /// `channel_closed`. `false` when it had ended before.
    pub fn close(self: &Arc<Self>, output: &str) -> bool {
        self.close_locked(&mut self.inner(), output.to_owned())
    }

    fn close_locked(self: &Arc<Self>, inner: &mut Inner, output: String) -> bool {
        match inner.state {
            State::Closing | State::Done => return false,
            State::Created => inner.state = State::Done,
            State::Connected | State::Handshaking | State::Running => {
                inner.state = State::Closing;
                let session = Arc::clone(self);
                thread::spawn(move || session.finish(&output));
            }
        }
        inner.keyboard = None;
        self.progress.notify_all();
        true
    }

    fn finish(&self, output: &str) {
        let (mut inner, _) = self
            .progress
            .wait_timeout_while(self.inner(), CLOSING, |inner| {
                inner.state == State::Closing && !inner.outbound.is_empty()
            })
            .unwrap_or_else(PoisonError::into_inner);
        inner.state = State::Done;
        inner.farewell = Some(self.channel_closed(output));
        self.wake.send_replace(());
    }

    fn channel_closed(&self, output: &str) -> Vec<u8> {
        let id = Uuid::new_v4();
        let created = now();
        let payload = ChannelClosed {
            message_type: CHANNEL_CLOSED.to_owned(),
            message_id: id,
            destination_id: self.spec.target.clone(),
            session_id: self.spec.session_id.clone(),
            schema_version: 1,
            created_date: created.to_string(),
            output: output.to_owned(),
        };
        let message = Message {
            message_type: CHANNEL_CLOSED.to_owned(),
            created,
            sequence: 0,
            flags: 0,
            id,
            payload_type: 0,
            payload: serde_json::to_vec(&payload).expect("text becomes JSON"),
        };
        if self.faults.is_channel_closed_long() {
            message.encode()
        } else {
            message.encode_short()
        }
    }

    /// Takes a binary frame from the client.
    pub fn accept(self: &Arc<Self>, connection: u64, frame: &[u8]) {
        let mut inner = self.inner();
        if inner.connection != connection {
            return;
        }
        match Message::decode(frame) {
            Err(malformed) => inner.violations.push(malformed.to_string()),
            Ok(message) => match message.message_type.as_str() {
                INPUT_STREAM_DATA => self.accept_input(&mut inner, message),
                ACKNOWLEDGE => {
                    inner.acknowledged(&message);
                    self.progress.notify_all();
                }
                other => inner
                    .violations
                    .push(format!("message type {other:?} from a client")),
            },
        }
    }

    fn accept_input(self: &Arc<Self>, inner: &mut Inner, message: Message) {
        let length = message.payload.len();
        inner.record.max_payload = inner.record.max_payload.max(length);
        if length > MAX_PAYLOAD {
            inner.violations.push(format!(
                "{length} bytes of payload, more than {MAX_PAYLOAD}"
            ));
            return;
        }
        let acknowledgement = acknowledge(&message);
        let taken = match inner.inbound.arrival(message.sequence) {
            Arrival::Duplicate => {
                inner.record.duplicates += 1;
                true
            }
            Arrival::Early => inner.inbound.keep(message),
            Arrival::Next => self.deliver(inner, &message),
        };
        if taken && !self.faults.withholds_ack() {
            inner.acknowledgements.push_back(acknowledgement);
            self.wake.send_replace(());
        }
        self.deliver_early(inner);
    }

    fn deliver_early(self: &Arc<Self>, inner: &mut Inner) {
        while let Some(message) = inner.inbound.next().cloned() {
            if !self.deliver(inner, &message) {
                return;
            }
        }
    }

    /// Gives the input that is waited for to the agent; `false` when the agent
    /// has no room for it, so that the client has to send it again.
    fn deliver(self: &Arc<Self>, inner: &mut Inner, message: &Message) -> bool {
        const OUTPUT: u32 = PayloadType::Output as u32;
        const SIZE: u32 = PayloadType::Size as u32;
        const HANDSHAKE_RESPONSE: u32 = PayloadType::HandshakeResponse as u32;
        let key = match (inner.state, message.payload_type) {
            (State::Handshaking, HANDSHAKE_RESPONSE) => {
                self.answered(inner, &message.payload);
                None
            }
            (State::Handshaking, _) => {
                inner
                    .violations
                    .push("input before the handshake was complete".to_owned());
                None
            }
            (_, OUTPUT) => Some(Key::Typed(message.payload.clone())),
            (_, SIZE) => inner.size(&message.payload).map(Key::Resized),
            (_, other) => {
                inner
                    .violations
                    .push(format!("payload type {other} for a shell"));
                None
            }
        };
        let taken = match (key, &inner.keyboard) {
            (Some(key), Some(keyboard)) => keyboard.press(key),
            _ => true,
        };
        if taken {
            inner.inbound.advance();
            inner.record.inputs += 1;
        }
        taken
    }

    fn answered(self: &Arc<Self>, inner: &mut Inner, payload: &[u8]) {
        match handshake::accept(payload) {
            Ok(()) => {
                let took = inner
                    .started
                    .map(|started| started.elapsed())
                    .unwrap_or_default();
                inner.output(PayloadType::HandshakeComplete, handshake::complete(took));
                self.start_shell(inner);
            }
            Err(error) => {
                self.close_locked(inner, error);
            }
        }
    }

    /// What this websocket has to send now.
    pub fn turn(self: &Arc<Self>, connection: u64) -> Turn {
        /// Outputs in one turn, so that acknowledgements do not wait for long.
        const OUTPUTS: usize = 64;
        let mut inner = self.inner();
        let mut turn = Turn::default();
        if !inner.attached || inner.connection != connection || self.faults.is_silent() {
            return turn;
        }
        self.deliver_early(&mut inner);
        turn.frames.extend(inner.acknowledgements.drain(..));
        let now = Instant::now();
        let delay = self.faults.first_output_delay();
        if inner
            .started
            .is_some_and(|started| now.duration_since(started) >= delay)
        {
            turn.frames.extend(inner.outbound.overdue(now));
            for _ in 0..OUTPUTS {
                let Some(frame) = inner.outbound.fresh(now) else {
                    break;
                };
                self.send_badly(&mut inner, frame, &mut turn.frames);
            }
        }
        if let Some(farewell) = inner.farewell.take() {
            turn.frames.push(farewell);
            turn.last = true;
        }
        turn
    }

    fn send_badly(&self, inner: &mut Inner, frame: Vec<u8>, frames: &mut Vec<Vec<u8>>) {
        if self.faults.loses_output() {
            return;
        }
        if inner.swapped.is_none() && self.faults.swaps_output() {
            // If nothing follows, the retransmission brings it.
            inner.swapped = Some(frame);
            return;
        }
        if self.faults.doubles_output() {
            frames.push(frame.clone());
        }
        frames.push(frame);
        frames.extend(inner.swapped.take());
    }
}

impl Inner {
    fn detach(&mut self) {
        self.connection += 1;
        self.attached = false;
        self.swapped = None;
        self.acknowledgements.clear();
    }

    fn opened(&mut self, open: OpenDataChannel) {
        if open.message_schema_version != "1.0" {
            self.violations
                .push("open message: MessageSchemaVersion is not 1.0".to_owned());
        }
        if let Some(first) = self.record.opened.first()
            && first.client_id != open.client_id
        {
            self.violations
                .push("open message: another ClientId than before".to_owned());
        }
        if self
            .record
            .opened
            .iter()
            .any(|earlier| earlier.request_id == open.request_id)
        {
            self.violations
                .push("open message: RequestId of an earlier one".to_owned());
        }
        self.record.opened.push(Opened {
            request_id: open.request_id,
            client_id: open.client_id,
            client_version: open.client_version,
        });
    }

    fn output(&mut self, payload_type: PayloadType, payload: Vec<u8>) {
        let sequence = self.outbound.next_sequence();
        let message = Message {
            message_type: OUTPUT_STREAM_DATA.to_owned(),
            created: now(),
            sequence,
            flags: if sequence == 0 { SYN } else { 0 },
            id: Uuid::new_v4(),
            payload_type: payload_type as u32,
            payload,
        };
        self.outbound.push(message.encode());
    }

    fn size(&mut self, payload: &[u8]) -> Option<Size> {
        let size = serde_json::from_slice(payload).ok();
        match size {
            Some(size) => self.record.sizes.push(size),
            None => self.violations.push("size is not understood".to_owned()),
        }
        size
    }

    fn acknowledged(&mut self, message: &Message) {
        let understood = serde_json::from_slice::<Acknowledge>(&message.payload)
            .ok()
            .filter(|ack| ack.acknowledged_message_type == OUTPUT_STREAM_DATA);
        match understood {
            None => self
                .violations
                .push("acknowledgement is not understood".to_owned()),
            Some(ack) => {
                let sequence = ack.acknowledged_message_sequence_number;
                if !self.outbound.acknowledge(sequence, Instant::now()) {
                    self.violations
                        .push(format!("acknowledgement of {sequence}, never sent"));
                }
            }
        }
    }
}

fn acknowledge(message: &Message) -> Vec<u8> {
    Message {
        message_type: ACKNOWLEDGE.to_owned(),
        created: now(),
        sequence: 0,
        flags: SYN_FIN,
        id: Uuid::new_v4(),
        payload_type: 0,
        payload: serde_json::to_vec(&Acknowledge::of(message)).expect("text becomes JSON"),
    }
    .encode()
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
