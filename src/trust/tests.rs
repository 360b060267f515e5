//! Real folders and links, judged as this user and as another one. It holds for root and others.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, lchown, symlink};

use tempfile::TempDir;

use super::*;
use crate::platform::{Accounts, OVERFLOW_UID};

/// Not root, not the user of the tests, and in no user namespace.
const STRANGER: u32 = 4711;

/// A folder of this user's with `a/b/c/file`, whatever the umask.
fn tree() -> (TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let top = root.path().canonicalize().unwrap();
    chmod(&top, 0o700);
    let deepest = top.join("a/b/c");
    fs::create_dir_all(&deepest).unwrap();
    fs::write(deepest.join("file"), "").unwrap();
    for (path, mode) in [
        ("a", 0o755),
        ("a/b", 0o755),
        ("a/b/c", 0o755),
        ("a/b/c/file", 0o644),
    ] {
        chmod(&top.join(path), mode);
    }
    (root, top)
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn os() -> Os {
    Os::real(platform::places::VARIABLES)
}

fn refusal(path: &Path) -> (String, String) {
    let refused = file(path, &os()).unwrap_err();
    (refused.to_string(), refused.hint())
}

/// A walk as `us` where these files tell who is in which group.
fn walk(us: u32, accounts: &dyn Fn() -> Accounts) -> Walk<'_> {
    Walk {
        judge: Judge::with(us, accounts),
        current: None,
    }
}

fn us() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[test]
fn a_path_of_ours_passes_and_has_no_links_left() {
    let (_root, top) = tree();
    let real = top.join("a/b/c/file");
    symlink("a/b", top.join("relative")).unwrap();
    symlink(top.join("a"), top.join("absolute")).unwrap();
    symlink("../c/./file", top.join("a/b/c/up")).unwrap();
    symlink("../../../absolute/b/c/up", top.join("a/b/c/far")).unwrap();
    for path in [
        "a/b/c/file",
        "relative/c/file",
        "absolute/b/c/file",
        "absolute//./b/../b/c/file",
        // The parent of where the link leads to, as in the kernel, and not of the link.
        "relative/../b/c/file",
        "a/b/c/up",
        "relative/c/far",
    ] {
        assert_eq!(file(&top.join(path), &os()).unwrap(), real, "{path}");
    }
    assert_eq!(
        folder(&top.join("relative"), &os()).unwrap(),
        top.join("a/b")
    );

    let mut here = os();
    here.current_dir = Some(top.join("a"));
    for path in ["b/c/file", "./b/c/file", "../relative/c/file"] {
        assert_eq!(file(Path::new(path), &here).unwrap(), real, "{path}");
    }
    assert!(
        file(Path::new("b/c/file"), &Os::default())
            .unwrap_err()
            .is_missing()
    );
}

#[test]
fn a_folder_two_levels_up_that_others_can_write_is_refused() {
    let (_root, top) = tree();
    let open = top.join("a");
    let shown = open.display();
    for mode in [0o757, 0o777, 0o707] {
        chmod(&open, mode);
        let (said, hint) = refusal(&top.join("a/b/c/file"));
        assert_eq!(
            said,
            format!("other users can write the folder {shown} (mode {mode:04o})")
        );
        assert!(
            hint.starts_with(&format!("run `chmod go-w {shown}`")),
            "{hint}"
        );
        assert_eq!(hint.contains("/mnt/c"), mode == 0o777);
    }
    // The command does mend it.
    chmod(&open, 0o755);
    assert!(file(&top.join("a/b/c/file"), &os()).is_ok());
    // Other users cannot take this user's entries out of a sticky folder.
    chmod(&open, 0o1777);
    assert!(file(&top.join("a/b/c/file"), &os()).is_ok());
    chmod(&top.join("a/b/c/file"), 0o1646);
    assert!(
        refusal(&top.join("a/b/c/file"))
            .0
            .starts_with("other users can write the file ")
    );
}

