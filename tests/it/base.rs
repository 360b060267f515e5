//! The base identity, as people's machines describe it: variables, `~/.aws/config` and
//! `~/.aws/credentials`.

use std::path::PathBuf;
use std::process::Command;

use vendor_ssm_sandbox::proxy::{Proxy, ProxyOptions};
use vendor_ssm_sandbox::world::MFA_CODE;

use crate::behind::{Behind, HOSTS};
use crate::denied::typing;
use crate::harness::{Bench, Ran, SETTINGS, is_windows, native, run};

/// Alice's keys, as a profile holds them.
fn keys(bench: &Bench) -> String {
    let keys = bench.sandbox.credentials("alice").unwrap();
    format!(
        "aws_access_key_id = {}\naws_secret_access_key = {}\n",
        keys.access_key_id, keys.secret_access_key
    )
}

fn write(bench: &Bench, name: &str, text: &str) -> PathBuf {
    let folder = bench.home().join(".aws");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// The program without exported keys.
fn without_keys(bench: &Bench, line: &str) -> Command {
    let mut command = bench.command(line.split_whitespace());
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
    command
}

fn is_alice(ran: &Ran) {
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("user/alice"), "{ran:?}");
}

#[test]
fn what_is_not_used_never_stops_a_command() {
    let bench = Bench::new();
    let odd = [
        "[profile other]\n region = us-east-1\n",
        "before any section\n",
        "[profile other]\nthis is no setting\n",
        "[profile other\nregion = us-east-1\n",
        "[profile 'other]\nregion = us-east-1\n",
        "[other]\nregion = us-east-1\n",
        "[profile other]\ns3 =\n  nonsense\n",
        "[profile other]\nregion = us-\u{7}east-1\n= 2\n",
        "[plugins]\nx\n[]\n[ ]\n",
        "[profile other]\nuse_fips_endpoint = perhaps\n[profile other]\nregion = \n",
    ];
    for text in odd {
        write(&bench, "config", text);
        is_alice(&bench.run("whoami"));
        // The same beside a profile that is used.
        let used = format!("{text}[profile mine]\n{}", keys(&bench));
        write(&bench, "config", &used);
        is_alice(&run(&mut without_keys(&bench, "whoami --profile mine")));
        write(&bench, "credentials", text);
        is_alice(&run(&mut without_keys(&bench, "whoami --profile mine")));
        std::fs::remove_file(bench.home().join(".aws/credentials")).unwrap();
    }
    let file = bench.home().join(".aws/config");
    std::fs::write(&file, b"[profile other]\nregion = \xff\xfe\n").unwrap();
    is_alice(&bench.run("whoami"));
}

#[test]
fn what_aws_cli_reads_is_read() {
    let bench = Bench::new();
    let keys = keys(&bench);
    let colons = keys.replace(" = ", ": ");
    let indented = format!("   {}", keys.trim_end().replace('\n', "\n   "));
    let crlf = format!("[profile x]\n{keys}").replace('\n', "\r\n");
    for (config, profile) in [
        (format!("[profile 'my profile']\n{keys}"), "my profile"),
        (format!("[profile \"my profile\"]\n{keys}"), "my profile"),
        (format!("[profile x]\n{indented}"), "x"),
        (format!("  [profile x]\n{keys}"), "x"),
        (format!("[profile x]\n{colons}"), "x"),
        (
            format!("[profile x]\n{}", keys.replace("aws_access", "AWS_Access")),
            "x",
        ),
        (crlf, "x"),
        (format!("\u{feff}[profile x]\n{keys}"), "x"),
        (format!("[profile x#y]\n{keys}"), "x#y"),
        (format!("[profile \u{fc}ser]\n{keys}"), "\u{fc}ser"),
        (format!("[profile x] # mine\n{keys}"), "x"),
        (
            format!(
                "[profile x]\nrole_arn = arn:aws:iam::111111111111:role/none\nsource_profile = y\n[profile x]\n{keys}role_arn =\n"
            ),
            "x",
        ),
    ] {
        write(&bench, "config", &config);
        let mut command = without_keys(&bench, "whoami");
        is_alice(&run(command.args(["--profile", profile])));
    }
    std::fs::remove_file(bench.home().join(".aws/config")).unwrap();
    write(&bench, "credentials", &format!("[my profile]\n{keys}"));
    let mut command = without_keys(&bench, "whoami");
    is_alice(&run(command.args(["--profile", "my profile"])));
}

