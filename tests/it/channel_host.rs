//! Which host a data channel is opened on:
//! the one that AWS names, a customer's VPC endpoint, or one of the kind that was asked for. The
//! sandbox serves each name by TLS, and verifies the signature for it.

use std::process::Command;

use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::plugin::Script;

use crate::behind::{Behind, HOSTS};
use crate::harness::terminal::{LIMIT, PROMPT, Terminal, WEB_1, called, until};
use crate::harness::{Bench, SETTINGS, run};
use crate::pty::plugin::installed;

/// A VPC endpoint's own name, and its name in one zone.
const PRIVATE: [&str; 2] = [
    "vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com",
    "vpce-0123-abcd-us-east-1a.ssmmessages.us-east-1.vpce.amazonaws.com",
];
const VARIABLE: &str = "AWS_ENDPOINT_URL_SSMMESSAGES";

/// The settings with `ssmmessages` of the customer's endpoints.
fn settings(url: &str) -> String {
    format!("{SETTINGS}\n[customers.acme.endpoints]\nssmmessages = \"{url}\"\n")
}

/// AWS's hosts, and more.
fn and<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [HOSTS.as_slice(), more].concat()
}

/// The host of each request for a data channel, as its signature covers it.
fn signed_for(bench: &Bench) -> Vec<String> {
    let trail = bench.sandbox.trail();
    let opened = trail
        .iter()
        .filter(|event| event.action == "OpenDataChannel");
    opened
        .map(|event| {
            assert!(event.succeeded(), "{event:?}");
            event.parameters["Host"].clone()
        })
        .collect()
}

/// Runs a command line in a shell of the target, and leaves.
fn greets(command: &mut Command) {
    let ran = crate::network::fed(command, "echo he''llo; exit\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("hello"), "{ran:?}");
}

#[test]
fn a_private_endpoint_takes_the_place_of_the_public_host() {
    for host in PRIVATE {
        for by_file in [true, false] {
            let behind = Behind::serving(&and(&[host]), None);
            // The query must arrive as AWS gave it.
            behind.bench.sandbox.options().cells = true;
            let mut command = behind.command("connect web-1");
            let url = format!("https://{host}");
            if by_file {
                behind.bench.settings(&settings(&url));
                // The file ranks higher.
                command.env(VARIABLE, format!("https://{}", PRIVATE[1]));
            } else {
                command.env(VARIABLE, &url);
            }
            greets(&mut command);
            assert_eq!(signed_for(&behind.bench), [host]);
            let asked = behind.hosts();
            assert!(asked.contains(&format!("{host}:443")), "{asked:?}");
            assert!(!asked.contains(&format!("{}:443", HOSTS[3])), "{asked:?}");
            assert_eq!(behind.bench.sandbox.open_sessions(), [""; 0]);
        }
    }
}

#[test]
fn a_resumed_connection_takes_the_private_endpoint_too() {
    let behind = Behind::serving(&and(&PRIVATE[..1]), None);
    let bench = &behind.bench;
    bench.sandbox.options().cells = true;
    bench.settings(&settings(&format!("https://{}", PRIVATE[0])));
    let proxy = behind.proxy.url();
    let more = [("AWS_ENDPOINT_URL", ""), ("HTTPS_PROXY", proxy.as_str())];
    // Without a plugin on the way, `auto` is the builtin client.
    let mut terminal = Terminal::with(bench, "connect web-1", 24, 110, &more);
    terminal.shows(PROMPT.trim_end());
    let id = bench.sandbox.open_sessions().remove(0);
    assert!(bench.sandbox.channels().drop_connection(&id));
    assert!(until(LIMIT, || signed_for(bench).len() == 2));
    terminal.types("echo back-he''re\r");
    terminal.shows("back-here");
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    assert_eq!(called(bench, "ResumeSession"), 1);
    assert_eq!(signed_for(bench), [PRIVATE[0]; 2]);
    let asked = behind.hosts();
    assert!(!asked.contains(&format!("{}:443", HOSTS[3])), "{asked:?}");
}

#[test]
fn an_endpoint_on_this_machine_may_be_without_tls() {
    let bench = Bench::with(Options {
        stream_host: Some(format!("wss://{}", HOSTS[3])),
        ..Options::default()
    });
    let endpoint = bench.sandbox.endpoint();
    greets(bench.command(["connect", WEB_1]).env(VARIABLE, &endpoint));
    assert_eq!(signed_for(&bench), [endpoint.replace("http://", "")]);
}

#[test]
fn the_data_channel_has_only_its_own_variable() {
    let bench = Bench::with(Options {
        stream_host: Some("ws://localhost:1".to_owned()),
        ..Options::default()
    });
    // AWS_ENDPOINT_URL is set, and where nothing listens stays where the session is looked for.
    let ran = crate::network::fed(&mut bench.command(["connect", WEB_1]), "exit\n");
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("localhost:1"), "{ran:?}");
}

