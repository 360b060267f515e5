//! `grant_ends`: a grant that ends is warned of, and a refusal after the end says so.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use vendor_ssm_sandbox::world::CUSTOMER;

use crate::harness::{Bench, SECOND, SETTINGS, run};

/// The day in UTC that is so many days from now.
fn day(days: i64) -> Date {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    today.checked_add(days.days()).unwrap()
}

/// A bench whose only customer's grant ends so.
fn ending(end: &str) -> Bench {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}grant_ends = {end}\n"));
    bench
}

const COMMANDS: [&str; 4] = ["list", "whoami", "doctor", "connect web-1 --dry-run"];

#[test]
fn an_end_within_fourteen_days_is_warned_of_by_four_commands() {
    let bench = ending(&day(5).to_string());
    let expected = format!("acme: the grant ends on {}, in 5 days", day(5));
    // The night may have fallen since.
    let or = format!("acme: the grant ends on {}, in 4 days", day(5));
    for line in COMMANDS {
        let ran = bench.run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        let said = format!("{}{}", ran.stdout, ran.stderr).replace("\n    ", " ");
        assert!(
            said.contains(&expected) || said.contains(&or),
            "{line}: {ran:?}"
        );
        assert!(said.contains("warning"), "{line}: {ran:?}");
    }
    // Data on stdout stays data.
    let ran = bench.run("list --output json");
    assert!(
        ran.json()["errors"].as_array().unwrap().is_empty(),
        "{ran:?}"
    );
    let checks = bench.run("doctor --output json").json();
    let settings = &checks["checks"][0];
    assert_eq!(
        (&settings["name"], &settings["status"]),
        (&"settings".into(), &"warning".into())
    );
    assert!(
        settings["hint"]
            .as_str()
            .unwrap()
            .contains("ask acme to extend the grant"),
        "{settings}"
    );
    for far in [day(16).to_string(), format!("\"{}T00:00:00Z\"", day(16))] {
        bench.settings(&format!("{SETTINGS}grant_ends = {far}\n"));
        for line in COMMANDS {
            let ran = bench.run(line);
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert!(ran.code == 0 && !said.contains("grant"), "{line}: {ran:?}");
        }
    }
    // A moment counts as one.
    bench.settings(&format!(
        "{SETTINGS}grant_ends = {}T12:30:00+02:00\n",
        day(10)
    ));
    let ran = bench.run("whoami");
    let said = format!("acme: the grant ends on {}T10:30:00Z, in ", day(10));
    assert!(ran.stderr.contains(&said), "{ran:?}");
}

#[test]
fn with_several_customers_each_end_is_warned_of() {
    let bench = Bench::new();
    bench.settings(&format!(
        "{SETTINGS}grant_ends = {}\n{SECOND}grant_ends = {}\n",
        day(3),
        day(-3)
    ));
    let ran = bench.run("list --all-customers");
    assert_eq!(ran.code, 0, "{ran:?}");
    let acme = format!("warning: acme: the grant ends on {}", day(3));
    let beta = format!("warning: beta: the grant ended on {}", day(-3));
    assert!(
        ran.stderr.contains(&acme) && ran.stderr.contains(&beta),
        "{ran:?}"
    );
    let ran = bench.run("list -c acme");
    assert!(!ran.stderr.contains("beta"), "{ran:?}");
}

/// An instance of acme's account without the vendor's tag: StartSession is refused.
fn untagged(bench: &Bench) -> String {
    bench.sandbox.world(|world| {
        let of_acme = |key: &str| key.eq_ignore_ascii_case("ExternalAccessGrantedTo");
        let mut all = world.instances.iter();
        let found = all.find(|one| {
            one.account == CUSTOMER
                && one.region == "us-east-1"
                && one.is_connected()
                && !one.tags.iter().any(|(key, _)| of_acme(key))
        });
        found.unwrap().id.clone()
    })
}

