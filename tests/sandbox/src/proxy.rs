//! An HTTP CONNECT proxy for tests:
//! counts what goes through it, may ask for Basic credentials, and sends chosen host names to a
//! port of 127.0.0.1. It speaks no other method.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::background::Background;

/// How a proxy behaves.
#[derive(Debug, Clone, Default)]
pub struct ProxyOptions {
    /// `user:password`; the proxy answers 407 to all others.
    pub credentials: Option<String>,
    /// Hosts, with the port on 127.0.0.1 that stands for them; others are connected to as named.
    pub hosts: HashMap<String, u16>,
    /// Hosts that the proxy does not let through, with the status that it answers.
    pub refused: HashMap<String, u16>,
}

/// A running proxy, until it is dropped.
pub struct Proxy {
    port: u16,
    connects: Arc<Mutex<Vec<String>>>,
    refused: Arc<Mutex<HashMap<String, u16>>>,
    _serving: Background,
}

impl Proxy {
    /// Starts on a free port.
    pub fn start(options: ProxyOptions) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let connects = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&connects);
        let refused = Arc::new(Mutex::new(options.refused.clone()));
        let turned_away = Arc::clone(&refused);
        let serve = move || run(listener, Arc::new(options), seen, turned_away);
        let serving = Background::start("proxy", 1, serve)?;
        Ok(Self {
            port,
            connects,
            refused,
            _serving: serving,
        })
    }

    /// `http://127.0.0.1:PORT`, for `HTTPS_PROXY`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on lets no connection through to this host, and answers this status.
    pub fn refuse(&self, host: &str, status: u16) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.insert(host.to_owned(), status);
    }

    /// What was asked for so far, as `host:port`, refused ones included.
    pub fn connects(&self) -> Vec<String> {
        self.connects
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

async fn run(
    listener: std::net::TcpListener,
    options: Arc<ProxyOptions>,
    seen: Arc<Mutex<Vec<String>>>,
    refused: Arc<Mutex<HashMap<String, u16>>>,
) -> std::io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let options = Arc::clone(&options);
        let seen = Arc::clone(&seen);
        let refused = Arc::clone(&refused);
        tokio::spawn(async move {
            // Either end going away is the other's to see.
            let _ = tunnel(stream, &options, &seen, &refused).await;
        });
    }
}

async fn tunnel(
    mut client: TcpStream,
    options: &ProxyOptions,
    seen: &Mutex<Vec<String>>,
    refused: &Mutex<HashMap<String, u16>>,
) -> std::io::Result<()> {
    let head = head(&mut client).await?;
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some("CONNECT"), Some(authority)) = (words.next(), words.next()) else {
        let answer = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n";
        return client.write_all(answer).await;
    };
    seen.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(authority.to_owned());
    if let Some(credentials) = &options.credentials {
        let expected = format!("Basic {}", STANDARD.encode(credentials));
        let sent = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("proxy-authorization")
                .then(|| value.trim())
        });
        if sent != Some(expected.as_str()) {
            let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
                Proxy-Authenticate: Basic realm=\"sandbox\"\r\nContent-Length: 0\r\n\r\n";
            return client.write_all(answer).await;
        }
    }
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    let status = {
        let refused = refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.get(host).copied()
    };
    if let Some(status) = status {
        let answer = format!("HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\n\r\n");
        return client.write_all(answer.as_bytes()).await;
    }
    let connected = match options.hosts.get(host) {
        Some(port) => TcpStream::connect(("127.0.0.1", *port)).await,
        None => TcpStream::connect(authority).await,
    };
    let Ok(mut server) = connected else {
        let answer = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
        return client.write_all(answer).await;
    };
    client
        .write_all(b"HTTP/1.1 200 Connection Established\r\n\r\n")
        .await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// The request up to its empty line, read byte by byte so that nothing behind it is taken.
async fn head(client: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16 * 1024 {
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
