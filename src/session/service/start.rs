//! StartSession.
//! It is not idempotent: the SDK's retries are off for it. It is sent a second time only if AWS
//! answered that it did nothing, and the cause was mended first. If AWS throttles a `run`, it is
//! sent as often as the [`Gate`](super::gate::Gate) allows.

use std::future::pending;
use std::time::{Duration, Instant};

use aws_sdk_ssm::config::retry::RetryConfig;

use crate::aws::{AllowStatement, Failure, FailureKind, Service, grant};
use crate::channel::Token;
use crate::identity::{AssumedRole, Scope};
use crate::settings::Customer;
use crate::signals::{Ending, Signals};

use crate::session::context::Context;
use crate::session::context::Request;
use crate::session::error::{Error, ErrorKind};
use crate::session::ledger::journal::SessionKind;
use crate::session::link::destination;
use crate::session::service::gate::PATIENCE;
use crate::session::service::live_role::LiveRole;
use crate::session::service::wait;

/// How long to pause before the second try of a throttled StartSession.
const THROTTLED_PAUSE: Duration = Duration::from_secs(2);

/// A session that AWS has started.
pub(crate) struct Started {
    pub session_id: String,
    /// Where its data channel is.
    pub stream_url: String,
    /// What opens the data channel, once.
    pub token: Token,
    /// The role that started it: the same role and session name have to resume and end it.
    pub role: LiveRole,
}

/// Why there is no session, or none with a known id.
#[derive(Debug)]
pub(crate) enum NotStarted {
    /// There is none.
    Failed(Error),
    /// The answer never came or could not be read.
    AnswerLost {
        /// What happened instead of an answer.
        failure: Failure,
        /// The signal that came while it was waited for.
        ending: Option<Ending>,
    },
}

