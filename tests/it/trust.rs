//! Settings and plugins that another user of this machine could swap.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use vendor_ssm_sandbox::plugin::{Plugin, Script};

use crate::harness::terminal::{Terminal, WEB_1, called};
use crate::harness::{Bench, Ran, SETTINGS, run};

/// A user who is neither root nor the one of the tests.
const STRANGER: u32 = 4711;
const ADD: &str = "customer add beta --account 333333333333 --region us-east-1 --tag-value T \
                   --vendor-role-arn arn:aws:iam::111111111111:role/3P_IAM_Assume_Role";

/// `above/between/vendor-ssm/config.toml` in a folder of this user's, whatever the umask.
struct Tree {
    bench: Bench,
    _root: TempDir,
    top: PathBuf,
}

impl Tree {
    fn new() -> Self {
        let root = TempDir::with_prefix("vendor-ssm-trust-").unwrap();
        let top = root.path().canonicalize().unwrap();
        chmod(&top, 0o700);
        let tree = Self {
            bench: Bench::new(),
            _root: root,
            top,
        };
        for folder in ["above", "above/between", "above/between/vendor-ssm"] {
            fs::create_dir(tree.top.join(folder)).unwrap();
            chmod(&tree.top.join(folder), 0o755);
        }
        fs::write(tree.file(), SETTINGS).unwrap();
        chmod(&tree.file(), 0o600);
        tree
    }

    fn above(&self) -> PathBuf {
        self.top.join("above")
    }

    fn file(&self) -> PathBuf {
        self.top.join("above/between/vendor-ssm/config.toml")
    }

    /// Runs the program with the settings file at this path.
    fn run(&self, path: &Path, line: &str) -> Ran {
        let mut command = self.bench.command(line.split_whitespace());
        run(command.env("VENDOR_SSM_CONFIG", path))
    }

    /// Runs the program with `XDG_CONFIG_HOME` alone.
    fn run_at_home(&self, folder: &Path, line: &str) -> Ran {
        let mut command = self.bench.command(line.split_whitespace());
        command.env_remove("VENDOR_SSM_CONFIG");
        run(command.env("XDG_CONFIG_HOME", folder))
    }
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Asserts that a run was refused as unsafe for these reasons.
fn refused(ran: &Ran, reason: &str, hint: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (10, ""), "{ran:?}");
    let said = format!("error[settings]: the settings file is not safe: {reason}\n");
    assert!(ran.stderr.contains(&said), "{said}: {ran:?}");
    assert!(
        ran.stderr.contains(&format!("hint: {hint}\n")),
        "{hint}: {ran:?}"
    );
}

#[test]
fn settings_below_a_folder_that_others_can_write_are_refused() {
    let tree = Tree::new();
    assert_eq!(tree.run(&tree.file(), "list").code, 0);
    let before = tree.bench.sandbox.trail().len();
    let above = tree.above();
    chmod(&above, 0o757);
    let shown = above.display();
    let reason = format!("other users can write the folder {shown} (mode 0757)");
    let hint = format!("run `chmod go-w {shown}`");
    for line in ["list", "settings", "connect web", "customer list"] {
        refused(&tree.run(&tree.file(), line), &reason, &hint);
    }
    let config = format!("list --config {}", tree.file().display());
    refused(&tree.bench.run(&config), &reason, &hint);
    refused(
        &tree.run_at_home(&above.join("between"), "list"),
        &reason,
        &hint,
    );
    // The same by a relative path.
    let mut relative = tree
        .bench
        .command(["list", "--config", "vendor-ssm/config.toml"]);
    refused(
        &run(relative.current_dir(above.join("between"))),
        &reason,
        &hint,
    );
    assert_eq!(tree.bench.sandbox.trail().len(), before);

    let ran = run(tree
        .bench
        .command(["doctor", "--output", "json"])
        .env("VENDOR_SSM_CONFIG", tree.file()));
    let check = &ran.json()["checks"][0];
    assert_eq!(
        (&check["name"], &check["status"]),
        (&"settings".into(), &"failed".into())
    );
    assert!(
        check["message"].as_str().unwrap().contains(&reason),
        "{check}"
    );

    // What the hint says mends it, and a sticky folder is as good.
    for mode in [0o755, 0o1777] {
        chmod(&above, mode);
        assert_eq!(tree.run(&tree.file(), "list").code, 0);
    }
}

