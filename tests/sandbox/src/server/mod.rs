//! Serves HTTP/1.1:
//! takes a call off the wire, lets it be answered, and puts the answer, or the fault planned for
//! it, on the wire. It decides nothing about AWS.

pub(crate) mod answer;
mod upgrade;
mod wire;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::bearer::{self, Operation};
use crate::call::{self, Outcome};
use crate::channel::Cut;
use crate::clock;
use crate::faults::Kind;
use crate::shared::Shared;
use wire::{ResetOnDrop, Wire};

/// The connection ends here, without an answer or in the middle of one.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends here by a fault that was asked for")]
struct Abort;

type Body = BoxBody<Bytes, Abort>;

/// A request of real clients is far smaller.
const LARGEST_BODY: usize = 1 << 20;

/// Accepts connections until it is dropped.
pub(crate) async fn run(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            continue;
        };
        let reset = ResetOnDrop::default();
        let wire = Wire::new(stream, reset.clone());
        let shared = Arc::clone(&shared);
        let tls = tls.clone();
        tokio::spawn(async move {
            match tls {
                None => connection(wire, None, peer, reset, shared).await,
                Some(tls) => {
                    if let Ok(wire) = tls.accept(wire).await {
                        let name = wire.get_ref().1.server_name().map(str::to_owned);
                        connection(wire, name, peer, reset, shared).await;
                    }
                }
            }
        });
    }
}

async fn connection<S>(
    wire: S,
    name: Option<String>,
    peer: SocketAddr,
    reset: ResetOnDrop,
    shared: Arc<Shared>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        let reset = reset.clone();
        let is_here = is_for(&request, name.as_deref());
        async move {
            if is_here {
                serve(request, peer, &reset, shared).await
            } else {
                Ok(plain(StatusCode::MISDIRECTED_REQUEST, "another host"))
            }
        }
    });
    // An error here is a client that went away or a fault that was asked for; both are the client's
    // to see.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades()
        .await;
}

async fn serve(
    mut request: Request<Incoming>,
    peer: SocketAddr,
    reset: &ResetOnDrop,
    shared: Arc<Shared>,
) -> Result<Response<Body>, Abort> {
    match shared.channels.is_cut() {
        Some(Cut::Refused) if is_channel(&request) => {
            return Ok(plain(StatusCode::SERVICE_UNAVAILABLE, "cut off"));
        }
        Some(cut) if cut == Cut::Offline || is_channel(&request) => {
            reset.arm();
            return Err(Abort);
        }
        _ => {}
    }
    let latency = shared.options().latency;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let upgrade = hyper::upgrade::on(&mut request);
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE, "too large")),
    };

    let incoming = call::Incoming {
        method: &parts.method,
        uri: &parts.uri,
        headers: &parts.headers,
        body: &body,
        source: peer.ip(),
    };
    let (outcome, fault) = match (call::identify(&incoming), Operation::of(&incoming)) {
        (Some(identified), _) => {
            let fault = shared.faults.take(&identified.action);
            let outcome = call::answer(&shared, &incoming, identified, fault);
            (outcome, fault)
        }
        (None, Some(operation)) => {
            let fault = shared.faults.take(operation.name());
            let answer = bearer::answer(&shared, &incoming, operation, fault);
            (Outcome::Answer(answer), fault)
        }
        (None, None) => return Ok(plain(StatusCode::NOT_FOUND, "no such service")),
    };
    match fault {
        Some(Kind::Hang | Kind::HangAfter) => std::future::pending::<()>().await,
        Some(Kind::Reset | Kind::ResetAfter) => {
            reset.arm();
            return Err(Abort);
        }
        Some(Kind::Slow(by)) => tokio::time::sleep(by).await,
        _ => {}
    }
    match outcome {
        Outcome::Upgrade { session_id } if parts.method == Method::GET => {
            match upgrade::response(&parts.headers) {
                Some(response) => {
                    upgrade::serve(upgrade, &shared, session_id);
                    Ok(response.map(|body| body.map_err(never).boxed()))
                }
                None => Ok(plain(StatusCode::BAD_REQUEST, "not a websocket upgrade")),
            }
        }
        Outcome::Upgrade { .. } => Ok(plain(StatusCode::METHOD_NOT_ALLOWED, "GET only")),
        Outcome::Answer(answer) => finish(answer, fault, &shared),
    }
}

/// Whether a request is for the host that TLS was set up with, which is the one that a signature
/// has to cover (RFC 9110 section 7.4).
fn is_for(request: &Request<Incoming>, name: Option<&str>) -> bool {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    name.is_none_or(|name| host.split(':').next() == Some(name))
}

fn is_channel(request: &Request<Incoming>) -> bool {
    request.uri().path().starts_with(call::CHANNEL_PATH)
}

/// Writes an answer, or what a fault makes of it.
fn finish(
    answer: call::Answer,
    fault: Option<Kind>,
    shared: &Shared,
) -> Result<Response<Body>, Abort> {
    let mut status = answer.status;
    let mut content_type = answer.content_type;
    let bytes = match fault {
        Some(Kind::Garbage) => {
            status = 200;
            Bytes::from_static(b"\x00\xff<<{{not an answer\x1b[2J")
        }
        Some(Kind::Html) => {
            status = 200;
            content_type = "text/html";
            Bytes::from_static(PORTAL)
        }
        _ => Bytes::from(answer.body),
    };
    let skew = match fault {
        Some(Kind::ClockSkew(seconds)) => seconds,
        _ => 0,
    };
    let now = clock::shift(shared.clock.now(), skew);
    let builder = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content_type)
        .header(header::CONTENT_LENGTH, bytes.len())
        .header(header::DATE, clock::http_date(now))
        .header("x-amzn-RequestId", answer.request_id);
    let builder = match answer.error_type {
        Some(code) => builder.header("x-amzn-ErrorType", code),
        None => builder,
    };
    let body = if fault == Some(Kind::HalfBody) {
        half(&bytes)
    } else {
        Full::new(bytes).map_err(never).boxed()
    };
    builder.body(body).map_err(|_| Abort)
}

const PORTAL: &[u8] =
    b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>Accept the terms of this network</body></html>";

/// The first half of the bytes, then the end of the connection.
fn half(bytes: &Bytes) -> Body {
    let first = bytes.slice(..bytes.len() / 2);
    let end = async {
        // hyper forgets what it has not yet sent when a body fails; while it waits, it sends.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(Abort)
    };
    let frames = stream::iter([Ok(Frame::data(first))]).chain(stream::once(end));
    BodyExt::boxed(StreamBody::new(frames))
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Full::from(text).map_err(never).boxed());
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn never(never: Infallible) -> Abort {
    match never {}
}
