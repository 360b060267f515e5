//! A running sandbox:
//! starts the server on a runtime of its own, so that tests without one can use it, and ends it
//! with everything it started when dropped.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::background::Background;
use crate::bucket::Buckets;
use crate::channel::{Channels, Line};
use crate::clock::{self, Clock};
use crate::faults::Faults;
use crate::metadata::Metadata;
use crate::options::Options;
use crate::relay::{Relays, SERVICES};
use crate::server;
use crate::shared::{Shared, State};
use crate::tls::{self, TlsError};
use crate::trail::{Event, Trail};
use crate::world::{VENDOR, World};

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port, a directory, a file or a thread could not be had.
    #[error("could not start the sandbox")]
    Io(#[from] std::io::Error),
    /// TLS was asked for and cannot be served.
    #[error("could not serve TLS")]
    Tls(#[from] TlsError),
}

/// A long-lived access key.
#[derive(Clone)]
pub struct Keys {
    /// `AKIA…`.
    pub access_key_id: String,
    /// Carries the canary.
    pub secret_access_key: String,
}

/// An AWS on 127.0.0.1, until it is dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    ca_file: Option<PathBuf>,
    relays: Option<Relays>,
    _serving: Background,
    /// Removed last, when no shell is in it any more.
    _home: TempDir,
}

impl Sandbox {
    /// Starts to serve; the endpoint takes connections when this returns.
    pub fn start(mut options: Options) -> Result<Self, StartError> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (acceptor, ca_file) = match &options.tls {
            Some(dir) => {
                let (acceptor, file) = tls::acceptor(dir, &options.tls_names)?;
                (Some(acceptor), Some(file))
            }
            None => (None, None),
        };
        let relays = match options.round_trip {
            Some(round_trip) => Some(Relays::start(address, round_trip)?),
            None => None,
        };
        if let Some(channel) = relays.as_ref().and_then(|it| it.address("ssmmessages")) {
            let scheme = if options.tls.is_some() { "wss" } else { "ws" };
            options.stream_host = Some(format!("{scheme}://{channel}"));
        }
        let home = TempDir::with_prefix("vendor-ssm-sandbox-")?;
        let shared = Arc::new(shared(options, address, home.path())?);

        let serving = Arc::clone(&shared);
        let serve = move || async move {
            if let Ok(listener) = TcpListener::from_std(listener) {
                server::run(listener, acceptor, serving).await;
            }
        };
        let serving = Background::start("sandbox", 2, serve)?;
        Ok(Self {
            shared,
            address,
            ca_file,
            relays,
            _serving: serving,
            _home: home,
        })
    }

    /// The URL of every service, such as `http://127.0.0.1:40123`.
    pub fn endpoint(&self) -> String {
        let scheme = if self.shared.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The URLs of the services, at the ends of their long ways, by the names of the services.
    /// Empty without [`Options::round_trip`].
    pub fn relayed(&self) -> BTreeMap<&'static str, String> {
        let scheme = if self.shared.secure { "https" } else { "http" };
        let address = |service| Some((service, self.relays.as_ref()?.address(service)?));
        let found = SERVICES.into_iter().filter_map(address);
        found
            .map(|(service, address)| (service, format!("{scheme}://{address}")))
            .collect()
    }

    /// How many connections were made on the long way to a service.
    pub fn connections(&self, service: &str) -> usize {
        let relays = self.relays.as_ref();
        relays.map_or(0, |relays| relays.connections(service))
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The CA certificate, when TLS is served.
    pub fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    /// Starts the metadata services of the machine that the client runs on, on a port of their own.
    pub fn metadata(&self) -> std::io::Result<Metadata> {
        Metadata::start(Arc::clone(&self.shared))
    }

    /// Every call so far, oldest first.
    pub fn trail(&self) -> Vec<Event> {
        self.shared.trail.events()
    }

    /// The actions of every call so far, oldest first.
    pub fn actions(&self) -> Vec<String> {
        self.trail().into_iter().map(|event| event.action).collect()
    }

    /// Reads or changes the world, such as a policy or an instance.
    pub fn world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.shared.state().world)
    }

    /// The failures still to come.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The sandbox's clock.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The knobs; not to be held while a call is made.
    pub fn options(&self) -> MutexGuard<'_, Options> {
        self.shared.options()
    }

    /// The ids of all sessions that are not over, sorted.
    pub fn open_sessions(&self) -> Vec<String> {
        self.shared.channels.open()
    }

    /// The data channels and the shells behind them.
    pub fn channels(&self) -> &Channels {
        &self.shared.channels
    }

    /// Ends a session as the customer does in the console;
    /// `false` if it is over already or unknown.
    pub fn end_session(&self, session_id: &str, by: &str) -> bool {
        let output = format!("Your session was terminated by {by}");
        self.shared.channels.terminate(session_id, &output)
    }

    /// What the customer finds in the log group of a session's document:
    /// JSON objects in the form that the agent streams to `CloudWatch`, one for each line. Empty
    /// without a log group, for ports always, and for a command without a terminal until it has
    /// ended.
    pub fn session_log(&self, session_id: &str) -> Vec<String> {
        let state = self.shared.state();
        let Some(session) = state.sessions.iter().find(|own| own.id == session_id) else {
            return Vec::new();
        };
        let record = self.shared.channels.record(session_id);
        let run_as = record
            .and_then(|record| record.run_as)
            .map(|run_as| run_as.user);
        let lines = self.shared.channels.log(session_id);
        let event = |line: &Line| {
            json!({
                "eventVersion": "1.0",
                "eventTime": clock::extended(line.time),
                "awsRegion": session.region,
                "target": {"id": session.target},
                "userIdentity": {"arn": session.owner_arn},
                "runAsUser": run_as,
                "sessionId": session.id,
                "sessionData": [line.text],
            })
        };
        lines.iter().map(|line| event(line).to_string()).collect()
    }

    /// The directory in which shells start.
    pub fn home(&self) -> &Path {
        &self.shared.home
    }

    /// The long-lived keys of a user of the vendor's account.
    pub fn credentials(&self, user: &str) -> Option<Keys> {
        self.world(|world| {
            world.user(VENDOR, user).map(|user| Keys {
                access_key_id: user.access_key_id.clone(),
                secret_access_key: user.secret_access_key.clone(),
            })
        })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shared.channels.shutdown();
    }
}

fn shared(options: Options, address: SocketAddr, home: &Path) -> std::io::Result<Shared> {
    let mut world = World::seeds();
    if let Some(count) = options.instances {
        world.instances.clear();
        world = world.with_instances(count);
    }
    let trail = match &options.trail {
        Some(file) => Trail::to_file(file)?,
        None => Trail::default(),
    };
    let faults = Faults::default();
    for fault in &options.faults {
        faults.add(fault.clone());
    }
    let secure = options.tls.is_some();
    let scheme = if secure { "wss" } else { "ws" };
    let own_host = format!("{scheme}://{address}");
    Ok(Shared {
        clock: Clock::default(),
        buckets: Buckets::default(),
        faults,
        trail,
        channels: Channels::new(),
        stream_host: options.stream_host.clone().unwrap_or(own_host),
        home: home.to_owned(),
        secure,
        options: Mutex::new(options),
        state: Mutex::new(State {
            world,
            minted: HashMap::new(),
            sessions: Vec::new(),
            proofs: Vec::new(),
        }),
    })
}
