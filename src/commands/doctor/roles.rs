//! Every identity on the way to the customer, and what the customer's role may do.

use std::time::{Duration, SystemTime};

use crate::args;
use crate::aws::grant::external_id_condition;
use crate::aws::{Aws, FailureKind};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::{self, AssumedRole, BaseIdentity, Identity, Without};
use crate::inventory::{Inventory, Ping, Query, RegionFailure};
use crate::names::Region;
use crate::session::journal::stamp;
use crate::settings::Customer;

use super::super::stages::Stages;
use super::super::whoami::expires;
use super::check::Finding;
use super::{BY_AWS, Ward};

/// Less than this off, a clock is right: an answer is dated to the second and takes a while.
const IN_STEP: Duration = Duration::from_secs(30);
/// Credentials that end sooner are told.
const SOON: Duration = Duration::from_mins(10);
const WITHOUT_SESSION: &str = "it cannot be checked without opening a session";

/// The roles that were got.
#[derive(Debug, Default)]
pub(super) struct Roles {
    pub vendor: Option<AssumedRole>,
    pub customer: Option<AssumedRole>,
}

impl Ward<'_> {
    /// Each step of the chain, then what it leads to.
    pub(super) async fn roles(
        &mut self,
        args: &args::Doctor,
        stages: &Stages<'_>,
        customer: &Customer,
        aws: &Aws,
    ) -> Result<Roles, Error> {
        let identity = stages.identity(stages.ui, false);
        let mut roles = Roles::default();

        stages.ui.step("asking AWS for the time…");
        match identity.server_time(customer, aws).await {
            Ok(server) => self.take("clock", clock(stages.os.now(), server))?,
            Err(failure) => {
                let is_silent = failure.kind == FailureKind::Network;
                let error = identity::Error::from(identity::ErrorKind::Call {
                    step: identity::Step::BaseIdentity,
                    failure,
                });
                self.take("clock", Error::from(error).into())?;
                if is_silent {
                    self.leave_out(&BY_AWS[4..], "AWS does not answer")?;
                    return Ok(roles);
                }
            }
        }

        let base = identity.base(customer, aws).await;
        let has_base = base.is_ok();
        self.take(
            "base-identity",
            match base {
                Ok(base) => base_identity(&base, stages.os.now()),
                Err(error) => Error::from(error).into(),
            },
        )?;

        match identity.vendor(customer, aws).await {
            Ok(role) => {
                let said = Finding::ok(format!("{} until {}", role.arn, expires(&role)));
                self.take("vendor-role", said)?;
                roles.vendor = Some(role);
            }
            Err(_) if !has_base => {
                self.leave_out(&BY_AWS[5..10], "there is no base identity")?;
                self.unasked(customer)?;
                return Ok(roles);
            }
            Err(error) => {
                self.take("vendor-role", Error::from(error).into())?;
                self.leave_out(&BY_AWS[6..10], "there is no vendor role")?;
                self.unasked(customer)?;
                return Ok(roles);
            }
        }

        match identity.assume_anew(customer, aws).await {
            Ok(role) => {
                let said = format!(
                    "{} in account {}, until {}",
                    role.arn,
                    role.account,
                    expires(&role)
                );
                self.take("customer-role", Finding::ok(said))?;
                roles.customer = Some(role);
            }
            Err(error) => self.take("customer-role", Error::from(error).into())?,
        }

        let trust = trust(
            args,
            stages,
            &identity,
            customer,
            aws,
            roles.customer.is_some(),
        )
        .await;
        self.take("external-id", trust)?;

        match &mut roles.customer {
            Some(role) => {
                let all = Query {
                    filters: Vec::new(),
                    ping: Ping::Join,
                };
                let listed = stages.list(&identity, customer, aws, role, &all).await;
                match listed {
                    Ok(inventory) => {
                        let (list, ping) = listing(customer, inventory);
                        self.take("list", list)?;
                        self.take("ping", ping)?;
                    }
                    Err(error) => {
                        self.take("list", error.into())?;
                        self.leave_out(&["ping"], "the instances could not be listed")?;
                    }
                }
            }
            None => self.leave_out(&BY_AWS[8..10], "there is no customer role")?,
        }
        self.unasked(customer)?;
        Ok(roles)
    }

    /// What only a session shows.
    fn unasked(&mut self, customer: &Customer) -> Result<(), Error> {
        let document = customer
            .documents
            .shell
            .as_ref()
            .map_or_else(|| "the account's own".to_owned(), ToString::to_string);
        let compare = format!(
            "`vendor-ssm doctor -c {} --report` has the statement to compare with",
            customer.name
        );
        let said = format!("{document}: {WITHOUT_SESSION}");
        self.take("document", Finding::not_checked(said, Some(&compare)))?;
        let said = format!("ssmmessages:OpenDataChannel: {WITHOUT_SESSION}");
        self.take(
            "open-data-channel",
            Finding::not_checked(said, Some(&compare)),
        )
    }
}

