//! The guardrails on the cases of tests/guardrail-cases, on other files, and on noise.

use std::fmt::Write as _;
use std::path::Path;

use super::ground::Ground;
use super::guardrail::judge;
use super::holder::{Holder, HolderKind};
use super::statement::statements;
use super::{Checked, Finding, Guardrail, NotAPolicy, Severity, check, json};

const GUARDRAILS: [Guardrail; 2] = [Guardrail::SendCommand, Guardrail::StartSession];

fn checked(text: &str) -> Checked {
    check(text, &[]).unwrap()
}

/// Severity, line and Sid or number of each statement that fails IAM-SSM-2 or is exempt from it.
fn sessions(text: &str) -> Vec<(Severity, usize, String)> {
    checked(text)
        .findings
        .into_iter()
        .filter(|finding| finding.guardrail == Guardrail::StartSession)
        .filter(|finding| finding.severity != Severity::Warning)
        .map(|finding| (finding.severity, finding.line, finding.statement))
        .collect()
}

/// A policy of one statement that allows StartSession with this Resource and Condition, as JSON.
fn one(resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "ssm:StartSession", "Resource": {resource}, "Condition": {condition}}}}}"#
    )
}

/// What IAM-SSM-2 says of it: ok, or the severity.
fn verdict(policy: &str) -> &'static str {
    let findings = checked(policy).findings;
    let failing = findings.iter().find(|finding| finding.severity.fails());
    failing.map_or("ok", |finding| finding.severity.name())
}

#[test]
fn every_case_is_judged_as_it_should_be() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guardrail-cases");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let case: serde_json::Value = serde_json::from_str(&text).unwrap();
        let name = case["id"].as_str().unwrap();
        seen += 1;
        let policy = serde_json::json!({
            "RoleName": case["context"]["role"].as_str().unwrap_or("Somebody"),
            "PolicyName": "p",
            "PolicyDocument": case["policy"],
        });
        let listed: Vec<String> = case["context"]["exempt_roles"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|role| role.as_str().unwrap().to_owned())
            .collect();
        let found = check(&policy.to_string(), &listed).unwrap();
        let document = json::read(&case["policy"].to_string()).unwrap();
        let statements = statements(&document);
        for guardrail in GUARDRAILS {
            let expected = case["expect"][guardrail.name()].as_str().unwrap();
            let weighty: Vec<&Finding> = found
                .findings
                .iter()
                .filter(|one| one.guardrail == guardrail && one.severity != Severity::Warning)
                .collect();
            let answer = match weighty.first() {
                Some(finding) => finding.severity.name(),
                None if judge(&statements, &Ground::new(&statements), guardrail).is_empty() => {
                    "not-granted"
                }
                None => "ok",
            };
            assert_eq!(answer, expected, "{name} {guardrail:?}: {found:#?}");
            if let Some(sids) = case["statements"][guardrail.name()].as_array() {
                let named: Vec<&str> = weighty.iter().map(|one| one.statement.as_str()).collect();
                assert_eq!(
                    named,
                    sids.iter()
                        .map(|sid| sid.as_str().unwrap())
                        .collect::<Vec<_>>()
                );
            }
        }
        let warned = |start: &str| {
            let begins = format!("p: {start}");
            found
                .findings
                .iter()
                .any(|one| one.severity == Severity::Warning && one.message.starts_with(&begins))
        };
        let expected = case["warnings"].as_array();
        for warning in expected.into_iter().flatten() {
            assert!(warned(warning.as_str().unwrap()), "{name}: {found:#?}");
        }
        let has_warning = found
            .findings
            .iter()
            .any(|one| one.severity == Severity::Warning);
        assert_eq!(has_warning, expected.is_some(), "{name}: {found:#?}");
        for finding in &found.findings {
            let fix = finding.fix.as_deref().unwrap_or("-");
            assert!(!fix.is_empty() && !fix.contains('\n'), "{name}: {fix}");
        }
    }
    assert_eq!(seen, 30);
}

