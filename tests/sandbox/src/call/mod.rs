//! One call from its signature to its answer, in the order AWS looks at it:
//! signature, key, region, clock, expiry, throttling, parameters, authorization, state. Each call
//! leaves one event in the trail, refused or not.

mod authorize;
mod elsewhere;
mod identify;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::SystemTime;

use http::{HeaderMap, Method, Uri};
use uuid::Uuid;

pub(crate) use identify::{CHANNEL_PATH, Identified, Parameters, Query, StreamUrl, identify};

use crate::caller::{self, Caller};
use crate::clock;
use crate::faults::Kind;
use crate::iam::{self, Context};
use crate::server::answer::{Refusal, Service, Success, Trouble, clock_tolerance};
use crate::shared::{Shared, State};
use crate::sigv4::{Received, Unreadable};
use crate::trail::{Decided, Event};
use crate::{ec2, kms, ssm, sts};

/// A request as it came off the wire.
pub(crate) struct Incoming<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
    pub source: IpAddr,
}

impl Incoming<'_> {
    fn received(&self) -> Received<'_> {
        Received {
            method: self.method.as_str(),
            target: self
                .uri
                .path_and_query()
                .map_or("/", |target| target.as_str()),
            headers: self.headers,
            body: self.body,
        }
    }
}

/// What goes back.
pub(crate) enum Outcome {
    Answer(Answer),
    /// The websocket of a session may be opened.
    Upgrade {
        session_id: String,
    },
}

/// An HTTP answer.
pub(crate) struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
    pub request_id: String,
    /// The header that names the error, in services that have it.
    pub error_type: Option<&'static str>,
}

/// What a handler made of a call.
pub(crate) enum Done {
    Success(Success),
    Upgrade(String),
}

/// A call whose caller is known, as the services see it.
pub(crate) struct Call<'a> {
    pub shared: &'a Shared,
    pub state: &'a mut State,
    pub service: Service,
    pub action: String,
    pub region: String,
    pub now: SystemTime,
    pub caller: Caller,
    pub request_id: String,
    source: IpAddr,
    /// Parameters for the trail.
    pub noted: BTreeMap<String, String>,
    decisions: Vec<Decided>,
}

/// A call without a signature, as the service that takes it sees it.
pub(crate) struct Unsigned<'a> {
    pub state: &'a mut State,
    pub now: SystemTime,
    pub request_id: String,
    pub decisions: Vec<Decided>,
    noted: BTreeMap<String, String>,
}

impl Unsigned<'_> {
    /// Notes a parameter for the trail.
    pub(crate) fn note(&mut self, name: &str, value: &str) {
        self.noted.insert(name.to_owned(), value.to_owned());
    }
}

/// Answers a call, with the fault that was planned for it as far as it changes the answer, and
/// records it.
pub(crate) fn answer(
    shared: &Shared,
    incoming: &Incoming<'_>,
    identified: Identified,
    fault: Option<Kind>,
) -> Outcome {
    let service = identified.service;
    let skew = match fault {
        Some(Kind::ClockSkew(seconds)) => seconds,
        _ => 0,
    };
    let now = clock::shift(shared.clock.now(), skew);
    let mut event = event(&identified, incoming, now);
    event.fault = fault.map(|kind| format!("{kind:?}"));
    let request_id = event.request_id.clone();
    let answered = |status, content_type, body| {
        Outcome::Answer(Answer {
            status,
            content_type,
            body,
            request_id: request_id.clone(),
            error_type: None,
        })
    };

    let result = match fault {
        // These two never reach the service.
        Some(Kind::Hang | Kind::Reset) => None,
        _ => Some(proceed(
            shared, incoming, identified, fault, now, &mut event,
        )),
    };
    let outcome = match result {
        None => answered(0, "", String::new()),
        // An answer that is not the service's own opens no websocket either.
        Some(Ok(Done::Upgrade(_)))
            if matches!(fault, Some(Kind::Garbage | Kind::Html | Kind::HalfBody)) =>
        {
            answered(200, "", String::new())
        }
        Some(Ok(Done::Upgrade(session_id))) => {
            event.status = 101;
            Outcome::Upgrade { session_id }
        }
        Some(Ok(Done::Success(_))) if fault == Some(Kind::InternalErrorAfter) => {
            let refusal = Trouble::Internal.refusal(service);
            event.status = refusal.status;
            event.code = Some(refusal.code.to_owned());
            let written = refusal.written(service, &request_id);
            answered(refusal.status, written.content_type, written.body)
        }
        Some(Ok(Done::Success(success))) => {
            event.status = 200;
            let written = success.written();
            answered(200, written.content_type, written.body)
        }
        Some(Err(mut refusal)) => {
            if service == Service::Ssm && shared.options().documented_statuses {
                refusal.status = documented(&refusal);
            }
            event.status = refusal.status;
            event.code = Some(refusal.code.to_owned());
            let written = refusal.written(service, &request_id);
            answered(refusal.status, written.content_type, written.body)
        }
    };
    shared.trail.record(event);
    outcome
}

