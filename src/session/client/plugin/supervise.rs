//! A parent for the plugin, which neither restores the terminal nor ends its session when it dies.
//! vendor-ssm keeps the terminal's mode, outlives the plugin's signals, and stops it when it is
//! stopped itself.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::future::pending;
use std::time::{Duration, Instant};

use tokio::process::Command;
use tokio::sync::oneshot;

use crate::aws::Service;
use crate::exit::Exit;
use crate::identity::{AssumedRole, Scope};
use crate::names::Region;
use crate::platform::{JobControl, Leash, Program, Stop, fits_a_command_line};
use crate::session::context::{Context, Request};
use crate::session::error::plugin::PluginError;
use crate::session::error::{Error, ErrorKind};
use crate::session::host::host;
use crate::session::ledger::end::End;
use crate::session::live::Session;
use crate::session::service::live_role::LiveRole;
use crate::session::terminal::output::ANSWERS;
use crate::session::terminal::reset::reset;
use crate::signals::{Ending, Signals};

use super::credentials_server::CredentialsServer;
use super::find::Plugin;
use super::hand_off::{HandOff, arguments};

/// A plugin that returns 0 sooner than this has hardly been a session.
const HARDLY: Duration = Duration::from_secs(2);
/// How long the plugin has to obey at most, before it is killed.
const GRACE: Duration = Duration::from_secs(1);

/// Opens a shell in the plugin and stays until it has ended.
/// The plugin has credentials of its own, which allow only what it needs. vendor-ssm assumes them
/// beside StartSession, and again if the role turned out to be revoked there. Without them the
/// session is ended before the plugin has it.
pub(crate) async fn connect(
    context: Context<'_, '_>,
    plugin: &Plugin,
    request: &Request,
    role: AssumedRole,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    fits(context, plugin, request)?;
    let (customer, aws) = (context.customer, context.aws);
    let cached = context.identity.ready(customer, aws, Scope::Plugin);
    let cached = signals.guard(cached).await.map_err(Error::signal)??;
    let begun_with = role.credentials.clone();
    let (give, take) = oneshot::channel();
    let identity = context.identity.beside();
    let assume = || identity.assume_scoped(customer, aws, Scope::Plugin);
    let narrow = async {
        let narrowed = match cached {
            Some(cached) => Ok(cached),
            None => assume().await,
        };
        let _ = give.send(narrowed);
        pending::<Infallible>().await
    };
    let client = async |session: Session<'_, '_>, signals: &mut Signals| {
        context.callbacks.step("getting the plugin's credentials…");
        let is_renewed = session.started.role.current().credentials != begun_with;
        let mut narrowed = match signals.guard(take).await {
            Err(ending) => return (End::Signal(ending), ()),
            Ok(Err(_)) => return (End::Bug, ()),
            Ok(Ok(narrowed)) => narrowed,
        };
        let is_outlived = is_renewed && narrowed.is_ok();
        if is_renewed && narrowed.is_err() {
            // The role was revoked, and with it what the plugin's was asked with.
            narrowed = match signals.guard(assume()).await {
                Err(ending) => return (End::Signal(ending), ()),
                Ok(again) => again,
            };
        }
        let narrowed = match narrowed {
            Ok(narrowed) => LiveRole::new(narrowed, Scope::Plugin, context.os.now()),
            Err(error) => return (End::NoRole(Box::new(error)), ()),
        };
        if is_outlived && let Err(error) = narrowed.instead(context).await {
            let reason = format!("vendor-ssm could not renew the plugin's credentials: {error}");
            return (End::not_opened(reason, error.facts().hint), ());
        }
        (run(session, plugin, &narrowed, signals).await, ())
    };
    tokio::select! {
        biased;
        hosted = host(context, request, role, signals, client) => hosted?.end,
        never = narrow => match never {},
    }
}

/// Refuses a command line that the system would not take, before there is a session.
fn fits(context: Context<'_, '_>, plugin: &Plugin, request: &Request) -> Result<(), Error> {
    let target = &request.target;
    let endpoint = endpoint(context, &target.region);
    let arguments = arguments(target.region.as_str(), &target.instance_id, &endpoint);
    let words = arguments.iter().map(|word| OsStr::new(word.as_str()));
    fits_a_command_line(plugin.path.as_os_str(), words).map_err(|error| {
        let why = PluginError::Unusable(plugin.path.clone(), error.to_string());
        ErrorKind::Plugin(why).about(context.about(target))
    })
}

