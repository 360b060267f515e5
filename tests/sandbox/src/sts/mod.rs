//! STS over the query protocol:
//! `AssumeRole`, `AssumeRoleWithWebIdentity` and `GetCallerIdentity`. Why a role is refused it does
//! not say: a wrong `ExternalId` and a role that is not there read the same.

mod assume_role;
mod shape;
pub(crate) mod web_identity;

use crate::call::{Call, Query};
use crate::caller::Minted;
use crate::clock;
use crate::server::answer::{Refusal, Success, escape};
use crate::world::Role;

/// Answers a call to STS.
pub(crate) fn call(call: &mut Call<'_>, query: &Query) -> Result<Success, Refusal> {
    match call.action.as_str() {
        "AssumeRole" => assume_role::assume_role(call, query),
        "GetCallerIdentity" => Ok(caller_identity(call)),
        _ => Err(call.not_played()),
    }
}

/// Always allowed, whatever the policies say.
fn caller_identity(call: &Call<'_>) -> Success {
    let caller = &call.caller;
    let result = format!(
        "    <Arn>{}</Arn>\n    <UserId>{}</UserId>\n    <Account>{}</Account>\n",
        escape(&caller.arn),
        escape(&caller.userid),
        caller.account
    );
    document("GetCallerIdentity", &result, &call.request_id)
}

/// The role's session and its credentials, as the answers of both actions carry them.
fn credentials(role: &Role, minted: &Minted) -> String {
    format!(
        "    <AssumedRoleUser>\n      <AssumedRoleId>{}</AssumedRoleId>\n      <Arn>{}</Arn>\n    \
         </AssumedRoleUser>\n    <Credentials>\n      <AccessKeyId>{}</AccessKeyId>\n      \
         <SecretAccessKey>{}</SecretAccessKey>\n      <SessionToken>{}</SessionToken>\n      \
         <Expiration>{}</Expiration>\n    </Credentials>\n",
        escape(&role.session_user_id(&minted.session_name)),
        escape(&role.session_arn(&minted.session_name)),
        minted.key_id,
        escape(&minted.secret),
        escape(&minted.token),
        clock::extended(minted.expires)
    )
}

/// The document that carries the result of an action.
fn document(action: &str, result: &str, request_id: &str) -> Success {
    Success::Xml(format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <{action}Result>\n{result}  \
         </{action}Result>\n  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n\
         </{action}Response>\n"
    ))
}