#[test]
fn settings_behind_a_link_that_others_can_swap_are_refused() {
    let tree = Tree::new();
    let open = TempDir::new().unwrap();
    let open = open.path().canonicalize().unwrap();
    chmod(&open, 0o757);
    let shown = open.display();
    let reason = format!("other users can write the folder {shown} (mode 0757)");
    let hint = format!("run `chmod go-w {shown}`");
    // The file lies in a safe place, and the link that is typed does too.
    symlink(tree.above().join("between"), open.join("middle")).unwrap();
    symlink(open.join("middle"), tree.top.join("first")).unwrap();
    symlink("first/vendor-ssm/config.toml", tree.top.join("config.toml")).unwrap();
    for path in ["first/vendor-ssm/config.toml", "config.toml"] {
        let path = tree.top.join(path);
        refused(&tree.run(&path, "list"), &reason, &hint);
        chmod(&open, 0o755);
        assert_eq!(tree.run(&path, "list").code, 0);
        chmod(&open, 0o757);
    }
    if is_root() {
        chmod(&open, 0o1777);
        assert_eq!(tree.run(&tree.top.join("config.toml"), "list").code, 0);
        // In a sticky folder its owner can swap a link.
        std::os::unix::fs::lchown(open.join("middle"), Some(STRANGER), None).unwrap();
        let link = open.join("middle");
        let link = link.display();
        refused(
            &tree.run(&tree.top.join("config.toml"), "list"),
            &format!("the link {link} belongs to another user (uid {STRANGER})"),
            "run vendor-ssm as that user, without sudo, or use a copy in a folder of root's",
        );
    }
}

/// The accounts of this machine: name, uid, primary gid.
fn accounts() -> Vec<(String, u32, u32)> {
    let text = fs::read_to_string("/etc/passwd").unwrap();
    let accounts = text.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        Some((name, uid, fields.next()?.parse().ok()?))
    });
    accounts.collect()
}

/// src/trust/tests.rs has private groups of other users.
#[test]
fn a_folder_that_a_group_can_write_is_judged_by_who_is_in_the_group() {
    let tree = Tree::new();
    let above = tree.above();
    chmod(&above, 0o775);
    let us = rustix::process::geteuid().as_raw();
    let is_other = |uid: u32| uid != 0 && uid != us;
    let refused = |member: &str| {
        let ran = tree.run(&tree.file(), "list");
        assert_eq!(ran.code, 10, "{ran:?}");
        let shown = above.display();
        let said = format!("can write the folder {shown} (mode 0775); it includes");
        assert!(ran.stderr.contains(&said), "{said}: {ran:?}");
        assert!(ran.stderr.contains(&format!("{member:?}")), "{ran:?}");
        assert!(
            ran.stderr
                .contains(&format!("hint: run `chmod go-w {shown}`")),
            "{ran:?}"
        );
    };
    if is_root() {
        // Every system has such an account, as daemon.
        let (member, _, gid) = accounts()
            .into_iter()
            .find(|(_, uid, gid)| is_other(*uid) && *gid != 0)
            .unwrap();
        chown(&above, None, Some(gid)).unwrap();
        refused(&member);
        chown(&above, None, Some(0)).unwrap();
    }
    // The folder now has this user's own group. It is private unless another account is in it.
    let gid = above.metadata().unwrap().gid();
    let mut others = accounts()
        .into_iter()
        .filter(|one| is_other(one.1) && one.2 == gid);
    match others.next() {
        Some((member, ..)) => refused(&member),
        None if is_root() => assert_eq!(tree.run(&tree.file(), "list").code, 0),
        // A user whom /etc/passwd does not know has no private group there.
        None => {
            let ran = tree.run(&tree.file(), "list");
            let is_unknown = ran.stderr.contains("does not tell who is in it");
            assert!(ran.code == 0 || (ran.code == 10 && is_unknown), "{ran:?}");
        }
    }
}

