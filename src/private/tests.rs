//! What a private folder takes, and what it refuses.

use std::fs;
use std::io::Write as _;
use std::time::Duration;

use tempfile::TempDir;

use super::*;

fn place() -> (TempDir, Folder) {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::make(&place.path().join("a/b")).unwrap();
    (place, folder)
}

fn name(name: &str) -> &OsStr {
    OsStr::new(name)
}

/// What a refusal says, and what it advises.
fn refused<T: std::fmt::Debug>(done: io::Result<T>) -> (String, String) {
    let error = done.unwrap_err();
    assert!(is_refusal(&error), "{error}");
    (error.to_string(), hint(&error).unwrap())
}

#[test]
fn what_is_made_is_this_users_alone() {
    let (place, folder) = place();
    assert!(folder.read(name("x")).unwrap().is_none());
    assert_eq!(
        folder.append(name("x"), Create::Never).unwrap_err().kind(),
        io::ErrorKind::NotFound
    );
    let mut file = folder.append(name("x"), Create::IfMissing).unwrap();
    file.write_all(b"1").unwrap();
    let taken = folder.append(name("x"), Create::Always).unwrap_err();
    assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
    folder.rename(name("x"), name("y")).unwrap();
    assert_eq!(fs::read(folder.path_of(name("y"))).unwrap(), b"1");
    assert_eq!(folder.names(9).unwrap(), (vec!["y".into()], false));
    folder.make_in("z").unwrap();
    assert!(folder.names(1).unwrap().1);
    folder.remove(name("y")).unwrap();
    assert!(Folder::find(&place.path().join("none")).unwrap().is_none());
    assert!(folder.find_in("none").unwrap().is_none());
}

#[test]
fn what_is_open_can_be_renamed_and_removed() {
    let (_place, folder) = place();
    let mut file = folder.append(name("x"), Create::Always).unwrap();
    file.write_all(b"new").unwrap();
    let reader = folder.read(name("x")).unwrap().unwrap();
    assert!(folder.still_has(name("x"), &file) && folder.has(name("x")).unwrap());
    folder.rename(name("x"), name("y")).unwrap();
    assert!(folder.has(name("y")).unwrap() && !folder.still_has(name("x"), &file));
    // Each write goes to the end, wherever the reader is.
    let mut more = folder.append(name("y"), Create::Never).unwrap();
    more.write_all(b"er").unwrap();
    assert_eq!(fs::read(folder.path_of(name("y"))).unwrap(), b"newer");
    assert_eq!(files::links(&file).unwrap(), 1);
    folder.remove(name("y")).unwrap();
    drop((file, reader, more));
    assert!(!folder.has(name("y")).unwrap());
    assert_eq!(folder.names(9).unwrap(), (vec![], false));
}

#[test]
#[cfg_attr(
    windows,
    ignore = "wine replaces no open file, and does not tell that an open one is removed"
)]
fn what_is_open_can_be_replaced_and_known_as_removed() {
    let (_place, folder) = place();
    let mut old = folder.append(name("x"), Create::Always).unwrap();
    old.write_all(b"old").unwrap();
    let mut new = folder.append(name("y"), Create::Always).unwrap();
    new.write_all(b"new").unwrap();
    folder.rename(name("y"), name("x")).unwrap();
    assert!(folder.still_has(name("x"), &new) && !folder.still_has(name("x"), &old));
    assert_eq!(fs::read(folder.path_of(name("x"))).unwrap(), b"new");
    folder.remove(name("x")).unwrap();
    assert_eq!(files::links(&new).unwrap(), 0);
    assert!(!folder.has(name("x")).unwrap() && !folder.still_has(name("x"), &new));
}

