//! `proxy`: a byte stream between stdin and stdout and a port of an instance, with nothing added.

use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::session::proxy;
use crate::signals::Signals;

use super::prepare::Prepared;
use super::stages::Stages;

/// Runs `proxy`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &args::forward::Proxy,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let prepared = Prepared::new(stages, &args.guards, ("proxy", "TARGET"), true).await?;
    let (role, target) = prepared.find(Some(&args.target), false, signals).await?;
    prepared.confirm(&[&target]).await?;
    let (context, reason) = (prepared.context(), prepared.reason.clone());
    Ok(proxy::proxy(context, target, args.port.get(), reason, role, signals).await?)
}