/// The statuses that the documentation lists where others were seen on the wire.
fn documented(refusal: &Refusal) -> u16 {
    match refusal.code {
        "AccessDeniedException" | "UnrecognizedClientException" | "ExpiredTokenException" => 403,
        _ => refusal.status,
    }
}

fn event(identified: &Identified, incoming: &Incoming<'_>, now: SystemTime) -> Event {
    let agent = incoming.headers.get(http::header::USER_AGENT);
    Event {
        time: clock::extended(now),
        service: identified.service.prefix().to_owned(),
        action: identified.action.clone(),
        region: identified.region().to_owned(),
        caller: None,
        userid: None,
        source: incoming.source.to_string(),
        user_agent: agent
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .unwrap_or_default(),
        parameters: BTreeMap::new(),
        decisions: Vec::new(),
        status: 0,
        code: None,
        fault: None,
        request_id: Uuid::new_v4().to_string(),
    }
}

fn proceed(
    shared: &Shared,
    incoming: &Incoming<'_>,
    identified: Identified,
    fault: Option<Kind>,
    now: SystemTime,
    event: &mut Event,
) -> Result<Done, Refusal> {
    let mut state = shared.state();
    let Identified {
        service,
        action,
        signed,
        parameters,
    } = identified;
    if let (Service::Sts, sts::web_identity::ACTION, Parameters::Query(query)) =
        (service, action.as_str(), &parameters)
    {
        let mut call = Unsigned {
            state: &mut state,
            now,
            request_id: event.request_id.clone(),
            decisions: Vec::new(),
            noted: BTreeMap::new(),
        };
        let trouble = match fault {
            Some(Kind::Throttle) => Some(Trouble::Throttled),
            Some(Kind::InternalError) => Some(Trouble::Internal),
            Some(Kind::Unavailable) => Some(Trouble::Unavailable),
            _ => None,
        };
        let done = match trouble {
            Some(trouble) => Err(trouble.refusal(service)),
            None => sts::web_identity::call(&mut call, query),
        };
        event.parameters = call.noted;
        event.decisions = call.decisions;
        return done.map(Done::Success);
    }
    let signed = match signed {
        Ok(signed) => signed,
        Err(Unreadable::Absent) => {
            return match parameters {
                Parameters::Channel(url) if shared.options().allow_unsigned_channel => {
                    Ok(Done::Upgrade(url.session_id))
                }
                _ => Err(Trouble::NoSignature.refusal(service)),
            };
        }
        Err(Unreadable::Incomplete) => {
            return Err(Trouble::UnreadableSignature.refusal(service));
        }
    };

    let refuse = |trouble: Trouble| Err(trouble.refusal(service));
    let Some(known) = caller::find(&state, &signed.key_id, signed.token.as_deref()) else {
        return refuse(Trouble::UnknownKey);
    };
    let account = state.world.account(&known.caller.account);
    if account.is_some_and(|account| !account.regions.contains(&signed.region)) {
        // A region that an account has not enabled does not know its credentials (Account
        // Management guide, "Considerations before enabling and disabling Regions").
        return refuse(Trouble::UnknownKey);
    }
    let scoped = Service::of_scope(&signed.service) == Some(service);
    if !scoped || !signed.fits(&incoming.received(), &known.secret) {
        return refuse(Trouble::WrongSignature);
    }
    event.caller = Some(known.caller.arn.clone());
    event.userid = Some(known.caller.userid.clone());
    let tolerance = i64::try_from(clock_tolerance(service)).unwrap_or(i64::MAX);
    let latest = match signed.expires {
        Some(expires) => signed.time + expires,
        None => clock::shift(signed.time, tolerance),
    };
    if now > latest || clock::shift(now, tolerance) < signed.time {
        return refuse(Trouble::ClockOff(signed.time, now));
    }
    if known.expires.is_some_and(|expires| expires <= now) {
        return refuse(Trouble::ExpiredToken);
    }

    let mut call = Call {
        shared,
        state: &mut state,
        service,
        action,
        region: signed.region,
        now,
        caller: known.caller,
        request_id: event.request_id.clone(),
        source: incoming.source,
        noted: BTreeMap::new(),
        decisions: Vec::new(),
    };
    if service == Service::Channel
        && let Some(Ok(host)) = incoming
            .headers
            .get(http::header::HOST)
            .map(|it| it.to_str())
    {
        call.note("Host", host);
    }
    let done = call.planned(fault).and_then(|()| call.dispatch(parameters));
    event.parameters = call.noted;
    event.decisions = call.decisions;
    done
}

