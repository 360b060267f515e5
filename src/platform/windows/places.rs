//! Where files belong on Windows (Microsoft Learn, "KNOWNFOLDERID" and "GetTempPath2").
//! Settings go with the user from machine to machine, and so are in the roaming folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::os::{Names, Os};

/// How the names of variables are compared: `Path` and `PATH` are one variable.
/// Microsoft Learn, "Environment Variables".
pub(crate) const VARIABLES: Names = Names::AnyCase;

/// vendor-ssm's folder in each place.
const NAME: &str = "vendor-ssm";

/// What a program's name may end with, if `PATHEXT` does not say it: Windows' own default.
const EXTENSIONS: &str = ".COM;.EXE;.BAT;.CMD";

/// The user's home folder: `USERPROFILE`, else `HOMEDRIVE` followed by `HOMEPATH`.
pub(crate) fn home(os: &Os) -> Option<PathBuf> {
    let parts = || Some(format!("{}{}", os.var("HOMEDRIVE")?, os.var("HOMEPATH")?));
    let home = os.var("USERPROFILE").map(str::to_owned).or_else(parts);
    home.map(PathBuf::from)
}

/// The folder for settings: `%APPDATA%\vendor-ssm`.
pub(crate) fn settings(os: &Os) -> Option<PathBuf> {
    base(os, "APPDATA", r"AppData\Roaming")
}

/// The folder for state: `%LOCALAPPDATA%\vendor-ssm`.
pub(crate) fn state(os: &Os) -> Option<PathBuf> {
    base(os, "LOCALAPPDATA", r"AppData\Local")
}

/// The folder for things of this login. Windows has none: what belongs there is with the state.
pub(crate) fn runtime(_: &Os) -> Option<PathBuf> {
    None
}

/// The variables that say where state belongs, to name them.
pub(crate) const STATE_VARIABLES: &str = "LOCALAPPDATA and USERPROFILE";

/// The variable that moves the state to another folder.
pub(crate) const STATE_VARIABLE: &str = "LOCALAPPDATA";

/// The variable that moves temporary files to another folder.
pub(crate) const TEMPORARY_VARIABLE: &str = "TMP";

/// The folder for temporary files: `TMP`, `TEMP`, else the user's own.
pub(crate) fn temporary(os: &Os) -> PathBuf {
    let own = || Some(home(os)?.join(r"AppData\Local\Temp"));
    os.absolute("TMP")
        .or_else(|| os.absolute("TEMP"))
        .or_else(own)
        .unwrap_or_else(|| r"C:\Windows\Temp".into())
}

/// The path with the home folder in the place of a leading `~/` or `~\`.
pub(crate) fn expanded(os: &Os, path: &str) -> PathBuf {
    match path.strip_prefix("~").zip(home(os)) {
        Some((rest, home)) if rest.starts_with(['/', '\\']) => home.join(&rest[1..]),
        _ => path.into(),
    }
}

/// The files of this name in the folders of `PATH`, in their order.
/// A name may lack its ending. Then `PATHEXT` says which endings a program has, in their order.
/// Other than the command prompt, this does not look into the current folder.
pub(crate) fn on_path(os: &Os, name: &Path) -> impl Iterator<Item = PathBuf> {
    let names = names(os, name);
    folders(os)
        .flat_map(move |folder| names.clone().into_iter().map(move |name| folder.join(name)))
        .filter(|file| file.is_file())
}

/// The absolute folders of `PATH`.
pub(super) fn folders(os: &Os) -> impl Iterator<Item = PathBuf> {
    std::env::split_paths(os.var("PATH").unwrap_or_default()).filter(|folder| folder.is_absolute())
}

