//! The local side of a forward:
//! a port of this machine that vendor-ssm listens on, and where it leads.

use std::fmt;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};

use crate::args::forward::Spec;
use crate::names::{DocumentName, document};
use crate::session::context::{Request, Target, parameters};
use crate::session::error::{Error, ErrorKind};
use crate::session::ledger::journal::SessionKind;
use crate::settings::Documents;

/// A port of this machine that vendor-ssm listens on, and where it leads.
#[derive(Debug)]
pub(crate) struct Listening {
    spec: Spec,
    /// The instance, as people know it.
    target: String,
    address: SocketAddr,
    listener: TcpListener,
}

impl Listening {
    /// Takes the port. Errors: [`ErrorKind::Listen`]. To be called inside a runtime.
    pub(crate) fn new(spec: Spec, target: &str) -> Result<Self, Error> {
        let address = spec.listen;
        let listen = || {
            let listener = std::net::TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((address, TcpListener::from_std(listener)?))
        };
        let (address, listener) =
            listen().map_err(|source| ErrorKind::Listen { address, source })?;
        Ok(Self {
            spec,
            target: target.to_owned(),
            address,
            listener,
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port, where it was left to the system.
    pub(crate) fn chosen_port(&self) -> Option<u16> {
        (self.spec.listen.port() == 0).then_some(self.address.port())
    }

    /// Whether other machines may reach it.
    pub(crate) fn is_wide(&self) -> bool {
        !self.address.ip().is_loopback()
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

    /// The next connection.
    pub(crate) async fn accept(&self) -> std::io::Result<(TcpStream, SocketAddr)> {
        self.listener.accept().await
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

/// `127.0.0.1:8080 -> web-1:80`
impl fmt::Display for Listening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} -> {}", self.address, self.destination())
    }
}
