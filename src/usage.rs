//! A command line that cannot be read, told as every other error is: in text or, if it asks for that,
//! in JSON. Help and the version are no errors.

use std::ffi::OsString;

use clap::error::ErrorKind;

use crate::args::{Color, Format, Global};
use crate::error::{Error, Subject};
use crate::exit::Exit;
use crate::os::Os;
use crate::ui::Ui;

/// Answers instead of a command.
pub(crate) fn answer(error: &clap::Error, arguments: &[OsString], os: &Os) -> Exit {
    let ui = Ui::new(&asked(arguments), os);
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match ui.data(&text) {
            Ok(()) => Exit::Ok,
            Err(error) => {
                ui.fail(&error, &Subject::default());
                error.exit()
            }
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !ui.speaks_json() => {
            ui.help(&text);
            Exit::Usage
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => refused(
            &ui,
            "a command is missing".to_owned(),
            Some("`vendor-ssm --help` shows them".to_owned()),
        ),
        _ => {
            let (message, hint) = read(&text);
            refused(&ui, message, hint)
        }
    }
}

fn refused(ui: &Ui, message: String, hint: Option<String>) -> Exit {
    let error = Error::Usage { message, hint };
    ui.fail(&error, &Subject::default());
    error.exit()
}

/// What says how errors are to look, found in a line that clap gave up on.
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

/// clap's own words as message and hint: what is wrong up to the first empty line, then what to do.
fn read(text: &str) -> (String, Option<String>) {
    let mut lines = text.lines().map(str::trim);
    let wrong: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    let (choices, wrong): (Vec<&str>, Vec<&str>) =
        wrong.into_iter().partition(|line| line.starts_with('['));
    let message = wrong.join(" ");
    let choices = choices
        .into_iter()
        .map(|choice| choice.trim_matches(['[', ']']));
    let rest = lines
        .filter(|line| !line.is_empty())
        .map(|line| match line {
            "For more information, try '--help'." => "try '--help'",
            line => line.strip_prefix("tip: ").unwrap_or(line),
        });
    let hint = choices.chain(rest).collect::<Vec<_>>().join("; ");
    (
        message.trim_start_matches("error: ").to_owned(),
        (!hint.is_empty()).then_some(hint),
    )
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_wrong_and_what_to_do_are_told_apart() {
        let missing = "error: the following required arguments were not provided:\n  <SHELL>\n\n\
                       Usage: vendor-ssm completions <SHELL>\n\nFor more information, try '--help'.\n";
        assert_eq!(
            read(missing),
            (
                "the following required arguments were not provided: <SHELL>".to_owned(),
                Some("Usage: vendor-ssm completions <SHELL>; try '--help'".to_owned())
            )
        );
        let value = "error: invalid value 'x' for '--output <FORMAT>'\n  [possible values: text, json]\n\n\
                     For more information, try '--help'.\n";
        assert_eq!(
            read(value),
            (
                "invalid value 'x' for '--output <FORMAT>'".to_owned(),
                Some("possible values: text, json; try '--help'".to_owned())
            )
        );
    }
}
