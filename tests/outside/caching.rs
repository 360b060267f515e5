//! Credentials between commands:
//! kept in a real gnome-keyring, used while they hold, and never instead of what the settings ask
//! for now.

mod handed_over;
mod notes;
mod stores;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::plugin::{Plugin, Script};
use vendor_ssm_sandbox::world::SECOND_CUSTOMER_EXTERNAL_ID;
use vendor_ssm_sandbox::{Options, Sandbox};

use crate::harness::{Bench, Ran, SETTINGS, run};
use crate::secret_service::SecretService;

const WEB_1: &str = "i-0f3a91c27be45d806";

/// A sandbox, a home, and a keyring.
struct Kept {
    bench: Bench,
    keyring: SecretService,
}

impl Kept {
    fn new() -> Self {
        Self::with(SecretService::start(), Options::default(), "keyring")
    }

    fn with(keyring: SecretService, options: Options, store: &str) -> Self {
        let bench = Bench::with(options);
        bench.settings(&settings(store));
        Self { bench, keyring }
    }

    fn sandbox(&self) -> &Sandbox {
        &self.bench.sandbox
    }

    fn command(&self, line: &str) -> Command {
        let mut command = self.bench.command(line.split_whitespace());
        command.env("DBUS_SESSION_BUS_ADDRESS", self.keyring.address());
        command
    }

    /// Runs the program, which has to succeed, and tells what AWS was asked.
    fn calls(&self, line: &str) -> Vec<String> {
        self.calls_of(&mut self.command(line))
    }

    fn calls_of(&self, command: &mut Command) -> Vec<String> {
        let before = self.sandbox().actions().len();
        let ran = run(command);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(warnings(&ran), 0, "{ran:?}");
        self.sandbox().actions().split_off(before)
    }

    fn whoami(&self) -> serde_json::Value {
        let ran = run(&mut self.command("whoami --output json"));
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json()
    }

    /// Where the vendor role and the customer role came from.
    fn sources(&self) -> [String; 2] {
        let said = self.whoami();
        ["vendor_role", "customer_role"]
            .map(|role| said[role]["source"].as_str().unwrap().to_owned())
    }

    /// The entries that hold credentials, by key: all but those for logout's sake.
    fn roles(&self) -> BTreeMap<String, String> {
        let mut entries = self.keyring.entries();
        entries.retain(|key, _| key.len() == 64);
        entries
    }
}

/// The two customers of the seeds, who share the vendor's settings.
fn settings(store: &str) -> String {
    let acme = SETTINGS.replace(r#"store = "none""#, &format!("store = {store:?}"));
    format!(
        r#"default_customer = "acme"
{acme}
[customers.shop]
role_arn    = "arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "{SECOND_CUSTOMER_EXTERNAL_ID}"
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]
"#
    )
}

fn warnings(ran: &Ran) -> usize {
    ran.stderr.matches("warning").count()
}

const WALK: [&str; 3] = ["GetCallerIdentity", "AssumeRole", "AssumeRole"];

#[test]
fn a_warm_connect_makes_one_call() {
    let kept = Kept::new();
    kept.calls("whoami");
    // For piped input the platform is looked up beside the session: Windows wants another end of
    // input.
    let mut calls = kept.calls(&format!("connect {WEB_1}"));
    calls.retain(|action| action != "DescribeInstances");
    assert_eq!(calls, ["StartSession", "OpenDataChannel"]);
    assert_eq!(kept.sandbox().open_sessions(), Vec::<String>::new());
}

#[test]
fn a_warm_connect_with_the_plugin_makes_one_call_and_ends_its_session() {
    let kept = Kept::new();
    let folder = tempfile::tempdir().unwrap();
    let plugin = Plugin::install(folder.path(), &Script::default()).unwrap();
    let path = plugin.path();
    let session = format!("[session]\nplugin_path = {path:?}\n");
    kept.bench
        .settings(&format!("{}{session}", settings("keyring")));
    let connect = format!("connect {WEB_1} --client plugin");
    let with_plugin = || {
        let before = kept.sandbox().actions().len();
        let ran = run(&mut kept.command(&connect));
        assert_eq!(ran.code, 0, "{ran:?}");
        let mut calls = kept.sandbox().actions().split_off(before);
        // The plugin's role is asked for beside StartSession.
        calls.sort_by_key(|action| action.ends_with("Session"));
        calls
    };
    let ends = ["StartSession", "TerminateSession"];
    let narrowed = ["AssumeRole"];
    assert_eq!(with_plugin(), [&WALK[..], &narrowed, &ends].concat());
    assert_eq!(
        kept.roles().len(),
        3,
        "two roles, and the customer's narrowed"
    );
    assert_eq!(with_plugin(), ends);
    kept.calls("logout -c acme");
    assert_eq!(kept.roles(), BTreeMap::new());
}

