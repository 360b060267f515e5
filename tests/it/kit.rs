//! `kit`: its templates, deployed in the sandbox, which then enforces their policies.

use std::collections::BTreeSet;

use vendor_ssm_sandbox::cloudformation::{DeployError, Template};
use vendor_ssm_sandbox::iam::Policy;
use vendor_ssm_sandbox::world::{
    CUSTOMER, Instance, KmsKey, MFA_CODE, PingStatus, SESSION_KEY, VENDOR,
};

use crate::harness::terminal::{LIMIT, PROMPT, Terminal, none_open, until};
use crate::harness::{self, Bench};
use crate::questions::{Table, Templates};

/// The role that `customer add` names and the kit creates.
const ROLE: &str = "vendor-ssm-Third-Party-A";
const OS_USER: &str = "vendor-ssm";
/// The id of a multi-Region key.
const REPLICATED: &str = "mrk-5c0f7c1e3f0b4a6d9b7e2d41a86c93f5";

/// Settings by `customer add`, both accounts by the kit. Engineers come as IAM users with MFA;
/// `more` goes to `customer add`.
fn bench(more: &str) -> Bench {
    let bench = Bench::new();
    std::fs::remove_file(bench.config()).unwrap();
    let line = format!(
        "customer add acme --account {CUSTOMER} --region us-east-1 --region eu-west-1 --tag-value Third_Party_A \
         --vendor-role-arn arn:aws:iam::{VENDOR}:role/vendor-ssm {more}"
    );
    let ran = bench.run(&line);
    assert_eq!(ran.code, 0, "{ran:?}");
    let added = std::fs::read_to_string(bench.config()).unwrap();
    let mfa = "[vendor]\nmfa_serial = \"arn:aws:iam::111111111111:mfa/{user}\"";
    bench.settings(&format!(
        "{}\n[cache]\nstore = \"none\"\n",
        added.replace("[vendor]", mfa)
    ));
    bench
}

fn printed(bench: &Bench, line: &str) -> String {
    let ran = bench.run(line);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.stdout
}

/// Deploys both templates, and attaches the entry policy to alice.
fn deploy(bench: &Bench, customer: &str) {
    let vendor = printed(bench, "kit vendor --parameter UserPath=/");
    let customer = printed(bench, customer);
    put(bench, &vendor, &customer);
}

/// Deploys these templates, and attaches the entry policy to alice.
fn put(bench: &Bench, vendor: &str, customer: &str) {
    bench.sandbox.world(|world| {
        let loose = world.deploy(vendor, VENDOR, "us-east-1", &[]).unwrap();
        let alice = world.user_mut(VENDOR, "alice").unwrap();
        alice.policies = loose;
        for region in ["us-east-1", "eu-west-1"] {
            world.deploy(customer, CUSTOMER, region, &[]).unwrap();
        }
    });
}

/// Creates the OS user on every instance, as the printed command does.
fn make_os_user(bench: &Bench) {
    bench.sandbox.world(|world| {
        for instance in &mut world.instances {
            instance.os_users.push(OS_USER.to_owned());
        }
    });
}

/// Allows engineers without MFA, for tests of what comes after.
fn without_mfa(bench: &Bench) {
    let added = std::fs::read_to_string(bench.config()).unwrap();
    let settings: Vec<&str> = added
        .lines()
        .filter(|line| !line.contains("mfa_serial"))
        .collect();
    bench.settings(&settings.join("\n"));
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{VENDOR}:root"}},"Action":"sts:AssumeRole"}}]}}"#
    );
    bench.sandbox.world(|world| {
        world
            .role_mut(VENDOR, "vendor-ssm")
            .unwrap()
            .set_trust(&trust)
            .unwrap();
    });
}

/// The kit in both accounts, without MFA, and with the OS user.
fn ready(more: &str, kit: &str) -> Bench {
    let bench = bench(more);
    make_ready(&bench, kit);
    bench
}

fn make_ready(bench: &Bench, kit: &str) {
    deploy(bench, kit);
    without_mfa(bench);
    make_os_user(bench);
}

/// Takes the second region out of the settings.
fn in_one_region(bench: &Bench) {
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    bench.settings(&settings.replace(", \"eu-west-1\"", ""));
}

#[test]
fn from_customer_add_over_the_kit_to_a_shell() {
    let bench = bench("");
    deploy(&bench, "kit customer");
    let mut terminal = Terminal::run(&bench, "connect web-1 --client builtin --region us-east-1");
    terminal.shows("MFA code for");
    terminal.types(&format!("{MFA_CODE}\r"));
    let ended = terminal.ends();
    assert_eq!(ended.code, 50, "{}", ended.screen);
    assert!(
        ended
            .screen
            .contains("RunAs user vendor-ssm does not exist"),
        "{}",
        ended.screen
    );
    none_open(&bench);

    make_os_user(&bench);
    let mut terminal = Terminal::run(&bench, "connect web-1 --client builtin --region us-east-1");
    terminal.shows("MFA code for");
    terminal.types(&format!("{MFA_CODE}\r"));
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    let trail = bench.sandbox.trail();
    let started = trail
        .iter()
        .rfind(|event| event.action == "StartSession")
        .unwrap();
    assert_eq!(started.parameters["DocumentName"], ROLE);
    none_open(&bench);
}

