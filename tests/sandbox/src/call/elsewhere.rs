//! Actions that AWS has and the sandbox does not play.
//! The sandbox decides them all the same, so a caller without permission gets AccessDenied; a
//! caller with permission learns that nothing is behind them.

use super::Call;
use crate::iam::Context;
use crate::server::answer::{Refusal, Service};

const SSM: &[&str] = &[
    "CreateAssociation",
    "CreateDocument",
    "DeleteDocument",
    "DescribeDocument",
    "DescribeInstanceInformation",
    "DescribeParameters",
    "GetCommandInvocation",
    "GetDocument",
    "GetParameter",
    "GetParameters",
    "ListCommandInvocations",
    "ListCommands",
    "ListDocuments",
    "SendCommand",
    "StartAutomationExecution",
    "UpdateDocument",
];
const KMS: &[&str] = &[
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncrypt",
];
const STS: &[&str] = &[
    "AssumeRoleWithSAML",
    "DecodeAuthorizationMessage",
    "GetFederationToken",
    "GetSessionToken",
];

impl Call<'_> {
    /// The refusal of an action that is not played.
    pub(crate) fn not_played(&mut self) -> Refusal {
        let action = self.action.clone();
        let exists = match self.service {
            Service::Ssm | Service::Channel => SSM.contains(&action.as_str()),
            Service::Sts => STS.contains(&action.as_str()),
            Service::Kms => KMS.contains(&action.as_str()),
            Service::Ec2 => action.starts_with(char::is_uppercase),
        };
        if !exists {
            return self.unknown_action();
        }
        let resource = match self.service {
            Service::Ssm | Service::Kms => format!(
                "arn:aws:{}:{}:{}:*",
                self.service.prefix(),
                self.region,
                self.caller.account
            ),
            _ => "*".to_owned(),
        };
        match self.authorize(&action, &resource, Context::new()) {
            Err(denied) => denied,
            Ok(()) => Refusal::new(
                500,
                "InternalFailure",
                "The sandbox does not play this action.",
            ),
        }
    }

    fn unknown_action(&self) -> Refusal {
        let action = &self.action;
        match self.service {
            Service::Kms => Refusal::new(400, "UnknownOperationException", ""),
            Service::Ssm | Service::Channel => Refusal::new(404, "UnknownOperationException", ""),
            Service::Sts => Refusal::new(
                400,
                "InvalidAction",
                format!("Could not find operation {action} for version 2011-06-15"),
            ),
            Service::Ec2 => Refusal::new(
                400,
                "InvalidAction",
                format!("The action {action} is not valid for this web service."),
            ),
        }
    }
}
