//! Finds out which service and action a request is for, before its signature is checked.

use http::Method;
use serde_json::Value;

use super::Incoming;
use crate::server::answer::Service;
use crate::sigv4::{Signed, Unreadable};

/// A request with its service and action, its signature read but not yet checked.
pub(crate) struct Identified {
    pub service: Service,
    pub action: String,
    pub signed: Result<Signed, Unreadable>,
    pub parameters: Parameters,
}

impl Identified {
    /// The region in the credential scope.
    pub(crate) fn region(&self) -> &str {
        self.signed.as_ref().map_or("", |signed| &signed.region)
    }
}

/// The parameters in the form of the service's protocol.
pub(crate) enum Parameters {
    Query(Query),
    Json(Value),
    /// A body that is not a JSON object.
    Unreadable,
    /// What a stream URL names.
    Channel(StreamUrl),
}

/// What a stream URL names.
pub(crate) struct StreamUrl {
    pub session_id: String,
    /// The query's `cell-number`, decoded.
    pub cell_number: Option<String>,
}

/// Where the stream URLs of all sessions lead.
pub(crate) const CHANNEL_PATH: &str = "/v1/data-channel/";

/// The parameters of a query protocol, such as `Filter.1.Name`.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The value of a parameter; one sent empty counts as sent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    /// The values of `NAME.1`, `NAME.2` and so on, up to the first gap.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        (1..)
            .map_while(|n| self.get(&format!("{name}.{n}")))
            .collect()
    }

    /// The prefixes `NAME.1`, `NAME.2` and so on under which anything was sent.
    pub(crate) fn structures(&self, name: &str) -> Vec<String> {
        (1..=self.0.len())
            .map(|n| format!("{name}.{n}"))
            .take_while(|prefix| {
                let dotted = format!("{prefix}.");
                self.0.iter().any(|(key, _)| key.starts_with(&dotted))
            })
            .collect()
    }
}

/// Reads a request; nothing when it is for no service the sandbox plays.
pub(crate) fn identify(incoming: &Incoming<'_>) -> Option<Identified> {
    let signed = Signed::read(&incoming.received());
    let path = incoming.uri.path();
    let query = incoming.uri.query().unwrap_or_default();
    if let Some(session_id) = path.strip_prefix(CHANNEL_PATH) {
        let query = Query::parse(query.as_bytes());
        return Some(Identified {
            service: Service::Channel,
            action: "OpenDataChannel".to_owned(),
            signed,
            parameters: Parameters::Channel(StreamUrl {
                session_id: session_id.to_owned(),
                cell_number: query.get("cell-number").map(str::to_owned),
            }),
        });
    }
    if path != "/" {
        return None;
    }
    let target = incoming
        .headers
        .get("x-amz-target")
        .map(|value| value.to_str());
    if let Some(Ok(target)) = target {
        let (service, action) = if let Some(action) = target.strip_prefix("TrentService.") {
            (Service::Kms, action)
        } else {
            // A target of another service is an action that Session Manager does not know.
            let action = target.strip_prefix("AmazonSSM.").unwrap_or(target);
            (Service::Ssm, action)
        };
        let parameters = match serde_json::from_slice(incoming.body) {
            Ok(Value::Object(object)) => Parameters::Json(Value::Object(object)),
            _ => Parameters::Unreadable,
        };
        return Some(Identified {
            service,
            action: action.to_owned(),
            signed,
            parameters,
        });
    }

    let query = if *incoming.method == Method::GET {
        Query::parse(query.as_bytes())
    } else {
        Query::parse(incoming.body)
    };
    let scoped = signed
        .as_ref()
        .ok()
        .and_then(|signed| Service::of_scope(&signed.service));
    let service = scoped.or_else(|| match query.get("Version")? {
        "2011-06-15" => Some(Service::Sts),
        "2016-11-15" => Some(Service::Ec2),
        _ => None,
    })?;
    Some(Identified {
        service,
        action: query.get("Action").unwrap_or_default().to_owned(),
        signed,
        parameters: Parameters::Query(query),
    })
}