#[test]
fn a_warm_list_asks_for_instances_alone() {
    let kept = Kept::new();
    assert_eq!(kept.calls("list")[..3], WALK);
    let mut warm = kept.calls("list");
    warm.sort();
    assert_eq!(warm, ["DescribeInstanceProperties", "DescribeInstances"]);
}

#[test]
fn whoami_says_where_each_role_came_from() {
    let kept = Kept::new();
    let cold = kept.whoami();
    assert_eq!(cold["vendor_role"]["source"], "sts");
    assert_eq!(cold["customer_role"]["source"], "sts");
    let warm = kept.whoami();
    assert_eq!(warm["vendor_role"]["source"], "cache");
    assert_eq!(warm["customer_role"]["source"], "cache");
    for field in ["arn", "expires"] {
        assert_eq!(cold["vendor_role"][field], warm["vendor_role"][field]);
        assert_eq!(cold["customer_role"][field], warm["customer_role"][field]);
    }
    assert_eq!(cold["base"]["arn"], "arn:aws:iam::111111111111:user/alice");
    assert_eq!(warm["base"], cold["base"]);
}

#[test]
fn customers_share_the_vendor_role() {
    let kept = Kept::new();
    kept.calls("whoami -c acme");
    let second = kept.calls("list -c shop");
    assert_eq!(second[0], "AssumeRole");
    assert_eq!(assumed(&second), 1, "{second:?}");
}

#[test]
fn login_walks_even_when_warm_and_logout_forgets() {
    let kept = Kept::new();
    for _ in 0..2 {
        assert_eq!(assumed(&kept.calls("login -c acme")), 2);
    }
    kept.calls("login -c shop");
    assert_eq!(
        kept.roles().len(),
        3,
        "a vendor role and two customer roles"
    );

    // The vendor role could still become acme's role, so it goes too.
    assert_eq!(kept.calls("logout -c acme"), [""; 0]);
    assert_eq!(kept.roles().len(), 1);
    assert_eq!(assumed(&kept.calls("list -c shop")), 0);
    assert_eq!(assumed(&kept.calls("list -c acme")), 2);

    kept.calls("logout");
    assert_eq!(kept.keyring.entries(), BTreeMap::new());
    assert_eq!(kept.sources(), ["sts", "sts"]);
}

#[test]
fn no_cache_neither_reads_nor_keeps() {
    let kept = Kept::new();
    kept.calls("list --no-cache");
    assert_eq!(kept.keyring.entries(), BTreeMap::new());
    kept.calls("list");
    assert_eq!(assumed(&kept.calls("list --no-cache")), 2);
    assert_eq!(assumed(&kept.calls("list")), 0);

    let ran = run(&mut kept.command("login --no-cache"));
    assert_eq!(ran.code, 12, "{ran:?}");
}

#[test]
fn credentials_are_renewed_before_their_end() {
    let kept = Kept::new();
    let fresh = |seconds_ago, seconds_left| {
        kept.calls("logout");
        kept.calls("whoami");
        let times = [now() - seconds_ago, now() + seconds_left];
        let mut entries = kept.roles();
        assert_eq!(entries.len(), 2);
        for text in entries.values_mut() {
            *text = with_field(text, "t", times.into());
        }
        kept.keyring.plant(&entries);
        kept.sources() == ["cache", "cache"]
    };
    // Five minutes of an hour, the last quarter of less than twenty minutes.
    assert!(fresh(3200, 400));
    assert!(!fresh(3340, 260));
    assert!(fresh(500, 400));
    assert!(!fresh(820, 180));
    // Got in the future, or ended before they were got: a clock was set.
    assert!(!fresh(-100, 3600));
    assert!(!fresh(100, -200));
}

