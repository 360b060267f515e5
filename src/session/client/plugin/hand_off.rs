//! What the session-manager-plugin is handed: its command line and environment, as plain data.
//! Refused: a secret among the arguments, and every variable of the engineer's that it does not
//! need.

use std::ffi::OsString;

use serde_json::json;

use crate::os::Os;
use crate::platform::{NULL_FILE, SYSTEM_VARIABLES, system_path};

/// The variable that carries StartSession's answer, so that its token is never in `ps`.
const RESPONSE: &str = "AWS_SSM_START_SESSION_RESPONSE";
/// Variables that the plugin needs. All others are left out, every AWS one among them.
/// Those that any program of the system needs come on top of these.
const INHERITED: [&str; 7] = [
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "AWS_CA_BUNDLE",
];

/// What the plugin gets.
pub(crate) struct HandOff<'a> {
    pub session_id: &'a str,
    pub stream_url: &'a str,
    pub token: &'a str,
    pub region: &'a str,
    pub target: &'a str,
    /// The SSM endpoint, for ResumeSession and TerminateSession.
    pub endpoint: &'a str,
    /// Where it gets credentials,
    pub credentials_uri: &'a str,
    /// and by what token.
    pub authorization: &'a str,
}

/// The plugin's arguments: nothing of them comes with StartSession's answer.
pub(crate) fn arguments(region: &str, target: &str, endpoint: &str) -> Vec<String> {
    vec![
        RESPONSE.to_owned(),
        region.to_owned(),
        "StartSession".to_owned(),
        // No profile: it would outrank the endpoint in the environment.
        String::new(),
        json!({ "Target": target }).to_string(),
        endpoint.to_owned(),
    ]
}

impl HandOff<'_> {
    /// Its arguments: none of them is a secret.
    pub(crate) fn arguments(&self) -> Vec<String> {
        arguments(self.region, self.target, self.endpoint)
    }

    /// Its whole environment:
    /// StartSession's answer, where it gets credentials, and what a program on a terminal needs. No
    /// key is in it, and the engineer's own profiles are out of its reach.
    pub(crate) fn environment(&self, os: &Os) -> Vec<(OsString, OsString)> {
        let response = json!({
            "SessionId": self.session_id,
            "StreamUrl": self.stream_url,
            "TokenValue": self.token,
        });
        let ours = [
            (RESPONSE, response.to_string()),
            (
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                self.credentials_uri.to_owned(),
            ),
            (
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                self.authorization.to_owned(),
            ),
            ("AWS_REGION", self.region.to_owned()),
            ("AWS_CONFIG_FILE", NULL_FILE.to_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE", NULL_FILE.to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("PATH", system_path(os)),
        ];
        let inherited = SYSTEM_VARIABLES
            .iter()
            .chain(&INHERITED)
            .filter_map(|name| Some((*name, os.var(name)?.to_owned())));
        inherited
            .chain(ours)
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugin_gets_a_way_to_credentials_and_nothing_of_the_engineers() {
        let hand_off = HandOff {
            session_id: "alice-1",
            stream_url: "wss://x",
            token: "STREAMTOKEN",
            region: "us-east-1",
            target: "i-1",
            endpoint: "https://ssm.us-east-1.amazonaws.com",
            credentials_uri: "http://127.0.0.1:1/credentials",
            authorization: "AUTHORIZATION",
        };
        let os = Os::with_environment([
            ("AWS_PROFILE", "mine"),
            ("AWS_ACCESS_KEY_ID", "AKIAMINE"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/x"),
            ("AWS_ENDPOINT_URL", "http://x"),
            (SYSTEM_VARIABLES[0], "the system's"),
            ("LD_PRELOAD", "/evil.so"),
            ("PATH", "/evil"),
        ]);
        let environment = hand_off.environment(&os);
        let value = |name: &str| {
            environment
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.to_string_lossy().into_owned())
        };
        assert_eq!(
            value("AWS_CONTAINER_CREDENTIALS_FULL_URI").as_deref(),
            Some("http://127.0.0.1:1/credentials")
        );
        assert_eq!(
            value("AWS_CONTAINER_AUTHORIZATION_TOKEN").as_deref(),
            Some("AUTHORIZATION")
        );
        assert_eq!(value("AWS_CONFIG_FILE").as_deref(), Some(NULL_FILE));
        assert_eq!(value(SYSTEM_VARIABLES[0]).as_deref(), Some("the system's"));
        assert_eq!(value("PATH"), Some(system_path(&os)));
        for absent in [
            "AWS_ACCESS_KEY_ID",
            "AWS_PROFILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_ENDPOINT_URL",
            "LD_PRELOAD",
        ] {
            assert_eq!(value(absent), None, "{absent}");
        }
        let arguments = hand_off.arguments().join(" ");
        for secret in ["AUTHORIZATION", "TOKEN"] {
            assert!(!arguments.contains(secret), "{arguments}");
        }
    }
}
