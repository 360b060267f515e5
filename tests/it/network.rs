//! The way to AWS: proxy, trust store, endpoints.

use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::proxy::{Proxy, ProxyOptions};

use crate::behind::{Behind, HOSTS};
use crate::harness::terminal::{PROMPT, Terminal};
use crate::harness::{Bench, Ran, SETTINGS, run};

const WEB_1: &str = "i-0f3a91c27be45d806";

fn nothing_is_open(bench: &Bench) {
    assert_eq!(bench.sandbox.open_sessions(), Vec::<String>::new());
}

/// Runs a command with this piped in.
pub fn fed(command: &mut Command, input: &str) -> Ran {
    use std::io::Write as _;

    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses at once does not read it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Ran::from(child.wait_with_output().unwrap())
}

#[test]
fn every_call_and_the_data_channel_go_through_the_proxy() {
    for credentials in [None, Some("alice:p%ss")] {
        let behind = Behind::new(credentials);
        let mut command = behind.command("connect web-1");
        if credentials.is_some() {
            let port = behind.proxy.url().rsplit(':').next().unwrap().to_owned();
            command.env(
                "HTTPS_PROXY",
                format!("http://alice:p%25ss@127.0.0.1:{port}"),
            );
        }
        let ran = fed(&mut command, "echo he''llo\n");
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains("hello"), "{ran:?}");
        assert!(!ran.stderr.contains("overridden"), "{ran:?}");
        let mut expected = HOSTS.map(|host| format!("{host}:443"));
        expected.sort();
        assert_eq!(behind.hosts(), expected);
        nothing_is_open(&behind.bench);
    }
}

#[test]
fn a_proxys_password_arrives_as_it_was_written() {
    for (written, meant) in [
        ("alice:p@ss@word", "alice:p@ss@word"),
        ("alice:p%40ss%2Fword", "alice:p@ss/word"),
        ("alice:a/b?c#d:e", "alice:a/b?c#d:e"),
        ("alice:100%", "alice:100%"),
        ("CORP\\alice:grün [1]", "CORP\\alice:grün [1]"),
    ] {
        let behind = Behind::new(Some(meant));
        let port = behind.proxy.url().rsplit(':').next().unwrap().to_owned();
        for scheme in ["http://", ""] {
            let mut command = behind.command("connect web-1 -vv");
            command.env("HTTPS_PROXY", format!("{scheme}{written}@127.0.0.1:{port}"));
            let ran = fed(&mut command, "echo he''llo\n");
            assert_eq!(ran.code, 0, "{written}: {ran:?}");
            assert!(ran.stdout.contains("hello"), "{written}: {ran:?}");
            for secret in [written, meant] {
                let password = secret.split_once(':').unwrap().1;
                assert!(!ran.stderr.contains(password), "{written}: {ran:?}");
            }
        }
    }
    for wrong in [
        "http://alice:hunter2@",
        "http://alice:hunter2%0a@127.0.0.1:9",
    ] {
        let bench = Bench::new();
        let ran = run(bench.command(["list"]).env("HTTPS_PROXY", wrong));
        assert_eq!(ran.code, 10, "{ran:?}");
        assert!(ran.stderr.contains("HTTPS_PROXY"), "{ran:?}");
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    }
}

#[test]
fn a_proxy_that_refuses_the_password_is_named_and_asked_once() {
    let behind = Behind::new(Some("alice:secret"));
    let port = behind.proxy.url().rsplit(':').next().unwrap().to_owned();
    for userinfo in ["", "alice:hunter2@"] {
        let asked = behind.proxy.connects().len();
        let mut command = behind.command("list");
        command.env("HTTPS_PROXY", format!("http://{userinfo}127.0.0.1:{port}"));
        let ran = run(command.args(["--error-format", "json"]));
        assert_eq!(ran.code, 40, "{ran:?}");
        let error = ran.error();
        assert_eq!(error["retryable"], false, "{error}");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("HTTPS_PROXY"), "{error}");
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
        assert_eq!(behind.proxy.connects().len(), asked + 1);
        let mut command = behind.command("list -vv");
        command.env("HTTPS_PROXY", format!("http://{userinfo}127.0.0.1:{port}"));
        let ran = run(&mut command);
        let named = format!("through the proxy 127.0.0.1:{port}");
        assert!(ran.stderr.contains(&named), "{ran:?}");
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    }
    assert!(behind.bench.sandbox.trail().is_empty());
}