#[test]
fn short_lived_credentials_are_renewed() {
    let lifetime = Some(Duration::from_secs(2));
    let options = Options {
        credential_lifetime: lifetime,
        ..Options::default()
    };
    let kept = Kept::with(SecretService::start(), options, "keyring");
    let first = kept.whoami();
    let end = first["customer_role"]["expires"].as_str().unwrap();
    let end: jiff::Timestamp = end.parse().unwrap();
    while jiff::Timestamp::now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(kept.sources(), ["sts", "sts"]);
}

#[test]
fn what_aws_calls_expired_is_got_again() {
    let kept = Kept::new();
    kept.calls("login");
    let expired = |action: &str| {
        let fault = Fault::new(action, Kind::Expired).times(1);
        kept.sandbox().faults().add(fault);
    };
    expired("DescribeInstances");
    assert_eq!(assumed(&kept.calls("list")), 1, "the vendor role held");
    expired("StartSession");
    assert_eq!(assumed(&kept.calls(&format!("connect {WEB_1}"))), 1);

    // The cached vendor role, found out while the customer role is asked for.
    let mut entries = kept.roles();
    entries.retain(|_, text| text.contains("222222222222"));
    assert_eq!(entries.len(), 1);
    for text in entries.values_mut() {
        "gone".clone_into(text);
    }
    kept.keyring.plant(&entries);
    expired("AssumeRole");
    assert_eq!(assumed(&kept.calls("list")), 3);
    assert_eq!(assumed(&kept.calls("list")), 0);
    assert_eq!(kept.sandbox().open_sessions(), Vec::<String>::new());
}

#[test]
fn a_role_whose_sessions_were_revoked_is_got_again() {
    let kept = Kept::new();
    // As IAM's "Revoke active sessions" does it.
    let revoke = |account: &str, role: &str| {
        // Tokens are issued at whole seconds.
        std::thread::sleep(Duration::from_millis(1100));
        let time = DateTime::from_secs(now()).fmt(Format::DateTime).unwrap();
        let policy = serde_json::json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Action": ["*"], "Resource": ["*"],
            "Condition": {"DateLessThan": {"aws:TokenIssueTime": time}},
        }]});
        kept.sandbox().world(|world| {
            let role = world.role_mut(account, role).unwrap();
            role.set_policy("AWSRevokeOlderSessions", &policy.to_string())
                .unwrap();
        });
    };
    kept.calls("login");
    revoke("222222222222", "SSMStartSession_IAM_Role_ThirdPartyA");
    assert_eq!(assumed(&kept.calls("list")), 1, "the vendor role held");
    assert_eq!(assumed(&kept.calls("list")), 0);

    revoke("111111111111", "3P_IAM_Assume_Role");
    revoke("222222222222", "SSMStartSession_IAM_Role_ThirdPartyA");
    // Across accounts AWS does not say that the vendor role was at fault. vendor-ssm does not ask
    // the customer twice, and the next command renews both roles.
    let refused = run(&mut kept.command("list"));
    assert_eq!(refused.code, 22, "{refused:?}");
    assert_eq!(assumed(&kept.calls("list")), 2);
    assert_eq!(assumed(&kept.calls("list")), 0);
}

