//! `customer import`: profiles of `~/.aws/config` become customers, or are named with the reason.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use crate::harness::terminal::Terminal;
use crate::harness::{Bench, Ran, has_mode, run};

const ACME: &str = "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA";
const SHOP: &str = "arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA";
const VENDOR: &str = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role";

/// Two customers behind one vendor role, as an engineer has them.
const CONFIG: &str = r#"
[profile vendor-keys]
region = us-east-1

[profile vendor]
role_arn = arn:aws:iam::111111111111:role/3P_IAM_Assume_Role
source_profile = vendor-keys

[profile acme]
role_arn = arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA
source_profile = vendor
external_id = ExternalID3rdPartyA
region = us-east-1

[profile "shop floor"]
role_arn = arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA
source_profile = vendor
external_id = ExternalID3rdPartyB-333
region = us-east-1
duration_seconds = 1800
"#;

/// A bench without a settings file, and with this `~/.aws/config`.
fn without_settings(config: &str) -> Bench {
    let bench = Bench::new();
    std::fs::remove_file(bench.config()).unwrap();
    write_config(&bench, config);
    bench
}

fn write_config(bench: &Bench, config: impl AsRef<[u8]>) {
    let folder = bench.home().join(".aws");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config"), config).unwrap();
}

fn text(bench: &Bench) -> String {
    std::fs::read_to_string(bench.config()).unwrap_or_default()
}

fn without_secrets(ran: &Ran) {
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert!(!all.contains("ExternalID3rd"), "{all}");
}

#[test]
fn chained_profiles_become_customers_that_work() {
    let bench = without_settings(CONFIG);
    let keys = bench.sandbox.credentials("alice").unwrap();
    std::fs::write(
        bench.home().join(".aws/credentials"),
        format!(
            "[vendor-keys]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            keys.access_key_id, keys.secret_access_key
        ),
    )
    .unwrap();
    let ran = bench.run("customer import --tag-value Third_Party_A --yes");
    assert_eq!(ran.code, 0, "{ran:?}");
    without_secrets(&ran);
    let shown = format!(
        r#"[vendor]
profile = "vendor-keys"
role_arn = "{VENDOR}"

[customers.acme]
role_arn = "{ACME}"
external_id = "…tyA"
tag_value = "Third_Party_A"
regions = ["us-east-1"]

[customers.shop-floor]
role_arn = "{SHOP}"
external_id = "…333"
tag_value = "Third_Party_A"
regions = ["us-east-1"]
duration_seconds = 1800
"#
    );
    assert_eq!(ran.stdout, shown);
    assert!(ran.stderr.contains("added acme, shop-floor to "), "{ran:?}");
    let written = shown
        .replace("…tyA", "ExternalID3rdPartyA")
        .replace("…333", "ExternalID3rdPartyB-333");
    assert_eq!(text(&bench), written);
    has_mode(&bench.config(), 0o600);

    let ran = run(bench
        .command(["customer", "test", "--all", "--no-cache"])
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY"));
    assert_eq!(ran.code, 0, "{ran:?}");

    // Once more: all of them are there.
    let ran = bench.run("customer import");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    for said in [
        "profile acme: already there as customer acme",
        "profile shop floor: already there as customer shop-floor",
    ] {
        assert!(ran.stderr.contains(said), "{ran:?}");
    }
    assert_eq!(text(&bench), written);
}

#[test]
fn it_is_written_after_a_question() {
    let bench = without_settings(CONFIG);
    for (answer, code) in [("n\r", 61), ("\r", 61), ("acme\r", 61), ("y\r", 0)] {
        assert_eq!(text(&bench), "");
        let mut terminal = Terminal::run(&bench, "customer import --tag-value Ours");
        terminal.shows("add 2 customers to");
        terminal.types(answer);
        let ended = terminal.ends();
        assert_eq!(ended.code, code, "{answer:?}: {}", ended.screen);
        let bytes = String::from_utf8_lossy(&ended.bytes);
        assert!(bytes.contains("[customers.acme]"), "{bytes}");
        assert!(!bytes.contains("ExternalID3rd"), "{bytes}");
    }
    assert!(text(&bench).contains("[customers.shop-floor]"));
}

#[test]
fn a_script_says_yes_and_names_the_tag() {
    let bench = without_settings(CONFIG);
    let ran = bench.run("customer import --yes");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("--tag-value"), "{ran:?}");
    let ran = bench.run("customer import --tag-value Ours");
    assert_eq!(ran.code, 60, "{ran:?}");
    let form = "vendor-ssm customer import --yes --tag-value Ours";
    assert!(ran.stderr.contains(form), "{ran:?}");
    without_secrets(&ran);
    assert!(!bench.config().exists());
}