/// The names, or paths, that a program of this name or path may have.
pub(super) fn names(os: &Os, name: &Path) -> Vec<OsString> {
    let endings: Vec<&str> = os
        .var("PATHEXT")
        .unwrap_or(EXTENSIONS)
        .split(';')
        .filter(|ending| ending.starts_with('.'))
        .collect();
    let has = |extension: &str| {
        let mut known = endings.iter().map(|ending| &ending[1..]);
        known.any(|known| known.eq_ignore_ascii_case(extension))
    };
    let extension = name.extension().and_then(|extension| extension.to_str());
    if extension.is_some_and(has) {
        return vec![name.into()];
    }
    endings
        .iter()
        .map(|ending| {
            let mut whole = OsString::from(name);
            whole.push(ending.to_ascii_lowercase());
            whole
        })
        .collect()
}

/// vendor-ssm's folder in the place that a variable names, else in this folder of the home.
fn base(os: &Os, variable: &str, in_home: &str) -> Option<PathBuf> {
    let place = os
        .absolute(variable)
        .or_else(|| Some(home(os)?.join(in_home)))?;
    Some(place.join(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_found_by_its_variable_else_in_the_home() {
        let usual = Os::with_environment([
            ("USERPROFILE", r"C:\Users\a"),
            ("APPDATA", r"D:\r"),
            ("LOCALAPPDATA", r"D:\l"),
            ("TEMP", r"D:\t"),
        ]);
        let home_alone = Os::with_environment([("USERPROFILE", r"C:\Users\a")]);
        let parts = Os::with_environment([("HOMEDRIVE", "C:"), ("HOMEPATH", r"\Users\a")]);
        let relative = Os::with_environment([
            ("USERPROFILE", r"C:\Users\a"),
            ("APPDATA", "r"),
            ("LOCALAPPDATA", r"\l"),
            ("TMP", "t"),
        ]);
        let said = |os: &Os| {
            [settings(os), state(os), runtime(os), Some(temporary(os))]
                .map(|place| place.map_or_else(String::new, |place| place.display().to_string()))
        };
        let expected = [r"D:\r\vendor-ssm", r"D:\l\vendor-ssm", "", r"D:\t"];
        assert_eq!(said(&usual), expected);
        let in_home = [
            r"C:\Users\a\AppData\Roaming\vendor-ssm",
            r"C:\Users\a\AppData\Local\vendor-ssm",
            "",
            r"C:\Users\a\AppData\Local\Temp",
        ];
        for os in [home_alone, parts, relative] {
            assert_eq!(said(&os), in_home);
        }
        let none = ["", "", "", r"C:\Windows\Temp"];
        assert_eq!(said(&Os::default()), none);
    }

    #[test]
    fn a_tilde_is_the_home() {
        let os = Os::with_environment([("USERPROFILE", r"C:\h")]);
        for (path, expected) in [
            ("~/a", r"C:\h\a"),
            (r"~\a", r"C:\h\a"),
            ("~a", "~a"),
            ("~", "~"),
            (r"C:\~\b", r"C:\~\b"),
        ] {
            assert_eq!(expanded(&os, path), Path::new(expected));
        }
        assert_eq!(expanded(&Os::default(), "~/a"), Path::new("~/a"));
    }

    #[test]
    fn programs_are_found_with_and_without_their_ending() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for folder in ["a", "b", "c"] {
            std::fs::create_dir(at(folder)).unwrap();
        }
        for file in ["a/x", "b/x.cmd", "b/x.exe", "c/x.exe", "c/y.1.exe"] {
            std::fs::write(at(file), "").unwrap();
        }
        let path = std::env::join_paths(["a", "b", "c"].map(at)).unwrap();
        let path = format!("{};relative", path.to_str().unwrap());
        let os = Os::with_environment([("PATH", &*path), ("PATHEXT", ".EXE;.CMD;;nonsense")]);
        let found =
            |os: &Os, name: &str| -> Vec<PathBuf> { on_path(os, Path::new(name)).collect() };
        let all = ["b/x.exe", "b/x.cmd", "c/x.exe"].map(at);
        assert_eq!(found(&os, "x"), all);
        assert_eq!(found(&os, "x.EXE").len(), 2);
        assert_eq!(found(&os, "y.1"), [at("c/y.1.exe")]);
        let os = Os::with_environment([("PATH", &*path)]);
        assert_eq!(found(&os, "x"), all);
    }
}
