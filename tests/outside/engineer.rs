//! aws-cli with the logins of an engineer, beside vendor-ssm and against the same sandbox.
//! It judges the sandbox's login services: it reads their answers, and makes the same proof of its
//! key. What each of the two keeps, the other one uses. No independent server has judged the
//! refusals.

use std::process::Command;

use vendor_ssm_sandbox::metadata::Metadata;
use vendor_ssm_sandbox::world::Task;

use crate::behind::{Behind, HOSTS};
use crate::harness::engineer::{LEGACY_FILE, SESSION_FILE, SSO_LEGACY, SSO_ROLE, SSO_SESSION};
use crate::harness::{Ran, SETTINGS, run};
use crate::venv;

const NAME: &str = "alice@vendor.example";
const ALICE: &str = "arn:aws:iam::111111111111:user/alice";

fn desk(line: &str) -> Behind {
    let logins = [
        "portal.sso.us-east-1.amazonaws.com",
        "oidc.us-east-1.amazonaws.com",
        "us-east-1.signin.aws.amazon.com",
    ];
    let behind = Behind::serving(&[&HOSTS[..], &logins].concat(), None);
    let settings = SETTINGS.replace("[vendor]", &format!("[vendor]\n{line}"));
    behind.bench.settings(&settings);
    behind
}

fn bare(mut command: Command) -> Command {
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
    command
}

/// aws-cli at the same desk; without `profile` by its default chain.
fn aws(desk: &Behind, profile: Option<&str>) -> Command {
    let mut command = Command::new(venv::program("aws"));
    command
        .args(["sts", "get-caller-identity", "--output", "json"])
        .env_clear()
        .envs(desk.environment())
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_STS_REGIONAL_ENDPOINTS", "regional")
        .env("NO_PROXY", "127.0.0.1");
    if let Some(profile) = profile {
        command.args(["--profile", profile]);
    }
    bare(command)
}

fn vendor(desk: &Behind) -> Command {
    bare(desk.command("whoami --output json"))
}

fn is(ran: &Ran, arn: &str) {
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = ran.json();
    let found = said["Arn"].as_str().or(said["base"]["arn"].as_str());
    assert_eq!(found, Some(arn), "{said}");
}

fn count(desk: &Behind, action: &str) -> usize {
    let actions = desk.bench.sandbox.actions();
    actions.iter().filter(|it| *it == action).count()
}

fn sso_arn() -> String {
    format!("arn:aws:sts::111111111111:assumed-role/{SSO_ROLE}/{NAME}")
}

#[test]
fn aws_cli_and_vendor_ssm_share_the_login_of_identity_center() {
    for (config, file) in [(SSO_SESSION, SESSION_FILE), (SSO_LEGACY, LEGACY_FILE)] {
        let desk = desk("profile = \"work\"");
        desk.bench.assign(NAME);
        desk.bench.aws_file("config", config);
        desk.bench.sso_login(NAME, file, 3600);
        is(&run(&mut aws(&desk, Some("work"))), &sso_arn());
        is(&run(&mut vendor(&desk)), &sso_arn());
    }
}

#[test]
fn each_goes_on_with_the_token_that_the_other_refreshed() {
    // An access token that lasts a minute is refreshed by every command.
    let desk = desk("profile = \"work\"");
    desk.bench.assign(NAME);
    desk.bench.aws_file("config", SSO_SESSION);
    desk.bench
        .sandbox
        .world(|world| world.identity_center.token_seconds = 60);
    desk.bench.sso_login(NAME, SESSION_FILE, -60);
    for refreshed in 1..=2 {
        let cache = desk.bench.home().join(".aws/cli");
        let _ = std::fs::remove_dir_all(cache);
        let ran = if refreshed == 1 {
            run(&mut aws(&desk, Some("work")))
        } else {
            run(&mut vendor(&desk))
        };
        is(&ran, &sso_arn());
        assert!(count(&desk, "CreateToken") >= refreshed, "{ran:?}");
    }
    is(&run(&mut aws(&desk, Some("work"))), &sso_arn());
}

#[test]
fn what_the_portal_refuses_is_read_by_aws_cli_as_well() {
    let desk = desk("profile = \"work\"");
    desk.bench.assign(NAME);
    desk.bench.sso_login(NAME, SESSION_FILE, 3600);
    desk.bench
        .aws_file("config", &SSO_SESSION.replace("VendorEngineer", "Other"));
    let ran = run(&mut aws(&desk, Some("work")));
    assert!(
        ran.code != 0 && ran.stderr.contains("(ForbiddenException)"),
        "{ran:?}"
    );
    desk.bench
        .sandbox
        .world(|world| world.identity_center.sign_out(NAME));
    desk.bench.aws_file("config", SSO_SESSION);
    // aws-cli has words of its own for UnauthorizedException.
    let ran = run(&mut aws(&desk, Some("work")));
    assert!(
        ran.code != 0 && ran.stderr.contains("SSO session"),
        "{ran:?}"
    );
}

