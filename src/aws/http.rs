//! The one HTTPS client: rustls with ring, a trust store and a proxy.
//! [`Authorities`] decides the trust store. The proxy is `HTTPS_PROXY` except for `NO_PROXY` and
//! this machine. Certificates are always verified.

use std::fmt;
use std::sync::{Arc, OnceLock};

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;
use zeroize::Zeroizing;

use super::authorities::{self, Authorities, Certificates};
use super::proxy_url;
use super::setup_error::SetupError;
use crate::os::Os;

/// Addresses that never use a proxy: this machine and the metadata service.
const NEVER_PROXIED: &str = "localhost,127.0.0.0/8,::1,169.254.0.0/16";

/// Trust store and proxy, decided once from the environment.
#[derive(Clone)]
pub(super) struct Http {
    proxy: Option<ProxySettings>,
    authorities: Arc<Authorities>,
    /// `None` for the system's store.
    certificates: Option<Arc<Certificates>>,
    context: TlsContext,
    tls: Arc<OnceLock<Arc<rustls::ClientConfig>>>,
}

impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Http")
            .field("proxied", &self.proxy.is_some())
            .field("authorities", &self.authorities)
            .finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct ProxySettings {
    config: ProxyConfig,
    matcher: Arc<Matcher>,
}

/// A proxy that reaches a host with `CONNECT`.
#[derive(Clone)]
pub(crate) struct Proxy {
    /// The proxy's address; user and password are only in `authorization`.
    pub url: Url,
    /// The `Proxy-Authorization` header's value.
    pub authorization: Option<Zeroizing<String>>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Proxy({})",
            self.url.host_str().unwrap_or_default()
        )
    }
}

impl Http {
    /// Reads the certificates of the authorities.
    pub(super) fn new(authorities: &Authorities, os: &Os) -> Result<Self, SetupError> {
        let certificates = authorities.read()?.map(Arc::new);
        let store = match &certificates {
            Some(named) => TrustStore::empty().with_pem_certificate(named.pem.clone()),
            None => TrustStore::empty().with_native_roots(true),
        };
        let context = TlsContext::builder()
            .with_trust_store(store)
            .build()
            .map_err(|error| SetupError::Tls(error.to_string()))?;
        Ok(Self {
            proxy: ProxySettings::find(os)?,
            authorities: Arc::new(authorities.clone()),
            certificates,
            context,
            tls: Arc::default(),
        })
    }

    /// Which authorities are trusted.
    pub(super) fn authorities(&self) -> &Authorities {
        &self.authorities
    }

    /// A client with these settings. Its errors do not name the proxy.
    pub(super) fn client(&self) -> SharedHttpClient {
        let context = self.context.clone();
        let proxy = self.proxy.as_ref().map(|proxy| proxy.config.clone());
        Builder::new().build_with_connector_fn(move |settings, components| {
            let mut builder = Connector::builder().enable_tcp_nodelay(true);
            builder.set_connector_settings(settings.cloned());
            if let Some(components) = components {
                builder.set_sleep_impl(components.sleep_impl());
            }
            builder.set_proxy_config(proxy.clone());
            builder
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .tls_context(context.clone())
                .build()
        })
    }

    /// Host and port of the proxy for a URL, without user and password.
    pub(super) fn proxy_of(&self, uri: &str) -> Option<String> {
        let proxy = self.proxy(Url::parse(uri).ok()?.host_str()?)?;
        let host = proxy.url.host_str()?;
        let port = proxy.url.port_or_known_default()?;
        Some(format!("{host}:{port}"))
    }

    pub(super) fn proxy(&self, host: &str) -> Option<Proxy> {
        let destination = format!("https://{host}/").parse().ok()?;
        let intercept = self.proxy.as_ref()?.matcher.intercept(&destination)?;
        Some(Proxy {
            url: intercept.uri().to_string().parse().ok()?,
            authorization: intercept
                .basic_auth()
                .and_then(|value| value.to_str().ok())
                .map(|value| Zeroizing::new(value.to_owned())),
        })
    }

    pub(super) fn tls(&self) -> Arc<rustls::ClientConfig> {
        let build = || {
            let roots = match &self.certificates {
                Some(named) => named.roots.clone(),
                None => authorities::system(),
            };
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .expect("ring serves TLS 1.2 and 1.3")
                .with_root_certificates(roots)
                .with_no_client_auth();
            Arc::new(config)
        };
        self.tls.get_or_init(build).clone()
    }
}

impl ProxySettings {
    fn find(os: &Os) -> Result<Option<Self>, SetupError> {
        let var = |upper: &str| os.var(upper).or_else(|| os.var(&upper.to_lowercase()));
        let Some(text) = var("HTTPS_PROXY") else {
            return Ok(None);
        };
        let url = proxy_url::canonical(text).map_err(SetupError::Proxy)?;
        let config = ProxyConfig::https(url.as_str())
            .map_err(|_| SetupError::Proxy("vendor-ssm cannot parse it"))?;
        let spared = var("NO_PROXY").map_or_else(
            || NEVER_PROXIED.to_owned(),
            |list| format!("{list},{NEVER_PROXIED}"),
        );
        let matcher = Matcher::builder().https(url).no(spared.clone()).build();
        Ok(Some(Self {
            config: config.no_proxy(spared),
            matcher: Arc::new(matcher),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::found::Found;
    use super::*;

    const SYSTEM: Authorities = Authorities::System { beside_blank: None };

    fn http(variables: [(&str, &str); 2]) -> Http {
        Http::new(&SYSTEM, &Os::with_environment(variables)).unwrap()
    }

    #[test]
    fn loopback_is_never_proxied() {
        let http = http([
            ("HTTPS_PROXY", "http://u:p@proxy.example:3128"),
            ("NO_PROXY", ".internal.example"),
        ]);
        let proxied = |host: &str| http.proxy(host).is_some();
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
        let proxy = http.proxy("ssm.us-east-1.amazonaws.com").unwrap();
        assert!(proxy.authorization.is_some());
        assert_eq!(
            http.proxy_of("https://ssm.us-east-1.amazonaws.com/"),
            Some("proxy.example:3128".to_owned())
        );
        assert_eq!(http.proxy_of("http://127.0.0.1:4566/"), None);
        assert!(
            !format!("{proxy:?} {http:?}").contains('p') || !format!("{proxy:?}").contains("u:p")
        );
    }

    #[test]
    fn other_variables_name_no_proxy() {
        let http = http([
            ("HTTP_PROXY", "http://proxy.example:1"),
            ("ALL_PROXY", "http://proxy.example:1"),
        ]);
        assert!(http.proxy("ssm.us-east-1.amazonaws.com").is_none());
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
