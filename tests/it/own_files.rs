//! vendor-ssm's own files and folders, as a neighbour or an accident may leave them.
//! Nothing hangs a command, takes its memory, or leads it to write elsewhere; a session opens.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _, chown, symlink,
};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::harness::terminal::{WEB_1, until};
use crate::harness::{Bench, Ran, SETTINGS, native, pipe, program};

/// Far more than a command takes, and less than a hang.
const LIMIT: Duration = Duration::from_mins(1);
/// What a link leads to.
const VICTIM: &str = "another program's file\n";
/// A user that does not exist.
const STRANGER: u32 = 4711;

/// What stands where vendor-ssm has its own file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pipe,
    Endless,
    Link,
    Dangling,
    Twin,
    Socket,
    Folder,
    Device,
    Foreign,
    Shared,
}

const KINDS: [Kind; 10] = [
    Kind::Pipe,
    Kind::Endless,
    Kind::Link,
    Kind::Dangling,
    Kind::Twin,
    Kind::Socket,
    Kind::Folder,
    Kind::Device,
    Kind::Foreign,
    Kind::Shared,
];

/// Those that this user can make: only root makes devices and gives files away.
fn kinds() -> impl Iterator<Item = Kind> {
    let is_root = rustix::process::geteuid().is_root();
    KINDS.into_iter().filter(move |kind| match kind {
        // The number of this device is Linux's.
        Kind::Device => is_root && cfg!(target_os = "linux"),
        Kind::Foreign => is_root,
        _ => true,
    })
}

fn victim(bench: &Bench) -> PathBuf {
    bench.home().join("victim")
}

/// Puts one there, which no other user can write unless that is its point.
fn plant(bench: &Bench, kind: Kind, path: &Path) {
    make_all(path.parent().unwrap());
    fs::write(victim(bench), VICTIM).unwrap();
    chmod(&victim(bench), 0o600);
    match kind {
        Kind::Pipe => pipe(path),
        Kind::Endless => symlink("/dev/zero", path).unwrap(),
        Kind::Link => symlink(victim(bench), path).unwrap(),
        Kind::Dangling => symlink(bench.home().join("not-there"), path).unwrap(),
        Kind::Twin => fs::hard_link(victim(bench), path).unwrap(),
        Kind::Socket => drop(UnixListener::bind(path).unwrap()),
        Kind::Folder => fs::create_dir(path).unwrap(),
        // The device of Linux's /dev/zero (null(4)).
        Kind::Device => {
            let mut mknod = Command::new("mknod");
            mknod.args(["-m", "600"]).arg(path).args(["c", "1", "5"]);
            assert!(mknod.status().unwrap().success(), "{mknod:?}");
        }
        Kind::Foreign => {
            fs::write(path, "").unwrap();
            chmod(path, 0o600);
            chown(path, Some(STRANGER), None).unwrap();
        }
        Kind::Shared => {
            fs::write(path, "").unwrap();
            chmod(path, 0o666);
        }
    }
}

/// Makes the folder and those above it as vendor-ssm does, whatever the umask.
fn make_all(path: &Path) {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700).create(path).unwrap();
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Runs it to its end, which has to come.
fn within(command: &mut Command) -> Ran {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let ended = until(LIMIT, || child.try_wait().unwrap().is_some());
    if !ended {
        child.kill().unwrap();
    }
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert!(ended, "{command:?} hangs: {ran:?}");
    ran
}

fn ran(bench: &Bench, line: &str) -> Ran {
    within(&mut bench.command(line.split_whitespace()))
}

fn state(bench: &Bench) -> PathBuf {
    bench.home().join("state/vendor-ssm")
}

/// One line of stderr names the path.
#[track_caller]
fn is_named_once(ran: &Ran, path: &Path) {
    let path = native(path);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let named = lines.iter().filter(|line| line.contains(&path));
    assert_eq!(named.count(), 1, "{path}: {ran:?}");
}

/// Nothing was written through a link, and no file was made where one leads.
#[track_caller]
fn nothing_is_hurt(bench: &Bench) {
    assert_eq!(fs::read_to_string(victim(bench)).unwrap(), VICTIM);
    assert!(!bench.home().join("not-there").exists());
}

fn record(nonce: &str) -> String {
    let record = json!({
        "nonce": nonce, "session_id": format!("alice-{nonce}"), "kind": "shell",
        "client": "builtin", "customer": "acme", "account_id": "222222222222",
        "region": "us-east-1", "instance_id": WEB_1, "name": null, "role_session_name": "alice",
        "owner": "", "reason": null, "started": "2026-01-01T00:00:00Z", "ended": null,
        "state": "open", "end": null,
    });
    format!("{record}\n")
}