#[test]
fn customer_add_refuses_a_folder_in_which_list_would_refuse_the_file() {
    let tree = Tree::new();
    fs::remove_dir_all(tree.above().join("between")).unwrap();
    let home = tree.above().join("config");
    for (mode, is_there) in [(0o757, false), (0o757, true)] {
        chmod(&tree.above(), mode);
        if is_there {
            fs::create_dir_all(home.join("vendor-ssm")).unwrap();
        }
        let listed = tree.run_at_home(&home, "list");
        let added = tree.run_at_home(&home, ADD);
        let shown = tree.above();
        let shown = shown.display();
        refused(
            &added,
            &format!("other users can write the folder {shown} (mode {mode:04o})"),
            &format!("run `chmod go-w {shown}`"),
        );
        assert_eq!((added.code, added.stderr), (listed.code, listed.stderr));
        assert_eq!(home.exists(), is_there);
        assert!(!home.join("vendor-ssm/config.toml").exists());
    }
    fs::remove_dir_all(&home).unwrap();
    // Once it is mended, the folders are made for this user alone.
    for mode in [0o755, 0o1777] {
        chmod(&tree.above(), mode);
        let ran = tree.run_at_home(&home, ADD);
        assert_eq!(ran.code, 0, "{ran:?}");
        let made = [home.join("vendor-ssm"), home.join("vendor-ssm/config.toml")];
        let modes = made.map(|path| path.metadata().unwrap().mode() & 0o777);
        assert_eq!(modes, [0o700, 0o600]);
        assert_eq!(tree.run_at_home(&home, "customer list").code, 0);
        fs::remove_dir_all(&home).unwrap();
    }
}

#[test]
fn customer_add_writes_the_file_that_a_link_names_even_a_new_one() {
    let tree = Tree::new();
    let link = tree.top.join("link.toml");
    for target in ["above/between/vendor-ssm/config.toml", "above/new.toml"] {
        symlink(target, &link).unwrap();
        let ran = tree.run(&link, ADD);
        assert_eq!(ran.code, 0, "{target}: {ran:?}");
        assert!(link.is_symlink());
        let text = fs::read_to_string(tree.top.join(target)).unwrap();
        assert!(text.contains("[customers.beta]"), "{text}");
        fs::remove_file(&link).unwrap();
    }
}

/// A plugin at `above/between/session-manager-plugin`.
fn with_plugin(tree: &Tree) -> (Plugin, PathBuf) {
    let folder = tree.above().join("between");
    let plugin = Plugin::install(&folder, &Script::default()).unwrap();
    // The stand-in is shared by hard links, and this one must have a mode of its own.
    let copy = folder.join("copy");
    fs::copy(plugin.path(), &copy).unwrap();
    fs::rename(&copy, plugin.path()).unwrap();
    chmod(&plugin.path(), 0o755);
    let path = plugin.path();
    (plugin, path)
}

fn configure(tree: &Tree, plugin: &Path) {
    let path = plugin.display();
    let text = format!("{SETTINGS}\n[session]\nplugin_path = \"{path}\"\n");
    tree.bench.settings(&text);
}

