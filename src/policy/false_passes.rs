//! What must not pass.
//! Policies that cannot be read, and grants that hide behind wildcards, parameters, keys of the
//! session and letter case.

use super::{Severity, check};

/// What IAM-SSM-2 says: ok, or the worst severity.
fn verdict(text: &str, break_glass: &[&str]) -> &'static str {
    let listed: Vec<String> = break_glass.iter().map(|&role| role.to_owned()).collect();
    let checked = check(text, &listed).unwrap_or_else(|error| panic!("{error}: {text}"));
    let worst = checked
        .findings
        .iter()
        .filter(|finding| finding.guardrail == super::Guardrail::StartSession)
        .map(|finding| finding.severity)
        .min();
    worst.map_or("ok", Severity::name)
}

/// An Allow of StartSession on this Resource.
fn allow(resource: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "ssm:StartSession", {resource}}}"#)
}

fn policy(statements: &[String]) -> String {
    let statements = statements.join(", ");
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}

/// A template with a permission set that has this inline policy, and these parameters.
fn permission_set(parameters: &str, inline: &str) -> String {
    format!(
        "Parameters:\n  None: {{Type: String}}\n{parameters}\nMappings:\n  M: {{a: {{b: '{{{{resolve:ssm:/tag}}}}'}}}}\nResources:\n  Value: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: '*'}}}}\n  Set:\n    Type: AWS::SSO::PermissionSet\n    Properties:\n      Name: Set\n      InlinePolicy: {inline}\n"
    )
}

#[test]
fn a_policy_in_a_text_is_read_or_undecided() {
    let statement = |resource: &str, condition: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"ssm:StartSession","Resource":"{resource}"{condition}}}]}}"#
        )
    };
    let all = "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/*";
    let tied = r#","Condition":{"StringEquals":{"ssm:resourceTag/Vendor":"${None}"}}"#;
    let like = r#","Condition":{"StringLike":{"ssm:resourceTag/Vendor":"${None}"}}"#;
    let own =
        r#","Condition":{"StringEquals":{"ssm:resourceTag/Vendor":"${!aws:PrincipalTag/Vendor}"}}"#;
    let key = r#","Condition":{"StringEquals":{"ssm:resourceTag/${None}":"acme"}}"#;
    for (inline, expected) in [
        (format!("!Sub '{}'", statement(all, "")), "violation"),
        (format!("!Sub '{}'", statement(all, tied)), "ok"),
        (format!("!Sub '{}'", statement(all, like)), "undecided"),
        (format!("!Sub '{}'", statement(all, own)), "ok"),
        (format!("!Sub '{}'", statement(all, key)), "ok"),
        (
            format!(
                "!Sub '{}'",
                statement("arn:aws:ec2:*:*:instance/${None}", "")
            ),
            "undecided",
        ),
        (
            format!(
                "!Join ['', ['{}']]",
                statement("arn:aws:ec2:*:|:instance/*", "")
                    .replace('|', "', !Ref AWS::AccountId, '")
            ),
            "violation",
        ),
        ("!Ref None".to_owned(), "undecided"),
        ("!Sub '{\"Statement\": [${None}]}'".to_owned(), "undecided"),
        (format!("'{},'", statement("*", "")), "undecided"),
        ("some words".to_owned(), "undecided"),
        ("{Version: '2012-10-17'}".to_owned(), "undecided"),
        ("[]".to_owned(), "undecided"),
    ] {
        assert_eq!(
            verdict(&permission_set("", &inline), &[]),
            expected,
            "{inline}"
        );
    }
    let role = |properties: &str| {
        format!(
            "Parameters: {{P: {{Type: String}}}}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties: {properties}\n"
        )
    };
    for properties in [
        "{Policies: [{PolicyName: p, PolicyDocument: !Ref P}]}",
        "{Policies: [{PolicyName: p, PolicyDocument: '{\"Statement\": [],}'}]}",
        "{Policies: !Ref P}",
    ] {
        assert_eq!(verdict(&role(properties), &[]), "undecided", "{properties}");
    }
}

