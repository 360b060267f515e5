//! IAM Identity Center: the portal's `GetRoleCredentials` and OIDC's `CreateToken`.
//! Statuses and members: botocore's models `sso/2019-06-10` and `sso-oidc/2019-06-10`. The portal's
//! texts are those that people report; `ForbiddenException` is not in its model.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Call, Refused, object};
use crate::caller::Minted;
use crate::world::{Unassigned, token_value};

/// How long the credentials of a permission set last if it does not say (IAM Identity Center User
/// Guide, "Set session duration for AWS accounts").
const SESSION: Duration = Duration::from_hours(1);

/// Gives the credentials of a role to whom it is assigned.
pub(super) fn get_role_credentials(call: &mut Call<'_>) -> Result<Value, Refused> {
    let query = call.incoming.uri.query().unwrap_or_default().to_owned();
    let parameter = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let (role, account) = (parameter("role_name"), parameter("account_id"));
    for (name, value) in [("role_name", &role), ("account_id", &account)] {
        call.note(name, value.as_deref().unwrap_or_default());
    }
    let (Some(role), Some(account)) = (role, account) else {
        return Err(Refused::new(
            400,
            "InvalidRequestException",
            "Invalid request",
        ));
    };
    let token = call
        .header("x-amz-sso_bearer_token")
        .unwrap_or_default()
        .to_owned();
    let now = call.now;
    let center = &call.state.world.identity_center;
    let is_here = call.region.as_ref().is_none_or(|of| *of == center.region);
    let holds = |(known, ends): &(String, _)| is_here && *known == token && *ends > now;
    let Some(sign_in) = center
        .sign_ins
        .iter()
        .find(|it| it.access.iter().any(holds))
    else {
        let text = "Session token not found or invalid";
        return Err(Refused::new(401, "UnauthorizedException", text));
    };
    let user = sign_in.user.clone();
    let assigned = center
        .assignments
        .iter()
        .any(|it| it.user == user && it.account == account && it.permission_set == role);
    // The role in the account is named after the permission set (IAM Identity Center User Guide,
    // "Referencing permission sets in resource policies").
    let prefix = format!("AWSReservedSSO_{role}_");
    let found = call
        .state
        .world
        .roles
        .iter()
        .find(|it| it.account == account && it.name.starts_with(&prefix));
    let Some(found) = found.filter(|_| assigned) else {
        return Err(match center.unassigned {
            Unassigned::Forbidden => Refused::new(403, "ForbiddenException", "No access"),
            Unassigned::NotFound => Refused::new(
                404,
                "ResourceNotFoundException",
                "The specified resource doesn't exist",
            ),
        });
    };
    let minted = Minted::new(found, &user, now, SESSION);
    let expiration = minted.expires.duration_since(std::time::UNIX_EPOCH);
    let answer = json!({"roleCredentials": {
        "accessKeyId": minted.key_id,
        "secretAccessKey": minted.secret,
        "sessionToken": minted.token,
        // Milliseconds (`RoleCredentials$expiration`).
        "expiration": u64::try_from(expiration.unwrap_or_default().as_millis()).unwrap_or_default(),
    }});
    call.state.minted.insert(minted.key_id.clone(), minted);
    Ok(answer)
}

/// Gives another access token for a refresh token, which is spent by that.
pub(super) fn create_token(call: &mut Call<'_>) -> Result<Value, Refused> {
    let asked = object(call.incoming).unwrap_or_default();
    let text = |name: &str| asked[name].as_str().unwrap_or_default();
    call.note("grantType", text("grantType"));
    let center = &mut call.state.world.identity_center;
    let client = center.clients.iter().find(|it| it.id == text("clientId"));
    if client.is_none_or(|it| it.secret != text("clientSecret") || it.expires <= call.now) {
        let text = "Invalid client credentials";
        return Err(Refused::oauth(
            401,
            "InvalidClientException",
            "invalid_client",
            text,
        ));
    }
    if text("grantType") != "refresh_token" {
        let (code, error) = ("UnsupportedGrantTypeException", "unsupported_grant_type");
        return Err(Refused::oauth(400, code, error, "Unsupported grant type"));
    }
    let sign_in = center.sign_ins.iter_mut().find(|it| {
        it.client_id == text("clientId") && it.refresh.as_deref() == Some(text("refreshToken"))
    });
    let Some(sign_in) = sign_in else {
        let text = "Invalid refresh token provided";
        return Err(Refused::oauth(
            400,
            "InvalidGrantException",
            "invalid_grant",
            text,
        ));
    };
    let (access, refresh) = (token_value(), token_value());
    let lasts = Duration::from_secs(center.token_seconds);
    sign_in.access.push((access.clone(), call.now + lasts));
    sign_in.refresh = Some(refresh.clone());
    Ok(json!({
        "accessToken": access,
        "tokenType": "Bearer",
        "expiresIn": center.token_seconds,
        "refreshToken": refresh,
    }))
}
