//! A server that answers every call with what a test says, for answers that no AWS gives.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A stub on a port of its own. Its thread ends with the process.
pub struct Stub {
    port: u16,
    actions: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    /// Answers each action with a status and a body.
    pub fn start(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let actions = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&actions);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let Some(action) = action(&mut stream) else {
                    continue;
                };
                let (status, body) = answer(&action);
                seen.lock().unwrap().push(action);
                // A client that is gone is its own affair.
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status} Said\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { port, actions }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was asked.
    pub fn actions(&self) -> Vec<String> {
        self.actions.lock().unwrap().clone()
    }
}

/// Reads a request, and which action it is for.
fn action(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let head_end = loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
        if bytes.ends_with(b"\r\n\r\n") {
            break bytes.len();
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let length: usize = header("content-length").map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    if let Some(target) = header("x-amz-target") {
        return Some(target.trim_start_matches("AmazonSSM.").to_owned());
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    body.split('&')
        .find_map(|pair| pair.strip_prefix("Action="))
        .map(str::to_owned)
}
