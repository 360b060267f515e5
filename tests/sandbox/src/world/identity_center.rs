//! IAM Identity Center: who signed in, with which tokens, and which roles they are assigned.

use std::time::{Duration, SystemTime};

use super::mint;

/// The directory of the vendor's organization.
#[derive(Debug, Clone)]
pub struct IdentityCenter {
    /// The URL that people sign in at.
    pub start_url: String,
    /// The region that it is in; the portal of another one does not know its tokens.
    pub region: String,
    /// The permission sets that people are assigned.
    pub assignments: Vec<Assignment>,
    /// How a role that is not assigned is refused.
    pub unassigned: Unassigned,
    /// How long an access token lasts that a refresh brings, in seconds.
    pub token_seconds: u64,
    pub(crate) clients: Vec<Client>,
    pub(crate) sign_ins: Vec<SignIn>,
}

/// A permission set that a person has in an account.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The person's user name, which becomes the session name.
    pub user: String,
    /// The account id.
    pub account: String,
    /// The permission set, which a profile names as `sso_role_name`.
    pub permission_set: String,
}

/// How the portal refuses a role that is not assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unassigned {
    /// 403 `ForbiddenException`, "No access": not in the service's model, and what people report.
    Forbidden,
    /// 404 `ResourceNotFoundException`, as the model has it.
    NotFound,
}

/// A client that `aws sso login` registered.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub id: String,
    pub secret: String,
    pub expires: SystemTime,
}

/// A person who signed in.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub user: String,
    pub client_id: String,
    /// Each access token with its end. A refresh does not end the token before it.
    pub access: Vec<(String, SystemTime)>,
    pub refresh: Option<String>,
}

/// What `aws sso login` keeps in `~/.aws/sso/cache`.
#[derive(Debug, Clone)]
pub struct SsoToken {
    /// The token for the portal.
    pub access_token: String,
    /// When that ends.
    pub expires: SystemTime,
    /// The token that brings another one.
    pub refresh_token: String,
    /// The registered client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// When the registration ends.
    pub registration_expires: SystemTime,
}

/// How long a client's registration lasts.
const REGISTERED: Duration = Duration::from_hours(90 * 24);

impl IdentityCenter {
    pub(super) fn new() -> Self {
        Self {
            start_url: "https://vendor.awsapps.com/start".to_owned(),
            region: "us-east-1".to_owned(),
            assignments: Vec::new(),
            unassigned: Unassigned::Forbidden,
            token_seconds: 3600,
            clients: Vec::new(),
            sign_ins: Vec::new(),
        }
    }

    /// Signs a person in, as `aws sso login` does, with an access token that ends at that time.
    pub fn sign_in(&mut self, user: &str, now: SystemTime, expires: SystemTime) -> SsoToken {
        let client = Client {
            id: mint::unique_id("client-"),
            secret: mint::token_value(),
            expires: now + REGISTERED,
        };
        let (access, refresh) = (mint::token_value(), mint::token_value());
        let token = SsoToken {
            access_token: access.clone(),
            expires,
            refresh_token: refresh.clone(),
            client_id: client.id.clone(),
            client_secret: client.secret.clone(),
            registration_expires: client.expires,
        };
        self.sign_ins.push(SignIn {
            user: user.to_owned(),
            client_id: client.id.clone(),
            access: vec![(access, expires)],
            refresh: Some(refresh),
        });
        self.clients.push(client);
        token
    }

    /// Ends what a person signed in to, as an administrator does.
    pub fn sign_out(&mut self, user: &str) {
        self.sign_ins.retain(|it| it.user != user);
    }
}
