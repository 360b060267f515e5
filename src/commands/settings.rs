//! `settings`: every value and where it came from.

use serde::Serialize;

use crate::args::{Format, Output};
use crate::error::Error;
use crate::exit::Exit;
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

/// Runs `settings`.
pub(super) fn run(stages: &Stages<'_>, output: Output) -> Result<Exit, Error> {
    let settings: Vec<Setting> = stages
        .settings
        .origins()
        .iter()
        .map(|setting| Setting {
            key: setting.key.clone(),
            value: setting.value.clone(),
            origin: setting.origin.to_string(),
        })
        .collect();
    if output.output == Format::Json {
        let file = stages.settings.file.display().to_string();
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
