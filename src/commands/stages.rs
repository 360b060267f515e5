//! The stages as commands take them.
//! The settings come first, then the way to AWS, then identity and inventory. A slow stage shows
//! the person its step.

use std::cell::RefCell;

use crate::args::Global;
use crate::aws::{self, Aws};
use crate::callbacks::Callbacks;
use crate::error::Error;
use crate::identity::{AssumedRole, CacheUse, Identity};
use crate::inventory::{self, Inventory, Query, RegionFailure};
use crate::names::Region;
use crate::os::Os;
use crate::private;
use crate::session::Introduction;
use crate::session::journal::Journal;
use crate::settings::{self, Customer, Settings};
use crate::ui::Ui;

/// The most sessions that one warning names.
const NAMED: usize = 5;

/// Settings and surroundings of one command.
pub(super) struct Stages<'a> {
    pub global: &'a Global,
    pub os: &'a Os,
    pub ui: &'a Ui,
    pub settings: Settings,
    pub journal: Journal,
    /// The connections to AWS, which customers share.
    pub connections: aws::Shared,
    /// The notices that were shown: several customers have the same ones.
    shown: RefCell<Vec<String>>,
}

impl<'a> Stages<'a> {
    /// Decides the settings, and prints their warnings.
    pub(super) fn new(global: &'a Global, os: &'a Os, ui: &'a Ui) -> Result<Self, Error> {
        let settings = settings::resolve(global, os)?;
        for warning in &settings.warnings {
            ui.warn(&warning.to_string());
        }
        Ok(Self::of(settings, global, os, ui))
    }

    /// The stages with these settings.
    pub(super) fn of(settings: Settings, global: &'a Global, os: &'a Os, ui: &'a Ui) -> Self {
        Self {
            global,
            os,
            ui,
            settings,
            journal: Journal::new(os),
            connections: aws::Shared::default(),
            shown: RefCell::default(),
        }
    }

    /// The line before a session, on a terminal.
    /// A command in a pipe or on many targets has it with `-v` alone.
    pub(super) fn introduction(&self, has_person: bool) -> Option<Introduction> {
        let is_shown = has_person || self.global.verbose > 0;
        (self.os.stderr_terminal && is_shown).then_some(Introduction { escape: None })
    }

    /// Warns of the sessions without an attached vendor-ssm process, in one line.
    pub(super) fn name_orphans(&self) {
        if self.global.quiet {
            return;
        }
        let left = self.journal.unsettled(self.ui);
        let mut left = left.unwrap_or_else(|error| {
            // Without a journal the command goes on; one that needs it ends with an error.
            if private::is_refusal(&error) {
                self.journal.warn(&error, self.ui);
            }
            Vec::new()
        });
        left.retain(|one| !one.has_owner);
        let mut names: Vec<String> = left.iter().map(|one| one.record.label()).collect();
        let more = names.split_off(names.len().min(NAMED)).len();
        if more > 0 {
            names.push(format!("{more} more"));
        }
        let (what, them) = match left.len() {
            0 => return,
            1 => ("1 session".to_owned(), "it"),
            count => (format!("{count} sessions"), "them"),
        };
        self.ui.warn(&format!(
            "{what} may still be open, and no vendor-ssm process is attached to {them}: {}; run `vendor-ssm sessions terminate --orphaned`",
            names.join(", ")
        ));
    }

    /// The customer that the command line or the settings choose.
    pub(super) fn customer(&self) -> Result<&Customer, Error> {
        Ok(self.settings.customer(self.global.customer.as_deref())?)
    }

    /// Warns if the customer's grant ends within 14 days, or has ended.
    pub(super) fn warn_of_grant_end(&self, customer: &Customer) {
        if let Some(notice) = self.grant_notice(customer) {
            self.ui.warn(&notice);
        }
    }

    /// What to say of the end of the customer's grant, if it is near or has come.
    pub(super) fn grant_notice(&self, customer: &Customer) -> Option<String> {
        let notice = customer.grant_ends?.notice(self.os.now())?;
        Some(format!("{}: the {notice}", customer.name))
    }

    /// The way to AWS for a customer.
    /// It prints a notice if an endpoint is overridden, or a region that is set is not asked.
    pub(super) async fn aws(&self, customer: &Customer) -> Result<Aws, Error> {
        let aws = self.connections.of(&customer.vendor, self.os).await?;
        let aws = aws.for_customer(customer);
        let notices = [aws.notice(), aws.region_notice(&customer.vendor)];
        for notice in notices.into_iter().flatten() {
            if !self.shown.borrow().contains(&notice) {
                self.ui.say(&notice);
                self.shown.borrow_mut().push(notice);
            }
        }
        Ok(aws)
    }

    /// The identities of this command.
    pub(super) fn identity(&'a self, callbacks: &'a dyn Callbacks, refresh: bool) -> Identity<'a> {
        let cache_use = if refresh {
            CacheUse::Refresh
        } else {
            CacheUse::ReadWrite
        };
        Identity::new(
            self.settings.store,
            cache_use,
            self.ui.can_prompt(),
            self.os,
            callbacks,
        )
    }

    /// Lists instances. It lists again after it corrected the clock or renewed a refused role.
    pub(super) async fn list(
        &self,
        identity: &Identity<'_>,
        customer: &Customer,
        aws: &Aws,
        role: &mut AssumedRole,
        query: &Query,
    ) -> Result<Inventory, Error> {
        self.ui.step("listing instances…");
        Box::pin(self.list_each(identity, customer, aws, role, query, &|_, _| ())).await
    }

    /// The same without showing the step. `heard` gets each region's answer as it comes.
    /// If vendor-ssm lists again, `heard` gets the region again.
    pub(super) async fn list_each(
        &self,
        identity: &Identity<'_>,
        customer: &Customer,
        aws: &Aws,
        role: &mut AssumedRole,
        query: &Query,
        heard: &dyn Fn(&Region, &Inventory),
    ) -> Result<Inventory, Error> {
        let list = async |role: &AssumedRole| {
            let listed = inventory::list(customer, role, aws, query, heard).await;
            let Some(region) = listed.refused_in_region() else {
                return listed;
            };
            if listed.was_accepted_in_any(&customer.regions)
                || identity
                    .is_accepted_elsewhere(customer, aws, role, region)
                    .await
            {
                listed.with_regions_not_enabled()
            } else {
                listed
            }
        };
        let listed = list(role).await;
        let mut corrected = false;
        for failure in listed.failures.iter().filter_map(RegionFailure::failure) {
            if let Some(warning) = aws.clock().correct(failure) {
                self.ui.warn(&warning);
                corrected = true;
            }
        }
        if corrected {
            return Ok(list(role).await);
        }
        let refused = listed
            .failures
            .iter()
            .filter_map(RegionFailure::failure)
            .any(|failure| role.may_be_outlived(failure));
        if !refused {
            return Ok(listed);
        }
        *role = identity.renew(customer, aws).await?;
        Ok(list(role).await)
    }
}
