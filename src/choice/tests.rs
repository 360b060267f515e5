use std::collections::BTreeMap;
use std::net::IpAddr;

use super::*;
use crate::inventory::{Cause, Mismatch};

pub(super) fn instance(id: &str, name: Option<&str>) -> Instance {
    Instance {
        customer: "acme".into(),
        account_id: Some("222222222222".into()),
        region: "us-east-1".parse().unwrap(),
        availability_zone: Some("us-east-1a".into()),
        instance_id: id.to_owned(),
        name: name.map(str::to_owned),
        state: Some("running".into()),
        ping_status: None,
        platform: Some("Linux/UNIX".into()),
        instance_type: Some("t3.micro".into()),
        private_ip: None,
        tags: BTreeMap::new(),
        addresses: Vec::new(),
    }
}

const A: &str = "i-0000000000000000a";
const B: &str = "i-0000000000000000b";
const C: &str = "i-0000000000000000c";

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn inventory() -> Inventory {
    let mut web = instance(A, Some("web"));
    web.addresses = addresses(&["10.0.0.1", "10.0.0.9", "2001:db8::1", "2001:db8::9"]);
    let mut db = instance(B, Some("db"));
    db.private_ip = Some("10.0.0.2".to_owned());
    db.addresses = addresses(&["10.0.0.2"]);
    let mut second_db = instance(C, Some("db"));
    second_db.addresses = addresses(&["10.0.0.8", "10.0.0.2"]);
    Inventory {
        instances: vec![web, db, second_db, instance("i-0000000d", Some("web-2"))],
        ..Inventory::default()
    }
}

fn failure(cause: Option<Mismatch>) -> RegionFailure {
    let region = "eu-west-1".parse().unwrap();
    RegionFailure {
        customer: "acme".into(),
        grant_ended: None,
        cause: cause.map_or_else(
            || {
                Cause::Aws(crate::aws::Failure {
                    service: crate::aws::Service::Ec2,
                    operation: "DescribeInstances",
                    region: "eu-west-1".parse().unwrap(),
                    kind: crate::aws::FailureKind::Throttled,
                    code: Some("RequestLimitExceeded".to_owned()),
                    message: None,
                    request_id: None,
                    without_effect: true,
                    server_time: None,
                })
            },
            Cause::Mismatch,
        ),
        region,
    }
}

fn choose_in(inventory: Inventory, target: &str) -> Result<Choice, Error> {
    choose(Some(&Wanted::parse(target)), inventory)
}

fn ids(instances: &[Instance]) -> Vec<&str> {
    instances
        .iter()
        .map(|instance| instance.instance_id.as_str())
        .collect()
}

#[test]
fn the_shape_of_a_target_decides() {
    let id = |text: &str| Wanted::Id(text.to_owned());
    let name = |text: &str| Wanted::Name(text.to_owned());
    let table = [
        ("i-0123abcd", id("i-0123abcd")),
        ("i-0123456789abcdef0", id("i-0123456789abcdef0")),
        ("i-0123456789ABCDEF0", id("i-0123456789abcdef0")),
        ("mi-0123456789abcdef0", id("mi-0123456789abcdef0")),
        ("mi-0123abcd", name("mi-0123abcd")),
        ("i-0123456789abcdef", name("i-0123456789abcdef")),
        ("i-0123abcg", name("i-0123abcg")),
        ("I-0123abcd", name("I-0123abcd")),
        ("i-", name("i-")),
        ("10.0.0.1", Wanted::Address([10, 0, 0, 1].into())),
        ("::1", Wanted::Address("::1".parse().unwrap())),
        ("[::1]", Wanted::Address("::1".parse().unwrap())),
        (
            "[2001:0DB8:0:0:0::0001]",
            Wanted::Address("2001:db8::1".parse().unwrap()),
        ),
        ("::ffff:10.0.0.1", Wanted::Address([10, 0, 0, 1].into())),
        ("[::ffff:a00:1]", Wanted::Address([10, 0, 0, 1].into())),
        ("[10.0.0.1]", name("[10.0.0.1]")),
        ("[::1", name("[::1")),
        ("::1]", name("::1]")),
        ("[[::1]]", name("[[::1]]")),
        ("[]", name("[]")),
        ("10.0.0", name("10.0.0")),
        ("10.0.0.01", name("10.0.0.01")),
        ("web-1", name("web-1")),
        ("", name("")),
        ("データ", name("データ")),
    ];
    for (text, wanted) in table {
        assert_eq!(Wanted::parse(text), wanted, "{text}");
    }
}

#[test]
fn one_that_fits_is_chosen() {
    for (target, id) in [
        ("web", A),
        (A, A),
        ("10.0.0.1", A),
        ("10.0.0.9", A),
        ("2001:db8:0::1", A),
        ("[2001:DB8::9]", A),
        ("::ffff:10.0.0.9", A),
    ] {
        match choose_in(inventory(), target).unwrap() {
            Choice::One(instance) => assert_eq!(instance.instance_id, id),
            Choice::Ask { .. } => panic!("{target} was not unique"),
        }
    }
}

