//! The sandbox's data channel, driven by a client of a few lines.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio::io::DuplexStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message as Frame, Utf8Bytes};
use uuid::Uuid;

use vendor_ssm_sandbox::channel::message::{
    ACKNOWLEDGE, Acknowledge, CHANNEL_CLOSED, ChannelClosed, INPUT_STREAM_DATA, Message,
    OUTPUT_STREAM_DATA, PayloadType, SYN,
};
use vendor_ssm_sandbox::channel::{
    AGENT_VERSION, Behind, Channels, Preferences, Shell, Spec, State,
};

#[path = "channel/commands.rs"]
mod commands;
#[path = "channel/ports.rs"]
mod ports;

const ID: &str = "alice-0123456789abcdef0";
const PROMPT: &str = "sh-5.2$ ";
const LIMIT: Duration = Duration::from_secs(10);

fn shell() -> Shell {
    Shell {
        program: PathBuf::from("/bin/sh"),
        args: Vec::new(),
        env: Vec::new(),
        cwd: None,
        windows: false,
    }
}

fn spec(shell: Shell) -> Spec {
    Spec {
        session_id: ID.to_owned(),
        target: "i-0123456789abcdef0".to_owned(),
        behind: Behind::Shell(shell),
        handshake: false,
        encryption: None,
        preferences: Preferences::default(),
        agent_version: AGENT_VERSION.to_owned(),
    }
}

/// One session with the token `first`.
fn channels() -> Channels {
    let channels = Channels::new();
    channels.create(spec(shell()), "first".to_owned());
    channels
}

/// What the client knows beyond one websocket.
#[derive(Default)]
struct Memory {
    client_id: Uuid,
    next_input: i64,
    expected: i64,
    early: BTreeMap<i64, Message>,
}

struct Client {
    socket: WebSocketStream<DuplexStream>,
    memory: Memory,
    /// Whether outputs are acknowledged.
    polite: bool,
    /// Every output as it came, again and again.
    outputs: Vec<Message>,
    /// Sequence numbers of acknowledged inputs as they came.
    acknowledged: Vec<i64>,
    text: String,
    /// What has come in order, once each, with its payload type.
    received: Vec<(u32, Vec<u8>)>,
    closed: Option<ChannelClosed>,
    close_code: Option<CloseCode>,
}

impl Client {
    /// A websocket, nothing said yet.
    async fn new(channels: &Channels, memory: Memory) -> Self {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let channels = channels.clone();
        tokio::spawn(async move {
            let socket = WebSocketStream::from_raw_socket(far, Role::Server, None).await;
            channels.serve(ID.to_owned(), socket).await;
        });
        Self {
            socket: WebSocketStream::from_raw_socket(near, Role::Client, None).await,
            memory,
            polite: true,
            outputs: Vec::new(),
            acknowledged: Vec::new(),
            text: String::new(),
            received: Vec::new(),
            closed: None,
            close_code: None,
        }
    }

    async fn open(channels: &Channels, token: &str) -> Self {
        let memory = Memory {
            client_id: Uuid::new_v4(),
            ..Memory::default()
        };
        Self::resume(channels, token, memory).await
    }

    async fn resume(channels: &Channels, token: &str, memory: Memory) -> Self {
        let mut client = Self::new(channels, memory).await;
        let open = serde_json::json!({
            "MessageSchemaVersion": "1.0",
            "RequestId": Uuid::new_v4(),
            "TokenValue": token,
            "ClientId": client.memory.client_id,
            "ClientVersion": "1.2.764.0",
        });
        let open = Frame::Text(Utf8Bytes::from(open.to_string()));
        client.socket.send(open).await.unwrap();
        client
    }

    fn input(sequence: i64, payload_type: u32, payload: &[u8]) -> Message {
        Message {
            message_type: INPUT_STREAM_DATA.to_owned(),
            created: 1,
            sequence,
            flags: 0,
            id: Uuid::new_v4(),
            payload_type,
            payload: payload.to_vec(),
        }
    }

    async fn send(&mut self, message: &Message) {
        self.socket
            .send(Frame::binary(message.encode()))
            .await
            .unwrap();
    }

