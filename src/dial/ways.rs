//! What stands between this machine and a host.

use std::fmt;
use std::sync::Arc;

use rustls::ClientConfig;
use url::{Position, Url};
use zeroize::Zeroizing;

/// How hosts are reached.
pub trait Ways: Send + Sync {
    /// The proxy on the way to this URL; none to this machine.
    fn proxy(&self, url: &Url) -> Option<Proxy>;

    /// Trust roots and protocol versions. Asked for only when a TLS connection is made.
    fn tls(&self) -> Arc<ClientConfig>;
}

/// An HTTP proxy that reaches a host with `CONNECT`.
#[derive(Clone)]
pub struct Proxy {
    /// `http://host:port`, or `https://…` to speak TLS with the proxy itself.
    /// User and password are only in `authorization`.
    pub url: Url,
    /// The value of `Proxy-Authorization`, if the proxy asks for one.
    pub authorization: Option<Zeroizing<String>>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Proxy({})", authority(&self.url))
    }
}

/// Host and port. Standard ports are written out: a proxy must not guess.
pub(super) fn authority(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or(443);
    format!("{}:{port}", &url[Position::BeforeHost..Position::AfterHost])
}