#[test]
fn a_value_that_comes_later_may_be_a_wildcard() {
    let tied = |value: &str| {
        format!(
            "{{Version: '2012-10-17', Statement: {{Effect: Allow, Action: 'ssm:StartSession', Resource: '*', Condition: {{StringLike: {{'ssm:resourceTag/k': {value}}}}}}}}}"
        )
    };
    let pattern = |pattern: &str| {
        format!("  P: {{Type: String, Default: acme, AllowedPattern: '{pattern}'}}")
    };
    let dynamic = "{{resolve:ssm:/tag}}";
    let default = format!("  P: {{Type: String, Default: '{dynamic}', AllowedPattern: '[a-z]+'}}");
    let allowed = format!("  P: {{Type: String, AllowedValues: ['{dynamic}', b]}}");
    for (parameters, value, expected) in [
        ("", format!("'{dynamic}'"), "undecided"),
        ("", format!("!Sub '{dynamic}'"), "undecided"),
        (
            "",
            "!Sub '{{resolve:ssm:/${AWS::StackName}}}'".to_owned(),
            "undecided",
        ),
        ("", format!("!Join ['', ['{dynamic}']]"), "undecided"),
        (
            "",
            "!Join [':', ['{{resolve', 'ssm', '/tag}}']]".to_owned(),
            "undecided",
        ),
        ("", "!FindInMap [M, a, b]".to_owned(), "undecided"),
        (
            "",
            "!Sub ['${x}', {x: !FindInMap [M, a, b]}]".to_owned(),
            "undecided",
        ),
        (&default, "!Ref P".to_owned(), "undecided"),
        (&allowed, "!Ref P".to_owned(), "undecided"),
        (&pattern("[a-z]+"), "!Ref P".to_owned(), "ok"),
        (&pattern(".*"), "!Ref P".to_owned(), "warning"),
        (&pattern("[^ ]+"), "!Sub '${P}'".to_owned(), "warning"),
        ("", "!GetAtt Value.Value".to_owned(), "undecided"),
        ("", "!Sub '${Value.Value}'".to_owned(), "undecided"),
        ("", "!GetAtt Value.Type".to_owned(), "ok"),
    ] {
        let text = permission_set(parameters, &tied(&value));
        assert_eq!(verdict(&text, &[]), expected, "{parameters} {value}");
    }
    // A parameter that refers to itself does not make an endless loop.
    let circle = "  P: {Type: String, AllowedValues: [!Ref P]}";
    assert_eq!(
        verdict(&permission_set(circle, &tied("!Ref P")), &[]),
        "undecided"
    );
}

