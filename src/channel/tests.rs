//! A channel against a peer in the same process that plays service and agent over a real websocket.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::dial::tests::{direct, through};

use super::wire::tests::{CHANNEL_CLOSED, HANDSHAKE_COMPLETE, HANDSHAKE_REQUEST, worked};
use super::wire::{Message as Wire, MessageType, PayloadType};
use super::*;

const SESSION: &str = "alice-0123456789abcdef0";

struct Peer {
    socket: WebSocketStream<TcpStream>,
    hello: Value,
    sent: i64,
}

impl Peer {
    async fn frame(&mut self) -> Wire {
        loop {
            match self.socket.next().await.unwrap().unwrap() {
                Message::Binary(frame) => return Wire::decode(&frame).unwrap(),
                Message::Ping(ping) => assert_eq!(&ping[..], b"keepalive"),
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next numbered message; acknowledgements on the way are passed over.
    async fn input(&mut self) -> Wire {
        loop {
            let message = self.frame().await;
            if message.message_type == MessageType::InputStreamData {
                return message;
            }
        }
    }

    async fn send(&mut self, frame: Bytes) {
        self.socket.send(Message::Binary(frame)).await.unwrap();
    }

    async fn output(&mut self, payload: &[u8]) -> Bytes {
        let message = Wire {
            message_type: MessageType::OutputStreamData,
            created: 1,
            sequence_number: self.sent,
            flags: 0,
            message_id: Uuid::new_v4(),
            payload_type: PayloadType::Output,
            payload: Bytes::copy_from_slice(payload),
        };
        self.sent += 1;
        self.send(message.encode()).await;
        message.encode()
    }

    async fn acknowledge(&mut self, message: &Wire) {
        let payload = serde_json::to_vec(&payload::Acknowledge {
            message_type: message.message_type.name(),
            message_id: &message.message_id.to_string(),
            sequence_number: message.sequence_number,
            is_sequential: true,
        });
        let acknowledgement = Wire {
            message_type: MessageType::Acknowledge,
            created: 1,
            sequence_number: 0,
            flags: 3,
            message_id: Uuid::new_v4(),
            payload_type: PayloadType::Unknown,
            payload: payload.unwrap().into(),
        };
        self.send(acknowledgement.encode()).await;
    }
}

async fn opened(url: &str, dialer: &Dialer) -> Result<Channel, OpenError> {
    let (token, credentials) = (Token::new("TOKEN".into()), credentials());
    let url = &stream_url(url);
    open(&way(url, dialer, &token, &credentials), Accepts::Terminal).await
}

fn credentials() -> Credentials {
    Credentials::new("AKID", "SECRET", None, None, "test")
}

fn stream_url(url: &str) -> StreamUrl {
    let destination = Destination {
        loopback: true,
        ..Destination::default()
    };
    destination.of(url, SESSION, "us-east-1").unwrap()
}

fn way<'a>(
    url: &'a StreamUrl,
    dialer: &'a Dialer,
    token: &'a Token,
    credentials: &'a Credentials,
) -> Open<'a> {
    Open {
        session_id: SESSION,
        stream_url: url,
        token,
        credentials,
        region: "us-east-1",
        dialer,
        now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000),
    }
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "ws://{}/v1/data-channel/{SESSION}?role=publish_subscribe",
        listener.local_addr().unwrap()
    );
    (listener, url)
}

async fn accept(listener: &TcpListener) -> Peer {
    let (stream, _) = listener.accept().await.unwrap();
    let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
    let hello = socket.next().await.unwrap().unwrap();
    let hello: Value = serde_json::from_str(hello.to_text().unwrap()).unwrap();
    assert_eq!(hello["MessageSchemaVersion"], "1.0");
    assert!(
        hello["TokenValue"]
            .as_str()
            .is_some_and(|token| token.starts_with("TOKEN"))
    );
    assert!(
        hello["ClientId"]
            .as_str()
            .is_some_and(|id| Uuid::parse_str(id).is_ok())
    );
    Peer {
        socket,
        hello,
        sent: 0,
    }
}

async fn connected() -> (Channel, Peer) {
    let (listener, url) = listen().await;
    let dialer = direct();
    let (channel, peer) = tokio::join!(opened(&url, &dialer), accept(&listener));
    (channel.unwrap(), peer)
}