#[test]
fn only_tagged_instances_and_our_document_are_granted() {
    let bench = ready("", "kit customer");
    let listed = bench.run("list --output json").json();
    assert!(
        listed["instances"].as_array().unwrap().len() > 1,
        "{listed}"
    );
    // IAM ignores letter case in the key of a condition.
    let is_ours = |(key, value): &(String, String)| {
        key.eq_ignore_ascii_case("ExternalAccessGrantedTo") && value == "Third_Party_A"
    };
    let others: Vec<(String, String)> = bench.sandbox.world(|world| {
        let connected = |one: &&Instance| one.is_connected() && one.account == CUSTOMER;
        let all = world.instances.iter().filter(connected);
        all.filter(|one| !one.tags.iter().any(is_ours))
            .map(|one| (one.id.clone(), one.region.clone()))
            .collect()
    });
    assert!(!others.is_empty());
    for (id, region) in others {
        let ran = bench.run(&format!("connect {id} --region {region} --client builtin"));
        assert_eq!(ran.code, 34, "{id}: {ran:?}");
    }
    for document in [
        "SSM-SessionManagerRunShell",
        "AWS-StartSSHSession",
        "AWS-StartPortForwardingSession",
    ] {
        let ran = bench.run(&format!(
            "connect web-1 --region us-east-1 --client builtin --document {document}"
        ));
        assert_eq!(ran.code, 34, "{document}: {ran:?}");
    }
    let ran = bench.run_with_input("connect web-1 --region us-east-1", "echo through the kit\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("through the kit"), "{ran:?}");
    none_open(&bench);
}

#[test]
fn a_grant_ends() {
    let bench = ready("", "kit customer --until 2099-12-31");
    assert_eq!(bench.run("list").code, 0);
    let customer = printed(&bench, "kit customer --until 2099-12-31");
    assert!(customer.contains("'2100-01-01T00:00:00Z'"), "{customer}");
    // The same template, with an end long ago.
    bench.sandbox.world(|world| {
        world
            .roles
            .retain(|role| role.account != CUSTOMER || !role.name.starts_with(ROLE));
        let ends = [("GrantEnds", "2020-01-01T00:00:00Z")];
        world
            .deploy(&customer, CUSTOMER, "us-east-1", &ends)
            .unwrap();
    });
    assert_eq!(bench.run("list").code, 22);
    for wrong in ["2020-01-01", "soon"] {
        let ran = bench.run(&format!("kit customer --until {wrong}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    }
}

#[test]
fn the_trust_wants_the_external_id_and_the_vendor_role() {
    let bench = ready("", "kit customer");
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    let wrong = with_another_external_id(&settings);
    bench.settings(&wrong);
    assert_eq!(bench.run("list").code, 22);
}

/// The settings with another ExternalId.
fn with_another_external_id(settings: &str) -> String {
    let line = settings
        .lines()
        .find(|line| line.starts_with("external_id"))
        .unwrap();
    settings.replace(line, "external_id = \"another-one\"")
}

#[test]
fn a_second_stack_of_the_home_region_collides_and_another_region_does_not() {
    let bench = bench("");
    deploy(&bench, "kit customer");
    let customer = printed(&bench, "kit customer");
    let again = bench
        .sandbox
        .world(|world| world.deploy(&customer, CUSTOMER, "us-east-1", &[]));
    assert!(
        matches!(again, Err(DeployError::Resource { .. })),
        "{again:?}"
    );
    bench
        .sandbox
        .world(|world| world.deploy(&customer, CUSTOMER, "eu-west-1", &[]))
        .unwrap();
}

#[test]
fn names_are_bound_with_root_too() {
    let bench = ready("", "kit customer --parameter TrustRootAndArn=yes");
    assert_eq!(bench.run("list").code, 0);
}

/// The default that a template gives a parameter.
fn default_of(template: &str, parameter: &str) -> String {
    let behind = template
        .split(&format!("\n  {parameter}:\n"))
        .nth(1)
        .unwrap();
    let default = behind.split("Default: '").nth(1).unwrap();
    default.split('\'').next().unwrap().to_owned()
}

/// The values that the printed steps' deploy command gives a stack.
fn given(steps: &str) -> Vec<(String, String)> {
    let line = steps
        .lines()
        .find(|line| line.contains("aws cloudformation deploy"))
        .unwrap();
    let words = shlex::split(line).unwrap();
    let values = words
        .iter()
        .skip_while(|word| *word != "--parameter-overrides")
        .skip(1);
    values
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// `aws cloudformation deploy` sends `UsePreviousValue` for what its command line does not name.
/// So a stack made with NameBinding=no keeps it, and a new one gets the template's default.
#[test]
fn a_new_stack_binds_names_and_an_old_one_keeps_its_value() {
    let bench = bench("");
    for kit in ["kit vendor", "kit customer"] {
        let ran = bench.run(kit);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(default_of(&ran.stdout, "NameBinding"), "yes", "{kit}");
        let named = given(&ran.stderr);
        assert!(named.len() > 3, "{named:?}");
        assert!(
            named.iter().all(|(name, _)| name != "NameBinding"),
            "{named:?}"
        );
        for said in [
            "vendor-ssm doctor -c acme",
            "NameBinding=no",
            "never tried on a live account",
        ] {
            assert!(ran.stderr.contains(said), "{kit}: {said}: {ran:?}");
        }
    }
    let vendor = printed(&bench, "kit vendor --parameter UserPath=/");
    let ran = bench.run("kit customer");
    let named = given(&ran.stderr);
    let trust = |before: &[(&str, &str)]| {
        // The values of before, below those that the command names.
        let named = named
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let values: Vec<(&str, &str)> = before.iter().copied().chain(named).collect();
        bench.sandbox.world(|world| {
            world
                .roles
                .retain(|role| !role.name.starts_with("vendor-ssm"));
            world.documents.retain(|document| document.name != ROLE);
            world.deploy(&vendor, VENDOR, "us-east-1", &[]).unwrap();
            world
                .deploy(&ran.stdout, CUSTOMER, "us-east-1", &values)
                .unwrap();
            world
                .role(CUSTOMER, ROLE)
                .unwrap()
                .trust
                .document
                .to_string()
        })
    };
    assert!(!trust(&[("NameBinding", "no")]).contains("sts:RoleSessionName"));
    assert!(trust(&[]).contains("sts:RoleSessionName"));
}

/// Settings with these keys under `[vendor]`, without MFA.
fn with_vendor_keys(bench: &Bench, keys: &str) {
    let all = std::fs::read_to_string(bench.config()).unwrap();
    let lines = all.lines().filter(|line| {
        ![
            "mfa_serial",
            "role_session_name",
            "source_identity",
            "credential_source",
            "profile",
        ]
        .iter()
        .any(|key| line.starts_with(key))
    });
    let settings: Vec<&str> = lines.collect();
    bench.settings(
        &settings
            .join("\n")
            .replace("[vendor]\n", &format!("[vendor]\n{keys}\n")),
    );
}

#[test]
fn names_are_not_bound_where_the_settings_send_another_one() {
    let bench = bench("");
    let machine = "credential_source = \"EcsContainer\"";
    for (keys, bound, asks) in [
        ("", true, false),
        ("source_identity = \"{user}\"", true, false),
        ("role_session_name = \"alice\"", true, true),
        ("role_session_name = \"bob\"", false, true),
        ("source_identity = \"alice\"", true, true),
        ("source_identity = \"{user}@v.example\"", false, true),
        (machine, false, false),
    ] {
        with_vendor_keys(&bench, keys);
        for kit in ["kit vendor", "kit customer"] {
            let before = bench.sandbox.actions().len();
            let ran = bench.run(kit);
            assert_eq!(ran.code, 0, "{ran:?}");
            let expected = if bound { "yes" } else { "no" };
            assert_eq!(
                default_of(&ran.stdout, "NameBinding"),
                expected,
                "{kit}, {keys}"
            );
            let printed = given(&ran.stderr)
                .iter()
                .any(|(name, value)| name == "NameBinding" && value == "no");
            assert_eq!(printed, !bound, "{kit}, {keys}: {ran:?}");
            if !bound {
                let key = keys.split(' ').next().unwrap();
                let why = format!("NameBinding=no, because vendor.{key}");
                assert!(ran.stderr.contains(&why), "{kit}: {ran:?}");
                let says_machine = ran.stderr.contains("Add the machine's own role");
                let is_its = keys == machine && kit == "kit vendor";
                assert_eq!(says_machine, is_its, "{kit}, {keys}: {ran:?}");
            }
            let asked = bench.sandbox.actions().len() > before;
            assert_eq!(asked, asks, "{kit}, {keys}");
            // The command line decides, and then AWS is not asked.
            let before = bench.sandbox.actions().len();
            let ran = bench.run(&format!("{kit} --parameter NameBinding=yes"));
            assert_eq!(default_of(&ran.stdout, "NameBinding"), "yes", "{ran:?}");
            assert_eq!(bench.sandbox.actions().len(), before, "{kit}, {keys}");
        }
    }
}

#[test]
fn names_that_cannot_be_compared_give_a_warning() {
    let bench = bench("");
    with_vendor_keys(&bench, "role_session_name = \"bob\"\nprofile = \"missing\"");
    let ran = bench.run("kit customer");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(default_of(&ran.stdout, "NameBinding"), "yes");
    assert!(
        ran.stderr.contains("warning: vendor-ssm cannot compare"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains("`--parameter NameBinding=no`"),
        "{ran:?}"
    );
}

/// The role of the permission set that the vendor's template trusts by default.
const PERMISSION_SET: &str = "AWSReservedSSO_VendorSsm_0123456789abcdef";

/// Both templates as printed, and engineers who come from SSO: the AWS profile of each name is a
/// session of that name.
fn with_sso(binding: &str) -> Bench {
    let bench = bench("");
    with_vendor_keys(&bench, "profile = \"alice\"");
    let vendor = printed(&bench, &format!("kit vendor{binding}"));
    let customer = printed(&bench, &format!("kit customer{binding}"));
    put(&bench, &vendor, &customer);
    make_os_user(&bench);
    let alice = bench.sandbox.credentials("alice").unwrap();
    bench.sandbox.world(|world| {
        let enter = world.user(VENDOR, "alice").unwrap().policies.clone();
        let mut role = world.role(VENDOR, "vendor-ssm").unwrap().clone();
        PERMISSION_SET.clone_into(&mut role.name);
        "/aws-reserved/sso.amazonaws.com/".clone_into(&mut role.path);
        "AROASSO0123456789ABC".clone_into(&mut role.unique_id);
        role.policies = enter;
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{VENDOR}:root"}},"Action":"sts:AssumeRole"}}]}}"#
        );
        role.set_trust(&trust).unwrap();
        world.roles.push(role);
        let may = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}"#;
        let user = world.user_mut(VENDOR, "alice").unwrap();
        user.set_policy("sign-in", may).unwrap();
    });
    let mut config = format!(
        "[profile keys]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        alice.access_key_id, alice.secret_access_key
    );
    for name in ["alice", "bob"] {
        let profile = format!(
            "[profile {name}]\nrole_arn = arn:aws:iam::{VENDOR}:role/aws-reserved/sso.amazonaws.com/{PERMISSION_SET}\nsource_profile = keys\nrole_session_name = {name}\n"
        );
        config.push_str(&profile);
    }
    std::fs::create_dir_all(bench.home().join(".aws")).unwrap();
    std::fs::write(bench.home().join(".aws/config"), config).unwrap();
    bench
}

/// Bob says that he is Alice, and ends her session. With names that are bound AWS refuses him.
#[test]
fn one_engineer_cannot_be_another() {
    for (binding, is_refused) in [("", true), (" --parameter NameBinding=no", false)] {
        let bench = with_sso(binding);
        let connect = "connect web-1 --region us-east-1 --client builtin";
        let terminal = Terminal::run(&bench, connect);
        terminal.shows(PROMPT.trim_end());
        let open = bench.sandbox.open_sessions();
        let [id] = &open[..] else {
            panic!("one session: {open:?}")
        };
        assert!(id.starts_with("alice-"), "{id}");
        let terminate = format!("sessions terminate {id} --region us-east-1");
        for (keys, refused) in [
            ("profile = \"bob\"", true),
            (
                "profile = \"bob\"\nrole_session_name = \"alice\"",
                is_refused,
            ),
        ] {
            with_vendor_keys(&bench, keys);
            let ran = bench.run(&terminate);
            assert_eq!(ran.code != 0, refused, "{binding}, {keys}: {ran:?}");
            assert_eq!(bench.sandbox.open_sessions().len(), usize::from(refused));
        }
        for (keys, refused) in [
            ("source_identity = \"{user}\"", false),
            ("source_identity = \"alice\"", is_refused),
        ] {
            with_vendor_keys(&bench, &format!("profile = \"bob\"\n{keys}"));
            let ran = bench.run("list");
            let expected = if refused { 21 } else { 0 };
            assert_eq!(ran.code, expected, "{binding}, {keys}: {ran:?}");
        }
        drop(terminal);
    }
}

#[test]
fn choices_are_in_the_template_and_the_steps() {
    let bench = bench("--grant command");
    let ran = bench.run("kit customer --os-user support --parameter DescribeSessions=yes");
    assert_eq!(ran.code, 0);
    let lines: Vec<&str> = ran.stdout.lines().map(str::trim).collect();
    let after = |name: &str| {
        let at = lines
            .iter()
            .position(|line| *line == format!("{name}:"))
            .unwrap();
        lines[at..]
            .iter()
            .find(|line| line.starts_with("Default:"))
            .copied()
            .unwrap()
    };
    assert_eq!(after("OsUser"), "Default: 'support'");
    assert_eq!(after("DescribeSessions"), "Default: 'yes'");
    assert_eq!(after("CommandDocument"), "Default: 'yes'");
    assert_eq!(after("SshDocument"), "Default: 'no'");
    for said in [
        "aws cloudformation deploy --region us-east-1",
        "aws cloudformation deploy --region eu-west-1",
        "--capabilities CAPABILITY_NAMED_IAM",
        "id -u support",
        "useradd",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
    }
    let id = after("ExternalId")
        .trim_start_matches("Default: ")
        .trim_matches('\'');
    assert!(!ran.stderr.contains(id), "the steps hold no ExternalId");
    let ran = bench.run("kit customer --parameter Nonsense=1");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("OsUser"), "{ran:?}");
}

#[test]
fn the_steps_name_what_the_template_creates() {
    let bench = bench("--grant command");
    let ran = bench.run("kit customer --parameter RoleName=other");
    assert_eq!(ran.code, 0, "{ran:?}");
    for said in [
        "creates the role other for",
        " and a log group.",
        "import it",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
    }
    let in_vpc =
        "--region us-east-1 --parameter VpcId=vpc-12345678 --parameter SubnetIds=subnet-12345678";
    for (bucket, is_said) in [("", false), (" --parameter LogBucket=create", true)] {
        let ran = bench.run(&format!("kit customer {in_vpc}{bucket}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.stderr.contains("S3's prefix list"), is_said, "{ran:?}");
    }
    let ran = bench.run("kit customer --parameter LogBucket=acme-logs");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("to the bucket acme-logs"), "{ran:?}");
    assert!(!ran.stderr.contains("log group"), "{ran:?}");
}

#[test]
fn the_steps_name_the_bucket_that_the_template_creates() {
    let bench = bench("");
    let ran = bench.run("kit customer --parameter LogBucket=create");
    assert_eq!(ran.code, 0, "{ran:?}");
    let made = Template::read(&ran.stdout).unwrap();
    let made = made.resources(CUSTOMER, "us-east-1", &[]).unwrap();
    let bucket = made["LogStore"]["BucketName"].as_str().unwrap();
    let again = format!("LogBucket={bucket}.");
    for said in [
        format!("creates the bucket {bucket}."),
        again,
        format!("iptables -A OUTPUT -m owner --uid-owner {OS_USER} -d 169.254.169.254 -j REJECT"),
        format!("ip6tables -A OUTPUT -m owner --uid-owner {OS_USER} -d fd00:ec2::254 -j REJECT"),
    ] {
        assert!(ran.stderr.contains(&said), "{said}: {ran:?}");
    }
    assert!(!ran.stderr.contains("log group"), "{ran:?}");
}

#[test]
fn a_parameter_that_the_settings_contradict_is_warned_of() {
    let bench = bench("--grant port");
    for (parameter, key) in [
        ("RoleName=other", "role_arn"),
        ("ExternalId=other", "external_id"),
        ("CommandDocument=yes", "documents.command"),
        ("PortDocument=no", "documents.port"),
    ] {
        let ran = bench.run(&format!("kit customer --parameter {parameter}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        let name = parameter.split('=').next().unwrap();
        let warning = format!(
            "warning: `--parameter {name}` changes the template alone: change `{key}` in the settings too"
        );
        assert!(ran.stderr.contains(&warning), "{parameter}: {ran:?}");
    }
    for parameter in [
        "SshDocument=yes",
        "PortDocument=yes",
        "HomeRegion=eu-west-1",
        "IdleMinutes=9",
    ] {
        let ran = bench.run(&format!("kit customer --parameter {parameter}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.stderr.contains("warning"), "{parameter}: {ran:?}");
    }
}

/// Lines for `kit`, with the value and the rule that the error names.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "customer --os-user root",
        "OsUser \"root\"",
        "put into sudoers",
    ),
    (
        "customer --os-user a;reboot",
        "OsUser \"a;reboot\"",
        "[a-z_]",
    ),
    (
        "customer --parameter LogBucketKeyArn=arn:aws:kms:us-east-1:222222222222:key/abc",
        "LogBucketKeyArn",
        "it needs LogBucket",
    ),
    (
        "customer --parameter LogBucket=create --parameter LogBucketKeyArn=arn:aws:kms:eu-west-1:222222222222:key/abc",
        "LogBucketKeyArn",
        "use a key of us-east-1",
    ),
    (
        "vendor --parameter SsoRoleName=Admin",
        "SsoRoleName \"Admin\"",
        "AWSReservedSSO_",
    ),
    (
        "customer --parameter IdleMinutes=soon",
        "IdleMinutes \"soon\"",
        "Number",
    ),
    (
        "customer --parameter IdleMinutes=",
        "IdleMinutes \"\"",
        "Number",
    ),
    (
        "customer --parameter IdleMinutes=90",
        "IdleMinutes \"90\"",
        "MaxValue is 60",
    ),
    (
        "customer --parameter IdleMinutes=0",
        "IdleMinutes \"0\"",
        "MinValue is 1",
    ),
    (
        "customer --parameter IdleMinutes=2.5",
        "IdleMinutes \"2.5\"",
        "whole number",
    ),
    (
        "customer --parameter LogDays=5",
        "LogDays \"5\"",
        "AllowedValues are [7,",
    ),
    (
        "customer --parameter SshDocument=maybe",
        "SshDocument \"maybe\"",
        "'yes', 'no'",
    ),
    (
        "customer --parameter CreateKmsEndpoint=",
        "CreateKmsEndpoint \"\"",
        "'yes', 'no'",
    ),
    (
        "customer --parameter TagValue=a*",
        "TagValue \"a*\"",
        "cannot begin with aws:",
    ),
    (
        "customer --parameter TagValue=AWS:x",
        "TagValue \"AWS:x\"",
        "cannot begin with aws:",
    ),
    (
        "customer --parameter Regions=us-east-1,*",
        "Regions \"us-east-1,*\"",
        "such as us-east-1,eu-west-1",
    ),
    (
        "customer --parameter VpcId=vpc-1",
        "VpcId \"vpc-1\"",
        "the id of a VPC",
    ),
    (
        "customer --parameter VpcId=vpc-0123abcd",
        "VpcId",
        "only one of us-east-1, eu-west-1",
    ),
    (
        "customer --parameter RoleName=a/b",
        "RoleName \"a/b\"",
        "1 to 64 letters",
    ),
    (
        "customer --parameter SessionDocument=AWS-x",
        "SessionDocument",
        "belongs to AWS",
    ),
    (
        "customer --parameter PermissionsBoundary=x",
        "PermissionsBoundary \"x\"",
        "ARN of a managed policy",
    ),
    (
        "customer --parameter PermissionsBoundary=arn:aws:iam::333333333333:policy/b",
        "PermissionsBoundary",
        "not a policy of account 222222222222",
    ),
    (
        "customer --parameter PermissionsBoundary=arn:aws-cn:iam::aws:policy/b",
        "PermissionsBoundary",
        "the partition aws",
    ),
    (
        "vendor --parameter MaxSessionSeconds=60",
        "MaxSessionSeconds \"60\"",
        "MinValue is 3600",
    ),
    (
        "vendor --parameter PermissionSet=*",
        "PermissionSet \"*\"",
        "1 to 32 letters",
    ),
    (
        "vendor --parameter Engineers=SSO",
        "Engineers \"SSO\"",
        "[sso, iam-users]",
    ),
    (
        "vendor --parameter UserPath=engineers",
        "UserPath \"engineers\"",
        "begin and end with a slash",
    ),
    (
        "vendor --parameter PermissionsBoundary=arn:aws:iam::222222222222:policy/b",
        "PermissionsBoundary",
        "not a policy of account 111111111111",
    ),
];

#[test]
fn a_wrong_value_is_refused_before_anything_is_printed() {
    let bench = bench("");
    for (line, what, rule) in REFUSED {
        let ran = bench.run(&format!("kit {line}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {ran:?}");
        for said in [what, rule] {
            assert!(ran.stderr.contains(said), "{line}, {said}: {ran:?}");
        }
    }
    let ran = bench.run("kit customer --parameter IdleMinutes=90");
    assert_eq!(
        ran.stderr,
        "error[usage]: the template does not allow IdleMinutes \"90\": its MaxValue is 60; it must be 1 to 60 minutes\n  \
         hint: pass a value that fits: `--parameter IdleMinutes=VALUE`\n"
    );
    let ran = bench.run("kit customer --parameter ExternalId=not*allowed");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(
        !ran.stderr.contains("not*allowed"),
        "it is confidential: {ran:?}"
    );
    let twice = bench.run("kit customer --parameter TagValue=One --parameter TagValue=Two");
    assert_eq!(twice.code, 0);
    assert_eq!(
        twice.stdout.matches("Default: 'Two'").count(),
        1,
        "{twice:?}"
    );
    assert!(!twice.stdout.contains("Default: 'One'"), "{twice:?}");
    assert!(twice.stderr.contains("Values=Two"), "{twice:?}");
}

/// The regions that the template gets decide, not those of the settings.
#[test]
fn a_key_of_one_region_is_refused_for_the_regions_of_the_parameter() {
    let bench = bench("");
    let key = format!("SessionKeyArn=arn:aws:kms:us-east-1:{CUSTOMER}:key/abc");
    for (regions, code) in [("us-east-1", 0), ("us-east-1,eu-west-1", 2)] {
        let ran = bench.run(&format!(
            "kit customer --region us-east-1 --parameter Regions={regions} --parameter {key}"
        ));
        assert_eq!(ran.code, code, "{regions}: {ran:?}");
    }
}

#[test]
fn our_own_policy_check_finds_nothing_in_either_template() {
    let bench = bench("--grant command --grant port --grant remote-port --grant ssh");
    let choices =
        "--until 2027-01-31 --parameter LogBucket=create --parameter DescribeSessions=yes";
    for line in ["vendor", "customer", &format!("customer {choices}")] {
        let template = printed(&bench, &format!("kit {line}"));
        let file = bench.home().join("printed.yaml");
        std::fs::write(&file, template).unwrap();
        let ran = bench.run(&format!("policy check {}", file.display()));
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{line}: {ran:?}");
    }
}

#[test]
fn a_setting_that_the_template_does_not_allow_is_named() {
    let bench = bench("");
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    for (from, to, what, key) in [
        (
            "tag_value = \"Third_Party_A\"",
            "tag_value = \"a*\"",
            "TagValue \"a*\"",
            "change `tag_value` in the settings",
        ),
        (
            "role/vendor-ssm\"",
            "role/(x)/vendor-ssm\"",
            "VendorRoleArn \"arn:aws:iam::111111111111:role/(x)/vendor-ssm\"",
            "change `vendor.role_arn` in the settings",
        ),
    ] {
        assert!(settings.contains(from), "{settings}");
        bench.settings(&settings.replace(from, to));
        let ran = bench.run("kit customer");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        for said in [what, key] {
            assert!(ran.stderr.contains(said), "{said}: {ran:?}");
        }
    }
    let line = "tag_key = \"aws:owner\"\ntag_value = \"A\"";
    bench.settings(&settings.replace("tag_value = \"Third_Party_A\"", line));
    let ran = bench.run("kit customer");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("AWS keeps tag keys"), "{ran:?}");
}

/// The kit's own words may stand in a setting.
#[test]
fn a_tag_key_changes_no_value() {
    let bench = bench("");
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    let line = "tag_key = \"For\"\ntag_value = \"ExternalAccessGrantedTo\"";
    bench.settings(&settings.replace("tag_value = \"Third_Party_A\"", line));
    let customer = printed(&bench, "kit customer");
    assert!(
        customer.contains("Default: 'ExternalAccessGrantedTo'"),
        "{customer}"
    );
    assert!(
        customer.contains("'ssm:resourceTag/For': !Ref TagValue"),
        "{customer}"
    );
    assert!(
        customer.contains("Default: '/vendor-ssm/ExternalAccessGrantedTo'"),
        "{customer}"
    );
}

#[test]
fn a_tag_value_may_have_any_letter() {
    let value = "Müller + Söhne 株式会社";
    let bench = Bench::new();
    std::fs::remove_file(bench.config()).unwrap();
    let role = format!("arn:aws:iam::{VENDOR}:role/vendor-ssm");
    let arguments = [
        "customer",
        "add",
        "acme",
        "--account",
        CUSTOMER,
        "--region",
        "us-east-1",
        "--tag-value",
        value,
        "--vendor-role-arn",
        &role,
    ];
    let ran = harness::run(&mut bench.command(arguments));
    assert_eq!(ran.code, 0, "{ran:?}");
    let vendor = printed(&bench, "kit vendor");
    let customer = printed(&bench, "kit customer");
    put(&bench, &vendor, &customer);
    bench.sandbox.world(|world| {
        for instance in &mut world.instances {
            for (_, tag) in &mut instance.tags {
                if tag == "Third_Party_A" {
                    value.clone_into(tag);
                }
            }
        }
    });
    let added = std::fs::read_to_string(bench.config()).unwrap();
    bench.settings(&format!("{added}\n[cache]\nstore = \"none\"\n"));
    without_mfa(&bench);
    make_os_user(&bench);
    let ran = bench.run_with_input("connect web-1 --client builtin", "echo for every letter\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("for every letter"), "{ran:?}");
    none_open(&bench);
}

/// What the boundary does not allow is refused, and AWS says by what.
#[test]
fn both_accounts_roles_get_the_permissions_boundary() {
    let bench = bench("");
    let boundary = |account: &str| format!("arn:aws:iam::{account}:policy/ops/boundary");
    let policy = |account: &str, statements: &str| {
        let document = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        Policy::parse(boundary(account), &document).unwrap()
    };
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let no_sessions = r#"{"Effect":"Allow","NotAction":"ssm:StartSession","Resource":"*"}"#;
    let set = |account: &str, statements: &str| {
        let policy = policy(account, statements);
        bench.sandbox.world(|world| {
            world.managed_policies.retain(|one| one.name != policy.name);
            world.managed_policies.push(policy);
        });
    };
    let line = |kit: &str, account: &str| {
        format!(
            "kit {kit} --parameter PermissionsBoundary={}",
            boundary(account)
        )
    };
    let vendor = printed(&bench, &line("vendor --parameter UserPath=/", VENDOR));
    let customer = printed(&bench, &line("customer", CUSTOMER));
    let missing = bench
        .sandbox
        .world(|world| world.deploy(&vendor, VENDOR, "us-east-1", &[]));
    assert!(
        matches!(missing, Err(DeployError::Resource { .. })),
        "the policy must exist: {missing:?}"
    );
    set(VENDOR, all);
    set(CUSTOMER, no_sessions);
    put(&bench, &vendor, &customer);
    bench.sandbox.world(|world| {
        for (account, name) in [
            (VENDOR, "vendor-ssm"),
            (CUSTOMER, ROLE),
            (CUSTOMER, "vendor-ssm-Third-Party-A-instance"),
        ] {
            let role = world.role(account, name).unwrap();
            let bound = role.boundary.as_ref().map(|one| one.name.clone());
            assert_eq!(bound, Some(boundary(account)), "{name}");
        }
    });
    without_mfa(&bench);
    make_os_user(&bench);
    let ran = bench.run("connect web-1 --region us-east-1 --client builtin");
    assert_eq!(ran.code, 34, "{ran:?}");
    assert!(ran.stderr.contains("permissions boundary"), "{ran:?}");

    bench.sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, ROLE).unwrap();
        role.boundary = Some(policy(CUSTOMER, all));
    });
    let line = "connect web-1 --region us-east-1 --client builtin";
    let ran = bench.run_with_input(line, "echo within bounds\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    none_open(&bench);
}

#[test]
fn the_channel_may_be_allowed_on_sessions_alone() {
    let bench = ready("", "kit customer --parameter ChannelOnSessions=yes");
    let line = "connect web-1 --region us-east-1 --client builtin";
    let ran = bench.run_with_input(line, "echo on sessions\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("on sessions"), "{ran:?}");
    none_open(&bench);
}

#[test]
fn an_endpoint_that_the_vpc_has_is_left_out() {
    let bench = bench("");
    in_one_region(&bench);
    let vpc = "kit customer --parameter VpcId=vpc-0123456789abcdef0";
    let ran = bench.run(vpc);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("SubnetIds"), "{ran:?}");

    let line = format!(
        "{vpc} --parameter SubnetIds=subnet-0123456789abcdef0 --parameter CreateSsmEndpoint=no"
    );
    let ran = bench.run(&line);
    assert_eq!(ran.code, 0, "{ran:?}");
    for said in ["CreateSsmEndpoint=no", "aws ec2 describe-vpc-endpoints"] {
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
    }
    let made = Template::read(&ran.stdout).unwrap();
    let made = made.resources(CUSTOMER, "us-east-1", &[]).unwrap();
    for (name, expected) in [
        ("SsmEndpoint", false),
        ("SsmMessagesEndpoint", true),
        ("LogsEndpoint", true),
        ("KmsEndpoint", false),
    ] {
        assert_eq!(made.contains_key(name), expected, "{name}");
    }
}

#[test]
fn settings_with_other_documents_give_a_warning() {
    let bench = bench("");
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    let shell = format!("shell = \"{ROLE}\"");
    bench.settings(&settings.replace(&shell, "command = \"AWS-StartNonInteractiveCommand\""));
    let ran = bench.run("kit customer");
    assert_eq!(ran.code, 0);
    for said in [&shell, &format!("command = \"{ROLE}-command\"")] {
        assert!(ran.stderr.contains(said.as_str()), "{said}: {ran:?}");
    }
    bench.settings(&settings.replace(&shell, "shell = \"SSM-SessionManagerRunShell\""));
    assert_eq!(
        bench.run("kit customer").code,
        2,
        "the account's own preferences"
    );
}

#[test]
fn many_customers_fit_the_quotas_or_are_refused() {
    let bench = bench("");
    let settings = |count: usize, path: &str| {
        let customer = |number: usize| {
            format!(
                "[customers.customer-{number}]\nrole_arn = \"arn:aws:iam::{number:012}:role/{path}vendor-ssm-Third-Party-A\"\n\
                 external_id = \"{number:040}\"\ntag_value = \"T\"\nregions = [\"us-east-1\"]\n"
            )
        };
        let customers: Vec<String> = (1..=count).map(customer).collect();
        let vendor = format!("[vendor]\nrole_arn = \"arn:aws:iam::{VENDOR}:role/vendor-ssm\"\n");
        bench.settings(&(vendor + &customers.concat()));
        bench.run("kit vendor")
    };
    for (count, path, most) in [
        (1, "", 1),
        (100, "vendor-ssm/", 10),
        (100, "", 10),
        (400, "vendor-ssm/", 1),
    ] {
        let ran = settings(count, path);
        assert_eq!(ran.code, 0, "{ran:?}");
        let lengths: Vec<usize> = bench.sandbox.world(|world| {
            world.roles.retain(|role| role.name != "vendor-ssm");
            world.deploy(&ran.stdout, VENDOR, "us-east-1", &[]).unwrap();
            let role = world.role(VENDOR, "vendor-ssm").unwrap();
            let managed = role
                .policies
                .iter()
                .filter(|policy| policy.name.starts_with("arn:"));
            managed
                .map(|policy| policy.document.to_string().len())
                .collect()
        });
        assert!(lengths.iter().all(|length| *length <= 6144), "{lengths:?}");
        assert!(
            (1..=most).contains(&lengths.len()),
            "{count} at {path:?}: {lengths:?}"
        );
    }
    let ran = settings(400, "elsewhere/");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("/vendor-ssm/"), "{ran:?}");
}

#[test]
fn ports_and_ssh_are_refused_unless_chosen() {
    let bench = ready("", "kit customer");
    for line in ["proxy web-1", "forward web-1 -L 0:80"] {
        let ran = bench.run(&format!("{line} --region us-east-1"));
        assert_eq!(ran.code, 34, "{line}: {ran:?}");
    }
    none_open(&bench);
}

#[test]
fn ports_of_the_instance_and_of_other_hosts_are_granted_apart() {
    for (grant, own, other) in [("port", "yes", "no"), ("remote-port", "no", "yes")] {
        let bench = bench(&format!("--grant {grant}"));
        let customer = printed(&bench, "kit customer");
        let value = |name| default_of(&customer, name);
        assert_eq!(
            (value("PortDocument"), value("RemotePortDocument")),
            (own.to_owned(), other.to_owned())
        );
    }
    // Both keys are in the settings of a customer who was granted both.
    let bench = bench("--grant port --grant remote-port");
    let ran = bench.run("kit customer");
    for said in ["PortDocument=yes", "RemotePortDocument=yes"] {
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
    }
}

#[test]
fn a_command_runs_if_chosen() {
    let bench = ready("--grant command", "kit customer");
    let ran = bench.run("run web-1 --region us-east-1 -- echo through the kit");
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "through the kit\n"),
        "{ran:?}"
    );
    none_open(&bench);
}

/// The agent on Windows ignores Run As, and makes the session's user a local administrator.
#[test]
fn sessions_on_windows_end_unless_chosen() {
    const WINDOWS: &str = "i-05e8b6241da9c073f";
    let bench = ready("--grant command", "kit customer");
    let region = "--region us-east-1";
    for target in ["win-1", WINDOWS] {
        let ran = bench.run(&format!("run {target} {region} -- echo hello"));
        assert_eq!((ran.code, ran.stdout.as_str()), (255, ""), "{ran:?}");
        for said in ["Commands cannot be empty", "AllowWindows=yes"] {
            assert!(ran.stderr.contains(said), "{said}: {ran:?}");
        }
        let shell = format!("connect {target} {region} --client builtin");
        let ran = bench.run_with_input(&shell, "echo hello\r");
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.stdout.contains("\r\nhello"), "{ran:?}");
        let ended = Terminal::run(&bench, &shell).ends();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        let screen = ended.screen.replace('\n', "");
        assert!(screen.contains("runs Windows"), "{}", ended.screen);
        assert!(screen.contains("AllowWindows=yes"), "{}", ended.screen);
    }
    let trail = bench.sandbox.trail();
    let mut started = trail.iter().filter(|one| one.action == "StartSession");
    assert!(started.all(|one| one.code.is_none()), "it succeeds");
    let ran = bench.run(&format!("doctor {region} --report"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let note = ran.stdout.split("Instances that run Windows").nth(1);
    assert!(note.unwrap().contains(WINDOWS), "{ran:?}");
    assert!(ran.stderr.contains("running Windows: 1"), "{ran:?}");

    // Linux is as before.
    let ran = bench.run(&format!("run web-1 {region} -- echo hello"));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "hello\n"), "{ran:?}");
    let shell = format!("connect web-1 {region} --client builtin");
    let ran = bench.run_with_input(&shell, "echo still he''re\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("still here"), "{ran:?}");
    assert!(!ran.stderr.contains("Windows"), "{ran:?}");
    none_open(&bench);

    let bench = ready(
        "--grant command",
        "kit customer --parameter AllowWindows=yes",
    );
    let ran = bench.run(&format!("run win-1 {region} -- echo hello"));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "hello\r\n"), "{ran:?}");
    let shell = format!("connect win-1 {region} --client builtin");
    let ran = bench.run_with_input(&shell, "echo hello\r");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("\r\nhello"), "{ran:?}");
    assert!(!ran.stderr.contains("AllowWindows"), "{ran:?}");
    none_open(&bench);
}