#[test]
fn several_that_fit_are_all_named() {
    for target in ["db", "10.0.0.2"] {
        let Choice::Ask {
            candidates,
            otherwise,
        } = choose_in(inventory(), target).unwrap()
        else {
            panic!("{target} was taken silently");
        };
        assert_eq!(ids(&candidates), [B, C]);
        assert_eq!(otherwise.facts().exit, Exit::Ambiguous);
        let details = otherwise.facts().details;
        assert_eq!(details.len(), 2);
        assert_eq!(details[0], format!("{B}  db  10.0.0.2  running  us-east-1"));
    }
}

#[test]
fn a_beginning_is_never_taken_even_if_it_is_the_only_one() {
    let Choice::Ask {
        candidates,
        otherwise,
    } = choose_in(inventory(), "web-").unwrap()
    else {
        panic!("it was taken silently");
    };
    assert_eq!(ids(&candidates), ["i-0000000d"]);
    assert_eq!(otherwise.facts().exit, Exit::NoMatch);
    assert_eq!(
        otherwise.facts().details,
        ["names that start with it: web-2"]
    );
    assert_eq!(otherwise.to_string(), "no instance has the name \"web-\"");
}

#[test]
fn a_name_in_another_letter_case_is_offered_and_never_taken() {
    let mut inventory = inventory();
    inventory.instances[3].name = Some("wEB-ÄÖ".to_owned());
    for (target, names) in [
        ("WEB", "names that differ only in letter case: web"),
        ("Db", "names that differ only in letter case: db"),
        ("web-äö", "names that differ only in letter case: wEB-ÄÖ"),
        ("w", "names that start with it: wEB-ÄÖ, web"),
    ] {
        let Ok(Choice::Ask { otherwise, .. }) = choose_in(inventory.clone(), target) else {
            panic!("{target} was taken silently");
        };
        assert_eq!(otherwise.facts().exit, Exit::NoMatch);
        assert_eq!(otherwise.facts().details, [names]);
        let hint = otherwise.facts().hint.unwrap();
        assert_eq!(hint.contains("%n"), target != "w", "{hint}");
    }
}

#[test]
fn what_is_not_there_is_no_match() {
    for target in ["WEBS", "i-00000000", "10.9.9.9", "eb"] {
        let error = choose_in(inventory(), target).unwrap_err();
        assert_eq!(error.facts().exit, Exit::NoMatch, "{target}");
        assert!(error.facts().details.is_empty());
    }
}

#[test]
fn a_name_shaped_like_an_id_or_an_address_is_out_of_reach() {
    let mut inventory = inventory();
    inventory.instances[0].name = Some("i-0123abcd".to_owned());
    inventory.instances[1].name = Some("10.1.1.1".to_owned());
    for target in ["i-0123abcd", "10.1.1.1"] {
        let error = choose_in(
            Inventory {
                instances: inventory.instances.clone(),
                ..Inventory::default()
            },
            target,
        )
        .unwrap_err();
        assert_eq!(error.facts().exit, Exit::NoMatch, "{target}");
    }
}

#[test]
fn nothing_is_unique_while_a_region_has_not_answered() {
    let incomplete = || Inventory {
        failures: vec![failure(None)],
        ..inventory()
    };
    for target in ["web", "db", "nothing", "web-", "10.0.0.1", "i-00000000"] {
        let error = choose_in(incomplete(), target).unwrap_err();
        assert_eq!(error.facts().exit, Exit::Throttled, "{target}");
    }
    // An id is unique by itself.
    assert!(matches!(choose_in(incomplete(), A), Ok(Choice::One(_))));
}

#[test]
fn the_safety_stop_outranks_other_failures() {
    let mismatch = Mismatch::Tag {
        instance_id: A.to_owned(),
        key: "k".to_owned(),
        value: "v".to_owned(),
    };
    let inventory = Inventory {
        failures: vec![failure(None), failure(Some(mismatch))],
        ..inventory()
    };
    let error = choose_in(inventory, "web").unwrap_err();
    assert_eq!(error.facts().exit, Exit::IdentityMismatch);
}

#[test]
fn without_a_target_a_person_picks_even_the_only_one() {
    let mut one = inventory();
    one.instances.truncate(1);
    one.failures.push(failure(None));
    let Choice::Ask {
        candidates,
        otherwise,
    } = choose(None, one).unwrap()
    else {
        panic!("it was taken silently");
    };
    assert_eq!(ids(&candidates), [A]);
    assert_eq!(otherwise.facts().exit, Exit::NeedsTerminal);

    let error = choose(None, Inventory::default()).unwrap_err();
    assert_eq!(error.facts().exit, Exit::NoMatch);
    let dark = Inventory {
        failures: vec![failure(None)],
        ..Inventory::default()
    };
    assert_eq!(
        choose(None, dark).unwrap_err().facts().exit,
        Exit::Throttled
    );
}

#[test]
fn many_near_names_are_counted_and_hostile_ones_are_data() {
    let inventory = Inventory {
        instances: (0..12)
            .map(|number| instance(A, Some(&format!("web-{number:02}"))))
            .collect(),
        ..Inventory::default()
    };
    let Choice::Ask { otherwise, .. } = choose_in(inventory, "web").unwrap() else {
        panic!("it was taken silently");
    };
    let details = otherwise.facts().details;
    assert!(details[0].ends_with("web-09 and 2 more"), "{details:?}");
}

#[test]
fn an_id_with_a_slip_is_told_so() {
    let error = choose_in(inventory(), "i-123").unwrap_err();
    assert!(
        error
            .facts()
            .hint
            .unwrap()
            .contains("17 hexadecimal digits")
    );
}
