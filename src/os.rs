//! The process's surroundings as one value: environment, clock, terminals.
//! Only this file reads `std::env` and the wall clock. No stage can change them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::platform::stream::{Stream, Trouble};
use crate::platform::{input, terminal};

/// How the names of variables are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Names {
    /// Letter by letter.
    #[default]
    Exact,
    /// `Path` and `PATH` are one variable. The system keeps each name as it was first written.
    AnyCase,
}

/// A snapshot of what surrounds the process, taken once at the start.
#[derive(Clone, Default)]
pub struct Os {
    environment: BTreeMap<String, String>,
    /// The names of the variables whose values are not UTF-8.
    not_text: Vec<String>,
    variable_names: Names,
    /// The current directory, if it has a path.
    pub current_dir: Option<PathBuf>,
    /// Whether standard input is a terminal.
    pub stdin_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_terminal: bool,
    /// Whether standard error is a terminal.
    pub stderr_terminal: bool,
    /// Why the terminal cannot be used as one.
    pub(crate) trouble: Option<Trouble>,
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
    pub fn real(variable_names: Names) -> Self {
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
            variable_names,
            current_dir: std::env::current_dir().ok(),
            stdin_terminal: terminal::is_terminal(Stream::Input),
            stdout_terminal: terminal::is_terminal(Stream::Output),
            stderr_terminal: terminal::is_terminal(Stream::Error),
            trouble: terminal::trouble(),
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
        self.value(name).filter(|value| !value.is_empty())
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.environment.get(name).or_else(|| {
            let mut all = self.environment.iter();
            let found = match self.variable_names {
                Names::Exact => None,
                Names::AnyCase => all.find(|(other, _)| self.is_same(other, name)),
            };
            found.map(|(_, value)| value)
        });
        found.map(String::as_str)
    }

    /// The path in a variable, if it is absolute.
    /// A relative one would depend on the current folder.
    pub(crate) fn absolute(&self, name: &str) -> Option<PathBuf> {
        let path = self.var(name).map(PathBuf::from);
        path.filter(|path| path.is_absolute())
    }

    /// Whether two names are those of one variable.
    pub(crate) fn is_same(&self, one: &str, other: &str) -> bool {
        match self.variable_names {
            Names::Exact => one == other,
            Names::AnyCase => one.eq_ignore_ascii_case(other),
        }
    }

    /// Whether a variable is set, even to nothing.
    pub fn is_set(&self, name: &str) -> bool {
        self.value(name).is_some() || self.is_not_text(name)
    }

    /// Whether a variable is set to bytes that are not UTF-8.
    pub fn is_not_text(&self, name: &str) -> bool {
        self.not_text.iter().any(|other| self.is_same(other, name))
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

    /// Whether a variable's name begins so.
    pub(crate) fn begins(&self, name: &str, with: &str) -> bool {
        let begin = name.get(..with.len());
        begin.is_some_and(|begin| self.is_same(begin, with))
    }

    /// All variables except empty ones, for a library that compares names letter by letter.
    /// If a name may be in any case, it is in upper case, as libraries ask for it.
    pub fn variables(&self) -> impl Iterator<Item = (String, &str)> {
        let name = |name: &String| match self.variable_names {
            Names::Exact => name.clone(),
            Names::AnyCase => name.to_ascii_uppercase(),
        };
        self.environment
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(move |(it, value)| (name(it), value.as_str()))
    }

    /// The wall clock.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    pub fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// Whether standard input is a pipe or a file with unread data. It neither reads nor waits.
    pub fn has_unread_input(&self) -> bool {
        input::has_unread()
    }

    /// Whether another program reads standard output as it comes.
    pub fn stdout_is_a_pipe(&self) -> bool {
        input::output_is_a_pipe()
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

    /// Whether the terminal moves no cursor.
    pub fn is_dumb(&self) -> bool {
        self.var("TERM") == Some("dumb")
    }

    /// Whether an output is a console that shows no colours and moves nothing.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.trouble, Some(Trouble::Plain | Trouble::Verbatim))
    }

    /// Whether a person can answer prompts: they use stdin and stderr.
    pub fn can_prompt(&self) -> bool {
        self.stdin_terminal && self.stderr_terminal
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, Os};

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
    fn a_name_is_found_in_any_case_only_if_the_system_does_so() {
        let mut os = Os::with_environment([("Path", "p"), ("Empty", "")]);
        os.not_text.push("Odd".to_owned());
        assert_eq!((os.var("Path"), os.var("PATH")), (Some("p"), None));
        assert!(!os.is_set("EMPTY") && !os.is_not_text("ODD"));
        os.variable_names = Names::AnyCase;
        assert_eq!((os.var("Path"), os.var("PATH")), (Some("p"), Some("p")));
        assert!(os.is_set("EMPTY") && os.is_not_text("ODD") && os.is_set("odd"));
        assert_eq!(os.var("EMPTY"), None);
        assert_eq!(os.names().collect::<Vec<_>>(), ["Empty", "Path", "Odd"]);
        let all: Vec<_> = os.variables().collect();
        assert_eq!(all, [("PATH".to_owned(), "p")]);
        assert!(os.begins("aws_X", "AWS_") && !os.begins("AW", "AWS_"));
    }

    #[test]
    fn an_empty_variable_is_an_unset_one() {
        let os = Os::with_environment([("A", ""), ("B", "b")]);
        assert_eq!(
            (os.var("A"), os.var("B"), os.var("C")),
            (None, Some("b"), None)
        );
        let all: Vec<_> = os.variables().collect();
        assert_eq!(all, [("B".to_owned(), "b")]);
    }
}