#[test]
fn the_steps_say_what_windows_means() {
    let bench = bench("");
    for (more, said) in [
        ("", "Do not tag instances that run Windows"),
        (
            " --parameter AllowWindows=yes",
            "The vendor is a local administrator there",
        ),
    ] {
        let ran = bench.run(&format!("kit customer{more}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
    }
}

#[test]
fn a_shell_is_encrypted_with_the_chosen_key() {
    let kit = format!("kit customer --parameter SessionKeyArn={SESSION_KEY}");
    let bench = bench("");
    in_one_region(&bench);
    make_ready(&bench, &kit);
    let ran = bench.run_with_input(
        "connect web-1 --region us-east-1 --client builtin",
        "echo in the dark\n",
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("in the dark"), "{ran:?}");
    let trail = bench.sandbox.trail();
    assert!(trail.iter().any(|event| event.action == "GenerateDataKey"));
    none_open(&bench);
}

#[test]
fn each_region_uses_its_own_replica_of_the_key() {
    let bench = bench("");
    let key = |region: &str| format!("arn:aws:kms:{region}:{CUSTOMER}:key/{REPLICATED}");
    for (wrong, why) in [
        (SESSION_KEY.to_owned(), "the key is in us-east-1"),
        (
            key("us-east-1").replace("key/", "alias/"),
            "the ARN of a KMS key",
        ),
    ] {
        let ran = bench.run(&format!("kit customer --parameter SessionKeyArn={wrong}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert!(ran.stderr.contains(why), "{why}: {ran:?}");
    }
    bench.sandbox.world(|world| {
        let plain = world.kms_keys[0].clone();
        world.kms_keys = ["us-east-1", "eu-west-1"]
            .map(|region| KmsKey {
                region: region.to_owned(),
                id: REPLICATED.to_owned(),
                alias: None,
                ..plain.clone()
            })
            .to_vec();
    });
    let kit = format!(
        "kit customer --parameter SessionKeyArn={}",
        key("us-east-1")
    );
    let made = Template::read(&printed(&bench, &kit)).unwrap();
    for region in ["us-east-1", "eu-west-1"] {
        let made = made.resources(CUSTOMER, region, &[]).unwrap();
        let id = made["Shell"].pointer("/Content/inputs/kmsKeyId").unwrap();
        assert_eq!(*id, key(region));
    }
    make_ready(&bench, &kit);
    for line in [
        "connect web-1 --region us-east-1 --client builtin",
        "connect web-eu-1 --region eu-west-1 --client builtin",
    ] {
        let ran = bench.run_with_input(line, "echo in the dark\n");
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    none_open(&bench);
}

/// The role's policy denies what it does not list, so it must list each call of the product.
#[test]
fn the_role_may_do_what_the_product_asks_and_nothing_else() {
    let kit = format!(
        "kit customer --parameter SessionKeyArn={SESSION_KEY} --parameter DescribeSessions=yes"
    );
    let bench = bench("--grant command --grant port --grant ssh");
    in_one_region(&bench);
    make_ready(&bench, &kit);
    let runs = |line: &str, input: &str| {
        let ran = bench.run_with_input(&format!("{line} --region us-east-1"), input);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
    };
    runs("list", "");
    runs("doctor", "");
    runs("whoami", "");
    runs("run web-1 -- true", "");
    runs("sessions list", "");
    let ran = bench.run("run web-1 --region us-east-1 --timeout 1 -- sleep 30");
    assert_eq!(ran.code, 255, "{ran:?}");
    // A target that comes back while it is waited for, and a connection that drops.
    let ping = |status| {
        bench.sandbox.world(|world| {
            let all = world.instances.iter_mut();
            all.for_each(|one| one.ping_status = one.ping_status.map(|_| status));
        });
    };
    ping(PingStatus::ConnectionLost);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let asked = || {
                bench
                    .sandbox
                    .actions()
                    .contains(&"GetConnectionStatus".to_owned())
            };
            assert!(until(LIMIT, asked));
            ping(PingStatus::Online);
            assert!(until(LIMIT, || !bench.sandbox.open_sessions().is_empty()));
            let [id] = &bench.sandbox.open_sessions()[..] else {
                panic!("one session");
            };
            let channels = bench.sandbox.channels();
            let is_open = || {
                channels
                    .record(id)
                    .is_some_and(|one| !one.opened.is_empty())
            };
            assert!(until(LIMIT, is_open));
            assert!(channels.drop_connection(id));
        });
        runs(
            "connect web-1 --wait=60 --client builtin",
            "sleep 3; echo done\n",
        );
    });
    none_open(&bench);

    let role = format!("assumed-role/{ROLE}/");
    let trail = bench.sandbox.trail();
    let own = trail.iter().filter(|event| {
        event
            .caller
            .as_ref()
            .is_some_and(|caller| caller.contains(&role))
    });
    let asked: BTreeSet<String> = own
        .filter(|event| event.service != "sts")
        .map(|event| format!("{}:{}", event.service, event.action))
        .collect();
    let listed: BTreeSet<String> = bench.sandbox.world(|world| {
        let policies = &world.role(CUSTOMER, ROLE).unwrap().policies;
        let statements = policies[0].document["Statement"].as_array().unwrap();
        let deny = statements
            .iter()
            .find(|one| one["Sid"] == "NothingElse")
            .unwrap();
        let list = deny["NotAction"].as_array().unwrap().iter();
        list.map(|action| action.as_str().unwrap().to_owned())
            .collect()
    });
    assert_eq!(asked, listed);
}

#[test]
fn the_sandbox_answers_every_question() {
    let wrong = Table::read().differences(&Templates::printed()).unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
