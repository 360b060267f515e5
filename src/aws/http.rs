//! The way to hosts: rustls with ring, a trust store and a proxy, and the one pool of connections.
//! [`Authorities`] decides the trust store. The proxy is `HTTPS_PROXY` except for `NO_PROXY` and
//! this machine. Certificates are always verified.

use std::fmt;
use std::sync::{Arc, OnceLock};

use hyper_util::client::proxy::matcher::Matcher;
use rustls::{ClientConfig, RootCertStore};
use url::Url;
use zeroize::Zeroizing;

use super::authorities::{self, Authorities};
use super::pool::Pool;
use super::proxy_url;
use super::setup_error::SetupError;
use crate::dial::{Dialer, Proxy, Ways};
use crate::os::Os;

/// Addresses that never use a proxy: this machine and the metadata service.
const NEVER_PROXIED: &str = "localhost,127.0.0.0/8,::1,169.254.0.0/16";

/// Trust store, proxy and connections, decided once from the environment.
#[derive(Clone)]
pub(super) struct Http {
    network: Arc<Network>,
    dialer: Arc<Dialer>,
    pool: Pool,
}

impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Http")
            .field("proxied", &self.network.proxies.is_some())
            .field("authorities", &self.network.authorities)
            .finish_non_exhaustive()
    }
}

/// What stands between this machine and a host.
struct Network {
    proxies: Option<Matcher>,
    authorities: Authorities,
    /// `None` for the system's store, which is read when the first TLS connection is made.
    roots: Option<RootCertStore>,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Http {
    /// Reads the certificates of the authorities, unless they are the system's.
    pub(super) fn new(authorities: &Authorities, os: &Os) -> Result<Self, SetupError> {
        let network = Arc::new(Network {
            proxies: proxies(os)?,
            authorities: authorities.clone(),
            roots: authorities.read()?,
            tls: OnceLock::new(),
        });
        let dialer = Arc::new(Dialer::new(Arc::clone(&network) as Arc<dyn Ways>));
        Ok(Self {
            network,
            pool: Pool::new(Arc::clone(&dialer)),
            dialer,
        })
    }

    /// Which authorities are trusted.
    pub(super) fn authorities(&self) -> &Authorities {
        &self.network.authorities
    }

    /// Dials as these settings say.
    pub(super) fn dialer(&self) -> &Dialer {
        &self.dialer
    }

    /// The connections that all calls share.
    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The proxy on the way to a URL.
    pub(super) fn proxy(&self, url: &Url) -> Option<Proxy> {
        self.network.proxy(url)
    }

    /// Host and port of the proxy for a URL, without user and password.
    pub(super) fn proxy_of(&self, uri: &str) -> Option<String> {
        let proxy = self.proxy(&Url::parse(uri).ok()?)?;
        let host = proxy.url.host_str()?;
        let port = proxy.url.port_or_known_default()?;
        Some(format!("{host}:{port}"))
    }
}

impl Ways for Network {
    fn proxy(&self, url: &Url) -> Option<Proxy> {
        if matches!(url.scheme(), "http" | "ws") {
            return None;
        }
        let destination = format!("https://{}/", url.host_str()?).parse().ok()?;
        let intercept = self.proxies.as_ref()?.intercept(&destination)?;
        Some(Proxy {
            url: intercept.uri().to_string().parse().ok()?,
            authorization: intercept
                .basic_auth()
                .and_then(|value| value.to_str().ok())
                .map(|value| Zeroizing::new(value.to_owned())),
        })
    }

    fn tls(&self) -> Arc<ClientConfig> {
        let build = || {
            let roots = self.roots.clone().unwrap_or_else(authorities::system);
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let mut config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .expect("ring serves TLS 1.2 and 1.3")
                .with_root_certificates(roots)
                .with_no_client_auth();
            // All that is spoken over it, websockets included, begins with HTTP/1.1.
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            Arc::new(config)
        };
        Arc::clone(self.tls.get_or_init(build))
    }
}

/// Which hosts `HTTPS_PROXY` serves; `None` if it is not set.
fn proxies(os: &Os) -> Result<Option<Matcher>, SetupError> {
    let var = |upper: &str| os.var(upper).or_else(|| os.var(&upper.to_lowercase()));
    let Some(text) = var("HTTPS_PROXY") else {
        return Ok(None);
    };
    let url = proxy_url::canonical(text).map_err(SetupError::Proxy)?;
    let spared = var("NO_PROXY").map_or_else(
        || NEVER_PROXIED.to_owned(),
        |list| format!("{list},{NEVER_PROXIED}"),
    );
    Ok(Some(Matcher::builder().https(url).no(spared).build()))
}

#[cfg(test)]
mod tests {
    use super::super::found::Found;
    use super::*;

    const SYSTEM: Authorities = Authorities::System;

    fn http(variables: [(&str, &str); 2]) -> Http {
        Http::new(&SYSTEM, &Os::with_environment(variables)).unwrap()
    }

    #[test]
    fn loopback_is_never_proxied() {
        let http = http([
            ("HTTPS_PROXY", "http://u:p@proxy.example:3128"),
            ("NO_PROXY", ".internal.example"),
        ]);
        let proxy = |host: &str| http.proxy(&format!("https://{host}/").parse().unwrap());
        let proxied = |host: &str| proxy(host).is_some();
        assert!(proxied("ssm.us-east-1.amazonaws.com"));
        for host in [
            "localhost",
            "127.0.0.1",
            "127.3.2.1",
            "[::1]",
            "a.internal.example",
        ] {
            assert!(!proxied(host), "{host}");
        }
        let proxy = proxy("ssm.us-east-1.amazonaws.com").unwrap();
        assert!(proxy.authorization.is_some());
        assert_eq!(
            http.proxy_of("https://ssm.us-east-1.amazonaws.com/"),
            Some("proxy.example:3128".to_owned())
        );
        for spared in [
            "http://127.0.0.1:4566/",
            "http://[fd00:ec2::23]/",
            "https://127.0.0.1/",
        ] {
            assert_eq!(http.proxy_of(spared), None, "{spared}");
        }
        assert!(!format!("{proxy:?} {http:?}").contains("u:p"));
    }

    #[test]
    fn other_variables_name_no_proxy() {
        let http = http([
            ("HTTP_PROXY", "http://proxy.example:1"),
            ("ALL_PROXY", "http://proxy.example:1"),
        ]);
        assert_eq!(http.proxy_of("https://ssm.us-east-1.amazonaws.com/"), None);
    }

    #[test]
    fn a_proxy_or_bundle_that_cannot_work_is_said_before_the_network() {
        let os = Os::with_environment([("HTTPS_PROXY", "socks5://x:1")]);
        assert!(Http::new(&SYSTEM, &os).is_err());
        for path in ["/nonexistent/ca.pem", "/dev/null"] {
            let bundle = Authorities::Bundle(Found {
                value: path.into(),
                set_by: "AWS_CA_BUNDLE".to_owned(),
            });
            assert!(Http::new(&bundle, &Os::default()).is_err(), "{path}");
        }
    }
}