impl<E: Into<Error>> From<E> for NotStarted {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Started {
    /// Whether AWS said how the session is reached.
    pub(crate) fn has_way_in(&self) -> bool {
        !self.stream_url.is_empty() && !self.token.reveal().is_empty()
    }
}

/// Starts a session, and explains a refusal by one look at the instance.
/// See [`started`] for the rest.
pub(crate) async fn start(
    context: Context<'_, '_>,
    request: &Request,
    role: &mut AssumedRole,
    reason: &str,
    signals: &mut Signals,
) -> Result<(Started, Option<Ending>), NotStarted> {
    match started(context, request, role, reason, signals).await {
        Err(NotStarted::Failed(mut error)) => {
            let explained = wait::explain(context, request, role, &mut error.kind);
            unsent(context, request, signals, explained).await?;
            Err(error.into())
        }
        done => done,
    }
}

/// Starts a session, with at most one repetition. Throttled calls of a `run` do not count as one.
/// A signal that came meanwhile is handed back with it: the session has to be ended before anything
/// is opened. `reason` carries the journal's nonce. `role` is renewed if AWS no longer accepts it.
async fn started(
    context: Context<'_, '_>,
    request: &Request,
    role: &mut AssumedRole,
    reason: &str,
    signals: &mut Signals,
) -> Result<(Started, Option<Ending>), NotStarted> {
    let mut repeated = false;
    let mut waited_for = false;
    let mut patience = PATIENCE;
    let lane = context.gate.map(|gate| {
        let region = &request.target.region;
        gate.lane(&context.customer.name, region)
    });
    loop {
        context.callbacks.step("starting the session…");
        // What has come already is noticed while nothing is sent yet.
        unsent(context, request, signals, tokio::task::yield_now()).await?;
        let mut sent = Instant::now();
        if let Some(lane) = &lane {
            let passed = unsent(context, request, signals, lane.pass(&mut patience)).await?;
            match (passed, lane.refusal()) {
                (Some(at), _) => sent = at,
                (None, Some(failure)) => {
                    let kind = ErrorKind::Throttled { failure };
                    return Err(kind.about(context.about(&request.target)).into());
                }
                // Only a refusal makes a target wait.
                (None, None) => {}
            }
        }
        let failure = match send(context, request, role, reason, signals).await? {
            Ok(started) => {
                if let Some(lane) = &lane {
                    lane.eased(sent);
                }
                return Ok(started);
            }
            Err(failure) => failure,
        };
        if let Some(lane) = &lane {
            if failure.kind == FailureKind::Throttled {
                if lane.throttled(sent, &failure) {
                    let region = &request.target.region;
                    context.callbacks.say(&format!(
                        "AWS throttles StartSession in {region}: a target waits up to {} s",
                        PATIENCE.as_secs()
                    ));
                }
                continue;
            }
            lane.eased(sent);
        }
        let error = refused(context, request, failure.clone());
        if matches!(error.kind, ErrorKind::NotConnected { .. }) {
            if let Some(seconds) = request.wait.filter(|_| !waited_for) {
                waited_for = true;
                let limit = Duration::from_secs(seconds.into());
                let connected = wait::connected(context, request, role, limit);
                if unsent(context, request, signals, connected).await? {
                    continue;
                }
            }
            return Err(error.into());
        }
        if failure.may_be_of_region() && is_of_region(context, request, role, signals).await? {
            return Err(refused(context, request, failure.of_region()).into());
        }
        if repeated {
            return Err(error.into());
        }
        repeated = true;
        match failure.kind {
            _ if failure.refuses_credentials() => {
                *role = signals
                    .guard(context.identity.renew(context.customer, context.aws))
                    .await
                    .map_err(Error::signal)??;
            }
            // A refusal is not asked for twice; but if the cached role was revoked, the next
            // command gets another.
            FailureKind::Denied if role.may_be_outlived(&failure) => {
                context
                    .identity
                    .forget(context.customer, context.aws)
                    .await?;
                return Err(error.into());
            }
            FailureKind::Clock => match context.aws.clock().correct(&failure) {
                Some(warning) => context.callbacks.warn(&warning),
                None => return Err(error.into()),
            },
            FailureKind::Throttled => signals
                .guard(tokio::time::sleep(THROTTLED_PAUSE))
                .await
                .map_err(Error::signal)?,
            _ => return Err(error.into()),
        }
    }
}

/// Does work before anything is sent.
/// A signal ends it. With `--fail-fast`, so does the failure of another target.
async fn unsent<T>(
    context: Context<'_, '_>,
    request: &Request,
    signals: &mut Signals,
    work: impl Future<Output = T>,
) -> Result<T, Error> {
    let closed = async {
        match context.gate {
            Some(gate) => gate.until_closed().await,
            None => pending().await,
        }
    };
    let work = async {
        tokio::select! {
            biased;
            failed = closed => Err(failed),
            done = work => Ok(done),
        }
    };
    let done = signals.guard(work).await.map_err(Error::signal)?;
    done.map_err(|failed| ErrorKind::FailFast(failed).about(context.about(&request.target)))
}

/// Whether AWS accepts the role elsewhere: then the region may not be enabled.
async fn is_of_region(
    context: Context<'_, '_>,
    request: &Request,
    role: &AssumedRole,
    signals: &mut Signals,
) -> Result<bool, Error> {
    let (identity, region) = (context.identity, &request.target.region);
    let asked = identity.is_accepted_elsewhere(context.customer, context.aws, role, region);
    signals.guard(asked).await.map_err(Error::signal)
}

/// What a StartSession without effect means.
fn refused(context: Context<'_, '_>, request: &Request, failure: Failure) -> Error {
    let kind = if failure.code.as_deref() == Some("TargetNotConnected") {
        ErrorKind::NotConnected {
            absent: None,
            failure: Some(failure),
        }
    } else {
        ErrorKind::Start {
            needs: (failure.kind == FailureKind::Denied)
                .then(|| Box::new(needed(context.customer, request, &failure))),
            elsewhere: None,
            failure,
        }
    };
    kind.about(context.about(&request.target))
}

/// The statement that allows what AWS denied:
/// StartSession on the document if AWS named it, else on tagged instances. Another action that the
/// call needs is allowed where AWS named it.
fn needed(customer: &Customer, request: &Request, failure: &Failure) -> AllowStatement {
    let action = failure.action();
    match failure.denial().and_then(|denial| denial.resource) {
        Some(resource) if resource.contains(":document/") || action != failure.called() => {
            AllowStatement::allow(&action, &resource)
        }
        _ if action != failure.called() => AllowStatement::allow(&action, "*"),
        _ => {
            let region = request.target.region.as_str();
            let instances = grant::resources(&customer.role_arn, "ec2", region, "instance");
            let tag = (customer.tag_key.as_str(), customer.tag_value.as_str());
            AllowStatement::on_tagged(&action, &instances, tag)
        }
    }
}

/// One StartSession. The inner error had no effect on AWS's side; a lost answer is an outer one.
async fn send(
    context: Context<'_, '_>,
    request: &Request,
    role: &AssumedRole,
    reason: &str,
    signals: &mut Signals,
) -> Result<Result<(Started, Option<Ending>), Failure>, NotStarted> {
    let region = &request.target.region;
    let config = context
        .aws
        .config(Service::Ssm, region, role.credentials.clone())
        .into_builder()
        .retry_config(RetryConfig::disabled())
        .build();
    let call = aws_sdk_ssm::Client::new(&config)
        .start_session()
        .target(&request.target.instance_id)
        .set_document_name(request.document.as_ref().map(ToString::to_string))
        .set_parameters(
            (!request.parameters.is_empty())
                .then(|| request.parameters.clone().into_iter().collect()),
        )
        .reason(reason)
        .send();
    if request.kind != SessionKind::PluginShell {
        destination::dial_ahead(context.aws, region);
    }
    // Once it is sent, vendor-ssm waits for its answer: only that says whether there is a session.
    let (answer, ending) = signals.note(call).await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            destination::hang_up(context.aws, region);
            let failure = Failure::new(Service::Ssm, "StartSession", region, &error);
            let fate_unknown = !failure.without_effect
                && matches!(
                    failure.kind,
                    FailureKind::Network | FailureKind::Unreadable | FailureKind::Server
                );
            return match ending {
                _ if fate_unknown => Err(NotStarted::AnswerLost { failure, ending }),
                Some(ending) => Err(Error::signal(ending).into()),
                None => Ok(Err(failure)),
            };
        }
    };
    let Some(session_id) = answer.session_id else {
        let failure = Failure::unreadable(
            Service::Ssm,
            "StartSession",
            region,
            "the answer lacks the SessionId",
        );
        return Err(NotStarted::AnswerLost { failure, ending });
    };
    let started = Started {
        session_id,
        stream_url: answer.stream_url.unwrap_or_default(),
        token: Token::new(answer.token_value.unwrap_or_default()),
        role: LiveRole::new(role.clone(), Scope::Whole, context.os.now()),
    };
    Ok(Ok((started, ending)))
}
