//! `completions` and `man`: made from the command line's own definition, and so never out of date.

use clap::CommandFactory as _;

use crate::args::Args;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Prints the completion script of a shell.
pub(super) fn completions(shell: clap_complete::Shell, ui: &Ui) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "vendor-ssm", &mut script);
    ui.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}

/// Prints the manual: the main page, then a page a command, for `man -l -`.
pub(super) fn man(ui: &Ui) -> Result<Exit, Error> {
    let mut command = Args::command();
    command.build();
    let mut pages = Vec::new();
    let commands = command
        .get_subcommands()
        .filter(|command| command.get_name() != "help");
    for page in std::iter::once(command.clone()).chain(commands.cloned()) {
        let name = page
            .get_display_name()
            .unwrap_or_else(|| page.get_name())
            .to_owned();
        clap_mangen::Man::new(page.display_name(name))
            .render(&mut pages)
            .map_err(Error::Output)?;
    }
    ui.data(&String::from_utf8_lossy(&pages))?;
    Ok(Exit::Ok)
}
