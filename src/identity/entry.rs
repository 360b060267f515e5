//! A cached role's entry: compact JSON with its own key, which binds all that was asked for.
//! An entry that is not to the letter what the settings ask for now is refused, wherever it lies.
//!
//! A session token has no limit, and AWS gives some of more than 2,000 characters. It is base64, so
//! a store that keeps bytes gets it decoded, behind the JSON: a quarter less.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use super::arn::session_of;
use super::chain::{CustomerRoleRequest, FORMAT, Fingerprint, VendorRoleRequest};
use super::role::{AssumedRole, Source, can_be_sent};
use crate::names::{RoleArn, RoleSessionName};

/// Longest time before their end at which credentials are renewed.
const MARGIN: Duration = Duration::from_mins(5);

/// The role of a chain that an entry is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Request<'a> {
    /// The vendor role, which customers share.
    Vendor(&'a VendorRoleRequest),
    /// The customer role.
    Customer(&'a CustomerRoleRequest),
}

impl<'a> Request<'a> {
    /// The key of the entry.
    pub(super) fn key(self) -> Fingerprint {
        match self {
            Self::Vendor(request) => request.key(),
            Self::Customer(request) => request.key(),
        }
    }

    fn vendor(self) -> &'a VendorRoleRequest {
        match self {
            Self::Vendor(request) => request,
            Self::Customer(request) => &request.vendor,
        }
    }

    fn role_arn(self) -> &'a RoleArn {
        match self {
            Self::Vendor(request) => &request.role_arn,
            Self::Customer(request) => &request.role_arn,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(rename = "v")]
    version: u32,
    /// The entry's own key.
    #[serde(rename = "k")]
    key: String,
    #[serde(rename = "a")]
    arn: String,
    /// Seconds since 1970: when the credentials were got and when they end.
    #[serde(rename = "t")]
    times: (u64, u64),
    /// Access key id, secret access key, and the session token if it does not follow as bytes.
    #[serde(rename = "s")]
    secrets: Secrets,
}

#[derive(Serialize, Deserialize)]
struct Secrets(String, String, String);

impl Drop for Secrets {
    fn drop(&mut self) {
        self.0.zeroize();
        self.1.zeroize();
        self.2.zeroize();
    }
}

/// What ends the JSON if the session token follows as bytes. Compact JSON has none (RFC 8259).
const END: u8 = b'\n';

/// The entry that keeps `role`, got at `now`. `as_bytes` says that it need not be text.
pub(super) fn write(
    request: Request<'_>,
    role: &AssumedRole,
    now: SystemTime,
    as_bytes: bool,
) -> Zeroizing<Vec<u8>> {
    let token = role.credentials.session_token().unwrap_or_default();
    let decoded = as_bytes.then(|| decoded(token)).flatten();
    let entry = Entry {
        version: FORMAT,
        key: request.key().to_string(),
        arn: role.arn.clone(),
        times: (seconds(now), seconds(role.expires)),
        secrets: Secrets(
            role.credentials.access_key_id().to_owned(),
            role.credentials.secret_access_key().to_owned(),
            if decoded.is_some() { "" } else { token }.to_owned(),
        ),
    };
    // Growing a vector leaves copies of the secret behind, so it is made large enough at once.
    let mut text = Zeroizing::new(Vec::with_capacity(16 * 1024 + token.len()));
    if serde_json::to_writer(&mut *text, &entry).is_err() {
        text.zeroize();
    }
    if let Some(token) = decoded {
        text.push(END);
        text.extend_from_slice(&token);
    }
    text
}

/// The bytes that a token stands for, if it can be made of them again.
fn decoded(token: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(STANDARD.decode(token).ok()?);
    (!bytes.is_empty() && *token_of(&bytes) == token).then_some(bytes)
}

fn token_of(token: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(token))
}