#[test]
fn a_link_in_a_folder_that_others_can_write_is_refused() {
    let (_root, top) = tree();
    let (_other, open) = tree();
    let open = open.join("a");
    chmod(&open, 0o757);
    let expected = format!(
        "other users can write the folder {} (mode 0757)",
        open.display()
    );
    // The file itself lies in a safe place each time.
    symlink(top.join("a/b"), open.join("middle")).unwrap();
    symlink(open.join("middle"), top.join("first")).unwrap();
    symlink(top.join("first/c/file"), top.join("second")).unwrap();
    for path in [
        open.join("middle/c/file"),
        top.join("first/c/file"),
        top.join("second"),
        // A folder counts although the path leaves it again.
        open.join("../a/middle/c/file"),
    ] {
        assert_eq!(
            file(&path, &os()).unwrap_err().to_string(),
            expected,
            "{}",
            path.display()
        );
    }
    chmod(&open, 0o755);
    assert_eq!(
        file(&top.join("second"), &os()).unwrap(),
        top.join("a/b/c/file")
    );
}

#[test]
fn a_folder_that_its_group_can_write_passes_if_nobody_else_is_in_the_group() {
    let (_root, top) = tree();
    let path = top.join("a/b/c/file");
    chmod(&top.join("a"), 0o775);
    let (us, gid) = (us(), fs::metadata(top.join("a")).unwrap().gid());
    let private = format!("me:x:{us}:{gid}::/:/bin/sh\n");
    let group = format!("me:x:{gid}:\n");
    let judge = |passwd: String, group: String| {
        let accounts = move || Accounts::parse(&passwd, &group, Some("group: files sss"));
        walk(us, &accounts)
            .follow(&path, Demand::End)
            .map(|(path, _)| path)
    };
    assert_eq!(judge(private.clone(), group.clone()).unwrap(), path);
    for (passwd, entry, (group, members)) in [
        (
            format!("{private}bob:x:{STRANGER}:{gid}::/:/bin/sh\n"),
            group.clone(),
            ("me", "it includes \"bob\""),
        ),
        (
            private.clone(),
            format!("me:x:{gid}:me,bob\n"),
            ("me", "it includes \"bob\""),
        ),
        (
            private,
            format!("team:x:{gid}:\n"),
            ("team", "/etc/group does not tell who is in it"),
        ),
    ] {
        let refused = judge(passwd, entry).unwrap_err();
        let shown = top.join("a");
        let shown = shown.display();
        assert_eq!(
            refused.to_string(),
            format!("group {group:?} can write the folder {shown} (mode 0775); {members}")
        );
        assert_eq!(refused.hint(), format!("run `chmod go-w {shown}`"));
    }
}

#[test]
fn what_another_user_owns_is_refused() {
    let (_root, top) = tree();
    let path = top.join("a/b/c/file");
    // Of the tests' own files nothing belongs to a stranger, so the walk is the stranger's.
    // As root the tests' files are root's, whom everybody trusts.
    if us() != 0 {
        let nobody = Accounts::of_this_machine;
        let refused = walk(STRANGER, &nobody)
            .follow(&path, Demand::End)
            .unwrap_err();
        assert!(
            refused
                .to_string()
                .ends_with(&format!("belongs to another user (uid {})", us()))
        );
        assert!(
            refused.hint().contains("`sudo chown -h 4711 "),
            "{}",
            refused.hint()
        );
        return;
    }
    symlink("b/c", top.join("a/link")).unwrap();
    for (changed, kind, through) in [
        ("a", "folder", "a/b/c/file"),
        ("a/b/c/file", "file", "a/b/c/file"),
        ("a/link", "link", "a/link/file"),
    ] {
        let changed = top.join(changed);
        let through = top.join(through);
        // Its owner can swap what lies in a sticky folder, too.
        chmod(&top, 0o1777);
        lchown(&changed, Some(STRANGER), None).unwrap();
        let shown = changed.display();
        let (said, hint) = refusal(&through);
        assert_eq!(
            said,
            format!("the {kind} {shown} belongs to another user (uid {STRANGER})")
        );
        assert_eq!(
            hint,
            "run vendor-ssm as that user, without sudo, or use a copy in a folder of root's"
        );
        // For its owner it is fine.
        let accounts = Accounts::of_this_machine;
        assert!(
            walk(STRANGER, &accounts)
                .follow(&through, Demand::End)
                .is_ok()
        );
        lchown(&changed, Some(0), None).unwrap();
        assert!(file(&through, &os()).is_ok());
    }
    // The number of every unknown owner is refused, even for a process that has it.
    chown(&path, Some(OVERFLOW_UID), None).unwrap();
    let accounts = Accounts::of_this_machine;
    let refused = walk(OVERFLOW_UID, &accounts)
        .follow(&path, Demand::End)
        .unwrap_err();
    let shown = path.display();
    assert_eq!(
        refused.to_string(),
        format!(
            "the file {shown} belongs to uid 65534, which stands for every user from outside this container"
        )
    );
    assert!(refused.hint().contains("your home directory"));
}

