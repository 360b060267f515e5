//! A folder of settings files, read and edited as one.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::harness::{Bench, Ran, SECOND, SETTINGS, has_mode, is_windows, native, run};

/// A bench whose settings are a folder with these files.
struct Team {
    bench: Bench,
    folder: PathBuf,
}

impl Team {
    fn new(files: &[(&str, &str)]) -> Self {
        let bench = Bench::new();
        let folder = bench.home().join("team");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        let team = Self { bench, folder };
        for (name, text) in files {
            team.write(name, text);
        }
        team
    }

    /// A vendor's file, and one for each customer.
    fn of_two() -> Self {
        let (vendor, acme) = SETTINGS.split_at(SETTINGS.find("[customers.acme]").unwrap());
        Self::new(&[
            ("00-vendor.toml", vendor),
            ("acme.toml", acme),
            ("beta.toml", SECOND),
        ])
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    /// The names in the folder, sorted.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<String> = entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn command(&self, line: &str) -> Command {
        let mut command = self.bench.command(line.split_whitespace());
        command.env("VENDOR_SSM_CONFIG", native(&self.folder));
        command
    }

    fn run(&self, line: &str) -> Ran {
        run(&mut self.command(line))
    }
}

fn origin(ran: &Ran, key: &str) -> String {
    let said = ran.json();
    let settings = said["settings"].as_array().unwrap();
    let setting = settings.iter().find(|setting| setting["key"] == key);
    setting.unwrap()["origin"].as_str().unwrap().to_owned()
}

#[test]
fn the_files_of_a_folder_are_the_settings() {
    let team = Team::of_two();
    let ran = team.run("settings --output json");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.json()["file"], native(&team.folder));
    for (key, expected) in [
        ("config", "environment VENDOR_SSM_CONFIG"),
        ("vendor.role_arn", "file 00-vendor.toml:2"),
        ("cache.store", "file 00-vendor.toml:5"),
        ("customers.acme.external_id", "file acme.toml:3"),
        ("customers.beta.external_id", "file beta.toml:4"),
    ] {
        assert_eq!(origin(&ran, key), expected, "{key}");
    }
    let ran = team.run("list --all-customers --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout.contains("shop-1") && ran.stdout.contains("web-1"),
        "{ran:?}"
    );
    let ran = team.run("whoami -c beta --output json");
    assert_eq!(ran.json()["customer"], "beta", "{ran:?}");
    let ran = team.run("list");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.stderr.contains(&native(&team.folder))
            && ran
                .stderr
                .contains("set `default_customer` in one of the files"),
        "{ran:?}"
    );
    let ran = team.run("doctor -c acme");
    let mode = if is_windows() { "" } else { " (mode 0700)" };
    assert!(
        ran.stdout
            .contains(&format!("team{mode}, a folder, customer acme")),
        "{ran:?}"
    );
    // The flag names a folder as well, by a relative path too.
    let mut command = team
        .bench
        .command(["customer", "list", "--config", "team/"]);
    let ran = run(command.current_dir(team.bench.home()));
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 3), "{ran:?}");
}

