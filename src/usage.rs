//! A command line that vendor-ssm cannot read: reported like any other error, as text or as JSON.
//! Help and the version are not errors.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _, Parser as _};

use crate::args::{self, Args, Color, Format, Global};
use crate::error::{Error, Subject};
use crate::exit::Exit;
use crate::os::Os;
use crate::ui::Ui;

/// The command line as it was typed. Errors: the answer was printed, and this is its exit code.
pub(crate) fn parse(arguments: &[OsString], os: &Os) -> Result<Args, Exit> {
    let args = Args::try_parse_from(arguments).map_err(|error| answer(&error, arguments, os))?;
    let is_empty = match &args.command {
        args::Command::Forward(forward) => forward.command.is_empty(),
        _ => false,
    };
    // An empty variable of a script leaves this. Without the command, the forward would not end.
    if is_empty && arguments.last().is_some_and(|word| word == "--") {
        let error = Error::Usage {
            message: "no command after \"--\"".to_owned(),
            hint: Some("add the command, or leave out the \"--\"".to_owned()),
        };
        Ui::new(&args.global, os).fail(&error, &Subject::default());
        return Err(error.exit());
    }
    Ok(args)
}

/// Answers in place of a command: prints help or the version, or reports the mistake.
fn answer(error: &clap::Error, arguments: &[OsString], os: &Os) -> Exit {
    let ui = Ui::new(&asked(arguments), os);
    match error.kind() {
        ErrorKind::DisplayHelp if let Some((flag, line)) = of_a_command(arguments) => {
            let error = Error::Usage {
                message: format!("{flag} belongs to a command that has no \"--\" before it"),
                hint: Some(format!(
                    "run `{line}`, or `vendor-ssm run --help` for the help of `run`"
                )),
            };
            ui.fail(&error, &Subject::default());
            error.exit()
        }
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            match ui.data(&error.render().to_string()) {
                Ok(()) => Exit::Ok,
                Err(error) => {
                    ui.fail(&error, &Subject::default());
                    error.exit()
                }
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !ui.speaks_json() => {
            ui.help(&error.render().to_string());
            Exit::Usage
        }
        _ => {
            let error = Error::Usage {
                message: message(error),
                hint: Some(hint(error).unwrap_or_else(|| help(arguments))),
            };
            ui.fail(&error, &Subject::default());
            error.exit()
        }
    }
}

/// The flag that asks for help though it is meant for the command that `run` shall run.
/// That is so if it comes after more words than one TARGET. With it, the line as it should be.
fn of_a_command(arguments: &[OsString]) -> Option<(String, String)> {
    let words: Vec<&str> = arguments
        .iter()
        .map(|word| word.to_str())
        .collect::<Option<_>>()?;
    let targets = |end: usize| {
        let line = [&words[..end], &["--", "command"]].concat();
        match Args::try_parse_from(line).ok()?.command {
            args::Command::Run(run) => Some(run.targets.len()),
            _ => None,
        }
    };
    let is_help = |word: &&str| word.starts_with("-h") || *word == "--help";
    let ends = (1..words.len()).take_while(|at| words[*at] != "--");
    let flag = ends
        .clone()
        .find(|at| is_help(&words[*at]) && targets(*at).is_some())?;
    let second = ends
        .take_while(|at| *at < flag)
        .find(|at| targets(at + 1) == Some(2))?;
    let line = [
        &["vendor-ssm"],
        &words[1..second],
        &["--"],
        &words[second..],
    ]
    .concat();
    let line = shlex::try_join(line).ok()?;
    Some((words[flag].to_owned(), line))
}

/// How errors shall look. clap stops at the first mistake, so the words are read once more here.
fn asked(arguments: &[OsString]) -> Global {
    let words = || {
        arguments
            .iter()
            .take_while(|argument| *argument != "--")
            .map(|argument| argument.to_string_lossy())
    };
    let wants = |flag: &str, value: &str| {
        let joined = format!("{flag}={value}");
        words().any(|word| word == joined)
            || words()
                .zip(words().skip(1))
                .any(|(word, next)| word == flag && next == value)
    };
    Global {
        error_format: if wants("--error-format", "json") {
            Format::Json
        } else {
            Format::Text
        },
        color: if wants("--color", "never") {
            Color::Never
        } else if wants("--color", "always") {
            Color::Always
        } else {
            Color::Auto
        },
        ..Global::default()
    }
}

/// What is wrong, in one line.
fn message(error: &clap::Error) -> String {
    let said = |kind| strings(error, kind).join(", ");
    let argument = said(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("unknown command {:?}", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            format!("unknown option {argument:?}")
        }
        ErrorKind::UnknownArgument => format!("unexpected argument {argument:?}"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = said(ContextKind::InvalidValue);
            match error.source() {
                Some(why) => format!("invalid value {value:?} for {argument}: {why}"),
                None if value.is_empty() => format!("{argument} needs a value"),
                None => format!("invalid value {value:?} for {argument}"),
            }
        }
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            prior if prior == argument => format!("{argument} cannot be repeated"),
            prior => format!(
                "{argument} cannot be used with {}",
                prior.trim_end_matches("...")
            ),
        },
        ErrorKind::MissingRequiredArgument => format!("missing {argument}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "missing command".to_owned()
        }
        ErrorKind::NoEquals => format!("{argument} needs an equals sign before its value"),
        ErrorKind::TooManyValues => format!(
            "{argument} does not take the value {:?}",
            said(ContextKind::InvalidValue)
        ),
        kind => kind
            .as_str()
            .unwrap_or("the command line cannot be read")
            .to_owned(),
    }
}