#[test]
fn a_record_that_is_not_ones_own_is_named_and_left_out() {
    for kind in kinds() {
        let bench = Bench::new();
        let path = state(&bench).join("sessions/0.jsonl");
        plant(&bench, kind, &path);
        let real = path.with_file_name("1.jsonl");
        fs::write(&real, record("1")).unwrap();
        chmod(&real, 0o600);
        for (line, shows) in [
            ("list", "alice-1"),
            ("connect web-1", "alice-1"),
            ("sessions list", "alice-1"),
            ("history", "may-still-be-open"),
        ] {
            let ran = ran(&bench, line);
            assert_eq!(ran.code, 0, "{kind:?} {line}: {ran:?}");
            let all = [ran.stdout.as_str(), &ran.stderr].concat();
            assert!(all.contains(shows), "{kind:?} {line}: {ran:?}");
            is_named_once(&ran, &path);
        }
        let ran = ran(&bench, "doctor");
        assert!(ran.stdout.contains("sessions/0.jsonl"), "{kind:?}: {ran:?}");
        nothing_is_hurt(&bench);
    }
}

#[test]
fn a_history_that_is_not_ones_own_is_not_written() {
    for kind in kinds() {
        let bench = Bench::new();
        let path = state(&bench).join("history.jsonl");
        plant(&bench, kind, &path);
        let connected = ran(&bench, "connect web-1");
        assert_eq!(connected.code, 0, "{kind:?}: {connected:?}");
        is_named_once(&connected, &path);
        nothing_is_hurt(&bench);
        // The session has ended, so there is no alarm.
        let listed = ran(&bench, "list");
        assert_eq!(listed.code, 0, "{kind:?}: {listed:?}");
        assert!(!listed.stderr.contains("may still be open"), "{listed:?}");
        let shown = ran(&bench, "history");
        assert_eq!(shown.code, 13, "{kind:?}: {shown:?}");
        assert!(shown.stderr.contains(path.to_str().unwrap()), "{shown:?}");
        assert!(!shown.stdout.contains(VICTIM), "{shown:?}");
        nothing_is_hurt(&bench);
        // Once it is out of the way, the history has the session.
        if kind == Kind::Folder {
            fs::remove_dir(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        let shown = ran(&bench, "history --output json");
        assert_eq!(shown.json()["sessions"][0]["state"], "ended", "{shown:?}");
        assert!(path.is_file());
    }
}

#[test]
fn a_journal_in_a_place_that_is_not_ones_own_costs_no_session() {
    let spoilt = |bench: &Bench, path: &Path, spoil: &dyn Fn(&Path)| {
        make_all(path);
        spoil(path);
        for line in ["connect web-1", "list"] {
            let ran = ran(bench, line);
            assert_eq!(ran.code, 0, "{line}: {ran:?}");
            is_named_once(&ran, path);
        }
        let orphaned = ran(bench, "sessions terminate --orphaned");
        assert_eq!(orphaned.code, 13, "{orphaned:?}");
        // A session that is named is ended without a journal.
        let ended = ran(bench, "sessions terminate alice-0123 -c acme");
        assert_ne!(ended.code, 13, "{ended:?}");
        is_named_once(&ended, path);
    };
    for name in ["", "vendor-ssm", "vendor-ssm/sessions"] {
        for mode in [0o720, 0o707, 0o777] {
            // On the way there, a group with no other members may write.
            if name.is_empty() && mode == 0o720 {
                continue;
            }
            let bench = Bench::new();
            let path = bench.home().join("state").join(name);
            let path: PathBuf = path.components().collect();
            spoilt(&bench, &path, &|path| chmod(path, mode));
            assert_eq!(fs::read_dir(&path).unwrap().count(), 0, "{mode:o}");
        }
        if rustix::process::geteuid().is_root() {
            let bench = Bench::new();
            let path = bench.home().join("state").join(name);
            let path: PathBuf = path.components().collect();
            spoilt(&bench, &path, &|path| {
                chown(path, Some(STRANGER), None).unwrap();
            });
            assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
        }
    }
}

#[test]
fn what_is_not_a_folder_is_no_journal() {
    for kind in kinds().filter(|kind| !matches!(kind, Kind::Folder)) {
        for name in ["state", "state/vendor-ssm", "state/vendor-ssm/sessions"] {
            // A folder may be made where such a link leads.
            if kind == Kind::Dangling && name != "state/vendor-ssm/sessions" {
                continue;
            }
            let bench = Bench::new();
            plant(&bench, kind, &bench.home().join(name));
            let ran = ran(&bench, "connect web-1");
            assert_eq!(ran.code, 0, "{kind:?} {name}: {ran:?}");
            let warned = ran.stderr.matches("cannot write its journal").count();
            assert_eq!(warned, 1, "{kind:?} {name}: {ran:?}");
            nothing_is_hurt(&bench);
        }
    }
}

#[test]
fn records_are_read_from_their_end_and_no_further() {
    let bench = Bench::new();
    let folder = state(&bench);
    make_all(&folder.join("sessions"));
    let huge = |name: &str, nonce: &str| {
        let file = File::create(folder.join(name)).unwrap();
        chmod(&folder.join(name), 0o600);
        // Holes, which take no room on the disk.
        file.set_len(16 << 30).unwrap();
        (&file).seek(SeekFrom::End(0)).unwrap();
        write!(&file, "\n{}", record(nonce)).unwrap();
    };
    huge("sessions/1.jsonl", "1");
    huge("history.jsonl", "2");
    for (line, shows) in [("list", "alice-1"), ("history --output json", "alice-2")] {
        let line = format!("ulimit -v 2000000; exec {} {line}", program());
        let mut limited = Command::new("sh");
        limited.args(["-c", &line]).env_clear().stdin(Stdio::null());
        limited.envs(bench.environment());
        let ran = within(&mut limited);
        assert_eq!(ran.code, 0, "{ran:?}");
        let all = [ran.stdout.as_str(), &ran.stderr].concat();
        assert!(all.contains(shows), "{ran:?}");
        assert_eq!(
            ran.stderr.contains("larger than 32 MiB"),
            line.contains("history"),
            "{ran:?}"
        );
    }
}

#[test]
fn a_flood_of_records_is_not_all_looked_at() {
    let bench = Bench::new();
    let folder = state(&bench).join("sessions");
    make_all(&folder);
    for number in 0..60_000 {
        let path = folder.join(format!("{number}.jsonl"));
        let mut options = File::options();
        options.write(true).create_new(true).mode(0o600);
        options.open(path).unwrap();
    }
    for line in ["list", "connect web-1"] {
        let ran = ran(&bench, line);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.stderr.contains("holds more than 20000 files"),
            "{ran:?}"
        );
        is_named_once(&ran, &folder);
    }
}

/// The settings under which locks are needed.
fn keeps_credentials(bench: &Bench) {
    bench.settings(&SETTINGS.replace("\"none\"", "\"auto\""));
}

#[test]
fn a_runtime_folder_that_is_not_ones_own_is_not_used() {
    let is_root = rustix::process::geteuid().is_root();
    for (mode, owner) in [
        (0o755, None),
        (0o1777, None),
        (0o770, None),
        (0o700, Some(STRANGER)),
    ] {
        if owner.is_some() && !is_root {
            continue;
        }
        let bench = Bench::new();
        keeps_credentials(&bench);
        let runtime = bench.home().join("runtime");
        fs::create_dir(&runtime).unwrap();
        chmod(&runtime, mode);
        chown(&runtime, owner, None).unwrap();
        let mut command = bench.command(["list"]);
        command.env("XDG_RUNTIME_DIR", &runtime);
        let ran = within(&mut command);
        assert_eq!(ran.code, 0, "{mode:o} {owner:?}: {ran:?}");
        is_named_once(&ran, &runtime);
        assert_eq!(fs::read_dir(&runtime).unwrap().count(), 0, "{ran:?}");
        // The locks are in the folder for state instead.
        let locks = fs::read_dir(state(&bench)).unwrap();
        let is_lock = |path: PathBuf| path.extension().is_some_and(|it| it == "lock");
        assert!(locks.map(|one| one.unwrap().path()).any(is_lock));
    }
    // One that is not there is not made.
    let bench = Bench::new();
    keeps_credentials(&bench);
    let runtime = bench.home().join("runtime/user/0");
    let mut command = bench.command(["list"]);
    let ran = within(command.env("XDG_RUNTIME_DIR", &runtime));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!bench.home().join("runtime").exists());
    assert!(!ran.stderr.contains("XDG_RUNTIME_DIR"), "{ran:?}");
}

#[test]
fn a_lock_that_is_not_ones_own_is_named_and_not_waited_for() {
    for kind in kinds() {
        let bench = Bench::new();
        keeps_credentials(&bench);
        let folder = bench.home().join("vendor-ssm");
        for number in 0..=255 {
            for role in ["vendor", "customer"] {
                let path = folder.join(format!("{role}-{number:02x}.lock"));
                plant(&bench, kind, &path);
            }
        }
        let ran = ran(&bench, "list");
        assert_eq!(ran.code, 0, "{kind:?}: {ran:?}");
        is_named_once(&ran, &folder);
        nothing_is_hurt(&bench);
    }
}

#[test]
fn a_folder_for_temporary_files_that_is_a_pipe_hangs_nothing() {
    let bench = Bench::new();
    let pipe = bench.home().join("tmp");
    plant(&bench, Kind::Pipe, &pipe);
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    let mut command = bench.command(["run", "web-1", "--", "true"]);
    let ran = within(command.env("TMPDIR", &pipe));
    assert_eq!(ran.code, 0, "{ran:?}");
}
