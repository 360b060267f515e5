//! What exists in the sandbox:
//! accounts, users, roles with their policies, instances and documents, as plain data.
//!
//! It holds no rule of its own: who may do what is in the policies, which tests replace while the
//! sandbox runs.

mod document;
mod identity_center;
mod identity_provider;
mod instance;
mod kms_key;
mod machine;
mod mint;
mod parameter;
mod seeds;
mod sign_in;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::clock;
use crate::iam::{MalformedPolicy, Policy};

pub(crate) use parameter::{looked_up, substituted};
pub(crate) use sign_in::thumbprint;

pub use document::{Document, DocumentType, SessionType};
pub use identity_center::{Assignment, IdentityCenter, SsoToken, Unassigned};
pub use identity_provider::IdentityProvider;
pub use instance::{Instance, InstanceState, Interface, PingStatus, Platform};
pub use kms_key::KmsKey;
pub use machine::{InstanceMetadata, Task};
pub use mint::{CANARY, access_key_id, secret_access_key, session_token, token_value, unique_id};
pub use parameter::{Allowed, Parameter};
pub use seeds::{
    CUSTOMER, CUSTOMER_EXTERNAL_ID, CUSTOMER_ROLE, MFA_CODE, SECOND_CUSTOMER,
    SECOND_CUSTOMER_EXTERNAL_ID, SESSION_KEY, VENDOR, VENDOR_MFA_ROLE, VENDOR_ROLE,
};
pub use sign_in::{ConsoleSession, ConsoleToken, SIGN_IN_CLIENT};

/// Everything that exists.
#[derive(Debug, Clone)]
pub struct World {
    /// The accounts.
    pub accounts: Vec<Account>,
    /// IAM users with long-lived access keys.
    pub users: Vec<User>,
    /// IAM roles.
    pub roles: Vec<Role>,
    /// Managed policies that a role can have as its permissions boundary, each named by its ARN.
    pub managed_policies: Vec<Policy>,
    /// EC2 instances of all accounts and regions.
    pub instances: Vec<Instance>,
    /// Systems Manager documents.
    pub documents: Vec<Document>,
    /// KMS keys.
    pub kms_keys: Vec<KmsKey>,
    /// Parameter Store's names and values, the same in all accounts, all of the type String.
    pub parameter_store: BTreeMap<String, String>,
    /// Where the vendor's people sign in.
    pub identity_center: IdentityCenter,
    /// Console sessions that `aws login` began.
    pub console_sessions: Vec<ConsoleSession>,
    /// The provider of web identities that the vendor's account trusts.
    pub identity_provider: IdentityProvider,
    /// The metadata service of the machine that the client runs on.
    pub instance_metadata: InstanceMetadata,
    /// The containers whose credentials endpoint the client can reach.
    pub tasks: Vec<Task>,
    /// Who may assume the vendor role beside the seeds' users.
    vendor_principals: Vec<String>,
}

/// An AWS account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account id, twelve digits.
    pub id: String,
    /// The regions that are enabled.
    /// In another one no service knows the account's credentials.
    pub regions: Vec<String>,
}

/// An IAM user.
#[derive(Debug, Clone)]
pub struct User {
    /// The account id.
    pub account: String,
    /// The path, `/` at both ends.
    pub path: String,
    /// The user name.
    pub name: String,
    /// The unique id, `AIDA…`, which is also the user's `aws:userid`.
    pub unique_id: String,
    /// The id of the user's access key.
    pub access_key_id: String,
    /// The secret of the user's access key.
    pub secret_access_key: String,
    /// The user's MFA device, if there is one.
    pub mfa: Option<MfaDevice>,
    /// Identity-based policies.
    pub policies: Vec<Policy>,
}

/// An MFA device whose code never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MfaDevice {
    /// The ARN, which is the `SerialNumber` of a virtual device.
    pub serial_number: String,
    /// The code that is right.
    pub code: String,
}

