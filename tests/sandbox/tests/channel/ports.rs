//! Ports: multiplexed, one connection at a time, and for SSH.

use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vendor_ssm_sandbox::channel::{Flag, Port};

use super::*;

const BASIC_AGENT: &str = "3.0.196.0";
const CLIENT: &str = "1.2.764.0";
const MOMENT: Duration = Duration::from_millis(100);
/// What the service says of a session whose worker has crashed.
const MISSED: &str = "document process failed unexpectedly: ipc messaging received timeout signal , \
                      check [ssm-document-worker]/[ssm-session-worker] log for crash reason";

async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

fn properties(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn forwarding(port: u16) -> Port {
    Port {
        properties: properties(&[
            ("portNumber", &port.to_string()),
            ("type", "LocalPortForwarding"),
            ("localPortNumber", "0"),
        ]),
        ..Port::default()
    }
}

/// A client that has answered the handshake.
async fn start(channels: &Channels, port: Port, agent: &str, client: &str) -> Client {
    let wanted = serde_json::json!({"SessionType": "Port", "Properties": port.properties});
    channels.create(
        Spec {
            behind: Behind::Port(port),
            agent_version: agent.to_owned(),
            ..spec(shell())
        },
        "first".to_owned(),
    );
    let mut opened = Client::open(channels, "first").await;
    let request = opened.shake_hands(client).await;
    let action = &request["RequestedClientActions"][0];
    assert_eq!(action["ActionParameters"], wanted);
    assert_eq!(request["AgentVersion"], agent);
    assert_eq!(channels.record(ID).unwrap().client_version, client);
    opened
}

async fn multiplexed(channels: &Channels, port: u16) -> Client {
    start(channels, forwarding(port), AGENT_VERSION, CLIENT).await
}

fn frame(command: u8, stream: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap().to_le_bytes();
    let head = [1, command, length[0], length[1], stream, 0, 0, 0];
    [&head, data].concat()
}

fn syn(stream: u8) -> Vec<u8> {
    frame(0, stream, b"")
}

fn fin(stream: u8) -> Vec<u8> {
    frame(1, stream, b"")
}

/// The data of a stream that has come so far, and whether the agent has ended it.
fn of_stream(client: &Client, stream: u8) -> (Vec<u8>, bool) {
    let bytes = client.received_of(PayloadType::Output);
    let (mut data, mut ended, mut rest) = (Vec::new(), false, &bytes[..]);
    while let Some(head) = rest.first_chunk::<8>() {
        let end = 8 + usize::from(u16::from_le_bytes([head[2], head[3]]));
        let Some(body) = rest.get(8..end) else { break };
        assert_eq!(head[0], 1, "version");
        match (head[1], head[4] == stream) {
            (1, true) => ended = true,
            (2, true) => data.extend_from_slice(body),
            (command, _) => assert!((1..=3).contains(&command), "{command}"),
        }
        rest = &rest[end..];
    }
    (data, ended)
}

impl Client {
    /// Sends bytes in payloads of the usual size and sees to it that all are acknowledged, a few at
    /// a time.
    async fn deliver(&mut self, bytes: &[u8]) {
        for window in bytes.chunks(64 * 1024) {
            let first = self.memory.next_input;
            let mut messages = Vec::new();
            for payload in window.chunks(1024) {
                messages.push(self.send_next(PayloadType::Output, payload).await);
            }
            let last = self.memory.next_input;
            self.until_acknowledged(first, last, &messages).await;
        }
    }

    async fn until_acknowledged(&mut self, first: i64, last: i64, messages: &[Message]) {
        let start = Instant::now();
        loop {
            let missing = (first..last).find(|number| !self.acknowledged.contains(number));
            let Some(number) = missing else { break };
            assert!(start.elapsed() < LIMIT, "{number} is not acknowledged");
            let seen = self.acknowledged.len();
            let step = timeout(Duration::from_millis(200), async {
                while self.acknowledged.len() == seen && self.step().await {}
            });
            if step.await.is_err() {
                let missing = messages.iter().find(|message| message.sequence == number);
                self.send(&missing.unwrap().clone()).await;
            }
        }
        self.acknowledged.clear();
    }

    async fn sees_on(&mut self, stream: u8, wanted: &[u8], ended: bool) {
        self.until("data of the stream", |client| {
            of_stream(client, stream) == (wanted.to_vec(), ended)
        })
        .await;
    }
}

#[tokio::test]
async fn streams_are_connections() {
    let (listener, port) = listener().await;
    let channels = Channels::new();
    let mut client = multiplexed(&channels, port).await;
    client.deliver(&syn(3)).await;
    let (mut third, _) = listener.accept().await.unwrap();
    // Frames need not end where payloads do.
    let both = [syn(5), frame(2, 3, b"to three"), frame(2, 5, b"to five")].concat();
    for piece in both.chunks(11) {
        client.deliver(piece).await;
    }
    let (mut fifth, _) = listener.accept().await.unwrap();
    let mut buffer = [0; 8];
    third.read_exact(&mut buffer).await.unwrap();
    assert_eq!(&buffer, b"to three");
    fifth.read_exact(&mut buffer[..7]).await.unwrap();
    assert_eq!(&buffer[..7], b"to five");
    fifth.write_all(b"from five\n").await.unwrap();
    third.write_all(b"from three").await.unwrap();
    client.sees_on(5, b"from five\n", false).await;
    client.sees_on(3, b"from three", false).await;

    // The far side ends one, the client the other.
    drop(third);
    client.sees_on(3, b"from three", true).await;
    client.deliver(&fin(3)).await;
    client.deliver(&[frame(2, 5, b"!"), fin(5)].concat()).await;
    assert_eq!(fifth.read(&mut buffer).await.unwrap(), 1);
    assert_eq!(fifth.read(&mut buffer).await.unwrap(), 0);
    client.sees_on(5, b"from five\n", true).await;
    assert_eq!(channels.state(ID), Some(State::Running));

    client.send_next(PayloadType::Flag, &[0, 0, 0, 2]).await;
    client.ends().await;
    assert_eq!(client.closed.unwrap().output, "");
    let record = channels.record(ID).unwrap();
    assert_eq!(record.flags, [Flag::TerminateSession]);
    assert_eq!(record.violations, [""; 0]);
}

#[tokio::test]
async fn a_destination_that_refuses_is_said_for_each_stream() {
    let (listener, port) = listener().await;
    drop(listener);
    let channels = Channels::new();
    let mut client = multiplexed(&channels, port).await;
    client.deliver(&syn(3)).await;
    client.sees_on(3, b"", true).await;
    assert_eq!(client.received_of(PayloadType::Flag), [0, 0, 0, 3]);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .unwrap();
    client.deliver(&syn(5)).await;
    let (mut connection, _) = listener.accept().await.unwrap();
    connection.write_all(b"now").await.unwrap();
    client.sees_on(5, b"now", false).await;
    assert_eq!(client.received_of(PayloadType::Flag), [0, 0, 0, 3]);
}

#[tokio::test]
async fn much_goes_both_ways_at_once() {
    let (listener, port) = listener().await;
    let echo = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let (mut from, mut to) = connection.split();
        tokio::io::copy(&mut from, &mut to).await.unwrap();
    });
    let channels = Channels::new();
    let mut client = multiplexed(&channels, port).await;
    let bytes: Vec<u8> = (0..4 * 1024 * 1024_u32)
        .map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    client.deliver(&syn(3)).await;
    for part in bytes.chunks(30_000) {
        client.deliver(&frame(2, 3, part)).await;
    }
    let enough = bytes.len();
    let come = |client: &Client| {
        let sizes = client.received.iter().map(|(_, payload)| payload.len());
        sizes.sum::<usize>() >= enough
    };
    client.until("all of it", come).await;
    client.sees_on(3, &bytes, false).await;
    assert_eq!(channels.violations(ID), [""; 0]);
    echo.abort();
}

