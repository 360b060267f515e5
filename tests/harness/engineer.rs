//! What aws-cli and its logins leave in an engineer's `~/.aws`, and the roles behind it.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::json;
use vendor_ssm_sandbox::world::{Assignment, SIGN_IN_CLIENT, SsoToken, VENDOR};

use super::Bench;

/// The role in the vendor's account behind the permission set `VendorEngineer`.
pub const SSO_ROLE: &str = "AWSReservedSSO_VendorEngineer_0123456789abcdef";

/// The profile of an engineer with a `[sso-session]`.
pub const SSO_SESSION: &str = "[profile work]\nsso_session = corp\nsso_account_id = 111111111111\nsso_role_name = VendorEngineer\nregion = us-east-1\n\
    [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://vendor.awsapps.com/start\nsso_registration_scopes = sso:account:access\n";

/// The profile of an engineer from before there was `[sso-session]`.
pub const SSO_LEGACY: &str = "[profile work]\nsso_start_url = https://vendor.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 111111111111\nsso_role_name = VendorEngineer\nregion = us-east-1\n";

/// SHA-1 of `corp`, which `aws sso login` names the token's file by.
pub const SESSION_FILE: &str = "ee0bfd2552fbd840c02cc48b6e823320543c450f";
/// SHA-1 of the start URL.
pub const LEGACY_FILE: &str = "cad9b65ba2f8d7219d7ce0a525c13af4d7a2099e";

const SAML: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"},"Action":["sts:AssumeRoleWithSAML","sts:TagSession"]}}"#;

/// A time in the form of the cached tokens.
fn utc(time: SystemTime) -> String {
    let time = jiff::Timestamp::try_from(time).unwrap();
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Bench {
    /// Writes a file below `~/.aws`.
    pub fn aws_file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.home().join(".aws").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        file
    }

    /// Assigns the permission set `VendorEngineer` in the vendor's account.
    pub fn assign(&self, user: &str) {
        self.sandbox.world(|world| {
            if world.role(VENDOR, SSO_ROLE).is_none() {
                let path = "/aws-reserved/sso.amazonaws.com/";
                world.add_base_role(path, SSO_ROLE, SAML).unwrap();
            }
            world.identity_center.assignments.push(Assignment {
                user: user.to_owned(),
                account: VENDOR.to_owned(),
                permission_set: "VendorEngineer".to_owned(),
            });
        });
    }

    /// What `aws sso login` does: signs in, and keeps a token that ends this many seconds from now.
    pub fn sso_login(&self, user: &str, file: &str, lasts: i64) -> SsoToken {
        let now = self.sandbox.clock().now();
        let by = Duration::from_secs(lasts.unsigned_abs());
        let expires = if lasts < 0 { now - by } else { now + by };
        let token = self
            .sandbox
            .world(|world| world.identity_center.sign_in(user, now, expires));
        let legacy = json!({
            "startUrl": "https://vendor.awsapps.com/start",
            "region": "us-east-1",
            "accessToken": token.access_token,
            "expiresAt": utc(token.expires),
        });
        let mut kept = legacy;
        if file == SESSION_FILE {
            kept["clientId"] = json!(token.client_id);
            kept["clientSecret"] = json!(token.client_secret);
            kept["registrationExpiresAt"] = json!(utc(token.registration_expires));
            kept["refreshToken"] = json!(token.refresh_token);
        }
        self.aws_file(&format!("sso/cache/{file}.json"), &kept.to_string());
        token
    }

    /// The file of `aws login` for this identity.
    pub fn login_file(&self, arn: &str) -> PathBuf {
        use sha2::Digest as _;
        use std::fmt::Write as _;
        let mut name = String::new();
        for byte in sha2::Sha256::digest(arn.as_bytes()) {
            let _ = write!(name, "{byte:02x}");
        }
        self.home().join(format!(".aws/login/cache/{name}.json"))
    }

    /// What `aws login` does: signs in to the console, and keeps credentials that have run out and
    /// a refresh token that has not.
    pub fn aws_login(&self, arn: &str) {
        let now = self.sandbox.clock().now();
        let token = self
            .sandbox
            .world(|world| world.console_sign_in(arn, now))
            .unwrap();
        let kept = json!({
            "accessToken": {
                "accessKeyId": "ASIAEXPIREDEXPIREDEX",
                "secretAccessKey": "expired",
                "sessionToken": "expired",
                "accountId": VENDOR,
                "expiresAt": utc(now - Duration::from_mins(1)),
            },
            "tokenType": "aws_sigv4",
            "refreshToken": token.refresh_token,
            "clientId": SIGN_IN_CLIENT,
            "dpopKey": token.dpop_key,
        });
        let file = self.login_file(arn);
        let name = file.strip_prefix(self.home().join(".aws")).unwrap();
        self.aws_file(name.to_str().unwrap(), &kept.to_string());
    }

    /// A role of the vendor's account that a web identity with this subject may assume.
    pub fn web_role(&self, name: &str, subject: &str) {
        self.sandbox.world(|world| {
            let provider = &world.identity_provider;
            let mut equals = serde_json::Map::new();
            equals.insert(format!("{}:aud", provider.host), json!(provider.audience));
            equals.insert(format!("{}:sub", provider.host), json!(subject));
            let trust = json!({
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"Federated": provider.arn()},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": equals},
                },
            });
            world.add_base_role("/", name, &trust.to_string()).unwrap();
        });
    }

    /// A role of the vendor's account for a service, such as `ec2.amazonaws.com`.
    pub fn service_role(&self, name: &str, service: &str) {
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole",
            },
        });
        self.sandbox
            .world(|world| world.add_base_role("/", name, &trust.to_string()).unwrap());
    }
}
