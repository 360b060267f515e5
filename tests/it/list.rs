//! `list`.

use crate::harness::Bench;

#[test]
fn the_instances_tagged_for_us_are_listed() {
    let bench = Bench::new();
    let ran = bench.run("list --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = ran.json();
    let names: Vec<&str> = listed["instances"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|instance| instance["name"].as_str())
        .collect();
    assert!(
        names.contains(&"web-1") && names.contains(&"win-1"),
        "{names:?}"
    );
    for instance in listed["instances"].as_array().unwrap() {
        assert_eq!(instance["tags"]["ExternalAccessGrantedTo"], "Third_Party_A");
        assert_eq!(instance["account_id"], "222222222222");
    }
}