/// An IAM role.
#[derive(Debug, Clone)]
pub struct Role {
    /// The account id.
    pub account: String,
    /// The path, `/` at both ends.
    pub path: String,
    /// The role name.
    pub name: String,
    /// The unique id, `AROA…`; `aws:userid` of a session is this, a colon and the session name.
    pub unique_id: String,
    /// `MaxSessionDuration` in seconds.
    pub max_session_duration: u32,
    /// Tags of the role, which become tags of its sessions.
    pub tags: Vec<(String, String)>,
    /// Who may assume the role.
    pub trust: Policy,
    /// Identity-based policies.
    pub policies: Vec<Policy>,
    /// The permissions boundary.
    pub boundary: Option<Policy>,
}

impl World {
    /// A vendor with two customers, each with a role that trusts the vendor's under an
    /// `ExternalId`.
    pub fn seeds() -> Self {
        seeds::world()
    }

    /// Adds running, online, tagged Linux instances to the first customer in us-east-1.
    #[must_use]
    pub fn with_instances(mut self, count: usize) -> Self {
        self.instances
            .extend((1..=count).map(seeds::generated_instance));
        self
    }

    /// Adds a role of the vendor's account that may assume the vendor role.
    /// Its own trust policy is this one.
    pub fn add_base_role(
        &mut self,
        path: &str,
        name: &str,
        trust: &str,
    ) -> Result<(), MalformedPolicy> {
        self.roles.push(seeds::base_role(path, name, trust)?);
        let role = format!("arn:aws:iam::{VENDOR}:role{path}{name}");
        self.trust_in_vendor_role(&role)
    }

    /// Lets a principal of the vendor's account assume the vendor role, beside those who may.
    pub fn trust_in_vendor_role(&mut self, principal: &str) -> Result<(), MalformedPolicy> {
        self.vendor_principals.push(principal.to_owned());
        let trust = seeds::vendor_trust(&self.vendor_principals);
        match self.role_mut(VENDOR, VENDOR_ROLE) {
            Some(role) => role.set_trust(&trust),
            None => Ok(()),
        }
    }

    /// Signs a person in as `aws login` does: an IAM user's ARN, or that of a role's session.
    pub fn console_sign_in(&mut self, arn: &str, now: SystemTime) -> Option<ConsoleToken> {
        let (session, token) = sign_in::begin(arn, now)?;
        self.console_sessions.push(session);
        Some(token)
    }

    /// The account of this id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The account of this id, to change it.
    pub fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    /// A user by account and name.
    pub fn user(&self, account: &str, name: &str) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.account == account && user.name == name)
    }

    /// A user by account and name, to change it.
    pub fn user_mut(&mut self, account: &str, name: &str) -> Option<&mut User> {
        self.users
            .iter_mut()
            .find(|user| user.account == account && user.name == name)
    }

    /// The user whose access key this is.
    pub fn user_by_access_key_id(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.access_key_id == id)
    }

    /// A role by account and name.
    pub fn role(&self, account: &str, name: &str) -> Option<&Role> {
        self.roles
            .iter()
            .find(|role| role.account == account && role.name == name)
    }

    /// A role by account and name, to change it.
    pub fn role_mut(&mut self, account: &str, name: &str) -> Option<&mut Role> {
        self.roles
            .iter_mut()
            .find(|role| role.account == account && role.name == name)
    }

    /// A role by its ARN.
    pub fn role_by_arn(&self, arn: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.arn() == arn)
    }

    /// An instance by its id.
    pub fn instance(&self, id: &str) -> Option<&Instance> {
        self.instances.iter().find(|instance| instance.id == id)
    }

    /// An instance by its id, to change it.
    pub fn instance_mut(&mut self, id: &str) -> Option<&mut Instance> {
        self.instances.iter_mut().find(|instance| instance.id == id)
    }

    /// A document by its name.
    pub fn document(&self, name: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.name == name)
    }

    /// A document by name, as it is in a region.
    pub fn document_in(&self, region: &str, name: &str) -> Option<&Document> {
        self.documents.iter().find(|document| {
            let own = document.region.as_deref();
            document.name == name && own.is_none_or(|own| own == region)
        })
    }

    /// A document by its name, to change it.
    pub fn document_mut(&mut self, name: &str) -> Option<&mut Document> {
        let mut documents = self.documents.iter_mut();
        documents.find(|document| document.name == name)
    }
}

