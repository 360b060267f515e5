//! AWS Sign-In's `CreateOAuth2Token`, with which the session of `aws login` is refreshed.
//! Members and error codes: botocore's model `signin/2023-01-01`. The model gives no status for
//! `AccessDeniedException`; it is 400 here, the default of Smithy for an error of the client.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Call, Refused, dpop, object};
use crate::caller::Minted;
use crate::world::{SIGN_IN_CLIENT, token_value};

/// The longest that the credentials last (`CreateOAuth2TokenResponseBody$expiresIn`).
const LASTS: Duration = Duration::from_mins(15);

/// Gives other credentials for a refresh token, which is spent by that.
pub(super) fn create_token(call: &mut Call<'_>) -> Result<Value, Refused> {
    let asked = object(call.incoming).unwrap_or_default();
    let text = |name: &str| asked[name].as_str().unwrap_or_default();
    call.note("grantType", text("grantType"));
    let host = call.header("host").unwrap_or_default();
    let scheme = if call.secure { "https" } else { "http" };
    let url = format!("{scheme}://{host}/v1/token");
    let (headers, now) = (call.incoming.headers, call.now);
    let thumbprint = dpop::check(headers, "POST", &url, now, &mut call.state.proofs)
        .map_err(|why| invalid("INVALID_REQUEST", &format!("Invalid DPoP proof: {why}")))?;
    if text("clientId") != SIGN_IN_CLIENT {
        return Err(invalid("invalid_client", "Unknown client"));
    }
    if text("grantType") != "refresh_token" {
        return Err(invalid("unsupported_grant_type", "Unsupported grant type"));
    }
    let sessions = &mut call.state.world.console_sessions;
    let session = sessions
        .iter_mut()
        .find(|it| it.refresh == text("refreshToken"));
    let Some(session) = session.filter(|it| it.thumbprint == thumbprint) else {
        return Err(invalid("invalid_grant", "The refresh token is invalid"));
    };
    if session.ends <= now {
        return Err(denied("TOKEN_EXPIRED", "The refresh token has expired"));
    }
    if session.password_changed {
        return Err(denied(
            "USER_CREDENTIALS_CHANGED",
            "The password was changed",
        ));
    }
    let (refresh, arn) = (token_value(), session.arn.clone());
    session.refresh.clone_from(&refresh);
    let Some(minted) = Minted::of_console(&call.state.world, &arn, now, LASTS) else {
        return Err(denied("INSUFFICIENT_PERMISSIONS", "The user is gone"));
    };
    let answer = json!({
        "accessToken": {
            "accessKeyId": minted.key_id,
            "secretAccessKey": minted.secret,
            "sessionToken": minted.token,
        },
        "tokenType": "aws_sigv4",
        "expiresIn": LASTS.as_secs(),
        "refreshToken": refresh,
    });
    call.state.minted.insert(minted.key_id.clone(), minted);
    Ok(answer)
}

fn invalid(error: &str, message: &str) -> Refused {
    refused("ValidationException", error, message)
}

fn denied(error: &str, message: &str) -> Refused {
    refused("AccessDeniedException", error, message)
}

fn refused(code: &'static str, error: &str, message: &str) -> Refused {
    Refused {
        status: 400,
        code,
        body: json!({"error": error, "message": message}),
    }
}
