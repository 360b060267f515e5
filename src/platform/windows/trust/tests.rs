//! Real files and accounts, as far as the system keeps access lists.

use super::*;
use crate::platform::places;
use crate::{os::Os, trust};

fn sid(text: &str) -> Sid {
    text.parse().unwrap()
}

fn os() -> Os {
    Os::real(places::VARIABLES)
}

#[test]
fn what_this_user_makes_passes_at_a_path_and_by_its_handle() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("a folder");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("file.toml");
    std::fs::write(&path, "").unwrap();
    assert_eq!(trust::file(&path, &os()).unwrap(), path);
    assert_eq!(trust::closed_folder(&folder, &os()).unwrap(), folder);
    assert_eq!(
        trust::place(&folder.join(r"x\y"), &os()).unwrap(),
        folder.join(r"x\y")
    );
    let missing = trust::file(&folder.join("x"), &os()).unwrap_err();
    assert!(missing.is_missing(), "{missing}");
    let not_a_file = trust::file(&folder, &os()).unwrap_err().to_string();
    assert!(
        not_a_file.ends_with("is not a regular file"),
        "{not_a_file}"
    );
    let file = File::open(&path).unwrap();
    let found = Found::open(&file, &path).unwrap();
    assert_eq!(found.thing, Thing::File);
    let judge = Judge::real().unwrap();
    judge.judge(&found, Demand::Own).unwrap();
    // For another user it is not safe.
    let stranger = Judge {
        us: sid("S-1-5-21-1-2-3-1001"),
        named: &account::named,
    };
    if found.descriptor.owner == judge.us {
        let flaw = stranger.judge(&found, Demand::Way).unwrap_err();
        assert!(flaw.is_foreign(), "{flaw:?}");
    }
}

#[test]
fn a_device_and_a_stream_are_not_files() {
    for (path, why) in [
        (r"\\.\NUL", "it names a device"),
        (r"\\.\pipe\x", "it names a device"),
        (r"\\?\GLOBALROOT\Device\X\file", "it names a device"),
        (r"C:\x\file:stream", "it names a stream within a file"),
        (r"C:\x:y\file", "it names a stream within a file"),
        (r"\\?\C:\file:stream", "it names a stream within a file"),
        (r"\\server\share\file:s", "it names a stream within a file"),
    ] {
        assert_eq!(odd(Path::new(path)), Some(why), "{path}");
    }
    for path in [
        r"C:\",
        r"C:\x\file",
        r"\\?\C:\x",
        r"\\server\share\x",
        r"\\?\UNC\server\share\x",
        r"\\?\Volume{01234567-89ab-cdef-0123-456789abcdef}\x",
    ] {
        assert_eq!(odd(Path::new(path)), None, "{path}");
    }
    let place = tempfile::tempdir().unwrap();
    let stream = place.path().join("file:stream");
    let said = trust::file(&stream, &os()).unwrap_err().to_string();
    assert!(said.ends_with("it names a stream within a file"), "{said}");
}

#[test]
fn an_account_is_named_or_numbered() {
    assert_eq!(
        account::named(&sid("S-1-5-21-1-2-3-4711")),
        "S-1-5-21-1-2-3-4711"
    );
    let us = account::of_this_process().unwrap();
    assert!(us.to_string().starts_with("S-1-5-"), "{us}");
}

fn flaw(fault: Fault, is_ours: bool, has_lists: bool) -> Flaw {
    Flaw {
        fault,
        account: r#""BUILTIN\Users""#.to_owned(),
        has_lists,
        is_ours,
        us: "S-1-5-21-1-2-3-1001".to_owned(),
    }
}

#[test]
fn a_refusal_names_the_account_and_the_command_that_mends_it() {
    let by = |inherited| Fault::Writable {
        by: sid("S-1-5-32-545"),
        inherited,
    };
    let path = Path::new(r"\\?\C:\a tool");
    let what = r"the folder C:\a tool";
    let inherited = flaw(by(true), true, true);
    assert_eq!(
        inherited.said(what),
        r#""BUILTIN\Users" can write the folder C:\a tool, by an entry of its access list that comes from a folder above"#
    );
    assert_eq!(
        inherited.hint(path),
        r#"run `icacls "C:\a tool" /inheritance:d`, then `icacls "C:\a tool" /remove:g *S-1-5-32-545`"#
    );
    let own = flaw(by(false), false, true);
    assert_eq!(
        own.said(what),
        r#""BUILTIN\Users" can write the folder C:\a tool, by an entry of its access list"#
    );
    assert_eq!(
        own.hint(path),
        r#"in a terminal that runs as administrator, run `icacls "C:\a tool" /remove:g *S-1-5-32-545`"#
    );
    let foreign = flaw(Fault::Foreign(sid("S-1-5-32-545")), false, true);
    assert!(foreign.is_foreign());
    assert_eq!(
        foreign.said(what),
        r#"the folder C:\a tool belongs to another account ("BUILTIN\Users")"#
    );
    assert!(foreign.hint(path).contains(r#"`takeown /f "C:\a tool"`"#));
    let open = flaw(Fault::NoList, true, true);
    assert_eq!(
        open.hint(path),
        r#"run `icacls "C:\a tool" /inheritance:r /grant:r *S-1-5-21-1-2-3-1001:F`"#
    );
    // A memory stick knows no owners either.
    let stick = flaw(Fault::Foreign(sid("S-1-1-0")), false, false);
    assert!(!stick.is_foreign());
    assert!(
        stick
            .said(what)
            .ends_with("its drive keeps no access lists")
    );
    assert!(stick.hint(path).contains("NTFS"));
}
