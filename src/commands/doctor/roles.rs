//! Every identity on the way to the customer, and what the customer's role may do.

use std::time::{Duration, SystemTime};

use crate::args;
use crate::aws::grant::external_id_condition;
use crate::aws::{Aws, FailureKind};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::{self, AssumedRole, BaseIdentity, Identity, Without};
use crate::inventory::{Instance, Inventory, Query, RegionFailure};
use crate::names::Region;
use crate::session::journal::stamp;
use crate::settings::Customer;

use super::super::stages::Stages;
use super::super::whoami::expires;
use super::check::Finding;
use super::check_name::{CheckName, Need};
use super::checklist::Checklist;
use super::names::{self, Names};

/// A clock that is off by less than this is right.
/// AWS dates an answer to the second, and the answer takes a while.
const IN_STEP: Duration = Duration::from_secs(30);
/// Credentials that expire sooner than this are worth a warning.
const SOON: Duration = Duration::from_mins(10);
const WITHOUT_SESSION: &str = "only opening a session can check this";

/// The roles that were assumed.
#[derive(Debug, Clone, Default)]
pub(super) struct Roles {
    pub vendor: Option<AssumedRole>,
    pub customer: Option<AssumedRole>,
    /// What the settings send as names, if the base identity is known.
    pub names: Option<Names>,
    /// The tagged instances that run Windows.
    pub windows: Vec<Instance>,
}

/// The way to one customer.
#[derive(Clone, Copy)]
pub(super) struct Chain<'a, 'i> {
    pub stages: &'a Stages<'a>,
    pub identity: &'a Identity<'i>,
    pub customer: &'a Customer,
    pub aws: &'a Aws,
}