#[test]
fn a_key_in_two_files_is_refused_with_both_places() {
    let team = Team::of_two();
    team.write(
        "z.toml",
        "[vendor]\nprofile = \"p\"\n\n[customers.acme]\nconfirm = true\n",
    );
    let ran = team.run("settings --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(origin(&ran, "customers.acme.confirm"), "file z.toml:5");
    assert_eq!(origin(&ran, "vendor.profile"), "file z.toml:2");
    team.write(
        "z.toml",
        "[customers.acme]\nconfirm = true\nexternal_id = \"CanaryId\"\n",
    );
    let [acme, z] = ["acme.toml", "z.toml"].map(|name| native(team.folder.join(name)));
    for line in [
        "settings",
        "list -c beta",
        "doctor",
        "customer add x --account 444444444444 --region us-east-1",
    ] {
        let ran = team.run(line);
        assert_eq!(ran.code, 10, "{line}: {ran:?}");
        let said = format!("{}{}", ran.stdout, ran.stderr).replace("\n    ", " ");
        assert!(
            said.contains(&format!(
                "{z}:3:1: customers.acme.external_id is given twice, first at {acme}:3:1"
            )),
            "{line}: {ran:?}"
        );
        assert!(!said.contains("CanaryId"), "{ran:?}");
    }
}

#[test]
fn an_error_names_the_file_and_the_nearest_key() {
    let team = Team::of_two();
    team.write("beta.toml", &SECOND.replace("external_id", "externl_id"));
    let ran = team.run("list -c acme");
    assert_eq!(ran.code, 10, "{ran:?}");
    let beta = native(team.folder.join("beta.toml"));
    assert!(
        ran.stderr.contains(&format!(
            "{beta}:4:1: unknown key customers.beta.externl_id"
        )) && ran.stderr.contains("did you mean `external_id`?"),
        "{ran:?}"
    );
}

#[test]
fn each_file_and_the_folder_are_judged() {
    let team = Team::of_two();
    let beta = team.folder.join("beta.toml");
    fs::set_permissions(&beta, Permissions::from_mode(0o602)).unwrap();
    let ran = team.run("list -c acme");
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(
        ran.stderr.contains("beta.toml (mode 0602)") && ran.stderr.contains("chmod go-w"),
        "{ran:?}"
    );
    fs::set_permissions(&beta, Permissions::from_mode(0o600)).unwrap();
    for mode in [0o702, 0o1777] {
        fs::set_permissions(&team.folder, Permissions::from_mode(mode)).unwrap();
        let before = team.names();
        for line in ["list -c acme", "customer remove beta --confirm beta"] {
            let ran = team.run(line);
            assert_eq!(ran.code, 10, "{line}: {ran:?}");
            assert!(
                ran.stderr.contains("the settings folder is not safe"),
                "{ran:?}"
            );
        }
        assert_eq!(team.names(), before);
    }
    fs::set_permissions(&team.folder, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(team.run("list -c acme").code, 0);
    let asked = team.bench.sandbox.actions().len();
    // A pipe neither hangs vendor-ssm nor is passed over.
    let pipe = team.folder.join("pipe.toml");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let ran = team.run("list -c acme");
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(
        ran.stderr.contains("pipe.toml is not a regular file"),
        "{ran:?}"
    );
    assert_eq!(team.bench.sandbox.actions().len(), asked);
}

#[test]
fn a_customer_is_added_in_a_file_of_its_own_and_removed_with_it() {
    let team = Team::of_two();
    let before = team.names();
    let texts: Vec<String> = before.iter().map(|name| team.text(name)).collect();
    let ran = team.run("customer add gamma --account 444444444444 --region us-east-1");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    let file = team.folder.join("gamma.toml");
    assert!(
        ran.stderr
            .contains(&format!("added gamma to {}", native(&file))),
        "{ran:?}"
    );
    has_mode(&file, 0o600);
    let text = team.text("gamma.toml");
    assert!(text.starts_with("[customers.gamma]\nrole_arn = "), "{text}");
    // Nothing else is there, no lock and no other name, and nothing else was changed.
    let mut names = before.clone();
    names.push("gamma.toml".to_owned());
    assert_eq!(team.names(), names);
    let kept: Vec<String> = before.iter().map(|name| team.text(name)).collect();
    assert_eq!(kept, texts);
    let ran = team.run("customer show gamma --output json");
    assert_eq!(ran.json()["customers"][0]["tag_value"], "Third_Party_A");
    let ran = team.run("customer remove gamma --confirm gamma");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.contains(&format!(
            "removed gamma with {}, which held nothing else",
            native(&file)
        )),
        "{ran:?}"
    );
    assert_eq!(team.names(), before);
    // A twin of an ExternalId in another file is refused.
    let line = "customer add gamma --account 444444444444 --region us-east-1 --external-id-stdin";
    let mut command = team.command(line);
    command.stdin(fs::File::open(id_file(&team)).unwrap());
    let ran = run(&mut command);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.stderr
            .contains("customer \"acme\" already has this ExternalId"),
        "{ran:?}"
    );
    let ran = team.run("customer add acme --account 444444444444 --region us-east-1");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.stderr.contains("already in") && ran.stderr.contains("acme.toml"),
        "{ran:?}"
    );
    assert_eq!(team.names(), before);
}

