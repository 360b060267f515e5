//! The table of requests with policies and expected answers must come out as it says.

use vendor_ssm_sandbox::iam::cases;

#[test]
fn cases() {
    let outcomes = cases::run(include_str!("iam-cases.json")).expect("the table is well formed");
    let wrong: Vec<_> = outcomes
        .iter()
        .filter(|outcome| !outcome.is_right())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(outcomes.len(), 30);
}