/// The SSM endpoint that the plugin is given.
fn endpoint(context: Context<'_, '_>, region: &Region) -> String {
    context
        .aws
        .endpoints()
        .of(Service::Ssm)
        .map_or_else(|| format!("https://{}", region.host("ssm")), str::to_owned)
}

/// Runs the plugin until it ends, or a signal comes. `role` is what it may use.
async fn run(
    session: Session<'_, '_>,
    plugin: &Plugin,
    role: &LiveRole,
    signals: &mut Signals,
) -> End {
    let (context, region) = (session.context, session.region());
    let endpoint = endpoint(context, region);
    let use_builtin = || Some("use --client builtin".to_owned());
    let credentials = match CredentialsServer::open() {
        Ok(server) => server,
        Err(error) => {
            let reason = format!("vendor-ssm cannot serve the plugin's credentials: {error}");
            return End::not_opened(reason, use_builtin());
        }
    };
    let hand_off = HandOff {
        session_id: session.id(),
        stream_url: &session.started.stream_url,
        token: session.started.token.reveal(),
        region: region.as_str(),
        target: session.target(),
        endpoint: &endpoint,
        credentials_uri: &credentials.uri(),
        authorization: credentials.authorization(),
    };
    context.callbacks.hand_over();
    let terminal = session.saved_terminal();
    // A terminal that was hung up takes no mode; the plugin then ends by itself.
    let _ = terminal.all_keys();
    // Ctrl-Z is for the remote side; the plugin hears it itself, and vendor-ssm must not stop.
    let mut job = JobControl::take();
    let mut command = Command::new(&plugin.path);
    command
        .args(hand_off.arguments())
        .env_clear()
        .envs(hand_off.environment(context.os));
    let mut program = match Program::start(command, Leash::Short) {
        Ok(program) => program,
        Err(error) => {
            let reason = format!("{} cannot be run: {error}", plugin.path.display());
            return End::not_opened(reason, use_builtin());
        }
    };
    let serving = credentials.serve(context, role);
    let end = supervise(context, &mut program, serving, &mut job, signals).await;
    reset(context.os).await;
    if context.os.stdin_terminal {
        // Answers to the remote side's questions may be on their way. They are not echoed, and
        // thrown away when the terminal is given back.
        let _ = terminal.raw();
        tokio::time::sleep(ANSWERS).await;
    }
    end
}

/// Stays until the plugin has ended, or a signal has ended it.
async fn supervise(
    context: Context<'_, '_>,
    program: &mut Program,
    serving: impl Future<Output = Infallible>,
    job: &mut JobControl,
    signals: &mut Signals,
) -> End {
    let began = Instant::now();
    let mut serving = std::pin::pin!(serving);
    loop {
        tokio::select! {
            never = &mut serving => match never {},
            status = program.wait() => return match status {
                Ok(status) if status.success() => {
                    if began.elapsed() < HARDLY {
                        context.callbacks.warn("the plugin returned at once and gave no reason; read what it printed above");
                    }
                    End::PluginReturned
                }
                Ok(status) => {
                    // It was somewhere in a line of its own.
                    if context.os.stdin_terminal { context.callbacks.say(""); }
                    End::lost(format!("the plugin ended with {status}"))
                }
                Err(error) => End::lost(format!("waiting for the plugin failed: {error}")),
            },
            // Before the plugin listens, Ctrl-Z would stop it for good.
            // SIGCONT must go to a stopped plugin alone: it takes a SIGTSTP away that has not
            // arrived yet (signal(7)).
            Some(()) = job.changed() => if program.stopped() == Some(Stop::Key) {
                program.go_on();
            },
            ending = signals.next() => {
                // On a terminal the keyboard's signals went to the plugin too, which sends them on.
                let from_keyboard = context.os.stdin_terminal && matches!(ending, Ending::INTERRUPT | Ending::QUIT);
                if !from_keyboard {
                    stop(program, ending).await;
                    return End::Signal(ending);
                }
            }
        }
    }
}

async fn stop(program: &mut Program, ending: Ending) {
    let grace = program.tell_to_end(Some(ending.number())).min(GRACE);
    if tokio::time::timeout(grace, program.wait()).await.is_err() {
        program.kill();
        let _ = program.wait().await;
    }
}
