//! The rules of evaluation, one table for each.

use serde_json::{Value, json};

use super::{By, Context, Decision, Effect, Policy, Request, decide};
use Effect::{Allowed, ExplicitlyDenied, ImplicitlyDenied};

const USER: &str = "arn:aws:iam::111111111111:user/team/ana";
const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/Ops/ana";
const ROOT: &str = "arn:aws:iam::111111111111:root";
const OWN_ROLE: &str = "arn:aws:iam::111111111111:role/Target";
const OTHER_ROLE: &str = "arn:aws:iam::222222222222:role/Target";

fn request(principal: &str, action: &str, resource: &str) -> Request {
    let account = resource.split(':').nth(4).unwrap_or("111111111111");
    Request {
        principal: principal.to_owned(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        account: account.to_owned(),
        context: Context::new(),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "reads better with json! literals"
)]
fn policy(name: &str, statements: Value) -> Policy {
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    Policy::from_value(name, document).unwrap()
}

fn allow(action: &str, resource: &str) -> Policy {
    policy(
        "allow",
        json!({"Sid": "A", "Effect": "Allow", "Action": action, "Resource": resource}),
    )
}

fn trust(principal: &Value) -> Policy {
    policy(
        "trust",
        json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}),
    )
}

/// Whether a condition holds, by an Allow that has no other reason to apply.
fn holds(condition: &Value, context: &Context) -> bool {
    let statement =
        json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    let request = Request {
        context: context.clone(),
        ..request(USER, "ssm:StartSession", "*")
    };
    decide(&request, &[policy("conditional", statement)], None, None).is_allowed()
}

fn context() -> Context {
    let mut context = Context::new();
    context
        .set("aws:userid", "AROA:ana")
        .set("ssm:resourceTag/Team", "Blue")
        .set("aws:MultiFactorAuthPresent", "true")
        .set("aws:MultiFactorAuthAge", "300")
        .set("aws:SourceIp", "10.1.2.3")
        .set("aws:VpcSourceIp", "2001:db8::1")
        .set("aws:CurrentTime", "2026-05-01T12:00:00Z")
        .set("aws:SourceArn", "arn:aws:s3:::bucket/a:b")
        .set("aws:Blob", "aGVsbG8=")
        .set("aws:Empty", "")
        .set_all("aws:TagKeys", ["a", "b"])
        .set_all("aws:NoKeys", Vec::<String>::new());
    context
}

