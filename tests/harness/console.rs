//! The keyboard of a Windows console under wine.
//! `tests/systems/console.c` runs the program and types what this sends it.

use std::io::{ErrorKind, Read as _, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::terminal::{LIMIT, until};
use super::{native, program};

/// A keyboard. Its clones type on the same one.
#[derive(Clone)]
pub struct Console(Arc<Mutex<Line>>);

struct Line {
    listener: TcpListener,
    peer: Option<TcpStream>,
}

impl Console {
    /// Waits for no connection yet.
    pub fn listen() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Self(Arc::new(Mutex::new(Line {
            listener,
            peer: None,
        })))
    }

    /// What to run in place of the program, with the words that come before its own.
    pub fn words(&self) -> [String; 3] {
        let port = self.0.lock().unwrap().listener.local_addr().unwrap().port();
        let console = program().replace("vendor-ssm", "console");
        [
            console,
            port.to_string(),
            native(format!("{}.exe", program())),
        ]
    }

    /// Gives the console another size.
    pub fn resize(&self, rows: u16, cols: u16) -> std::io::Result<()> {
        self.tell(&format!("size {rows} {cols}"))
    }

    /// Sends a line and waits until it is done.
    fn tell(&self, text: &str) -> std::io::Result<()> {
        let mut line = self.0.lock().unwrap();
        if line.peer.is_none() {
            line.peer = Some(accepted(&line.listener)?);
        }
        let peer = line.peer.as_mut().unwrap();
        peer.write_all(format!("{text}\n").as_bytes())?;
        peer.read_exact(&mut [0; 5])
    }
}

/// The connection of the program that types, which has to come.
fn accepted(listener: &TcpListener) -> std::io::Result<TcpStream> {
    listener.set_nonblocking(true)?;
    let mut peer = None;
    until(LIMIT, || {
        peer = listener.accept().ok();
        peer.is_some()
    });
    let (peer, _) = peer.ok_or(ErrorKind::TimedOut)?;
    peer.set_nonblocking(false)?;
    Ok(peer)
}

/// Types text, which must not be cut inside a character.
impl Write for Console {
    fn write(&mut self, keys: &[u8]) -> std::io::Result<usize> {
        use std::fmt::Write as _;
        let text = std::str::from_utf8(keys).map_err(std::io::Error::other)?;
        let mut line = "type ".to_owned();
        for unit in text.encode_utf16() {
            let _ = write!(line, "{unit:04x}");
        }
        self.tell(&line)?;
        Ok(keys.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