/// The role in an entry, if the entry is what `request` asks for and will hold for a while yet.
pub(super) fn read(request: Request<'_>, text: &[u8], now: SystemTime) -> Option<AssumedRole> {
    let mut parts = text.splitn(2, |byte| *byte == END);
    let mut entry: Entry = serde_json::from_slice(parts.next()?).ok()?;
    if let Some(token) = parts.next() {
        if !entry.secrets.2.is_empty() {
            return None;
        }
        token_of(token).as_str().clone_into(&mut entry.secrets.2);
    }
    let session = session_of(request.role_arn(), &entry.arn)?;
    let named = request.vendor().session_name.as_ref();
    let same = entry.version == FORMAT
        && entry.key == request.key().to_string()
        && named.is_none_or(|name: &RoleSessionName| *name == session.session_name)
        && entry.secrets.0.starts_with("ASIA")
        && !entry.secrets.1.is_empty()
        && can_be_sent(&entry.secrets.0, &entry.secrets.2);
    let (got, expires) = (time(entry.times.0)?, time(entry.times.1)?);
    if !same || !is_fresh(got, expires, now) {
        return None;
    }
    Some(AssumedRole {
        credentials: Credentials::new(
            entry.secrets.0.as_str(),
            entry.secrets.1.as_str(),
            Some(entry.secrets.2.clone()),
            None,
            "vendor-ssm",
        ),
        arn: entry.arn,
        account: session.account,
        session_name: session.session_name,
        expires,
        source: Source::Cache,
    })
}