#[tokio::test]
async fn a_far_side_that_does_not_read_holds_the_client_up() {
    let (listener, port) = listener().await;
    let channels = Channels::new();
    let mut client = multiplexed(&channels, port).await;
    client.deliver(&syn(3)).await;
    let (mut slow, _) = listener.accept().await.unwrap();
    // More than smux and the two sockets' buffers hold together: each KiB tells its number.
    let total = 20 * 1024;
    let filled = |number: usize| vec![u8::try_from(number % 251).unwrap(); 1024];
    for number in (0..total).step_by(8) {
        let block = (number..number + 8).flat_map(filled).collect::<Vec<u8>>();
        for payload in frame(2, 3, &block).chunks(1024) {
            client.send_next(PayloadType::Output, payload).await;
        }
        client.listen(Duration::ZERO).await;
    }
    client.listen(Duration::from_millis(500)).await;
    let taken = client.acknowledged.len();
    assert!(
        (4 * 1024..18 * 1024).contains(&taken),
        "{taken} acknowledged"
    );
    assert_eq!(channels.record(ID).unwrap().duplicates, 0);
    // Then it reads, and everything is there in its order though nothing was sent again.
    let reading = tokio::spawn(async move {
        let mut bytes = vec![0; total * 1024];
        slow.read_exact(&mut bytes).await.unwrap();
        let mut blocks = bytes.chunks(1024).enumerate();
        assert!(blocks.all(|(number, block)| block == filled(number)));
    });
    timeout(LIMIT, async {
        while !reading.is_finished() {
            client.listen(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    reading.await.unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_acknowledge_holds_the_far_side_up() {
    let (listener, port) = listener().await;
    let channels = Channels::new();
    let mut client = multiplexed(&channels, port).await;
    client.deliver(&syn(3)).await;
    let (connection, _) = listener.accept().await.unwrap();
    client.polite = false;
    let written = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&written);
    let writing = tokio::spawn(async move {
        let mut connection = connection;
        loop {
            let Ok(taken) = connection.write(&[7; 1024]).await else {
                return;
            };
            count.fetch_add(taken, std::sync::atomic::Ordering::SeqCst);
        }
    });
    let seen = || written.load(std::sync::atomic::Ordering::SeqCst);
    let start = Instant::now();
    let mut before = 0;
    while before == 0 || seen() != before {
        before = seen();
        assert!(before < 40 * 1024 * 1024, "{before}");
        assert!(start.elapsed() < LIMIT, "still written after {before}");
        client.listen(Duration::from_secs(1)).await;
    }
    writing.abort();
}

#[tokio::test]
async fn streams_live_through_a_lost_websocket() {
    let (listener, port) = listener().await;
    let channels = Channels::new();
    let mut client = multiplexed(&channels, port).await;
    client
        .deliver(&[syn(3), frame(2, 3, b"before ")].concat())
        .await;
    let (mut connection, _) = listener.accept().await.unwrap();
    assert!(channels.drop_connection(ID));
    client.ends().await;
    connection.write_all(b"meanwhile").await.unwrap();
    channels.renew(ID, "second".to_owned());
    let mut client = Client::resume(&channels, "second", client.memory).await;
    client.sees_on(3, b"meanwhile", false).await;
    client.deliver(&frame(2, 3, b"after")).await;
    let mut buffer = [0; 12];
    connection.read_exact(&mut buffer).await.unwrap();
    assert_eq!(&buffer, b"before after");
    assert_eq!(channels.violations(ID), [""; 0]);
}

#[tokio::test]
async fn connections_end_with_the_session() {
    let (listener, port) = listener().await;
    let channels = Channels::new();
    let mut client = multiplexed(&channels, port).await;
    client.deliver(&syn(3)).await;
    let (mut connection, _) = listener.accept().await.unwrap();
    channels.terminate(ID, "Terminated.");
    assert_eq!(connection.read(&mut [0]).await.unwrap(), 0);
    client.ends().await;
    assert_eq!(client.closed.unwrap().output, "Terminated.");
}

#[tokio::test]
async fn what_is_no_smux_ends_the_session() {
    let (_listener, port) = listener().await;
    let channels = Channels::new();
    let mut client = multiplexed(&channels, port).await;
    client.deliver(b"GET / HTTP/1.1\r\n\r\n").await;
    client.ends().await;
    assert_eq!(channels.violations(ID), ["smux: version 71, command 69"]);
}

#[tokio::test]
async fn old_clients_are_kept_alive() {
    let seen = |version: &'static str| async move {
        let (_listener, port) = listener().await;
        let channels = Channels::new();
        let mut client = start(&channels, forwarding(port), AGENT_VERSION, version).await;
        client.listen(Duration::from_secs(11)).await;
        client.received_of(PayloadType::Output)
    };
    let (old, new) = tokio::join!(seen("1.2.331.0"), seen(CLIENT));
    assert_eq!(old, frame(3, 0, b""));
    assert_eq!(new, b"");
}

#[tokio::test]
async fn a_remote_host_is_looked_up_by_the_node() {
    let (listener, port) = listener().await;
    let remote = |host: &str| {
        let mut port = forwarding(port);
        port.properties.insert("host".to_owned(), host.to_owned());
        port.hosts = vec![
            ("db.internal".to_owned(), Ipv4Addr::LOCALHOST.into()),
            (
                "metadata.internal".to_owned(),
                Ipv4Addr::new(169, 254, 169, 254).into(),
            ),
        ];
        port
    };
    let channels = Channels::new();
    for host in ["db.internal", "127.0.0.1", "localhost"] {
        let mut client = start(&channels, remote(host), AGENT_VERSION, CLIENT).await;
        client.deliver(&syn(3)).await;
        let (mut connection, _) = listener.accept().await.unwrap();
        connection.write_all(b"hi").await.unwrap();
        client.sees_on(3, b"hi", false).await;
    }
    for host in ["169.254.169.254", "fd00:ec2::254", "metadata.internal"] {
        let mut client = start(&channels, remote(host), AGENT_VERSION, CLIENT).await;
        client.ends().await;
        let output = client.closed.unwrap().output;
        assert_eq!(
            output,
            format!("Forwarding to IP address {host} is forbidden.")
        );
    }
    let mut client = start(
        &channels,
        remote("no-such-name.invalid"),
        AGENT_VERSION,
        CLIENT,
    )
    .await;
    client.ends().await;
    assert_eq!(
        client.closed.unwrap().output,
        "lookup no-such-name.invalid on 10.0.0.2:53: no such host"
    );
}

async fn reads(connection: &mut TcpStream, wanted: &[u8]) {
    let mut buffer = vec![0; wanted.len()];
    timeout(LIMIT, connection.read_exact(&mut buffer))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(buffer, wanted);
}

#[tokio::test]
async fn old_agents_take_one_connection_after_the_other() {
    let (listener, port) = listener().await;
    let channels = Channels::new();
    let mut client = start(&channels, forwarding(port), BASIC_AGENT, "1.1.69.0").await;
    // Dialled at once.
    let (mut first, _) = listener.accept().await.unwrap();
    first.write_all(b"banner\n").await.unwrap();
    client.sees("banner\n").await;
    client.deliver(b"\n").await;
    reads(&mut first, b"\n").await;
    client.send_next(PayloadType::Flag, &[0, 0, 0, 1]).await;
    assert_eq!(first.read(&mut [0]).await.unwrap(), 0);
    // The next data connects again, here and when the far side has ended it.
    client.deliver(b"again").await;
    let (mut second, _) = listener.accept().await.unwrap();
    reads(&mut second, b"again").await;
    second.write_all(b"bye").await.unwrap();
    drop(second);
    client.sees("bye").await;
    client.listen(Duration::from_millis(100)).await;
    client.deliver(b"third").await;
    let (mut third, _) = listener.accept().await.unwrap();
    reads(&mut third, b"third").await;
    drop(listener);
    drop(third);
    client.listen(Duration::from_millis(100)).await;
    channels.faults().notice_crash_after(MOMENT);
    client.deliver(b"nobody").await;
    client.ends().await;
    assert_eq!(client.closed.unwrap().output, MISSED);
    assert_eq!(channels.record(ID).unwrap().flags, [Flag::DisconnectToPort]);
}

#[tokio::test]
async fn the_worker_crashes_when_nobody_listens() {
    let (listener, port) = listener().await;
    drop(listener);
    let channels = Channels::new();
    channels.faults().notice_crash_after(4 * MOMENT);
    let mut client = start(&channels, forwarding(port), BASIC_AGENT, CLIENT).await;
    client.listen(MOMENT).await;
    let acknowledged = client.acknowledged.len();
    client.send_next(PayloadType::Output, b"anybody?").await;
    client.send_next(PayloadType::Output, b"nobody").await;
    let began = Instant::now();
    client.ends().await;
    assert!(began.elapsed() > MOMENT);
    assert_eq!(client.acknowledged.len(), acknowledged);
    assert_eq!(client.closed.unwrap().output, MISSED);
}

#[tokio::test]
async fn ssh_is_bytes_until_the_server_ends() {
    let (listener, port) = listener().await;
    let ssh = Port {
        properties: properties(&[("portNumber", "22")]),
        ports: vec![(22, port)],
        ..Port::default()
    };
    let channels = Channels::new();
    let mut client = start(&channels, ssh, AGENT_VERSION, CLIENT).await;
    let (mut server, _) = listener.accept().await.unwrap();
    client.deliver(b"SSH-2.0-test\r\n\x00\xff\n").await;
    reads(&mut server, b"SSH-2.0-test\r\n\x00\xff\n").await;
    server.write_all(&[0xff; 3000]).await.unwrap();
    client
        .until("the answer", |client| {
            client.received_of(PayloadType::Output) == [0xff; 3000]
        })
        .await;
    drop(server);
    client.ends().await;
    assert_eq!(client.closed.unwrap().output, "");
    assert_eq!(channels.violations(ID), [""; 0]);
}