    async fn send_next(&mut self, payload_type: PayloadType, payload: &[u8]) -> Message {
        let message = Self::input(self.memory.next_input, payload_type as u32, payload);
        self.memory.next_input += 1;
        self.send(&message).await;
        message
    }

    /// Waits for the agent's request, answers it, waits for the end of the handshake: the request.
    async fn shake_hands(&mut self, version: &str) -> serde_json::Value {
        self.until("request", |client| !client.received.is_empty())
            .await;
        let (kind, request) = self.received[0].clone();
        assert_eq!(kind, PayloadType::HandshakeRequest as u32);
        let response = serde_json::json!({
            "ClientVersion": version,
            "ProcessedClientActions": [
                {"ActionType": "SessionType", "ActionStatus": 1, "ActionResult": null, "Error": ""},
            ],
            "Errors": null,
        });
        self.send_next(
            PayloadType::HandshakeResponse,
            response.to_string().as_bytes(),
        )
        .await;
        self.until("the end of the handshake", |client| {
            client.received.len() > 1
        })
        .await;
        assert_eq!(self.received[1].0, PayloadType::HandshakeComplete as u32);
        serde_json::from_slice(&request).unwrap()
    }

    /// All bytes of this payload type so far.
    fn received_of(&self, payload_type: PayloadType) -> Vec<u8> {
        let parts = self.received.iter();
        let own = parts.filter(|(kind, _)| *kind == payload_type as u32);
        own.flat_map(|(_, bytes)| bytes.clone()).collect()
    }

    async fn type_in(&mut self, text: &str) -> Message {
        self.send_next(PayloadType::Output, text.as_bytes()).await
    }

    /// Takes one frame; `false` at the end.
    async fn step(&mut self) -> bool {
        let frame = match self.socket.next().await {
            Some(Ok(Frame::Binary(frame))) => frame,
            Some(Ok(Frame::Close(close))) => {
                self.close_code = close.map(|close| close.code);
                return true;
            }
            Some(Ok(_)) => return true,
            Some(Err(_)) | None => return false,
        };
        let message = Message::decode(&frame).unwrap();
        match message.message_type.as_str() {
            ACKNOWLEDGE => {
                let ack: Acknowledge = serde_json::from_slice(&message.payload).unwrap();
                assert_eq!(ack.acknowledged_message_type, INPUT_STREAM_DATA);
                self.acknowledged
                    .push(ack.acknowledged_message_sequence_number);
            }
            CHANNEL_CLOSED => {
                self.closed = Some(serde_json::from_slice(&message.payload).unwrap());
            }
            OUTPUT_STREAM_DATA => self.take(message).await,
            other => panic!("message type {other}"),
        }
        true
    }

    async fn take(&mut self, message: Message) {
        assert_eq!(message.flags, if message.sequence == 0 { SYN } else { 0 });
        assert!(message.payload.len() <= 1024);
        self.outputs.push(message.clone());
        if self.polite {
            let payload = serde_json::to_vec(&Acknowledge::of(&message)).unwrap();
            let mut ack = Self::input(0, 0, &payload);
            ACKNOWLEDGE.clone_into(&mut ack.message_type);
            ack.flags = 3;
            self.send(&ack).await;
        }
        if message.sequence >= self.memory.expected {
            self.memory.early.insert(message.sequence, message);
        }
        while let Some(next) = self.memory.early.remove(&self.memory.expected) {
            self.memory.expected += 1;
            if next.payload_type == PayloadType::Output as u32 {
                self.text.push_str(&String::from_utf8_lossy(&next.payload));
            }
            self.received.push((next.payload_type, next.payload));
        }
    }

    async fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let reached = timeout(LIMIT, async {
            while !done(self) {
                if !self.step().await {
                    return done(self);
                }
            }
            true
        });
        // None: time was up; false: the websocket ended.
        let reached = reached.await.ok();
        assert_eq!(reached, Some(true), "no {what:?}; seen {:?}", self.text);
    }

    /// Waits for this text and forgets everything up to its end.
    async fn sees(&mut self, text: &str) {
        self.until(text, |client| client.text.contains(text)).await;
        let end = self.text.find(text).unwrap() + text.len();
        self.text.drain(..end);
    }

    async fn ends(&mut self) {
        timeout(LIMIT, async { while self.step().await {} })
            .await
            .unwrap();
    }

    /// Whatever comes within this time.
    async fn listen(&mut self, time: Duration) {
        let _passed = timeout(time, async { while self.step().await {} }).await;
    }
}

