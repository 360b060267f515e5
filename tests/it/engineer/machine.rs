//! The role of the machine that vendor-ssm runs on: EC2's IMDSv2 and a container's endpoint, asked
//! only if the settings or their profile name them.

use std::process::Command;

use vendor_ssm_sandbox::metadata::Metadata;
use vendor_ssm_sandbox::world::Task;

use super::{bare, desk_with, reaches, said};
use crate::behind::Behind;
use crate::harness::{SETTINGS, run};

const EC2: &str = "credential_source = \"Ec2InstanceMetadata\"";
const ECS: &str = "credential_source = \"EcsContainer\"";
const INSTANCE: &str = "i-0ba5e0ba5e0ba5e01";

fn on_instance(line: &str) -> (Behind, Metadata) {
    let desk = desk_with(line);
    desk.bench.service_role("Bastion", "ec2.amazonaws.com");
    desk.bench
        .sandbox
        .world(|world| world.instance_metadata.role = Some("Bastion".to_owned()));
    let metadata = desk.bench.sandbox.metadata().unwrap();
    (desk, metadata)
}

fn ec2(desk: &Behind, metadata: &Metadata, line: &str) -> Command {
    let mut command = bare(desk, line);
    command.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.endpoint());
    command
}

/// What the metadata services were asked.
fn asked(desk: &Behind) -> Vec<(String, String, u16)> {
    let events = desk.bench.sandbox.trail().into_iter();
    let of = events.filter(|it| it.service == "imds" || it.service == "container");
    of.map(|it| (it.action, it.parameters["Path"].clone(), it.status))
        .collect()
}

#[test]
fn the_instances_role_is_named_after_the_instance() {
    let (desk, metadata) = on_instance(EC2);
    let base = format!("arn:aws:sts::111111111111:assumed-role/Bastion/{INSTANCE}");
    reaches(&mut |line| ec2(&desk, &metadata, line), &base, INSTANCE);
    let (action, path, status) = asked(&desk)[0].clone();
    assert_eq!(
        (&*action, &*path, status),
        ("PUT", "/latest/api/token", 200)
    );
    assert!(asked(&desk).iter().all(|(_, _, status)| *status == 200));
}

#[test]
fn a_profile_names_the_instance_and_its_endpoint() {
    let (desk, metadata) = on_instance("profile = \"work\"");
    desk.bench.service_role("Next", "ec2.amazonaws.com");
    desk.bench.sandbox.world(|world| {
        let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/Bastion"},"Action":"sts:AssumeRole"}}"#;
        world.role_mut("111111111111", "Next").unwrap().set_trust(trust).unwrap();
    });
    let config = format!(
        "[profile work]\nrole_arn = arn:aws:iam::111111111111:role/Next\nrole_session_name = ops\ncredential_source = Ec2InstanceMetadata\nec2_metadata_service_endpoint = {}\nregion = us-east-1\n",
        metadata.endpoint()
    );
    desk.bench.aws_file("config", &config);
    let base = "arn:aws:sts::111111111111:assumed-role/Next/ops";
    reaches(&mut |line| bare(&desk, line), base, "ops");
}

