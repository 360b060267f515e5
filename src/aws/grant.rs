//! The policy statement that allows a refused call, in the form in which a policy has it. Pure.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use crate::names::{ExternalId, RoleArn};

/// The tag that Session Manager puts on a session: its owner, as `aws:userid`.
/// Source: Session Manager user guide, "Restrict user session access".
const SESSION_OWNER: &str = "ssm:resourceTag/aws:ssmmessages:session-id";

/// A statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AllowStatement {
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<Value>,
    action: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Value>,
}

impl AllowStatement {
    /// Allows `action` on `resource` in one of the caller's policies.
    pub(crate) fn allow(action: &str, resource: &str) -> Self {
        Self {
            effect: "Allow",
            principal: None,
            action: action.into(),
            resource: Some(resource.to_owned()),
            condition: None,
        }
    }

    /// Allows `action` on instances that carry the tag.
    pub(crate) fn on_tagged(action: &str, instances: &str, (key, value): (&str, &str)) -> Self {
        let key = format!("ssm:resourceTag/{key}");
        Self {
            condition: Some(json!({ "StringEquals": { key: value } })),
            ..Self::allow(action, instances)
        }
    }

    /// Allows a caller to terminate and resume its own sessions.
    pub(crate) fn own_sessions(sessions: &str) -> Self {
        Self {
            action: json!(["ssm:TerminateSession", "ssm:ResumeSession"]),
            condition: Some(json!({ "StringEquals": { SESSION_OWNER: "${aws:userid}" } })),
            ..Self::allow("", sessions)
        }
    }

    /// The trust policy's statement that lets `vendor` assume the role with its ExternalId.
    /// `with_source_identity`: the settings set a SourceIdentity. `denied` is the action that AWS
    /// named, if it refused the role: the session may carry what the settings do not say.
    /// It shows only the end of the ExternalId; the author of the policy has the whole.
    pub(crate) fn trust(
        vendor: &str,
        external_id: &ExternalId,
        with_source_identity: bool,
        denied: Option<&str>,
    ) -> Self {
        let mut actions = vec!["sts:AssumeRole"];
        let more = with_source_identity.then_some("sts:SetSourceIdentity");
        for action in more.into_iter().chain(denied) {
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
        let action = match actions.as_slice() {
            [one] => json!(one),
            several => json!(several),
        };
        Self {
            effect: "Allow",
            principal: Some(json!({ "AWS": vendor })),
            action,
            resource: None,
            condition: Some(external_id_condition(external_id)),
        }
    }

    /// The statement over several lines, ready to paste.
    pub(crate) fn pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl fmt::Display for AllowStatement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

/// The condition with which a trust policy requires the ExternalId.
pub(crate) fn external_id_condition(external_id: &ExternalId) -> Value {
    json!({ "StringEquals": { "sts:ExternalId": format!("<the ExternalId that ends in {external_id}>") } })
}

/// All of a customer's resources of one kind and region, such as instances.
pub(crate) fn resources(role: &RoleArn, service: &str, region: &str, kind: &str) -> String {
    let (partition, account) = (role.partition().name(), role.account());
    format!("arn:{partition}:{service}:{region}:{account}:{kind}/*")
}

/// A session document's ARN.
/// AWS's own documents have no account (Service Authorization Reference, Systems Manager).
pub(crate) fn document(role: &RoleArn, region: &str, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    let partition = role.partition().name();
    let account = if name.starts_with("AWS-") {
        ""
    } else {
        role.account().as_str()
    };
    format!("arn:{partition}:ssm:{region}:{account}:document/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_read_as_policies_are_written() {
        let role: RoleArn = "arn:aws:iam::222222222222:role/R".parse().unwrap();
        let instances = resources(&role, "ec2", "us-east-1", "instance");
        let start = AllowStatement::on_tagged(
            "ssm:StartSession",
            &instances,
            ("ExternalAccessGrantedTo", "A"),
        );
        assert_eq!(
            start.to_string(),
            r#"{"Effect":"Allow","Action":"ssm:StartSession","Resource":"arn:aws:ec2:us-east-1:222222222222:instance/*","Condition":{"StringEquals":{"ssm:resourceTag/ExternalAccessGrantedTo":"A"}}}"#
        );
        let external_id = "ExternalID3rdPartyA".parse().unwrap();
        let actions = |denied| {
            let vendor = "arn:aws:iam::111111111111:role/V";
            AllowStatement::trust(vendor, &external_id, true, denied).action
        };
        assert_eq!(actions(Some("sts:AssumeRole")), actions(None));
        assert_eq!(
            actions(Some("sts:TagSession")),
            json!(["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"])
        );
        let trust =
            AllowStatement::trust("arn:aws:iam::111111111111:role/V", &external_id, true, None);
        assert_eq!(
            trust.to_string(),
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/V"},"Action":["sts:AssumeRole","sts:SetSourceIdentity"],"Condition":{"StringEquals":{"sts:ExternalId":"<the ExternalId that ends in …tyA>"}}}"#
        );
    }
}