/// Whether credentials got at `got` need no renewal at `now`.
/// They are renewed five minutes before they expire. A life so short that five minutes would be
/// most of it is renewed in its last quarter.
pub(super) fn is_fresh(got: SystemTime, expires: SystemTime, now: SystemTime) -> bool {
    let Ok(life) = expires.duration_since(got) else {
        return false;
    };
    // Got in the future: the clock was set back, and nothing can be said about the end.
    now >= got && now + MARGIN.min(life / 4) < expires
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

fn time(seconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::chain::tests::request;
    use super::super::store::MAX_ENTRY;
    use super::*;

    pub(crate) fn noon() -> SystemTime {
        time(1_800_000_000).unwrap()
    }

    pub(crate) fn role(token_length: usize) -> AssumedRole {
        let arn =
            "arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice";
        AssumedRole {
            credentials: Credentials::new(
                "ASIAEXAMPLEEXAMPLE00",
                "s".repeat(40),
                Some("t".repeat(token_length)),
                None,
                "test",
            ),
            arn: arn.to_owned(),
            account: "222222222222".parse().unwrap(),
            session_name: "alice".parse().unwrap(),
            expires: noon() + Duration::from_hours(1),
            source: Source::Sts,
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let request = request();
        let text = write(Request::Customer(&request), &role(900), noon(), false);
        let found = read(Request::Customer(&request), &text, noon()).unwrap();
        let kept = role(900);
        assert_eq!(
            found.credentials.access_key_id(),
            kept.credentials.access_key_id()
        );
        assert_eq!(
            found.credentials.secret_access_key(),
            kept.credentials.secret_access_key()
        );
        assert_eq!(
            found.credentials.session_token(),
            kept.credentials.session_token()
        );
        assert_eq!((found.arn, found.expires), (kept.arn, kept.expires));
        assert_eq!(found.source, Source::Cache);
    }

    #[test]
    fn a_long_token_fits_where_bytes_are_kept_and_comes_back_the_same() {
        let request = request();
        let token = |bytes: usize| {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(bytes).collect();
            STANDARD.encode(bytes)
        };
        for token in [
            token(1),
            token(900),
            // 2,500 and 2,960 characters.
            token(1_874),
            token(2_220),
            // These are not base64, or not in the only form that comes back the same.
            token(1_200) + "_",
            format!("{}/==", token(1_200)),
            "t".to_owned(),
        ] {
            let mut kept = role(0);
            let old = &kept.credentials;
            kept.credentials = Credentials::new(
                old.access_key_id(),
                old.secret_access_key(),
                Some(token.clone()),
                None,
                "test",
            );
            for as_bytes in [false, true] {
                let text = write(Request::Customer(&request), &kept, noon(), as_bytes);
                let found = read(Request::Customer(&request), &text, noon());
                let found = found.unwrap_or_else(|| panic!("{as_bytes} {token}"));
                assert_eq!(found.credentials.session_token(), Some(token.as_str()));
                let is_text = std::str::from_utf8(&text).is_ok_and(|text| !text.contains('\n'));
                assert!(is_text || as_bytes);
                assert!(text.len() <= MAX_ENTRY || !as_bytes, "{}", text.len());
            }
        }
    }

    #[test]
    fn it_is_small_and_holds_no_external_id() {
        let request = request();
        let text = write(Request::Customer(&request), &role(2_200), noon(), false);
        assert!(text.len() <= MAX_ENTRY, "{}", text.len());
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(!text.contains("ExternalID3rdPartyA"));
    }

    #[test]
    fn a_token_in_both_places_is_refused() {
        let request = request();
        let mut text = write(Request::Customer(&request), &role(900), noon(), false).to_vec();
        text.extend(b"\nabc");
        assert!(read(Request::Customer(&request), &text, noon()).is_none());
    }

    #[test]
    fn another_request_does_not_get_it() {
        let request = request();
        let text = write(Request::Customer(&request), &role(900), noon(), false);
        let mut other = request.clone();
        other.external_id = "ExternalID3rdPartyB".parse().unwrap();
        assert!(read(Request::Customer(&other), &text, noon()).is_none());
        let mut other = request.clone();
        other.vendor.session_name = Some("bob".parse().unwrap());
        assert!(read(Request::Customer(&other), &text, noon()).is_none());
        assert!(read(Request::Vendor(&request.vendor), &text, noon()).is_none());
    }

    #[test]
    fn an_arn_that_was_swapped_is_refused() {
        let request = request();
        for arn in [
            "arn:aws:sts::333333333333:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice",
            "arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/bob",
            "arn:aws:sts::222222222222:assumed-role/Other/alice",
        ] {
            let mut swapped = role(900);
            arn.clone_into(&mut swapped.arn);
            let text = write(Request::Customer(&request), &swapped, noon(), false);
            assert!(
                read(Request::Customer(&request), &text, noon()).is_none(),
                "{arn}"
            );
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let request = request();
        let text = write(Request::Customer(&request), &role(900), noon(), false);
        let good = String::from_utf8(text.to_vec()).unwrap();
        let mut planted: Vec<Vec<u8>> = vec![
            Vec::new(),
            b"\xff\xfe\x00".to_vec(),
            b"null".to_vec(),
            b"{}".to_vec(),
            "[".repeat(100_000).into_bytes(),
            good.replace("\"v\":2", "\"v\":1").into_bytes(),
            good.replace("\"v\":2", "\"v\":2,\"x\":1").into_bytes(),
            good.replace("ASIA", "AKIA").into_bytes(),
            format!("{good}{good}").into_bytes(),
        ];
        planted.extend((0..good.len()).step_by(7).map(|end| text[..end].to_vec()));
        for text in planted {
            assert!(read(Request::Customer(&request), &text, noon()).is_none());
        }
    }

    #[test]
    fn renewal_is_five_minutes_before_the_end_or_a_quarter_of_a_short_life() {
        let after = |seconds| noon() + Duration::from_secs(seconds);
        for (life, age, fresh) in [
            (3600, 0, true),
            (3600, 3299, true),
            (3600, 3300, false),
            (3600, 4000, false),
            (900, 674, true),
            (900, 676, false),
            (60, 44, true),
            (60, 46, false),
            (0, 0, false),
        ] {
            let found = is_fresh(noon(), after(life), after(age));
            assert_eq!(found, fresh, "{life} {age}");
        }
        assert!(
            !is_fresh(after(10), after(3600), noon()),
            "the clock was set back"
        );
        assert!(!is_fresh(after(10), noon(), noon()));
    }
}
