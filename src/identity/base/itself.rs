//! A `credential_process` that is vendor-ssm itself, which would start itself without end.
//! What can be seen in the command is refused before it runs. What a script hides is refused by the
//! vendor-ssm that it starts.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::aws::Section;
use crate::identity::error::{Error, ErrorKind};
use crate::os::Os;
use crate::platform::{is_named, is_same_file, places, program_file, shell_words};

/// The variable that is set for the programs behind a `credential_process`.
pub(super) const MARKER: &str = "VENDOR_SSM_CREDENTIAL_PROCESS";

/// This program's name, for copies of it.
const NAME: &str = "vendor-ssm";
/// How deep words are looked into, such as in `sh -c 'sh -c …'`.
const DEEPEST: usize = 4;
/// What separates commands in a shell, as far as quotes leave it.
const SEPARATORS: [char; 8] = [';', '|', '&', '(', ')', '`', '\n', '{'];

/// Refuses the command of `profile` if it is vendor-ssm.
/// If vendor-ssm itself was started for a `credential_process`, any command is refused.
pub(super) fn refuse(profile: &Section, command: &str, os: &Os) -> Result<(), Error> {
    let place = profile
        .value("credential_process")
        .map(|value| value.place.to_string());
    let is_behind = os.is_set(MARKER);
    if !is_behind && !is_itself(command, os, 0) {
        return Ok(());
    }
    Err(endless(profile.name(), place, is_behind))
}

/// The error for `profile`.
/// `is_behind`: this is the vendor-ssm that was started. The variable's name in the text tells the
/// one that started it.
fn endless(profile: &str, place: Option<String>, is_behind: bool) -> Error {
    ErrorKind::StartsItself {
        profile: profile.to_owned(),
        place,
        marker: is_behind.then_some(MARKER),
    }
    .into()
}

/// The error, if a program behind `profile` failed because it is vendor-ssm.
pub(super) fn said(profile: &str, reason: &str) -> Option<Error> {
    reason
        .contains(MARKER)
        .then(|| endless(profile, None, false))
}

/// Whether vendor-ssm, followed by `credentials process` or `exec`, is a part of the command.
fn is_itself(command: &str, os: &Os, depth: usize) -> bool {
    let Some(words) = shell_words(command, os).filter(|_| depth < DEEPEST) else {
        return false;
    };
    if words
        .iter()
        .any(|word| word.contains(char::is_whitespace) && is_itself(word, os, depth + 1))
    {
        return true;
    }
    let words: Vec<&str> = words
        .iter()
        .flat_map(|word| word.split(SEPARATORS))
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let mut after = words[at + 1..].iter();
        after.any(|word| *word == "credentials")
            && after.any(|word| ["process", "exec"].contains(word))
            && is_this_program(word, os)
    })
}

/// Whether a word names vendor-ssm: by its name, or as another name of the program that runs.
fn is_this_program(word: &str, os: &Os) -> bool {
    let is_named = |path: &Path| {
        path.file_name()
            .and_then(OsStr::to_str)
            .is_some_and(|name| is_named(name, NAME))
    };
    let word = match word
        .strip_prefix("$HOME/")
        .or(word.strip_prefix("${HOME}/"))
    {
        Some(rest) => format!("~/{rest}"),
        None => word.to_owned(),
    };
    let path = places::expanded(os, &word);
    if is_named(&path) {
        return true;
    }
    found(&path, os).is_some_and(|path| {
        path.canonicalize().is_ok_and(|path| is_named(&path)) || is_same(&path, os)
    })
}

/// The file that a shell would run for this word.
fn found(word: &Path, os: &Os) -> Option<PathBuf> {
    if word.components().count() != 1 || word.is_absolute() {
        let here = os.current_dir.as_deref().unwrap_or(Path::new("/"));
        return Some(program_file(&here.join(word), os));
    }
    places::on_path(os, word).next()
}

fn is_same(path: &Path, os: &Os) -> bool {
    os.program().is_some_and(|own| is_same_file(path, &own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(command: &str, os: &Os) -> bool {
        is_itself(command, os, 0)
    }

    #[test]
    fn vendor_ssm_is_seen_however_it_is_written() {
        let os = Os::with_environment([("HOME", "/home/alice"), ("PATH", "/usr/bin:/bin")]);
        for command in [
            "vendor-ssm credentials process",
            "/usr/local/bin/vendor-ssm credentials process -c acme",
            "vendor-ssm -c acme --config x.toml credentials process",
            "exec vendor-ssm credentials process",
            "env AWS_PROFILE=x vendor-ssm credentials process",
            "AWS_PROFILE=x vendor-ssm credentials process",
            "cd /tmp;vendor-ssm credentials process",
            "true && (vendor-ssm credentials process)",
            "~/bin/vendor-ssm credentials process",
            "$HOME/bin/vendor-ssm credentials process",
            "vendor-ssm credentials exec -- print-keys",
            "timeout 5 vendor-ssm credentials process",
        ] {
            assert!(seen(command, &os), "{command}");
        }
        // Each system's shell has quotes of its own.
        #[cfg(unix)]
        let quoted = [
            "'/opt/my tools/vendor-ssm' -c acme credentials process",
            "sh -c 'vendor-ssm credentials process'",
            "sh -c \"sh -c 'exec vendor-ssm credentials process'\"",
        ];
        #[cfg(windows)]
        let quoted = [
            r#""C:\my tools\vendor-ssm.exe" -c acme credentials process"#,
            r#"cmd /c "vendor-ssm credentials process""#,
            r#""C:\my tools\vendor-ssm" credentials process"#,
        ];
        for command in quoted {
            assert!(seen(command, &os), "{command}");
        }
    }

    #[test]
    fn other_programs_are_not_taken_for_it() {
        let os = Os::with_environment([("HOME", "/home/alice"), ("PATH", "/usr/bin:/bin")]);
        for command in [
            "",
            "pass show vendor-ssm",
            "security find-generic-password -s vendor-ssm -w",
            "aws-vault export --format=json vendor-ssm",
            "/opt/credentials process",
            "get-credentials process vendor-ssm",
            "vendor-ssm-keys credentials process",
            "unclosed 'vendor-ssm credentials process",
        ] {
            assert!(!seen(command, &os), "{command}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn another_name_of_the_program_is_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap().to_owned();
        let os = Os::with_environment([("PATH", &path)]);
        let (link, hard) = (folder.path().join("link"), folder.path().join("other"));
        std::os::unix::fs::symlink(os.program().unwrap(), &link).unwrap();
        assert!(seen("link credentials process", &os));
        assert!(seen(&format!("{path}/link credentials process"), &os));
        // A hard link needs the same file system.
        if std::fs::hard_link(os.program().unwrap(), &hard).is_ok() {
            assert!(seen("other credentials process", &os));
        }
        std::fs::write(folder.path().join("third"), "").unwrap();
        assert!(!seen("third credentials process", &os));
        assert!(!seen("missing credentials process", &os));
        // A link to a copy is known by the copy's name.
        let copy = folder.path().join("vendor-ssm");
        std::fs::write(&copy, "").unwrap();
        std::os::unix::fs::symlink(&copy, folder.path().join("vs")).unwrap();
        assert!(seen("vs credentials process", &os));
    }
}
