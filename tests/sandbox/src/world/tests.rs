//! The seeds' policies let the vendor in where they should, and breaking any one rule keeps it out.

use std::collections::BTreeSet;

use super::*;
use crate::iam::{By, Context, Decision, Effect, Request, decide};

const INSTANCE: &str = "i-0f3a91c27be45d806";

fn assume(
    world: &World,
    caller: &str,
    policies: &[Policy],
    role: &Role,
    context: &Context,
) -> Decision {
    let role = world.role(&role.account, &role.name).unwrap();
    let request = Request {
        principal: caller.to_owned(),
        action: "sts:AssumeRole".to_owned(),
        resource: role.arn(),
        account: role.account.clone(),
        context: context.clone(),
    };
    decide(&request, policies, Some(&role.trust), None)
}

fn assume_vendor_role(world: &World, user: &str, role: &str, mfa: Option<bool>) -> Decision {
    let user = world.user(VENDOR, user).unwrap();
    let mut context = Context::new();
    context.set("aws:userid", &user.unique_id);
    if let Some(mfa) = mfa {
        context.set("aws:MultiFactorAuthPresent", mfa.to_string());
    }
    assume(
        world,
        &user.arn(),
        &user.policies,
        world.role(VENDOR, role).unwrap(),
        &context,
    )
}

fn assume_customer_role(world: &World, account: &str, external_id: Option<&str>) -> Decision {
    let vendor = world.role(VENDOR, VENDOR_ROLE).unwrap();
    let mut context = Context::new();
    context
        .set("aws:PrincipalArn", vendor.arn())
        .set("aws:userid", vendor.session_user_id("ana"));
    if let Some(id) = external_id {
        context.set("sts:ExternalId", id);
    }
    let role = world.role(account, CUSTOMER_ROLE).unwrap();
    assume(
        world,
        &vendor.session_arn("ana"),
        &vendor.policies,
        role,
        &context,
    )
}

fn call(world: &World, account: &str, action: &str, resource: &str, tag: Option<&str>) -> Decision {
    let role = world.role(account, CUSTOMER_ROLE).unwrap();
    let mut context = Context::new();
    context.set("aws:userid", role.session_user_id("ana"));
    if let Some(tag) = tag {
        context.set("ssm:resourceTag/ExternalAccessGrantedTo", tag);
    }
    let request = Request {
        principal: role.session_arn("ana"),
        action: action.to_owned(),
        resource: resource.to_owned(),
        account: account.to_owned(),
        context,
    };
    decide(&request, &role.policies, None, None)
}

fn start(world: &World, id: &str) -> Decision {
    let instance = world.instance(id).unwrap();
    let tag = instance.tag("ExternalAccessGrantedTo");
    call(
        world,
        &instance.account,
        "ssm:StartSession",
        &instance.arn(),
        tag,
    )
}

#[test]
fn the_chain_is_open() {
    let world = World::seeds();
    for user in ["alice", "bob"] {
        assert!(assume_vendor_role(&world, user, VENDOR_ROLE, None).is_allowed());
        assert!(assume_vendor_role(&world, user, VENDOR_MFA_ROLE, Some(true)).is_allowed());
        for mfa in [None, Some(false)] {
            let decision = assume_vendor_role(&world, user, VENDOR_MFA_ROLE, mfa);
            assert_eq!(decision.by, By::Trust);
            assert!(!decision.is_allowed());
        }
    }
    assert!(assume_customer_role(&world, CUSTOMER, Some(CUSTOMER_EXTERNAL_ID)).is_allowed());
    let second = Some(SECOND_CUSTOMER_EXTERNAL_ID);
    assert!(assume_customer_role(&world, SECOND_CUSTOMER, second).is_allowed());
    for (account, wrong) in [
        (CUSTOMER, None),
        (CUSTOMER, second),
        (SECOND_CUSTOMER, Some(CUSTOMER_EXTERNAL_ID)),
    ] {
        assert!(!assume_customer_role(&world, account, wrong).is_allowed());
    }
}