#[cfg(target_os = "linux")]
async fn eventually(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < LIMIT, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_shell_from_prompt_to_exit() {
    let channels = channels();
    assert_eq!(channels.state(ID), Some(State::Created));
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    assert_eq!(channels.state(ID), Some(State::Running));
    assert_eq!(channels.open(), [ID]);

    client.type_in("echo hel\\lo\r").await;
    client.sees("\r\nhello\r\n").await;
    client
        .send_next(PayloadType::Size, br#"{"cols":123,"rows":45}"#)
        .await;
    client.type_in("stty size\r").await;
    client.sees("45 123\r\n").await;
    client.type_in("tty; echo $TERM $LANG $HOME\r").await;
    client.sees("/dev/pts/").await;
    client.sees("xterm-256color C.UTF-8 /\r\n").await;
    client.type_in("exit\n").await;
    client.ends().await;

    let closed = client.closed.unwrap();
    assert_eq!(
        (closed.output.as_str(), closed.session_id.as_str()),
        ("", ID)
    );
    assert_eq!(client.close_code, Some(CloseCode::Normal));
    assert_eq!(client.acknowledged, [0, 1, 2, 3, 4]);
    assert_eq!(channels.state(ID), Some(State::Done));
    assert!(channels.open().is_empty());
    assert_eq!(channels.violations(ID), [""; 0]);
    let record = channels.record(ID).unwrap();
    assert_eq!((record.inputs, record.duplicates), (5, 0));
    assert_eq!(record.sizes.len(), 1);
    assert_eq!(record.opened[0].client_version, "1.2.764.0");
    assert!(!channels.renew(ID, "late".to_owned()));
    assert!(!channels.terminate(ID, ""));
}

#[tokio::test]
async fn ctrl_c_interrupts() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    client.type_in("sleep 60\r").await;
    client.sees("sleep 60\r\n").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    client.type_in("\x03").await;
    client.sees(PROMPT).await;
    client.type_in("echo $?\r").await;
    client.sees("130\r\n").await;
}

/// The shell's children must not inherit that the sandbox ignores a signal.
#[test]
fn ctrl_c_interrupts_when_the_sandbox_ignores_it() {
    let output = Command::new("/bin/sh")
        .args([
            "-c",
            "trap '' INT QUIT; exec \"$0\" --exact ctrl_c_interrupts",
        ])
        .arg(std::env::current_exe().unwrap())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[tokio::test]
async fn the_environment_is_clean() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    client
        .type_in("env | cut -d= -f1 | sort | tr '\\n' ' '; echo .\r")
        .await;
    client.sees("echo .\r\n").await;
    client
        .until("names", |client| client.text.contains(" .\r\n"))
        .await;
    let names = client.text.split(" .").next().unwrap();
    // The shell itself sets the directories, its level and `_`.
    let set = ["OLDPWD", "PWD", "SHLVL", "_"];
    let names: Vec<&str> = names
        .split(' ')
        .filter(|name| !set.contains(name))
        .collect();
    assert_eq!(names, ["HOME", "LANG", "PATH", "PS1", "SHELL", "TERM"]);
}

#[tokio::test]
async fn inputs_are_ordered_and_acknowledged_again() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    let first = Client::input(0, 1, b"echo o");
    let second = Client::input(1, 1, b"rder\\ed");
    let third = Client::input(2, 1, b"\r");
    for message in [&third, &second, &second, &first, &first, &third] {
        client.send(message).await;
    }
    client.sees("\r\nordered\r\n").await;
    client
        .until("acks", |client| client.acknowledged.len() == 6)
        .await;
    assert_eq!(client.acknowledged, [2, 1, 1, 0, 0, 2]);
    let record = channels.record(ID).unwrap();
    assert_eq!((record.inputs, record.duplicates), (3, 3));
    assert_eq!(record.max_payload, 7);
    assert_eq!(channels.violations(ID), [""; 0]);
}

