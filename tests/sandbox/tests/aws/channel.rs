//! A data channel's client of a few lines:
//! signs, opens, acknowledges, keeps what it hears, and encrypts once it has a key.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message as Frame};
use uuid::Uuid;
use vendor_ssm_sandbox::channel::message::{
    ACKNOWLEDGE, Acknowledge, CHANNEL_CLOSED, ChannelClosed, INPUT_STREAM_DATA, Message,
    OUTPUT_STREAM_DATA, PayloadType,
};

use crate::client::Client;

const LIMIT: Duration = Duration::from_secs(20);

/// What outlives a websocket.
#[derive(Clone, Default)]
pub struct Conversation {
    client_id: Uuid,
    next: i64,
    expected: i64,
}

pub struct Channel {
    socket: WebSocketStream<TcpStream>,
    conversation: Conversation,
    /// The data key: the first half opens, the second seals.
    pub key: Option<Vec<u8>>,
    /// The payloads of outputs that are not text, by their type.
    pub others: Vec<(u32, Vec<u8>)>,
    /// Message types that are neither outputs nor acknowledgements.
    pub notices: Vec<String>,
    pub acknowledged: usize,
    pub text: String,
    /// What was said at the end.
    pub closed: Option<String>,
    pub close_code: Option<u16>,
}

impl Channel {
    pub async fn open(client: &Client, session: &Value) -> Self {
        let conversation = Conversation {
            client_id: Uuid::new_v4(),
            ..Conversation::default()
        };
        Self::resume(client, session, conversation).await.unwrap()
    }

    /// Opens the stream URL of an answer and goes on with a conversation.
    pub async fn resume(
        client: &Client,
        session: &Value,
        conversation: Conversation,
    ) -> Result<Self, Error> {
        let url = session["StreamUrl"].as_str().unwrap();
        let (_, rest) = url.split_once("://").unwrap();
        let (host, target) = rest.split_at(rest.find('/').unwrap());
        let mut request = url.into_client_request()?;
        for (name, value) in client.signed("ssmmessages", "GET", target, &[], b"") {
            if name != "host" {
                let name = http::HeaderName::try_from(name).unwrap();
                request.headers_mut().insert(name, value.parse().unwrap());
            }
        }
        let stream = TcpStream::connect(host).await?;
        let (mut socket, _) = client_async(request, stream).await?;
        let open = json!({
            "MessageSchemaVersion": "1.0",
            "RequestId": Uuid::new_v4(),
            "TokenValue": session["TokenValue"],
            "ClientId": conversation.client_id,
            "ClientVersion": "1.2.764.0",
        });
        socket.send(Frame::text(open.to_string())).await?;
        Ok(Self {
            socket,
            conversation,
            key: None,
            others: Vec::new(),
            notices: Vec::new(),
            acknowledged: 0,
            text: String::new(),
            closed: None,
            close_code: None,
        })
    }

    async fn put(&mut self, message_type: &str, sequence: i64, payload_type: u32, payload: &[u8]) {
        let message = Message {
            message_type: message_type.to_owned(),
            created: 1,
            sequence,
            flags: 0,
            id: Uuid::new_v4(),
            payload_type,
            payload: payload.to_vec(),
        };
        // A connection that has gone is for the next read to see.
        let _gone = self.socket.send(Frame::binary(message.encode())).await;
    }

    /// Sends an input as it is.
    pub async fn send(&mut self, payload_type: PayloadType, payload: &[u8]) {
        let sequence = self.conversation.next;
        self.conversation.next += 1;
        self.put(INPUT_STREAM_DATA, sequence, payload_type as u32, payload)
            .await;
    }

    pub async fn type_in(&mut self, text: &str) {
        let payload = match &self.key {
            Some(key) => seal(&key[32..], text.as_bytes()),
            None => text.as_bytes().to_vec(),
        };
        self.send(PayloadType::Output, &payload).await;
    }