#[test]
fn keys_of_the_session_restrict_nothing_and_disable_nothing() {
    for (key, expected) in [
        ("ec2:RoleDelivery", "violation"),
        ("ec2:SourceInstanceArn", "violation"),
        ("ec2:SourceInstanceARN", "violation"),
        ("lambda:SourceFunctionArn", "violation"),
        ("s3:prefix", "violation"),
        ("ec2:ResourceTag/k", "warning"),
        ("EC2:resourcetag/k", "warning"),
    ] {
        let condition =
            format!(r#""Resource": "*", "Condition": {{"StringLike": {{"{key}": "v"}}}}"#);
        assert_eq!(
            verdict(&policy(&[allow(&condition)]), &[]),
            expected,
            "{key}"
        );
    }
}

#[test]
fn a_star_matches_colons_too() {
    for resource in [
        "arn:*:222222222222:instance/*",
        "arn:aws:ec2*222222222222:instance/*",
        "arn:aws:*:*:222222222222:instance/*",
        "arn:aws:*:222222222222:instance/*",
        "arn:aws:*222222:instance/*",
        "arn:aws:ec2:*2222????2222:instance/*",
        "*:222222222222:instance/*",
        "arn:aws:ec2*us-east-1:222222222222:instance/*",
        "arn:aws:ec2*east-1:222222222222:instance/*",
        "arn:*:us-east-1:222222222222:instance/*",
        "arn:*-cn:ec2:*:222222222222:instance/*",
        "arn:*:${aws:PrincipalAccount}:instance/*",
    ] {
        let text = policy(&[allow(&format!(r#""Resource": "{resource}""#))]);
        assert_eq!(verdict(&text, &[]), "violation", "{resource}");
        let id = resource.replace("instance/*", "instance/i-0a1b2c3d4e5f60718");
        let text = policy(&[allow(&format!(r#""Resource": "{id}""#))]);
        assert_eq!(verdict(&text, &[]), "ok", "{id}");
    }
}

#[test]
fn an_account_that_is_not_named_counts_too() {
    let of = |account: &str| {
        format!(
            r#"["arn:aws:ec2:*:{account}:*", "arn:aws:ssm:*:{account}:*", "arn:aws:ecs:*:{account}:*"]"#
        )
    };
    let deny = |account: &str| {
        let resource = of(account);
        format!(r#"{{"Effect": "Deny", "Action": "ssm:*", "Resource": {resource}}}"#)
    };
    let all = || allow(r#""Resource": "*""#);
    let all_but = |account: &str| allow(&format!(r#""NotResource": {}"#, of(account)));
    for (statements, expected) in [
        (vec![all_but("111111111111")], "violation"),
        (vec![all_but("*")], "ok"),
        (vec![all_but("????????????")], "ok"),
        (vec![all_but("${aws:PrincipalAccount}")], "ok"),
        (vec![all(), deny("111111111111")], "undecided"),
        (vec![all(), deny("*")], "warning"),
        (vec![all(), deny("${aws:PrincipalAccount}")], "warning"),
        (
            vec![
                allow(&format!(r#""Resource": {}"#, of("111111111111"))),
                deny("111111111111"),
            ],
            "warning",
        ),
    ] {
        assert_eq!(
            verdict(&policy(&statements), &[]),
            expected,
            "{statements:?}"
        );
    }
}

#[test]
fn an_attached_policy_that_is_not_in_the_file_is_undecided() {
    let account = |policies: &str| {
        format!(
            r#"{{"RoleDetailList": [{{"RoleName": "R", "RolePolicyList": [], "AttachedManagedPolicies": [{{"PolicyName": "AmazonSSMFullAccess", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMFullAccess"}}]}}], "Policies": [{policies}]}}"#
        )
    };
    let entry = |versions: &str| {
        account(&format!(
            r#"{{"Arn": "arn:aws:iam::aws:policy/AmazonSSMFullAccess", "PolicyVersionList": [{versions}]}}"#
        ))
    };
    let harmless = r#"{"IsDefaultVersion": true, "Document": {"Statement": []}}"#;
    assert_eq!(verdict(&account(""), &[]), "undecided");
    assert_eq!(verdict(&account(""), &["R"]), "exempt");
    assert_eq!(verdict(&entry(""), &[]), "undecided");
    assert_eq!(verdict(&entry(harmless), &[]), "ok");
    let found = check(&account(""), &[]).unwrap().findings;
    assert_eq!(found.len(), 2, "one for each guardrail: {found:#?}");

    let role = |kind: &str, attached: &str| {
        format!(
            "Parameters: {{P: {{Type: String}}}}\nResources:\n  Own: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: []}}}}}}\n  R:\n    Type: {kind}\n    Properties: {{{attached}}}\n"
        )
    };
    let aws = "arn:aws:iam::aws:policy";
    for (kind, attached, expected) in [
        (
            "AWS::IAM::Role",
            format!("ManagedPolicyArns: ['{aws}/AdministratorAccess']"),
            "undecided",
        ),
        (
            "AWS::IAM::User",
            format!("ManagedPolicyArns: ['{aws}/PowerUserAccess']"),
            "undecided",
        ),
        (
            "AWS::IAM::Role",
            "ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonSSMFullAccess']"
                .to_owned(),
            "undecided",
        ),
        (
            "AWS::IAM::Role",
            "ManagedPolicyArns: [arn:aws-cn:iam::aws:policy/AdministratorAccess]".to_owned(),
            "undecided",
        ),
        (
            "AWS::IAM::Role",
            format!("ManagedPolicyArns: [!Sub '{aws}/${{P}}']"),
            "undecided",
        ),
        (
            "AWS::IAM::Role",
            "ManagedPolicyArns: [!Ref P]".to_owned(),
            "undecided",
        ),
        (
            "AWS::IAM::Role",
            "ManagedPolicyArns: [!ImportValue p]".to_owned(),
            "undecided",
        ),
        (
            "AWS::SSO::PermissionSet",
            format!("ManagedPolicies: ['{aws}/AdministratorAccess']"),
            "undecided",
        ),
        (
            "AWS::Serverless::Function",
            "Policies: [AdministratorAccess]".to_owned(),
            "undecided",
        ),
        (
            "AWS::Serverless::Function",
            "Policies: [AWSLambdaExecute, {SQSPollerPolicy: {QueueName: q}}]".to_owned(),
            "ok",
        ),
        (
            "AWS::IAM::Role",
            format!("ManagedPolicyArns: ['{aws}/AmazonSSMManagedInstanceCore']"),
            "ok",
        ),
        (
            "AWS::IAM::Role",
            "ManagedPolicyArns: [!Ref Own]".to_owned(),
            "ok",
        ),
        (
            "AWS::IAM::Role",
            "ManagedPolicyArns: [!Sub 'arn:aws:iam::${AWS::AccountId}:policy/${P}']".to_owned(),
            "ok",
        ),
    ] {
        assert_eq!(verdict(&role(kind, &attached), &[]), expected, "{attached}");
    }
}

#[test]
fn elements_are_matched_without_their_letter_case() {
    let tied = r#""Condition": {"StringEquals": {"ssm:resourceTag/k": "v"}}"#;
    for (text, expected) in [
        (r#"{"statement": [{"EFFECT": "Allow", "action": "ssm:*", "resource": "*"}]}"#.to_owned(), "violation"),
        (r#"{"Statement": [], "statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#.to_owned(), "undecided"),
        (policy(&[r#"{"Effect": "Allow", "Action": "s3:*", "action": "ssm:*", "Resource": "*"}"#.to_owned()]), "undecided"),
        (policy(&[r#"{"Effect": "Deny", "effect": "Allow", "Action": "ssm:*", "Resource": "*"}"#.to_owned()]), "undecided"),
        (policy(&[allow(&format!(r#""Resource": "*", {tied}, "condition": {{}}"#))]), "undecided"),
        (policy(&[allow(r#""Resource": "*", "Condition": {"StringEquals": {"ssm:resourceTag/k": "v"}, "stringequals": {"aws:PrincipalOrgID": "o"}}"#)]), "undecided"),
        (policy(&[allow(r#""Resource": "*", "Condition": {"StringEquals": {"ssm:resourceTag/k": "v", "SSM:resourceTag/k": "*"}}"#)]), "undecided"),
        ("Statement: []\nstatement:\n- {Effect: Allow, Action: '*', Resource: '*'}\n".to_owned(), "undecided"),
    ] {
        assert_eq!(verdict(&text, &[]), expected, "{text}");
    }
}

#[test]
fn a_role_whose_name_is_not_known_is_not_exempt() {
    let open = "PolicyDocument: {Statement: {Effect: Allow, Action: 'ssm:*', Resource: '*'}}";
    let role = |name: &str| {
        format!(
            "Parameters: {{P: {{Type: String}}, D: {{Type: String, Default: BreakGlass}}}}\nResources:\n  BreakGlass:\n    Type: AWS::IAM::Role\n    Properties: {{{name}Policies: [{{PolicyName: p, {open}}}]}}\n"
        )
    };
    let listed = |name: &str, roles: &str| {
        format!(
            "Parameters: {{P: {{Type: String}}}}\nResources:\n  BreakGlass:\n    Type: AWS::IAM::Role\n    Properties: {{{name}AssumeRolePolicyDocument: {{}}}}\n  Policy:\n    Type: AWS::IAM::Policy\n    Properties: {{Roles: [{roles}], {open}}}\n"
        )
    };
    for (text, expected) in [
        (role(""), "exempt"),
        (role("RoleName: BreakGlass, "), "exempt"),
        (role("RoleName: Other, "), "violation"),
        (role("RoleName: !Ref P, "), "violation"),
        (role("RoleName: !Sub '${P}-x', "), "violation"),
        (listed("", "!Ref BreakGlass"), "exempt"),
        (listed("RoleName: !Ref P, ", "!Ref BreakGlass"), "violation"),
        (listed("", "BreakGlass"), "exempt"),
        (listed("", "!Ref P"), "violation"),
    ] {
        assert_eq!(verdict(&text, &["BreakGlass"]), expected, "{text}");
    }
    let by_default = check(&role("RoleName: !Ref D, "), &["BreakGlass".to_owned()]).unwrap();
    let severities: Vec<Severity> = by_default.findings.iter().map(|one| one.severity).collect();
    assert_eq!(
        severities,
        [
            Severity::Exempt,
            Severity::Exempt,
            Severity::Warning,
            Severity::Warning
        ]
    );
}