/// The settings as they are decide what is written: the tag, and which vendor role is new.
#[test]
fn the_settings_keep_their_vendor_and_give_the_tag() {
    let config = format!(
        "{CONFIG}
[profile other-vendor]
role_arn = arn:aws:iam::111111111111:role/Other
credential_source = ec2instancemetadata
mfa_serial = arn:aws:iam::111111111111:mfa/alice
role_session_name = alice
duration_seconds = 900

[profile far]
role_arn = arn:aws:iam::444444444444:role/Far
source_profile = other-vendor
external_id = far/id:1
region = eu-west-1
endpoint_url = https://sts.amazonaws.com
"
    );
    let bench = Bench::new();
    write_config(&bench, &config);
    let before = format!("# our team's file\n{}", text(&bench));
    bench.settings(&before);
    let ran = bench.run("customer import --yes");
    assert_eq!(ran.code, 0, "{ran:?}");
    let after = text(&bench);
    assert!(after.starts_with(&before), "{after}");
    let added = format!(
        r#"
[customers.far]
role_arn = "arn:aws:iam::444444444444:role/Far"
external_id = "far/id:1"
tag_value = "Third_Party_A"
regions = ["eu-west-1"]

[customers.far.vendor]
credential_source = "Ec2InstanceMetadata"
role_arn = "arn:aws:iam::111111111111:role/Other"
role_session_name = "alice"
mfa_serial = "arn:aws:iam::111111111111:mfa/alice"
duration_seconds = 900

[customers.shop-floor]
role_arn = "{SHOP}"
external_id = "ExternalID3rdPartyB-333"
tag_value = "Third_Party_A"
regions = ["us-east-1"]
duration_seconds = 1800
"#
    );
    assert_eq!(&after[before.len()..], added);
    for said in [
        "profile acme: already there as customer acme",
        "profile far: imported without endpoint_url",
    ] {
        assert!(ran.stderr.contains(said), "{ran:?}");
    }
    assert_eq!(bench.run("customer show far").code, 0);
    assert_eq!(bench.run("customer import --yes").code, 0);
    assert_eq!(text(&bench), after);
}

/// The vendor role of most profiles goes to `[vendor]`, the others' to their customers.
#[test]
fn several_vendor_roles_are_kept_apart() {
    let mut config = String::new();
    for vendor in ["one", "two"] {
        write!(
            config,
            "[profile {vendor}]\nrole_arn = arn:aws:iam::111111111111:role/{vendor}\nsource_profile = base\n"
        )
        .unwrap();
    }
    config += "[profile base]\nsso_session = corp\n";
    for (name, vendor) in [("a", "two"), ("b", "one"), ("c", "one")] {
        write!(
            config,
            "[profile {name}]\nrole_arn = arn:aws:iam::222222222222:role/{name}\nexternal_id = id-{name}\n\
             source_profile = {vendor}\nregion = us-east-1\n"
        )
        .unwrap();
    }
    let bench = without_settings(&config);
    let ran = bench.run("customer import --tag-value Ours --yes");
    assert_eq!(ran.code, 0, "{ran:?}");
    let file: toml::Table = text(&bench).parse().unwrap();
    assert_eq!(
        file["vendor"]["role_arn"].as_str(),
        Some("arn:aws:iam::111111111111:role/one")
    );
    let customers = &file["customers"];
    assert_eq!(
        customers["a"]["vendor"]["role_arn"].as_str(),
        Some("arn:aws:iam::111111111111:role/two")
    );
    for name in ["b", "c"] {
        assert!(customers[name].get("vendor").is_none(), "{file}");
    }
    assert_eq!(bench.run("settings").code, 0);
}