#[test]
fn odd_lines_elsewhere_in_the_profiles_do_not_matter() {
    let (desk, metadata) = on_instance(EC2);
    desk.bench.aws_file(
        "config",
        "before any section\n[profile other\nthis is no setting\n",
    );
    let ran = run(&mut ec2(&desk, &metadata, "list"));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn an_instance_without_a_role_or_metadata_says_so() {
    let (desk, metadata) = on_instance(EC2);
    let world =
        |change: fn(&mut vendor_ssm_sandbox::world::World)| desk.bench.sandbox.world(change);
    world(|world| world.instance_metadata.role = None);
    said(
        &run(&mut ec2(&desk, &metadata, "list")),
        20,
        &["404", "hint: attach a role to the instance"],
    );
    world(|world| world.instance_metadata.enabled = false);
    said(
        &run(&mut ec2(&desk, &metadata, "list")),
        20,
        &["IMDS is disabled", "metadata service is on"],
    );
    let ran = run(ec2(&desk, &metadata, "list").env("AWS_EC2_METADATA_DISABLED", "true"));
    said(&ran, 20, &["AWS_EC2_METADATA_DISABLED"]);
    let ran =
        run(bare(&desk, "list").env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1"));
    said(&ran, 40, &["runs on an EC2 instance"]);
}

#[test]
fn a_container_on_the_instance_is_a_hop_too_far() {
    let (desk, metadata) = on_instance(EC2);
    desk.bench
        .sandbox
        .world(|world| world.instance_metadata.hops = 2);
    let ran = run(&mut ec2(&desk, &metadata, "list"));
    said(&ran, 40, &["hop limit"]);
    desk.bench
        .sandbox
        .world(|world| world.instance_metadata.hop_limit = 2);
    let ran = run(&mut ec2(&desk, &metadata, "list"));
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn task(desk: &Behind, authorization: Option<&str>) {
    desk.bench.service_role("Task", "ecs-tasks.amazonaws.com");
    desk.bench.sandbox.world(|world| {
        world.tasks.push(Task {
            path: "/v2/credentials/6f0c".to_owned(),
            role: "Task".to_owned(),
            session_name: "0123456789abcdef0123456789abcdef".to_owned(),
            authorization: authorization.map(str::to_owned),
        });
    });
}

fn ecs(desk: &Behind, metadata: &Metadata, line: &str) -> Command {
    let uri = format!("{}/v2/credentials/6f0c", metadata.endpoint());
    let mut command = bare(desk, line);
    command.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri);
    command
}

#[test]
fn a_tasks_role_needs_a_name_of_ones_own() {
    let desk = desk_with(ECS);
    task(&desk, None);
    let metadata = desk.bench.sandbox.metadata().unwrap();
    // A task's id is another one tomorrow.
    let ran = run(&mut ecs(&desk, &metadata, "list"));
    said(&ran, 10, &["no name", "vendor.role_session_name"]);
    let named = format!("{ECS}\nrole_session_name = \"nightly\"");
    desk.bench
        .settings(&SETTINGS.replace("[vendor]", &format!("[vendor]\n{named}")));
    let base = "arn:aws:sts::111111111111:assumed-role/Task/0123456789abcdef0123456789abcdef";
    reaches(&mut |line| ecs(&desk, &metadata, line), base, "nightly");
}

#[test]
fn a_pods_token_is_sent_and_its_refusals_are_said() {
    let desk = desk_with(&format!("{ECS}\nrole_session_name = \"nightly\""));
    task(&desk, Some("pod-token"));
    let metadata = desk.bench.sandbox.metadata().unwrap();
    let ran = run(&mut ecs(&desk, &metadata, "list"));
    said(&ran, 20, &["401", "AWS_CONTAINER_AUTHORIZATION_TOKEN"]);
    let ran = run(ecs(&desk, &metadata, "list").env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "other"));
    said(&ran, 20, &["403"]);
    let ran =
        run(ecs(&desk, &metadata, "list").env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pod-token"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let file = desk.bench.aws_file("pod", "pod-token");
    let ran =
        run(ecs(&desk, &metadata, "list").env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &file));
    assert_eq!(ran.code, 0, "{ran:?}");
    std::fs::write(&file, "pod\r\ntoken").unwrap();
    let ran =
        run(ecs(&desk, &metadata, "list").env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &file));
    said(
        &ran,
        20,
        &["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "a line break"],
    );
    assert!(!ran.stderr.contains("token\n"), "{ran:?}");
}

#[test]
fn an_endpoint_that_is_not_there_or_not_allowed_is_said() {
    let desk = desk_with(ECS);
    let metadata = desk.bench.sandbox.metadata().unwrap();
    said(&run(&mut ecs(&desk, &metadata, "list")), 20, &["404"]);
    let uri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    let ran = run(bare(&desk, "list").env(uri, "http://192.0.2.1/x"));
    said(&ran, 20, &["not refer to an allowed IP address"]);
    said(&run(&mut bare(&desk, "list")), 20, &[uri]);
}

/// No setup but those that name them asks a metadata service (faults.md T17).
#[test]
fn nobody_is_asked_who_was_not_named() {
    let (desk, metadata) = on_instance("");
    let keys = desk.bench.sandbox.credentials("alice").unwrap();
    let own = format!(
        "aws_access_key_id = {}\naws_secret_access_key = {}\n",
        keys.access_key_id, keys.secret_access_key
    );
    task(&desk, None);
    desk.bench.aws_file(
        "config",
        &format!(
            "[profile keys]\n{own}[profile nothing]\nregion = us-east-1\n[profile process]\ncredential_process = false\n{}",
            crate::harness::engineer::SSO_SESSION
        ),
    );
    for (vendor, line) in [
        ("", "list"),
        ("credential_source = \"Environment\"", "list"),
        ("profile = \"keys\"", "list"),
        ("profile = \"nothing\"", "list"),
        ("profile = \"process\"", "list"),
        ("profile = \"work\"", "list"),
        ("profile = \"nobody\"", "whoami"),
        ("", "doctor"),
    ] {
        desk.bench
            .settings(&SETTINGS.replace("[vendor]", &format!("[vendor]\n{vendor}")));
        let uri = format!("{}/v2/credentials/6f0c", metadata.endpoint());
        let mut command = ec2(&desk, &metadata, line);
        run(command.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri));
        assert_eq!(asked(&desk), [], "{vendor} {line}");
    }
}
