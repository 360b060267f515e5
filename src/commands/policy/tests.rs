//! The time that a check takes grows with the size of the file, whatever the file's form.

use serde_json::{Value, json};

use crate::policy::check;

/// A policy of this many statements.
fn policy(number: usize, statement: impl Fn(usize) -> Value) -> Value {
    let statements: Vec<Value> = (0..number).map(statement).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn account(number: usize) -> usize {
    100_000_000_000 + number
}

fn allow(resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": "ssm:StartSession", "Resource": resource})
}

fn deny(resource: &str) -> Value {
    json!({"Sid": format!("Deny{resource}"), "Effect": "Deny", "Action": "ssm:*", "Resource": resource})
}

fn role(properties: &Value) -> Value {
    json!({"Type": "AWS::IAM::Role", "Properties": properties})
}

/// The processor time of this thread, in nanoseconds: other work on the machine does not count.
/// (Linux, Documentation/scheduler/sched-stats.rst.)
fn processor_time() -> u64 {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let first = said.split(' ').next().unwrap();
    first.parse().unwrap()
}

/// Four times as much may take six times as long, and not sixteen times.
fn grows_with_its_size(name: &str, number: usize, file: impl Fn(usize) -> Value) {
    let time = |number: usize| {
        let text = file(number).to_string();
        let began = processor_time();
        check(&text, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
        processor_time() - began
    };
    let (once, four_times) = (time(number), time(4 * number));
    assert!(
        four_times < 6 * once + 100_000_000,
        "{name}: {once} ns for {number}, {four_times} ns for four times as many"
    );
}

#[cfg_attr(
    not(target_os = "linux"),
    ignore = "it asks Linux for the thread's time"
)]
#[test]
fn the_time_for_a_policy_grows_with_its_size() {
    let instances = |number: usize| format!("arn:aws:ec2:*:{}:instance/*", account(number));
    grows_with_its_size("other accounts", 200, |number| {
        policy(number, |at| allow(&instances(at)))
    });
    grows_with_its_size("a Deny for each", 200, |number| {
        policy(2 * number, |at| match at % 2 {
            0 => allow(&instances(at)),
            _ => deny(&instances(at - 1)),
        })
    });
    grows_with_its_size("many Denies of all", 200, |number| {
        policy(2 * number, |at| match at % 2 {
            0 => allow("*"),
            _ => deny("*"),
        })
    });
    grows_with_its_size("all accounts but one", 200, |number| {
        policy(
            number,
            |at| json!({"Effect": "Allow", "Action": "*", "NotResource": instances(at)}),
        )
    });
    grows_with_its_size("beginnings of ids", 200, |number| {
        policy(number, |at| {
            allow(&instances(at).replace("instance/*", "instance/i-0*"))
        })
    });
    grows_with_its_size("alike", 4_000, |number| policy(number, |_| allow("*")));
    grows_with_its_size("set operators on tags", 500, |number| {
        let keys = (0..number).map(|at| (format!("ssm:resourceTag/k{at}"), json!("v")));
        let keys: serde_json::Map<String, Value> = keys.collect();
        let mut statement = allow("*");
        statement["Condition"] = json!({"ForAllValues:StringEquals": keys});
        json!({"Version": "2012-10-17", "Statement": statement})
    });
}

#[cfg_attr(
    not(target_os = "linux"),
    ignore = "it asks Linux for the thread's time"
)]
#[test]
fn the_time_for_a_template_or_an_account_grows_with_its_size() {
    grows_with_its_size("attached policies of a template", 100, |number| {
        let all = policy(1, |_| allow("*"));
        let managed =
            json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": all}});
        let roles = (0..number).map(|at| {
            let attached = role(&json!({"ManagedPolicyArns": [{"Ref": format!("P{at}")}]}));
            (format!("R{at}"), attached)
        });
        let policies = (0..number).map(|at| (format!("P{at}"), managed.clone()));
        let resources: serde_json::Map<String, Value> = roles.chain(policies).collect();
        json!({"Resources": resources})
    });
    grows_with_its_size("parameters", 200, |number| {
        let parameter = |at| {
            (
                format!("P{at}"),
                json!({"Type": "String", "AllowedValues": ["x"]}),
            )
        };
        let parameters: serde_json::Map<String, Value> = (0..number).map(parameter).collect();
        let inline = policy(number, |at| {
            let mut statement = allow("");
            statement["Resource"] = json!({"Fn::Sub": format!("arn:aws:s3:::${{P{at}}}")});
            statement
        });
        let policies = json!([{"PolicyName": "p", "PolicyDocument": inline}]);
        json!({"Parameters": parameters, "Resources": {"R": role(&json!({"Policies": policies}))}})
    });
    grows_with_its_size("an account's policies", 200, |number| {
        let arn = |at: usize| format!("arn:aws:iam::111111111111:policy/p{at}");
        let role = |at: usize| json!({"RoleName": format!("r{at}"), "AttachedManagedPolicies": [{"PolicyArn": arn(at)}]});
        let managed = |at: usize| {
            let document = policy(1, |_| allow("*"));
            json!({"Arn": arn(at), "PolicyVersionList": [{"IsDefaultVersion": true, "Document": document}]})
        };
        let roles: Vec<Value> = (0..number).map(role).collect();
        let policies: Vec<Value> = (0..number).map(managed).collect();
        json!({"RoleDetailList": roles, "Policies": policies})
    });
}

#[cfg_attr(
    not(target_os = "linux"),
    ignore = "it asks Linux for the thread's time"
)]
#[test]
fn what_doubles_with_each_level_is_not_followed() {
    let mut inside = json!({});
    let mut text = json!("x");
    for _ in 0..45 {
        inside = json!({"Policy": inside});
        text = json!({"Fn::Sub": ["${a}${a}", {"a": text}]});
    }
    assert!(check(&inside.to_string(), &[]).is_err());
    let of_names = |text: &Value| role(&json!({"RoleName": text, "Policies": []}));
    let template = json!({"Resources": {"R": of_names(&text)}});
    let began = processor_time();
    let _ = check(&template.to_string(), &[]);
    let seconds = (processor_time() - began) / 1_000_000_000;
    assert!(seconds < 60, "{seconds} s");
}

#[test]
fn a_finding_does_not_list_every_deny() {
    let text = policy(1_001, |at| match at {
        0 => allow("*"),
        _ => deny("arn:aws:ec2:*:*:*"),
    });
    for finding in check(&text.to_string(), &[]).unwrap().findings {
        assert!(finding.message.len() < 1_000, "{}", finding.message);
        assert!(
            finding.message.contains(" and others"),
            "{}",
            finding.message
        );
    }
}
