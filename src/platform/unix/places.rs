//! Where files belong on Linux and macOS (XDG Base Directory Specification, POSIX).
//! macOS has the same places as Linux, as the command line tools of AWS, GitHub and others do.

use std::path::{Path, PathBuf};

use crate::os::{Names, Os};

/// How the names of variables are compared (POSIX, Base Definitions 8.1).
pub(crate) const VARIABLES: Names = Names::Exact;

/// vendor-ssm's folder in each place.
const NAME: &str = "vendor-ssm";

/// The user's home folder: `HOME`.
pub(crate) fn home(os: &Os) -> Option<PathBuf> {
    os.var("HOME").map(PathBuf::from)
}

/// The folder for settings: `$XDG_CONFIG_HOME/vendor-ssm`, else `~/.config/vendor-ssm`.
pub(crate) fn settings(os: &Os) -> Option<PathBuf> {
    base(os, "XDG_CONFIG_HOME", ".config")
}

/// The folder for state: `$XDG_STATE_HOME/vendor-ssm`, else `~/.local/state/vendor-ssm`.
pub(crate) fn state(os: &Os) -> Option<PathBuf> {
    base(os, "XDG_STATE_HOME", ".local/state")
}

/// The folder for things of this login: `XDG_RUNTIME_DIR`. The system makes it.
pub(crate) fn runtime(os: &Os) -> Option<PathBuf> {
    os.absolute("XDG_RUNTIME_DIR")
}

/// The variables that say where state belongs, to name them.
pub(crate) const STATE_VARIABLES: &str = "HOME and XDG_STATE_HOME";

/// The variable that moves the state to another folder.
pub(crate) const STATE_VARIABLE: &str = "XDG_STATE_HOME";

/// The variable that moves temporary files to another folder.
pub(crate) const TEMPORARY_VARIABLE: &str = "TMPDIR";

/// The folder for temporary files: `TMPDIR`, else `/tmp` (POSIX, Base Definitions 8.3).
pub(crate) fn temporary(os: &Os) -> PathBuf {
    os.var("TMPDIR").unwrap_or("/tmp").into()
}

/// The path with the home folder in the place of a leading `~/`.
pub(crate) fn expanded(os: &Os, path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), home(os)) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => path.into(),
    }
}

/// The files of this name in the folders of `PATH`, in their order.
pub(crate) fn on_path(os: &Os, name: &Path) -> impl Iterator<Item = PathBuf> {
    std::env::split_paths(os.var("PATH").unwrap_or_default())
        .map(move |folder| folder.join(name))
        .filter(|file| file.is_file())
}

/// vendor-ssm's folder in the place that a variable names, else in this folder of the home.
/// The specification says to ignore a relative path. It would depend on the current folder.
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
        let home_alone = Os::with_environment([("HOME", "/h")]);
        let named = Os::with_environment([
            ("HOME", "/h"),
            ("XDG_CONFIG_HOME", "/c"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_RUNTIME_DIR", "/r"),
            ("TMPDIR", "/t"),
        ]);
        let relative = Os::with_environment([
            ("HOME", "/h"),
            ("XDG_CONFIG_HOME", "c"),
            ("XDG_STATE_HOME", "s"),
            ("XDG_RUNTIME_DIR", "r"),
        ]);
        let none = Os::default();
        let said = |os: &Os| {
            [settings(os), state(os), runtime(os), Some(temporary(os))]
                .map(|place| place.map_or_else(String::new, |place| place.display().to_string()))
        };
        let in_home = [
            "/h/.config/vendor-ssm",
            "/h/.local/state/vendor-ssm",
            "",
            "/tmp",
        ];
        assert_eq!(said(&home_alone), in_home);
        assert_eq!(said(&relative), in_home);
        assert_eq!(said(&none), ["", "", "", "/tmp"]);
        let expected = ["/c/vendor-ssm", "/s/vendor-ssm", "/r", "/t"];
        assert_eq!(said(&named), expected);
    }

    #[test]
    fn a_tilde_is_the_home() {
        let os = Os::with_environment([("HOME", "/h")]);
        for (path, expected) in [
            ("~/a", "/h/a"),
            ("~a", "~a"),
            ("~", "~"),
            ("/a/~/b", "/a/~/b"),
        ] {
            assert_eq!(expanded(&os, path), Path::new(expected));
        }
        assert_eq!(expanded(&Os::default(), "~/a"), Path::new("~/a"));
    }

    #[test]
    fn programs_are_found_in_the_order_of_the_path() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for folder in ["a", "b", "c"] {
            std::fs::create_dir(at(folder)).unwrap();
        }
        for file in ["b/x", "c/x"] {
            std::fs::write(at(file), "").unwrap();
        }
        let path = std::env::join_paths(["a", "c", "b"].map(at)).unwrap();
        let os = Os::with_environment([("PATH", path.to_str().unwrap())]);
        let found: Vec<PathBuf> = on_path(&os, Path::new("x")).collect();
        assert_eq!(found, [at("c/x"), at("b/x")]);
    }
}