/// acme's ExternalId, in a file outside of the folder.
fn id_file(team: &Team) -> PathBuf {
    let path = team.bench.home().join("id");
    fs::write(&path, "ExternalID3rdPartyA\n").unwrap();
    path
}

#[test]
fn a_file_that_is_there_is_never_replaced() {
    let team = Team::of_two();
    let other = SECOND
        .replace("customers.beta", "customers.delta")
        .replace("-333", "-444");
    team.write("gamma.toml", &other);
    symlink(
        team.bench.home().join("nowhere"),
        team.folder.join(".gamma.toml"),
    )
    .unwrap();
    let before = team.names();
    let ran = team.run("customer add gamma --account 444444444444 --region us-east-1");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("gamma.toml already exists"), "{ran:?}");
    assert_eq!(team.text("gamma.toml"), other);
    // Names that would leave the folder, be hidden, or be too long for a file.
    let long = "x".repeat(251);
    for name in ["../x", "a/b", ".x", "-x", "a b", "ä", "", &long] {
        let mut command = team.bench.command(["customer", "add"]);
        command.args([
            "--account",
            "444444444444",
            "--region",
            "us-east-1",
            "--",
            name,
        ]);
        let ran = run(command.env("VENDOR_SSM_CONFIG", native(&team.folder)));
        assert_eq!(ran.code, 2, "{name}: {ran:?}");
        assert!(!ran.stderr.contains(".toml:"), "{name}: {ran:?}");
    }
    assert_eq!(team.names(), before);
    let fits = "x".repeat(250);
    let ran = team.run(&format!(
        "customer add {fits} --account 444444444444 --region us-east-1"
    ));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(team.folder.join(format!("{fits}.toml")).exists());
}

#[test]
fn the_first_customer_of_an_empty_or_missing_folder_gets_a_file_with_the_vendor_role() {
    for (name, there) in [("team", true), ("new/", false)] {
        let team = Team::new(&[("README.md", "ours"), ("sub", "")]);
        let folder = team.bench.home().join(name);
        let go = |line: &str| {
            let mut command = team.bench.command(line.split_whitespace());
            run(command.env("VENDOR_SSM_CONFIG", native(&folder)))
        };
        let ran = go("list");
        assert_eq!(ran.code, 10, "{ran:?}");
        let said = if there {
            "has no file NAME.toml"
        } else {
            "not found"
        };
        assert!(
            ran.stderr.contains("settings folder") && ran.stderr.contains(said),
            "{ran:?}"
        );
        let line = "customer add acme --account 222222222222 --region us-east-1 --tag-value Ours";
        let ran = go(line);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("--vendor-role-arn"), "{ran:?}");
        let ran = go(&format!(
            "{line} --vendor-role-arn arn:aws:iam::111111111111:role/v"
        ));
        assert_eq!(ran.code, 0, "{ran:?}");
        let text = fs::read_to_string(folder.join("acme.toml")).unwrap();
        assert!(
            text.starts_with(
                "[vendor]\nrole_arn = \"arn:aws:iam::111111111111:role/v\"\n\n[customers.acme]\n"
            ),
            "{text}"
        );
        let ran = go("customer add beta --account 333333333333 --region us-east-1");
        assert_eq!(ran.code, 0, "{ran:?}");
        let ran = go(
            "customer add gamma --account 333333333333 --region us-east-1 --vendor-role-arn arn:aws:iam::111111111111:role/w",
        );
        assert_eq!(ran.code, 2, "{ran:?}");
        // The vendor role stays when the first customer goes.
        let ran = go("customer remove acme --confirm acme");
        assert_eq!(ran.code, 0, "{ran:?}");
        let text = fs::read_to_string(folder.join("acme.toml")).unwrap();
        assert_eq!(
            text,
            "[vendor]\nrole_arn = \"arn:aws:iam::111111111111:role/v\"\n"
        );
        assert_eq!(go("settings").code, 0);
        has_mode(&folder, 0o700);
    }
}

