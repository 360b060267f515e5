//! The guards of every command that opens a session.
//! A customer may require a reason, and the settings may require the customer's name as a
//! confirmation. If vendor-ssm cannot ask for one of them, it refuses before it does anything.

use crate::args::Guards;
use crate::error::Error;
use crate::names::control_in;
use crate::session::{LONGEST_REASON, Target};
use crate::settings::Customer;

use super::stages::Stages;

/// Asks for the reason and the confirmation that the command line lacks.
pub(super) struct Asks<'a> {
    pub stages: &'a Stages<'a>,
    pub customer: &'a Customer,
    pub guards: &'a Guards,
    /// The command and its arguments, for a hint.
    pub usage: (&'static str, &'static str),
}

impl Asks<'_> {
    /// The reason from the flag, else `VENDOR_SSM_REASON`, else from the person if it is required.
    pub(super) async fn reason(&self) -> Result<Option<String>, Error> {
        let (ui, customer) = (self.stages.ui, self.customer);
        let flag = self.guards.reason.as_ref();
        let given = match flag.or(self.stages.settings.reason.as_ref()) {
            None if customer.require_reason && ui.can_prompt() => {
                ui.ask(&format!("reason for the session on {}: ", customer.name))
                    .await?
            }
            given => given.cloned(),
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
            None if customer.require_reason => {
                format!("{} requires a reason for each session", customer.name)
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

    /// Checks that the confirmation is there, or that vendor-ssm can ask for it.
    /// Errors: it names another customer, or there is no terminal to ask on.
    pub(super) fn answerable(&self) -> Result<(), Error> {
        let name = &self.customer.name;
        match &self.guards.confirm {
            Some(confirmed) if confirmed != name => Err(Error::Declined(format!(
                "--confirm names {confirmed}, but the session would be on {name}"
            ))),
            None if self.customer.confirm && !self.stages.ui.can_prompt() => {
                let (command, arguments) = self.usage;
                Err(Error::NeedsTerminal {
                    question: "the confirmation",
                    hint: format!(
                        "in a script: `vendor-ssm {command} -c {name} --confirm {name} {arguments}`"
                    ),
                })
            }
            _ => Ok(()),
        }
    }

    /// Asks for the customer's name, if the settings require that and no flag gave it.
    /// It is one question for all targets.
    pub(super) async fn confirm(&self, targets: &[&Target]) -> Result<(), Error> {
        if !self.customer.confirm || self.guards.confirm.is_some() || targets.is_empty() {
            return Ok(());
        }
        let targets: Vec<String> = targets
            .iter()
            .map(|target| {
                let name = target.name.as_deref().unwrap_or("no name");
                format!("{} ({name}) in {}", target.instance_id, target.region)
            })
            .collect();
        let question = format!(
            "{}: type the customer's name, {}, to continue: ",
            targets.join(", "),
            self.customer.name
        );
        match self.stages.ui.ask(&question).await? {
            Some(answer) if answer == self.customer.name => Ok(()),
            _ => Err(Error::Declined(format!(
                "{} was not confirmed; nothing was opened",
                self.customer.name
            ))),
        }
    }
}