/// A customer role that the base identity assumes by itself has no vendor role.
#[test]
fn a_single_hop_needs_a_vendor_role() {
    let config = format!(
        "[profile me]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\
         [profile acme]\nrole_arn = {ACME}\nexternal_id = ExternalID3rdPartyA\nsource_profile = me\n\
         region = us-east-1\nmfa_serial = arn:aws:iam::111111111111:mfa/me\n"
    );
    let bench = without_settings(&config);
    let ran = bench.run("customer import --tag-value Ours --yes");
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.contains("--vendor-role-arn"), "{ran:?}");
    let line = format!("customer import --tag-value Ours --yes --vendor-role-arn {VENDOR}");
    let ran = bench.run(&line);
    assert_eq!(ran.code, 0, "{ran:?}");
    let file: toml::Table = text(&bench).parse().unwrap();
    assert_eq!(file["vendor"]["profile"].as_str(), Some("me"));
    assert_eq!(file["vendor"]["role_arn"].as_str(), Some(VENDOR));
    assert!(file["vendor"].get("mfa_serial").is_some(), "{file}");
}

#[test]
fn profiles_that_are_not_taken_are_named_with_the_reason() {
    let cases: [(&str, &str, &str); 14] = [
        (
            "no-id",
            "role_arn = ARN\nsource_profile = vendor",
            "no external_id",
        ),
        ("no-role", "external_id = abc", "no role_arn"),
        (
            "no-source",
            "role_arn = ARN\nexternal_id = abc",
            "neither source_profile nor",
        ),
        (
            "gone",
            "role_arn = ARN\nexternal_id = abc\nsource_profile = nobody",
            "nobody, is not there",
        ),
        (
            "itself",
            "role_arn = ARN\nexternal_id = abc\nsource_profile = itself",
            "its own source_profile",
        ),
        (
            "circle",
            "role_arn = ARN\nexternal_id = abc\nsource_profile = no-circle",
            "circle",
        ),
        (
            "odd-arn",
            "role_arn = arn:aws:iam::1:role/x\nexternal_id = abc\nsource_profile = vendor",
            "role_arn at ",
        ),
        (
            "odd-id",
            "role_arn = ARN\nexternal_id = se cret\nsource_profile = vendor",
            "external_id at ",
        ),
        (
            "odd-region",
            "role_arn = ARN\nexternal_id = abc\nsource_profile = vendor\nregion = mars",
            "region at ",
        ),
        (
            "china",
            "role_arn = ARN\nexternal_id = abc\nsource_profile = vendor\nregion = cn-north-1",
            "partition",
        ),
        (
            "no-region",
            "role_arn = ARN\nexternal_id = abc\nsource_profile = vendor",
            "pass --region",
        ),
        (
            "two-codes",
            "role_arn = ARN\nexternal_id = abc\nsource_profile = vendor\nmfa_serial = arn:aws:iam::1:mfa/x",
            "mfa_serial",
        ),
        (
            "web",
            "role_arn = ARN\nexternal_id = abc\nweb_identity_token_file = /t\nregion = us-east-1",
            "web identity",
        ),
        (
            "日本",
            "role_arn = ARN\nexternal_id = abc\nsource_profile = vendor\nregion = us-east-1",
            "letter or digit",
        ),
    ];
    let mut config = format!(
        "{CONFIG}[profile no-circle]\nrole_arn = {ACME}\nsource_profile = circle\n[profile half\nrole_arn = {ACME}\n"
    );
    for (name, keys, _) in &cases {
        let role = "arn:aws:iam::555555555555:role/x";
        write!(config, "[profile {name}]\n{}\n", keys.replace("ARN", role)).unwrap();
    }
    let bench = without_settings(&config);
    let ran = bench.run("customer import --tag-value Ours --yes");
    assert_eq!(ran.code, 0, "{ran:?}");
    for (name, _, why) in &cases {
        let begin = format!("profile {name}: ");
        let line = ran.stderr.lines().find(|line| line.starts_with(&begin));
        assert!(
            line.is_some_and(|line| line.contains(why)),
            "{name}: {ran:?}"
        );
    }
    assert!(ran.stderr.contains("profile half: "), "{ran:?}");
    assert!(ran.stderr.contains("assume no role"), "{ran:?}");
    // The vendor role's own profile is not missing.
    assert!(!ran.stderr.contains("profile vendor:"), "{ran:?}");
    assert!(!ran.stderr.contains("se cret"), "{ran:?}");
    let file: toml::Table = text(&bench).parse().unwrap();
    let names: Vec<&String> = file["customers"].as_table().unwrap().keys().collect();
    assert_eq!(names, ["acme", "shop-floor"]);
}

