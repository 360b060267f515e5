//! The connections that all calls share, and one call over them.
//! Each host has its own. All have the same time limit for being made, so that a call never gets a
//! second connection for having another limit than the first.

use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use http::Uri;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::client::legacy::{Client, Error as CallError};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::time::timeout;
use tower_service::Service;
use url::Url;

use crate::dial::{DialError, Dialer, Stream};

use super::said::layers;

/// The time limit for connecting to one host, TLS included.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// The pool.
#[derive(Clone)]
pub(super) struct Pool(Client<Dials, SdkBody>);

/// How long one call may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Until it has a connection. It counts if it is shorter than [`CONNECT_LIMIT`].
    pub connect: Option<Duration>,
    /// Until its answer begins.
    pub answer: Option<Duration>,
}

impl Pool {
    pub(super) fn new(dialer: Arc<Dialer>) -> Self {
        let mut builder = Client::builder(TokioExecutor::new());
        // Without a timer, connections are kept for ever.
        builder.pool_timer(TokioTimer::new());
        Self(builder.build(Dials(dialer)))
    }

    /// Sends a request, and waits until the answer begins.
    pub(super) async fn call(
        &self,
        request: HttpRequest,
        limits: Limits,
    ) -> Result<HttpResponse, ConnectorError> {
        let mut request = request
            .try_into_http1x()
            .map_err(|error| ConnectorError::user(error.into()))?;
        let connection = capture_connection(&mut request);
        if let Some(asks) = request.extensions().get::<CaptureSmithyConnection>() {
            let connection = connection.clone();
            asks.set_connection_retriever(move || spoilable(&connection));
        }
        let mut stands = connection;
        let connected = async move { drop(stands.wait_for_connection_metadata().await) };
        let limit = limits.connect.filter(|limit| *limit < CONNECT_LIMIT);
        let mut answer = self.0.request(request);
        let answer = async {
            tokio::select! {
                biased;
                answer = &mut answer => return answer.map_err(sorted),
                connected = within(limit, connected) => connected?,
            }
            answer.await.map_err(sorted)
        };
        let answer = within(limits.answer, answer).await??;
        HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
            .map_err(|error| ConnectorError::other(error.into(), None))
    }
}

/// The connection as the SDK knows it: after some failures it says that no call may use it again.
fn spoilable(connection: &CaptureConnection) -> Option<ConnectionMetadata> {
    connection.connection_metadata().as_ref()?;
    let connection = connection.clone();
    let spoil = move || {
        if let Some(connected) = connection.connection_metadata().as_ref() {
            connected.poison();
        }
    };
    let metadata = ConnectionMetadata::builder().proxied(false);
    Some(metadata.poison_fn(spoil).build())
}

/// What the SDK has to know of a failure, to decide on a retry.
fn sorted(error: CallError) -> ConnectorError {
    let has = |is: fn(&(dyn Error + 'static)) -> bool| layers(&error).any(is);
    let error_in = |is: fn(&hyper::Error) -> bool| {
        let mut all = layers(&error).filter_map(|layer| layer.downcast_ref::<hyper::Error>());
        all.any(is)
    };
    if has(|layer| matches!(layer.downcast_ref(), Some(ConnectError::TimeLimit))) {
        ConnectorError::timeout(error.into())
    } else if error_in(hyper::Error::is_user) {
        ConnectorError::user(error.into())
    } else if error.is_connect()
        || has(<dyn Error>::is::<io::Error>)
        || error_in(|error| error.is_closed() || error.is_canceled())
    {
        ConnectorError::io(error.into())
    } else {
        let is_cut_off = error_in(hyper::Error::is_incomplete_message);
        let kind = is_cut_off.then_some(ErrorKind::TransientError);
        ConnectorError::other(error.into(), kind)
    }
}

/// Whether a call failed since the proxy answered 407 to CONNECT.
pub(super) fn lacks_authorization(error: &(dyn Error + 'static)) -> bool {
    layers(error).any(|layer| {
        matches!(
            layer.downcast_ref(),
            Some(ConnectError::Dial(DialError::ProxyAuthorization { .. }))
        )
    })
}

/// Waits for `work` for at most so long.
async fn within<T>(
    limit: Option<Duration>,
    work: impl Future<Output = T>,
) -> Result<T, ConnectorError> {
    match limit {
        Some(limit) => timeout(limit, work)
            .await
            .map_err(|_| ConnectorError::timeout(NoAnswer(limit).into())),
        None => Ok(work.await),
    }
}

/// The answer, or the connection, did not come in time.
#[derive(Debug, thiserror::Error)]
#[error("no answer within {} s", .0.as_secs_f32())]
struct NoAnswer(Duration);

/// Makes connections for the pool.
#[derive(Clone)]
struct Dials(Arc<Dialer>);

/// Why the pool has no connection.
#[derive(Debug, thiserror::Error)]
enum ConnectError {
    #[error(transparent)]
    Dial(#[from] DialError),
    #[error("no connection within {} s", CONNECT_LIMIT.as_secs())]
    TimeLimit,
    #[error("the address of the host cannot be read")]
    Address(#[from] url::ParseError),
}

impl Service<Uri> for Dials {
    type Response = TokioIo<Box<dyn Stream>>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialer = Arc::clone(&self.0);
        Box::pin(async move {
            let url = Url::parse(&uri.to_string())?;
            let dialled = timeout(CONNECT_LIMIT, dialer.dial(&url)).await;
            let stream = dialled.map_err(|_| ConnectError::TimeLimit)??;
            Ok(TokioIo::new(stream))
        })
    }
}
