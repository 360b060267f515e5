//! The way from a started session to its data channel: through the proxy, to the host that the region has.

use url::Url;
use uuid::Uuid;

use crate::aws::{AllowStatement, Service};
use crate::channel::{self, Accepts, Channel, Connection, Open, OpenError, Proxy, Token};

use super::end::End;
use super::hint;
use super::resume::Way;
use super::start::Started;
use super::{Request, Stage};

/// Opens the data channel of a session that was started, for sessions of this type alone.
pub(super) async fn open(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    accepts: Accepts,
) -> Result<Channel, OpenError> {
    let (url, token) = (&started.stream_url, &started.token);
    let open = async |open: &Open<'_>| channel::open(open, accepts).await;
    towards(stage, request, started, url, token, open).await
}

/// Connects to the data channel of a session that goes on.
pub(super) async fn connect(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    way: &Way,
    client_id: Uuid,
) -> Result<Connection, OpenError> {
    let (url, token) = (&way.stream_url, &way.token);
    let connect = async |open: &Open<'_>| channel::connect(open, client_id).await;
    towards(stage, request, started, url, token, connect).await
}

async fn towards<T>(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    stream_url: &str,
    token: &Token,
    open: impl AsyncFnOnce(&Open<'_>) -> T,
) -> T {
    // The host is only looked at here; the channel decides whether it may be connected to.
    let url = Url::parse(stream_url).ok();
    let host = url.as_ref().and_then(Url::host_str);
    let proxy = host
        .and_then(|host| stage.aws.proxy(host))
        .map(|proxy| Proxy {
            url: proxy.url,
            authorization: proxy.authorization,
        });
    open(&Open {
        session_id: &started.session_id,
        stream_url,
        token,
        credentials: &started.keys.role().credentials,
        region: request.target.region.as_str(),
        tls: &stage.aws.tls(),
        proxy: proxy.as_ref(),
        endpoint_overridden: stage.aws.endpoints().of(Service::Ssm).is_some(),
        now: stage.aws.clock().now(),
    })
    .await
}

/// A channel that the service closed before the remote side began.
pub(super) fn closed(refused: Option<String>, text: &str) -> End {
    let hint = if refused.is_some() {
        "use --client plugin, or ask the customer for a session document without it"
    } else {
        hint::of_end(text).unwrap_or("the customer checks what the session document asks for (a Run As user that is there, logging, encryption) and the instance's agent")
    };
    let text = Some(text.to_owned()).filter(|text| !text.is_empty());
    let reasons: Vec<String> = refused.into_iter().chain(text).collect();
    End::Refused {
        reason: if reasons.is_empty() {
            "the service closed it before anything came from the target".to_owned()
        } else {
            reasons.join("; ")
        },
        hint: hint.to_owned(),
    }
}

/// A channel that did not open, and what to do about it.
pub(super) fn failed(error: &OpenError) -> End {
    let hint = match error {
        OpenError::Refused { status: 403, .. } => {
            return End::NotOpened {
                reason: crate::aws::chain(error),
                hint: Some(format!(
                    "the customer's role has to allow ssmmessages:OpenDataChannel, which AWS's samples include: {}",
                    AllowStatement::allow("ssmmessages:OpenDataChannel", "*")
                )),
            };
        }
        OpenError::StreamUrl(_) => {
            "stop and report this: AWS's answer names a host that is not AWS's"
        }
        _ => {
            "check the network, HTTPS_PROXY and AWS_CA_BUNDLE on the way to ssmmessages, then try again"
        }
    };
    End::NotOpened {
        reason: crate::aws::chain(error),
        hint: Some(hint.to_owned()),
    }
}
