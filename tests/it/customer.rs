//! `customer`: the settings file, edited.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Bench, SETTINGS, has_mode};

const WITH_COMMENTS: &str = r#"# our team's file
default_customer = "acme" # the big one

[vendor]
role_arn = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role"

# they pay on Fridays
[customers.acme]
role_arn    = "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "ExternalID3rdPartyA"   # agreed in May
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]

[cache]
store = "none"
"#;

fn text(bench: &Bench) -> String {
    std::fs::read_to_string(bench.config()).unwrap()
}

fn external_id(bench: &Bench, customer: &str) -> String {
    let file: toml::Table = text(bench).parse().unwrap();
    let id = &file["customers"][customer]["external_id"];
    id.as_str().unwrap().to_owned()
}

/// A team's file stays one that the team can read, and only its owner gets to write it.
#[test]
fn a_changed_file_keeps_its_readers() {
    let bench = Bench::new();
    for (before, after) in [
        (0o644, 0o644),
        (0o640, 0o640),
        (0o600, 0o600),
        (0o400, 0o600),
    ] {
        bench.settings(SETTINGS);
        std::fs::set_permissions(bench.config(), Permissions::from_mode(before)).unwrap();
        let ran = bench.run("customer remove acme --confirm acme");
        assert_eq!(ran.code, 0, "{ran:?}");
        let mode = bench.config().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, after, "{before:o}");
    }
}