#[test]
#[cfg_attr(
    windows,
    ignore = "wine does not tell the path of a handle beyond 260 characters"
)]
fn a_long_path_is_a_path() {
    let place = tempfile::tempdir().unwrap();
    let deep = (0..6).fold(place.path().to_owned(), |path, _| path.join("x".repeat(60)));
    let folder = Folder::make(&deep).unwrap();
    let mut file = folder.append(name("x"), Create::Always).unwrap();
    file.write_all(b"1").unwrap();
    drop(file);
    folder.rename(name("x"), name("y")).unwrap();
    assert_eq!(folder.names(9).unwrap(), (vec!["y".into()], false));
    folder.make_in("z").unwrap();
    assert!(Folder::find(&deep.join("z")).unwrap().is_some());
}

#[test]
fn a_file_with_two_names_and_a_folder_are_refused() {
    let (place, folder) = place();
    let victim = place.path().join("a/victim");
    fs::write(&victim, "mine").unwrap();
    fs::hard_link(&victim, folder.path_of(name("twin"))).unwrap();
    fs::create_dir(folder.path_of(name("folder"))).unwrap();
    fs::write(folder.path_of(name("file")), "").unwrap();
    let (said, _) = refused(folder.append(name("twin"), Create::IfMissing));
    assert!(said.ends_with("has a second name (hard link)"), "{said}");
    let (said, _) = refused(folder.read(name("folder")));
    assert!(said.ends_with("is a folder, not a regular file"), "{said}");
    let (said, _) = refused(folder.make_in("file"));
    assert!(said.ends_with("is not a folder"), "{said}");
    assert_eq!(fs::read(&victim).unwrap(), b"mine");
}

#[tokio::test]
async fn a_lock_ends_with_its_holder_and_leaves_no_file() {
    let (_place, folder) = place();
    let (short, long) = (Duration::from_millis(40), Duration::from_mins(1));
    let lock = |patience| wait(&folder, name("lock"), patience);
    let Locked::Ours(first) = lock(short).await.unwrap() else {
        panic!("nobody else has it");
    };
    assert!(matches!(lock(short).await.unwrap(), Locked::Taken));
    let second = lock(long);
    let first = async {
        tokio::time::sleep(short).await;
        first.remove(&folder, name("lock"));
    };
    let (second, ()) = futures_util::future::join(second, first).await;
    let Locked::Ours(second) = second.unwrap() else {
        panic!("it was given back");
    };
    // It is the lock on the new file, which excludes others.
    assert!(matches!(lock(short).await.unwrap(), Locked::Taken));
    second.remove(&folder, name("lock"));
    assert_eq!(folder.names(9).unwrap(), (vec![], false));
}

