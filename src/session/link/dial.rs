//! From a started session to its data channel: through the proxy, to the host that the region has.

use url::Url;
use uuid::Uuid;

use crate::aws::{AllowStatement, Service};
use crate::channel::{self, Accepts, Channel, Connection, Open, OpenError, Proxy, Token};

use crate::session::error::hint;
use crate::session::ledger::end::End;
use crate::session::live::Session;
use crate::session::service::resume::Resumed;

/// Opens the data channel of a session that was started, for sessions of this type alone.
pub(crate) async fn open(session: Session<'_, '_>, accepts: Accepts) -> Result<Channel, OpenError> {
    let (url, token) = (&session.started.stream_url, &session.started.token);
    let open = async |open: &Open<'_>| channel::open(open, accepts).await;
    towards(session, url, token, open).await
}

/// Connects to the data channel of a session that goes on.
pub(crate) async fn connect(
    session: Session<'_, '_>,
    resumed: &Resumed,
    client_id: Uuid,
) -> Result<Connection, OpenError> {
    let (url, token) = (&resumed.stream_url, &resumed.token);
    let connect = async |open: &Open<'_>| channel::connect(open, client_id).await;
    towards(session, url, token, connect).await
}

async fn towards<T>(
    session: Session<'_, '_>,
    stream_url: &str,
    token: &Token,
    open: impl AsyncFnOnce(&Open<'_>) -> T,
) -> T {
    // The host is only looked at here; the channel decides whether it may be connected to.
    let url = Url::parse(stream_url).ok();
    let host = url.as_ref().and_then(Url::host_str);
    let proxy = host
        .and_then(|host| session.context.aws.proxy(host))
        .map(|proxy| Proxy {
            url: proxy.url,
            authorization: proxy.authorization,
        });
    open(&Open {
        session_id: session.id(),
        stream_url,
        token,
        credentials: &session.started.role.current().credentials,
        region: session.region().as_str(),
        tls: &session.context.aws.tls(),
        proxy: proxy.as_ref(),
        endpoint_overridden: session.context.aws.endpoints().of(Service::Ssm).is_some(),
        now: session.context.aws.clock().now(),
    })
    .await
}

/// A channel that the service closed before it was open.
/// `refused` is what the agent asked for and vendor-ssm refused, `said` the service's reason. Both
/// are hostile text.
pub(crate) fn closed(refused: Option<String>, said: &str) -> End {
    let hint = if refused.is_some() {
        "use --client plugin, or ask the customer for a session document that does not need it"
    } else {
        hint::of_end(said).unwrap_or("ask the customer to check what the session document needs (a Run As user that exists, logging, encryption), and the instance's agent")
    };
    let said = Some(said.to_owned()).filter(|said| !said.is_empty());
    let reasons: Vec<String> = refused.into_iter().chain(said).collect();
    if reasons.is_empty() {
        End::refused(
            "the service closed it before the target sent anything",
            hint,
        )
    } else {
        End::refused(reasons.join("; "), hint)
    }
}

/// A channel that did not open, and what to do about it.
pub(crate) fn failed(error: &OpenError) -> End {
    let hint = match error {
        OpenError::Refused { status: 403, .. } => format!(
            "ask the customer to allow ssmmessages:OpenDataChannel in the customer role's policy, as AWS's samples do: {}",
            AllowStatement::allow("ssmmessages:OpenDataChannel", "*")
        ),
        OpenError::StreamUrl(_) => {
            "stop and report this: AWS's answer names a host that is not AWS's".to_owned()
        }
        _ => "check the network, HTTPS_PROXY and AWS_CA_BUNDLE on the way to ssmmessages, then try again".to_owned(),
    };
    End::not_opened(crate::aws::chain(error), Some(hint))
}