impl Checklist<'_> {
    /// Checks each step of the role chain, then the list of instances.
    pub(super) async fn roles(
        &mut self,
        args: &args::Doctor,
        stages: &Stages<'_>,
        customer: &Customer,
        aws: &Aws,
    ) -> Result<Roles, Error> {
        let identity = stages.identity(stages.ui, false);
        let chain = Chain {
            stages,
            identity: &identity,
            customer,
            aws,
        };
        let mut roles = self.until_vendor_role(&chain).await?;
        self.past_vendor_role(&chain, args.check_trust, &mut roles)
            .await?;
        Ok(roles)
    }

    /// Checks the clock, the base identity and the vendor role.
    /// Nothing here depends on the customer, but for its endpoints.
    pub(super) async fn until_vendor_role(
        &mut self,
        chain: &Chain<'_, '_>,
    ) -> Result<Roles, Error> {
        let Chain {
            stages,
            identity,
            customer,
            aws,
        } = *chain;
        let mut roles = Roles::default();
        if !self.time(chain).await? {
            return Ok(roles);
        }

        let base = identity.base(customer, aws).await;
        let has_base = base.is_ok();
        let known = base.as_ref().ok();
        roles.names = known.map(|base| Names::new(&customer.vendor, &base.arn));
        self.take(
            CheckName::BaseIdentity,
            match base {
                Ok(base) => base_identity(&base, stages.os.now()),
                Err(error) => Error::from(error).into(),
            },
        )?;

        match identity.vendor(customer, aws).await {
            Ok(role) => {
                let message = format!("{} until {}", role.arn, expires(&role));
                let finding = names::with_vendor_role(message, roles.names.as_ref());
                self.take(CheckName::VendorRole, finding)?;
                roles.vendor = Some(role);
            }
            Err(_) if !has_base => {
                self.leave_out(Need::BaseIdentity, "there is no base identity")?;
            }
            Err(error) => {
                let finding = Finding::from(Error::from(error));
                let finding = names::refused_by_vendor(finding, roles.names.as_ref());
                self.take(CheckName::VendorRole, finding)?;
                self.leave_out(Need::VendorRole, "the vendor role was not assumed")?;
            }
        }
        Ok(roles)
    }

    /// Checks what the customer grants to the vendor role, if there is one.
    pub(super) async fn past_vendor_role(
        &mut self,
        chain: &Chain<'_, '_>,
        check_trust: bool,
        roles: &mut Roles,
    ) -> Result<(), Error> {
        let Chain {
            identity,
            customer,
            aws,
            ..
        } = *chain;
        if roles.vendor.is_none() {
            return self.unasked(customer);
        }
        match identity.assume_anew(customer, aws).await {
            Ok(role) => {
                let message = format!(
                    "{} in account {}, until {}",
                    role.arn,
                    role.account,
                    expires(&role)
                );
                self.take(CheckName::CustomerRole, Finding::ok(message))?;
                roles.customer = Some(role);
            }
            Err(error) => {
                let finding = Finding::from(Error::from(error));
                let finding = names::refused_by_customer(
                    finding,
                    roles.vendor.as_ref(),
                    roles.names.as_ref(),
                );
                self.take(CheckName::CustomerRole, finding)?;
            }
        }

        let trust = trust(chain, check_trust, roles.customer.is_some()).await;
        self.take(CheckName::ExternalId, trust)?;

        self.instances(chain, roles).await?;
        self.unasked(customer)
    }

    /// Compares the clocks. `false`: AWS does not answer, so nothing else can be checked.
    async fn time(&mut self, chain: &Chain<'_, '_>) -> Result<bool, Error> {
        let Chain {
            stages,
            identity,
            customer,
            aws,
        } = *chain;
        stages.ui.step("asking AWS for the time…");
        let failure = match identity.server_time(customer, aws).await {
            Ok(server) => {
                self.take(CheckName::Clock, clock(stages.os.now(), server))?;
                return Ok(true);
            }
            Err(failure) => failure,
        };
        let is_silent = matches!(
            failure.kind,
            FailureKind::Network | FailureKind::ProxyAuthorization
        );
        let error = identity::Error::from(identity::ErrorKind::Call {
            step: identity::Step::BaseIdentity,
            failure,
        });
        self.take(CheckName::Clock, Error::from(error).into())?;
        if is_silent {
            self.leave_out(Need::Answer, "AWS does not answer")?;
        }
        Ok(!is_silent)
    }

    /// Lists the instances with the customer role, if it was assumed.
    async fn instances(&mut self, chain: &Chain<'_, '_>, roles: &mut Roles) -> Result<(), Error> {
        let Chain {
            stages,
            identity,
            customer,
            aws,
        } = *chain;
        let Some(role) = &mut roles.customer else {
            return self.leave_out(Need::CustomerRole, "the customer role was not assumed");
        };
        match stages
            .list(identity, customer, aws, role, &Query::all())
            .await
        {
            Ok(inventory) => {
                let all = inventory.instances.iter();
                roles.windows = all.filter(|one| one.is_windows()).cloned().collect();
                let (list, ping) = listing(customer, inventory);
                self.take(CheckName::List, list)?;
                self.take(CheckName::Ping, ping)
            }
            Err(error) => {
                self.take(CheckName::List, error.into())?;
                self.leave_out(Need::CustomerRole, "the instances were not listed")
            }
        }
    }

    /// The two permissions that only a session would try.
    fn unasked(&mut self, customer: &Customer) -> Result<(), Error> {
        if self.has(CheckName::Document) {
            return Ok(());
        }
        let document = customer.documents.shell.as_ref().map_or_else(
            || "the account's own document".to_owned(),
            ToString::to_string,
        );
        let compare = format!(
            "compare the customer's policy with the statement in `vendor-ssm doctor -c {} --report`",
            customer.name
        );
        let message = format!("{document}: {WITHOUT_SESSION}");
        self.take(
            CheckName::Document,
            Finding::not_checked(message, Some(&compare)),
        )?;
        let message = format!("ssmmessages:OpenDataChannel: {WITHOUT_SESSION}");
        self.take(
            CheckName::OpenDataChannel,
            Finding::not_checked(message, Some(&compare)),
        )
    }
}

fn clock(ours: SystemTime, aws: SystemTime) -> Finding {
    let (off, direction) = match aws.duration_since(ours) {
        Ok(ahead) => (ahead, "behind"),
        Err(behind) => (behind.duration(), "ahead of"),
    };
    if off < IN_STEP {
        return Finding::ok("right to within 30 s");
    }
    Finding::warning(
        format!(
            "this machine's clock is {} s {direction} AWS's",
            off.as_secs()
        ),
        "set this machine's clock: vendor-ssm corrects for the difference, but AWS may refuse other programs",
    )
}

