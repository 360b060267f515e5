//! The guards of every command that opens a session.
//! A customer may require a reason, and the settings may require the customer's name as a
//! confirmation. If vendor-ssm cannot ask for one of them, it refuses before it does anything.

use crate::args::Guards;
use crate::args::run::Run;
use crate::error::Error;
use crate::names::{control_in, quoted};
use crate::session::{LONGEST_REASON, Target};
use crate::settings::Customer;

use super::stages::Stages;

/// The guards as they were typed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub reason: Option<&'a str>,
    /// The customers that are confirmed by their names.
    pub confirm: &'a [String],
    pub what: For,
}

/// What is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Session,
    Credentials,
}

impl<'a> From<&'a Guards> for Given<'a> {
    fn from(guards: &'a Guards) -> Self {
        Self {
            reason: guards.reason.as_deref(),
            confirm: guards.confirm.as_slice(),
            what: For::Session,
        }
    }
}

impl<'a> From<&'a Run> for Given<'a> {
    fn from(run: &'a Run) -> Self {
        Self {
            reason: run.reason.as_deref(),
            confirm: &run.confirm,
            what: For::Session,
        }
    }
}

/// Asks for the reason and the confirmations that the command line lacks.
pub(super) struct Asks<'a> {
    pub stages: &'a Stages<'a>,
    /// The customers on whose instances sessions are opened.
    pub customers: Vec<&'a Customer>,
    pub given: Given<'a>,
    /// The command with its customer, and its arguments, for a hint.
    pub usage: (String, String),
}

impl Asks<'_> {
    /// The reason from the flag, else `VENDOR_SSM_REASON`, else from the person if it is required.
    pub(super) async fn reason(&self) -> Result<Option<String>, Error> {
        let ui = self.stages.ui;
        let demanding = self.names(|customer| customer.require_reason);
        let names = demanding.join(" and ");
        let is_one = demanding.len() == 1;
        let flag = self.given.reason;
        let given = match flag.or(self.stages.settings.reason.as_deref()) {
            None if !demanding.is_empty() && ui.can_prompt() => {
                let what = match self.given.what {
                    For::Session if is_one => "session on",
                    For::Session => "sessions on",
                    For::Credentials => "credentials of",
                };
                ui.ask(&format!("reason for the {what} {names}: ")).await?
            }
            given => given.map(str::to_owned),
        };
        if let Some(control) = given.as_deref().and_then(control_in) {
            return Err(Error::Usage {
                message: format!(
                    "the reason has a control character or a line break: U+{:04X}",
                    u32::from(control)
                ),
                hint: Some("write the reason on one line, as plain text".to_owned()),
            });
        }
        let reason = given
            .map(|reason| reason.trim().to_owned())
            .filter(|reason| !reason.is_empty());
        let wrong = match &reason {
            None if !demanding.is_empty() => {
                let require = if is_one { "requires" } else { "require" };
                let what = match self.given.what {
                    For::Session => "each session",
                    For::Credentials => "credentials too",
                };
                format!("{names} {require} a reason for {what}")
            }
            None if flag.is_some() => "the reason is empty".to_owned(),
            Some(reason) if reason.chars().count() > LONGEST_REASON => {
                format!("the reason has more than {LONGEST_REASON} characters")
            }
            _ => return Ok(reason),
        };
        Err(Error::Usage {
            message: wrong,
            hint: Some("pass --reason TEXT".to_owned()),
        })
    }

    /// Checks that each confirmation is there, or that vendor-ssm can ask for it.
    /// Errors: there is no terminal to ask on.
    pub(super) fn attended(&self) -> Result<(), Error> {
        if self.stages.ui.can_prompt() || !self.will_confirm() {
            return Ok(());
        }
        Err(Error::NeedsTerminal {
            question: "the confirmation",
            hint: self.scripted(),
        })
    }

    /// Errors: a confirmation names none of these customers.
    pub(super) fn known(&self, customers: &[&Customer]) -> Result<(), Error> {
        let is_one = |name: &String| customers.iter().any(|customer| customer.name == *name);
        let Some(other) = self.given.confirm.iter().find(|name| !is_one(name)) else {
            return Ok(());
        };
        Err(Error::Declined(match customers {
            [only] => {
                let what = match self.given.what {
                    For::Session => "the session would be on",
                    For::Credentials => "the credentials would be of",
                };
                format!("--confirm names {other}, but {what} {}", only.name)
            }
            _ => format!("--confirm names {other}, which is not a customer in the settings"),
        }))
    }

    /// Whether [`Asks::confirm`] will ask the person.
    pub(super) fn will_confirm(&self) -> bool {
        let asks = |customer: &&Customer| customer.confirm && !self.is_confirmed(customer);
        self.customers.iter().any(asks)
    }

    /// Asks for the names of the customers that demand it, if no flag gave them.
    /// It is one question for all of a customer's targets: `targets` says which they are.
    pub(super) async fn confirm(&self, targets: impl Fn(&Customer) -> String) -> Result<(), Error> {
        for customer in &self.customers {
            if !customer.confirm || self.is_confirmed(customer) {
                continue;
            }
            let (name, targets) = (&customer.name, targets(customer));
            let question = format!("{targets}: type the customer's name, {name}, to continue: ");
            if self.stages.ui.ask(&question).await?.as_ref() != Some(name) {
                let what = match self.given.what {
                    For::Session => "opened",
                    For::Credentials => "handed over",
                };
                return Err(Error::Declined(format!(
                    "{name} was not confirmed; nothing was {what}"
                )));
            }
        }
        Ok(())
    }

    /// What to type in a script.
    pub(super) fn scripted(&self) -> String {
        let (command, arguments) = &self.usage;
        let demanding = self.names(|customer| customer.confirm);
        let confirm = demanding.into_iter().flat_map(|name| ["--confirm", name]);
        let mut words = vec![command.clone()];
        words.extend(confirm.map(quoted));
        words.push(arguments.clone());
        format!("in a script: `vendor-ssm {}`", words.join(" ").trim_end())
    }

    fn is_confirmed(&self, customer: &Customer) -> bool {
        self.given.confirm.contains(&customer.name)
    }

    fn names(&self, which: impl Fn(&Customer) -> bool) -> Vec<&str> {
        let customers = self.customers.iter().filter(|customer| which(customer));
        customers.map(|customer| customer.name.as_str()).collect()
    }
}

/// A target in a question.
pub(super) fn described(target: &Target) -> String {
    let name = target.name.as_deref().unwrap_or("no name");
    format!("{} ({name}) in {}", target.instance_id, target.region)
}