#[test]
fn names_that_collide_are_not_guessed() {
    let profile = |name: &str, id: &str| {
        format!(
            "[profile \"{name}\"]\nrole_arn = arn:aws:iam::555555555555:role/{id}\nexternal_id = {id}\n\
             source_profile = vendor\nregion = us-east-1\n"
        )
    };
    let bench = Bench::new();
    let before = text(&bench);
    // Another role than that of the settings' acme.
    let config = [
        CONFIG.split("[profile acme]").next().unwrap(),
        &profile("acme", "other"),
        &profile("big bank", "one"),
        &profile("big/bank", "two"),
    ];
    write_config(&bench, config.concat());
    let ran = bench.run("customer import --yes");
    assert_eq!(ran.code, 10, "{ran:?}");
    for said in [
        "profile acme: the settings have another customer acme: rename",
        "profile big bank: profile big/bank would be customer big-bank too: rename",
        "profile big/bank: profile big bank would be customer big-bank too: rename",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
    }
    assert_eq!(text(&bench), before);
}

/// One role in two regions is one customer.
#[test]
fn a_profile_that_becomes_another_name_is_told() {
    let bench = without_settings(CONFIG);
    let ran = bench.run("customer import --tag-value Third_Party_A --yes");
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = "profile shop floor: imported as customer shop-floor\n";
    assert!(ran.stderr.contains(told), "{ran:?}");
    assert!(!ran.stderr.contains("profile acme:"), "{ran:?}");
}

#[test]
fn two_profiles_of_one_role_are_one_customer() {
    let mut config = CONFIG.split("[profile acme]").next().unwrap().to_owned();
    for (name, region) in [
        ("acme-us", "us-east-1"),
        ("acme-eu", "eu-west-1"),
        ("acme-again", "us-east-1"),
    ] {
        write!(
            config,
            "[profile {name}]\nrole_arn = {ACME}\nexternal_id = ExternalID3rdPartyA\nsource_profile = vendor\nregion = {region}\n"
        )
        .unwrap();
    }
    let bench = without_settings(&config);
    let ran = bench.run("customer import --tag-value Ours --yes");
    assert_eq!(ran.code, 0, "{ran:?}");
    let file: toml::Table = text(&bench).parse().unwrap();
    let customers = file["customers"].as_table().unwrap();
    assert_eq!(customers.len(), 1, "{file}");
    let (name, keys) = customers.iter().next().unwrap();
    let regions: Vec<&str> = keys["regions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    assert_eq!(
        (name.as_str(), regions),
        ("acme-again", vec!["us-east-1", "eu-west-1"])
    );
}