#[tokio::test]
async fn withheld_acknowledgements_come_for_the_second_copy() {
    let channels = channels();
    channels.faults().withhold_acks(1);
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    let typed = client.type_in("echo on\\ce\r").await;
    client.sees("\r\nonce\r\n").await;
    client.listen(Duration::from_millis(100)).await;
    assert_eq!(client.acknowledged, [0; 0]);
    client.send(&typed).await;
    client
        .until("ack", |client| client.acknowledged == [0])
        .await;
    client.listen(Duration::from_millis(100)).await;
    assert!(!client.text.contains("once"));
}

#[tokio::test]
async fn outputs_are_sent_again_until_acknowledged() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.polite = false;
    client
        .until("copies", |client| client.outputs.len() >= 4)
        .await;
    assert!(
        client.outputs.windows(2).all(|pair| pair[0] == pair[1]),
        "the identical message"
    );
    client.polite = true;
    client.listen(Duration::from_millis(500)).await;
    let copies = client.outputs.len();
    client.listen(Duration::from_millis(500)).await;
    assert_eq!(client.outputs.len(), copies, "acknowledged is enough");
}

#[tokio::test]
async fn a_lost_websocket_is_taken_over() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    client.type_in("sleep 0.5; echo af\\ter\r").await;
    client.sees("\r\n").await;
    assert!(channels.drop_connection(ID));
    client.ends().await;
    assert!(client.closed.is_none() && client.close_code.is_none());
    assert!(!channels.drop_connection(ID));
    assert_eq!(channels.state(ID), Some(State::Running));
    tokio::time::sleep(Duration::from_secs(1)).await;

    let used = Client::resume(&channels, "first", Memory::default()).await;
    assert_eq!(refusal(used).await, Some(CloseCode::Policy));
    assert!(channels.renew(ID, "second".to_owned()));
    let mut client = Client::resume(&channels, "second", client.memory).await;
    client.sees("after\r\n").await;
    client.type_in("exit\r").await;
    client.ends().await;
    assert!(client.closed.is_some());
    assert_eq!(channels.record(ID).unwrap().opened.len(), 2);
    assert_eq!(channels.violations(ID), [""; 0]);
}

async fn refusal(mut client: Client) -> Option<CloseCode> {
    client.ends().await;
    assert!(client.outputs.is_empty());
    client.close_code
}

#[tokio::test]
async fn the_client_stays_the_same() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    channels.renew(ID, "second".to_owned());
    let expected = client.memory.expected;
    let memory = Memory {
        client_id: Uuid::new_v4(),
        expected,
        ..Memory::default()
    };
    let mut other = Client::resume(&channels, "second", memory).await;
    client.ends().await;
    other.type_in("echo he\\re\r").await;
    other.sees("\r\nhere\r\n").await;
    assert_eq!(
        channels.violations(ID),
        ["open message: another ClientId than before"]
    );
}

#[tokio::test]
async fn the_wrong_token_or_frame_is_refused() {
    let channels = channels();
    let wrong = Client::open(&channels, "wrong").await;
    assert_eq!(refusal(wrong).await, Some(CloseCode::Policy));
    let mut early = Client::new(&channels, Memory::default()).await;
    early.type_in("x").await;
    assert_eq!(refusal(early).await, Some(CloseCode::Policy));
    assert_eq!(
        channels.violations(ID),
        ["binary frame before the open message"]
    );
    assert_eq!(channels.state(ID), Some(State::Created));

    channels.faults().refuse_opens(1);
    let refused = Client::open(&channels, "first").await;
    assert_eq!(refusal(refused).await, Some(CloseCode::Policy));
    Client::open(&channels, "first").await.sees(PROMPT).await;
}

#[tokio::test]
async fn what_agents_drop_is_not_acknowledged() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    let long = Client::input(0, 1, &[b'x'; 1025]);
    client.send(&long).await;
    let mut digest = Client::input(0, 1, b"x").encode();
    digest[80] ^= 1;
    client.socket.send(Frame::binary(digest)).await.unwrap();
    client.socket.send(Frame::binary(vec![0; 5])).await.unwrap();
    let mut unsent = Client::input(0, 0, b"");
    ACKNOWLEDGE.clone_into(&mut unsent.message_type);
    let never = Message {
        sequence: 99,
        ..client.outputs[0].clone()
    };
    unsent.payload = serde_json::to_vec(&Acknowledge::of(&never)).unwrap();
    client.send(&unsent).await;
    client.type_in("exit\r").await;
    client.ends().await;
    assert_eq!(client.acknowledged, [0]);
    assert_eq!(
        channels.violations(ID),
        [
            "1025 bytes of payload, more than 1024",
            "payload digest does not match",
            "header length 0",
            "acknowledgement of 99, never sent",
        ]
    );
}