impl User {
    /// The user's ARN.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:user{}{}",
            self.account, self.path, self.name
        )
    }

    /// Replaces the identity-based policy of this name, or adds it.
    pub fn set_policy(&mut self, name: &str, json: &str) -> Result<(), MalformedPolicy> {
        put(&mut self.policies, identity_policy(name, json)?);
        Ok(())
    }

    /// Takes the identity-based policy of this name away.
    pub fn remove_policy(&mut self, name: &str) {
        self.policies.retain(|policy| policy.name != name);
    }
}

impl Role {
    /// The role's ARN.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:role{}{}",
            self.account, self.path, self.name
        )
    }

    /// The ARN of a session of this role, which has no path in it.
    pub fn session_arn(&self, session_name: &str) -> String {
        format!(
            "arn:aws:sts::{}:assumed-role/{}/{session_name}",
            self.account, self.name
        )
    }

    /// The `aws:userid` of a session of this role.
    pub fn session_user_id(&self, session_name: &str) -> String {
        format!("{}:{session_name}", self.unique_id)
    }

    /// Replaces the identity-based policy of this name, or adds it.
    pub fn set_policy(&mut self, name: &str, json: &str) -> Result<(), MalformedPolicy> {
        put(&mut self.policies, identity_policy(name, json)?);
        Ok(())
    }

    /// Takes the identity-based policy of this name away.
    pub fn remove_policy(&mut self, name: &str) {
        self.policies.retain(|policy| policy.name != name);
    }

    /// Allows this role, beside what it may already, to start sessions with documents of these
    /// names, AWS's and its account's own, in every region.
    pub fn grant_documents(&mut self, names: &[&str]) -> Result<(), MalformedPolicy> {
        let resources: Vec<String> = names
            .iter()
            .flat_map(|name| {
                ["", &self.account].map(|owner| format!("arn:aws:ssm:*:{owner}:document/{name}"))
            })
            .collect();
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": {
                "Sid": "MoreDocuments",
                "Effect": "Allow",
                "Action": "ssm:StartSession",
                "Resource": resources,
            },
        });
        self.set_policy("more-documents", &policy.to_string())
    }

    /// What the console's "Revoke active sessions" does:
    /// denies everything to credentials that were issued before this time. Sessions to instances
    /// that are open already go on.
    pub fn revoke_sessions(&mut self, before: SystemTime) -> Result<(), MalformedPolicy> {
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {"DateLessThan": {"aws:TokenIssueTime": clock::extended(before)}},
            },
        });
        self.set_policy("AWSRevokeOlderSessions", &policy.to_string())
    }

    /// Replaces the trust policy.
    pub fn set_trust(&mut self, json: &str) -> Result<(), MalformedPolicy> {
        self.trust = trust_policy(json)?;
        Ok(())
    }
}

fn put(policies: &mut Vec<Policy>, policy: Policy) {
    match policies.iter_mut().find(|old| old.name == policy.name) {
        Some(old) => *old = policy,
        None => policies.push(policy),
    }
}

fn identity_policy(name: &str, json: &str) -> Result<Policy, MalformedPolicy> {
    let policy = Policy::parse(name, json)?;
    if policy.names_principals() {
        let reason = "an identity-based policy names no principal".to_owned();
        return Err(MalformedPolicy {
            name: policy.name,
            reason,
        });
    }
    Ok(policy)
}

fn trust_policy(json: &str) -> Result<Policy, MalformedPolicy> {
    let policy = Policy::parse("trust", json)?;
    let reason = match (policy.names_principals(), policy.names_resources()) {
        (true, false) => return Ok(policy),
        (false, _) => "a trust policy names its principals",
        (true, true) => "a trust policy names no resource",
    };
    Err(MalformedPolicy {
        name: policy.name,
        reason: reason.to_owned(),
    })
}
