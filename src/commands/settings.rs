//! `settings`: every value and where it came from.

use serde::Serialize;

use crate::args::{Format, Output};
use crate::aws::General;
use crate::error::Error;
use crate::exit::Exit;
use crate::settings::Base;
use crate::ui::table;

use super::stages::Stages;

#[derive(Debug, Serialize)]
struct SettingsList {
    version: u8,
    file: String,
    settings: Vec<Setting>,
}

#[derive(Debug, Serialize)]
struct Setting {
    key: String,
    value: Option<String>,
    origin: String,
}

/// AWS's general settings, which variables and the base identity's profile set.
/// A customer with another base identity has its own.
fn general(stages: &Stages<'_>) -> Result<Vec<Setting>, Error> {
    let customers = &stages.settings.customers;
    let common = customers
        .first()
        .map_or(&Base::DefaultChain, |one| &one.vendor.base);
    let mut listed = Vec::new();
    let own = customers.iter().filter(|one| one.vendor.base != *common);
    let own = own.map(|one| (format!("customers.{}.aws", one.name), &one.vendor.base));
    for (section, base) in [("aws".to_owned(), common)].into_iter().chain(own) {
        listed.extend(
            General::read(base, stages.os)?
                .shown()
                .map(|shown| Setting {
                    key: format!("{section}.{}", shown.key),
                    value: shown.value,
                    origin: origin(shown.set_by),
                }),
        );
    }
    Ok(listed)
}

/// Fills in the endpoints that a customer's profile names, where nothing else names one.
/// If AWS's settings switch such endpoints off, those of AWS's variables are left out.
async fn add_endpoints(settings: &mut [Setting], stages: &Stages<'_>) -> Result<(), Error> {
    for customer in &stages.settings.customers {
        let general = General::read(&customer.vendor.base, stages.os)?;
        let prefix = format!("customers.{}.endpoints.", customer.name);
        let of_profile = general.endpoints_of_profile().await?;
        for setting in &mut *settings {
            let Some(service) = setting.key.strip_prefix(&prefix) else {
                continue;
            };
            if general.ignores_endpoints && setting.origin.starts_with("environment AWS_") {
                setting.value = None;
                setting.origin = origin(None);
            }
            let mut named = of_profile.iter().filter(|(of, _)| of.name() == service);
            if let (None, Some((_, found))) = (&setting.value, named.next()) {
                setting.value = Some(found.value.clone());
                setting.origin = origin(Some(found.set_by.clone()));
            }
        }
    }
    Ok(())
}

fn origin(set_by: Option<String>) -> String {
    match set_by {
        None => "default".to_owned(),
        Some(name) if name.starts_with("AWS_") || name.starts_with("SSL_") => {
            format!("environment {name}")
        }
        Some(key) => key,
    }
}

/// Runs `settings`.
pub(super) async fn run(stages: &Stages<'_>, output: Output) -> Result<Exit, Error> {
    let mut settings: Vec<Setting> = stages
        .settings
        .origins()
        .iter()
        .map(|setting| Setting {
            key: setting.key.clone(),
            value: setting.value.clone(),
            origin: setting.origin.to_string(),
        })
        .chain(general(stages)?)
        .collect();
    add_endpoints(&mut settings, stages).await?;
    if output.output == Format::Json {
        let file = stages.settings.location.path.display().to_string();
        stages.ui.json(&SettingsList {
            version: 1,
            file,
            settings,
        })?;
    } else {
        let rows = settings.iter().map(|setting| {
            [
                Some(setting.key.as_str()),
                setting.value.as_deref(),
                Some(setting.origin.as_str()),
            ]
        });
        stages
            .ui
            .data(&table::columns(["KEY", "VALUE", "FROM"], rows))?;
    }
    Ok(Exit::Ok)
}