/// What the program says on a terminal, with AWS's own SSM endpoint and this `PATH`.
fn says(tree: &Tree, path: &str, line: &str) -> String {
    let sts = tree.bench.sandbox.endpoint();
    let more = [
        ("AWS_ENDPOINT_URL", ""),
        ("AWS_ENDPOINT_URL_STS", &sts),
        ("PATH", path),
    ];
    let ended = Terminal::with(&tree.bench, line, 60, 250, &more).ends();
    ended
        .screen
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_plugin_below_a_folder_that_others_can_write_is_refused_and_auto_says_so() {
    let tree = Tree::new();
    let (plugin, path) = with_plugin(&tree);
    let above = tree.above();
    chmod(&above, 0o757);
    let (shown, folder) = (path.display(), above.display());
    let reason =
        format!("{shown} is not safe: other users can write the folder {folder} (mode 0757)");
    let link = tree.top.join("link");
    symlink(&path, &link).unwrap();
    for configured in [&path, &link] {
        configure(&tree, configured);
        let reason = reason.replace(&shown.to_string(), &configured.display().to_string());
        let ran = tree.bench.run(&format!("connect {WEB_1} --client plugin"));
        assert_eq!(ran.code, 11, "{ran:?}");
        assert!(ran.stderr.contains(&reason), "{reason}: {ran:?}");
        let hint = format!("hint: run `chmod go-w {folder}`, or use --client builtin");
        assert!(ran.stderr.contains(&hint), "{hint}: {ran:?}");
        assert_eq!(called(&tree.bench, "StartSession"), 0);

        let said = says(
            &tree,
            "/usr/bin:/bin",
            &format!("connect {WEB_1} --dry-run"),
        );
        let warning = format!(
            "warning: vendor-ssm passed over a plugin: {reason}; run `chmod go-w {folder}`"
        );
        assert!(said.contains(&warning), "{warning}: {said}");
        assert!(said.contains("client builtin"), "{said}");
        assert!(!plugin.ran());
    }
    // With -q it is silent, as any warning.
    chmod(&above, 0o755);
    let said = says(
        &tree,
        "/usr/bin:/bin",
        &format!("connect {WEB_1} --dry-run"),
    );
    assert!(
        said.contains("client plugin") && !said.contains("warning"),
        "{said}"
    );
    // What is run is the file itself and not the link to it.
    assert!(said.contains(&shown.to_string()), "{said}");
}

#[test]
fn auto_says_which_plugin_it_passed_over_for_another() {
    let tree = Tree::new();
    let (unsafe_one, path) = with_plugin(&tree);
    let good = Tree::new();
    let (_, good_path) = with_plugin(&good);
    let folder = |path: &Path| path.parent().unwrap().display().to_string();
    // PATH names the folder twice, and the warning comes once.
    let search = format!(
        "{0}:{0}:{1}:/usr/bin:/bin",
        folder(&path),
        folder(&good_path)
    );
    chmod(&tree.above(), 0o757);
    for flags in ["", "--client plugin"] {
        let said = says(
            &tree,
            &search,
            &format!("connect {WEB_1} --dry-run {flags}"),
        );
        let warning = format!(
            "warning: vendor-ssm passed over a plugin: {} is",
            path.display()
        );
        // An installer's place on this machine would come first.
        if !said.contains("/sessionmanagerplugin/") && !said.contains("/homebrew/") {
            assert_eq!(said.matches(&warning).count(), 1, "{said}");
            assert!(
                said.contains(&format!("client plugin plugin {}", good_path.display()))
                    || said.contains(&good_path.display().to_string()),
                "{said}"
            );
        }
        assert!(!unsafe_one.ran());
    }
}

#[test]
fn doctor_shows_the_plugin_that_is_passed_over() {
    let tree = Tree::new();
    let (_, path) = with_plugin(&tree);
    configure(&tree, &path);
    chmod(&tree.above(), 0o757);
    for (client, status) in [("auto", "warning"), ("plugin", "failed")] {
        let text = fs::read_to_string(tree.bench.config()).unwrap();
        tree.bench
            .settings(&format!("{text}client = \"{client}\"\n"));
        let ran = tree.bench.run("doctor --output json");
        let said = ran.json();
        let checks = said["checks"].as_array().unwrap();
        let check = checks
            .iter()
            .find(|check| check["name"] == "plugin")
            .unwrap();
        assert_eq!(check["status"], status, "{check}");
        let folder = tree.above();
        let folder = folder.display();
        let reason = format!("other users can write the folder {folder} (mode 0757)");
        assert!(
            check["message"].as_str().unwrap().contains(&reason),
            "{check}"
        );
        let hint = check["hint"].as_str().unwrap();
        assert!(hint.contains(&format!("`chmod go-w {folder}`")), "{check}");
        configure(&tree, &path);
    }
}