#[test]
fn a_refusal_after_the_end_says_so() {
    let ended = format!(
        "hint: the grant ended on {}: ask acme to extend it",
        day(-1)
    );
    let bench = ending(&day(-1).to_string());
    let id = untagged(&bench);
    let (connect, run, forward) = (
        format!("connect {id} --client builtin"),
        format!("run {id} -- true"),
        format!("forward {id} -L 0:80"),
    );
    // AWS decides: while it allows a session, there is one.
    assert_eq!(bench.run_with_input("connect web-1", "true\n").code, 0);
    for (line, code) in [(&connect, 34), (&run, 255), (&forward, 34)] {
        let ran = bench.run(line);
        assert_eq!(ran.code, code, "{line}: {ran:?}");
        assert!(ran.stderr.contains(&ended), "{line}: {ran:?}");
    }
    let refused = SETTINGS.replace("ExternalID3rdPartyA", "another-one");
    bench.settings(&format!("{refused}grant_ends = {}\n", day(-1)));
    for line in ["list", "whoami", &forward, "proxy web-1", "connect web-1"] {
        let ran = bench.run(line);
        assert_eq!(ran.code, 22, "{line}: {ran:?}");
        assert!(ran.stderr.contains(&ended), "{line}: {ran:?}");
        let ran = bench.run(&format!("--error-format json {line}"));
        let error = ran.stderr.lines().last().unwrap();
        let error: serde_json::Value = serde_json::from_str(error).unwrap();
        let hint = error["error"]["hint"].as_str().unwrap();
        assert!(
            format!("hint: {hint}").starts_with(&ended),
            "{line}: {ran:?}"
        );
    }
    let results = bench.run("run web-1 --output json -- true").json();
    let hint = results["results"][0]["error"]["hint"].as_str().unwrap();
    assert!(format!("hint: {hint}").starts_with(&ended), "{hint}");
    let ran = bench.run("doctor");
    let said = ran.stdout.replace("\n    ", " ");
    assert!(ran.code == 22 && said.contains(&ended), "{ran:?}");
    // Before the end, and with another fault, no hint names it.
    bench.settings(&format!("{refused}grant_ends = {}\n", day(30)));
    let ran = bench.run("list");
    assert!(
        ran.code == 22 && !ran.stderr.contains("grant ended"),
        "{ran:?}"
    );
    let past = ending(&day(-1).to_string());
    let ran = past.run("connect nobody-1");
    assert!(
        ran.code == 30 && !ran.stderr.contains("ask acme to extend it"),
        "{ran:?}"
    );
}

