//! The plugin's credentials, handed out on 127.0.0.1 while its session lives.
//! The form is the one that AWS's SDKs use for containers (AWS SDKs and Tools Reference Guide,
//! "Container credential provider"). So `/proc/PID/environ` holds no key, and the plugin gets
//! renewed ones when it asks again. Refused: a request without the token, under another host name
//! (as a web page would send after DNS rebinding), or for anything else.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::{AbortHandle, abortable};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::json;
use subtle::ConstantTimeEq as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::channel::Bytes;
use crate::identity::AssumedRole;
use crate::names::moment::rfc3339;

use crate::session::context::Context;
use crate::session::service::live_role::LiveRole;

use crate::platform::Peers;

/// The only path there is.
const PATH: &str = "/credentials";
/// How long a client has for its request's head.
const HEAD: Duration = Duration::from_secs(5);
/// How long one connection may last; the role may be assumed again meanwhile.
const LIMIT: Duration = Duration::from_mins(1);
/// How many connections are served at a time; the plugin needs one.
const MOST_CONNECTIONS: usize = 64;
/// How many more the kernel keeps until they are accepted; it takes 4,096 at most by default.
const BACKLOG: u32 = 4096;
/// How long no connection is accepted after the system refused to accept one.
const PAUSE: Duration = Duration::from_millis(100);
/// The largest head of a request: the least that hyper takes.
const LARGEST_HEAD: usize = 8 << 10;
/// The most headers of a request; AWS's SDKs send six.
const MOST_HEADERS: usize = 32;

/// A server that serves until it is dropped.
pub(crate) struct CredentialsServer {
    listener: TcpListener,
    /// `127.0.0.1:PORT`
    host: String,
    authorization: Zeroizing<String>,
    peers: Peers,
}

/// The connections that are served, by the order in which they came.
#[derive(Default)]
struct Open {
    number: u64,
    connections: BTreeMap<u64, (AbortHandle, Rc<Cell<bool>>)>,
}

impl Open {
    /// The oldest that has not shown the token.
    fn stranger(&self) -> Option<u64> {
        let is_stranger = |(number, (_, is_known)): (&u64, &(_, Rc<Cell<bool>>))| {
            (!is_known.get()).then_some(*number)
        };
        self.connections.iter().find_map(is_stranger)
    }

    /// Whether there is room for one more, or will be if a stranger makes way.
    fn has_room(&self) -> bool {
        self.connections.len() < MOST_CONNECTIONS || self.stranger().is_some()
    }

    /// Ends the oldest stranger's connection.
    fn make_room(&mut self) {
        let oldest = self.stranger();
        if let Some((makes_way, _)) = oldest.and_then(|oldest| self.connections.remove(&oldest)) {
            makes_way.abort();
        }
    }

    /// Notes one more, and makes room for it.
    fn add(&mut self, handle: AbortHandle, is_known: Rc<Cell<bool>>) -> u64 {
        if self.connections.len() >= MOST_CONNECTIONS {
            self.make_room();
        }
        self.number += 1;
        self.connections.insert(self.number, (handle, is_known));
        self.number
    }
}

