//! One dial: TCP, a proxy's CONNECT where there is a proxy, TLS.

use std::io;
use std::sync::Arc;

use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tower_service::Service;
use url::Url;
use zeroize::Zeroizing;

use super::ways::{Proxy, Ways, authority};

/// A byte stream, whatever it is made of.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// It carries HTTP/1.1.
/// A tunnel through a proxy does not count as proxied: its requests are those of a direct
/// connection.
impl Connection for Box<dyn Stream> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

/// Why there is no byte stream.
#[derive(Debug, Error)]
pub enum DialError {
    /// The name was not found, or nothing answered.
    #[error("cannot connect to {to}")]
    Connect {
        /// Host and port.
        to: String,
        /// What the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No TLS: a certificate that is not trusted, most often.
    #[error("TLS with {to} failed")]
    Tls {
        /// The host.
        to: String,
        /// What rustls said.
        source: io::Error,
    },
    /// The proxy wants to know who asks.
    #[error("the proxy {proxy} requires authorization")]
    ProxyAuthorization {
        /// Host and port of the proxy.
        proxy: String,
    },
    /// The proxy would not connect.
    #[error("the proxy {proxy} answered {status} to CONNECT {to}")]
    ProxyRefused {
        /// Host and port of the proxy.
        proxy: String,
        /// The host and port that it was asked for.
        to: String,
        /// Its HTTP status.
        status: u16,
    },
    /// The proxy did not answer as a proxy does.
    #[error("the proxy {proxy} did not answer CONNECT")]
    Proxy {
        /// Host and port of the proxy.
        proxy: String,
        /// What went wrong.
        source: io::Error,
    },
}

/// Connects to where `url` leads, with TLS unless it is `http` or `ws`.
pub(super) async fn connect(url: &Url, ways: &dyn Ways) -> Result<Box<dyn Stream>, DialError> {
    let proxy = ways.proxy(url);
    let secures = !matches!(url.scheme(), "http" | "ws");
    let first = proxy.as_ref().map_or(url, |proxy| &proxy.url);
    let secures_first = first.scheme() == "https";
    // The roots are read while the first answer is on its way.
    let tls = async { (secures || secures_first).then(|| ways.tls()) };
    let (stream, tls) = tokio::join!(tcp(first), tls);
    let mut stream = stream?;
    if let Some(proxy) = &proxy {
        if let Some(tls) = tls.as_ref().filter(|_| secures_first) {
            stream = secure(stream, &proxy.url, tls).await?;
        }
        tunnel(&mut stream, proxy, url).await?;
    }
    match tls.filter(|_| secures) {
        Some(tls) => secure(stream, url, &tls).await,
        None => Ok(stream),
    }
}

/// hyper's connector tries IPv6 and IPv4 side by side, which tokio's own does not.
async fn tcp(url: &Url) -> Result<Box<dyn Stream>, DialError> {
    let to = authority(url);
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| DialError::Connect {
        to: to.clone(),
        source,
    };
    let uri: Uri = format!("http://{to}")
        .parse()
        .map_err(|error| failed(Box::new(error)))?;
    let stream: TokioIo<_> = connector
        .call(uri)
        .await
        .map_err(|error| failed(Box::new(error)))?;
    Ok(Box::new(stream.into_inner()))
}

async fn secure(
    stream: Box<dyn Stream>,
    url: &Url,
    tls: &Arc<ClientConfig>,
) -> Result<Box<dyn Stream>, DialError> {
    let failed = |source| DialError::Tls {
        to: authority(url),
        source,
    };
    let host = url
        .host_str()
        .unwrap_or_default()
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let name = ServerName::try_from(host).map_err(|error| failed(io::Error::other(error)))?;
    let stream = TlsConnector::from(Arc::clone(tls))
        .connect(name, stream)
        .await
        .map_err(failed)?;
    Ok(Box::new(stream))
}

/// Asks the proxy for a tunnel (RFC 9110 section 9.3.6).
async fn tunnel(
    stream: &mut (impl Stream + ?Sized),
    proxy: &Proxy,
    url: &Url,
) -> Result<(), DialError> {
    let failed = |source| DialError::Proxy {
        proxy: authority(&proxy.url),
        source,
    };
    let to = authority(url);
    let mut request = Zeroizing::new(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n"));
    if let Some(authorization) = &proxy.authorization {
        if authorization.contains(['\r', '\n']) {
            return Err(failed(io::Error::other(
                "the authorization has a line break",
            )));
        }
        request.push_str("Proxy-Authorization: ");
        request.push_str(authorization);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.map_err(failed)?;
    stream.flush().await.map_err(failed)?;
    match connect_status(stream).await.map_err(failed)? {
        200..300 => Ok(()),
        407 => Err(DialError::ProxyAuthorization {
            proxy: authority(&proxy.url),
        }),
        status => Err(DialError::ProxyRefused {
            proxy: authority(&proxy.url),
            to,
            status,
        }),
    }
}

/// The status of the proxy's answer. Read byte by byte, so that the tunnel's own bytes stay unread.
async fn connect_status(stream: &mut (impl Stream + ?Sized)) -> io::Result<u16> {
    const LONGEST: usize = 16 << 10;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() == LONGEST {
            return Err(io::Error::other("the answer has no end"));
        }
        answer.push(stream.read_u8().await?);
    }
    let status = answer
        .strip_prefix(b"HTTP/1.")
        .and_then(|rest| rest.get(2..5));
    status
        .and_then(|digits| std::str::from_utf8(digits).ok())
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| io::Error::other("the answer is not HTTP/1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::duplex;

    async fn through(
        answer: &'static str,
        authorization: Option<&str>,
    ) -> (Result<(), DialError>, String) {
        let (mut near, mut far) = duplex(1024);
        let proxy = Proxy {
            url: Url::parse("http://proxy.example:3128").unwrap(),
            authorization: authorization.map(|value| Zeroizing::new(value.to_owned())),
        };
        let url =
            Url::parse("wss://ssmmessages.us-east-1.amazonaws.com/v1/data-channel/x").unwrap();
        let peer = async {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                match far.read_u8().await {
                    Ok(byte) => request.push(byte),
                    Err(_) => break,
                }
            }
            far.write_all(answer.as_bytes()).await.ok();
            drop(far);
            String::from_utf8(request).unwrap()
        };
        let near = async {
            let result = tunnel(&mut near, &proxy, &url).await;
            drop(near);
            result
        };
        tokio::join!(near, peer)
    }

    #[tokio::test]
    async fn a_proxy_is_asked_for_host_and_port() {
        let (result, request) = through(
            "HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n",
            Some("Basic abc"),
        )
        .await;
        result.unwrap();
        assert_eq!(
            request,
            "CONNECT ssmmessages.us-east-1.amazonaws.com:443 HTTP/1.1\r\n\
             Host: ssmmessages.us-east-1.amazonaws.com:443\r\nProxy-Authorization: Basic abc\r\n\r\n"
        );
    }

    #[tokio::test]
    async fn a_proxys_refusal_is_named() {
        let said = |answer, authorization| async move {
            through(answer, authorization)
                .await
                .0
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            said("HTTP/1.1 407 Who\r\n\r\n", None).await,
            "the proxy proxy.example:3128 requires authorization"
        );
        assert_eq!(
            said("HTTP/1.0 503\r\n\r\n", None).await,
            "the proxy proxy.example:3128 answered 503 to CONNECT ssmmessages.us-east-1.amazonaws.com:443"
        );
        for nonsense in [
            "",
            "HTTP/1.1 200",
            "SSH-2.0-OpenSSH\r\n\r\n",
            "HTTP/1.\r\n\r\n",
        ] {
            assert_eq!(
                said(nonsense, None).await,
                "the proxy proxy.example:3128 did not answer CONNECT",
                "{nonsense}"
            );
        }
        assert_eq!(
            said("HTTP/1.1 200\r\n\r\n", Some("a\r\nb")).await,
            "the proxy proxy.example:3128 did not answer CONNECT"
        );
    }
}
