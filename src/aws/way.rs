//! The HTTPS client as the SDK's clients get it: what fails on the way through a proxy names the proxy.

use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::http::Http;

/// A client, and the way out that it takes.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) client: SharedHttpClient,
    pub(super) http: Http,
}

impl HttpClient for Way {
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

/// The same failure to whoever decides on a retry.
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