/// What to type instead, if clap knows it.
fn hint(error: &clap::Error) -> Option<String> {
    let first = |kinds: &[ContextKind]| {
        kinds
            .iter()
            .map(|kind| strings(error, *kind))
            .find(|said| !said.is_empty())
    };
    if let Some(values) = first(&[ContextKind::ValidValue]) {
        return Some(format!("expected {}", values.join(" or ")));
    }
    if let Some(near) = first(&[ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg]) {
        return Some(format!("did you mean `{}`?", near.join("` or `")));
    }
    match error.kind() {
        ErrorKind::MissingRequiredArgument | ErrorKind::UnknownArgument => {
            first(&[ContextKind::Usage]).map(|usage| usage.concat())
        }
        _ => None,
    }
}

/// The help of the command that the words name.
fn help(arguments: &[OsString]) -> String {
    let root = Args::command();
    let mut command: &Command = &root;
    let mut path = vec![root.get_name()];
    for word in arguments.iter().skip(1) {
        let Some(below) = command.find_subcommand(word) else {
            break;
        };
        command = below;
        path.push(below.get_name());
    }
    format!("run `{} --help`", path.join(" "))
}

/// What clap noted under `kind`; empty if it noted nothing.
fn strings(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> (String, String) {
        let words = std::iter::once("vendor-ssm").chain(line.split_whitespace());
        let words: Vec<OsString> = words.map(OsString::from).collect();
        let error = Args::try_parse_from(&words).unwrap_err();
        (
            message(&error),
            hint(&error).unwrap_or_else(|| help(&words)),
        )
    }

    #[test]
    fn each_mistake_is_named_with_what_to_type_instead() {
        for (line, wrong, instead) in [
            (
                "completions",
                "missing <SHELL>",
                "Usage: vendor-ssm completions <SHELL>",
            ),
            (
                "list --output yaml",
                "invalid value \"yaml\" for --output <FORMAT>",
                "expected text or json",
            ),
            (
                "list --outptu json",
                "unknown option \"--outptu\"",
                "did you mean `--output`?",
            ),
            ("lst", "unknown command \"lst\"", "did you mean `list`?"),
            (
                "sessions frob",
                "unknown command \"frob\"",
                "run `vendor-ssm sessions --help`",
            ),
            (
                "run web-1 df -l",
                "unknown option \"-l\"",
                "Usage: vendor-ssm run [OPTIONS] <TARGET>...|--filter <FILTER>|--all -- <COMMAND>...",
            ),
            (
                "connect a b",
                "unexpected argument \"b\"",
                "Usage: vendor-ssm connect [OPTIONS] [TARGET]",
            ),
            (
                "list -q -v",
                "--quiet cannot be used with --verbose",
                "run `vendor-ssm list --help`",
            ),
            (
                "list --config a --config b",
                "--config <FILE> cannot be repeated",
                "run `vendor-ssm list --help`",
            ),
            (
                "list --config",
                "--config <FILE> needs a value",
                "run `vendor-ssm list --help`",
            ),
            (
                "proxy web-1 0",
                "invalid value \"0\" for [PORT]: expected a port from 1 to 65535",
                "run `vendor-ssm proxy --help`",
            ),
            (
                "run web-1 --parallel=0 -- true",
                "invalid value \"0\" for --parallel <NUMBER>: expected a whole number, 1 or more",
                "run `vendor-ssm run --help`",
            ),
            (
                "run web-1 --timeout=99999999999 -- true",
                "invalid value \"99999999999\" for --timeout <SECONDS>: expected whole seconds from 1 to 4294967295",
                "run `vendor-ssm run --help`",
            ),
            (
                "connect web-1 --wait=5m",
                "invalid value \"5m\" for --wait[=<SECONDS>]: expected whole seconds from 0 to 4294967295",
                "run `vendor-ssm connect --help`",
            ),
            (
                "history --limit=-1",
                "invalid value \"-1\" for --limit <NUMBER>: expected a whole number, 0 or more",
                "run `vendor-ssm history --help`",
            ),
            (
                "list --online=yes",
                "--online does not take the value \"yes\"",
                "run `vendor-ssm list --help`",
            ),
            ("", "missing command", "run `vendor-ssm --help`"),
        ] {
            assert_eq!(told(line), (wrong.to_owned(), instead.to_owned()), "{line}");
        }
    }
}
