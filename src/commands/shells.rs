//! `completions`, and `man`, which is generated from the command line's own definition.

use clap::{Command, CommandFactory as _};

use crate::args::{Args, Shell};
use crate::error::Error;
use crate::exit::Exit;
use crate::names::did_you_mean;
use crate::ui::Ui;

/// The foot of each manual page, which would otherwise name the command again.
const SOURCE: &str = concat!("vendor-ssm ", env!("CARGO_PKG_VERSION"));

/// Prints the completion script of a shell. It asks vendor-ssm itself what fits.
pub(super) fn completions(shell: Shell, ui: &Ui) -> Result<Exit, Error> {
    ui.data(match shell {
        Shell::Bash => include_str!("../../completions/vendor-ssm.bash"),
        Shell::Elvish => include_str!("../../completions/vendor-ssm.elv"),
        Shell::Fish => include_str!("../../completions/vendor-ssm.fish"),
        Shell::PowerShell => include_str!("../../completions/_vendor-ssm.ps1"),
        Shell::Zsh => include_str!("../../completions/_vendor-ssm"),
    })?;
    Ok(Exit::Ok)
}

/// Prints manual pages for `man -l -`.
/// With a path it prints that command's page, otherwise the main page and each command's.
pub(super) fn man(path: &[String], ui: &Ui) -> Result<Exit, Error> {
    let mut root = without_help(Args::command());
    root.build();
    let pages = if path.is_empty() {
        std::iter::once(&root)
            .chain(root.get_subcommands())
            .collect()
    } else {
        vec![below(&root, path)?]
    };
    let mut text = Vec::new();
    for page in pages {
        let name = page.get_display_name().unwrap_or_else(|| page.get_name());
        clap_mangen::Man::new(page.clone().display_name(name.to_owned()))
            .source(SOURCE)
            .render(&mut text)
            .map_err(Error::Output)?;
    }
    ui.data(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Ok)
}

/// The command at `path`.
/// If there is none, the error names the nearest one, or all commands at that place.
fn below<'a>(root: &'a Command, path: &[String]) -> Result<&'a Command, Error> {
    let mut command = root;
    for word in path {
        let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        let hint = || match (did_you_mean(word, &names), names.as_slice()) {
            (Some(near), _) => near,
            (None, []) => format!("`{}` has no commands of its own", command.get_name()),
            (None, names) => format!("the commands are {}", names.join(", ")),
        };
        command = command.find_subcommand(word).ok_or_else(|| Error::Usage {
            message: format!("no command {:?}", path.join(" ")),
            hint: Some(hint()),
        })?;
    }
    Ok(command)
}

/// The command without clap's own `help`, at any depth: it has no manual page to refer to.
fn without_help(command: Command) -> Command {
    command
        .disable_help_subcommand(true)
        .mut_subcommands(without_help)
}
