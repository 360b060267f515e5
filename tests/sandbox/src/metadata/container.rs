//! The credentials endpoint of a container.
//! Source: ECS Developer Guide, "Amazon ECS task IAM role"; AWS SDKs and Tools Reference Guide,
//! "Container credential provider"; EKS User Guide, "EKS Pod Identity".

use http::Method;
use serde_json::json;

use super::{Asked, Said, mint};
use crate::clock;
use crate::shared::State;

pub(super) fn answer(asked: &Asked<'_>, state: &mut State) -> Said {
    let error = |status: u16, code: &str, message: &str| {
        Said::new(
            status,
            json!({"code": code, "message": message}).to_string(),
        )
    };
    if asked.method != Method::GET {
        return error(405, "MethodNotAllowed", "GET only");
    }
    let task = state
        .world
        .tasks
        .iter()
        .find(|task| task.path == asked.path);
    let Some(task) = task.cloned() else {
        return error(
            404,
            "InvalidIdInRequest",
            "CredentialsV2Request: ID not found",
        );
    };
    if let Some(wanted) = &task.authorization {
        match asked.header("authorization") {
            None => return error(401, "Unauthorized", "there is no Authorization header"),
            Some(sent) if sent != wanted => {
                return error(
                    403,
                    "AccessDenied",
                    "the authorization token is not this pod's",
                );
            }
            Some(_) => {}
        }
    }
    let Some(minted) = mint(state, &task.role, &task.session_name, asked.now) else {
        return error(500, "AccessDenied", "the role cannot be assumed");
    };
    let body = json!({
        "RoleArn": format!("arn:aws:iam::{}:role/{}", crate::world::VENDOR, task.role),
        "AccessKeyId": minted.key_id,
        "SecretAccessKey": minted.secret,
        "Token": minted.token,
        "Expiration": clock::extended(minted.expires),
    });
    Said::new(200, body.to_string())
}