#[test]
fn each_goes_on_with_the_console_session_that_the_other_refreshed() {
    let desk = desk("profile = \"work\"");
    let config = format!("[profile work]\nlogin_session = {ALICE}\nregion = us-east-1\n");
    desk.bench.aws_file("config", &config);
    desk.bench.aws_login(ALICE);
    let expire = || {
        let file = desk.bench.login_file(ALICE);
        let text = std::fs::read_to_string(&file).unwrap();
        let mut kept: serde_json::Value = serde_json::from_str(&text).unwrap();
        kept["accessToken"]["expiresAt"] = "2020-01-01T00:00:00Z".into();
        std::fs::write(&file, kept.to_string()).unwrap();
    };
    is(&run(&mut aws(&desk, Some("work"))), ALICE);
    assert_eq!(count(&desk, "CreateOAuth2Token"), 1);
    is(&run(&mut vendor(&desk)), ALICE);
    assert_eq!(
        count(&desk, "CreateOAuth2Token"),
        1,
        "aws-cli kept what it got"
    );
    expire();
    is(&run(&mut vendor(&desk)), ALICE);
    assert_eq!(count(&desk, "CreateOAuth2Token"), 2);
    expire();
    is(&run(&mut aws(&desk, Some("work"))), ALICE);
    assert_eq!(count(&desk, "CreateOAuth2Token"), 3);
}

#[test]
fn a_web_identity_is_the_same_for_both() {
    let desk = desk("profile = \"work\"");
    desk.bench.web_role("Builds", "repo:vendor/runbooks");
    let now = desk.bench.sandbox.clock().now();
    let token = desk.bench.sandbox.world(|world| {
        let lasts = std::time::Duration::from_mins(10);
        world
            .identity_provider
            .token("repo:vendor/runbooks", now, lasts)
    });
    let file = desk.bench.aws_file("token", &token);
    let config = format!(
        "[profile work]\nrole_arn = arn:aws:iam::111111111111:role/Builds\nrole_session_name = runbooks\nweb_identity_token_file = {}\nregion = us-east-1\n",
        file.display()
    );
    desk.bench.aws_file("config", &config);
    let arn = "arn:aws:sts::111111111111:assumed-role/Builds/runbooks";
    is(&run(&mut aws(&desk, Some("work"))), arn);
    is(&run(&mut vendor(&desk)), arn);
}

fn on_instance(desk: &Behind) -> Metadata {
    desk.bench.service_role("Bastion", "ec2.amazonaws.com");
    desk.bench
        .sandbox
        .world(|world| world.instance_metadata.role = Some("Bastion".to_owned()));
    desk.bench.sandbox.metadata().unwrap()
}

#[test]
fn an_instances_role_is_the_same_for_both() {
    let desk = desk("credential_source = \"Ec2InstanceMetadata\"");
    let metadata = on_instance(&desk);
    let endpoint = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.endpoint());
    let arn = "arn:aws:sts::111111111111:assumed-role/Bastion/i-0ba5e0ba5e0ba5e01";
    is(&run(aws(&desk, None).envs([endpoint.clone()])), arn);
    is(&run(vendor(&desk).envs([endpoint.clone()])), arn);
    // aws-cli tries IMDSv1 if a token cannot be had; that is refused.
    let puts = || {
        let events = desk.bench.sandbox.trail();
        let of = events.into_iter().filter(|it| it.service == "imds");
        of.map(|it| (it.action, it.status)).collect::<Vec<_>>()
    };
    assert!(
        puts().iter().all(|(_, status)| *status == 200),
        "{:?}",
        puts()
    );
    desk.bench
        .sandbox
        .world(|world| world.instance_metadata.role = None);
    let ran = run(aws(&desk, None).envs([endpoint]));
    assert!(
        ran.code != 0 && ran.stderr.contains("Unable to locate credentials"),
        "{ran:?}"
    );
}

#[test]
fn a_containers_role_is_the_same_for_both() {
    let desk = desk("credential_source = \"EcsContainer\"\nrole_session_name = \"nightly\"");
    desk.bench.service_role("Task", "ecs-tasks.amazonaws.com");
    desk.bench.sandbox.world(|world| {
        world.tasks.push(Task {
            path: "/v1/credentials".to_owned(),
            role: "Task".to_owned(),
            session_name: "0123456789abcdef0123456789abcdef".to_owned(),
            authorization: Some("pod-token".to_owned()),
        });
    });
    let metadata = desk.bench.sandbox.metadata().unwrap();
    let variables = [
        (
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            format!("{}/v1/credentials", metadata.endpoint()),
        ),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pod-token".to_owned()),
    ];
    let arn = "arn:aws:sts::111111111111:assumed-role/Task/0123456789abcdef0123456789abcdef";
    is(&run(aws(&desk, None).envs(variables.clone())), arn);
    is(&run(vendor(&desk).envs(variables.clone())), arn);
    let ran = run(aws(&desk, None)
        .envs(variables)
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "other"));
    assert!(ran.code != 0 && ran.stderr.contains("403"), "{ran:?}");
}
