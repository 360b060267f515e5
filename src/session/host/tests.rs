//! A client with a bug in it, which no command line can bring about.

use std::collections::BTreeMap;
use std::time::Duration;

use vendor_ssm_sandbox::{Options, Sandbox};

use super::*;
use crate::args::Global;
use crate::aws::Aws;
use crate::callbacks::Warnings;
use crate::identity::{CacheUse, Identity};
use crate::os::Os;
use crate::session::context::Target;
use crate::session::ledger::journal::{Journal, SessionKind, State};
use crate::settings;

const SETTINGS: &str = r#"[vendor]
role_arn = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role"
[cache]
store = "none"
[customers.acme]
role_arn    = "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "ExternalID3rdPartyA"
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]
"#;

#[tokio::test]
async fn a_panic_in_a_client_leaves_no_session_open() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    std::fs::write(&config, SETTINGS).unwrap();
    #[cfg(unix)]
    {
        let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&config, own).unwrap();
    }
    let keys = sandbox.credentials("alice").unwrap();
    let os = Os::with_environment([
        (
            crate::platform::places::STATE_VARIABLE,
            home.path().to_str().unwrap(),
        ),
        ("VENDOR_SSM_CONFIG", config.to_str().unwrap()),
        ("AWS_ENDPOINT_URL", &sandbox.endpoint()),
        ("AWS_ACCESS_KEY_ID", &keys.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &keys.secret_access_key),
    ]);
    let settings = settings::resolve(&Global::default(), &os).unwrap();
    let customer = settings.customer(None).unwrap();
    let aws = Aws::new(&customer.vendor, &os).await.unwrap();
    let warnings = Warnings::default();
    let identity = Identity::new(settings.store, CacheUse::ReadWrite, false, &os, &warnings);
    let role = identity.assume(customer, &aws).await.unwrap();
    let journal = Journal::new(&os);
    let context = Context {
        aws: &aws,
        os: &os,
        identity: &identity,
        customer,
        journal: &journal,
        callbacks: &warnings,
        escape: None,
        terminal: settings.session.terminal,
        gate: None,
        introduction: None,
    };
    let request = Request {
        target: Target {
            region: "us-east-1".parse().unwrap(),
            instance_id: "i-0f3a91c27be45d806".to_owned(),
            name: None,
            windows: None,
        },
        document: None,
        parameters: BTreeMap::new(),
        reason: None,
        wait: None,
        kind: SessionKind::Shell,
    };
    let mut signals = Signals::new().unwrap();
    let client = async |_: Session<'_, '_>, _: &mut Signals| -> (End, ()) { panic!("a bug") };
    // Two beside each other: neither takes the other with it.
    let others = &mut Signals::new().unwrap();
    let other = host(context, &request, role.clone(), others, async |_, _| {
        tokio::time::sleep(Duration::from_secs(1)).await;
        (End::Finished, ())
    });
    let hosted = host(context, &request, role, &mut signals, client);
    let (hosted, other) = tokio::join!(hosted, other);
    assert!(matches!(other.unwrap().end, Ok(Exit::Ok)));
    let error = hosted.unwrap().end.unwrap_err();
    assert_eq!(error.facts().exit, Exit::Internal);
    assert_eq!(error.facts().session_state, Some("ended"));

    assert_eq!(sandbox.open_sessions(), [""; 0]);
    assert_eq!(journal.look().unwrap().unsettled, []);
    let history = journal.history(&warnings).unwrap();
    let states: Vec<_> = history.iter().map(|one| one.state).collect();
    assert_eq!(states, [State::Ended; 2]);
    let ids: Vec<_> = history.iter().map(|one| &one.session_id).collect();
    assert!(
        ids.iter()
            .any(|id| id.as_deref() == error.about.session_id.as_deref())
    );
    assert_eq!(*warnings.0.lock().unwrap(), [""; 0]);
}