#[test]
fn operators() {
    let team = "ssm:resourceTag/Team";
    let arn = "aws:SourceArn";
    for (operator, key, value, want) in [
        ("StringEquals", team, json!("Blue"), true),
        ("StringEquals", team, json!("blue"), false),
        ("StringEquals", team, json!("B*"), false),
        ("StringEquals", team, json!(["Red", "Blue"]), true),
        ("StringEquals", "SSM:ResourceTag/TEAM", json!("Blue"), true),
        ("stringequals", team, json!("Blue"), true),
        ("StringEquals", team, json!([]), false),
        ("StringNotEquals", team, json!("Blue"), false),
        ("StringNotEquals", team, json!(["Red", "Blue"]), false),
        ("StringNotEquals", team, json!(["Red", "Green"]), true),
        ("StringEqualsIgnoreCase", team, json!("bLUE"), true),
        ("StringNotEqualsIgnoreCase", team, json!("bLUE"), false),
        ("StringLike", team, json!("B?u*"), true),
        ("StringLike", team, json!("b*"), false),
        ("StringNotLike", team, json!("B*"), false),
        ("StringNotLike", team, json!("R*"), true),
        ("StringLike", "aws:userid", json!("*:ana"), true),
        ("ArnEquals", arn, json!("arn:aws:s3:::bucket/*"), true),
        ("ArnLike", arn, json!("arn:*:s3:*:*:buc*"), true),
        ("ArnLike", arn, json!("arn:aws:s3:*"), true),
        ("ArnLike", arn, json!("arn:aws:*:bucket/*"), false),
        ("ArnNotLike", arn, json!("arn:aws:s3:::bucket/*"), false),
        ("ArnNotEquals", arn, json!("arn:aws:s3:::other"), true),
        ("ArnLike", team, json!("*"), false),
        ("ArnNotLike", team, json!("arn:aws:s3:::x"), true),
        ("Bool", "aws:MultiFactorAuthPresent", json!(true), true),
        ("Bool", "aws:MultiFactorAuthPresent", json!("True"), true),
        ("Bool", "aws:MultiFactorAuthPresent", json!("false"), false),
        (
            "NumericEquals",
            "aws:MultiFactorAuthAge",
            json!("300.0"),
            true,
        ),
        (
            "NumericNotEquals",
            "aws:MultiFactorAuthAge",
            json!(300),
            false,
        ),
        (
            "NumericLessThan",
            "aws:MultiFactorAuthAge",
            json!(300),
            false,
        ),
        (
            "NumericLessThanEquals",
            "aws:MultiFactorAuthAge",
            json!(300),
            true,
        ),
        (
            "NumericGreaterThan",
            "aws:MultiFactorAuthAge",
            json!(299),
            true,
        ),
        (
            "NumericGreaterThanEquals",
            "aws:MultiFactorAuthAge",
            json!(301),
            false,
        ),
        ("NumericLessThan", team, json!(1), false),
        (
            "DateLessThan",
            "aws:CurrentTime",
            json!("2026-05-01T12:00:01Z"),
            true,
        ),
        (
            "DateLessThan",
            "aws:CurrentTime",
            json!("2026-05-01"),
            false,
        ),
        (
            "DateLessThanEquals",
            "aws:CurrentTime",
            json!("2026-05-01T14:00:00+02:00"),
            true,
        ),
        (
            "DateGreaterThan",
            "aws:CurrentTime",
            json!("2026-05-01T12:00:00Z"),
            false,
        ),
        (
            "DateGreaterThanEquals",
            "aws:CurrentTime",
            json!("2026"),
            true,
        ),
        (
            "DateEquals",
            "aws:CurrentTime",
            json!("2026-05-01T12:00:00Z"),
            true,
        ),
        (
            "DateNotEquals",
            "aws:CurrentTime",
            json!("2026-05-01T12:00:00Z"),
            false,
        ),
        ("IpAddress", "aws:SourceIp", json!("10.1.0.0/16"), true),
        ("IpAddress", "aws:SourceIp", json!("10.1.2.3"), true),
        ("IpAddress", "aws:SourceIp", json!("10.1.2.4"), false),
        ("IpAddress", "aws:SourceIp", json!("0.0.0.0/0"), true),
        ("IpAddress", "aws:SourceIp", json!("::/0"), false),
        ("IpAddress", "aws:VpcSourceIp", json!("2001:db8::/32"), true),
        ("IpAddress", "aws:VpcSourceIp", json!("::/0"), true),
        (
            "NotIpAddress",
            "aws:SourceIp",
            json!(["192.168.0.0/16", "10.0.0.0/8"]),
            false,
        ),
        (
            "NotIpAddress",
            "aws:SourceIp",
            json!("192.168.0.0/16"),
            true,
        ),
        ("BinaryEquals", "aws:Blob", json!("aGVsbG8="), true),
        ("BinaryEquals", "aws:Blob", json!("aGVsbG9v"), false),
        ("Null", team, json!("false"), true),
        ("Null", team, json!(true), false),
        ("Null", "aws:Absent", json!(true), true),
        ("Null", "aws:Absent", json!(["true", "false"]), true),
        ("Null", "aws:NoKeys", json!(true), true),
    ] {
        let condition = json!({operator: {key: value}});
        assert_eq!(holds(&condition, &context()), want, "{condition}");
    }
}

#[test]
fn missing_keys() {
    for (operator, want) in [
        ("StringEquals", false),
        ("StringLike", false),
        ("StringNotEquals", true),
        ("StringNotLike", true),
        ("StringNotEqualsIgnoreCase", true),
        ("ArnLike", false),
        ("ArnNotEquals", true),
        ("Bool", false),
        ("NumericLessThan", false),
        ("NumericNotEquals", true),
        ("DateGreaterThan", false),
        ("IpAddress", false),
        ("NotIpAddress", true),
        ("StringEqualsIfExists", true),
        ("BoolIfExists", true),
        ("StringNotEqualsIfExists", true),
        ("ForAllValues:StringEquals", true),
        ("ForAnyValue:StringEquals", false),
        ("ForAnyValue:StringNotEquals", false),
        ("ForAnyValue:StringEqualsIfExists", true),
        ("ForAllValues:StringEqualsIfExists", true),
    ] {
        let condition = json!({operator: {"aws:Absent": "1"}});
        assert_eq!(holds(&condition, &context()), want, "{operator}");
    }
    assert!(!holds(
        &json!({"StringEqualsIfExists": {"aws:userid": "x"}}),
        &context()
    ));
}