fn base_identity(base: &BaseIdentity, now: SystemTime) -> Finding {
    let message = format!("{} from {}", base.arn, base.origin);
    let Some(end) = base.expires else {
        let expiry = if base.is_role() {
            "expiry unknown"
        } else {
            "does not expire"
        };
        return Finding::ok(format!("{message}, {expiry}"));
    };
    let message = format!("{message}, until {}", stamp(end));
    if end.duration_since(now).unwrap_or_default() >= SOON {
        return Finding::ok(message);
    }
    Finding::warning(
        message,
        match &base.login {
            Some(login) => format!("it expires soon: run `{login}`"),
            None => "it expires soon: renew it".to_owned(),
        },
    )
}

/// Whether the customer's role requires the ExternalId.
async fn trust(chain: &Chain<'_, '_>, check_trust: bool, is_assumed: bool) -> Finding {
    let Chain {
        stages,
        identity,
        customer,
        aws,
    } = *chain;
    if !check_trust {
        let hint = format!(
            "run `vendor-ssm doctor -c {} --check-trust` to try it; the customer sees two refused calls in CloudTrail",
            customer.name
        );
        return Finding::not_checked(
            "vendor-ssm did not try whether the customer's role requires the ExternalId",
            Some(&hint),
        );
    }
    if !is_assumed {
        return Finding::not_checked(
            "the role refuses the right ExternalId too, so another refusal would prove nothing",
            None,
        );
    }
    stages.ui.say(&format!(
        "assuming {} without an ExternalId and with a wrong one: AWS should refuse both, and {} sees them in CloudTrail",
        customer.role_arn, customer.name
    ));
    for (without, how) in [
        (Without::Any, "without an ExternalId"),
        (Without::TheRight, "with a wrong ExternalId"),
    ] {
        match identity.is_let_in_without(customer, aws, without).await {
            Ok(false) => {}
            Ok(true) => {
                return Finding::failed(
                    Exit::Findings,
                    format!(
                        "the customer's role {} can be assumed {how}",
                        customer.role_arn
                    ),
                    format!(
                        "ask the customer to add this condition to the role's trust policy: {}",
                        external_id_condition(&customer.external_id)
                    ),
                );
            }
            Err(error) => return Error::from(error).into(),
        }
    }
    // AWS does not say which policy denied it.
    Finding::ok(
        "AWS refuses the role without the ExternalId, and with a wrong one; if the vendor role's own policy requires \
         the ExternalId too, that policy may be the reason",
    )
}

/// The instances in each region, and whether their agents' status is available.
fn listing(customer: &Customer, listed: Inventory) -> (Finding, Finding) {
    let regions: Vec<String> = customer
        .regions
        .iter()
        .map(|region| {
            let found = listed.instances.iter().filter(|it| it.region == *region);
            format!("{} in {region}", found.count())
        })
        .collect();
    let tag = format!("{}={}", customer.tag_key, customer.tag_value);
    let first = |failures: Vec<RegionFailure>| failures.into_iter().next().map(Box::new);
    let is_empty = listed.instances.is_empty();
    let list = match first(listed.failures) {
        Some(failure) => Error::from(failure).into(),
        None if is_empty => Finding::warning(
            format!(
                "no instance carries the tag {tag} in {}",
                region_names(customer)
            ),
            format!(
                "ask {} to tag the instances for you with {tag}",
                customer.name
            ),
        ),
        None => Finding::ok(format!(
            "tagged {tag}: {}{}",
            regions.join(", "),
            on_windows(&listed.instances)
        )),
    };
    let ping = match first(listed.ping_unknown) {
        None => Finding::ok("agent status available"),
        Some(failure) => Finding::warned(Error::from(failure)),
    };
    (list, ping)
}

/// How many instances run Windows, as the end of a sentence; empty if none does.
fn on_windows(instances: &[Instance]) -> String {
    match instances.iter().filter(|one| one.is_windows()).count() {
        0 => String::new(),
        count => format!(
            "; running Windows: {count}, where a session's user is a local administrator if the customer allows sessions at all (AllowWindows in the kit)"
        ),
    }
}

fn region_names(customer: &Customer) -> String {
    let names: Vec<&str> = customer.regions.iter().map(Region::as_str).collect();
    names.join(", ")
}