/// Modes, owners and what only Unix has.
#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o7777
    }

    fn mkfifo(path: &Path) {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    }

    #[test]
    fn what_is_made_has_no_rights_for_others() {
        let (place, folder) = place();
        for made in ["a", "a/b"] {
            assert_eq!(mode(&place.path().join(made)), 0o700);
        }
        folder.append(name("x"), Create::IfMissing).unwrap();
        assert_eq!(mode(&folder.path_of(name("x"))), 0o600);
    }

    #[test]
    fn only_a_regular_file_is_opened() {
        let (place, folder) = place();
        let victim = place.path().join("victim");
        fs::write(&victim, "mine").unwrap();
        chmod(&victim, 0o600);
        let at = |name: &str| folder.path_of(OsStr::new(name));
        symlink(&victim, at("link")).unwrap();
        symlink("/dev/zero", at("zero")).unwrap();
        symlink("nowhere", at("dangling")).unwrap();
        mkfifo(&at("pipe"));
        let _socket = UnixListener::bind(at("socket")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        fs::hard_link(&victim, at("twin")).unwrap();
        for (file, what) in [
            ("link", "a link, not a regular file"),
            ("zero", "a link, not a regular file"),
            ("dangling", "a link, not a regular file"),
            ("pipe", "a pipe, not a regular file"),
            ("socket", "a socket, not a regular file"),
            ("folder", "a folder, not a regular file"),
        ] {
            let path = at(file);
            let expected = (
                format!("{} is {what}", path.display()),
                format!("move {} away", path.display()),
            );
            assert_eq!(refused(folder.read(name(file))), expected);
            for create in [Create::Never, Create::IfMissing, Create::Always] {
                assert_eq!(refused(folder.append(name(file), create)), expected);
            }
        }
        let (said, hint) = refused(folder.append(name("twin"), Create::IfMissing));
        assert!(said.ends_with("has a second name (hard link)"), "{said}");
        // The advice helps: the victim keeps its own file.
        let command = hint.trim_start_matches("run `").trim_end_matches('`');
        let done = std::process::Command::new("sh")
            .args(["-c", command])
            .status();
        assert!(done.unwrap().success());
        folder.append(name("twin"), Create::Never).unwrap();
        assert!(!at("nowhere").exists());
        assert_eq!(fs::read(&victim).unwrap(), b"mine");
    }

    #[test]
    fn what_others_can_write_is_refused() {
        let (place, folder) = place();
        let path = folder.path_of(name("x"));
        fs::write(&path, "").unwrap();
        for open in [0o620, 0o602, 0o666] {
            chmod(&path, open);
            let (said, hint) = refused(folder.read(name("x")));
            assert!(said.contains(&format!("(mode {open:04o})")), "{said}");
            assert_eq!(hint, format!("run `chmod go-w {}`", path.display()));
        }
        let below = place.path().join("a/b");
        fs::create_dir(below.join("c")).unwrap();
        for open in [0o720, 0o702, 0o1777] {
            chmod(&below.join("c"), open);
            refused(folder.find_in("c"));
            refused(folder.make_in("c"));
            chmod(&below, open);
            refused(Folder::find(&below));
            refused(Folder::make(&below));
            chmod(&below, 0o700);
        }
        chmod(&place.path().join("a"), 0o777);
        let (said, _) = refused(Folder::make(&place.path().join("a/new")));
        assert!(said.ends_with("/a (mode 0777)"), "{said}");
        assert!(!place.path().join("a/new").exists());
    }

    #[test]
    fn what_belongs_to_somebody_else_is_refused() {
        // Only root can give a file away.
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let (place, folder) = place();
        let path = folder.path_of(name("x"));
        fs::write(&path, "").unwrap();
        chmod(&path, 0o600);
        chown(&path, Some(4711), None).unwrap();
        for done in [
            folder.read(name("x")).map(drop),
            folder.append(name("x"), Create::IfMissing).map(drop),
        ] {
            let (said, _) = refused(done);
            assert!(
                said.ends_with("belongs to another user (uid 4711)"),
                "{said}"
            );
        }
        let below = place.path().join("a/b");
        chown(&below, Some(4711), None).unwrap();
        refused(Folder::find(&below));
        refused(Folder::make(&below.join("new")));
        assert!(!below.join("new").exists());
    }

    #[test]
    fn a_folder_is_a_folder() {
        let (place, folder) = place();
        let at = |name: &str| folder.path_of(OsStr::new(name));
        mkfifo(&at("pipe"));
        fs::write(at("file"), "").unwrap();
        symlink(place.path(), at("link")).unwrap();
        for other in ["pipe", "file", "link"] {
            let (said, _) = refused(folder.make_in(other));
            assert!(said.ends_with("is not a folder"), "{said}");
        }
        for other in ["pipe", "file"] {
            refused(Folder::find(&at(other)));
        }
        // The way to a folder may lead over a link of one's own.
        let below = at("link").join("other");
        Folder::make(&below).unwrap();
        assert!(place.path().join("other").is_dir());
    }

    #[test]
    fn a_runtime_folder_is_closed_to_others() {
        let (place, _folder) = place();
        let runtime = place.path().join("a");
        for open in [0o755, 0o750, 0o701] {
            chmod(&runtime, open);
            let (said, _) = refused(Folder::runtime(&runtime));
            assert!(said.contains("is open to other users"), "{said}");
        }
        chmod(&runtime, 0o700);
        assert!(Folder::runtime(&runtime).unwrap().is_some());
    }
}
