//! A cached role's entry, made of a fuzzer's bytes.

use std::time::{Duration, SystemTime};

use super::chain::{CustomerRoleRequest, Fields, VendorRoleRequest};
use super::entry::{self, Request};

/// When the seeds' entries were written, in seconds since 1970.
const NOON: u64 = 1_800_000_000;

/// Reads an entry for the role that it was written for, and for no other.
/// What was read is written again as it was.
pub(crate) fn cache_entry(bytes: &[u8]) {
    let (later, text) = bytes.split_first_chunk().unwrap_or((&[0; 2], bytes));
    let later = Duration::from_secs(u64::from(u16::from_be_bytes(*later)));
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOON) + later;
    let customer = request();
    let requests = [
        Request::Customer(&customer),
        Request::Vendor(&customer.vendor),
    ];
    let read = requests.map(|request| entry::read(request, text, now));
    assert!(read.iter().flatten().count() <= 1, "one entry, one role");
    for (request, role) in requests.into_iter().zip(read) {
        let Some(role) = role else { continue };
        assert!(role.expires > now);
        let as_bytes = text.contains(&b'\n');
        let written = entry::write(request, &role, now, as_bytes);
        let again = entry::read(request, &written, now);
        let kept = |role: &super::AssumedRole| {
            let credentials = &role.credentials;
            (
                credentials.access_key_id().to_owned(),
                credentials.secret_access_key().to_owned(),
                credentials.session_token().map(str::to_owned),
                role.arn.clone(),
                role.expires,
            )
        };
        // What is left of a life may be too short to be kept again.
        if let Some(again) = again {
            assert_eq!(kept(&again), kept(&role));
        }
    }
}

fn request() -> CustomerRoleRequest {
    fn parsed<T: std::str::FromStr>(text: &str) -> T {
        text.parse().ok().expect("a value of the seeds")
    }
    CustomerRoleRequest {
        vendor: VendorRoleRequest {
            base: Fields::of("base").text("AKIAEXAMPLE").finish(),
            sts_endpoint: "https://sts.us-east-1.amazonaws.com".to_owned(),
            role_arn: parsed("arn:aws:iam::111111111111:role/3P_IAM_Assume_Role"),
            session_name: Some(parsed("alice")),
            source_identity: None,
            duration_seconds: 3600,
        },
        role_arn: parsed("arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA"),
        external_id: parsed("ExternalID3rdPartyA"),
        session_policy: None,
        duration_seconds: 3600,
    }
}