/// The proxy's password expires while a session is open, or it wants one for this host alone.
#[test]
fn a_data_channel_is_not_tried_again_after_a_407() {
    let behind = Behind::refusing(&HOSTS, HOSTS[3], 407);
    let ran = fed(&mut behind.command("connect web-1"), "exit\n");
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("requires authorization"), "{ran:?}");
    assert!(ran.stderr.contains("hint: set HTTPS_PROXY"), "{ran:?}");
    let to_channel = |behind: &Behind| {
        let connects = behind.proxy.connects();
        let host = format!("{}:443", HOSTS[3]);
        connects.iter().filter(|asked| **asked == host).count()
    };
    assert_eq!(to_channel(&behind), 1);
    nothing_is_open(&behind.bench);

    let behind = Behind::new(None);
    let proxy = behind.proxy.url();
    let more = [("AWS_ENDPOINT_URL", ""), ("HTTPS_PROXY", proxy.as_str())];
    let terminal = Terminal::with(&behind.bench, "connect web-1", 24, 110, &more);
    terminal.shows(PROMPT.trim_end());
    behind.proxy.refuse(HOSTS[3], 407);
    let id = behind.bench.sandbox.open_sessions().remove(0);
    assert!(behind.bench.sandbox.channels().drop_connection(&id));
    let ended = terminal.ends();
    assert_eq!(ended.code, 51, "{}", ended.screen);
    assert_eq!(to_channel(&behind), 2, "{}", ended.screen);
    nothing_is_open(&behind.bench);
}

#[test]
fn spared_hosts_are_not_proxied() {
    let behind = Behind::new(None);
    let mut command = behind.command("list");
    // Directly there is nothing in this machine's network that answers by these names.
    let ran = run(command
        .env("NO_PROXY", "sts.us-east-1.amazonaws.com")
        .env("AWS_ENDPOINT_URL_STS", behind.bench.sandbox.endpoint()));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        behind.hosts(),
        [format!("{}:443", HOSTS[1]), format!("{}:443", HOSTS[2])]
    );
}

#[test]
fn this_machine_is_never_proxied() {
    for secure in [false, true] {
        let certificates = TempDir::new().unwrap();
        let bench = Bench::with(Options {
            tls: secure.then(|| certificates.path().to_owned()),
            ..Options::default()
        });
        let proxy = Proxy::start(ProxyOptions::default()).unwrap();
        let ran = fed(
            bench
                .command(["connect", WEB_1])
                .env("HTTPS_PROXY", proxy.url())
                .env("HTTP_PROXY", proxy.url())
                .env("ALL_PROXY", proxy.url()),
            "exit\n",
        );
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(proxy.connects(), Vec::<String>::new());
        nothing_is_open(&bench);
    }
}

