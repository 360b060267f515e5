//! The metadata services of the machine that the client runs on, over plain HTTP on 127.0.0.1:
//! IMDS of an EC2 instance and the credentials endpoint of a container.
//! A client is led here by `AWS_EC2_METADATA_SERVICE_ENDPOINT` and
//! `AWS_CONTAINER_CREDENTIALS_FULL_URI`, since the real addresses are link-local.
//! No independent server has judged what is refused here.

mod container;
mod instance;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::SystemTime;

use http::{HeaderMap, Method, Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::background::Background;
use crate::clock;
use crate::shared::{Shared, State};
use crate::trail::Event;

/// The running services, until this is dropped.
pub struct Metadata {
    port: u16,
    _serving: Background,
}

impl Metadata {
    pub(crate) fn start(shared: Arc<Shared>) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let serving = Background::start("metadata", 1, move || run(listener, shared))?;
        Ok(Self {
            port,
            _serving: serving,
        })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

async fn run(listener: std::net::TcpListener, shared: Arc<Shared>) -> std::io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(move |request| serve(request, Arc::clone(&shared)));
            // A client that goes away is its own affair.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// What goes back.
struct Said {
    status: u16,
    body: String,
    /// A header beside the usual ones.
    header: Option<(&'static str, String)>,
}

impl Said {
    fn new(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            body: body.into(),
            header: None,
        }
    }
}

/// A request to one of the services.
struct Asked<'a> {
    method: &'a Method,
    path: &'a str,
    headers: &'a HeaderMap,
    now: SystemTime,
}

impl Asked<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

async fn serve(
    request: Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, _) = request.into_parts();
    let asked = Asked {
        method: &parts.method,
        path: parts.uri.path(),
        headers: &parts.headers,
        now: shared.clock.now(),
    };
    let is_instance = asked.path.starts_with("/latest/");
    let said = {
        let mut state = shared.state();
        let said = if is_instance {
            instance::answer(&asked, &mut state)
        } else {
            Some(container::answer(&asked, &mut state))
        };
        record(&shared, &asked, is_instance, said.as_ref());
        said
    };
    let Some(said) = said else {
        // The answer's packets are dropped on the way.
        return std::future::pending().await;
    };
    let mut builder = Response::builder().status(said.status).header(
        "content-type",
        if is_instance {
            "text/plain"
        } else {
            "application/json"
        },
    );
    if let Some((name, value)) = said.header {
        builder = builder.header(name, value);
    }
    let response = builder.body(Full::from(said.body));
    Ok(response.unwrap_or_default())
}

fn record(shared: &Shared, asked: &Asked<'_>, is_instance: bool, said: Option<&Said>) {
    let parameters = [("Path".to_owned(), asked.path.to_owned())];
    shared.trail.record(Event {
        time: clock::extended(asked.now),
        service: if is_instance { "imds" } else { "container" }.to_owned(),
        action: asked.method.to_string(),
        region: String::new(),
        caller: None,
        userid: None,
        source: "127.0.0.1".to_owned(),
        user_agent: asked.header("user-agent").unwrap_or_default().to_owned(),
        parameters: BTreeMap::from(parameters),
        decisions: Vec::new(),
        status: said.map_or(0, |said| said.status),
        code: None,
        fault: None,
        request_id: Uuid::new_v4().to_string(),
    });
}

/// New credentials of a role of the vendor's account, which last six hours.
fn mint(
    state: &mut State,
    role: &str,
    session_name: &str,
    now: SystemTime,
) -> Option<crate::caller::Minted> {
    const LASTS: std::time::Duration = std::time::Duration::from_hours(6);
    let role = state.world.role(crate::world::VENDOR, role)?;
    let minted = crate::caller::Minted::new(role, session_name, now, LASTS);
    state.minted.insert(minted.key_id.clone(), minted.clone());
    Some(minted)
}
