//! The instances of several customers at once, each customer's answer as it comes.
//! A customer or a region that does not answer stops no other.

use std::fmt::Display;

use futures_util::stream::{self, Stream, StreamExt as _};

use crate::aws::Aws;
use crate::callbacks::{Answer as Typed, Callbacks};
use crate::error::Error;
use crate::identity::{AssumedRole, Identity};
use crate::inventory::{self, Inventory, Query};
use crate::names::Region;
use crate::settings::Customer;
use crate::ui::Ui;

use super::stages::Stages;

/// The most customers that are asked at once.
const AT_ONCE: usize = 10;

/// Which customers are asked, for what, and as whom.
#[derive(Clone, Copy)]
pub(super) struct Everywhere<'a, 'i> {
    pub stages: &'a Stages<'a>,
    /// One identity for all, so that customers with the same vendor role share it.
    pub identity: &'a Identity<'i>,
    pub customers: &'a [&'a Customer],
    pub query: &'a Query,
}

/// One customer's answer.
pub(super) struct Answer<'a> {
    /// The customer's place among those that were asked.
    pub at: usize,
    pub customer: &'a Customer,
    /// Errors: no region could be asked.
    pub found: Result<Found, Error>,
}

/// What a customer's regions answered, and what it takes to open a session there.
pub(super) struct Found {
    pub aws: Aws,
    pub role: AssumedRole,
    /// Regions that did not answer are among its failures.
    pub listed: Inventory,
}

impl<'a> Everywhere<'a, '_> {
    /// Each customer's answer as soon as all of its regions have answered or failed.
    ///
    /// `heard` gets what each region answered, earlier than the customer's answer. It may get a
    /// region twice, if vendor-ssm has to ask again; then the second answer counts. The stream may
    /// be dropped at any time.
    pub(super) fn answers(
        self,
        heard: impl Fn(&Customer, &Region, &Inventory) + Copy + 'a,
    ) -> impl Stream<Item = Answer<'a>> {
        let ask = move |(at, customer): (usize, &'a Customer)| async move {
            Answer {
                at,
                customer,
                found: Box::pin(self.one(customer, heard)).await,
            }
        };
        stream::iter(self.customers.iter().copied().enumerate())
            .map(ask)
            .buffer_unordered(AT_ONCE)
    }

    /// All answers in the order of the customers. Meanwhile it shows how many have answered.
    pub(super) async fn all(self) -> Vec<Answer<'a>> {
        let count = self.customers.len();
        let told = |done: usize| {
            if count > 1 {
                self.stages.ui.step(&format!(
                    "listing instances: {done} of {count} customers have answered…"
                ));
            }
        };
        told(0);
        let mut answers = Vec::with_capacity(count);
        let mut coming = Box::pin(self.answers(|_, _, _| ()));
        while let Some(answer) = coming.next().await {
            answers.push(answer);
            told(answers.len());
        }
        answers.sort_by_key(|answer| answer.at);
        answers
    }

    async fn one(
        self,
        customer: &Customer,
        heard: impl Fn(&Customer, &Region, &Inventory),
    ) -> Result<Found, Error> {
        let aws = self.stages.aws(customer).await?;
        inventory::expect(customer, &aws, self.query);
        let mut role = self.identity.assume(customer, &aws).await?;
        if self.customers.len() == 1 {
            self.stages.ui.step("listing instances…");
        }
        let heard = |region: &Region, answer: &Inventory| heard(customer, region, answer);
        let listed = self
            .stages
            .list_each(self.identity, customer, &aws, &mut role, self.query, &heard)
            .await?;
        Ok(Found { aws, role, listed })
    }
}

/// What `--filter` and `--online` ask for.
pub(super) fn query(filters: &[(String, String)], online: bool) -> Result<Query, Error> {
    Query::parse(filters, online).map_err(|error| Error::Usage {
        message: error.to_string(),
        hint: Some("use --filter name=PATTERN or --filter tag:KEY=PATTERN".to_owned()),
    })
}

/// What went wrong with a customer in one line that names it.
pub(super) fn told(customer: &str, error: &impl Display) -> String {
    let text = error.to_string();
    if text.starts_with(&format!("{customer}: ")) {
        text
    } else {
        format!("{customer}: {text}")
    }
}

/// Speaks to the person, but shows no single steps: those of several customers would flicker.
pub(super) struct WithoutSteps<'a>(pub &'a Ui);

impl Callbacks for WithoutSteps<'_> {
    fn step(&self, text: &str) {
        tracing::info!("{text}");
    }

    fn warn(&self, text: &str) {
        self.0.warn(text);
    }

    fn say(&self, text: &str) {
        self.0.say(text);
    }

    fn hand_over(&self) {
        self.0.hand_over();
    }

    fn mfa_code<'a>(&'a self, serial: &'a str, retry: bool) -> Typed<'a> {
        self.0.mfa_code(serial, retry)
    }
}
