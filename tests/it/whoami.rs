//! `whoami`.

use crate::harness::Bench;

#[test]
fn each_step_is_named_in_text() {
    let ran = Bench::new().run("whoami");
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{ran:?}");
    assert_eq!(lines[0], "customer       acme");
    assert_eq!(
        lines[1],
        "base           arn:aws:iam::111111111111:user/alice"
    );
    assert!(
        lines[2].starts_with(
            "vendor role    arn:aws:sts::111111111111:assumed-role/3P_IAM_Assume_Role/alice (until "
        ) && lines[2].ends_with("Z, from sts)"),
        "{ran:?}"
    );
    assert!(
        lines[3].starts_with("customer role  arn:aws:sts::222222222222:assumed-role/"),
        "{ran:?}"
    );
}

#[test]
fn the_json_has_its_keys_in_their_order() {
    let ran = Bench::new().run("whoami --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = ran.json();
    let expires = |role: &str| said[role]["expires"].as_str().unwrap().to_owned();
    let (vendor, customer) = (expires("vendor_role"), expires("customer_role"));
    for time in [&vendor, &customer] {
        assert!(time.len() == 20 && time.ends_with('Z'), "{time}");
    }
    assert_eq!(
        ran.stdout.trim_end(),
        format!(
            concat!(
                r#"{{"version":1,"customer":"acme","base":{{"arn":"arn:aws:iam::111111111111:user/alice"}},"#,
                r#""vendor_role":{{"arn":"arn:aws:sts::111111111111:assumed-role/3P_IAM_Assume_Role/alice","#,
                r#""expires":"{vendor}","source":"sts"}},"#,
                r#""customer_role":{{"arn":"arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice","#,
                r#""account_id":"222222222222","expires":"{customer}","source":"sts"}}}}"#
            ),
            vendor = vendor,
            customer = customer
        )
    );
}

/// Without a cache there is nothing to note; `tests/outside` has the rest.
#[test]
fn what_is_cached_is_nothing_without_a_cache() {
    let bench = Bench::new();
    assert_eq!(bench.run("whoami").code, 0);
    let calls = bench.sandbox.actions().len();
    let ran = bench.run("whoami --cached");
    let expected = "customer       acme\nvendor role    not cached\ncustomer role  not cached\n";
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, expected, "")
    );
    let said = bench.run("whoami --cached --output json").json();
    assert_eq!(said["customer"], "acme");
    for role in ["vendor_role", "customer_role"] {
        for key in ["arn", "expires", "source"] {
            assert!(said[role].get(key).unwrap().is_null(), "{said}");
        }
    }
    assert_eq!(bench.sandbox.actions().len(), calls);
    assert!(!bench.home().join("state/vendor-ssm/roles").exists());
}
