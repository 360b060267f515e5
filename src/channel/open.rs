//! Opening a connection of the data channel.
//! The GET is signed, the websocket upgraded, the token presented.
//!
//! Nothing is retried here, and neither URL, token nor keys are in any error.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use futures_util::SinkExt;
use http::{HeaderValue, Request, Response, header};
use thiserror::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::payload::OpenDataChannel;
use super::stream_url::{StreamUrl, StreamUrlRefused};
use crate::dial::{DialError, Dialer, Stream};

/// How long opening may take in all: name, TCP, proxy, TLS, upgrade, token.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// The largest frame or message taken in. Agents send about a kilobyte.
const FRAME: usize = 1 << 20;

/// How many bytes of frames are gathered before they are written, while more is there to read.
/// That is some fifty acknowledgements, or fourteen messages of input. More would save few system
/// calls, and let a Ctrl-C wait longer in a flood of output.
const WRITE_BUFFER: usize = 16 << 10;

/// The most of a refusal's body that is kept.
const EXCERPT: usize = 512;

/// The `TokenValue` of `StartSession` or `ResumeSession`;
/// its holder has the session. It cannot be printed and is wiped from memory when dropped.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Keeps a token.
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The token itself, for a caller that has to hand it on.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// All that is needed to open a data channel.
pub struct Open<'a> {
    /// The session's id, as `StartSession` gave it.
    pub session_id: &'a str,
    /// Where the session's stream URL leads, see [`Destination`](super::Destination).
    pub stream_url: &'a StreamUrl,
    /// The session's token, good for one connection.
    pub token: &'a Token,
    /// Who opens the channel: the identity that started the session.
    pub credentials: &'a Credentials,
    /// The session's region.
    pub region: &'a str,
    /// What dials it, or has dialled its host already.
    pub dialer: &'a Dialer,
    /// The time now, for signature and message dates.
    pub now: SystemTime,
}

/// Why the data channel could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The stream URL is not one to connect to.
    #[error(transparent)]
    StreamUrl(#[from] StreamUrlRefused),
    /// No connection.
    #[error(transparent)]
    Dial(#[from] DialError),
    /// The request could not be made or signed.
    #[error("vendor-ssm could not sign the request for the data channel")]
    Sign(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The service answered, but not with a websocket.
    /// 403 means that `ssmmessages:OpenDataChannel` is not allowed.
    #[error("the service refused the data channel with HTTP {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The service's name for the request, where it gave one.
        request_id: Option<String>,
        /// The beginning of the answer's body. Hostile text; without keys and tokens.
        body: String,
    },
    /// The websocket could not be set up.
    #[error("the websocket upgrade failed")]
    Upgrade(#[source] tungstenite::Error),
    /// It took too long.
    #[error("the data channel did not open within {} s", TIME_LIMIT.as_secs())]
    Timeout,
}

/// A connected websocket.
pub(super) type Socket = WebSocketStream<Box<dyn Stream>>;

/// Connects and presents the token.
/// The `client_id` names this client for the whole session, later connections included.
pub(super) async fn connect(open: &Open<'_>, client_id: Uuid) -> Result<Socket, OpenError> {
    let url = open.stream_url.url();
    let request = request(open, url).map_err(OpenError::Sign)?;
    let connected = async {
        let stream = open.dialer.dial(url).await?;
        upgrade(stream, request, open, client_id).await
    };
    tokio::time::timeout(TIME_LIMIT, connected)
        .await
        .unwrap_or(Err(OpenError::Timeout))
}

/// Connects and hangs up.
pub(super) async fn reach(url: &StreamUrl, dialer: &Dialer) -> Result<(), OpenError> {
    let connected = tokio::time::timeout(TIME_LIMIT, dialer.dial(url.url())).await;
    connected.map_err(|_| OpenError::Timeout)??;
    Ok(())
}

async fn upgrade(
    stream: Box<dyn Stream>,
    request: Request<()>,
    open: &Open<'_>,
    client_id: Uuid,
) -> Result<Socket, OpenError> {
    let config = WebSocketConfig::default()
        .max_frame_size(Some(FRAME))
        .max_message_size(Some(FRAME))
        .write_buffer_size(WRITE_BUFFER);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config))
        .await
        .map_err(|error| match error {
            tungstenite::Error::Http(response) => refused(&response, open.credentials),
            error => OpenError::Upgrade(error),
        })?;
    let hello = serde_json::to_string(&OpenDataChannel::new(&open.token.0, client_id))
        .map_err(|error| OpenError::Sign(error.into()))?;
    socket
        .feed(Message::text(hello))
        .await
        .map_err(OpenError::Upgrade)?;
    socket.send(keepalive()).await.map_err(OpenError::Upgrade)?;
    Ok(socket)
}