#[tokio::test]
async fn terminate_closes_with_its_output() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    assert!(channels.terminate(ID, "Your session was terminated."));
    assert!(!channels.terminate(ID, "again"));
    client.ends().await;
    assert_eq!(
        client.closed.unwrap().output,
        "Your session was terminated."
    );
    assert_eq!(channels.state(ID), Some(State::Done));
    assert!(!channels.terminate("unknown", ""));
}

/// The agent waits two seconds for acknowledgements that cannot come: the client is cut off.
#[tokio::test]
async fn a_terminated_session_is_not_open_while_its_agent_waits() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.polite = false;
    client.sees(PROMPT).await;
    assert_eq!(channels.open(), [ID]);
    assert!(channels.drop_connection(ID));
    assert!(channels.terminate(ID, "Your session was terminated."));
    assert_eq!(channels.open(), [""; 0]);
    assert!(!channels.renew(ID, "late".to_owned()));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_outlives_the_sandbox() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    client
        .type_in("nohup sleep 600 >/dev/null 2>&1 & echo pids=$$,$!.\r")
        .await;
    client.sees("\r\n").await;
    client.sees("pids=").await;
    client
        .until("pids", |client| client.text.contains('.'))
        .await;
    let pids = client.text.split('.').next().unwrap().to_owned();
    let pids: Vec<PathBuf> = pids
        .split(',')
        .map(|pid| PathBuf::from("/proc").join(pid))
        .collect();
    assert!(
        pids.len() == 2 && pids.iter().all(|pid| pid.exists()),
        "{pids:?}"
    );
    channels.shutdown();
    eventually("killed", || !pids.iter().any(|pid| is_alive(pid))).await;
    client.ends().await;
    assert!(client.closed.is_none());
}

#[cfg(target_os = "linux")]
fn is_alive(process: &std::path::Path) -> bool {
    // A zombie waits for init alone.
    std::fs::read_to_string(process.join("stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[tokio::test]
async fn a_background_process_does_not_keep_the_session_open() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    client
        .type_in("(trap '' HUP; exec sleep 600) & exit\r")
        .await;
    client.ends().await;
    assert_eq!(client.closed.unwrap().output, "");
}

#[tokio::test]
async fn output_waits_for_a_slow_client() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    client.polite = false;
    client.type_in("yes\r").await;
    client
        .until("a full buffer", |client| client.memory.expected >= 9_000)
        .await;
    client.listen(Duration::from_secs(1)).await;
    let most = 10_000 + 10;
    assert!(
        client.memory.expected <= most,
        "{} outputs",
        client.memory.expected
    );
    channels.terminate(ID, "");
    client.ends().await;
    assert!(client.closed.is_some());
}

#[tokio::test]
async fn much_output_arrives_whole_in_spite_of_faults() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    channels.faults().lose_every_output(7);
    channels.faults().swap_outputs(10);
    channels.faults().double_outputs(10);
    client
        .type_in("i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo é€😀$i; done\r")
        .await;
    let lines: Vec<String> = (1..=2000).map(|i| format!("é€😀{i}\r\n")).collect();
    let expected = lines.concat();
    client.sees(&expected).await;
    let order: Vec<i64> = client
        .outputs
        .iter()
        .map(|output| output.sequence)
        .collect();
    let whole = |output: &Message| str::from_utf8(&output.payload).is_ok();
    assert!(client.outputs.iter().all(whole), "cut at characters");
    assert!(order.windows(2).any(|pair| pair[0] == pair[1]), "doubled");
    assert!(
        order.windows(2).any(|pair| pair[0] == pair[1] + 1),
        "swapped"
    );
    assert_eq!(channels.violations(ID), [""; 0]);
}