#[test]
fn sets() {
    for (operator, key, value, want) in [
        (
            "ForAllValues:StringEquals",
            "aws:TagKeys",
            json!(["a", "b", "c"]),
            true,
        ),
        (
            "ForAllValues:StringEquals",
            "aws:TagKeys",
            json!(["a"]),
            false,
        ),
        (
            "ForAllValues:StringNotEquals",
            "aws:TagKeys",
            json!(["c"]),
            true,
        ),
        (
            "ForAllValues:StringNotEquals",
            "aws:TagKeys",
            json!(["a"]),
            false,
        ),
        (
            "ForAnyValue:StringEquals",
            "aws:TagKeys",
            json!(["a"]),
            true,
        ),
        (
            "ForAnyValue:StringEquals",
            "aws:TagKeys",
            json!(["c"]),
            false,
        ),
        (
            "ForAnyValue:StringNotEquals",
            "aws:TagKeys",
            json!(["a"]),
            true,
        ),
        (
            "ForAnyValue:StringNotEquals",
            "aws:TagKeys",
            json!(["a", "b"]),
            false,
        ),
        ("ForAnyValue:StringLike", "aws:TagKeys", json!("?"), true),
        (
            "ForAllValues:StringEquals",
            "aws:userid",
            json!("AROA:ana"),
            true,
        ),
        (
            "ForAnyValue:StringEquals",
            "aws:userid",
            json!("AROA:bob"),
            false,
        ),
        ("ForAllValues:StringEquals", "aws:NoKeys", json!("x"), true),
        ("ForAnyValue:StringEquals", "aws:NoKeys", json!("x"), false),
        ("ForAllValues:StringEquals", "aws:Empty", json!("x"), true),
        // Without a set operator a multivalued key fits nothing.
        ("StringEquals", "aws:TagKeys", json!(["a", "b"]), false),
    ] {
        let condition = json!({operator: {key: value}});
        assert_eq!(holds(&condition, &context()), want, "{condition}");
    }
}

#[test]
fn conditions_are_joined_by_and() {
    let both = |team: &str, mfa: &str| {
        json!({"StringEquals": {"ssm:resourceTag/Team": team, "aws:userid": "AROA:ana"},
               "Bool": {"aws:MultiFactorAuthPresent": mfa}})
    };
    assert!(holds(&both("Blue", "true"), &context()));
    assert!(!holds(&both("Red", "true"), &context()));
    assert!(!holds(&both("Blue", "false"), &context()));
}

#[test]
fn variables_in_conditions() {
    let mut context = context();
    context
        .set("sts:RoleSessionName", "ana")
        .set("aws:PrincipalTag/Team", "B*");
    for (operator, key, value, want) in [
        ("StringLike", "aws:userid", "*:${sts:RoleSessionName}", true),
        (
            "StringLike",
            "aws:userid",
            "${sts:RoleSessionName}:*",
            false,
        ),
        (
            "StringEquals",
            "sts:RoleSessionName",
            "${aws:username}",
            true,
        ),
        // A star out of a variable is not a wildcard.
        (
            "StringLike",
            "ssm:resourceTag/Team",
            "${aws:PrincipalTag/Team}",
            false,
        ),
        ("StringLike", "aws:PrincipalTag/Team", "B${*}", true),
        ("StringLike", "ssm:resourceTag/Team", "B${*}", false),
        (
            "StringEquals",
            "ssm:resourceTag/Team",
            "${aws:Absent, 'Blue'}",
            true,
        ),
        // A variable without value fits nothing, so what must not fit holds.
        (
            "StringEquals",
            "ssm:resourceTag/Team",
            "${aws:Absent}",
            false,
        ),
        (
            "StringNotEquals",
            "ssm:resourceTag/Team",
            "${aws:Absent}",
            true,
        ),
    ] {
        let condition = json!({operator: {key: value}});
        assert_eq!(holds(&condition, &context), want, "{condition}");
    }
    let old = |version: Value| {
        let mut document = json!({"Version": version, "Statement": {
            "Effect": "Allow", "Action": "*",
            "Resource": "arn:aws:ssm:us-east-1:111111111111:session/${aws:username}-*"}});
        if version.is_null() {
            document.as_object_mut().unwrap().remove("Version");
        }
        let policy = Policy::from_value("p", document).unwrap();
        let session = "arn:aws:ssm:us-east-1:111111111111:session/ana-0a";
        decide(
            &request(USER, "ssm:ResumeSession", session),
            &[policy],
            None,
            None,
        )
        .is_allowed()
    };
    assert!(old(json!("2012-10-17")));
    assert!(!old(json!("2008-10-17")));
    assert!(!old(Value::Null));
}

