//! The HTTPS client as the SDK's clients get it.
//! A failure on the way through a proxy names the proxy. A failure at an endpoint whose kind was
//! asked for names the setting. The failure of a certificate that is not trusted names what is
//! trusted. An answer that is not whole is a failure.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::endpoint_kind::EndpointKind;
use super::http::Http;
use super::pool::{Limits, lacks_authorization as is_unauthorized};
use super::said::{chain, layers};
use super::whole::whole;

/// The client that every SDK client shares, and with it connections and TLS sessions.
pub(super) fn shared(http: &Http, kind: &EndpointKind) -> SharedHttpClient {
    SharedHttpClient::new(NamesWay {
        http: http.clone(),
        kind: kind.clone(),
    })
}

/// A client whose failures name what led the request there: a proxy, a kind of endpoint.
#[derive(Debug)]
struct NamesWay {
    http: Http,
    kind: EndpointKind,
}

impl HttpClient for NamesWay {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            http: self.http.clone(),
            kind: self.kind.clone(),
            limits: Limits {
                connect: settings.connect_timeout(),
                answer: settings.read_timeout(),
            },
        })
    }
}

#[derive(Debug)]
struct Connector {
    http: Http,
    kind: EndpointKind,
    limits: Limits,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let proxy = self.http.proxy_of(request.uri());
        let proxy = proxy.map(|proxy| format!("through the proxy {proxy}"));
        let kind = self.kind.asked_for(request.uri());
        let parts: Vec<String> = kind.into_iter().chain(proxy).collect();
        let (http, limits) = (self.http.clone(), self.limits);
        HttpConnectorFuture::new(async move {
            let answer = async { whole(http.pool().call(request, limits).await?).await }.await;
            answer.map_err(|error| {
                let trusted = http.authorities().blamed(&chain(&error));
                let parts: Vec<String> = parts.into_iter().chain(trusted).collect();
                if parts.is_empty() {
                    return error;
                }
                on(parts.join(", "), error)
            })
        })
    }
}

/// Adds the way to the error. The SDK's decision on a retry stays the same.
fn on(way: String, error: ConnectorError) -> ConnectorError {
    let (timeout, user, io, kind) = (
        error.is_timeout(),
        error.is_user(),
        error.is_io(),
        error.as_other(),
    );
    let is_unauthorized = is_unauthorized(&error);
    let error = Box::new(OnTheWay {
        way,
        is_unauthorized,
        source: error,
    });
    if is_unauthorized {
        // The SDK would try again, and the proxy may lock the user out.
        ConnectorError::other(error, None)
    } else if timeout {
        ConnectorError::timeout(error)
    } else if user {
        ConnectorError::user(error)
    } else if io {
        ConnectorError::io(error)
    } else {
        ConnectorError::other(error, kind)
    }
}

/// Whether a call failed since the proxy refused the user and password in `HTTPS_PROXY`.
pub(super) fn lacks_authorization(error: &(dyn Error + 'static)) -> bool {
    layers(error)
        .filter_map(|layer| layer.downcast_ref::<OnTheWay>())
        .any(|through| through.is_unauthorized)
}

#[derive(Debug)]
struct OnTheWay {
    way: String,
    /// Whether the proxy answered 407: it refuses the user and password, or wants some.
    is_unauthorized: bool,
    source: ConnectorError,
}

impl fmt::Display for OnTheWay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.way)
    }
}

impl Error for OnTheWay {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
