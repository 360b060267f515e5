//! From a host to a byte stream: TCP, a proxy's CONNECT where there is a proxy, TLS.

use std::io;
use std::sync::Arc;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tower_service::Service;
use url::{Position, Url};
use zeroize::Zeroizing;

/// A byte stream, whatever it is made of.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An HTTP proxy to go through, as the caller has decided.
pub struct Proxy {
    /// `http://host:port`, or `https://…` to speak TLS with the proxy itself.
    /// User and password in it are not used.
    pub url: Url,
    /// The value of `Proxy-Authorization`, if the proxy asks for one.
    pub authorization: Option<Zeroizing<String>>,
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

/// Connects to where `url` leads, with TLS unless it is `ws`.
pub(super) async fn dial(
    url: &Url,
    proxy: Option<&Proxy>,
    tls: &Arc<ClientConfig>,
) -> Result<Box<dyn Stream>, DialError> {
    let stream = match proxy {
        None => tcp(url).await?,
        Some(proxy) => {
            let mut stream = tcp(&proxy.url).await?;
            if proxy.url.scheme() == "https" {
                stream = secure(stream, &proxy.url, tls).await?;
            }
            tunnel(&mut stream, proxy, url).await?;
            stream
        }
    };
    if url.scheme() == "ws" {
        Ok(stream)
    } else {
        secure(stream, url, tls).await
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
    // A configuration shared with an HTTP client may offer HTTP/2, which has no such upgrade.
    let mut config = ClientConfig::clone(tls);
    config.alpn_protocols.clear();
    let stream = TlsConnector::from(Arc::new(config))
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

/// Host and port. Standard ports are written out: a proxy must not guess.
fn authority(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or(443);
    format!("{}:{port}", &url[Position::BeforeHost..Position::AfterHost])
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
