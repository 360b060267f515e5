//! The local side of a forward:
//! a port or a Unix socket of this machine that vendor-ssm listens on, and where it leads.

use std::fmt;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::args::forward::{Listen, Spec};
use crate::names::{DocumentName, document};
use crate::os::Os;
use crate::platform::LocalSocket;
use crate::session::context::{Request, Target, parameters};
use crate::session::error::{Error, ErrorKind};
use crate::session::ledger::journal::SessionKind;
use crate::settings::Documents;

use super::socket;
use super::stream::Stream;

/// A port or a Unix socket of this machine that vendor-ssm listens on, and where it leads.
#[derive(Debug)]
pub(crate) struct Listening {
    spec: Spec,
    /// The instance, as people know it.
    target: String,
    listener: Listener,
}

#[derive(Debug)]
enum Listener {
    Port(SocketAddr, TcpListener),
    Socket(String, LocalSocket),
}

impl Listening {
    /// Takes the port, or makes the socket. To be called inside a runtime.
    /// Errors: [`ErrorKind::Listen`] and [`ErrorKind::Socket`].
    pub(crate) fn new(spec: Spec, target: &str, os: &Os) -> Result<Self, Error> {
        let listener = match &spec.listen {
            Listen::Port(address) => port(*address)?,
            Listen::Socket(path) => {
                let shown = path.display().to_string();
                match socket::listen(path, os) {
                    Ok(socket) => Listener::Socket(shown, socket),
                    Err(source) => {
                        let path = shown;
                        return Err(ErrorKind::Socket { path, source }.into());
                    }
                }
            }
        };
        Ok(Self {
            spec,
            target: target.to_owned(),
            listener,
        })
    }

    /// Where it listens: an address, or a path as it was typed.
    pub(crate) fn address(&self) -> &dyn fmt::Display {
        match &self.listener {
            Listener::Port(address, _) => address,
            Listener::Socket(path, _) => path,
        }
    }

    /// The port, unless it is a socket.
    pub(crate) fn port(&self) -> Option<u16> {
        match &self.listener {
            Listener::Port(address, _) => Some(address.port()),
            Listener::Socket(..) => None,
        }
    }

    /// The port, where it was left to the system.
    pub(crate) fn chosen_port(&self) -> Option<u16> {
        match &self.spec.listen {
            Listen::Port(asked) if asked.port() == 0 => self.port(),
            _ => None,
        }
    }

    /// Whether other machines may reach it.
    pub(crate) fn is_wide(&self) -> bool {
        match &self.listener {
            Listener::Port(address, _) => !address.ip().is_loopback(),
            Listener::Socket(..) => false,
        }
    }

    /// The port that it leads to: `web-1:80`.
    pub(crate) fn destination(&self) -> String {
        let host = self.spec.host.as_deref().unwrap_or(&self.target);
        let port = self.spec.port;
        if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
    }

    /// The next connection, and where it comes from if it comes to a port.
    pub(crate) async fn accept(&self) -> std::io::Result<(Stream, Option<SocketAddr>)> {
        match &self.listener {
            Listener::Port(_, listener) => {
                let (stream, from) = listener.accept().await?;
                Ok((Stream::Tcp(stream), Some(from)))
            }
            Listener::Socket(_, socket) => Ok((Stream::Unix(socket.accept().await?), None)),
        }
    }

    /// What StartSession is asked for.
    pub(crate) fn request(
        &self,
        target: &Target,
        documents: &Documents,
        reason: Option<&str>,
    ) -> Request {
        let (document, own) = match &self.spec.host {
            None => (&documents.port, document::PORT),
            Some(_) => (&documents.remote_port, document::REMOTE_PORT),
        };
        let host = self.spec.host.iter().map(|host| ("host", host.clone()));
        let port = ("portNumber", self.spec.port.to_string());
        Request {
            target: target.clone(),
            document: document
                .clone()
                .or_else(|| own.parse::<DocumentName>().ok()),
            parameters: parameters(host.chain([port])),
            reason: reason.map(str::to_owned),
            wait: None,
            kind: SessionKind::Forward,
        }
    }
}

fn port(address: SocketAddr) -> Result<Listener, ErrorKind> {
    let listen = || {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Listener::Port(address, TcpListener::from_std(listener)?))
    };
    listen().map_err(|source| ErrorKind::Listen { address, source })
}

/// `127.0.0.1:8080 -> web-1:80`, or `./db.sock -> db.internal:5432`
impl fmt::Display for Listening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} -> {}", self.address(), self.destination())
    }
}