#[tokio::test]
async fn silence_and_delay() {
    let channels = channels();
    channels.faults().silence(true);
    let mut client = Client::open(&channels, "first").await;
    client.type_in("echo x\r").await;
    client
        .socket
        .send(Frame::Ping("keepalive".into()))
        .await
        .unwrap();
    client.listen(Duration::from_millis(500)).await;
    assert!(client.outputs.is_empty() && client.acknowledged.is_empty());
    channels.faults().silence(false);
    client
        .until("ack", |client| client.acknowledged == [0])
        .await;

    channels
        .faults()
        .delay_first_output(Duration::from_millis(600));
    channels.create(spec(shell()), "next".to_owned());
    let start = Instant::now();
    let mut client = Client::open(&channels, "next").await;
    client.sees(PROMPT).await;
    assert!(start.elapsed() >= Duration::from_millis(600));
}

#[tokio::test]
async fn pings_are_answered() {
    let channels = channels();
    let mut client = Client::open(&channels, "first").await;
    client.sees(PROMPT).await;
    client
        .socket
        .send(Frame::Ping("keepalive".into()))
        .await
        .unwrap();
    let pong = timeout(LIMIT, async {
        loop {
            if let Frame::Pong(data) = client.socket.next().await.unwrap().unwrap() {
                return data;
            }
        }
    });
    assert_eq!(&pong.await.unwrap()[..], b"keepalive");
}

#[tokio::test]
async fn a_handshake_when_asked_for() {
    let channels = Channels::new();
    channels.create(
        Spec {
            handshake: true,
            ..spec(shell())
        },
        "first".to_owned(),
    );
    let mut client = Client::open(&channels, "first").await;
    client
        .until("request", |client| !client.outputs.is_empty())
        .await;
    assert_eq!(
        client.outputs[0].payload_type,
        PayloadType::HandshakeRequest as u32
    );
    assert_eq!(channels.state(ID), Some(State::Handshaking));
    client.type_in("early").await;
    let response = br#"{"ClientVersion":"1.2.764.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}"#;
    client
        .send_next(PayloadType::HandshakeResponse, response)
        .await;
    client.sees(PROMPT).await;
    assert_eq!(
        client.outputs[1].payload_type,
        PayloadType::HandshakeComplete as u32
    );
    client.type_in("exit\r").await;
    client.ends().await;
    assert!(client.closed.is_some() && !client.text.contains("early"));
    assert_eq!(
        channels.violations(ID),
        ["input before the handshake was complete"]
    );
}

#[tokio::test]
async fn a_refused_handshake_ends_the_session() {
    let channels = Channels::new();
    channels.create(
        Spec {
            handshake: true,
            ..spec(shell())
        },
        "first".to_owned(),
    );
    let mut client = Client::open(&channels, "first").await;
    let response = br#"{"ClientVersion":"1.2.764.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":2,"ActionResult":null,"Error":"no"}],"Errors":null}"#;
    client
        .send_next(PayloadType::HandshakeResponse, response)
        .await;
    client.ends().await;
    let output = client.closed.unwrap().output;
    assert!(
        output.ends_with("SessionType failed on client with status 2 error: no"),
        "{output}"
    );
}

#[tokio::test]
async fn a_shell_that_cannot_start_says_so() {
    let channels = Channels::new();
    let missing = Shell {
        program: PathBuf::from("/no/such/shell"),
        ..shell()
    };
    channels.create(spec(missing), "first".to_owned());
    let mut client = Client::open(&channels, "first").await;
    client.ends().await;
    let output = client.closed.unwrap().output;
    assert!(output.starts_with("\n----------ERROR-------\n"), "{output}");
}

#[tokio::test]
async fn windows_wants_carriage_returns() {
    let channels = Channels::new();
    channels.create(
        spec(Shell {
            windows: true,
            ..shell()
        }),
        "first".to_owned(),
    );
    channels.faults().long_channel_closed(true);
    let mut client = Client::open(&channels, "first").await;
    client.sees("PS C:\\Windows\\system32> ").await;
    client.type_in("echo h\x7fhi\n\r").await;
    client.sees("\r\nhi\r\nPS C:\\Windows\\system32> ").await;
    client.type_in("exit\r").await;
    client.ends().await;
    assert_eq!(client.closed.unwrap().output, "");
    assert_eq!(channels.state(ID), Some(State::Done));
}
