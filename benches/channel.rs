//! How fast the data channel is:
//! a message to bytes and back, and 20 MB each way over a websocket on this machine, against a peer
//! that verifies and acknowledges every message as an agent does.
//!
//! `cargo bench --bench channel`

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite;
use url::Url;
use uuid::Uuid;
use vendor_ssm::channel::{
    Accepts, Bytes, Channel, Destination, Dialer, Event, Open, Proxy, Token, Ways,
};

#[path = "../src/channel/wire.rs"]
#[expect(dead_code, reason = "what its own tests need comes with it")]
mod wire;

use wire::{FLAGS_SYN_FIN, Message, MessageType, PayloadType};

/// What agents put into one message.
const PAYLOAD: usize = 1024;
/// What the plugin takes 28 seconds to send, sleeping a millisecond after each message.
const TRANSFER: usize = 20 << 20;
const SESSION: &str = "alice-0123456789abcdef0";

fn message(message_type: MessageType, sequence_number: i64, payload: Bytes) -> Message {
    let is_data = message_type == MessageType::OutputStreamData;
    Message {
        message_type,
        created: 1,
        sequence_number,
        flags: if is_data { 0 } else { FLAGS_SYN_FIN },
        message_id: Uuid::new_v4(),
        payload_type: if is_data {
            PayloadType::Output
        } else {
            PayloadType::Unknown
        },
        payload,
    }
}

/// The bytes of a message: header, digest and payload.
fn codec(criterion: &mut Criterion) {
    let message = message(MessageType::OutputStreamData, 7, vec![b'x'; PAYLOAD].into());
    let frame = message.encode();
    let mut group = criterion.benchmark_group("message");
    group.throughput(Throughput::Bytes(PAYLOAD as u64));
    group.bench_function("encode", |bencher| {
        bencher.iter(|| black_box(&message).encode());
    });
    group.bench_function("decode", |bencher| {
        bencher.iter(|| Message::decode(black_box(&frame)));
    });
    group.finish();
}

/// 20 MB from here to the peer until all of it is acknowledged, and from the peer to here.
fn transfer(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut channel = runtime.block_on(connected());
    let mut group = criterion.benchmark_group("20 MB");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(20));
    group.throughput(Throughput::Bytes(TRANSFER as u64));
    group.bench_function("up", |bencher| {
        bencher.iter(|| runtime.block_on(up(&mut channel)));
    });
    group.bench_function("down", |bencher| {
        bencher.iter(|| runtime.block_on(down(&mut channel)));
    });
    group.finish();
}

async fn up(channel: &mut Channel) {
    let data = [b'x'; 16 << 10];
    let mut sent = 0;
    while sent < TRANSFER || !channel.is_flushed() {
        sent += channel.send(&data[..data.len().min(TRANSFER - sent)]);
        channel.next().await.expect("the peer stays");
    }
}

/// A single byte asks for it.
async fn down(channel: &mut Channel) {
    channel.send(b"?");
    let mut received = 0;
    while received < TRANSFER {
        if let Event::Output(bytes) = channel.next().await.expect("the peer stays") {
            received += bytes.len();
        }
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// No proxy, and no TLS.
struct Loopback;

impl Ways for Loopback {
    fn proxy(&self, _: &Url) -> Option<Proxy> {
        None
    }

    fn tls(&self) -> Arc<rustls::ClientConfig> {
        unreachable!("a ws URL needs no TLS")
    }
}

/// A channel whose session has begun, to a peer on a thread of its own.
async fn connected() -> Channel {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("its address"))
                .expect("somebody waits for it");
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("TCP");
            let socket = tokio_tungstenite::accept_async(stream).await;
            agent(socket.expect("a websocket")).await;
        });
    });
    let address = told.recv().expect("an address");
    let destination = Destination {
        loopback: true,
        ..Destination::default()
    };
    let url = format!("ws://{address}/v1/data-channel/{SESSION}");
    let url = destination.of(&url, SESSION, "us-east-1");
    let open = Open {
        session_id: SESSION,
        stream_url: &url.expect("a loopback address"),
        token: &Token::new("TOKEN".into()),
        credentials: &Credentials::new("AKID", "SECRET", None, None, "bench"),
        region: "us-east-1",
        dialer: &Dialer::new(Arc::new(Loopback)),
        now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000),
    };
    let mut channel = vendor_ssm::channel::open(&open, Accepts::Terminal)
        .await
        .expect("the peer accepts");
    while !matches!(channel.next().await, Ok(Event::Output(_))) {}
    channel
}

/// Acknowledges all input, and answers a single byte with [`TRANSFER`] bytes.
async fn agent(socket: WebSocketStream<TcpStream>) {
    let (mut sink, mut stream) = socket.split();
    let (say, mut said): (UnboundedSender<Bytes>, UnboundedReceiver<Bytes>) = unbounded_channel();
    tokio::spawn(async move {
        while let Some(frame) = said.recv().await {
            let mut next = Some(frame);
            while let Some(frame) = next {
                let fed = sink.feed(tungstenite::Message::Binary(frame)).await;
                fed.expect("the client stays");
                next = said.try_recv().ok();
            }
            sink.flush().await.expect("the client stays");
        }
    });
    let mut number = 0;
    let mut output = |length: usize| {
        for start in (0..length).step_by(PAYLOAD) {
            let payload = vec![b'y'; PAYLOAD.min(length - start)];
            let message = message(MessageType::OutputStreamData, number, payload.into());
            number += 1;
            say.send(message.encode()).expect("it is written");
        }
    };
    output(1);
    while let Some(Ok(frame)) = stream.next().await {
        let tungstenite::Message::Binary(frame) = frame else {
            continue;
        };
        let input = Message::decode(&frame).expect("well-formed");
        if input.message_type != MessageType::InputStreamData {
            continue;
        }
        let acknowledged = format!(
            r#"{{"AcknowledgedMessageType":"input_stream_data","AcknowledgedMessageId":"{}","AcknowledgedMessageSequenceNumber":{},"IsSequentialMessage":true}}"#,
            input.message_id, input.sequence_number
        );
        let acknowledgement = message(MessageType::Acknowledge, 0, acknowledged.into());
        say.send(acknowledgement.encode()).expect("it is written");
        if input.payload.len() == 1 {
            output(TRANSFER);
        }
    }
}

criterion_group!(benches, codec, transfer);
criterion_main!(benches);
