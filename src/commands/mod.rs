//! The commands, a file each: run the stages, show the result.
//! Completions and the manual leave before anything can fail, so that broken settings never break
//! them.

mod aws_profile;
mod complete;
mod connect;
mod credentials;
mod customer;
mod doctor;
mod everywhere;
mod forward;
mod guards;
mod history;
mod kit;
mod list;
mod login;
mod nested;
mod pick;
mod policy;
mod prepare;
mod proxy;
mod run;
mod sessions;
mod settings;
mod shells;
mod stages;
mod target;
mod whoami;

use crate::args::{Args, Command, CustomerCommand, Global, Policy, Sessions};
use crate::error::{Error, Failed, Subject};
use crate::exit::Exit;
use crate::os::Os;
use crate::platform::descriptors;
use crate::signals::Signals;
use crate::ui::Ui;

pub(crate) use complete::answer as answer_completion;
use stages::Stages;

/// Runs a command.
pub(crate) async fn run(args: Args, os: &Os, ui: &Ui) -> Result<Exit, Failed> {
    let command = &args.command;
    let mut start = Start {
        global: &args.global,
        os,
        ui,
        subject: Subject {
            customer: args.global.customer.clone(),
            target: command.target().map(str::to_owned),
        },
    };
    let done = start.run(command).await;
    done.map_err(|error| Failed {
        exit: own(command, error.exit()),
        error,
        subject: start.subject,
    })
}

/// The exit code for a failure of vendor-ssm itself.
/// `run` exits with 255 for it, as ssh does: lower statuses belong to the remote command. A wrong
/// command line and a signal keep their codes in every command.
pub(crate) fn own(command: &Command, exit: Exit) -> Exit {
    match (command, exit) {
        (_, Exit::Usage | Exit::Signal(_)) => exit,
        (Command::Run(_), _) => Exit::Remote(255),
        _ => exit,
    }
}

/// Where every command starts, and what it may need on its way.
struct Start<'a> {
    global: &'a Global,
    os: &'a Os,
    ui: &'a Ui,
    subject: Subject,
}

impl<'a> Start<'a> {
    /// The one place that decides where a command gets off:
    /// bare of settings, with settings alone (local), or on its way to AWS (cloud).
    async fn run(&mut self, command: &Command) -> Result<Exit, Error> {
        let (global, os, ui) = (self.global, self.os, self.ui);
        nested::refuse(command, global, os)?;
        match command {
            // Bare: broken settings must not break these, or these commands repair them.
            Command::Completions { shell } => shells::completions(*shell, ui),
            Command::Man { command } => shells::man(command, ui),
            Command::History(args) => history::run(args, global, os, ui),
            Command::Policy(Policy::Check(args)) => policy::check(args, ui),
            Command::Customer(CustomerCommand::Add(args)) => {
                customer::add(args, global, os, ui).await
            }
            Command::Customer(CustomerCommand::Import(args)) => {
                customer::import(args, global, os, ui).await
            }
            Command::Customer(CustomerCommand::Remove(args)) => {
                customer::remove(args, global, os, ui).await
            }
            Command::Doctor(args) => {
                let work = doctor::run(args, global, os, ui);
                guarded(&mut signals()?, work).await
            }
            // Local: these do not ask AWS, or show by themselves which sessions are left open.
            Command::Settings(args) if args.aws_profile => aws_profile::run(&self.local()?),
            Command::Settings(args) => settings::run(&self.local()?, args.output).await,
            Command::Customer(CustomerCommand::List(output)) => {
                customer::list(&self.local()?, *output)
            }
            Command::Customer(CustomerCommand::Show(args)) => customer::show(&self.local()?, args),
            Command::Customer(CustomerCommand::Test(args)) => {
                let stages = self.local()?;
                self.subject.customer = None;
                guarded(&mut signals()?, customer::test(&stages, args)).await
            }
            Command::Kit(args) => {
                let stages = self.local()?;
                guarded(&mut signals()?, kit::run(&stages, args)).await
            }
            Command::Logout => {
                let stages = self.local()?;
                guarded(&mut signals()?, login::logout(&stages)).await
            }
            Command::Sessions(Sessions::List(output)) => {
                let stages = self.local()?;
                guarded(&mut signals()?, sessions::list(&stages, *output)).await
            }
            Command::Sessions(Sessions::Terminate(args)) => {
                sessions::terminate(&self.local()?, args, &mut signals()?).await
            }
            // Cloud: these name the sessions that an earlier command left open, then ask AWS.
            Command::Connect(args) => {
                let (stages, mut signals) = self.cloud()?;
                connect::run(&stages, args, &mut signals).await
            }
            Command::Run(args) => {
                let (stages, mut signals) = self.cloud()?;
                if args.choice.all_customers {
                    self.subject.customer = None;
                }
                run::run(&stages, args, &mut signals).await
            }
            Command::Forward(args) => {
                let (stages, mut signals) = self.cloud()?;
                forward::run(&stages, args, &mut signals).await
            }
            Command::Proxy(args) => {
                let (stages, mut signals) = self.cloud()?;
                proxy::run(&stages, args, &mut signals).await
            }
            Command::Credentials(command) => {
                credentials::refuse_terminal(command, os)?;
                let (stages, mut signals) = self.cloud()?;
                credentials::run(&stages, command, &mut signals).await
            }
            Command::List(args) => {
                let (stages, mut signals) = self.cloud()?;
                if args.all_customers {
                    self.subject.customer = None;
                }
                guarded(&mut signals, list::run(&stages, args)).await
            }
            Command::Whoami(args) if args.cached => whoami::cached(&self.local()?, args.output),
            Command::Whoami(args) => {
                let (stages, mut signals) = self.cloud()?;
                guarded(&mut signals, whoami::run(&stages, args.output)).await
            }
            Command::Login(args) => {
                let (stages, mut signals) = self.cloud()?;
                guarded(&mut signals, login::login(&stages, args)).await
            }
        }
    }

    /// The stages with their settings. It notes the customer for errors that come later.
    fn local(&mut self) -> Result<Stages<'a>, Error> {
        let stages = Stages::new(self.global, self.os, self.ui)?;
        if let Ok(customer) = stages.customer() {
            self.subject.customer = Some(customer.name.clone());
        }
        Ok(stages)
    }

    /// The same on the way to AWS. From here on, a signal ends the command with its exit code.
    fn cloud(&mut self) -> Result<(Stages<'a>, Signals), Error> {
        let signals = signals()?;
        let stages = self.local()?;
        stages.name_orphans();
        Ok((stages, signals))
    }
}

/// How many file descriptors a command needs on its way to AWS.
/// That is a connection for each service and region, the files of the state, a credential store,
/// and a program that prints credentials.
const DESCRIPTORS: usize = 24;

/// What each command needs that can go on to AWS: the signals, and enough file descriptors.
fn signals() -> Result<Signals, Error> {
    descriptors::enough(DESCRIPTORS)?;
    Signals::new().map_err(Error::Start)
}

async fn guarded(
    signals: &mut Signals,
    work: impl Future<Output = Result<Exit, Error>>,
) -> Result<Exit, Error> {
    signals.guard(work).await.map_err(Error::Signal)?
}