#[test]
fn removing_edits_every_file_that_holds_the_table_or_the_default() {
    let team = Team::of_two();
    team.write("a.toml", "# who we mean\ndefault_customer = \"beta\"\n");
    team.write(
        "beta.toml",
        &format!("# Beta Ltd, ask Bob\n{SECOND}\n[session]\nescape = \"none\"\n"),
    );
    team.write(
        "docs.toml",
        "[customers.beta.documents]\nport = \"Port-Document\"\n",
    );
    team.write(
        "more.toml",
        "# keep this\n\n[customers.beta]\nconfirm = true\n",
    );
    let acme = team.text("acme.toml");
    let ran = team.run("customer remove beta --confirm bete");
    assert_eq!(ran.code, 61, "{ran:?}");
    let ran = team.run("customer remove bet --confirm bet");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("did you mean `beta`?"), "{ran:?}");
    let ran = team.run("customer remove beta --confirm beta");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(team.text("a.toml"), "# who we mean\n");
    let beta = team.text("beta.toml");
    assert!(
        beta.starts_with("# Beta Ltd, ask Bob\n")
            && beta.ends_with("[session]\nescape = \"none\"\n"),
        "{beta}"
    );
    assert!(
        !beta.contains("customers") && !beta.contains("333333333333"),
        "{beta}"
    );
    assert_eq!(team.text("more.toml"), "# keep this\n\n");
    assert_eq!(team.text("acme.toml"), acme);
    // Only the file that held nothing else is gone.
    assert_eq!(
        team.names(),
        [
            "00-vendor.toml",
            "a.toml",
            "acme.toml",
            "beta.toml",
            "more.toml"
        ]
    );
    let said = &ran.stderr;
    assert!(
        said.contains("a.toml and ") && said.contains("docs.toml, which held nothing else"),
        "{ran:?}"
    );
    assert_eq!(team.run("whoami").code, 0);
}

#[test]
fn a_link_in_the_folder_stays_a_link() {
    let team = Team::of_two();
    let real = team.bench.home().join("elsewhere.toml");
    fs::rename(team.folder.join("beta.toml"), &real).unwrap();
    symlink(&real, team.folder.join("beta.toml")).unwrap();
    assert_eq!(team.run("whoami -c beta").code, 0);
    let ran = team.run("customer remove beta --confirm beta");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(team.folder.join("beta.toml").is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap().trim(), "");
    assert_eq!(team.run("whoami").code, 0);
}

#[test]
fn of_many_that_edit_a_folder_at_once_none_loses_a_customer() {
    let team = Team::of_two();
    let add = |at: usize| {
        let line = format!("customer add new-{at} --account 444444444444 --region us-east-1");
        team.command(&line).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut running: Vec<_> = (0..8).map(add).collect();
    let line = "customer remove beta --confirm beta";
    running.push(team.command(line).stderr(Stdio::null()).spawn().unwrap());
    for mut one in running {
        assert!(one.wait().unwrap().success());
    }
    let mut expected = vec!["00-vendor.toml".to_owned(), "acme.toml".to_owned()];
    expected.extend((0..8).map(|at| format!("new-{at}.toml")));
    assert_eq!(team.names(), expected);
    let listed = team.run("customer list --output json").json();
    assert_eq!(listed["customers"].as_array().unwrap().len(), 9, "{listed}");
}