#[test]
fn odd_files_end_soon_and_write_nothing() {
    // Chains of profiles, each the source of the next, and one that leads back.
    let mut deep = String::new();
    for number in 0..20_000 {
        write!(
            deep,
            "[profile p{number}]\nrole_arn = {ACME}\nexternal_id = id-{number}\nregion = us-east-1\nsource_profile = p{}\n",
            (number + 1) % 20_000
        )
        .unwrap();
    }
    let hostile =
        "[profile \u{1b}[2Jx\u{202e}y]\nrole_arn = \u{7}\nexternal_id = a\u{9b}b\n".repeat(50);
    for config in [
        deep.as_bytes(),
        hostile.as_bytes(),
        &[0xff; 4096],
        b"",
        b"[",
        b"[profile \"a",
    ] {
        let bench = without_settings("");
        write_config(&bench, config);
        let began = Instant::now();
        let ran = bench.run("customer import --tag-value Ours --yes");
        assert_eq!(ran.code, 10, "{}", ran.stderr);
        assert!(began.elapsed() < Duration::from_mins(1));
        assert!(ran.stderr.lines().count() < 200);
        let is_raw = |it: char| it != '\n' && (it.is_control() || it == '\u{202e}');
        assert!(!ran.stderr.contains(is_raw), "{:?}", ran.stderr);
        assert!(!bench.config().exists());
    }
    let bench = without_settings(CONFIG);
    let home = bench.home().to_str().unwrap().to_owned();
    for file in ["/dev/zero", &home] {
        let ran = run(bench
            .command(["customer", "import", "--tag-value", "T", "--yes"])
            .env("AWS_CONFIG_FILE", file));
        assert_eq!(ran.code, 10, "{file}: {ran:?}");
        assert!(!bench.config().exists());
    }
    // Another place for the file.
    let elsewhere = bench.home().join("elsewhere");
    std::fs::write(&elsewhere, CONFIG).unwrap();
    write_config(&bench, "");
    let ran = run(bench
        .command(["customer", "import", "--tag-value", "T", "--yes"])
        .env("AWS_CONFIG_FILE", &elsewhere));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn settings_that_are_wrong_are_left_alone() {
    let bench = Bench::new();
    write_config(&bench, CONFIG);
    for wrong in [
        "[vendor\n",
        "nonsense = 1\n",
        "[customers.x]\nrole_arn = \"y\"\n",
    ] {
        bench.settings(wrong);
        let ran = bench.run("customer import --tag-value Ours --yes");
        assert_eq!(ran.code, 10, "{wrong}: {ran:?}");
        assert_eq!(text(&bench), wrong);
    }
    // Sections of other things do not stand in the way.
    bench.settings("[cache]\nstore = \"none\"\n");
    let ran = bench.run("customer import --tag-value Ours --yes");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        text(&bench).starts_with("[cache]\nstore = \"none\"\n"),
        "{}",
        text(&bench)
    );
    assert_eq!(bench.run("customer list").code, 0);
}

#[test]
fn json_shows_the_plan_without_the_external_ids() {
    let bench = without_settings(CONFIG);
    let line = "customer import --tag-value Ours --output json";
    let ran = bench.run(line);
    assert_eq!(ran.code, 60, "{ran:?}");
    without_secrets(&ran);
    let plan = ran.json();
    assert_eq!(plan["version"], 1);
    assert_eq!(plan["vendor"]["role_arn"], VENDOR);
    assert_eq!(plan["customers"][1]["customer"], "shop-floor");
    assert_eq!(plan["customers"][1]["external_id"], "…333");
    assert_eq!(plan["customers"][1]["vendor"], serde_json::Value::Null);
    let ran = bench.run(&format!("{line} --yes"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json(), plan);
    let again = bench.run("customer import --output json");
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(again.json()["customers"], serde_json::json!([]));
    assert_eq!(again.json()["profiles"][0]["profile"], "acme");
}

/// In a folder of settings, each customer gets a file of its own.
#[test]
fn a_folder_of_settings_gets_a_file_for_each_customer() {
    let bench = without_settings(CONFIG);
    let folder = bench.home().join("team");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    let vendor = format!("[vendor]\nrole_arn = \"{VENDOR}\"\n");
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    };
    write("vendor.toml", &vendor);
    let import = |more: &[&str]| {
        let words = ["customer", "import", "--tag-value", "Ours", "--yes"];
        run(bench
            .command([&words[..], more].concat())
            .env("VENDOR_SSM_CONFIG", &folder))
    };
    // A file in the way of the second stops both.
    write("shop-floor.toml", "[cache]\nstore = \"none\"\n");
    let ran = import(&[]);
    assert_ne!(ran.code, 0, "{ran:?}");
    assert!(!folder.join("acme.toml").exists());
    std::fs::remove_file(folder.join("shop-floor.toml")).unwrap();
    let ran = import(&[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(text("vendor.toml"), vendor);
    for (file, role) in [("acme.toml", ACME), ("shop-floor.toml", SHOP)] {
        assert!(text(file).contains(role), "{}", text(file));
        has_mode(&folder.join(file), 0o600);
    }
    let ran = run(bench
        .command(["customer", "list"])
        .env("VENDOR_SSM_CONFIG", &folder));
    assert_eq!(ran.stdout.lines().count(), 3, "{ran:?}");
    assert_eq!(import(&[]).code, 0, "all there");
}