#[test]
fn the_kit_names_the_line_to_set_and_goes_by_the_settings() {
    let bench = Bench::new();
    for (until, line, moment) in [
        ("2099-12-31", "2099-12-31", "2100-01-01T00:00:00Z"),
        (
            "2099-12-31T18:00:00+01:00",
            "2099-12-31T17:00:00Z",
            "2099-12-31T17:00:00Z",
        ),
    ] {
        bench.settings(SETTINGS);
        let ran = bench.run(&format!("kit customer --until {until}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.stdout.contains(&format!("Default: '{moment}'")),
            "{ran:?}"
        );
        let said = format!("set `grant_ends = {line}` under [customers.acme]");
        assert!(ran.stderr.contains(&said), "{ran:?}");
        // The same end by the parameter needs the same line.
        let ran = bench.run(&format!("kit customer --parameter GrantEnds={moment}"));
        assert!(
            ran.code == 0 && ran.stderr.contains("set `grant_ends = "),
            "{ran:?}"
        );
        // With that line, nothing is missing, and the template has the end without an option.
        bench.settings(&format!("{SETTINGS}grant_ends = {line}\n"));
        for command in [
            format!("kit customer --until {until}"),
            "kit customer".to_owned(),
        ] {
            let ran = bench.run(&command);
            assert_eq!(ran.code, 0, "{ran:?}");
            assert!(
                ran.stdout.contains(&format!("Default: '{moment}'")),
                "{ran:?}"
            );
            assert!(
                ran.stderr.contains(&format!("GrantEnds={moment}")),
                "{ran:?}"
            );
            assert!(!ran.stderr.contains("grant_ends"), "{command}: {ran:?}");
        }
        let ran = bench.run("kit customer --until 2098-01-01");
        assert!(
            ran.stderr.contains("set `grant_ends = 2098-01-01`"),
            "{ran:?}"
        );
        let ran = bench.run("kit customer --parameter GrantEnds=");
        assert!(
            ran.code == 0 && ran.stderr.contains("change `grant_ends`"),
            "{ran:?}"
        );
    }
    bench.settings(&format!("{SETTINGS}grant_ends = 2020-01-01\n"));
    let ran = bench.run("kit customer");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(
        ran.stderr.contains("the grant of acme ended on 2020-01-01")
            && ran.stderr.contains("--until"),
        "{ran:?}"
    );
    assert_eq!(bench.run("kit customer --until 2099-12-31").code, 0);
}

#[test]
fn an_option_and_a_parameter_for_the_same_are_refused() {
    let bench = Bench::new();
    for (line, said) in [
        (
            "--until 2099-12-31 --parameter GrantEnds=2098-01-01T00:00:00Z",
            "--until and --parameter GrantEnds",
        ),
        (
            "--os-user alice --parameter OsUser=bob",
            "--os-user and --parameter OsUser",
        ),
    ] {
        let ran = bench.run(&format!("kit customer {line}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
    }
    for wrong in [
        "soon",
        "2099-12-31T18:00:00",
        "2099-02-30",
        "20991231",
        "2099-12-31T",
    ] {
        let ran = bench.run(&format!("kit customer --until {wrong}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{wrong}: {ran:?}");
    }
    // The time of day is not lost with a space in front of it.
    let mut command = bench.command(["kit", "customer", "--until", "2099-12-31 18:00:00Z"]);
    let ran = run(&mut command);
    assert!(ran.stdout.contains("'2099-12-31T18:00:00Z'"), "{ran:?}");
}

#[test]
fn customer_add_list_and_show_know_the_end() {
    let bench = Bench::new();
    let listed = bench.run("customer list");
    assert!(!listed.stdout.contains("GRANT ENDS"), "{listed:?}");
    let end = &bench.run("customer show --output json").json()["customers"][0]["grant_ends"];
    assert!(end.is_null(), "{end}");
    let add = "customer add beta --account 333333333333 --region us-east-1 --grant-ends";
    for wrong in ["soon", "2020-01-01", "2099-12-31T18:00:00"] {
        assert_eq!(bench.run(&format!("{add} {wrong}")).code, 2, "{wrong}");
    }
    assert_eq!(bench.run(&format!("{add} 2099-12-31")).code, 0);
    let text = std::fs::read_to_string(bench.config()).unwrap();
    assert!(text.contains("\ngrant_ends = 2099-12-31\n"), "{text}");
    let all = bench.run("customer list --output json").json();
    assert_eq!(all["customers"][0]["grant_ends"], serde_json::Value::Null);
    assert_eq!(all["customers"][1]["grant_ends"], "2100-01-01T00:00:00Z");
    let shown = bench.run("customer list").stdout;
    assert!(
        shown.contains("GRANT ENDS") && shown.contains("2099-12-31"),
        "{shown}"
    );
    let shown = bench.run("customer show beta").stdout;
    assert!(
        shown.contains("grant ends") && shown.contains("2099-12-31"),
        "{shown}"
    );
    assert_eq!(bench.run("customer remove beta --confirm beta").code, 0);
    assert_eq!(
        bench.run(&format!("{add} 2099-12-31T18:00:00+02:00")).code,
        0
    );
    let text = std::fs::read_to_string(bench.config()).unwrap();
    assert!(
        text.contains("\ngrant_ends = 2099-12-31T16:00:00Z\n"),
        "{text}"
    );
}