impl Call<'_> {
    /// Refuses by a planned fault.
    fn planned(&self, fault: Option<Kind>) -> Result<(), Refusal> {
        let trouble = match fault {
            _ if self.is_beyond_limit() => Trouble::Throttled,
            Some(Kind::Throttle) => Trouble::Throttled,
            Some(Kind::InternalError) => Trouble::Internal,
            Some(Kind::Unavailable) => Trouble::Unavailable,
            Some(Kind::Expired) => Trouble::ExpiredToken,
            Some(Kind::Refused(said)) => {
                return Err(Refusal::new(said.status, said.code, said.message));
            }
            Some(Kind::Denied) => {
                let request = self.request(&self.action, "*", &self.caller.account, Context::new());
                let decision = iam::decide(&request, &[], None, None);
                return Err(self.denied(&request, &decision));
            }
            _ => return Ok(()),
        };
        Err(trouble.refusal(self.service))
    }

    /// Whether `StartSession` comes faster than the account may call it in this region.
    fn is_beyond_limit(&self) -> bool {
        let limit = self.shared.options().start_limit;
        let is_limited = self.service == Service::Ssm && self.action == "StartSession";
        let place = format!("{} {}", self.caller.account, self.region);
        limit.is_some_and(|limit| is_limited && !self.shared.buckets.takes(&place, limit))
    }

    fn dispatch(&mut self, parameters: Parameters) -> Result<Done, Refusal> {
        match (self.service, parameters) {
            (Service::Sts, Parameters::Query(query)) => sts::call(self, &query).map(Done::Success),
            (Service::Ec2, Parameters::Query(query)) => ec2::call(self, &query).map(Done::Success),
            (Service::Ssm, Parameters::Json(json)) => ssm::call(self, json).map(Done::Success),
            (Service::Kms, Parameters::Json(json)) => kms::call(self, json).map(Done::Success),
            (Service::Channel, Parameters::Channel(url)) => {
                ssm::open_data_channel(self, url).map(Done::Upgrade)
            }
            (Service::Ssm | Service::Kms, Parameters::Unreadable) => Err(Refusal::new(
                400,
                "SerializationException",
                "Start of structure or map found where not expected.",
            )),
            _ => Err(self.not_played()),
        }
    }

    /// Notes a parameter for the trail.
    pub(crate) fn note(&mut self, name: &str, value: impl Into<String>) {
        self.noted.insert(name.to_owned(), value.into());
    }
}