#[tokio::test]
async fn a_shell_from_size_to_end() {
    let (mut channel, mut peer) = connected().await;
    let agent = tokio::spawn(async move {
        let size = peer.input().await;
        assert_eq!(
            (size.payload_type, &size.payload[..]),
            (PayloadType::Size, &br#"{"cols":80,"rows":24}"#[..])
        );
        peer.acknowledge(&size).await;
        let prompt = peer.output(b"$ ").await;
        peer.send(prompt).await;
        let size = peer.input().await;
        assert_eq!(
            (size.payload_type, size.sequence_number),
            (PayloadType::Size, 1)
        );
        peer.acknowledge(&size).await;
        let typed = peer.input().await;
        assert_eq!(
            (&typed.payload[..], typed.sequence_number),
            (&b"exit\n"[..], 2)
        );
        // The first copy is lost; the second is the same to the byte.
        let again = peer.input().await;
        assert_eq!(again, typed);
        peer.acknowledge(&again).await;
        peer.send(worked(CHANNEL_CLOSED)).await;
        // The service closes at once, whatever is still on its way.
    });
    channel.resize(80, 24);
    assert!(!channel.has_heard());
    assert_eq!(channel.next().await.unwrap(), Event::Acknowledged);
    assert!(channel.has_heard());
    let terminal = Event::SessionType(SessionType::Terminal);
    assert_eq!(channel.next().await.unwrap(), terminal);
    assert_eq!(channel.next().await.unwrap(), Event::Output("$ ".into()));
    assert_eq!(channel.send(b"exit\n"), 5);
    let mut events = Vec::new();
    while events.last()
        != Some(&Event::Closed {
            output: String::new(),
        })
    {
        events.push(channel.next().await.unwrap());
    }
    assert_eq!(
        events[..2],
        [Event::Acknowledged, Event::Acknowledged],
        "the duplicate is not shown"
    );
    assert!(channel.is_flushed());
    agent.await.unwrap();
    assert!(matches!(
        channel.next().await,
        Err(Lost::Closed { .. } | Lost::Broken(_))
    ));
}

#[tokio::test]
async fn a_shell_with_a_handshake() {
    let (mut channel, mut peer) = connected().await;
    let agent = tokio::spawn(async move {
        peer.send(worked(HANDSHAKE_REQUEST)).await;
        assert_eq!(peer.frame().await.message_type, MessageType::Acknowledge);
        let answer = peer.input().await;
        assert_eq!(answer.payload_type, PayloadType::HandshakeResponse);
        peer.acknowledge(&answer).await;
        peer.send(worked(HANDSHAKE_COMPLETE)).await;
        peer.input().await
    });
    channel.send(b"typed early");
    let mut handshake = false;
    let typed = async {
        // The peer goes when it has what it waited for.
        while let Ok(event) = channel.next().await {
            handshake |= matches!(event, Event::HandshakeComplete { .. });
        }
        std::future::pending::<()>().await;
    };
    let first = tokio::select! {
        () = typed => unreachable!(),
        first = agent => first.unwrap(),
    };
    assert_eq!((&first.payload[..], handshake), (&b"typed early"[..], true));
}

/// Both directions at once, with more than socket buffers and window hold.
/// The loop is like that of a session.
#[tokio::test]
async fn floods_both_ways_do_not_lock_up() {
    const BYTES: usize = 8 << 20;
    let (mut channel, peer) = connected().await;
    let Peer { socket, .. } = peer;
    let (mut sink, mut stream) = socket.split();
    let (acknowledgements, mut queue) = tokio::sync::mpsc::unbounded_channel::<Bytes>();
    tokio::spawn(async move {
        for sequence_number in 0_i64.. {
            let message = Wire {
                message_type: MessageType::OutputStreamData,
                created: 1,
                sequence_number,
                flags: 0,
                message_id: Uuid::new_v4(),
                payload_type: PayloadType::Output,
                payload: vec![b'y'; 1024].into(),
            };
            if usize::try_from(sequence_number).is_ok_and(|number| number < BYTES / 1024) {
                sink.send(Message::Binary(message.encode())).await.unwrap();
            } else if queue.is_closed() && queue.is_empty() {
                return;
            } else if let Some(frame) = queue.recv().await {
                sink.send(Message::Binary(frame)).await.unwrap();
            }
            while let Ok(frame) = queue.try_recv() {
                sink.send(Message::Binary(frame)).await.unwrap();
            }
        }
    });
    let received = tokio::spawn(async move {
        let (mut bytes, mut expected) = (0, 0);
        while bytes < BYTES {
            let Some(Ok(Message::Binary(frame))) = stream.next().await else {
                continue;
            };
            let message = Wire::decode(&frame).unwrap();
            if message.message_type != MessageType::InputStreamData {
                continue;
            }
            if message.sequence_number == expected {
                bytes += message.payload.len();
                expected += 1;
            }
            let payload = serde_json::to_vec(&payload::Acknowledge {
                message_type: "input_stream_data",
                message_id: &message.message_id.to_string(),
                sequence_number: message.sequence_number,
                is_sequential: true,
            });
            let acknowledgement = Wire {
                message_type: MessageType::Acknowledge,
                payload: payload.unwrap().into(),
                ..message
            };
            acknowledgements.send(acknowledgement.encode()).unwrap();
        }
        (bytes, stream)
    });
    let (mut shown, mut typed) = (0, 0);
    while shown < BYTES || typed < BYTES || !channel.is_flushed() {
        typed += channel.send(&[b'x'; 4096][..(BYTES - typed).min(4096)]);
        if let Event::Output(bytes) = channel.next().await.unwrap() {
            shown += bytes.len();
        }
    }
    assert_eq!((shown, received.await.unwrap().0), (BYTES, BYTES));
}

#[tokio::test]
async fn a_connection_that_ends_without_the_session_is_lost() {
    let (mut channel, mut peer) = connected().await;
    peer.output(b"last words").await;
    peer.socket.close(None).await.unwrap();
    while channel.next().await.unwrap() != Event::Output("last words".into()) {}
    assert_eq!(
        channel.next().await.unwrap_err().to_string(),
        "the connection was closed"
    );

    let (mut channel, peer) = connected().await;
    peer.socket.get_ref().set_zero_linger().unwrap();
    drop(peer);
    channel.send(b"x");
    assert!(matches!(channel.next().await, Err(Lost::Broken(_))));
}

#[tokio::test]
async fn a_lost_connection_is_taken_up_where_it_was() {
    let (mut channel, mut peer) = connected().await;
    let (listener, url) = listen().await;
    let prompt = peer.output(b"$ ").await;
    let output = |text: &'static str| Event::Output(text.into());
    while channel.next().await.unwrap() != output("$ ") {}
    channel.send(b"one");
    let next = async {
        let first = peer.input().await;
        peer.acknowledge(&first).await;
        peer
    };
    let (event, peer) = tokio::join!(channel.next(), next);
    assert_eq!(event.unwrap(), Event::Acknowledged);
    channel.send(b"two");
    peer.socket.get_ref().set_zero_linger().unwrap();
    let hello = peer.hello;
    drop(peer.socket);
    assert!(matches!(channel.next().await, Err(Lost::Broken(_))));
    assert!(channel.next().await.is_err(), "it stays lost");
    let room = channel.room();
    assert_eq!(channel.send(b"three"), 5);
    assert_eq!(channel.room(), room - 5);

    let (dialer, token, credentials) = (direct(), Token::new("TOKEN2".into()), credentials());
    let nowhere = stream_url(&format!("ws://127.0.0.1:1/v1/data-channel/{SESSION}"));
    let url = stream_url(&url);
    let refused = channel
        .reattach(&way(&nowhere, &dialer, &token, &credentials))
        .await;
    assert!(refused.is_err());
    let way = way(&url, &dialer, &token, &credentials);
    let (attached, mut peer) = tokio::join!(channel.reattach(&way), accept(&listener));
    attached.unwrap();
    assert_eq!(peer.hello["TokenValue"], "TOKEN2");
    assert_eq!(peer.hello["ClientId"], hello["ClientId"]);
    assert_ne!(peer.hello["RequestId"], hello["RequestId"]);

    peer.sent = 1;
    let agent = tokio::spawn(async move {
        // The acknowledgement of the prompt may have been lost.
        peer.send(prompt).await;
        let mut acknowledged = false;
        let mut inputs = Vec::new();
        while inputs.len() < 2 {
            let message = peer.frame().await;
            if message.message_type == MessageType::Acknowledge {
                acknowledged = true;
            } else if inputs.last() != Some(&message) {
                peer.acknowledge(&message).await;
                inputs.push(message);
            }
        }
        while !acknowledged {
            acknowledged = peer.frame().await.message_type == MessageType::Acknowledge;
        }
        peer.output(b"on").await;
        (peer, inputs)
    });
    while channel.next().await.unwrap() != output("on") {}
    assert!(channel.is_flushed());
    let (_peer, inputs) = agent.await.unwrap();
    let inputs: Vec<_> = inputs
        .iter()
        .map(|input| (input.sequence_number, &input.payload[..]))
        .collect();
    assert_eq!(inputs, [(1, &b"two"[..]), (2, b"three")]);
}

#[tokio::test]
async fn a_connection_that_brings_nothing_is_lost() {
    let (mut channel, _peer_that_reads_nothing) = connected().await;
    let lost = async {
        loop {
            let connection = channel.connection.as_mut().unwrap();
            connection.age(Duration::from_secs(31));
            let moment = Duration::from_millis(20);
            if let Ok(event) = tokio::time::timeout(moment, channel.next()).await {
                return event.unwrap_err();
            }
        }
    };
    let lost = tokio::time::timeout(Duration::from_mins(1), lost).await;
    assert_eq!(
        lost.unwrap().to_string(),
        "the far side sent nothing for 45 s"
    );
}

#[tokio::test]
async fn a_frame_beyond_the_limit_ends_the_connection() {
    let (mut channel, mut peer) = connected().await;
    let flood = tokio::spawn(async move {
        peer.socket
            .send(Message::Binary(vec![0; 2 << 20].into()))
            .await
    });
    assert!(matches!(
        channel.next().await,
        Err(Lost::Broken(tungstenite::Error::Capacity(_)))
    ));
    drop(channel);
    flood.await.unwrap().ok();
}

#[tokio::test]
async fn a_refused_upgrade_tells_status_and_request() {
    let (listener, url) = listen().await;
    let service = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).await.unwrap();
        let answer = "HTTP/1.1 403 Forbidden\r\nx-amzn-RequestId: r-1\r\nContent-Length: 20\r\n\r\n<Code>Denied</Code>\n";
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    };
    let dialer = direct();
    let (opened, request) = tokio::join!(opened(&url, &dialer), service);
    assert!(
        request.contains("/us-east-1/ssmmessages/aws4_request"),
        "{request}"
    );
    let Err(OpenError::Refused {
        status,
        request_id,
        body,
    }) = opened
    else {
        panic!("not refused")
    };
    assert_eq!(
        (status, request_id.as_deref(), body.as_str()),
        (403, Some("r-1"), "<Code>Denied</Code>")
    );
}

#[tokio::test]
async fn a_proxy_is_gone_through() {
    let (listener, _) = listen().await;
    let proxy = Proxy {
        url: format!("http://{}", listener.local_addr().unwrap())
            .parse()
            .unwrap(),
        authorization: None,
    };
    let peer = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let socket = tokio_tungstenite::accept_async(stream).await.unwrap();
        (String::from_utf8(request).unwrap(), socket)
    };
    let url = format!("ws://127.0.0.9:8000/v1/data-channel/{SESSION}");
    let dialer = through(proxy);
    let (opened, (request, _socket)) = tokio::join!(opened(&url, &dialer), peer);
    opened.unwrap();
    assert!(
        request.starts_with("CONNECT 127.0.0.9:8000 HTTP/1.1\r\nHost: 127.0.0.9:8000\r\n"),
        "{request}"
    );
}

#[tokio::test]
async fn nothing_listens() {
    let (listener, url) = listen().await;
    drop(listener);
    let error = opened(&url, &direct()).await.err().unwrap();
    assert!(
        error
            .to_string()
            .starts_with("cannot connect to 127.0.0.1:"),
        "{error}"
    );
}