impl CredentialsServer {
    /// Takes a free port and 256 random bits.
    pub(crate) fn open() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let listener = socket.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        let mut secret = Zeroizing::new([0; 32]);
        SystemRandom::new()
            .fill(&mut *secret)
            .map_err(|_| io::Error::other("the system has no random numbers"))?;
        Ok(Self {
            listener,
            host: address.to_string(),
            peers: Peers::of(address),
            authorization: Zeroizing::new(URL_SAFE_NO_PAD.encode(*secret)),
        })
    }

    /// The value of `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
    pub(crate) fn uri(&self) -> String {
        format!("http://{}{PATH}", self.host)
    }

    /// The value of `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
    pub(crate) fn authorization(&self) -> &str {
        &self.authorization
    }

    /// Serves for ever.
    /// Another user's connections are refused at once, so they cannot keep the plugin out. If there
    /// are too many all the same, the oldest that has not shown the token makes way.
    pub(crate) async fn serve(&self, context: Context<'_, '_>, role: &LiveRole) -> Infallible {
        let mut serving = FuturesUnordered::new();
        let mut open = Open::default();
        let mut accepts_from = Instant::now();
        loop {
            let accepted = async {
                tokio::time::sleep_until(accepts_from).await;
                self.listener.accept().await
            };
            tokio::select! {
                accepted = accepted, if open.has_room() => match accepted {
                    Ok((stream, peer)) if self.peers.is_foreign(peer) => refuse(&stream),
                    Ok((stream, _)) => {
                        let is_known = Rc::new(Cell::new(false));
                        let connection = self.connection(stream, context, role, Rc::clone(&is_known));
                        let (connection, handle) = abortable(connection);
                        let own = open.add(handle, is_known);
                        serving.push(connection.map(move |_| own));
                    }
                    // Out of file descriptors, most likely.
                    Err(_) => {
                        open.make_room();
                        accepts_from = Instant::now() + PAUSE;
                    }
                },
                Some(ended) = serving.next(), if !serving.is_empty() => {
                    open.connections.remove(&ended);
                }
            }
        }
    }

    async fn connection(
        &self,
        stream: TcpStream,
        context: Context<'_, '_>,
        role: &LiveRole,
        is_known: Rc<Cell<bool>>,
    ) {
        let service = service_fn(async |request: Request<hyper::body::Incoming>| {
            let refused = self.refused(request.method(), request.uri(), request.headers());
            if let Some(status) = refused {
                return Ok::<_, Infallible>(refusal(status));
            }
            is_known.set(true);
            Ok(credentials(&role.fresh(context).await))
        });
        let serving = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(LARGEST_HEAD)
            .max_headers(MOST_HEADERS)
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), service);
        // A client's mistakes end its own connection alone.
        let _ = tokio::time::timeout(LIMIT, serving).await;
    }

    /// Why this request gets no credentials.
    fn refused(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<StatusCode> {
        let is = |name, value: &str| {
            let mut sent = headers.get_all(name).iter();
            let first = sent.next().map_or(&b""[..], |sent| sent.as_bytes());
            // In a time that says nothing of where they differ.
            bool::from(first.ct_eq(value.as_bytes())) && sent.next().is_none()
        };
        if !is(header::HOST, &self.host) {
            Some(StatusCode::MISDIRECTED_REQUEST)
        } else if !is(header::AUTHORIZATION, &self.authorization) {
            Some(StatusCode::UNAUTHORIZED)
        } else if uri.path() != PATH {
            Some(StatusCode::NOT_FOUND)
        } else if method != Method::GET {
            Some(StatusCode::METHOD_NOT_ALLOWED)
        } else {
            None
        }
    }
}

/// Resets a connection when it is dropped.
/// Closed in the usual way, it would hold a port until the other side closes it too.
fn refuse(stream: &TcpStream) {
    let _ = stream.set_zero_linger();
}

fn credentials(role: &AssumedRole) -> Response<Full<Bytes>> {
    let expiration = Timestamp::try_from(role.expires).unwrap_or_default();
    let said = json!({
        "AccessKeyId": role.credentials.access_key_id(),
        "SecretAccessKey": role.credentials.secret_access_key(),
        "Token": role.credentials.session_token(),
        "Expiration": rfc3339(expiration),
        "RoleArn": role.arn,
    });
    response(StatusCode::OK, said.to_string())
}

/// In the form in which the SDKs read errors.
fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    let text = status.canonical_reason().unwrap_or_default();
    response(status, json!({ "code": text, "message": text }).to_string())
}

fn response(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[tokio::test]
    async fn only_a_request_with_the_token_and_the_right_host_is_answered() {
        let endpoint = CredentialsServer::open().unwrap();
        let (host, token) = (endpoint.host.as_str(), endpoint.authorization());
        assert_eq!(URL_SAFE_NO_PAD.decode(token).unwrap().len(), 32);
        assert!(endpoint.uri().starts_with("http://127.0.0.1:"));
        let good = headers(&[(header::HOST, host), (header::AUTHORIZATION, token)]);
        let asked = |method: Method, path: &str, headers: &HeaderMap| {
            endpoint
                .refused(&method, &path.parse().unwrap(), headers)
                .map(|status| status.as_u16())
        };
        assert_eq!(asked(Method::GET, "/credentials", &good), None);
        assert_eq!(asked(Method::POST, "/credentials", &good), Some(405));
        assert_eq!(asked(Method::GET, "/", &good), Some(404));
        let mut twice = good.clone();
        twice.append(header::AUTHORIZATION, "x".parse().unwrap());
        let localhost = host.replace("127.0.0.1", "localhost");
        let first = if token.starts_with('_') { "-" } else { "_" };
        let other = format!("{first}{}", &token[1..]);
        for (headers, status) in [
            (headers(&[(header::AUTHORIZATION, token)]), 421),
            (
                headers(&[(header::HOST, &localhost), (header::AUTHORIZATION, token)]),
                421,
            ),
            (
                headers(&[
                    (header::HOST, "evil.example"),
                    (header::AUTHORIZATION, token),
                ]),
                421,
            ),
            (headers(&[(header::HOST, host)]), 401),
            (
                headers(&[(header::HOST, host), (header::AUTHORIZATION, "")]),
                401,
            ),
            (
                headers(&[(header::HOST, host), (header::AUTHORIZATION, &other)]),
                401,
            ),
            (
                headers(&[(header::HOST, host), (header::AUTHORIZATION, &token[1..])]),
                401,
            ),
            (twice, 401),
        ] {
            assert_eq!(asked(Method::GET, "/credentials", &headers), Some(status));
        }
    }
}
