//! From a started session to its data channel: through the proxy, to the host that the region has.

use url::{Position, Url};
use uuid::Uuid;

use crate::aws::{AllowStatement, Aws, WRONG_PASSWORD, chain, untrusted};
use crate::channel::{
    self, Accepts, Channel, Connection, DialError, Open, OpenError, StreamUrl, Token,
};
use crate::names::Region;

use crate::session::error::hint;
use crate::session::ledger::end::End;
use crate::session::live::Session;

use super::destination::destination;

/// Opens the data channel of a session that was started, for sessions of this type alone.
pub(crate) async fn open(session: Session<'_, '_>, accepts: Accepts) -> Result<Channel, OpenError> {
    let (url, token) = (&session.started.stream_url, &session.started.token);
    let open = async |open: &Open<'_>| channel::open(open, accepts).await;
    towards(session, url, token, open).await
}

/// Connects to the data channel of a session that goes on, with ResumeSession's token.
pub(crate) async fn connect(
    session: Session<'_, '_>,
    stream_url: &str,
    token: &Token,
    client_id: Uuid,
) -> Result<Connection, OpenError> {
    let connect = async |open: &Open<'_>| channel::connect(open, client_id).await;
    towards(session, stream_url, token, connect).await
}

async fn towards<T>(
    session: Session<'_, '_>,
    stream_url: &str,
    token: &Token,
    open: impl AsyncFnOnce(&Open<'_>) -> Result<T, OpenError>,
) -> Result<T, OpenError> {
    let (aws, region) = (session.context.aws, session.region());
    let destination = destination(aws, region);
    let checked = destination.of(stream_url, session.id(), region.as_str());
    let usual = destination.usual(region.as_str());
    // Only the host of a URL that passed the check gets the token.
    let is_usual = |url: &StreamUrl| url.url().origin() == usual.url().origin();
    if !checked.as_ref().is_ok_and(is_usual) {
        aws.dialer().hang_up(usual.url());
    }
    let stream_url = checked?;
    open(&Open {
        session_id: session.id(),
        stream_url: &stream_url,
        token,
        credentials: &session.started.role.current().credentials,
        region: region.as_str(),
        dialer: aws.dialer(),
        now: aws.clock().now(),
    })
    .await
}

/// The way to the host on which a region's data channels are opened, as it was tried.
pub(crate) struct Reached {
    /// The host.
    pub host: String,
    /// Host and port of the proxy on the way to it.
    pub proxy: Option<String>,
    /// Why the host was not reached.
    pub result: Result<(), OpenError>,
}

/// Tries the way that the region's sessions take to their data channels.
pub(crate) async fn reach(aws: &Aws, region: &Region) -> Reached {
    let url = destination(aws, region).usual(region.as_str());
    let named = |url: &Url| url[Position::BeforeHost..Position::AfterPort].to_owned();
    Reached {
        host: named(url.url()),
        proxy: aws.proxy(url.url()).map(|proxy| named(&proxy.url)),
        result: channel::reach(&url, aws.dialer()).await,
    }
}

/// A channel that the service closed before it was open.
/// `refused` is what the agent asked for and vendor-ssm refused, `said` the service's reason. Both
/// are hostile text. `own` is the ARN of the role that started the session.
pub(crate) fn closed(refused: Option<String>, said: &str, own: &str) -> End {
    let hint = if refused.is_some() {
        "use --client plugin, or ask the customer for a session document that does not need it"
    } else {
        hint::of_end(said, own).unwrap_or("ask the customer to check what the session document needs (a Run As user that exists, logging, encryption), and the instance's agent")
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
pub(crate) fn failed(session: Session<'_, '_>, error: &OpenError) -> End {
    let aws = session.context.aws;
    let reason = aws.authorities().explained(chain(error));
    let is_unreachable = matches!(error, OpenError::Dial(_) | OpenError::Timeout);
    if aws.endpoint_kind().is_plain()
        && let Some(hint) = untrusted(&reason)
    {
        return End::not_opened(reason, Some(hint.to_owned()));
    }
    let hint = match (error, aws.endpoints().channel_set_by()) {
        (OpenError::Refused { status: 403, .. }, _) => format!(
            "ask the customer to allow ssmmessages:OpenDataChannel in the customer role's policy, as AWS's samples do: {}",
            AllowStatement::allow("ssmmessages:OpenDataChannel", "*")
        ),
        (OpenError::Dial(DialError::ProxyAuthorization { .. }), _) => WRONG_PASSWORD.to_owned(),
        (OpenError::StreamUrl(_), _) => {
            "stop and report this: AWS's answer names a host that is not AWS's".to_owned()
        }
        (_, Some(set_by)) => format!(
            "check {set_by}, and the network, HTTPS_PROXY and AWS_CA_BUNDLE on the way to that endpoint"
        ),
        (_, None) if is_unreachable && !aws.endpoint_kind().is_plain() => {
            let set_by = aws.endpoint_kind().set_by().join(" and ");
            let url = destination(aws, session.region()).usual(session.region().as_str());
            let host = url.url().host_str().unwrap_or_default();
            return End::Unreachable {
                reason,
                hint: format!(
                    "{host} was chosen by {set_by}: check the network, HTTPS_PROXY and AWS_CA_BUNDLE on the way to it, or unset {set_by}"
                ),
            };
        }
        (_, None) => "check the network, HTTPS_PROXY and AWS_CA_BUNDLE on the way to ssmmessages, then try again".to_owned(),
    };
    End::not_opened(reason, Some(hint))
}