#[test]
fn another_identity_finds_nothing() {
    let kept = Kept::new();
    let original = settings("keyring");
    kept.calls("login");
    let cold = |what: &str, calls: &[String]| assert_eq!(assumed(calls), 2, "{what}: {calls:?}");

    let edits = [
        (
            "role_arn = \"arn:aws:iam::111",
            "role_session_name = \"other\"\nrole_arn = \"arn:aws:iam::111",
        ),
        (
            "role_arn = \"arn:aws:iam::111",
            "duration_seconds = 900\nrole_arn = \"arn:aws:iam::111",
        ),
        (
            "role_arn = \"arn:aws:iam::111",
            "sts_region = \"eu-west-1\"\nrole_arn = \"arn:aws:iam::111",
        ),
    ];
    for (from, to) in edits {
        kept.bench.settings(&original.replacen(from, to, 1));
        if to.starts_with("sts_region") {
            // One endpoint serves all regions here, so it is the same STS.
            assert_eq!(assumed(&kept.calls("list")), 0);
        } else {
            cold(to, &kept.calls("list"));
        }
    }

    // The customer's own settings leave the vendor role as it is.
    let one_hour = original.replacen("tag_value", "duration_seconds = 1800\ntag_value", 1);
    kept.bench.settings(&one_hour);
    assert_eq!(assumed(&kept.calls("list")), 1);

    kept.bench
        .settings(&original.replacen("ExternalID3rdPartyA", "AnotherExternalId", 1));
    let ran = run(&mut kept.command("list"));
    assert_eq!(ran.code, 22, "{ran:?}");

    kept.bench.settings(&original);
    assert_eq!(assumed(&kept.calls("list")), 0, "still there for its own");
    let bob = kept.sandbox().credentials("bob").unwrap();
    let mut as_bob = kept.command("list");
    as_bob
        .env("AWS_ACCESS_KEY_ID", &bob.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &bob.secret_access_key);
    cold("other exported keys", &kept.calls_of(&mut as_bob));

    let alice = kept.sandbox().credentials("alice").unwrap();
    let file = kept.bench.home().join("credentials");
    let profile = |name: &str, keys: &vendor_ssm_sandbox::Keys| {
        format!(
            "[{name}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            keys.access_key_id, keys.secret_access_key
        )
    };
    std::fs::write(&file, profile("alice", &alice) + &profile("bob", &bob)).unwrap();
    for name in ["alice", "bob"] {
        let mut with_profile = kept.command(&format!("list --profile {name}"));
        with_profile.env("AWS_SHARED_CREDENTIALS_FILE", &file);
        cold(name, &kept.calls_of(&mut with_profile));
    }
}

/// What is done to an entry's text.
type Damage<'a> = &'a dyn Fn(&str) -> String;

#[test]
fn entries_that_are_not_ours_are_replaced() {
    let kept = Kept::new();
    kept.calls("login");
    let good = kept.roles();
    let [first, second]: [&String; 2] = good.keys().collect::<Vec<_>>().try_into().unwrap();
    let damage: [(&str, Damage<'_>); 7] = [
        ("no JSON", &|_| "garbage".to_owned()),
        ("cut off", &|text| text[..text.len() / 2].to_owned()),
        ("empty object", &|_| "{}".to_owned()),
        ("another account", &|text| {
            text.replace("222222222222", "333333333333")
                .replace("111111111111", "333333333333")
        }),
        ("long-lived keys", &|text| text.replace("ASIA", "AKIA")),
        ("an unknown field", &|text| with_field(text, "z", 1.into())),
        ("times that are none", &|text| {
            with_field(text, "t", [u64::MAX, u64::MAX].into())
        }),
    ];
    for (what, damage) in damage {
        let planted = good.iter().map(|(key, text)| (key.clone(), damage(text)));
        kept.keyring.plant(&planted.collect());
        assert_eq!(assumed(&kept.calls("list")), 2, "{what}");
        assert_eq!(assumed(&kept.calls("list")), 0, "{what}: replaced");
    }

    // Each under the other's key.
    let good = kept.roles();
    kept.keyring.plant(&BTreeMap::from([
        (first.clone(), good[second].clone()),
        (second.clone(), good[first].clone()),
    ]));
    assert_eq!(assumed(&kept.calls("list")), 2);
    assert_eq!(assumed(&kept.calls("list")), 0);
}

#[test]
fn sixteen_processes_walk_once() {
    let kept = Kept::new();
    let racing: Vec<_> = (0..16)
        .map(|_| {
            let mut command = kept.command("list --output json");
            command
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in racing {
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(warnings(&ran), 0, "{ran:?}");
    }
    assert_eq!(assumed(&kept.sandbox().actions()), 2);
}

/// How many roles were asked for.
fn assumed(calls: &[String]) -> usize {
    calls
        .iter()
        .filter(|action| *action == "AssumeRole")
        .count()
}

/// An entry with one field changed.
fn with_field(entry: &str, name: &str, value: serde_json::Value) -> String {
    let mut entry: serde_json::Value = serde_json::from_str(entry).unwrap();
    entry[name] = value;
    entry.to_string()
}

#[expect(clippy::disallowed_methods, reason = "a test has no Os to ask")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs().try_into().unwrap()
}
