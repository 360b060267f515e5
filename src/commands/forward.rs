//! `forward`: ports and Unix sockets of this machine.
//! They lead to an instance, or to hosts that it can reach.

use crate::args;
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::session::forward::{self, Listening};
use crate::signals::Signals;

use super::prepare::Prepared;
use super::stages::Stages;

/// Runs `forward`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &args::forward::Forward,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let listening = listen(stages, args)?;
    let mut own_signals = listening
        .iter()
        .map(|_| Signals::new())
        .collect::<Result<Vec<_>, _>>()
        .map_err(Error::Start)?;
    let usage = ("forward", "TARGET -L SPEC");
    let prepared = Prepared::new(stages, &args.guards, usage, true).await?;
    let (role, target) = prepared
        .find(false, signals, async |targets, role| {
            targets.one(Some(&args.target), role).await
        })
        .await?;
    prepared.confirm(&[&target]).await?;
    let ready = || show(stages, &listening);
    let forward = forward::forward(
        prepared.context(),
        &target,
        prepared.reason.as_deref(),
        &role,
        &listening,
        &mut own_signals,
        &ready,
    );
    Ok(forward.await?)
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
fn show(stages: &Stages<'_>, listening: &[Listening]) {
    for listener in listening {
        stages.ui.say(&listener.to_string());
    }
    for port in listening.iter().filter_map(Listening::chosen_port) {
        if let Err(error) = stages.ui.data(&port.to_string()) {
            stages.ui.warn(&error.to_string());
        }
    }
}
