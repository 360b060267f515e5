//! `AssumeRole`: the chain, each way it is refused, and what a session carries.

use vendor_ssm_sandbox::Sandbox;
use vendor_ssm_sandbox::world::{
    CANARY, CUSTOMER, CUSTOMER_EXTERNAL_ID, CUSTOMER_ROLE, MFA_CODE, VENDOR, VENDOR_MFA_ROLE,
    VENDOR_ROLE,
};

use crate::client::{Answer, Client, role_arn, start};

fn customer_role() -> String {
    role_arn(CUSTOMER, CUSTOMER_ROLE)
}

const EXTERNAL_ID: (&str, &str) = ("ExternalId", CUSTOMER_EXTERNAL_ID);

#[test]
fn the_chain_ends_in_the_customers_account() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let identity = client.sts("GetCallerIdentity", &[]);
    assert_eq!(identity.element("Account"), CUSTOMER);
    assert_eq!(
        identity.element("Arn"),
        format!("arn:aws:sts::{CUSTOMER}:assumed-role/{CUSTOMER_ROLE}/alice")
    );
    assert!(identity.element("UserId").starts_with("AROA"));
    assert!(identity.element("UserId").ends_with(":alice"));
    assert!(client.secret.contains(CANARY));
    assert!(client.token.is_some_and(|token| token.contains(CANARY)));

    let trail = sandbox.trail();
    assert_eq!(
        sandbox.actions(),
        ["AssumeRole", "AssumeRole", "GetCallerIdentity"]
    );
    let hop = &trail[1];
    assert_eq!(hop.parameters["ExternalId"], "present");
    assert_eq!(hop.decisions[0].effect, "Allowed");
    assert!(!format!("{trail:?}").contains(CANARY));
    assert!(!format!("{trail:?}").contains(CUSTOMER_EXTERNAL_ID));
}

#[test]
fn four_causes_are_refused_in_one_text() {
    let sandbox = start();
    let vendor = Client::vendor(&sandbox);
    let alice = Client::user(&sandbox, "alice");
    let refused = |caller: &str, role: &str| {
        format!("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}")
    };
    let vendor_arn = format!("arn:aws:sts::{VENDOR}:assumed-role/{VENDOR_ROLE}/alice");
    let role = customer_role();
    let wrong = [("ExternalId", "ExternalID3rdPartyB")];
    let text = refused(&vendor_arn, &role);
    vendor
        .assume(&role, "alice", &[])
        .assert_refused(403, "AccessDenied", &text);
    vendor
        .assume(&role, "alice", &wrong)
        .assert_refused(403, "AccessDenied", &text);
    let gone = role_arn(CUSTOMER, "NoSuchRole");
    vendor
        .assume(&gone, "alice", &[EXTERNAL_ID])
        .assert_refused(403, "AccessDenied", &refused(&vendor_arn, &gone));
    let user_arn = format!("arn:aws:iam::{VENDOR}:user/alice");
    alice.assume(&role, "alice", &[EXTERNAL_ID]).assert_refused(
        403,
        "AccessDenied",
        &refused(&user_arn, &role),
    );
}