#[test]
fn actions_and_resources() {
    let instance = "arn:aws:ec2:us-east-1:111111111111:instance/i-0a";
    for (element, want) in [
        (json!({"Action": "*", "Resource": "*"}), true),
        (json!({"Action": "SSM:start*", "Resource": "*"}), true),
        (
            json!({"Action": ["ec2:*", "ssm:StartSessio?"], "Resource": "*"}),
            true,
        ),
        (json!({"Action": "ssm:Start", "Resource": "*"}), false),
        (json!({"NotAction": "iam:*", "Resource": "*"}), true),
        (
            json!({"NotAction": ["iam:*", "ssm:*"], "Resource": "*"}),
            false,
        ),
        (
            json!({"Action": "*", "Resource": "arn:aws:ec2:*:*:instance/*"}),
            true,
        ),
        (
            json!({"Action": "*", "Resource": "arn:aws:ec2:eu-*:*:instance/*"}),
            false,
        ),
        (
            json!({"Action": "*", "NotResource": "arn:aws:ec2:*:*:instance/*"}),
            false,
        ),
        (
            json!({"Action": "*", "NotResource": "arn:aws:ssm:*:*:document/*"}),
            true,
        ),
        (
            json!({"Action": "*", "NotResource": "arn:aws:ec2:*:*:instance/${aws:Absent}"}),
            true,
        ),
    ] {
        let mut statement = element.clone();
        statement["Effect"] = json!("Allow");
        let decision = decide(
            &request(USER, "ssm:StartSession", instance),
            &[policy("p", statement)],
            None,
            None,
        );
        assert_eq!(decision.is_allowed(), want, "{element}");
    }
}

#[test]
fn principals() {
    let role = "arn:aws:iam::111111111111:role/Ops";
    for (caller, principal, want) in [
        (USER, json!("*"), true),
        (USER, json!({"AWS": "*"}), true),
        (USER, json!({"AWS": USER}), true),
        (
            USER,
            json!({"AWS": ["arn:aws:iam::111111111111:user/other", USER]}),
            true,
        ),
        (
            USER,
            json!({"AWS": "arn:aws:iam::111111111111:user/ana"}),
            false,
        ),
        (USER, json!({"AWS": ROOT}), false),
        (USER, json!({"AWS": "111111111111"}), false),
        (USER, json!({"Service": "ec2.amazonaws.com"}), false),
        (
            USER,
            json!({"Federated": "cognito-identity.amazonaws.com"}),
            false,
        ),
        (SESSION, json!({"AWS": role}), true),
        (SESSION, json!({"AWS": SESSION}), true),
        (
            SESSION,
            json!({"AWS": "arn:aws:iam::111111111111:role/path/Ops"}),
            true,
        ),
        (
            SESSION,
            json!({"AWS": "arn:aws:iam::222222222222:role/Ops"}),
            false,
        ),
        (
            SESSION,
            json!({"AWS": "arn:aws:iam::111111111111:role/Op"}),
            false,
        ),
        (
            SESSION,
            json!({"AWS": "arn:aws:sts::111111111111:assumed-role/Ops/bob"}),
            false,
        ),
        (SESSION, json!({"AWS": USER}), false),
    ] {
        let decision = decide(
            &request(caller, "sts:AssumeRole", OWN_ROLE),
            &[],
            Some(&trust(&principal)),
            None,
        );
        assert_eq!(decision.is_allowed(), want, "{caller} under {principal}");
    }
    let by_path = |path: &str| {
        let mut request = request(SESSION, "sts:AssumeRole", OWN_ROLE);
        request.context.set(
            "aws:PrincipalArn",
            format!("arn:aws:iam::111111111111:role/{path}Ops"),
        );
        let named = json!({"AWS": "arn:aws:iam::111111111111:role/path/Ops"});
        decide(&request, &[], Some(&trust(&named)), None).is_allowed()
    };
    assert!(by_path("path/"));
    assert!(!by_path("other/path/"));
    let by_id = |id: &str| {
        let mut request = request(SESSION, "sts:AssumeRole", OWN_ROLE);
        request
            .context
            .set("aws:userid", "AROAEXAMPLEEXAMPLE123:ana");
        decide(&request, &[], Some(&trust(&json!({"AWS": id}))), None).is_allowed()
    };
    assert!(by_id("AROAEXAMPLEEXAMPLE123"));
    assert!(
        !by_id("AROAEXAMPLEEXAMPLE124"),
        "a role made again is another role"
    );
}

