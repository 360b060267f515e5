//! What connect, run, forward and proxy have in common before they open a session.
//! That is the guards, the way to AWS, the customer role, and the target.

use crate::aws::{Aws, Service};
use crate::choice::Wanted;
use crate::error::Error;
use crate::identity::{AssumedRole, Identity};
use crate::inventory::{self, Query};
use crate::session::{Context, Target};
use crate::settings::Customer;
use crate::signals::Signals;

use super::guards::{Asks, Given, described};
use super::pick::Picked;
use super::stages::Stages;
use super::target::{Missed, Targets};

/// A command that is ready to look for its target and to open a session there.
pub(super) struct Prepared<'a> {
    pub stages: &'a Stages<'a>,
    pub customer: &'a Customer,
    pub aws: Aws,
    /// The reason for the session, if one was given or asked for.
    pub reason: Option<String>,
    identity: Identity<'a>,
    asks: Asks<'a>,
    /// Whether it opens sessions once it has found their targets.
    opens: bool,
}

impl<'a> Prepared<'a> {
    /// Asks the person for what is missing, before it asks AWS.
    /// `usage` is the command and its arguments, for a hint. `opens` is false if the command opens
    /// nothing: then it needs no confirmation.
    pub(super) async fn new(
        stages: &'a Stages<'a>,
        guards: impl Into<Given<'a>>,
        usage: (&'static str, &'static str),
        opens: bool,
    ) -> Result<Self, Error> {
        let customer = stages.customer()?;
        let asks = asks(stages, customer, guards.into(), usage);
        let reason = checked(&asks, opens).await?;
        Ok(Self {
            stages,
            customer,
            aws: stages.aws(customer).await?,
            reason,
            identity: stages.identity(stages.ui, false),
            asks,
            opens,
        })
    }

    /// The same for an instance that the person has picked among several customers.
    /// Also gives the instance as a target, if a session may be opened on it.
    pub(super) async fn picked(
        stages: &'a Stages<'a>,
        picked: Picked<'a>,
        identity: Identity<'a>,
        guards: impl Into<Given<'a>>,
        usage: (&'static str, &'static str),
        opens: bool,
        waits: bool,
    ) -> Result<(Self, AssumedRole, Target), Error> {
        let asks = asks(stages, picked.customer, guards.into(), usage);
        let reason = checked(&asks, opens).await?;
        let prepared = Self {
            stages,
            customer: picked.customer,
            aws: picked.aws,
            reason,
            identity,
            asks,
            opens,
        };
        let verified = prepared.targets(waits).verified(&picked.instance);
        let target = verified.map_err(|missed| missed.error)?;
        Ok((prepared, picked.role, target))
    }

    fn targets(&self, waits: bool) -> Targets<'_, 'a> {
        Targets {
            stages: self.stages,
            customer: self.customer,
            aws: &self.aws,
            identity: &self.identity,
            waits,
        }
    }

    /// Assumes the customer role, and finds the instance of this TARGET.
    /// Without one, the person picks. `waits`: it may be one that does not run yet.
    pub(super) async fn find(
        &self,
        text: Option<&str>,
        waits: bool,
        signals: &mut Signals,
    ) -> Result<(AssumedRole, Target), Error> {
        let targets = self.targets(waits);
        let wanted = text.map(Wanted::parse);
        let search = async |role: &mut AssumedRole| targets.one(wanted.as_ref(), role).await;
        let query = targets.query(wanted.as_ref());
        self.expect(query.as_ref(), wanted.is_none());
        self.with_role(search, signals).await
    }

    /// The same for several TARGETs. One that is not found does not stop the others.
    pub(super) async fn find_each(
        &self,
        texts: &[String],
        waits: bool,
        signals: &mut Signals,
    ) -> Result<(AssumedRole, Vec<Result<Target, Missed>>), Error> {
        let targets = self.targets(waits);
        let wanted: Vec<Wanted> = texts.iter().map(|text| Wanted::parse(text)).collect();
        let search = async |role: &mut AssumedRole| targets.each(&wanted, role).await;
        self.expect(Some(&Targets::query_of_each(&wanted)), false);
        self.with_role(search, signals).await
    }

    /// Notes what AWS will be asked next, so that it is dialled beside the calls before that.
    /// `query` is what will be listed. Nothing is foreseen for a command that opens no session, nor
    /// what comes after a question to the person: the connection would stand meanwhile.
    fn expect(&self, query: Option<&Query>, picks: bool) {
        if !self.opens {
            return;
        }
        if let Some(query) = query {
            inventory::expect(self.customer, &self.aws, query);
        }
        if let [region] = &self.customer.regions[..]
            && !picks
            && !self.asks.will_confirm()
        {
            self.aws.expect(Service::Ssm, region);
        }
    }

    async fn with_role<T>(
        &self,
        search: impl AsyncFnOnce(&mut AssumedRole) -> Result<T, Error>,
        signals: &mut Signals,
    ) -> Result<(AssumedRole, T), Error> {
        let work = async {
            let mut role = self.identity.assume(self.customer, &self.aws).await?;
            let found = search(&mut role).await?;
            Ok((role, found))
        };
        signals.guard(work).await.map_err(Error::Signal)?
    }

    /// Asks for the customer's name, if the settings require that and no flag gave it.
    pub(super) async fn confirm(&self, targets: &[&Target]) -> Result<(), Error> {
        if targets.is_empty() {
            return Ok(());
        }
        let targets: Vec<String> = targets.iter().copied().map(described).collect();
        self.asks.confirm(|_| targets.join(", ")).await
    }

    /// What a session needs of the stages before it.
    pub(super) fn context(&self) -> Context<'_, 'a> {
        Context {
            aws: &self.aws,
            os: self.stages.os,
            identity: &self.identity,
            customer: self.customer,
            journal: &self.stages.journal,
            callbacks: self.stages.ui,
            escape: None,
            terminal: self.stages.settings.session.terminal,
            gate: None,
            introduction: self.stages.introduction(false),
        }
    }
}

fn asks<'a>(
    stages: &'a Stages<'a>,
    customer: &'a Customer,
    given: Given<'a>,
    usage: (&'static str, &'static str),
) -> Asks<'a> {
    Asks {
        stages,
        customers: vec![customer],
        given,
        usage: (
            format!("{} -c {}", usage.0, customer.name),
            usage.1.to_owned(),
        ),
    }
}

/// Asks for the reason, and checks the confirmation if the command `opens` something.
async fn checked(asks: &Asks<'_>, opens: bool) -> Result<Option<String>, Error> {
    let reason = asks.reason().await?;
    if opens {
        asks.known(&asks.customers)?;
        asks.attended()?;
    }
    Ok(reason)
}
