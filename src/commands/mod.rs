//! One file a command: run the stages, show the result. Completions and the manual leave before anything
//! can fail, so that broken settings never break them.

mod connect;
mod customer;
mod doctor;
mod forward;
mod guards;
mod history;
mod kit;
mod list;
mod login;
mod policy;
mod proxy;
mod run;
mod sessions;
mod settings;
mod shells;
mod stages;
mod target;
mod whoami;

use crate::args::{self, Args, Command, CustomerCommand, Sessions};
use crate::error::{Error, Failed, Subject};
use crate::exit::Exit;
use crate::os::Os;
use crate::signals::Signals;
use crate::ui::Ui;

use stages::Stages;

/// Runs a command.
pub async fn run(args: Args, os: &Os, ui: &Ui) -> Result<Exit, Failed> {
    let mut subject = Subject {
        customer: args.global.customer.clone(),
        target: match &args.command {
            Command::Connect(connect) => connect.target.clone(),
            Command::Run(run) => (run.targets.len() == 1).then(|| run.targets[0].clone()),
            Command::Forward(forward) => Some(forward.target.clone()),
            Command::Proxy(proxy) => Some(proxy.target.clone()),
            _ => None,
        },
    };
    dispatch(&args, os, ui, &mut subject)
        .await
        .map_err(|error| {
            let exit = own(&args.command, error.exit());
            Failed {
                error,
                exit,
                subject,
            }
        })
}

/// How the process ends for a failure of our own. After `run` only a command's own exit status is below
/// 255, as with ssh; what was wrong with the command line, and signals, are known by theirs everywhere.
pub fn own(command: &Command, exit: Exit) -> Exit {
    match (command, exit) {
        (_, Exit::Usage | Exit::Signal(_)) => exit,
        (Command::Run(_), _) => Exit::Remote(255),
        _ => exit,
    }
}

async fn dispatch(args: &Args, os: &Os, ui: &Ui, subject: &mut Subject) -> Result<Exit, Error> {
    match &args.command {
        Command::Completions { shell } => return shells::completions(*shell, ui),
        Command::Man { command } => return shells::man(command, ui),
        Command::History(history) => return history::run(history, &args.global, os, ui),
        Command::Policy(args::Policy::Check(check)) => return policy::check(check, ui),
        Command::Customer(CustomerCommand::Add(add)) => {
            return customer::add(add, &args.global, os, ui);
        }
        Command::Customer(CustomerCommand::Remove(remove)) => {
            return customer::remove(remove, &args.global, os, ui).await;
        }
        _ => {}
    }
    let mut signals = Signals::new().map_err(Error::Start)?;
    // Broken settings are one of its findings.
    if let Command::Doctor(doctor) = &args.command {
        let work = doctor::run(doctor, &args.global, os, ui);
        return guarded(&mut signals, work).await;
    }
    let stages = Stages::new(&args.global, os, ui)?;
    if !matches!(&args.command, Command::List(list) if list.all_customers)
        && let Ok(customer) = stages.customer()
    {
        subject.customer = Some(customer.name.clone());
    }
    // What has nothing to do with AWS, or shows it anyway, says nothing of what is left open.
    if !matches!(
        args.command,
        Command::Settings(_)
            | Command::Logout
            | Command::Sessions(_)
            | Command::Customer(_)
            | Command::Kit(_)
    ) {
        stages.name_orphans();
    }
    match &args.command {
        Command::Connect(connect) => connect::run(&stages, connect, &mut signals).await,
        Command::Run(run) => run::run(&stages, run, &mut signals).await,
        Command::Forward(forward) => forward::run(&stages, forward, &mut signals).await,
        Command::Proxy(proxy) => proxy::run(&stages, proxy, &mut signals).await,
        Command::List(list) => guarded(&mut signals, list::run(&stages, list)).await,
        Command::Whoami(output) => guarded(&mut signals, whoami::run(&stages, *output)).await,
        Command::Login(login) => guarded(&mut signals, login::login(&stages, login)).await,
        Command::Logout => guarded(&mut signals, login::logout(&stages)).await,
        Command::Sessions(Sessions::List(output)) => {
            guarded(&mut signals, sessions::list(&stages, *output)).await
        }
        Command::Sessions(Sessions::Terminate(terminate)) => {
            sessions::terminate(&stages, terminate, &mut signals).await
        }
        Command::Settings(output) => settings::run(&stages, *output),
        Command::Customer(CustomerCommand::List(output)) => customer::list(&stages, *output),
        Command::Customer(CustomerCommand::Show(show)) => customer::show(&stages, show),
        Command::Kit(kit) => kit::run(&stages, kit),
        // They have left above.
        Command::Completions { .. }
        | Command::Man { .. }
        | Command::History(_)
        | Command::Policy(_)
        | Command::Doctor(_)
        | Command::Customer(CustomerCommand::Add(_) | CustomerCommand::Remove(_)) => Ok(Exit::Ok),
    }
}

async fn guarded(
    signals: &mut Signals,
    work: impl Future<Output = Result<Exit, Error>>,
) -> Result<Exit, Error> {
    signals.guard(work).await.map_err(Error::Signal)?
}