#[test]
fn an_endpoint_that_cannot_serve_the_session_is_refused_before_it_is_started() {
    let vpce = |service: &str, region: &str, suffix: &str| {
        format!("https://vpce-0123-abcd.{service}.{region}.vpce.{suffix}")
    };
    let aws = "amazonaws.com";
    for url in [
        vpce("ssmmessages", "eu-west-1", aws),
        vpce("ssmmessages", "us-east-1", "amazonaws.com.cn"),
        vpce("ssmmessages", "us-east-1", "amazonaws.com.evil.example"),
        vpce("ssm", "us-east-1", aws),
        vpce("vpce-svc-0123", "us-east-1", aws),
        vpce("ssmmessages", "us-east-1", aws).replace("https", "http"),
        format!("https://{}", HOSTS[3]),
        "https://198.51.100.7".to_owned(),
        "https://evil.example".to_owned(),
        "no-url".to_owned(),
    ] {
        for (by_file, flag) in [(true, None), (false, None), (false, Some("--dry-run"))] {
            let bench = Bench::new();
            let mut command = bench.command(["connect", WEB_1]);
            command.args(flag);
            if by_file {
                bench.settings(&settings(&url));
            } else {
                command.env(VARIABLE, &url);
            }
            let ran = run(&mut command);
            assert_eq!(ran.code, 10, "{url}: {ran:?}");
            let named = if by_file {
                "config.toml:14:15: customers.acme.endpoints.ssmmessages"
            } else {
                VARIABLE
            };
            assert!(ran.stderr.contains(named), "{url}: {ran:?}");
            assert_eq!(called(&bench, "StartSession"), 0, "{url}");
        }
    }
}

#[test]
fn a_private_endpoint_that_is_not_reached_is_named_with_its_setting() {
    let behind = Behind::refusing(&and(&PRIVATE[..1]), PRIVATE[0], 503);
    let private = format!("https://{}", PRIVATE[0]);
    behind.bench.settings(&settings(&private));
    let ran = crate::network::fed(&mut behind.command("connect web-1"), "exit\n");
    assert_eq!(ran.code, 50, "{ran:?}");
    for part in [PRIVATE[0], "customers.acme.endpoints.ssmmessages"] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    assert_eq!(behind.bench.sandbox.open_sessions(), [""; 0]);
    let public = format!("{}:443", HOSTS[3]);
    assert!(!behind.hosts().contains(&public), "{:?}", behind.hosts());
}

#[test]
fn a_customers_endpoints_rank_above_awss_variables() {
    let bench = Bench::new();
    let endpoint = bench.sandbox.endpoint();
    let [nowhere, here] = ["http://127.0.0.1:1", &endpoint];
    let table = |url: &str| {
        let lines = ["sts", "ec2", "ssm", "kms"].map(|key| format!("{key} = \"{url}\"\n"));
        format!("{SETTINGS}\n[customers.acme.endpoints]\n{}", lines.concat())
    };
    bench.settings(&table(here));
    let ran = run(bench.command(["list"]).env("AWS_ENDPOINT_URL", nowhere));
    assert_eq!(ran.code, 0, "{ran:?}");
    let notice = format!("endpoint overridden: sts, ec2, ssm, kms at {endpoint}");
    assert_eq!(ran.stderr.lines().next(), Some(notice.as_str()));
    for command in ["settings", "customer show"] {
        let ran = bench.run(command);
        assert_eq!(ran.stdout.matches(here).count(), 4, "{ran:?}");
    }
    let said = bench.run("customer show --output json").json();
    assert_eq!(said["customers"][0]["endpoints"]["sts"], here, "{said}");
    bench.settings(&table(nowhere));
    assert_eq!(bench.run("list").code, 40);
}

#[test]
fn the_plugin_is_not_for_a_private_endpoint() {
    let it = installed(&Script {
        version: "1.2.896.0".to_owned(),
        ..Script::default()
    });
    let text = std::fs::read_to_string(it.bench.config()).unwrap();
    let private = format!("https://{}", PRIVATE[0]);
    let sts = it.bench.sandbox.endpoint();
    let says = |line: &str, endpoint: &str| {
        let more = [
            ("AWS_ENDPOINT_URL", ""),
            ("AWS_ENDPOINT_URL_STS", &sts),
            (VARIABLE, endpoint),
        ];
        let ended = Terminal::with(&it.bench, line, 40, 200, &more).ends();
        (ended.code, ended.screen)
    };
    let dry_run = format!("connect {WEB_1} --dry-run -v");
    let (_, screen) = says(&dry_run, "");
    assert!(screen.contains("client    plugin"), "{screen}");
    for by_file in [true, false] {
        let own = format!("{text}\n[customers.acme.endpoints]\nssmmessages = \"{private}\"\n");
        it.bench.settings(if by_file { &own } else { &text });
        let (endpoint, named) = if by_file {
            ("", "customers.acme.endpoints.ssmmessages")
        } else {
            (private.as_str(), VARIABLE)
        };
        let (code, screen) = says(&dry_run, endpoint);
        assert_eq!(code, 0, "{screen}");
        assert!(screen.contains("client    builtin"), "{screen}");
        assert!(screen.contains(named), "{screen}");
        let (code, screen) = says(&format!("connect {WEB_1} --client plugin"), endpoint);
        assert_eq!(code, 11, "{screen}");
        assert!(screen.contains(named), "{screen}");
        assert_eq!(called(&it.bench, "StartSession"), 0);
    }
}