#[test]
fn durations_are_checked() {
    let sandbox = start();
    let vendor = Client::vendor(&sandbox);
    let seconds = |client: &Client, role: &str, text: &str| {
        client.assume(role, "alice", &[EXTERNAL_ID, ("DurationSeconds", text)])
    };
    seconds(&vendor, &customer_role(), "3601").assert_refused(
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
    let alice = Client::user(&sandbox, "alice");
    seconds(&alice, &role_arn(VENDOR, VENDOR_ROLE), "3601").assert_refused(
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
    seconds(&vendor, &customer_role(), "60").assert_refused(
        400,
        "ValidationError",
        "1 validation error detected: Value '60' at 'durationSeconds' failed to satisfy constraint: Member must have \
         value greater than or equal to 900",
    );
    assert_eq!(seconds(&vendor, &customer_role(), "900").status, 200);
}

#[test]
fn forms_are_checked() {
    let sandbox = start();
    let vendor = Client::vendor(&sandbox);
    let answer = vendor.assume(&customer_role(), "al ice", &[EXTERNAL_ID]);
    answer.assert_refused(
        400,
        "ValidationError",
        r"1 validation error detected: Value 'al ice' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*",
    );
    let answer = vendor.assume(&customer_role(), "alice", &[("ExternalId", "secret id")]);
    assert_eq!(answer.refusal().1, "ValidationError");
    assert!(!answer.body.contains("secret id"));
    let answer = vendor.sts("AssumeRole", &[]);
    assert!(
        answer
            .refusal()
            .2
            .starts_with("2 validation errors detected: Value null at 'roleArn'")
    );
}

fn mfa(sandbox: &Sandbox, serial: &str, code: &str) -> Answer {
    let alice = Client::user(sandbox, "alice");
    let role = role_arn(VENDOR, VENDOR_MFA_ROLE);
    alice.assume(
        &role,
        "alice",
        &[("SerialNumber", serial), ("TokenCode", code)],
    )
}

#[test]
fn mfa_is_asked_for_where_the_trust_wants_it() {
    let sandbox = start();
    let serial = format!("arn:aws:iam::{VENDOR}:mfa/alice");
    assert_eq!(mfa(&sandbox, &serial, MFA_CODE).status, 200);
    mfa(&sandbox, &serial, "654321").assert_refused(
        403,
        "AccessDenied",
        "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    );
    let other = format!("arn:aws:iam::{VENDOR}:mfa/bob");
    assert!(
        mfa(&sandbox, &other, MFA_CODE)
            .refusal()
            .2
            .contains("unable to validate MFA code")
    );
    let alice = Client::user(&sandbox, "alice");
    let without = alice.assume(&role_arn(VENDOR, VENDOR_MFA_ROLE), "alice", &[]);
    assert_eq!(without.refusal().1, "AccessDenied");
}

#[test]
fn source_identity_and_tags_need_the_trust() {
    let sandbox = start();
    let alice = Client::user(&sandbox, "alice");
    let role = role_arn(VENDOR, VENDOR_ROLE);
    let named = [("SourceIdentity", "alice")];
    let tagged = [
        ("Tags.member.1.Key", "SSMSessionRunAs"),
        ("Tags.member.1.Value", "root"),
    ];
    let refused = alice.assume(&role, "alice", &named).refusal();
    assert!(
        refused
            .2
            .contains("is not authorized to perform: sts:SetSourceIdentity on resource")
    );
    let refused = alice.assume(&role, "alice", &tagged).refusal();
    assert!(
        refused
            .2
            .contains("is not authorized to perform: sts:TagSession on resource")
    );

    sandbox.world(|world| {
        let role = world.role_mut(VENDOR, VENDOR_ROLE).unwrap();
        role.set_trust(
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/alice"},
                "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]}}"#,
        )
        .unwrap();
    });
    let vendor = alice.become_role(&role, "alice", &named);
    assert_eq!(
        alice
            .assume(&role, "alice", &named)
            .element("SourceIdentity"),
        "alice"
    );
    // The value is carried on, and the customer's trust does not let it in.
    let refused = vendor
        .assume(&customer_role(), "alice", &[EXTERNAL_ID])
        .refusal();
    assert!(
        refused
            .2
            .contains("is not authorized to perform: sts:SetSourceIdentity on resource")
    );
}

#[test]
fn session_policies_narrow() {
    let sandbox = start();
    let alice = Client::user(&sandbox, "alice");
    let role = role_arn(VENDOR, VENDOR_ROLE);
    let only_ec2 = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}}"#;
    assert_eq!(
        alice.assume(&role, "alice", &[("Policy", "{")]).refusal().1,
        "MalformedPolicyDocument"
    );
    assert_eq!(
        alice
            .assume(&role, "alice", &[("Policy", &" ".repeat(2049))])
            .refusal()
            .1,
        "PackedPolicyTooLarge"
    );
    let narrowed = alice.become_role(&role, "alice", &[("Policy", only_ec2)]);
    let refused = narrowed.assume(&customer_role(), "alice", &[EXTERNAL_ID]);
    assert_eq!(refused.refusal().1, "AccessDenied");
}

#[test]
fn a_role_made_again_is_another_role() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    sandbox.world(|world| {
        world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap().unique_id =
            "AROAAAAAAAAAAAAAAAAAA".to_owned();
    });
    assert_eq!(
        client.sts("GetCallerIdentity", &[]).refusal().1,
        "InvalidClientTokenId"
    );
}

#[test]
fn a_region_can_be_switched_off() {
    let sandbox = start();
    sandbox.options().disabled_sts_regions = vec!["us-east-1".to_owned()];
    let alice = Client::user(&sandbox, "alice");
    let answer = alice.assume(&role_arn(VENDOR, VENDOR_ROLE), "alice", &[]);
    assert_eq!(
        (answer.status, answer.refusal().1.as_str()),
        (403, "RegionDisabledException")
    );
}
