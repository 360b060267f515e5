//! `proxy`: a clean byte stream between stdin and stdout and a port of an instance.

use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::session::{self, Stage};
use crate::signals::Signals;

use super::guards::Asks;
use super::stages::Stages;
use super::target::Targets;

/// Runs `proxy`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &args::forward::Proxy,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let customer = stages.customer()?;
    let asks = Asks {
        stages,
        customer,
        guards: &args.guards,
        usage: ("proxy", "TARGET"),
    };
    let reason = asks.reason().await?;
    asks.answerable()?;
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
    let port = args.port.get();
    Ok(session::proxy::proxy(stage, target, port, reason, role, signals).await?)
}