#[test]
fn the_customers_policy_grants_what_it_says() {
    use Effect::{Allowed, ExplicitlyDenied, ImplicitlyDenied};
    let world = World::seeds();
    let by_name = |name: &str| {
        let instance = world
            .instances
            .iter()
            .find(|instance| instance.tag("Name") == Some(name));
        start(&world, &instance.unwrap().id).effect
    };
    for (name, want) in [
        ("web-1", Allowed),
        ("win-1", Allowed),
        ("web-eu-1", Allowed),
        ("web-de-1", ImplicitlyDenied),
        ("billing-1", ImplicitlyDenied),
        ("internal-1", ImplicitlyDenied),
        ("shop-1", Allowed),
    ] {
        assert_eq!(by_name(name), want, "{name}");
    }
    let document = |name: &str| world.document(name).unwrap().arn("us-east-1", CUSTOMER);
    for (action, resource, want) in [
        (
            "ssm:StartSession",
            document("SSM-SessionManagerRunShell"),
            Allowed,
        ),
        (
            "ssm:StartSession",
            document("AWS-StartSSHSession"),
            ImplicitlyDenied,
        ),
        ("ec2:DescribeInstances", "*".to_owned(), Allowed),
        ("ssm:DescribeInstanceProperties", "*".to_owned(), Allowed),
        (
            "ssm:DescribeInstanceInformation",
            "*".to_owned(),
            ImplicitlyDenied,
        ),
        ("ssmmessages:OpenDataChannel", "*".to_owned(), Allowed),
        ("ssm:DescribeSessions", "*".to_owned(), ExplicitlyDenied),
    ] {
        let decision = call(&world, CUSTOMER, action, &resource, None);
        assert_eq!(decision.effect, want, "{action} on {resource}");
    }
    assert_eq!(
        document("AWS-StartSSHSession"),
        "arn:aws:ssm:us-east-1::document/AWS-StartSSHSession"
    );
}

#[test]
fn each_rule_can_be_broken() {
    let mut world = World::seeds();
    let only_bob = include_str!("policies/vendor-trust.json").replace("user/alice", "user/carol");
    world
        .role_mut(VENDOR, VENDOR_ROLE)
        .unwrap()
        .set_trust(&only_bob)
        .unwrap();
    assert!(!assume_vendor_role(&world, "alice", VENDOR_ROLE, None).is_allowed());
    assert!(assume_vendor_role(&world, "bob", VENDOR_ROLE, None).is_allowed());

    let mut world = World::seeds();
    world
        .role_mut(VENDOR, VENDOR_ROLE)
        .unwrap()
        .remove_policy("cross");
    let decision = assume_customer_role(&world, CUSTOMER, Some(CUSTOMER_EXTERNAL_ID));
    assert_eq!(
        (decision.effect, decision.by),
        (Effect::ImplicitlyDenied, By::Identity)
    );

    let mut world = World::seeds();
    let other = include_str!("policies/customer.json").replace("Third_Party_A", "Third_Party_C");
    world
        .role_mut(CUSTOMER, CUSTOMER_ROLE)
        .unwrap()
        .set_policy("session", &other)
        .unwrap();
    assert!(!start(&world, INSTANCE).is_allowed());

    let mut world = World::seeds();
    let deny =
        r#"{"Statement": {"Sid": "Closed", "Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
    world
        .role_mut(CUSTOMER, CUSTOMER_ROLE)
        .unwrap()
        .set_policy("closed", deny)
        .unwrap();
    let decision = start(&world, INSTANCE);
    assert_eq!(decision.effect, Effect::ExplicitlyDenied);
    assert_eq!(
        (decision.policy.as_deref(), decision.sid.as_deref()),
        (Some("closed"), Some("Closed"))
    );
}

#[test]
fn policies_go_where_they_belong() {
    let mut world = World::seeds();
    let user = world.user_mut(VENDOR, "alice").unwrap();
    assert!(
        user.set_policy("trust", include_str!("policies/vendor-trust.json"))
            .is_err()
    );
    let role = world.role_mut(VENDOR, VENDOR_ROLE).unwrap();
    assert!(role.set_trust(include_str!("policies/cross.json")).is_err());
    let both =
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    assert!(role.set_trust(both).is_err());
}

#[test]
fn instances_are_distinct_and_well_formed() {
    let world = World::seeds().with_instances(2000);
    let ids: BTreeSet<_> = world
        .instances
        .iter()
        .map(|instance| instance.id.as_str())
        .collect();
    assert_eq!(ids.len(), world.instances.len());
    assert!(ids.iter().all(|id| {
        let hex = id.strip_prefix("i-").unwrap();
        hex.len() == 17
            && hex
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }));
    let addresses: Vec<_> = world
        .instances
        .iter()
        .filter_map(|instance| instance.private_ip_address())
        .collect();
    assert!(
        addresses
            .iter()
            .all(|address| address.parse::<std::net::Ipv4Addr>().is_ok())
    );
    assert_eq!(
        addresses.iter().collect::<BTreeSet<_>>().len(),
        addresses.len()
    );
    let twins = world
        .instances
        .iter()
        .filter(|instance| instance.tag("Name") == Some("twin"));
    assert_eq!(twins.count(), 2);
}
