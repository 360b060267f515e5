//! The instance metadata service, IMDSv2.
//! Source: EC2 User Guide, "Use the Instance Metadata Service to access instance metadata" and
//! "Retrieve security credentials from instance metadata".

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::{Asked, Said, mint};
use crate::clock;
use crate::shared::State;
use crate::world::token_value;

const TOKEN_PATH: &str = "/latest/api/token";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
/// The longest life of a token, six hours, in seconds.
const LONGEST: u64 = 21600;

/// Answers a request; `None` if the answer does not reach the client.
pub(super) fn answer(asked: &Asked<'_>, state: &mut State) -> Option<Said> {
    let metadata = &mut state.world.instance_metadata;
    if !metadata.enabled {
        // "If access is disabled, requests return 403".
        return Some(Said::new(403, ""));
    }
    if asked.path == TOKEN_PATH {
        if asked.method != Method::PUT {
            return Some(Said::new(405, ""));
        }
        // "PUT requests with an X-Forwarded-For header are rejected".
        if asked.headers.contains_key("x-forwarded-for") {
            return Some(Said::new(403, ""));
        }
        let ttl = asked.header(TTL).and_then(|text| text.parse::<u64>().ok());
        let Some(ttl) = ttl.filter(|ttl| (1..=LONGEST).contains(ttl)) else {
            return Some(Said::new(400, ""));
        };
        // The answer to PUT has this many hops to live; it is lost on a longer way.
        if metadata.hops > metadata.hop_limit {
            return None;
        }
        let token = token_value();
        let ends = asked.now + Duration::from_secs(ttl);
        metadata.tokens.push((token.clone(), ends));
        return Some(Said {
            header: Some((TTL, ttl.to_string())),
            ..Said::new(200, token)
        });
    }
    if asked.method != Method::GET {
        return Some(Said::new(405, ""));
    }
    let is_known = match asked.header("x-aws-ec2-metadata-token") {
        None => metadata.tokens_optional,
        Some(token) => {
            let now = asked.now;
            metadata
                .tokens
                .iter()
                .any(|(known, ends)| known == token && *ends > now)
        }
    };
    if !is_known {
        return Some(Said::new(401, ""));
    }
    let Some(name) = asked.path.strip_prefix(ROLES) else {
        return Some(Said::new(404, ""));
    };
    let Some(role) = metadata.role.clone() else {
        return Some(Said::new(404, ""));
    };
    if name.is_empty() {
        return Some(Said::new(200, role));
    }
    if name != role {
        return Some(Said::new(404, ""));
    }
    let id = metadata.instance_id.clone();
    let Some(minted) = mint(state, &role, &id, asked.now) else {
        let body = json!({"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role"});
        return Some(Said::new(200, body.to_string()));
    };
    let body = json!({
        "Code": "Success",
        "LastUpdated": clock::extended(asked.now),
        "Type": "AWS-HMAC",
        "AccessKeyId": minted.key_id,
        "SecretAccessKey": minted.secret,
        "Token": minted.token,
        "Expiration": clock::extended(minted.expires),
    });
    Some(Said::new(200, body.to_string()))
}