#[test]
fn the_first_customer_makes_the_file() {
    let bench = Bench::new();
    std::fs::remove_file(bench.config()).unwrap();
    let ran =
        bench.run("customer add acme --account 222222222222 --region us-east-1 --tag-value Ours");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--vendor-role-arn"), "{ran:?}");
    let ran = bench.run(
        "customer add acme --account 222222222222 --region us-east-1 --tag-value Ours \
         --vendor-role-arn arn:aws:iam::111111111111:role/vendor-ssm",
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    has_mode(&bench.config(), 0o600);
    let id = external_id(&bench, "acme");
    assert_eq!(id.len(), 40, "160 bits in hexadecimal digits: {id}");
    assert!(!ran.stderr.contains(&id), "{ran:?}");
    assert!(
        text(&bench)
            .contains(r#"role_arn = "arn:aws:iam::222222222222:role/vendor-ssm/vendor-ssm-Ours""#)
    );
    assert_eq!(bench.run("settings").code, 0);
}

#[test]
fn comments_and_order_are_kept() {
    let bench = Bench::new();
    bench.settings(WITH_COMMENTS);
    let ran = bench.run(
        "customer add beta --account 333333333333 --region us-east-1 --grant port --require-reason",
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    let after = text(&bench);
    for line in WITH_COMMENTS.lines() {
        assert!(after.contains(line), "{line}\n{after}");
    }
    assert!(after.contains("require_reason = true"), "{after}");
    assert!(
        after.contains(r#"port = "AWS-StartPortForwardingSession""#),
        "{after}"
    );
    let ran = bench.run("customer remove beta --confirm beta");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(text(&bench), WITH_COMMENTS);
}

/// The settings file as an editor on another system leaves it: what an edit does not touch stays
/// as it is, to the byte.
#[test]
fn untouched_lines_keep_their_bytes() {
    let windows = WITH_COMMENTS.replace('\n', "\r\n");
    let mut number = 0;
    let mixed: String = WITH_COMMENTS
        .split_inclusive('\n')
        .map(|line| {
            number += 1;
            line.replace('\n', if number % 3 == 0 { "\r\n" } else { "\n" })
        })
        .collect();
    let tabs = WITH_COMMENTS
        .replace("tag_value   =", "\ttag_value\t=\t")
        .replace("# agreed in May", "\t#\tagreed\t");
    let several_lines = WITH_COMMENTS.replace("[\"us-east-1\"]", "[\n\t\"us-east-1\", # first\n]");
    for before in [
        WITH_COMMENTS.to_owned(),
        windows.clone(),
        mixed.clone(),
        tabs.replace('\n', "\r\n"),
        several_lines.replace('\n', "\r\n"),
        format!("\u{feff}{windows}"),
        format!("\u{feff}{WITH_COMMENTS}"),
        windows.trim_end().to_owned(),
        mixed.trim_end().to_owned(),
        WITH_COMMENTS.trim_end().to_owned(),
        format!("{windows}\r\n# the end"),
        format!("{windows}\r\n# the end\r\n\r\n"),
    ] {
        let bench = Bench::new();
        bench.settings(&before);
        let ran = bench.run("customer add beta --account 333333333333 --region us-east-1");
        assert_eq!(ran.code, 0, "{before:?}: {ran:?}");
        let after = text(&bench);
        let (above, below) = parts(&after, "beta");
        let whole = [above.as_str(), &below].concat();
        assert_eq!(whole.trim_end(), before.trim_end(), "{after:?}");
        let crlf = |text: &str| text.matches("\r\n").count();
        let most_are_crlf = 2 * crlf(&before) > before.lines().count();
        let added = crlf(&after) - crlf(&before);
        assert_eq!(added > 4, most_are_crlf, "{after:?}");
        assert!(
            !after.contains("\r\r")
                && after.starts_with('\u{feff}') == before.starts_with('\u{feff}')
        );
        assert_eq!(after.ends_with('\n'), before.ends_with('\n'), "{after:?}");
        // The file can be read, and what was added goes again without a trace.
        let shown = bench.run("customer show beta --output json");
        assert_eq!(shown.code, 0, "{after:?}: {shown:?}");
        assert_eq!(bench.run("customer remove beta --confirm beta").code, 0);
        assert_eq!(text(&bench), before);
        // The first customer takes its lines along, and the default that names it.
        assert_eq!(bench.run("customer remove acme --confirm acme").code, 0);
        let after = text(&bench);
        let kept: Vec<&str> = before
            .split_inclusive('\n')
            .filter(|line| after.contains(*line))
            .collect();
        let rest = kept.concat();
        for line in after.split_inclusive('\n') {
            assert!(rest.contains(line), "{line:?} in {before:?}");
        }
        assert!(after.contains("# our team's file"), "{after:?}");
        assert!(
            !after.contains("acme") && after.contains("[vendor]"),
            "{after:?}"
        );
    }
}

/// What is above and below the sections that were added for this customer and their empty line.
fn parts(text: &str, customer: &str) -> (String, String) {
    let header = text.find(&format!("[customers.{customer}]")).unwrap();
    let above = text[..header].strip_suffix('\n').unwrap();
    let above = above.strip_suffix('\r').unwrap_or(above);
    let last = text[header..].find("shell = ").unwrap() + header;
    let below = text[last..].split_once('\n').map_or("", |(_, below)| below);
    (above.to_owned(), below.to_owned())
}

#[test]
fn no_external_id_is_made_twice_or_shared() {
    let bench = Bench::new();
    let before = text(&bench);
    let ran = bench.run("customer add acme --account 222222222222 --region us-east-1");
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("acme") && ran.stderr.contains("already"),
        "{ran:?}"
    );
    let line = "customer add beta --account 333333333333 --region us-east-1 --external-id-stdin";
    let ran = bench.run_with_input(line, "ExternalID3rdPartyA\n");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("acme"), "{ran:?}");
    assert!(!ran.stderr.contains("ExternalID3rdPartyA"), "{ran:?}");
    for wrong in ["", "x\n", "with space\n"] {
        assert_eq!(bench.run_with_input(line, wrong).code, 2, "{wrong:?}");
    }
    assert_eq!(text(&bench), before, "nothing was written");
    assert_eq!(bench.run_with_input(line, "their/own-Id\n").code, 0);
    assert_eq!(external_id(&bench, "beta"), "their/own-Id");
    let add = |name: &str| {
        let line = format!("customer add {name} --account 444444444444 --region us-east-1");
        assert_eq!(bench.run(&line).code, 0);
        external_id(&bench, name)
    };
    assert_ne!(add("gamma"), add("delta"));
}

#[test]
fn removing_wants_the_name_again() {
    let bench = Bench::new();
    let ran = bench.run("customer remove acme");
    assert_eq!(ran.code, 60);
    assert!(ran.stderr.contains("--confirm acme"), "{ran:?}");
    assert_eq!(bench.run("customer remove acme --confirm beta").code, 61);
    assert_eq!(text(&bench), SETTINGS);
    let ran = bench.run("customer remove acm --confirm acm");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean `acme`?"), "{ran:?}");
    assert_eq!(bench.run("customer remove acme --confirm acme").code, 0);
    assert!(!text(&bench).contains("acme"));
}

#[test]
fn a_file_that_is_wrong_is_left_alone() {
    let bench = Bench::new();
    for wrong in ["[vendor\n", "nonsense = 1\n", "customers = 3\n"] {
        bench.settings(wrong);
        let ran =
            bench.run("customer add beta --account 333333333333 --region us-east-1 --tag-value T");
        assert_eq!(ran.code, 10, "{wrong}: {ran:?}");
        assert_eq!(text(&bench), wrong);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    // Root writes anywhere; a folder that is a file stops it too.
    let bench = Bench::new();
    std::fs::write(bench.home().join("file"), "").unwrap();
    let mut command = bench.command([
        "customer",
        "add",
        "acme",
        "--account",
        "222222222222",
        "--region",
        "us-east-1",
        "--tag-value",
        "T",
        "--vendor-role-arn",
        "arn:aws:iam::111111111111:role/v",
    ]);
    command.env("VENDOR_SSM_CONFIG", bench.home().join("file/config.toml"));
    let ran = crate::harness::run(&mut command);
    assert!([10, 13].contains(&ran.code), "{ran:?}");
    assert!(ran.stderr.contains("settings file"), "{ran:?}");
}

#[test]
fn customers_are_listed_and_shown_without_their_external_ids() {
    let bench = Bench::new();
    let ran = bench.run("customer list");
    assert_eq!(
        ran.stdout,
        "CUSTOMER  ACCOUNT       TAG VALUE      REGIONS\nacme      222222222222  Third_Party_A  us-east-1\n"
    );
    let shown = bench.run("customer show --output json");
    let json = shown.json();
    assert_eq!(json["version"], 1);
    assert_eq!(json["customers"][0]["customer"], "acme");
    assert_eq!(json["customers"][0]["external_id"], "…tyA");
    for ran in [shown, bench.run("customer show acme")] {
        assert_eq!(ran.code, 0);
        assert!(!ran.stdout.contains("ExternalID3rdPartyA"), "{ran:?}");
    }
    assert_eq!(bench.run("customer show nobody").code, 2);
}

#[test]
fn the_head_of_the_file_is_not_the_first_customers() {
    let bench = Bench::new();
    let rest = "[vendor]\nrole_arn = \"arn:aws:iam::111111111111:role/v\"\n";
    let first = "# acme's own\n[customers.acme]\nrole_arn = \"arn:aws:iam::222222222222:role/c\"\nexternal_id = \"abc\"\n\
                 tag_value = \"T\"\nregions = [\"us-east-1\"]\n\n";
    bench.settings(&format!("# our team's file\n\n{first}{rest}"));
    let ran = bench.run("customer remove acme --confirm acme");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(text(&bench), format!("# our team's file\n\n{rest}"));
}

#[test]
fn another_vendor_role_is_not_overlooked() {
    let bench = Bench::new();
    let ran = bench.run(
        "customer add beta --account 333333333333 --region us-east-1 --vendor-role-arn arn:aws:iam::111111111111:role/other",
    );
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("3P_IAM_Assume_Role"), "{ran:?}");
    assert_eq!(text(&bench), SETTINGS);
}

/// What a flag gives is wrong on the command line, and not in a line of the file.
#[test]
fn a_wrong_flag_is_named_and_not_the_file() {
    let bench = Bench::new();
    let long = "x".repeat(257);
    let longer_key = "k".repeat(129);
    let add = ["customer", "add"];
    let account = ["--account", "333333333333"];
    let own_role = ["--role-arn", "arn:aws:iam::333333333333:role/own"];
    let own_kit = [
        "--role-arn",
        "arn:aws:iam::333333333333:role/vendor-ssm/own",
    ];
    let region = ["--region", "us-east-1"];
    for (words, flag) in [
        (["a b", "--tag-value", "T"], "<NAME>"),
        ([".a", "--tag-value", "T"], "<NAME>"),
        (["beta", "--tag-value", "a*b"], "--tag-value"),
        (["beta", "--tag-value", "aws:x"], "--tag-value"),
        (["beta", "--tag-value", &long], "--tag-value"),
        (["beta", "--tag-key", "a b"], "--tag-key"),
        (["beta", "--tag-key", "aws:x"], "--tag-key"),
        (["beta", "--tag-key", &longer_key], "--tag-key"),
        (["beta", "--region", "us-east-1"], "--region"),
        (["beta", "--region", "cn-north-1"], "--region"),
    ] {
        for role in [account, own_kit] {
            let words = add.into_iter().chain(words).chain(role).chain(region);
            let ran = crate::harness::run(&mut bench.command(words));
            assert_eq!(ran.code, 2, "{flag}: {ran:?}");
            assert!(ran.stderr.contains(flag), "{flag}: {ran:?}");
            assert!(!ran.stderr.contains("config.toml"), "{flag}: {ran:?}");
        }
    }
    let role = "arn:aws-cn:iam::333333333333:role/own";
    let ran = bench.run(&format!(
        "customer add beta --role-arn {role} --region cn-north-1"
    ));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.stderr.contains("--role-arn: the role is in partition"),
        "{ran:?}"
    );
    assert_eq!(text(&bench), SETTINGS);
    // A customer with a role of its own may do without the kit; then it is only said.
    let words = ["beta", "--tag-value", "a*b"];
    let words = add.into_iter().chain(words).chain(own_role).chain(region);
    let ran = crate::harness::run(&mut bench.command(words));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr
            .contains("`kit customer` will refuse this customer"),
        "{ran:?}"
    );
    let ran = bench.run("kit customer -c beta");
    assert_eq!(ran.code, 2, "{ran:?}");
    // The other customers' tag value, which the kit refuses, is not the new customer's fault.
    bench.settings(&SETTINGS.replace("\"Third_Party_A\"", "\"a*\""));
    let ran = bench.run("customer add beta --account 333333333333 --region us-east-1");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("--tag-value"), "{ran:?}");
    // Customers that have vendor roles of their own leave a new one without.
    let own = format!(
        "{}\n[customers.acme.vendor]\nrole_arn = \"arn:aws:iam::111111111111:role/v\"\n",
        SETTINGS[SETTINGS.find("[customers.acme]").unwrap()..].trim_end()
    );
    bench.settings(&own);
    let ran = bench.run("customer add beta --account 333333333333 --region us-east-1");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("pass `--vendor-role-arn"), "{ran:?}");
}
