//! What a TARGET finds: any address of any interface in any textual form, and names by the letter.

use serde_json::Value;
use vendor_ssm_sandbox::world::Interface;

use crate::harness::terminal::{WEB_1, called};
use crate::harness::{Bench, SETTINGS};

const DB_1: &str = "i-0b64e0fd92a7138c5";
const WEB_EU_1: &str = "i-0bd31f7e6a2c98405";

fn interface(private: &[&str], ipv6: &[&str]) -> Interface {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Interface {
        private_ip_addresses: owned(private),
        ipv6_addresses: owned(ipv6),
    }
}

/// A bench on which the instance has these interfaces.
fn with(id: &str, interfaces: Vec<Interface>) -> Bench {
    let bench = Bench::new();
    set(&bench, id, interfaces);
    bench
}

fn set(bench: &Bench, id: &str, interfaces: Vec<Interface>) {
    bench.sandbox.world(|world| {
        let mut all = world.instances.iter_mut();
        all.find(|instance| instance.id == id).unwrap().interfaces = interfaces;
    });
}

fn web_1() -> Bench {
    let interfaces = vec![
        interface(&["10.0.0.11", "10.0.0.12"], &["2001:db8::a", "2001:db8::b"]),
        interface(&["10.9.0.11", "10.9.0.12"], &["2001:db8:0:9::a"]),
    ];
    with(WEB_1, interfaces)
}

#[test]
fn any_address_of_any_interface_finds_the_instance() {
    let bench = web_1();
    for target in [
        "10.0.0.11",
        "10.0.0.12",
        "10.9.0.11",
        "10.9.0.12",
        "2001:db8::a",
        "2001:db8::b",
        "2001:db8:0:9::a",
        "2001:DB8:0000:9:0:0:0:000A",
        "2001:db8::0.0.0.11",
        "[2001:db8:0:9::a]",
        "[2001:DB8::000B]",
        "::ffff:10.9.0.12",
        "[::FFFF:0a09:000c]",
    ] {
        let ran = bench.run(&format!("connect {target} --dry-run --output json"));
        assert_eq!(ran.code, 0, "{target}: {ran:?}");
        assert_eq!(ran.json()["instance_id"], WEB_1, "{target}");
    }
    // EC2 compares text, so that it is asked for the form that it writes itself.
    let trail = bench.sandbox.trail();
    let asked = trail.iter().filter_map(|event| {
        event
            .parameters
            .get("Filter network-interface.ipv6-addresses.ipv6-address")
    });
    let forms: Vec<&str> = asked.map(String::as_str).collect();
    assert_eq!(
        forms[3..],
        [
            "2001:db8:0:9::a",
            "2001:db8::b",
            "2001:db8:0:9::a",
            "2001:db8::b"
        ]
    );
}

#[test]
fn several_targets_are_found_by_all_their_addresses() {
    let bench = web_1();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    let ran = bench.run("run [2001:db8:0:9::A] 10.0.0.21 --output json -- true");
    assert_eq!(ran.code, 0, "{ran:?}");
    let results = ran.json();
    let ids: Vec<&Value> = results["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| &result["instance_id"])
        .collect();
    assert_eq!(ids, [WEB_1, DB_1]);
}

#[test]
fn an_address_that_two_instances_have_is_never_guessed() {
    // Two VPCs may use the same addresses.
    let bench = web_1();
    let twice = vec![
        interface(&["10.0.0.21"], &[]),
        interface(&["10.9.0.12"], &[]),
    ];
    set(&bench, DB_1, twice.clone());
    let ran = bench.run("connect 10.9.0.12 --dry-run");
    assert_eq!(ran.code, 31, "{ran:?}");
    for part in [
        "2 instances have the private address 10.9.0.12",
        WEB_1,
        DB_1,
    ] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    // So may two regions.
    let bench = web_1();
    set(&bench, WEB_EU_1, twice);
    bench.settings(&SETTINGS.replace("\"us-east-1\"", "\"us-east-1\", \"eu-west-1\""));
    let ran = bench.run("connect 10.9.0.12 --dry-run");
    assert_eq!(ran.code, 31, "{ran:?}");
    for part in [WEB_1, WEB_EU_1, "eu-west-1"] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
}

#[test]
fn an_ipv6_only_instance_shows_the_address_that_finds_it() {
    let bench = with(WEB_1, vec![interface(&[], &["2001:db8::a"])]);
    let ran = bench.run("list --filter name=web-1 --output json");
    assert_eq!(
        ran.json()["instances"][0]["private_ip"],
        "2001:db8::a",
        "{ran:?}"
    );
    let ran = bench.run("list --filter name=web-1");
    assert!(ran.stdout.contains("  2001:db8::a  "), "{ran:?}");
    let ran = bench.run("connect [2001:db8::a] --dry-run");
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = bench.run("connect [2001:db8::c] --dry-run");
    assert_eq!(ran.code, 30, "{ran:?}");
    assert!(
        ran.stderr
            .contains("no instance has the IPv6 address 2001:db8::c"),
        "{ran:?}"
    );
}

#[test]
fn a_name_in_another_letter_case_is_offered_and_never_taken() {
    let bench = Bench::new();
    for line in ["connect WEB-1 --dry-run", "proxy -c acme Web-1"] {
        let before = called(&bench, "DescribeInstances");
        let ran = bench.run(line);
        assert_eq!(ran.code, 30, "{line}: {ran:?}");
        for part in [
            "names that differ only in letter case: web-1\n",
            "in ssh's ProxyCommand use %n",
        ] {
            assert!(ran.stderr.contains(part), "{part}: {ran:?}");
        }
        let calls = called(&bench, "DescribeInstances") - before;
        assert_eq!(calls, 1, "it is found in the same call");
    }
    let ran = bench.run("connect WEB --dry-run");
    assert_eq!(ran.code, 30, "{ran:?}");
    assert!(!ran.stderr.contains("web-1"), "{ran:?}");
}
