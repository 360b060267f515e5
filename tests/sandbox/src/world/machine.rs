//! What the metadata services of an EC2 instance and of an ECS task tell a program that runs there.

use std::time::SystemTime;

/// The metadata service of the instance that the client runs on.
#[derive(Debug, Clone)]
pub struct InstanceMetadata {
    /// The instance's id, which becomes the session name.
    pub instance_id: String,
    /// The role of its instance profile, by name; it is in the vendor's account.
    pub role: Option<String>,
    /// `HttpEndpoint`: whether the service is switched on.
    pub enabled: bool,
    /// `HttpTokens`: whether IMDSv1, without a token, is answered too.
    pub tokens_optional: bool,
    /// `HttpPutResponseHopLimit`.
    pub hop_limit: u8,
    /// How many hops away the client is; in a container on the instance it is two.
    pub hops: u8,
    pub(crate) tokens: Vec<(String, SystemTime)>,
}

impl InstanceMetadata {
    pub(super) fn new() -> Self {
        Self {
            instance_id: "i-0ba5e0ba5e0ba5e01".to_owned(),
            role: None,
            enabled: true,
            tokens_optional: false,
            hop_limit: 1,
            hops: 1,
            tokens: Vec::new(),
        }
    }

    /// Forgets the tokens that were given out.
    pub fn forget_tokens(&mut self) {
        self.tokens.clear();
    }
}

/// A task with a role, or a pod with one.
#[derive(Debug, Clone)]
pub struct Task {
    /// The path of its credentials.
    pub path: String,
    /// Its role, by name; it is in the vendor's account.
    pub role: String,
    /// The session name: a task's id on ECS.
    pub session_name: String,
    /// What the `Authorization` header must hold; ECS itself asks for none.
    pub authorization: Option<String>,
}
