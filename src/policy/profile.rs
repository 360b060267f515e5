//! What an instance profile for Session Manager grants beyond AWS's minimum.
//! (Systems Manager User Guide, "Add Session Manager permissions to an existing IAM role".) Any OS
//! user of the instance can get the profile's credentials from the metadata service.

use super::pattern::{Answer, Pattern, literal};
use super::statement::{Effect, Statement};

/// The actions that the agent needs for a session.
const NEEDED: [&str; 5] = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

/// The actions that it needs for a session log in CloudWatch Logs or S3, and for encryption.
const CHOSEN: [&str; 8] = [
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "s3:GetEncryptionConfiguration",
    "s3:PutObject",
];

/// The actions that only an agent calls.
/// A policy with one of these, and without ssm:StartSession, is an instance profile's.
const TELLING: [&str; 3] = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:OpenControlChannel",
];

/// An instance profile's statements that grant more than the agent needs, with the excess.
pub(super) fn excess(statements: &[Statement]) -> Vec<(&Statement, Vec<String>)> {
    let allows = || {
        statements
            .iter()
            .filter(|one| one.effect == Effect::Allow && !one.actions.all_but)
    };
    let is_profile = allows().any(|one| {
        one.actions.patterns.iter().any(|action| {
            let of_agents = action.pieces.len() > 1 && !action.shown.eq_ignore_ascii_case("ssm:*");
            of_agents && TELLING.iter().any(|name| is(action, name))
        })
    });
    let opens_sessions = allows().any(|one| {
        let call = |action: &Pattern| action.shown.eq_ignore_ascii_case("ssm:StartSession");
        one.actions.patterns.iter().any(call)
    });
    if !is_profile || opens_sessions {
        return Vec::new();
    }
    allows()
        .map(|one| {
            let beyond = one.actions.patterns.iter().filter(|action| {
                let is_whole_channel = action.shown.eq_ignore_ascii_case("ssmmessages:*");
                let known = NEEDED.iter().chain(&CHOSEN);
                let is_known = known
                    .into_iter()
                    .any(|name| action.shown.eq_ignore_ascii_case(name));
                !is_known && !is_whole_channel
            });
            (one, beyond.map(|action| action.shown.clone()).collect())
        })
        .filter(|(_, beyond): &(_, Vec<String>)| !beyond.is_empty())
        .collect()
}

fn is(action: &Pattern, name: &str) -> bool {
    action.matches(&literal(&name.to_ascii_lowercase())) == Answer::Yes
}
