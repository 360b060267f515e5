//! `forward`: ports of this machine that lead to an instance, or to hosts that it reaches.

use crate::args;
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::session::forward::Listening;
use crate::session::{self, Stage};
use crate::signals::Signals;

use super::guards::Asks;
use super::stages::Stages;
use super::target::Targets;

/// Runs `forward`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &args::forward::Forward,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let customer = stages.customer()?;
    let asks = Asks {
        stages,
        customer,
        guards: &args.guards,
        usage: ("forward", "TARGET -L SPEC"),
    };
    let reason = asks.reason().await?;
    asks.answerable()?;
    let listening = listen(stages, args)?;
    let mut own_signals = listening
        .iter()
        .map(|_| Signals::new())
        .collect::<Result<Vec<_>, _>>()
        .map_err(Error::Start)?;

    let aws = stages.aws(customer).await?;
    let identity = stages.identity(stages.ui, false);
    let prepared = signals.guard(async {
        let mut role = identity.assume(customer, &aws).await?;
        let targets = Targets {
            stages,
            customer,
            aws: &aws,
            identity: &identity,
            waits: false,
        };
        let target = targets.one(Some(&args.target), &mut role).await?;
        Ok::<_, Error>((role, target))
    });
    let (role, target) = prepared.await.map_err(Error::Signal)??;
    asks.confirm(&target).await?;
    let stage = Stage {
        aws: &aws,
        os: stages.os,
        identity: &identity,
        customer,
        journal: &stages.journal,
        callbacks: stages.ui,
        escape: None,
    };
    let ready = || show(stages, &listening);
    let forward = session::forward::forward(
        stage,
        &target,
        reason.as_deref(),
        &role,
        &listening,
        &mut own_signals,
        &ready,
    );
    Ok(forward.await?)
}

/// Takes the ports, and warns of those that others can reach.
fn listen(stages: &Stages<'_>, args: &args::forward::Forward) -> Result<Vec<Listening>, Error> {
    let mut listening = Vec::with_capacity(args.specs.len());
    for spec in &args.specs {
        let listener = Listening::new(spec.clone(), &args.target)?;
        if listener.is_wide() {
            stages.ui.warn(&format!(
                "{} takes connections from other machines too: whoever reaches it reaches the target",
                listener.address()
            ));
        }
        listening.push(listener);
    }
    Ok(listening)
}

/// What leads where, for people; a port that was left to the system is data, one a line in the order of -L.
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