fn clock(ours: SystemTime, aws: SystemTime) -> Finding {
    let (off, direction) = match aws.duration_since(ours) {
        Ok(ahead) => (ahead, "behind"),
        Err(behind) => (behind.duration(), "ahead of"),
    };
    if off < IN_STEP {
        return Finding::ok("in step with AWS's");
    }
    Finding::warning(
        format!("{} s {direction} AWS's", off.as_secs()),
        "set this machine's clock: vendor-ssm corrects for it, other programs may be refused",
    )
}

fn base_identity(base: &BaseIdentity, now: SystemTime) -> Finding {
    let said = format!("{} from {}", base.arn, base.origin);
    let Some(end) = base.expires else {
        let end = if base.is_role() {
            "until an end that nobody says"
        } else {
            "without an end of their own"
        };
        return Finding::ok(format!("{said}, keys {end}"));
    };
    let said = format!("{said}, until {}", stamp(end));
    if end.duration_since(now).unwrap_or_default() >= SOON {
        return Finding::ok(said);
    }
    Finding::warning(
        said,
        match &base.login {
            Some(login) => format!("it ends soon; log in again: {login}"),
            None => "it ends soon: renew it".to_owned(),
        },
    )
}

/// Whether the customer's role demands the ExternalId.
async fn trust(
    args: &args::Doctor,
    stages: &Stages<'_>,
    identity: &Identity<'_>,
    customer: &Customer,
    aws: &Aws,
    lets_us_in: bool,
) -> Finding {
    if !args.check_trust {
        let why = "whether the customer's role demands the ExternalId was not tried";
        return Finding::not_checked(
            why,
            Some("--check-trust tries it, which the customer sees in CloudTrail"),
        );
    }
    if !lets_us_in {
        return Finding::not_checked(
            "the role refuses us with the ExternalId too, so another refusal would show nothing",
            None,
        );
    }
    stages.ui.say(&format!(
        "asking for {} without an ExternalId and with a wrong one: both should be refused, and {} sees them in CloudTrail",
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
                    format!("the customer's role {} lets us in {how}", customer.role_arn),
                    format!(
                        "ask the customer to add this condition to the role's trust policy: {}",
                        external_id_condition(&customer.external_id)
                    ),
                );
            }
            Err(error) => return Error::from(error).into(),
        }
    }
    // AWS does not say whose policy refused.
    Finding::ok(
        "we are refused without the ExternalId, and with a wrong one; if the vendor role's own policy demands it too, \
         that may be what refused",
    )
}

/// What the list shows, and whether the agents' status is told.
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
            format!("no instance carries the tag {tag} in {}", names(customer)),
            format!("the customer tags the instances that are meant for us: {tag}"),
        ),
        None => Finding::ok(format!("tagged {tag}: {}", regions.join(", "))),
    };
    let ping = match first(listed.ping_unknown) {
        None => Finding::ok("the agents' status is told"),
        Some(failure) => Finding::warned(Error::from(failure)),
    };
    (list, ping)
}

fn names(customer: &Customer) -> String {
    let names: Vec<&str> = customer.regions.iter().map(Region::as_str).collect();
    names.join(", ")
}
