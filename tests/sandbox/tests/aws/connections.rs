//! Connections that go wrong, TLS, and the proxy.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::proxy::{Proxy, ProxyOptions};

use crate::client::{Client, WEB_1, start, start_with};

#[test]
fn a_lost_answer_is_not_a_lost_session() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let input = json!({"Target": WEB_1});
    for (kind, sessions) in [(Kind::Reset, 0), (Kind::ResetAfter, 1), (Kind::HalfBody, 2)] {
        sandbox
            .faults()
            .add(Fault::new("StartSession", kind).times(1));
        let result = client.try_ssm("StartSession", &input);
        match kind {
            Kind::HalfBody => {
                let answer = result.unwrap();
                let promised: usize = answer.headers["content-length"].parse().unwrap();
                assert!(answer.body.len() < promised);
            }
            _ => assert_eq!(result.unwrap_err().kind(), ErrorKind::ConnectionReset),
        }
        assert_eq!(sandbox.open_sessions().len(), sessions, "{kind:?}");
    }
}

#[test]
fn answers_can_be_nonsense() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    for (kind, wanted) in [
        (Kind::Garbage, "not an answer"),
        (Kind::Html, "<!DOCTYPE html>"),
    ] {
        sandbox
            .faults()
            .add(Fault::new("StartSession", kind).times(1));
        let answer = client.ssm("StartSession", &json!({"Target": WEB_1}));
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains(wanted));
    }
}

#[test]
fn answers_can_be_late_or_never_come() {
    let sandbox = start_with(Options {
        latency: Duration::from_millis(20),
        ..Options::default()
    });
    let client = Client::user(&sandbox, "alice");
    sandbox
        .faults()
        .add(Fault::new("GetCallerIdentity", Kind::Slow(Duration::from_millis(80))).times(1));
    let begun = Instant::now();
    client.sts("GetCallerIdentity", &[]);
    assert!(begun.elapsed() >= Duration::from_millis(100));

    sandbox
        .faults()
        .add(Fault::new("GetConnectionStatus", Kind::Hang));
    let (told, answered) = std::sync::mpsc::channel();
    let waiting = client.clone();
    std::thread::spawn(move || {
        let answer = waiting.try_ssm("GetConnectionStatus", &json!({"Target": WEB_1}));
        told.send(answer.is_ok())
    });
    let limit = Duration::from_millis(200);
    assert!(answered.recv_timeout(limit).is_err());
    // Dropping a sandbox with a call that hangs must not hang.
    drop(sandbox);
    assert_eq!(answered.recv(), Ok(false));
}

#[test]
fn the_trail_is_written_to_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("trail.jsonl");
    let sandbox = start_with(Options {
        trail: Some(file.clone()),
        ..Options::default()
    });
    Client::user(&sandbox, "alice").sts("GetCallerIdentity", &[]);
    let text = std::fs::read_to_string(file).unwrap();
    let event: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    assert_eq!(event["action"], "GetCallerIdentity");
    assert_eq!(event["status"], 200);
}

/// Says something to a server over TLS on a connection that is already there, and returns what it
/// answers.
fn over_tls(stream: TcpStream, ca: &Path, host: &str) -> String {
    over_tls_to(stream, ca, host, host)
}

/// The same with another host in the request than the name that TLS is set up with.
fn over_tls_to(stream: TcpStream, ca: &Path, name: &str, host: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(ca).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // The server closes without close_notify at times.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn tls_is_served_for_loopback_and_chosen_names() {
    let dir = tempfile::tempdir().unwrap();
    let host = "ssmmessages.us-east-1.amazonaws.com";
    let sandbox = start_with(Options {
        tls: Some(dir.path().to_owned()),
        tls_names: vec![host.to_owned()],
        ..Options::default()
    });
    assert!(sandbox.endpoint().starts_with("https://127.0.0.1:"));
    let ca = sandbox.ca_file().unwrap().to_owned();
    let direct = TcpStream::connect(("127.0.0.1", sandbox.port())).unwrap();
    assert!(over_tls(direct, &ca, "127.0.0.1").starts_with("HTTP/1.1 404"));
    // A request is for the host that TLS was set up with, whatever its signature covers.
    let direct = TcpStream::connect(("127.0.0.1", sandbox.port())).unwrap();
    let answer = over_tls_to(direct, &ca, "localhost", host);
    assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");

    let proxy = Proxy::start(ProxyOptions {
        credentials: Some("user:word".to_owned()),
        hosts: HashMap::from([(host.to_owned(), sandbox.port())]),
        ..ProxyOptions::default()
    })
    .unwrap();
    let connect = |authorization: &str| {
        let address = proxy.url().replace("http://", "");
        let mut stream = TcpStream::connect(address).unwrap();
        let request =
            format!("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n{authorization}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        (stream, String::from_utf8(head).unwrap())
    };
    assert!(connect("").1.starts_with("HTTP/1.1 407"));
    let (stream, head) = connect("Proxy-Authorization: Basic dXNlcjp3b3Jk\r\n");
    assert!(head.starts_with("HTTP/1.1 200"));
    assert!(over_tls(stream, &ca, host).starts_with("HTTP/1.1 404"));
    assert_eq!(
        proxy.connects(),
        [format!("{host}:443"), format!("{host}:443")]
    );
}