/// What asks for another kind of endpoint, and the hosts of that kind.
const KINDS: [(&[&str], [&str; 4]); 3] = [
    (
        &["AWS_USE_FIPS_ENDPOINT"],
        [
            "sts-fips.us-east-1.amazonaws.com",
            "ec2-fips.us-east-1.amazonaws.com",
            "ssm-fips.us-east-1.amazonaws.com",
            "ssmmessages-fips.us-east-1.amazonaws.com",
        ],
    ),
    (
        &["AWS_USE_DUALSTACK_ENDPOINT"],
        [
            "sts.us-east-1.api.aws",
            "ec2.us-east-1.api.aws",
            "ssm.us-east-1.api.aws",
            "ssmmessages.us-east-1.api.aws",
        ],
    ),
    (
        &["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"],
        [
            "sts-fips.us-east-1.api.aws",
            "ec2-fips.us-east-1.api.aws",
            "ssm-fips.us-east-1.api.aws",
            "ssmmessages-fips.us-east-1.api.aws",
        ],
    ),
];

fn on(variables: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    variables.iter().map(|name| (*name, "true")).collect()
}

#[test]
fn the_data_channel_is_opened_on_a_host_of_the_kind_that_was_asked_for() {
    for (variables, hosts) in KINDS {
        // The sandbox's answer names the plain host, which must not be used.
        let behind = Behind::serving(&and(&hosts), None);
        let mut command = behind.command("connect web-1");
        greets(command.envs(on(variables)));
        assert_eq!(signed_for(&behind.bench), [hosts[3]]);
        let asked = behind.hosts();
        assert!(asked.contains(&format!("{}:443", hosts[3])), "{asked:?}");
        for plain in HOSTS {
            assert!(!asked.contains(&format!("{plain}:443")), "{asked:?}");
        }
        // `doctor` tries the same host.
        let ran = run(behind.command("doctor").envs(on(variables)));
        assert_eq!(ran.code, 0, "{ran:?}");
        let ok = format!("ssmmessages: {}", hosts[3]);
        assert!(ran.stdout.contains(&ok), "{ran:?}");
    }
}

#[test]
fn a_host_of_that_kind_that_is_not_reached_names_the_setting() {
    for (variables, hosts) in KINDS {
        let behind = Behind::refusing(&and(&hosts), hosts[3], 502);
        let mut command = behind.command("connect web-1");
        let ran = crate::network::fed(command.envs(on(variables)), "exit\n");
        assert_eq!(ran.code, 40, "{ran:?}");
        for part in [variables, &hosts[3..]].concat() {
            assert!(ran.stderr.contains(part), "{part}: {ran:?}");
        }
        assert!(ran.stderr.contains("it was terminated"), "{ran:?}");
        assert_eq!(behind.bench.sandbox.open_sessions(), [""; 0]);
        assert_eq!(called(&behind.bench, "TerminateSession"), 1);
        let plain = format!("{}:443", HOSTS[3]);
        assert!(!behind.hosts().contains(&plain), "{:?}", behind.hosts());

        let ran = run(behind.command("doctor").envs(on(variables)));
        assert_eq!(ran.code, 40, "{ran:?}");
        let words: Vec<&str> = ran.stdout.split_whitespace().collect();
        assert!(words.join(" ").contains(variables[0]), "{ran:?}");
    }
}

#[test]
fn a_private_endpoint_outranks_the_kind() {
    let hosts = and(&[&KINDS[0].1[..3], &PRIVATE[..1]].concat());
    let behind = Behind::serving(&hosts, None);
    let mut command = behind.command("connect web-1");
    command.envs(on(KINDS[0].0));
    greets(command.env(VARIABLE, format!("https://{}", PRIVATE[0])));
    assert_eq!(signed_for(&behind.bench), [PRIVATE[0]]);
}

#[test]
fn the_plugin_is_warned_of_where_a_kind_of_endpoint_is_asked_for() {
    let it = installed(&Script {
        version: "1.2.896.0".to_owned(),
        ..Script::default()
    });
    let sts = it.bench.sandbox.endpoint();
    let says = |flags: &str| {
        let more = [
            ("AWS_ENDPOINT_URL", ""),
            ("AWS_ENDPOINT_URL_STS", &*sts),
            ("AWS_USE_FIPS_ENDPOINT", "true"),
        ];
        let line = format!("connect {WEB_1} --dry-run {flags}");
        let ended = Terminal::with(&it.bench, &line, 40, 200, &more).ends();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        ended.screen
    };
    let screen = says("-v");
    assert!(screen.contains("client    builtin"), "{screen}");
    let screen = says("--client plugin");
    assert!(screen.contains("client    plugin"), "{screen}");
    let warning = "warning: session-manager-plugin: the plugin may not open the data channel on FIPS endpoints, chosen by AWS_USE_FIPS_ENDPOINT";
    assert!(screen.contains(warning), "{screen}");
}
