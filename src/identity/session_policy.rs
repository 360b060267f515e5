//! Session policies that narrow the customer role for credentials which leave vendor-ssm. Pure.
//! A session can do only what its policy and the role's own policies both allow (IAM User Guide,
//! "Session policies"). A policy that may not be what was meant is refused.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::aws::grant;
use crate::names::document::{COMMAND, PORT, REMOTE_PORT, SHELL, SSH};
use crate::names::{DocumentName, Malformed};
use crate::settings::Customer;

/// The longest session policy in characters (STS API reference, AssumeRole, `Policy`).
const LONGEST: usize = 2048;

/// What a narrowed role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task<'a> {
    /// List instances.
    List,
    /// Open sessions on the instance with this id, and end and resume one's own.
    Session(&'a str),
}

/// The text of a session policy that STS can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionPolicy(String);

impl SessionPolicy {
    /// The policy that allows these tasks and nothing else.
    /// Errors: they are too many for one policy.
    pub(crate) fn of_tasks(customer: &Customer, tasks: &[Task<'_>]) -> Result<Self, Malformed> {
        let mut statements = Vec::new();
        if tasks.contains(&Task::List) {
            statements.push(json!({
                "Effect": "Allow",
                "Action": ["ec2:DescribeInstances", "ssm:DescribeInstanceProperties", "ssm:GetConnectionStatus"],
                "Resource": "*",
            }));
        }
        let instances: Vec<&str> = tasks
            .iter()
            .filter_map(|task| match task {
                Task::List => None,
                Task::Session(id) => Some(*id),
            })
            .collect();
        if !instances.is_empty() {
            statements.extend(sessions(customer, &instances));
        }
        Self::of_value(&json!({ "Version": "2012-10-17", "Statement": statements }))
    }

    /// The policy in a text, without its blanks.
    /// Errors: it is not JSON, or longer than STS takes.
    pub(crate) fn of_text(text: &str) -> Result<Self, Malformed> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| Malformed(format!("it is not JSON: {error}")))?;
        Self::of_value(&value)
    }

    fn of_value(value: &Value) -> Result<Self, Malformed> {
        let text = in_latin(&value.to_string());
        let length = text.chars().count();
        if length > LONGEST {
            return Err(Malformed(format!(
                "the session policy has {length} characters without blanks, and AWS takes {LONGEST}"
            )));
        }
        Ok(Self(text))
    }

    /// The text, as STS is sent it.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What it takes to open sessions on these instances, with the customer's documents.
/// `ssm:SessionDocumentAccessCheck` makes AWS check the document in every case (Systems Manager
/// User Guide, "Enforce a session document permission check for the AWS CLI").
/// AWS's plugin signs OpenDataChannel, and gets the data key of an encrypted session.
fn sessions(customer: &Customer, instances: &[&str]) -> [Value; 4] {
    let (partition, account) = (
        customer.role_arn.partition().name(),
        customer.role_arn.account(),
    );
    let instance = |id: &&str| {
        if id.starts_with("mi-") {
            format!("arn:{partition}:ssm:*:{account}:managed-instance/{id}")
        } else {
            format!("arn:{partition}:ec2:*:{account}:instance/{id}")
        }
    };
    let documents = &customer.documents;
    let documents = [
        (&documents.shell, SHELL),
        (&documents.command, COMMAND),
        (&documents.port, PORT),
        (&documents.remote_port, REMOTE_PORT),
        (&documents.ssh, SSH),
    ];
    let mut documents: Vec<String> = documents
        .into_iter()
        .map(|(set, default)| {
            let name = set.as_ref().map_or(default, DocumentName::as_str);
            grant::document(&customer.role_arn, "*", name)
        })
        .collect();
    documents.sort_unstable();
    documents.dedup();
    let tag = format!("ssm:resourceTag/{}", customer.tag_key);
    [
        json!({
            "Effect": "Allow",
            "Action": "ssm:StartSession",
            "Resource": instances.iter().map(instance).collect::<Vec<_>>(),
            "Condition": {
                "StringEquals": { tag: customer.tag_value },
                "BoolIfExists": { "ssm:SessionDocumentAccessCheck": "true" },
            },
        }),
        json!({ "Effect": "Allow", "Action": "ssm:StartSession", "Resource": documents }),
        json!({
            "Effect": "Allow",
            "Action": ["ssm:TerminateSession", "ssm:ResumeSession"],
            "Resource": "*",
            "Condition": {
                "StringEquals": { "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}" },
            },
        }),
        json!({
            "Effect": "Allow",
            "Action": ["ssmmessages:OpenDataChannel", "kms:GenerateDataKey"],
            "Resource": "*",
        }),
    ]
}

/// The same JSON in the characters that STS takes, U+0020 to U+00FF (AssumeRole, `Policy`).
/// In JSON, others stand in strings alone, and can be written as `\uXXXX`.
fn in_latin(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{ff}') {
            text.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}