#[test]
fn not_principals() {
    for (caller, listed, want) in [
        (USER, json!([USER, ROOT]), Allowed),
        (
            "arn:aws:iam::111111111111:user/bob",
            json!([USER, ROOT]),
            ExplicitlyDenied,
        ),
        (
            SESSION,
            json!(["arn:aws:iam::111111111111:role/Ops", SESSION, ROOT]),
            Allowed,
        ),
        (SESSION, json!([USER]), ExplicitlyDenied),
        (ROOT, json!([ROOT]), Allowed),
    ] {
        let bucket = policy(
            "bucket",
            json!([
            {"Effect": "Deny", "NotPrincipal": {"AWS": listed}, "Action": "s3:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]),
        );
        let mut request = request(caller, "s3:GetObject", "arn:aws:s3:::bucket/key");
        request.account = "111111111111".to_owned();
        let decision = decide(&request, &[], Some(&bucket), None);
        assert_eq!(decision.effect, want, "{caller} beside {listed}");
    }
}

#[test]
fn trust_and_identity() {
    let by_root = || trust(&json!({"AWS": ROOT}));
    let by_name = || trust(&json!({"AWS": USER}));
    let implicit = |by| (ImplicitlyDenied, by);
    for (what, resource, identity, trust, want) in [
        (
            "named, same account",
            OWN_ROLE,
            false,
            Some(by_name()),
            (Allowed, By::Trust),
        ),
        (
            "account, no policy",
            OWN_ROLE,
            false,
            Some(by_root()),
            implicit(By::Identity),
        ),
        (
            "account, policy",
            OWN_ROLE,
            true,
            Some(by_root()),
            (Allowed, By::Trust),
        ),
        (
            "policy, no trust",
            OWN_ROLE,
            true,
            None,
            implicit(By::Trust),
        ),
        (
            "policy, other trust",
            OWN_ROLE,
            true,
            Some(trust(&json!({"AWS": SESSION}))),
            implicit(By::Trust),
        ),
        (
            "cross, both",
            OTHER_ROLE,
            true,
            Some(by_name()),
            (Allowed, By::Trust),
        ),
        (
            "cross, account and policy",
            OTHER_ROLE,
            true,
            Some(by_root()),
            (Allowed, By::Trust),
        ),
        (
            "cross, trust alone",
            OTHER_ROLE,
            false,
            Some(by_name()),
            implicit(By::Identity),
        ),
        (
            "cross, anybody alone",
            OTHER_ROLE,
            false,
            Some(trust(&json!("*"))),
            implicit(By::Identity),
        ),
        (
            "cross, policy alone",
            OTHER_ROLE,
            true,
            None,
            implicit(By::Trust),
        ),
    ] {
        let identity: Vec<Policy> = identity.then(|| allow("sts:*", "*")).into_iter().collect();
        let decision = decide(
            &request(USER, "sts:AssumeRole", resource),
            &identity,
            trust.as_ref(),
            None,
        );
        assert_eq!((decision.effect, decision.by), want, "{what}");
    }
    let root = decide(
        &request(ROOT, "sts:AssumeRole", OWN_ROLE),
        &[],
        Some(&by_root()),
        None,
    );
    assert!(!root.is_allowed(), "a root user assumes no role");
    assert!(
        decide(
            &request(ROOT, "ec2:DescribeInstances", "*"),
            &[],
            None,
            None
        )
        .is_allowed()
    );
}

#[test]
fn resources_of_other_accounts_need_their_policy() {
    let topic = "arn:aws:sns:us-east-1:222222222222:topic";
    let identity = [allow("*", "*")];
    let decision = decide(&request(USER, "sns:Publish", topic), &identity, None, None);
    assert_eq!(
        (decision.effect, decision.by),
        (ImplicitlyDenied, By::Resource)
    );
}

#[test]
fn deny_beats_allow_wherever_it_stands() {
    let deny = |principal: bool| {
        let mut statement = json!({"Sid": "No", "Effect": "Deny", "Action": "sts:AssumeRole"});
        if principal {
            statement["Principal"] = json!({"AWS": ROOT});
        } else {
            statement["Resource"] = json!("*");
        }
        statement
    };
    let named = json!({"Effect": "Allow", "Principal": {"AWS": SESSION}, "Action": "*"});
    let trusting = policy("trust", json!([named.clone()]));
    let refusing = policy("trust", json!([named, deny(true)]));
    let denying = policy("denying", json!([deny(false)]));
    let request = request(SESSION, "sts:AssumeRole", OWN_ROLE);
    let everything = allow("*", "*");
    let denied = |by: By, name: &str| Decision {
        effect: ExplicitlyDenied,
        by,
        policy: Some(name.to_owned()),
        sid: Some("No".to_owned()),
    };
    assert!(decide(&request, &[], Some(&trusting), None).is_allowed());
    assert_eq!(
        decide(&request, &[], Some(&refusing), None),
        denied(By::Trust, "trust")
    );
    let identity = [everything.clone(), denying.clone()];
    assert_eq!(
        decide(&request, &identity, Some(&trusting), None),
        denied(By::Identity, "denying")
    );
    assert_eq!(
        decide(&request, &[everything], Some(&trusting), Some(&denying)),
        denied(By::Session, "denying")
    );
}

#[test]
fn session_policies_narrow() {
    let identity = [allow("ssm:*", "*")];
    let run = |session: Option<&Policy>| {
        decide(
            &request(SESSION, "ssm:StartSession", "*"),
            &identity,
            None,
            session,
        )
    };
    assert!(run(Some(&allow("ssm:StartSession", "*"))).is_allowed());
    let narrowed = run(Some(&allow("ssm:ResumeSession", "*")));
    assert_eq!(
        (narrowed.effect, narrowed.by),
        (ImplicitlyDenied, By::Session)
    );
    let alone = allow("ssm:*", "*");
    let decision = decide(
        &request(SESSION, "ssm:StartSession", "*"),
        &[],
        None,
        Some(&alone),
    );
    assert_eq!(
        (decision.effect, decision.by),
        (ImplicitlyDenied, By::Identity),
        "it grants nothing"
    );

    let narrow = allow("ssm:*", "*");
    let assume = |principal: &str| {
        let trust = trust(&json!({"AWS": principal}));
        decide(
            &request(SESSION, "sts:AssumeRole", OWN_ROLE),
            &[],
            Some(&trust),
            Some(&narrow),
        )
        .is_allowed()
    };
    assert!(assume(SESSION), "naming the session is not narrowed");
    assert!(!assume("arn:aws:iam::111111111111:role/Ops"));
}

#[test]
fn keys_that_aws_adds() {
    for (principal, key, value) in [
        (USER, "aws:username", "ana"),
        (USER, "aws:PrincipalType", "User"),
        (USER, "aws:PrincipalArn", USER),
        (
            SESSION,
            "aws:PrincipalArn",
            "arn:aws:iam::111111111111:role/Ops",
        ),
        (SESSION, "aws:PrincipalAccount", "111111111111"),
        (SESSION, "aws:PrincipalType", "AssumedRole"),
    ] {
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {"StringEquals": {key: value}, "Null": {"aws:EpochTime": false},
                          "DateGreaterThan": {"aws:CurrentTime": "2020-01-01"}}});
        let request = request(principal, "ssm:StartSession", "*");
        assert!(
            decide(&request, &[policy("p", statement)], None, None).is_allowed(),
            "{key}"
        );
    }
}

#[test]
fn denials_read_as_those_of_aws() {
    let start = |identity: &[Policy], session: Option<&Policy>| {
        let request = request(SESSION, "ssm:StartSession", "*");
        decide(&request, identity, None, session).explain(&request)
    };
    assert_eq!(
        start(&[], None),
        " because no identity-based policy allows the ssm:StartSession action"
    );
    assert_eq!(start(&[allow("*", "*")], None), "");
    assert_eq!(
        start(&[allow("*", "*")], Some(&allow("ec2:*", "*"))),
        " because no session policy allows the ssm:StartSession action"
    );
    let deny = |name: &str| {
        policy(
            name,
            json!({"Effect": "Deny", "Action": "*", "Resource": "*"}),
        )
    };
    assert_eq!(
        start(&[deny("p")], None),
        " with an explicit deny in an identity-based policy"
    );
    assert_eq!(
        start(&[deny("arn:aws:iam::111111111111:policy/p")], None),
        " with an explicit deny in an identity-based policy: arn:aws:iam::111111111111:policy/p"
    );
    let assume = |resource: &str| {
        let request = request(SESSION, "sts:AssumeRole", resource);
        decide(&request, &[allow("*", "*")], None, None).denial(&request)
    };
    let sentence =
        format!("User: {SESSION} is not authorized to perform: sts:AssumeRole on resource: ");
    assert_eq!(
        assume(OWN_ROLE),
        format!(
            "{sentence}{OWN_ROLE} because no role trust policy allows the sts:AssumeRole action"
        )
    );
    assert_eq!(assume(OTHER_ROLE), format!("{sentence}{OTHER_ROLE}"));
}

#[test]
fn malformed_policies_are_refused() {
    let statement = |change: Value| {
        let mut statement = json!({"Effect": "Allow", "Action": "ssm:*", "Resource": "*"});
        for (key, value) in change.as_object().unwrap() {
            statement[key] = value.clone();
        }
        json!({"Version": "2012-10-17", "Statement": [statement]})
    };
    for (what, document) in [
        ("no object", json!("policy")),
        ("no statement", json!({"Version": "2012-10-17"})),
        (
            "version",
            json!({"Version": "2012-10-18", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
        ),
        ("unknown element", statement(json!({"Ressource": "*"}))),
        ("effect", statement(json!({"Effect": "allow"}))),
        ("action", statement(json!({"Action": "StartSession"}))),
        ("both forms", statement(json!({"NotAction": "iam:*"}))),
        ("resource", statement(json!({"Resource": "instance/*"}))),
        (
            "operator",
            statement(json!({"Condition": {"StringEqual": {"aws:userid": "x"}}})),
        ),
        (
            "null if exists",
            statement(json!({"Condition": {"NullIfExists": {"aws:userid": "x"}}})),
        ),
        (
            "set",
            statement(json!({"Condition": {"ForSomeValues:StringLike": {"aws:userid": "x"}}})),
        ),
        (
            "key",
            statement(json!({"Condition": {"StringEquals": {"userid": "x"}}})),
        ),
        (
            "shape",
            statement(json!({"Condition": {"StringEquals": "x"}})),
        ),
        (
            "value",
            statement(json!({"Condition": {"StringEquals": {"aws:userid": {"a": "x"}}}})),
        ),
        (
            "principal",
            statement(json!({"Principal": "arn:aws:iam::111111111111:root"})),
        ),
        (
            "wildcard",
            statement(json!({"Principal": {"AWS": "arn:aws:iam::111111111111:user/*"}})),
        ),
        ("kind", statement(json!({"Principal": {"Aws": "*"}}))),
        (
            "no resource",
            json!({"Statement": {"Effect": "Allow", "Action": "ssm:*"}}),
        ),
        (
            "twice",
            json!({"Statement": [
            {"Sid": "A", "Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}]}),
        ),
        (
            "mixed",
            json!({"Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}),
        ),
    ] {
        assert!(Policy::from_value("p", document).is_err(), "{what}");
    }
    assert!(Policy::parse("p", "{").is_err());
}