    /// Takes one frame; `false` at the end of the websocket.
    pub async fn step(&mut self) -> bool {
        let frame = match self.socket.next().await {
            Some(Ok(Frame::Binary(frame))) => frame,
            Some(Ok(Frame::Text(text))) => {
                self.notices.push(text.as_str().to_owned());
                return true;
            }
            Some(Ok(Frame::Close(close))) => {
                self.close_code = close.map(|close| close.code.into());
                return true;
            }
            Some(Ok(_)) => return true,
            Some(Err(_)) | None => return false,
        };
        // Notices of the service have neither a payload nor a digest.
        if frame[48..].iter().all(|byte| *byte == 0) {
            let message_type = String::from_utf8_lossy(&frame[4..36]);
            self.notices.push(message_type.trim_end().to_owned());
            return true;
        }
        let message = Message::decode(&frame).unwrap();
        match message.message_type.as_str() {
            ACKNOWLEDGE => self.acknowledged += 1,
            CHANNEL_CLOSED => {
                let closed: ChannelClosed = serde_json::from_slice(&message.payload).unwrap();
                self.closed = Some(closed.output);
            }
            OUTPUT_STREAM_DATA => self.take(message).await,
            other => self.notices.push(other.to_owned()),
        }
        true
    }

    async fn take(&mut self, message: Message) {
        let ack = serde_json::to_vec(&Acknowledge::of(&message)).unwrap();
        self.put(ACKNOWLEDGE, 0, 0, &ack).await;
        if message.sequence != self.conversation.expected {
            return;
        }
        self.conversation.expected += 1;
        let payload = match &self.key {
            Some(key) if matches!(message.payload_type, 1 | 11 | 12) => {
                open(&key[..32], &message.payload).expect("an output that is encrypted")
            }
            _ => message.payload,
        };
        match message.payload_type {
            1 => self.text += &String::from_utf8_lossy(&payload),
            other => self.others.push((other, payload)),
        }
    }

    pub async fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let reached = timeout(LIMIT, async {
            while !done(self) {
                if !self.step().await {
                    return done(self);
                }
            }
            true
        });
        let reached = reached.await.ok();
        assert_eq!(reached, Some(true), "no {what:?}; seen {:?}", self.text);
    }

    /// Waits for this text and forgets everything up to its end.
    pub async fn sees(&mut self, text: &str) {
        self.until(text, |channel| channel.text.contains(text))
            .await;
        let end = self.text.find(text).unwrap() + text.len();
        self.text.drain(..end);
    }

    /// Waits for an output of another type than text.
    pub async fn receives(&mut self, payload_type: PayloadType) -> Value {
        let wanted = payload_type as u32;
        let there = |other: &(u32, Vec<u8>)| other.0 == wanted;
        self.until(&format!("{payload_type:?}"), |channel| {
            channel.others.iter().any(there)
        })
        .await;
        let (_, payload) = self.others.iter().find(|other| there(other)).unwrap();
        serde_json::from_slice(payload).unwrap()
    }

    /// Answers a handshake that asks for the session type alone.
    pub async fn shake_hands(&mut self) {
        self.receives(PayloadType::HandshakeRequest).await;
        let response = br#"{"ClientVersion":"1.2.764.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}"#;
        self.send(PayloadType::HandshakeResponse, response).await;
    }

    /// Where another websocket goes on.
    pub fn conversation(&self) -> Conversation {
        self.conversation.clone()
    }

    /// Waits until the websocket is gone.
    pub async fn is_cut(&mut self) {
        timeout(LIMIT, async { while self.step().await {} })
            .await
            .unwrap();
    }

    /// What was said at the end of the channel.
    pub async fn ends(&mut self) -> String {
        self.until("end", |channel| channel.closed.is_some()).await;
        self.closed.clone().unwrap()
    }
}

fn key(bytes: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).unwrap())
}

pub fn seal(bytes: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; 12] = *Uuid::new_v4().as_bytes().first_chunk().unwrap();
    let mut sealed = plain.to_vec();
    key(bytes)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::empty(),
            &mut sealed,
        )
        .unwrap();
    [&nonce[..], &sealed].concat()
}

pub fn open(bytes: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<12>()?;
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let plain = key(bytes)
        .open_in_place(nonce, Aad::empty(), &mut sealed)
        .ok()?;
    Some(plain.to_vec())
}