#[test]
fn resources_that_reach_unnamed_targets() {
    for (resource, expected) in [
        (r#""*""#, "violation"),
        (r#""arn:*""#, "violation"),
        (r#""*:instance/*""#, "violation"),
        (r#""arn:aws:ec2:*""#, "violation"),
        (r#""arn:aws:ec2:us-east-1:*""#, "violation"),
        (
            r#""arn:aws-cn:ec2:cn-north-1:111111111111:instance/*""#,
            "violation",
        ),
        (r#""arn:aws:ec2:us-*-1:1111*:instance/i-*""#, "violation"),
        (r#""arn:aws:ec2:*:*:instance/i-0*""#, "violation"),
        (
            r#""arn:aws:ec2:*:*:instance/?-?????????????????""#,
            "violation",
        ),
        (
            r#""arn:aws:ec2:*:${aws:PrincipalAccount}:instance/*""#,
            "violation",
        ),
        (r#""arn:aws:ssm:*:*:*""#, "violation"),
        (r#""arn:aws:ecs:*:*:task/*/*""#, "violation"),
        (
            r#"["arn:aws:s3:::b", "arn:aws:ecs:eu-west-1:111111111111:*"]"#,
            "violation",
        ),
        (
            r#""arn:aws:ec2:*:*:instance/${aws:PrincipalTag/instance}""#,
            "ok",
        ),
        (
            r#""arn:aws:ec2:*:*:instance/${aws:PrincipalTag/instance, '*'}""#,
            "undecided",
        ),
        (
            r#""arn:aws:ec2:*:*:instance/${aws:PrincipalTag/instance, 'i-1'}""#,
            "ok",
        ),
        (r#""arn:aws:ec2:*:*:instance/i-0a1b2c3d4e5f60718""#, "ok"),
        (r#""arn:aws:ecs:*:*:task/blue/*""#, "ok"),
        (r#""arn:aws:ssm:*:*:document/*""#, "ok"),
        (r#""arn:aws:s3:::*""#, "ok"),
        ("[]", "ok"),
        ("{}", "undecided"),
    ] {
        assert_eq!(verdict(&one(resource, "{}")), expected, "{resource}");
    }
}

#[test]
fn conditions_that_restrict_targets_and_conditions_that_do_not() {
    for (condition, expected) in [
        (r#"{"StringEquals": {"ssm:resourceTag/k": "v"}}"#, "ok"),
        (
            r#"{"stringequals": {"SSM:ResourceTag/k": ["v", "w"]}}"#,
            "ok",
        ),
        (
            r#"{"StringEqualsIgnoreCase": {"aws:ResourceTag/k": "v"}}"#,
            "ok",
        ),
        (r#"{"StringLike": {"aws:ResourceTag/k": "v*"}}"#, "ok"),
        (
            r#"{"ForAnyValue:StringEquals": {"ssm:resourceTag/k": "v"}}"#,
            "ok",
        ),
        (
            r#"{"StringEquals": {"ssm:resourceTag/k": "${aws:PrincipalTag/k}"}}"#,
            "ok",
        ),
        (
            r#"{"StringEquals": {"ssm:resourceTag/k": "${aws:PrincipalTag/k, '*'}"}}"#,
            "ok",
        ),
        (
            r#"{"StringLike": {"ssm:resourceTag/k": "${aws:PrincipalTag/k, '*'}"}}"#,
            "undecided",
        ),
        (
            r#"{"StringLike": {"ssm:resourceTag/k": "${aws:ResourceTag/k}"}}"#,
            "violation",
        ),
        (
            r#"{"StringEquals": {"ssm:resourceTag/k": "*"}}"#,
            "violation",
        ),
        (
            r#"{"StringLike": {"ssm:resourceTag/k": "?*"}}"#,
            "violation",
        ),
        (
            r#"{"StringEqualsIfExists": {"ssm:resourceTag/k": "v"}, "Null": {"ssm:ResourceTag/k": false}}"#,
            "ok",
        ),
        (
            r#"{"StringEqualsIfExists": {"ssm:resourceTag/k": "v"}, "Null": {"ssm:resourceTag/k": "true"}}"#,
            "violation",
        ),
        (
            r#"{"ForAllValues:StringEquals": {"ssm:resourceTag/k": "v"}, "Null": {"ssm:resourceTag/j": "false"}}"#,
            "violation",
        ),
        (r#"{"Null": {"ssm:resourceTag/k": "false"}}"#, "violation"),
        (
            r#"{"StringNotLike": {"ssm:resourceTag/k": "v"}}"#,
            "violation",
        ),
        (
            r#"{"StringEquals": {"aws:PrincipalTag/k": "v"}}"#,
            "violation",
        ),
        (
            r#"{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}"#,
            "violation",
        ),
        (
            r#"{"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}"#,
            "violation",
        ),
        (
            r#"{"StringEquals": {"ssm:resourceTag/": "v"}}"#,
            "violation",
        ),
        (
            r#"{"StringEquals": {"ssm:resourceTags/k": "v"}}"#,
            "violation",
        ),
        (r#"{"StringEquals": {"saml:sub": "v"}}"#, "violation"),
        (r#"{"StringEquals": {"ec2:ResourceTag/k": "v"}}"#, "ok"),
        (
            r#"{"StringEqualsIfExists": {"ec2:ResourceTag/k": "v"}}"#,
            "violation",
        ),
        (
            r#"{"StringNotEquals": {"ec2:ResourceTag/k": "v"}}"#,
            "violation",
        ),
        (
            r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"ssm:resourceTag/k": "v"}}"#,
            "ok",
        ),
        (r#""what""#, "undecided"),
    ] {
        assert_eq!(verdict(&one(r#""*""#, condition)), expected, "{condition}");
    }
}

#[test]
fn denies_that_cover_and_denies_that_do_not() {
    let with = |deny: &str| {
        format!(
            r#"[{{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}}, {{"Effect": "Deny", "Action": ["ssm:StartSession", "ssm:SendCommand"], {deny}}}]"#
        )
    };
    for (deny, expected) in [
        (r#""Resource": "*""#, "ok"),
        (
            r#""Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceTag/k": "v"}}"#,
            "ok",
        ),
        (
            r#""Resource": "*", "Condition": {"StringNotLike": {"aws:ResourceTag/k": "v*"}}"#,
            "ok",
        ),
        (
            r#""Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:ResourceTag/k": "v"}}"#,
            "ok",
        ),
        (
            r#""Resource": "*", "Condition": {"StringNotLike": {"aws:ResourceTag/k": "*"}}"#,
            "violation",
        ),
        (
            r#""Resource": "*", "Condition": {"ForAnyValue:StringNotEquals": {"aws:ResourceTag/k": "v"}}"#,
            "violation",
        ),
        (
            r#""Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceTag/k": "v"}, "Bool": {"aws:MultiFactorAuthPresent": "false"}}"#,
            "violation",
        ),
        (
            r#""Resource": "*", "Condition": {"Null": {"aws:ResourceTag/k": "true"}}"#,
            "violation",
        ),
        (
            r#""Resource": "arn:aws:ec2:us-east-1:111111111111:instance/*""#,
            "violation",
        ),
        (
            r#""Resource": ["arn:aws:ec2:*:111111111111:*", "arn:aws:ssm:*:111111111111:*", "arn:aws:ecs:*:*:task/*"]"#,
            "undecided",
        ),
        (r#""NotResource": "arn:aws:ssm:*:*:document/x""#, "ok"),
        (
            r#""NotResource": "arn:aws:ec2:*:*:instance/*""#,
            "violation",
        ),
        (
            r#""NotResource": "arn:aws:ec2:*:*:instance/i-0a1b2c3d4e5f60718""#,
            "ok",
        ),
        (
            r#""Resource": "arn:aws:ec2:*:*:instance/i-0a1b2c3d4e5f60718""#,
            "violation",
        ),
    ] {
        assert_eq!(verdict(&with(deny)), expected, "{deny}");
    }
    let elsewhere = r#"[{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
        {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}]"#;
    assert_eq!(verdict(elsewhere), "violation");
}

#[test]
fn more_places_than_are_judged_do_not_pass() {
    let named = |number: usize| {
        format!(r#""arn:aws:ec2:r-{number}:{number}:instance/i-0a1b2c3d4e5f60718""#)
    };
    let few: Vec<String> = (0..20).map(named).collect();
    let many: Vec<String> = (0..100).map(named).collect();
    assert_eq!(verdict(&one(&format!("[{}]", few.join(",")), "{}")), "ok");
    assert_eq!(
        verdict(&one(&format!("[{}]", many.join(",")), "{}")),
        "undecided"
    );
}

#[test]
fn a_statement_that_iam_would_refuse_does_not_pass() {
    for statement in [
        r#"{"Effect": "Allow", "Action": "ssm:StartSession"}"#,
        r#"{"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*", "Conditions": {}}"#,
        r#"{"Effect": "allow", "Action": "ssm:StartSession", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Action": 1, "NotAction": 2, "Resource": "*"}"#,
        r#""what""#,
    ] {
        let policy = format!(r#"{{"Statement": [{statement}]}}"#);
        assert_ne!(verdict(&policy), "ok", "{statement}");
    }
}

#[test]
fn a_policy_is_found_inside_the_output_of_the_aws_cli() {
    let open = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Open","Effect":"Allow","Action":"ssm:StartSession","Resource":"*"}]}"#;
    let encoded = open.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    });
    let quoted = serde_json::to_string(open).unwrap();
    for text in [
        open.to_owned(),
        format!("[{open}]"),
        quoted.clone(),
        format!(r#"{{"PolicyVersion": {{"Document": {open}, "IsDefaultVersion": true}}}}"#),
        format!(r#"{{"UserName": "u", "PolicyName": "p", "PolicyDocument": "{encoded}"}}"#),
        format!(r#"{{"InlinePolicy": {quoted}}}"#),
        "Version: '2012-10-17'\nStatement:\n- {Sid: Open, Effect: Allow, Action: ssm:StartSession, Resource: '*'}\n".to_owned(),
        r#"[{"Sid":"Open","Effect":"Allow","Action":"ssm:StartSession","Resource":"*"}]"#.to_owned(),
    ] {
        let found = sessions(&text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!((found[0].0, found[0].2.as_str()), (Severity::Violation, "Open"));
    }
}

#[test]
fn a_text_without_a_policy_is_an_error() {
    for text in [
        "{}",
        "[]",
        "3",
        "a: b",
        "",
        "just text",
        r#"{"Policies": 1}"#,
        r#"{"Resources": {}}"#,
    ] {
        assert_eq!(check(text, &[]), Err(NotAPolicy::Other), "{text}");
    }
    for text in ["{", "{\"a\": 1,}", "a: [", "\t- b:\n c"] {
        let error = check(text, &[]).unwrap_err();
        assert!(matches!(error, NotAPolicy::Malformed(_)), "{text}: {error}");
    }
}

#[test]
fn an_instance_profile_that_grants_too_much_has_something_to_remove() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Action": ["ssmmessages:CreateDataChannel",
        "ssmmessages:OpenDataChannel", "ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel",
        "ssm:UpdateInstanceInformation", EXTRA "logs:PutLogEvents"], "Effect": "Allow", "Resource": "*"}]}"#;
    let found = checked(&policy.replace("EXTRA", r#""ec2:Describe*","#)).findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].guardrail, Guardrail::InstanceProfile);
    assert_eq!(found[0].severity, Severity::Warning);
    assert_eq!(found[0].fix.as_deref(), Some("remove ec2:Describe*"));
    assert_eq!(checked(&policy.replace("EXTRA", "")).findings, []);
}

/// What is wrong and what to do, for each reason why a statement cannot be decided.
#[test]
fn each_doubt_has_its_own_way_out() {
    let tag = "or put StringEquals on ssm:resourceTag/ExternalAccessGrantedTo";
    let in_account = r#"{"RoleDetailList": [{"RoleName": "R", "AttachedManagedPolicies": [{"PolicyName": "P", "PolicyArn": "arn:aws:iam::aws:policy/P"}]}]}"#;
    let statement = |statement: &str| format!("[{{\"Effect\": \"Allow\", {statement}}}]");
    for (text, doubt, fix) in [
        (
            statement(r#""Action": "ssm:*""#),
            "the missing Resource",
            "add the missing Resource".to_owned(),
        ),
        (
            statement(r#""Action": "ssm:*", "Resource": "*", "Conditions": {}"#),
            "the element Conditions, which IAM does not have",
            "remove Conditions, or spell it as IAM does".to_owned(),
        ),
        (
            statement(r#""Action": "ssm:*", "action": "s3:*", "Resource": "*""#),
            "the element action, which is there twice",
            "write action only once".to_owned(),
        ),
        (
            statement(r#""Action": "ssm:*", "NotAction": "s3:*", "Resource": "*""#),
            "Action and NotAction in one statement",
            "remove Action or NotAction".to_owned(),
        ),
        (
            statement(r#""Action": "ssm:*", "Resource": "*", "Condition": "x""#),
            "a Condition that is not an object",
            "write a Condition as an object".to_owned(),
        ),
        (
            "[{\"Effect\": \"allow\", \"Action\": \"ssm:*\", \"Resource\": \"*\"}]".to_owned(),
            "its Effect",
            format!("write Allow or Deny as the Effect, {tag}"),
        ),
        (
            one(
                r#""arn:aws:ec2:*:*:instance/${aws:PrincipalTag/x, '*'}""#,
                "{}",
            ),
            "${aws:PrincipalTag/x, '*'}",
            format!("write ${{aws:PrincipalTag/x, '*'}} without a default value, {tag}"),
        ),
        (
            in_account.to_owned(),
            "the document of arn:aws:iam::aws:policy/P, which is not in this file",
            "check the output of `aws iam get-policy-version` for this policy".to_owned(),
        ),
    ] {
        let found = checked(&text).findings;
        let finding = found.iter().find(|one| one.severity == Severity::Undecided);
        let finding = finding.unwrap_or_else(|| panic!("{text}: {found:?}"));
        let ends = format!("cannot be decided: it depends on {doubt}");
        assert!(
            finding.message.ends_with(&ends),
            "{text}: {}",
            finding.message
        );
        assert_eq!(finding.fix.as_deref(), Some(fix.as_str()), "{text}");
    }
}

/// Pseudo-random numbers, the same in each run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % most.max(1)
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn value(&mut self, depth: usize) -> serde_json::Value {
        const KEYS: [&str; 24] = [
            "Version",
            "Statement",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
            "StringEquals",
            "ForAllValues:StringLikeIfExists",
            "ssm:resourceTag/k",
            "Null",
            "Resources",
            "Properties",
            "PolicyDocument",
            "Policies",
            "Type",
            "Fn::If",
            "Fn::Sub",
            "Fn::Join",
            "Ref",
            "Fn::Select",
            "RoleDetailList",
            "RolePolicyList",
        ];
        const TEXTS: [&str; 14] = [
            "Allow",
            "Deny",
            "ssm:*",
            "*",
            "arn:aws:ec2:*:*:instance/*",
            "${a",
            "${aws:x, '*'}",
            "AWS::IAM::Role",
            "2012-10-17",
            "false",
            "AWS::NoValue",
            "${!x}${Y}${Z.a}",
            "{\"Statement\":[]}",
            "%7B%",
        ];
        match self.below(if depth > 5 { 3 } else { 6 }) {
            0 => serde_json::Value::Null,
            1 => self.below(9).into(),
            2 => self.pick(&TEXTS).into(),
            3 => (0..self.below(4)).map(|_| self.value(depth + 1)).collect(),
            _ => {
                let keys: Vec<&str> = (0..self.below(6)).map(|_| self.pick(&KEYS)).collect();
                let entry = |key: &str| (key.to_owned(), self.value(depth + 1));
                keys.into_iter().map(entry).collect()
            }
        }
    }
}

/// The Deny that a fix proposes corrects the policy without a change.
#[test]
fn the_proposed_deny_closes_what_is_open() {
    let admin = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let findings = checked(&format!("[{admin}]")).findings;
    assert_eq!(findings.len(), 2, "{findings:?}");
    let denies: Vec<&str> = findings
        .iter()
        .map(|finding| {
            let fix = finding.fix.as_deref().unwrap();
            let begin = fix.find('{').unwrap();
            &fix[begin..=fix.rfind('}').unwrap()]
        })
        .collect();
    assert_eq!(verdict(&format!("[{admin}, {}]", denies.join(","))), "ok");
}

#[test]
fn no_noise_makes_it_panic() {
    let mut noise = Noise(0x5eed_1234_5678_9abc);
    let marks = "{}[]\":,-?!&*|>%#'\\ \n\tab0é\u{0}\u{2028}";
    let marks: Vec<char> = marks.chars().collect();
    for _ in 0..400 {
        let text: String = (0..noise.below(60))
            .map(|_| marks[noise.below(marks.len())])
            .collect();
        let _ = check(&text, &[]);
    }
    for _ in 0..3000 {
        let mut value = noise.value(0);
        if let Some(map) = value.as_object_mut()
            && noise.below(2) == 0
        {
            map.insert("Statement".to_owned(), noise.value(1));
        }
        let _ = check(&value.to_string(), &["r".to_owned()]);
        let template = serde_json::json!({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": value}}});
        let _ = check(&template.to_string(), &[]);
    }
}

#[test]
fn a_big_file_is_read_in_time() {
    let statement = r#"{"Effect": "Allow", "Action": ["ec2:*", "ssm:StartSession"], "Resource": "*", "Condition": {"StringEquals": {"ssm:resourceTag/k": "v"}}},"#;
    let role = |number: usize| {
        let statements = statement.repeat(20);
        let statements = statements.trim_end_matches(',');
        format!(
            r#"{{"RoleName": "r{number}", "RolePolicyList": [{{"PolicyName": "p", "PolicyDocument": {{"Statement": [{statements}]}}}}]}}"#
        )
    };
    let roles: Vec<String> = (0..500).map(role).collect();
    let text = format!(r#"{{"RoleDetailList": [{}]}}"#, roles.join(",\n"));
    assert!(text.len() > 1_000_000);
    let began = std::time::Instant::now();
    assert_eq!(checked(&text).policies, 500);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn the_holder_is_matched_by_name_or_arn() {
    let holder = Holder {
        arn: Some("arn:aws:iam::111111111111:role/ops/BreakGlass".to_owned()),
        ..Holder::named(HolderKind::Role, "BreakGlass")
    };
    for (role, expected) in [
        ("BreakGlass", true),
        ("arn:aws:iam::111111111111:role/ops/BreakGlass", true),
        ("arn:aws:iam::222222222222:role/ops/BreakGlass", false),
        ("breakglass", false),
        ("Break", false),
    ] {
        assert_eq!(holder.is(role), expected, "{role}");
    }
    let set = Holder::named(HolderKind::PermissionSet, "Admins");
    assert!(set.is("Admins") && set.is("AWSReservedSSO_Admins_0123456789abcdef"));
    assert!(!set.is("AWSReservedSSO_Admin_0123456789abcdef"));
    assert!(!Holder::named(HolderKind::Other, "BreakGlass").is("BreakGlass"));
}
