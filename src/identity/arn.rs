//! Which identity an ARN from STS names; no I/O.
//! An ARN that is not exactly what was asked for is refused.

use crate::names::{AccountId, RoleArn, RoleSessionName};

/// `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AssumedRoleArn {
    /// The account that the role is in.
    pub account: AccountId,
    pub session_name: RoleSessionName,
}

/// Takes `arn` apart if it is that of a session of `role`, and `None` if it is anything else.
pub(super) fn session_of(role: &RoleArn, arn: &str) -> Option<AssumedRoleArn> {
    let (partition, service, account, resource) = split(arn)?;
    let (kind, rest) = resource.split_once('/')?;
    let (name, session) = rest.split_once('/')?;
    let same = partition == role.partition().name()
        && service == "sts"
        && kind == "assumed-role"
        && account == role.account().as_str()
        && name == role.name();
    same.then(|| {
        Some(AssumedRoleArn {
            account: role.account().clone(),
            session_name: session.parse().ok()?,
        })
    })?
}

/// Whether `arn` is that of a role's session; such an identity gets one hour at most from a role.
pub(super) fn is_assumed_role(arn: &str) -> bool {
    split(arn).is_some_and(|(_, service, _, resource)| {
        service == "sts" && resource.starts_with("assumed-role/")
    })
}

/// The engineer's own name in the ARN of the base identity:
/// the IAM user's, or the session's of an assumed role. Root and federated users have none, and
/// neither has a session whose name a tool made up: it would be another identity tomorrow.
pub(super) fn own_name(arn: &str) -> Option<RoleSessionName> {
    let name = name_in(arn)?;
    if is_assumed_role(arn) && is_made_up(name) {
        return None;
    }
    name.parse().ok()
}

/// The name in the ARN of an IAM user or of a role's session, also a made-up one.
pub(super) fn name_in(arn: &str) -> Option<&str> {
    let (_, service, _, resource) = split(arn)?;
    let (kind, path) = resource.split_once('/')?;
    let carries_one = matches!((service, kind), ("iam", "user") | ("sts", "assumed-role"));
    path.rsplit('/').next().filter(|_| carries_one)
}

/// Whether a session name is one that SDKs number by the clock when none was given.
fn is_made_up(name: &str) -> bool {
    const PREFIXES: [&str; 8] = [
        "assume-role-from-profile-",
        "assume-role-provider-",
        "web-identity-token-profile-",
        "web-identity-token-",
        "botocore-session-",
        "aws-cli-session-",
        "aws-sdk-js-",
        "aws-go-sdk-",
    ];
    if is_task(name) {
        return true;
    }
    let number = PREFIXES
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    number.len() >= 10 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a session name is that of a container, which lives for a day perhaps.
/// ECS names a task's session by the task's id, 32 hexadecimal digits. EKS Pod Identity names it
/// `eks-CLUSTER-POD-UUID` (EKS User Guide, "EKS Pod Identity", session tags).
fn is_task(name: &str) -> bool {
    let is_hexadecimal = |text: &str| text.bytes().all(|it| it.is_ascii_hexdigit());
    let uuid = name
        .strip_prefix("eks-")
        .and_then(|it| it.get(it.len().checked_sub(36)?..));
    let is_pod = uuid.is_some_and(|uuid| uuid::Uuid::try_parse(uuid).is_ok());
    is_pod || (name.len() == 32 && is_hexadecimal(name))
}

fn split(arn: &str) -> Option<(&str, &str, &str, &str)> {
    match arn.splitn(6, ':').collect::<Vec<_>>()[..] {
        ["arn", partition, service, "", account, resource] => {
            Some((partition, service, account, resource))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_session_of_the_role_asked_for_fits() {
        let role: RoleArn = "arn:aws:iam::111111111111:role/team/Vendor"
            .parse()
            .unwrap();
        let right = session_of(&role, "arn:aws:sts::111111111111:assumed-role/Vendor/alice");
        let right = right.unwrap();
        assert_eq!(right.account.as_str(), "111111111111");
        assert_eq!(right.session_name.as_str(), "alice");
        for wrong in [
            "",
            "arn:aws:sts::111111111111:assumed-role/Vendor",
            "arn:aws:sts::111111111111:assumed-role/Vendor/",
            "arn:aws:sts::111111111111:assumed-role/Vendor/a/b",
            "arn:aws:sts::111111111112:assumed-role/Vendor/alice",
            "arn:aws:sts::111111111111:assumed-role/Vendor2/alice",
            "arn:aws:sts::111111111111:assumed-role/team/Vendor/alice",
            "arn:aws-cn:sts::111111111111:assumed-role/Vendor/alice",
            "arn:aws:iam::111111111111:assumed-role/Vendor/alice",
            "arn:aws:sts:us-east-1:111111111111:assumed-role/Vendor/alice",
            "arn:aws:sts::111111111111:federated-user/Vendor/alice",
            "arn:aws:sts::111111111111:assumed-role/Vendor/al\u{1b}ice",
        ] {
            assert_eq!(session_of(&role, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_engineers_own_name_is_never_a_made_up_one() {
        for (arn, name) in [
            ("arn:aws:iam::111111111111:user/alice", Some("alice")),
            (
                "arn:aws:iam::111111111111:user/engineers/alice",
                Some("alice"),
            ),
            (
                "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_X/alice@example.com",
                Some("alice@example.com"),
            ),
            (
                "arn:aws:sts::1:assumed-role/app/i-0123456789abcdef0",
                Some("i-0123456789abcdef0"),
            ),
            ("arn:aws:iam::111111111111:root", None),
            ("arn:aws:sts::111111111111:federated-user/alice", None),
            ("arn:aws:iam::111111111111:user/a", None),
            ("arn:aws:iam::111111111111:user/a,b", None),
            (
                "arn:aws:sts::1:assumed-role/R/botocore-session-1763772000",
                None,
            ),
            (
                "arn:aws:sts::1:assumed-role/R/assume-role-from-profile-1763772000123",
                None,
            ),
            ("arn:aws:sts::1:assumed-role/R/1763772000123456789", None),
            ("arn:aws:sts::1:assumed-role/R/20251122", Some("20251122")),
            ("nonsense", None),
        ] {
            let found = own_name(arn);
            assert_eq!(found.as_ref().map(RoleSessionName::as_str), name, "{arn}");
        }
    }
}
