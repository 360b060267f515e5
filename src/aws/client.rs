//! The HTTPS client as the SDK's clients get it.
//! A failure on the way through a proxy names the proxy.

use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::http::Http;

/// The client that every SDK client shares, and with it connections and TLS sessions.
pub(super) fn shared(http: &Http) -> SharedHttpClient {
    SharedHttpClient::new(NamesProxy {
        client: http.client(),
        http: http.clone(),
    })
}

/// A client whose failures name the proxy that the request went through.
#[derive(Debug)]
struct NamesProxy {
    client: SharedHttpClient,
    http: Http,
}

impl HttpClient for NamesProxy {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            connector: self.client.http_connector(settings, components),
            http: self.http.clone(),
        })
    }
}

#[derive(Debug)]
struct Connector {
    connector: SharedHttpConnector,
    http: Http,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let proxy = self.http.proxy_of(request.uri());
        let answer = self.connector.call(request);
        match proxy {
            None => answer,
            Some(proxy) => HttpConnectorFuture::new(async move {
                answer.await.map_err(|error| through(proxy, error))
            }),
        }
    }
}

/// Adds the proxy's name to the error. The SDK's decision on a retry stays the same.
fn through(proxy: String, error: ConnectorError) -> ConnectorError {
    let (timeout, user, io, kind) = (
        error.is_timeout(),
        error.is_user(),
        error.is_io(),
        error.as_other(),
    );
    let error = Box::new(Through {
        proxy,
        source: error,
    });
    if timeout {
        ConnectorError::timeout(error)
    } else if user {
        ConnectorError::user(error)
    } else if io {
        ConnectorError::io(error)
    } else {
        ConnectorError::other(error, kind)
    }
}

#[derive(Debug)]
struct Through {
    proxy: String,
    source: ConnectorError,
}

impl fmt::Display for Through {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "through the proxy {}", self.proxy)
    }
}

impl std::error::Error for Through {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
