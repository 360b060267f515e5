//! `login` assumes both roles and stores their credentials; `logout` deletes them.

use std::io::Read as _;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::args;
use crate::callbacks::{Answer, Callbacks, Unasked, asked};
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

use super::stages::Stages;
use super::whoami::expires;

/// The longest input for an MFA code, in bytes; AWS's codes have six digits.
const LONGEST_CODE: u64 = 64;

/// Runs `login`.
pub(super) async fn login(stages: &Stages<'_>, args: &args::Login) -> Result<Exit, Error> {
    let customer = stages.customer()?;
    let aws = stages.aws(customer).await?;
    let from_stdin = CodeFromStdin {
        ui: stages.ui,
        used: AtomicBool::new(false),
    };
    let callbacks: &dyn Callbacks = if args.mfa_code_stdin {
        &from_stdin
    } else {
        stages.ui
    };
    let identity = stages.identity(callbacks, true);
    let role = identity.login(customer, &aws).await?;
    stages.ui.say(&format!(
        "logged in to {} as {} until {}",
        customer.name,
        role.arn,
        expires(&role)
    ));
    Ok(Exit::Ok)
}

/// Runs `logout`.
pub(super) async fn logout(stages: &Stages<'_>) -> Result<Exit, Error> {
    let named = stages.global.customer.as_deref();
    let known: Vec<&str> = stages
        .settings
        .customers
        .iter()
        .map(|customer| customer.name.as_str())
        .collect();
    if let Some(name) = named.filter(|name| !known.contains(name)) {
        stages
            .ui
            .warn(&format!("customer {name:?} is not in the settings file"));
    }
    let identity = stages.identity(stages.ui, false);
    identity.logout(named, &known).await?;
    stages.ui.say(&match named {
        Some(name) => format!("deleted the cached credentials of {name}"),
        None => "deleted all cached credentials".to_owned(),
    });
    Ok(Exit::Ok)
}

/// Answers one question from standard input, and declines to answer again after a wrong code.
struct CodeFromStdin<'a> {
    ui: &'a Ui,
    used: AtomicBool,
}

impl Callbacks for CodeFromStdin<'_> {
    fn step(&self, text: &str) {
        self.ui.step(text);
    }

    fn warn(&self, text: &str) {
        self.ui.warn(text);
    }

    fn say(&self, text: &str) {
        self.ui.say(text);
    }

    fn hand_over(&self) {
        self.ui.hand_over();
    }

    fn mfa_code<'a>(&'a self, _serial: &'a str, _retry: bool) -> Answer<'a> {
        let is_used = self.used.swap(true, Ordering::Relaxed);
        Box::pin(async move {
            if is_used {
                return Err(Unasked::Declined);
            }
            let code = asked(|| {
                let mut code = String::new();
                std::io::stdin()
                    .take(LONGEST_CODE)
                    .read_to_string(&mut code)?;
                Ok(code)
            });
            Ok(code.await?.trim().to_owned())
        })
    }
}