#[test]
fn a_used_line_that_cannot_be_read_is_named_with_its_file() {
    let bench = Bench::new();
    let keys = keys(&bench);
    for (config, at, why) in [
        (
            format!("[profile x]\n{keys}this is no setting\n"),
            4,
            "KEY = VALUE",
        ),
        (
            format!("[profile x]\nregion =\n  us-east-1\n{keys}"),
            2,
            "a line break",
        ),
        (
            format!(
                "[profile x]\nrole_arn = arn:aws:iam::111111111111:role/r\nsource_profile = y\n[profile y]\nodd\n{keys}"
            ),
            5,
            "KEY = VALUE",
        ),
        (
            format!("[profile x]\n{keys}region = nowhere at all\n"),
            4,
            "not the code of a region",
        ),
        (
            format!("[profile x]\n{keys}use_fips_endpoint = yes\n"),
            4,
            "neither true nor false",
        ),
        (
            "[profile x]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Environment\n"
                .to_owned(),
            2,
            "twelve digits",
        ),
    ] {
        let file = write(&bench, "config", &config);
        let ran = run(&mut without_keys(&bench, "whoami --profile x"));
        assert_eq!(ran.code, 10, "{config}: {ran:?}");
        let place = format!("{}:{at}", native(&file));
        assert!(ran.stderr.contains(&place), "{config}: {ran:?}");
        assert!(ran.stderr.contains(why), "{config}: {ran:?}");
    }
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_profile_whose_name_cannot_be_read_is_there() {
    let bench = Bench::new();
    for (config, name, why) in [
        ("[profile my profile]\n", "my profile", "[profile \"NAME\"]"),
        ("[work]\n", "work", "[profile NAME]"),
        ("[profile work\n", "work", "no closing bracket"),
        ("[profile it's]\n", "it's", "[profile \"NAME\"]"),
    ] {
        let file = write(&bench, "config", config);
        let mut command = without_keys(&bench, "whoami");
        let ran = run(command.args(["--profile", name]));
        assert_eq!(ran.code, 20, "{config}: {ran:?}");
        assert!(
            ran.stderr.contains("is there, but its name cannot be read"),
            "{ran:?}"
        );
        assert!(
            ran.stderr.contains(&format!("{}:1", native(&file))),
            "{ran:?}"
        );
        assert!(ran.stderr.contains(why), "{ran:?}");
    }
    for header in ["[profile work]\n", "['work']\n"] {
        let file = write(&bench, "credentials", header);
        let ran = run(&mut without_keys(&bench, "whoami --profile work"));
        assert_eq!(ran.code, 20, "{header}: {ran:?}");
        assert!(
            ran.stderr.contains(&format!("{}:1", native(&file))),
            "{ran:?}"
        );
        assert!(ran.stderr.contains("in this file write [NAME]"), "{ran:?}");
    }
    let mut command = without_keys(&bench, "whoami");
    let ran = run(command.args(["--profile", "a b; c"]));
    let quoted = if is_windows() {
        "\"a b; c\""
    } else {
        "'a b; c'"
    };
    let hint = format!("--profile {quoted}");
    assert!(ran.stderr.contains(&hint), "{ran:?}");
}

#[test]
fn keys_with_a_line_break_are_named() {
    let bench = Bench::new();
    let alice = bench.sandbox.credentials("alice").unwrap();
    let (id, secret) = (alice.access_key_id, alice.secret_access_key);
    for (name, value, holds) in [
        ("AWS_ACCESS_KEY_ID", format!("{id}\r"), "a line break"),
        (
            "AWS_SECRET_ACCESS_KEY",
            format!("{secret}\n"),
            "a line break",
        ),
        ("AWS_SESSION_TOKEN", "tok\r\nen".to_owned(), "a line break"),
        (
            "AWS_SESSION_TOKEN",
            "tok\u{1}en".to_owned(),
            "a control character",
        ),
        ("AWS_ACCESS_KEY_ID", format!("{id} "), "a space"),
        ("AWS_SESSION_TOKEN", "tok\u{e9}n".to_owned(), "not ASCII"),
    ] {
        for (line, json) in [("list", false), ("--error-format json list", true)] {
            let ran = run(bench.command(line.split_whitespace()).env(name, &value));
            assert_eq!(ran.code, 20, "{name}={value:?}: {ran:?}");
            assert!(
                ran.stderr.contains(&format!("{name} holds {holds}")) || holds == "not ASCII",
                "{ran:?}"
            );
            assert!(!ran.stderr.contains("bug"), "{ran:?}");
            if json {
                assert_eq!(ran.error()["name"], "base-credentials", "{ran:?}");
            }
        }
    }
    let process = |token: &str| {
        let printed = format!(
            "{{\"Version\":1,\"AccessKeyId\":\"{id}\",\"SecretAccessKey\":\"{secret}\",\"SessionToken\":\"{token}\"}}"
        );
        // cmd.exe has no comments.
        let command = if is_windows() {
            format!("echo {printed}")
        } else {
            format!(
                "printf '{}' # all of it ; this too",
                printed.replace('\\', "\\\\")
            )
        };
        format!("[profile x]\ncredential_process = {command}\n")
    };
    for (config, what) in [
        (
            format!(
                "[profile x]\naws_access_key_id = {id}\n  x\naws_secret_access_key = {secret}\n"
            ),
            "aws_access_key_id of the profile x",
        ),
        (
            format!(
                "[profile x]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\naws_session_token = a\rb\n"
            ),
            "aws_session_token of the profile x",
        ),
        (process("a\\nb"), "SessionToken of the profile x"),
    ] {
        write(&bench, "config", &config);
        let ran = run(&mut without_keys(&bench, "list --profile x"));
        assert_eq!(ran.code, 20, "{config}: {ran:?}");
        assert!(ran.stderr.contains(what), "{config}: {ran:?}");
        assert!(
            ran.stderr.contains("holds a line break"),
            "{config}: {ran:?}"
        );
        assert!(!ran.stderr.contains(&secret), "{ran:?}");
    }
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_token_of_sso_with_a_line_break_is_named() {
    let bench = Bench::new();
    write(
        &bench,
        "config",
        "[profile x]\nsso_session = my corp\nsso_account_id = 111111111111\nsso_role_name = r\n[sso-session 'my corp']\nsso_region = us-east-1\nsso_start_url: https://corp.example/start\n",
    );
    let cache = bench.home().join(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    // The SHA-1 of "my corp".
    let token = cache.join("2603e49e9877a1061664a5a7f900ffb84f872d49.json");
    std::fs::write(
        &token,
        r#"{"startUrl":"https://corp.example/start","region":"us-east-1","accessToken":"a\r\nb","expiresAt":"2099-01-01T00:00:00Z"}"#,
    )
    .unwrap();
    let ran = run(&mut without_keys(&bench, "list --profile x"));
    assert_eq!(ran.code, 20, "{ran:?}");
    assert!(ran.stderr.contains("accessToken in"), "{ran:?}");
    assert!(ran.stderr.contains("holds a line break"), "{ran:?}");
}

#[test]
fn bad_text_in_any_variable_is_never_a_bug() {
    let bench = Bench::new();
    for (name, value, code) in [
        ("AWS_REGION", "eu-west-1\r\nx", 10),
        ("AWS_DEFAULT_REGION", "eu west", 10),
        ("AWS_USE_FIPS_ENDPOINT", "yes", 10),
        ("AWS_USE_DUALSTACK_ENDPOINT", "1", 10),
        ("AWS_CA_BUNDLE", "a\r\nb", 10),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "yes", 10),
        ("AWS_PROFILE", "a\r\nb", 0),
        ("AWS_EXECUTION_ENV", "a\r\nb", 10),
        ("AWS_SDK_UA_APP_ID", "a\r\nb", 0),
        ("AWS_REGION", " us-east-1 ", 0),
    ] {
        let ran = run(bench.command(["list"]).env(name, value));
        assert!(
            !ran.stderr.contains("has a bug"),
            "{name}={value:?}: {ran:?}"
        );
        assert_eq!(ran.code, code, "{name}={value:?}: {ran:?}");
        if code == 10 {
            assert!(ran.stderr.contains(name), "{ran:?}");
        }
    }
    for (name, value) in [
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/\r\n"),
        ("AWS_ROLE_SESSION_NAME", "a\r\nb"),
    ] {
        let token = write(&bench, "token", "token\r\n");
        let mut command = without_keys(&bench, "list");
        command
            .env("AWS_WEB_IDENTITY_TOKEN_FILE", token)
            .env("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/ci")
            .env(name, value);
        let ran = run(&mut command);
        assert!(matches!(ran.code, 20 | 40), "{ran:?}");
        assert!(!ran.stderr.contains("bug"), "{ran:?}");
        assert!(!ran.stderr.contains(" { "), "{ran:?}");
    }
    bench.settings(&SETTINGS.replace("[vendor]", "[vendor]\ncredential_source = \"EcsContainer\""));
    let ran = run(without_keys(&bench, "list")
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/x")
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nb"));
    assert_eq!(ran.code, 20, "{ran:?}");
    assert!(
        ran.stderr.contains("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
        "{ran:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_named() {
    use std::os::unix::ffi::OsStrExt as _;

    let bench = Bench::new();
    let value = std::ffi::OsStr::from_bytes(b"us-\xffeast-1");
    let ran = run(bench.command(["list"]).env("AWS_REGION", value));
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.contains("AWS_REGION"), "{ran:?}");
    let ran = run(bench.command(["list"]).env("SOMETHING", value));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_container_is_named_with_the_setting_for_it() {
    let bench = Bench::new();
    for name in [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ] {
        let ran = run(without_keys(&bench, "list").env(name, "/x"));
        assert_eq!(ran.code, 20, "{ran:?}");
        assert!(
            ran.stderr.contains("credential_source = \"EcsContainer\""),
            "{ran:?}"
        );
        assert!(ran.stderr.contains(name), "{ran:?}");
    }
    write(&bench, "config", "[profile works]\nregion = us-east-1\n");
    let ran = run(without_keys(&bench, "list").env("AWS_SECRET_ACCESS_KEY", "x"));
    assert_eq!(ran.code, 20, "{ran:?}");
    assert!(ran.stderr.contains("AWS_ACCESS_KEY_ID is not"), "{ran:?}");
    assert!(ran.stderr.contains("the profiles are works"), "{ran:?}");
    let ran = run(&mut without_keys(&bench, "list --profile work"));
    assert!(ran.stderr.contains("did you mean `works`?"), "{ran:?}");
}

#[test]
fn a_provider_that_fails_says_so_in_words() {
    let bench = Bench::new();
    let endpoint = bench.sandbox.endpoint();
    let nothing = "/nonexistent".to_owned();
    // The shell is cmd.exe on Windows, where a program ends with a code.
    let (fails, ended) = if is_windows() {
        ("echo oops>&2& exit 3", "exit code")
    } else {
        ("echo oops >&2; exit 3", "exit status")
    };
    let config = format!(
        "[profile fails]\ncredential_process = {fails}\n\
         [profile silent]\ncredential_process = exit 4\n\
         [profile babbles]\ncredential_process = echo no json\n\
         [profile token]\nrole_arn = arn:aws:iam::111111111111:role/x\nweb_identity_token_file = /nonexistent\n\
         [profile circle]\nrole_arn = arn:aws:iam::111111111111:role/x\nsource_profile = back\n\
         [profile back]\nrole_arn = arn:aws:iam::111111111111:role/x\nsource_profile = circle\n",
    );
    write(&bench, "config", &config);
    let [failed, silent] = ["3. Stderr: oops", "4. It printed nothing to stderr\n"]
        .map(|rest| format!("{ended}: {rest}"));
    let source = |name: &str| SETTINGS.replace("[vendor]", &format!("[vendor]\n{name}"));
    for (named, variable, value, said) in [
        ("profile = \"fails\"", "A", &nothing, failed.as_str()),
        ("profile = \"silent\"", "A", &nothing, silent.as_str()),
        ("profile = \"babbles\"", "A", &nothing, "could not parse"),
        (
            "profile = \"token\"",
            "A",
            &nothing,
            "the token file /nonexistent",
        ),
        (
            "profile = \"circle\"",
            "A",
            &nothing,
            "circle: circle, back",
        ),
        (
            "credential_source = \"EcsContainer\"",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            &endpoint,
            "HTTP credential provider: 4",
        ),
        (
            "credential_source = \"Ec2InstanceMetadata\"",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            &endpoint,
            "IMDS",
        ),
    ] {
        bench.settings(&source(named));
        let ran = run(without_keys(&bench, "list").env(variable, value));
        let code = if named.contains("circle") { 10 } else { 20 };
        assert_eq!(ran.code, code, "{named}: {ran:?}");
        assert!(ran.stderr.contains(said), "{named}: {ran:?}");
        for raw in [" { ", "Some(", "Code(", "\\u{a}"] {
            assert!(!ran.stderr.contains(raw), "{named} {raw}: {ran:?}");
        }
    }
}

/// A profile that assumes a role with a code, from which the vendor role is assumed.
fn with_code() -> Bench {
    let bench = Bench::new();
    bench.sandbox.world(|world| {
        let role = |name: &str| format!("arn:aws:iam::111111111111:role/{name}");
        let vendor = world.role_mut("111111111111", "3P_IAM_Assume_Role").unwrap();
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"sts:AssumeRole"}}]}}"#,
            role("3P_IAM_Assume_Role_MFA")
        );
        vendor.set_trust(&trust).unwrap();
        let allow = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"{}"}}]}}"#,
            role("3P_IAM_Assume_Role")
        );
        let base = world.role_mut("111111111111", "3P_IAM_Assume_Role_MFA").unwrap();
        base.set_policy("base", &allow).unwrap();
    });
    let config = format!(
        "[profile x]\nrole_arn = arn:aws:iam::111111111111:role/3P_IAM_Assume_Role_MFA\nsource_profile = y\nrole_session_name = alice\nmfa_serial = arn:aws:iam::111111111111:mfa/alice\n[profile y]\n{}",
        keys(&bench)
    );
    write(&bench, "config", &config);
    bench.settings(&SETTINGS.replace("[vendor]", "[vendor]\nprofile = \"x\""));
    bench
}

