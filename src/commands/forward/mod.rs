//! `forward`: ports and Unix sockets of this machine.
//! They lead to an instance, or to hosts that it can reach. A command of this machine may use them.

mod words;

use std::path::{Path, PathBuf};

use crate::args;
use crate::args::forward::{Listen, Spec};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::os::Os;
use crate::session::Context;
use crate::session::forward::{self, Listening, LocalCommand};
use crate::signals::Signals;

use self::words::Words;
use super::prepare::Prepared;
use super::stages::Stages;

/// Runs `forward`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &args::forward::Forward,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let words = Words::new(&args.command, &args.specs)?;
    no_twins(&args.specs, stages.os)?;
    let listening = listen(stages, args)?;
    let command = command(stages, &words, &listening)?;
    let mut own_signals = listening
        .iter()
        .map(|_| Signals::new())
        .collect::<Result<Vec<_>, _>>()
        .map_err(Error::Start)?;
    let usage = ("forward", "TARGET -L SPEC");
    let prepared = Prepared::new(stages, &args.guards, usage, true).await?;
    let (role, target) = prepared.find(Some(&args.target), false, signals).await?;
    prepared.confirm(&[&target]).await?;
    let ready = || show(stages, &listening, args.command.is_empty());
    let context = Context {
        introduction: stages.introduction(true),
        ..prepared.context()
    };
    let forward = forward::forward(
        context,
        (&target, prepared.reason.as_deref()),
        &role,
        &listening,
        &mut own_signals,
        &ready,
        command,
    );
    Ok(forward.await?)
}

/// The command with the ports in its words; `None` if there is none.
fn command(
    stages: &Stages<'_>,
    words: &Words,
    listening: &[Listening],
) -> Result<Option<LocalCommand>, Error> {
    let words = words.fill(|at| listening.get(at)?.port());
    if words.is_empty() {
        return Ok(None);
    }
    let signals = Signals::new().map_err(Error::Start)?;
    Ok(Some(LocalCommand::new(words, signals, stages.os)?))
}

/// Refuses two `-L` that would take the same place.
/// The system would say of the second that a program has it already.
fn no_twins(specs: &[Spec], os: &Os) -> Result<(), Error> {
    let here = os.current_dir.clone().unwrap_or_default();
    let place = |path: &Path| here.join(path).components().collect::<PathBuf>();
    let is_same = |one: &Spec, other: &Spec| match (&one.listen, &other.listen) {
        (Listen::Port(one), Listen::Port(other)) => one == other && one.port() != 0,
        (Listen::Socket(one), Listen::Socket(other)) => place(one) == place(other),
        _ => false,
    };
    for (at, spec) in specs.iter().enumerate() {
        if specs[..at].iter().any(|other| is_same(other, spec)) {
            let what = match &spec.listen {
                Listen::Port(address) => address.to_string(),
                Listen::Socket(path) => path.display().to_string(),
            };
            return Err(Error::Usage {
                message: format!("two -L listen on {what}"),
                hint: Some("give each -L a local side of its own".to_owned()),
            });
        }
    }
    Ok(())
}

/// Listens on the ports and sockets, and warns of the ports that other machines can reach.
fn listen(stages: &Stages<'_>, args: &args::forward::Forward) -> Result<Vec<Listening>, Error> {
    let mut listening = Vec::with_capacity(args.specs.len());
    for spec in &args.specs {
        let listener = Listening::new(spec.clone(), &args.target, stages.os)?;
        if listener.is_wide() {
            stages.ui.warn(&format!(
                "{} is open to other machines: anyone who reaches it reaches the target",
                listener.address()
            ));
        }
        listening.push(listener);
    }
    Ok(listening)
}

/// Prints where each port leads. Ports that the system chose are data, one a line, in -L's order.
/// A command has stdout to itself.
fn show(stages: &Stages<'_>, listening: &[Listening], has_stdout: bool) {
    for listener in listening {
        stages.ui.say(&listener.to_string());
    }
    if !has_stdout {
        return;
    }
    for port in listening.iter().filter_map(Listening::chosen_port) {
        if let Err(error) = stages.ui.data(&port.to_string()) {
            stages.ui.warn(&error.to_string());
        }
    }
}
