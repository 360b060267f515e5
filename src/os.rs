//! The process's surroundings as one value: environment, clock, terminals.
//! Only this file reads `std::env` and the wall clock. No stage can change them.

pub(crate) mod bounded;
pub(crate) mod descriptors;

use std::collections::BTreeMap;
use std::fmt;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::fs::{FileType, SeekFrom};

/// A snapshot of what surrounds the process, taken once at the start.
#[derive(Clone, Default)]
pub struct Os {
    environment: BTreeMap<String, String>,
    /// The names of the variables whose values are not UTF-8.
    not_text: Vec<String>,
    /// The current directory, if it has a path.
    pub current_dir: Option<PathBuf>,
    /// Whether standard input is a terminal.
    pub stdin_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_terminal: bool,
    /// Whether standard error is a terminal.
    pub stderr_terminal: bool,
}

/// Shows names only, since the values may be keys.
impl fmt::Debug for Os {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Os")
            .field("environment", &self.environment.keys())
            .finish_non_exhaustive()
    }
}

impl Os {
    /// The real surroundings. Of a variable that is not UTF-8 only the name is kept.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads them"
    )]
    pub fn real() -> Self {
        let mut environment = BTreeMap::new();
        let mut not_text = Vec::new();
        for (name, value) in std::env::vars_os() {
            match (name.into_string(), value.into_string()) {
                (Ok(name), Ok(value)) => drop(environment.insert(name, value)),
                (Ok(name), Err(_)) => not_text.push(name),
                (Err(_), _) => {}
            }
        }
        Self {
            environment,
            not_text,
            current_dir: std::env::current_dir().ok(),
            stdin_terminal: std::io::stdin().is_terminal(),
            stdout_terminal: std::io::stdout().is_terminal(),
            stderr_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Surroundings with only these variables and no terminal, for tests of pure code.
    pub fn with_environment<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self {
            environment: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Self::default()
        }
    }

    /// A variable's value; an empty variable counts as unset.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.environment
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Whether a variable is set, even to nothing.
    pub fn is_set(&self, name: &str) -> bool {
        self.environment.contains_key(name) || self.is_not_text(name)
    }

    /// Whether a variable is set to bytes that are not UTF-8.
    pub fn is_not_text(&self, name: &str) -> bool {
        self.not_text.iter().any(|other| other == name)
    }

    /// The names of all variables, whatever their values are.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let texts = self.environment.keys();
        texts.chain(&self.not_text).map(String::as_str)
    }

    /// The file of this program, without links.
    pub fn program(&self) -> Option<PathBuf> {
        std::env::current_exe().ok()
    }

    /// The files of this name in the folders of `PATH`, in their order.
    pub fn on_path(&self, name: &Path) -> impl Iterator<Item = PathBuf> {
        std::env::split_paths(self.var("PATH").unwrap_or_default())
            .map(move |folder| folder.join(name))
            .filter(|file| file.is_file())
    }

    /// The path with the home directory in the place of a leading `~/`.
    pub fn expanded(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.home()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => path.into(),
        }
    }

    /// All variables except empty ones.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(_, value)| !value.is_empty())
    }

    /// The wall clock.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    pub fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// The user's home directory: `HOME`, on Windows `USERPROFILE`.
    pub fn home(&self) -> Option<PathBuf> {
        self.var(if cfg!(windows) { "USERPROFILE" } else { "HOME" })
            .map(PathBuf::from)
    }

    /// The folder for vendor-ssm's state (XDG Base Directory Specification).
    /// It is `$XDG_STATE_HOME/vendor-ssm`, else `~/.local/state/vendor-ssm`.
    pub fn state_folder(&self) -> Option<PathBuf> {
        let named = self.var("XDG_STATE_HOME").map(PathBuf::from);
        let named = named.filter(|path| path.is_absolute());
        let state = named.or_else(|| Some(self.home()?.join(".local/state")))?;
        Some(state.join("vendor-ssm"))
    }

    /// The folder for temporary files: `TMPDIR`, else `/tmp` (POSIX, Base Definitions 8.3).
    pub fn temporary_folder(&self) -> PathBuf {
        self.var("TMPDIR").unwrap_or("/tmp").into()
    }

    /// Whether standard input is a pipe or a file with unread data. It neither reads nor waits.
    pub fn has_unread_input(&self) -> bool {
        let stdin = rustix::stdio::stdin();
        let Ok(stat) = rustix::fs::fstat(stdin) else {
            return false;
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Fifo | FileType::Socket => {
                rustix::io::ioctl_fionread(stdin).is_ok_and(|waiting| waiting > 0)
            }
            FileType::RegularFile => {
                let length = u64::try_from(stat.st_size).unwrap_or_default();
                rustix::fs::seek(stdin, SeekFrom::Current(0)).is_ok_and(|at| at < length)
            }
            _ => false,
        }
    }

    /// Whether another program reads standard output as it comes.
    pub fn stdout_is_a_pipe(&self) -> bool {
        rustix::fs::fstat(rustix::stdio::stdout()).is_ok_and(|stat| {
            let kind = FileType::from_raw_mode(stat.st_mode);
            matches!(kind, FileType::Fifo | FileType::Socket)
        })
    }

    /// Whether the terminal shows UTF-8, as far as the locale says (POSIX, Base Definitions 8.2).
    /// A locale that names no codeset says nothing, and almost every terminal shows UTF-8.
    pub fn shows_utf8(&self) -> bool {
        let mut names = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter();
        let locale = names.find_map(|name| self.var(name)).unwrap_or_default();
        let Some((_, codeset)) = locale.split_once('.') else {
            return true;
        };
        let codeset = codeset.split('@').next().unwrap_or_default();
        codeset.eq_ignore_ascii_case("UTF-8") || codeset.eq_ignore_ascii_case("utf8")
    }

    /// Whether a person can answer prompts: they use stdin and stderr.
    pub fn can_prompt(&self) -> bool {
        self.stdin_terminal && self.stderr_terminal
    }
}

#[cfg(test)]
mod tests {
    use super::Os;

    #[test]
    fn a_terminal_shows_utf8_unless_the_locale_names_something_else() {
        for (name, value, shows) in [
            ("LANG", "en_US.UTF-8", true),
            ("LANG", "C.utf8", true),
            ("LANG", "C", true),
            ("LANG", "de_DE.ISO-8859-1", false),
            ("LC_ALL", "de_DE.ISO-8859-15@euro", false),
            ("LC_CTYPE", "ru_RU.KOI8-R", false),
            ("OTHER", "de_DE.ISO-8859-1", true),
        ] {
            let os = Os::with_environment([(name, value)]);
            assert_eq!(os.shows_utf8(), shows, "{name}={value}");
        }
        let os = Os::with_environment([("LC_ALL", "C.UTF-8"), ("LANG", "de_DE.ISO-8859-1")]);
        assert!(os.shows_utf8());
    }

    #[test]
    fn an_empty_variable_is_an_unset_one() {
        let os = Os::with_environment([("A", ""), ("B", "b")]);
        assert_eq!(
            (os.var("A"), os.var("B"), os.var("C")),
            (None, Some("b"), None)
        );
        assert_eq!(os.variables().collect::<Vec<_>>(), [("B", "b")]);
    }
}