#[test]
fn the_profiles_own_role_asks_for_its_code_once() {
    let bench = with_code();
    let (shown, code) = typing(&bench, "whoami", &["000000", MFA_CODE]);
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("assumed-role/3P_IAM_Assume_Role_MFA/alice"),
        "{shown}"
    );
    assert!(!shown.contains(MFA_CODE), "{shown}");
}

#[test]
fn a_code_that_nobody_can_type_is_named() {
    let bench = with_code();
    let ran = bench.run("list");
    assert_eq!(ran.code, 60, "{ran:?}");
    assert!(
        ran.stderr
            .contains("the base identity needs a code of the MFA device"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("mfa/alice"), "{ran:?}");
    // Without the device AWS says AccessDenied, in words.
    let file = bench.home().join(".aws/config");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("mfa_serial", "x_mfa_serial")).unwrap();
    let ran = bench.run("list");
    assert_eq!(ran.code, 20, "{ran:?}");
    assert!(ran.stderr.contains("AccessDenied"), "{ran:?}");
    assert!(ran.stderr.contains("--profile x"), "{ran:?}");
    for raw in [" { ", "Some(", "code:"] {
        assert!(!ran.stderr.contains(raw), "{raw}: {ran:?}");
    }
}

#[test]
fn the_ca_bundle_of_the_profile_is_trusted() {
    let behind = Behind::new(None);
    let bench = &behind.bench;
    let file = bench.sandbox.ca_file().unwrap().display().to_string();
    let mut bare = behind.command("list");
    let ran = run(bare.env_remove("AWS_CA_BUNDLE"));
    assert_eq!(ran.code, 40, "{ran:?}");
    for name in ["AWS_CA_BUNDLE", "ca_bundle"] {
        assert!(ran.stderr.contains(name), "{ran:?}");
    }
    write(bench, "config", &format!("[default]\nca_bundle = {file}\n"));
    for line in ["list", "connect web-1"] {
        let ran = run(behind.command(line).env_remove("AWS_CA_BUNDLE"));
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let ran = run(behind.command("doctor").env_remove("AWS_CA_BUNDLE"));
    assert!(
        ran.stdout.contains("ca_bundle of the profile default"),
        "{ran:?}"
    );
    // The variable ranks over the profile.
    let other = Behind::new(None);
    let ran = run(behind
        .command("list")
        .env("AWS_CA_BUNDLE", other.bench.sandbox.ca_file().unwrap()));
    assert_eq!(ran.code, 40, "{ran:?}");
    write(bench, "config", "[default]\nca_bundle = /nonexistent.pem\n");
    let ran = run(behind.command("list").env_remove("AWS_CA_BUNDLE"));
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(
        ran.stderr.contains("ca_bundle of the profile default"),
        "{ran:?}"
    );
}

#[test]
fn a_data_channel_that_is_not_trusted_names_the_bundle() {
    let (behind, other) = (Behind::new(None), Behind::new(None));
    let port = |of: &Behind| of.bench.sandbox.port();
    // Only the data channel's host has a certificate of another authority.
    let hosts = HOSTS.map(|host| {
        let of = if host == HOSTS[3] { &other } else { &behind };
        (host.to_owned(), port(of))
    });
    let proxy = Proxy::start(ProxyOptions {
        hosts: hosts.into(),
        ..ProxyOptions::default()
    })
    .unwrap();
    let ran = run(behind
        .command("connect web-1")
        .env("HTTPS_PROXY", proxy.url()));
    assert_eq!(ran.code, 50, "{ran:?}");
    let hint = "hint: set AWS_CA_BUNDLE, or ca_bundle in the profile";
    assert!(ran.stderr.contains(hint), "{ran:?}");
    let ran = run(behind.command("doctor").env("HTTPS_PROXY", proxy.url()));
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(ran.stdout.contains(&hint[6..]), "{ran:?}");
}

#[test]
fn the_region_of_a_variable_is_trimmed_or_refused() {
    let hosts = [
        "sts.eu-west-1.amazonaws.com",
        HOSTS[0],
        HOSTS[1],
        HOSTS[2],
        HOSTS[3],
    ];
    let behind = Behind::serving(&hosts, None);
    let asked = |behind: &Behind| behind.hosts().contains(&format!("{}:443", hosts[0]));
    assert!(!asked(&behind));
    let ran = run(behind.command("list").env("AWS_REGION", "\teu-west-1 "));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(asked(&behind), "{:?}", behind.hosts());
    for (name, value) in [
        ("AWS_REGION", "Ireland"),
        ("AWS_DEFAULT_REGION", "eu-west-1;"),
    ] {
        let ran = run(behind.command("list").env(name, value));
        assert_eq!(ran.code, 10, "{ran:?}");
        assert!(
            ran.stderr.contains(name) && ran.stderr.contains(value),
            "{ran:?}"
        );
    }
}

#[test]
fn a_region_of_another_partition_is_not_passed_over_in_silence() {
    let bench = Bench::new();
    let ran = run(bench.command(["list"]).env("AWS_REGION", "cn-north-1"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = "AWS_REGION is cn-north-1, in partition aws-cn; the vendor role is in aws, so STS is asked in us-east-1";
    assert!(ran.stderr.contains(said), "{ran:?}");
    let ran = run(bench.command(["list"]).env("AWS_REGION", "eu-west-1"));
    assert!(!ran.stderr.contains("partition"), "{ran:?}");
}

#[test]
fn fips_and_dual_stack_endpoints_are_asked() {
    let regional = |host: &str| format!("{host}:443");
    for (variables, config, names) in [
        (
            vec![("AWS_USE_FIPS_ENDPOINT", "TRUE")],
            "",
            [
                "sts-fips.us-east-1.amazonaws.com",
                "ec2-fips.us-east-1.amazonaws.com",
                "ssm-fips.us-east-1.amazonaws.com",
            ],
        ),
        (
            vec![],
            "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n",
            [
                "sts-fips.us-east-1.api.aws",
                "ec2-fips.us-east-1.api.aws",
                "ssm-fips.us-east-1.api.aws",
            ],
        ),
        (
            vec![
                ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
                ("AWS_USE_FIPS_ENDPOINT", "false"),
            ],
            "[default]\nuse_fips_endpoint = true\n",
            [
                "sts.us-east-1.api.aws",
                "ec2.us-east-1.api.aws",
                "ssm.us-east-1.api.aws",
            ],
        ),
    ] {
        let hosts = [&HOSTS[..], &names].concat();
        let behind = Behind::serving(&hosts, None);
        write(&behind.bench, "config", config);
        let ran = run(behind.command("list").envs(variables.clone()));
        assert_eq!(ran.code, 0, "{names:?}: {ran:?} {:?}", behind.hosts());
        let mut expected = names.map(regional);
        expected.sort();
        assert_eq!(behind.hosts(), expected);
        let ran = run(behind
            .command("settings --output json")
            .envs(variables.clone()));
        let said = ran.json();
        let listed = |key: &str| {
            let settings = said["settings"].as_array().unwrap();
            let one = settings.iter().find(|one| one["key"] == key).unwrap();
            (
                one["value"].clone(),
                one["origin"].as_str().unwrap().to_owned(),
            )
        };
        let is_dual = names[0].ends_with("api.aws");
        assert_eq!(listed("aws.use_dualstack_endpoint").0, is_dual.to_string());
        let (fips, origin) = listed("aws.use_fips_endpoint");
        assert_eq!(fips, names[0].contains("fips").to_string());
        assert!(
            origin == "environment AWS_USE_FIPS_ENDPOINT" || origin.contains("config:2"),
            "{origin}"
        );
        let ran = run(behind.command("doctor").envs(variables));
        let kind = if is_dual {
            "dual-stack endpoints"
        } else {
            "FIPS endpoints"
        };
        assert!(ran.stdout.contains(kind), "{ran:?}");
    }
}

#[test]
fn an_override_wins_over_the_kind_of_endpoint_and_says_so() {
    let bench = Bench::new();
    let ran = run(bench.command(["list"]).env("AWS_USE_FIPS_ENDPOINT", "true"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr
            .contains("AWS_USE_FIPS_ENDPOINT does not apply there"),
        "{ran:?}"
    );
}

#[test]
fn a_kind_of_endpoint_that_is_not_there_is_an_error() {
    // The region has no host of that name: the setting is named, and no other host is asked.
    let behind = Behind::new(None);
    let ran = run(behind.command("list").env("AWS_USE_FIPS_ENDPOINT", "true"));
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(
        ran.stderr
            .contains("sts-fips.us-east-1.amazonaws.com, chosen by AWS_USE_FIPS_ENDPOINT"),
        "{ran:?}"
    );
    assert_eq!(behind.hosts(), ["sts-fips.us-east-1.amazonaws.com:443"]);
}
