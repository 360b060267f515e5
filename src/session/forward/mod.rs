//! Ports of this machine that lead to an instance, or to hosts that it reaches: a session and a listener for each.
//!
//! The listeners are there before any session is started, so that a port that is taken opens nothing. When one session
//! ends, all do: half of what was asked for is not silently less.

mod carrier;
mod connection;
mod connections;
mod tunnel;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::args::forward::Spec;
use crate::channel::{Event, Flag};
use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::names::{DocumentName, document};
use crate::settings::Documents;
use crate::signals::{Ending, Signals};

use super::end::End;
use super::journal::SessionKind;
use super::line::Line;
use super::start::Started;
use super::{Error, Request, Stage, Target, host};
use tunnel::Around;

pub(super) use connection::QUIET;

/// How long the agent may take to hear that the session ends.
const FAREWELL: Duration = Duration::from_millis(500);
/// How long the handshake may take.
pub(super) const HANDSHAKE: Duration = Duration::from_secs(20);

/// A port of this machine that nobody else has, and where it is to lead.
#[derive(Debug)]
pub struct Listening {
    spec: Spec,
    /// The instance, as people know it.
    target: String,
    address: SocketAddr,
    listener: TcpListener,
}

impl Listening {
    /// Takes the port. Errors: [`Error::Listen`]. To be called inside a runtime.
    pub fn new(spec: Spec, target: &str) -> Result<Self, Error> {
        let address = spec.listen;
        let listen = || {
            let listener = std::net::TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((address, TcpListener::from_std(listener)?))
        };
        let (address, listener) = listen().map_err(|source| Error::Listen { address, source })?;
        Ok(Self {
            spec,
            target: target.to_owned(),
            address,
            listener,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port, where it was left to the system.
    pub fn chosen_port(&self) -> Option<u16> {
        (self.spec.listen.port() == 0).then_some(self.address.port())
    }

    /// Whether other machines may reach it.
    pub fn is_wide(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    /// What StartSession is asked for.
    fn request(&self, target: &Target, documents: &Documents, reason: Option<&str>) -> Request {
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
        let host = self.spec.host.as_deref().unwrap_or(&self.target);
        let port = self.spec.port;
        if host.contains(':') {
            write!(formatter, "{} -> [{host}]:{port}", self.address)
        } else {
            write!(formatter, "{} -> {host}:{port}", self.address)
        }
    }
}

/// A document's parameters, of which each is a list of one.
pub(super) fn parameters(
    values: impl IntoIterator<Item = (&'static str, String)>,
) -> BTreeMap<String, Vec<String>> {
    let list = |(name, value): (&str, String)| (name.to_owned(), vec![value]);
    values.into_iter().map(list).collect()
}

/// Forwards all of them until a signal comes or one of the sessions ends. `ready` is called once, when all carry
/// connections. Each session has `signals` of its own. SIGINT is the ordinary end, and [`Exit::Ok`] once every session is
/// known to have ended.
pub async fn forward(
    stage: Stage<'_, '_>,
    target: &Target,
    reason: Option<&str>,
    role: &AssumedRole,
    listening: &[Listening],
    signals: &mut [Signals],
    ready: &dyn Fn(),
) -> Result<Exit, Error> {
    let (stop, stopped) = watch::channel(false);
    let still_opening = Cell::new(listening.len());
    let one_is_ready = || {
        still_opening.set(still_opening.get() - 1);
        if still_opening.get() == 0 {
            ready();
        }
    };
    let sessions = listening
        .iter()
        .zip(signals)
        .map(async |(listening, signals)| {
            let request = listening.request(target, &stage.customer.documents, reason);
            let around = Around {
                listening,
                stop: stopped.clone(),
                ready: &one_is_ready,
            };
            let end = one(stage, &request, role.clone(), around, signals).await;
            // The others have no reason to stay.
            stop.send_replace(true);
            end
        });
    outcome(stage, join_all(sessions).await)
}

async fn one(
    stage: Stage<'_, '_>,
    request: &Request,
    role: AssumedRole,
    around: Around<'_>,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let client = async |started: &Started, signals: &mut Signals| {
        let end = tunnel::run(stage, request, started, around, signals).await;
        (end, ())
    };
    host(stage, request, role, signals, client).await?.end
}

/// The worst of the ends is ours; the others are said.
fn outcome(stage: Stage<'_, '_>, ends: Vec<Result<Exit, Error>>) -> Result<Exit, Error> {
    let mut worst = Ok(Exit::Ok);
    for end in ends {
        let (end, other) = if rank(&end) > rank(&worst) {
            (end, worst)
        } else {
            (worst, end)
        };
        worst = end;
        if let Err(error) = other
            && !matches!(error, Error::Signal(_))
        {
            stage.callbacks.warn(&error.to_string());
            if let Some(hint) = error.hint() {
                stage.callbacks.warn(&hint);
            }
        }
    }
    match worst {
        Ok(exit) if exit == Ending::INTERRUPT.exit() => Ok(Exit::Ok),
        worst => worst,
    }
}

/// A session that may be open outranks everything, then an identity that is not the configured one.
fn rank(end: &Result<Exit, Error>) -> u8 {
    match end {
        Ok(Exit::Ok) => 0,
        // Nothing was opened; another session may have been.
        Err(Error::Signal(_)) => 1,
        Ok(_) => 2,
        Err(error) => match error.exit() {
            Exit::MayStillBeOpen => 5,
            Exit::IdentityMismatch => 4,
            _ => 3,
        },
    }
}

/// The session's document is for something else.
pub(super) fn no_port() -> End {
    End::NotOpened {
        reason: "its document opens another kind of session".to_owned(),
        hint: Some("ask the customer which documents they grant for ports, and set them under [customers.NAME.documents]: port and remote_port for forward, ssh for proxy".to_owned()),
    }
}

/// The handshake did not come about.
pub(super) fn unopened() -> End {
    End::NotOpened {
        reason: format!(
            "the target's agent has not agreed on a port session in {} s",
            HANDSHAKE.as_secs()
        ),
        hint: Some(
            "its agent may be hanging; try again, or ask the customer to restart it".to_owned(),
        ),
    }
}

/// Tells the agent that the session ends, so that it does not wait for us.
pub(super) async fn farewell(line: &mut Line<'_, '_>) {
    line.flag(Flag::TerminateSession);
    let heard = async {
        while !line.is_flushed() {
            match line.next().await {
                Ok(Event::Closed { .. }) | Err(_) => return,
                Ok(_) => {}
            }
        }
    };
    // Whether it has heard it or not, TerminateSession follows.
    let _ = tokio::time::timeout(FAREWELL, heard).await;
}