#[test]
fn a_trust_store_that_cannot_be_read_is_said_before_anything_is_sent() {
    let bench = Bench::new();
    let bad = bench.home().join("bad.pem");
    std::fs::write(
        &bad,
        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let none = bench.home().join("none.pem");
    std::fs::write(&none, "no certificate\n").unwrap();
    let missing = bench.home().join("missing.pem");
    for file in [bad, none, missing, "/dev/zero".into()] {
        let ran = run(bench.command(["list"]).env("AWS_CA_BUNDLE", &file));
        assert_eq!(ran.code, 10, "{ran:?}");
        assert!(ran.stderr.contains(file.to_str().unwrap()), "{ran:?}");
        assert!(ran.stderr.contains("hint: set AWS_CA_BUNDLE"), "{ran:?}");
    }
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_certificate_that_is_not_trusted_is_not_aws() {
    let behind = Behind::new(None);
    let other = Behind::new(None);
    let ran = run(behind
        .command("list")
        .env("AWS_CA_BUNDLE", other.bench.sandbox.ca_file().unwrap()));
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(ran.stderr.contains("certificate"), "{ran:?}");
    assert!(behind.bench.sandbox.trail().is_empty());
}

#[test]
fn another_host_is_handed_nothing() {
    let bench = Bench::new();
    let proxy = Proxy::start(ProxyOptions::default()).unwrap();
    for variable in [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_EC2",
        "AWS_ENDPOINT_URL_SSM",
    ] {
        for url in [
            "https://evil.example",
            "https://sts.us-east-1.amazonaws.com.evil.example",
            "http://sts.us-east-1.amazonaws.com",
            "https://127.0.0.1.evil.example",
        ] {
            let ran = run(bench
                .command(["list"])
                .env(variable, url)
                .env("HTTPS_PROXY", proxy.url()));
            assert_eq!(ran.code, 10, "{variable}={url}: {ran:?}");
            assert!(ran.stderr.contains("ExternalId"), "{ran:?}");
        }
        for url in [
            "https://alice:hunter2@evil.example",
            "https://alice:hunter2@evil:99999",
        ] {
            let ran = run(bench.command(["list"]).env(variable, url));
            assert_eq!(ran.code, 10, "{variable}={url}: {ran:?}");
            let named = format!("({variable})");
            assert!(ran.stderr.contains(&named), "{ran:?}");
            assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
        }
    }
    assert_eq!(proxy.connects(), Vec::<String>::new());
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_profile_names_endpoints() {
    let bench = Bench::new();
    let endpoint = bench.sandbox.endpoint();
    let folder = bench.home().join(".aws");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(
        folder.join("config"),
        format!(
            "[default]\nendpoint_url = http://127.0.0.1:1\nservices = here\n\n\
             [services here]\nsts =\n  endpoint_url = {endpoint}\nec2 =\n  endpoint_url = {endpoint}\n\
             ssm =\n  endpoint_url = {endpoint}\nkms =\n  endpoint_url = {endpoint}\n"
        ),
    )
    .unwrap();
    let ran = run(bench.command(["list"]).env_remove("AWS_ENDPOINT_URL"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        ran.stderr.lines().next(),
        Some(&*format!(
            "endpoint overridden: sts, ec2, ssm, kms at {endpoint}"
        ))
    );
    let text = format!("[default]\nendpoint_url = {endpoint}\n");
    std::fs::write(folder.join("config"), text).unwrap();
    let ran = run(bench.command(["list"]).env_remove("AWS_ENDPOINT_URL"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let shown = |variable: Option<(&str, &str)>| {
        let mut command = bench.command(["settings", "--output", "json"]);
        command.env_remove("AWS_ENDPOINT_URL").envs(variable);
        let said: Value = serde_json::from_str(&run(&mut command).stdout).unwrap();
        let rows = said["settings"].as_array().unwrap().clone();
        ["sts", "ssmmessages"].map(|service| {
            let key = format!("customers.acme.endpoints.{service}");
            let row = rows.iter().find(|row| row["key"] == key).unwrap();
            (
                row["value"].clone(),
                row["origin"].as_str().unwrap().to_owned(),
            )
        })
    };
    let [sts, ssmmessages] = shown(None);
    assert_eq!(sts.0, endpoint);
    assert!(
        sts.1.starts_with("endpoint_url of the profile default ("),
        "{sts:?}"
    );
    assert_eq!(ssmmessages, (Value::Null, "default".to_owned()));
    let [sts, _] = shown(Some(("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")));
    assert_eq!(sts.1, "environment AWS_ENDPOINT_URL_STS");
    let [sts, _] = shown(Some(("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")));
    assert_eq!(sts, (Value::Null, "default".to_owned()));
    let secret = format!("http://alice:hunter2@{}/path", &endpoint["http://".len()..]);
    let text = format!(
        "[default]\nendpoint_url = http://127.0.0.1:1\nservices = here\n\n[services here]\nsts =\n  endpoint_url = {secret}\n"
    );
    std::fs::write(folder.join("config"), text).unwrap();
    let [sts, _] = shown(None);
    assert_eq!(sts.0, endpoint);
    assert!(
        sts.1.starts_with("services of the profile default ("),
        "{sts:?}"
    );
    std::fs::write(
        folder.join("config"),
        "[default]\nendpoint_url = https://evil.example\n",
    )
    .unwrap();
    let ran = run(bench.command(["list"]).env_remove("AWS_ENDPOINT_URL"));
    assert_eq!(ran.code, 10, "{ran:?}");
}

#[test]
fn regions_have_their_own_endpoints() {
    let behind = Behind::new(None);
    behind
        .bench
        .settings(&SETTINGS.replace("[\"us-east-1\"]", "[\"us-east-1\", \"eu-west-1\"]"));
    // The other region's hosts are nowhere; that they were asked for is what counts.
    let ran = run(&mut behind.command("list"));
    assert_eq!(ran.code, 4, "{ran:?}");
    let hosts = behind.hosts();
    for host in ["ec2.eu-west-1", "ssm.eu-west-1", "ec2.us-east-1"] {
        assert!(
            hosts.contains(&format!("{host}.amazonaws.com:443")),
            "{hosts:?}"
        );
    }
    assert!(!hosts.iter().any(|host| host.starts_with("sts.eu")));
}

#[test]
fn a_stream_url_that_leads_elsewhere_is_refused() {
    for host in [
        "wss://evil.example",
        "ws://198.51.100.7",
        "wss://ssmmessages.us-east-1.amazonaws.com.evil.example",
        "wss://ssmmessages.eu-west-1.amazonaws.com",
    ] {
        let bench = Bench::with(Options {
            stream_host: Some(host.to_owned()),
            ..Options::default()
        });
        let ran = fed(&mut bench.command(["connect", WEB_1]), "exit\n");
        assert_eq!(ran.code, 50, "{host}: {ran:?}");
        assert!(ran.stderr.contains("it was terminated"), "{ran:?}");
        assert!(
            bench
                .sandbox
                .actions()
                .ends_with(&["TerminateSession".to_owned()])
        );
        nothing_is_open(&bench);
    }
}