/// The ping that keeps proxies from forgetting the connection.
pub(super) fn keepalive() -> Message {
    Message::Ping("keepalive".into())
}

type SigningFailed = Box<dyn std::error::Error + Send + Sync>;

/// The upgrade request, signed for `ssmmessages`, as the plugin does since 1.2.764.0.
/// A URL that carries a signature already is not signed again.
fn request(open: &Open<'_>, url: &Url) -> Result<Request<()>, SigningFailed> {
    const AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let mut request = url.as_str().into_client_request()?;
    request
        .headers_mut()
        .insert(header::USER_AGENT, HeaderValue::from_static(AGENT));
    let is_signature = |name: &str| {
        name.get(..6)
            .is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"))
    };
    if url.query_pairs().any(|(name, _)| is_signature(&name)) {
        return Ok(request);
    }

    let identity = open.credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(open.region)
        .name("ssmmessages")
        .time(open.now)
        .settings(SigningSettings::default())
        .build()?
        .into();
    let host = request
        .headers()
        .get(header::HOST)
        .map_or(Ok(""), HeaderValue::to_str)?;
    let signable = SignableRequest::new(
        "GET",
        url.as_str(),
        [("host", host)].into_iter(),
        SignableBody::Bytes(&[]),
    )?;
    let (signature, _) = sign(signable, &parameters)?.into_parts();
    signature.apply_to_request_http1x(&mut request);
    Ok(request)
}

fn refused(response: &Response<Option<Vec<u8>>>, credentials: &Credentials) -> OpenError {
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let body = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default());
    OpenError::Refused {
        status: response.status().as_u16(),
        request_id: header("x-amzn-requestid")
            .or_else(|| header("x-amz-request-id"))
            .map(str::to_owned),
        body: excerpt(&body, credentials),
    }
}

/// AWS repeats the canonical request, session token included, when a signature does not match.
fn excerpt(body: &str, credentials: &Credentials) -> String {
    let body = body
        .split("The Canonical String")
        .next()
        .unwrap_or_default();
    let body = match credentials.session_token() {
        Some(token) if !token.is_empty() => body.replace(token, "…"),
        _ => body.to_owned(),
    };
    body.trim().chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Destination;
    use super::*;

    fn credentials() -> Credentials {
        Credentials::new(
            "AKIDEXAMPLE",
            "SECRETKEY",
            Some("SESSIONTOKEN".into()),
            None,
            "test",
        )
    }

    fn requested(stream_url: &str) -> Request<()> {
        let checked = Destination::default().of(stream_url, "s", "us-east-1");
        let checked = checked.unwrap();
        let open = Open {
            session_id: "s",
            stream_url: &checked,
            token: &Token::new("TOKENVALUE".into()),
            credentials: &credentials(),
            region: "us-east-1",
            dialer: &crate::dial::tests::direct(),
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000),
        };
        request(&open, checked.url()).unwrap()
    }

    #[test]
    fn the_upgrade_is_signed_for_ssmmessages() {
        let request = requested(
            "wss://ssmmessages.us-east-1.amazonaws.com/v1/data-channel/s?role=publish_subscribe&cell-number=A%3D",
        );
        let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("host"), "ssmmessages.us-east-1.amazonaws.com");
        assert_eq!(header("x-amz-date"), "20231114T221320Z");
        assert_eq!(header("x-amz-security-token"), "SESSIONTOKEN");
        let authorization = header("authorization");
        assert!(
            authorization.starts_with(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/us-east-1/ssmmessages/aws4_request, \
                 SignedHeaders=host;x-amz-date;x-amz-security-token, Signature="
            ),
            "{authorization}"
        );
    }

    #[test]
    fn a_signed_url_is_not_signed_again() {
        let request = requested(
            "wss://ssmmessages.us-east-1.amazonaws.com/v1/data-channel/s?X-Amz-Signature=1",
        );
        assert!(!request.headers().contains_key("authorization"));
    }

    #[test]
    fn a_refusal_keeps_status_and_request_but_no_secret() {
        let body = "<Error>no SESSIONTOKEN\n\nThe Canonical String for this request should have been\nSESSIONTOK";
        let response = Response::builder()
            .status(403)
            .header("x-amzn-RequestId", "r-1")
            .body(Some([body, &"x".repeat(2000)].concat().into_bytes()))
            .unwrap();
        let OpenError::Refused {
            status,
            request_id,
            body,
        } = refused(&response, &credentials())
        else {
            panic!()
        };
        assert_eq!(
            (status, request_id.as_deref(), body.as_str()),
            (403, Some("r-1"), "<Error>no …")
        );
    }

    #[test]
    fn a_token_cannot_be_printed() {
        assert_eq!(format!("{:?}", Token::new("TOKENVALUE".into())), "Token(…)");
    }
}