#[test]
fn a_place_may_still_have_to_be_made() {
    let (_root, top) = tree();
    symlink("a/new/file", top.join("dangling")).unwrap();
    for (path, real) in [
        ("a/b", "a/b"),
        ("a/b/c/file", "a/b/c/file"),
        ("a/new", "a/new"),
        ("a/new/and/more", "a/new/and/more"),
        ("dangling", "a/new/file"),
    ] {
        assert_eq!(
            place(&top.join(path), &os()).unwrap(),
            top.join(real),
            "{path}"
        );
    }
    for path in ["a/new", "a/new/and/more", "dangling", "none/../a/b/c/file"] {
        assert!(
            file(&top.join(path), &os()).unwrap_err().is_missing(),
            "{path}"
        );
        assert!(
            folder(&top.join(path), &os()).unwrap_err().is_missing(),
            "{path}"
        );
    }
    chmod(&top.join("a"), 0o757);
    assert!(!place(&top.join("a/new"), &os()).unwrap_err().is_missing());
}

#[test]
fn other_kinds_and_loops_are_refused() {
    let (_root, top) = tree();
    let said = |path: &str| refusal(&top.join(path)).0;
    assert_eq!(
        said("a/b"),
        format!("{} is not a regular file", top.join("a/b").display())
    );
    assert!(said("a/b/c/file/more").contains("Not a directory"));
    assert!(said("a/b/c/file/..").contains("Not a directory"));
    let null = file(Path::new("/dev/null"), &os()).unwrap_err().to_string();
    assert_eq!(null, "/dev/null is not a regular file");
    let refused = folder(&top.join("a/b/c/file"), &os())
        .unwrap_err()
        .to_string();
    assert!(
        refused.ends_with("/a/b/c/file is not a folder"),
        "{refused}"
    );

    symlink("loop/x", top.join("loop")).unwrap();
    assert!(said("loop").contains("symbolic links"), "{}", said("loop"));
    // As many links as the kernel follows, and one more.
    symlink("a/b/c/file", top.join("link1")).unwrap();
    for at in 2..=MOST_LINKS + 1 {
        symlink(format!("link{}", at - 1), top.join(format!("link{at}"))).unwrap();
    }
    assert!(file(&top.join(format!("link{MOST_LINKS}")), &os()).is_ok());
    assert!(said(&format!("link{}", MOST_LINKS + 1)).contains("symbolic links"));
}

/// acl_to_xattr in Linux's fs/posix_acl.c: version 2, then tag, permissions and id of each entry.
#[cfg(target_os = "linux")]
fn grant(path: &Path, user: u32) {
    let none = u32::MAX;
    let entries: [(u16, u16, u32); 5] = [
        (0x01, 7, none),
        (0x02, 7, user),
        (0x04, 5, none),
        (0x10, 7, none),
        (0x20, 5, none),
    ];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        list.extend(tag.to_le_bytes());
        list.extend(permissions.to_le_bytes());
        list.extend(id.to_le_bytes());
    }
    let flags = rustix::fs::XattrFlags::empty();
    rustix::fs::setxattr(path, "system.posix_acl_access", &list, flags).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn an_access_list_is_seen_behind_the_groups_bits() {
    let (_root, top) = tree();
    let path = top.join("a/b/c/file");
    let shared = top.join("a");
    let (us, gid) = (us(), fs::metadata(&shared).unwrap().gid());
    let accounts = move || {
        let user = format!("me:x:{us}:{gid}::/:/bin/sh\n");
        Accounts::parse(&user, &format!("me:x:{gid}:\n"), None)
    };
    let judge = || walk(us, &accounts).follow(&path, Demand::End);
    chmod(&shared, 0o775);
    assert!(judge().is_ok());
    grant(&shared, STRANGER);
    let shown = shared.display();
    assert_eq!(
        judge().unwrap_err().to_string(),
        format!("other users can write the folder {shown} (mode 0775), by its access list (ACL)")
    );
    // The hint's command takes the right from all that the list names.
    chmod(&shared, 0o755);
    assert!(judge().is_ok());
}
