//! `settings --aws-profile`: a profile for `~/.aws/config`.
//! By it, other programs get a customer's credentials from vendor-ssm.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::aws::SharedFiles;
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::os::Os;
use crate::platform::{places, quoted_in_profile};
use crate::settings::{Base, Customer};

use super::stages::Stages;

/// Runs `settings --aws-profile`.
pub(super) fn run(stages: &Stages<'_>) -> Result<Exit, Error> {
    let customer = stages.customer()?;
    let name = format!("vendor-ssm-{}", customer.name);
    let mut words = vec![text(&program(stages.os)?)?];
    words.extend(["credentials", "process", "-c", &customer.name].map(str::to_owned));
    if let Some(file) = config(stages) {
        words.extend(["--config".to_owned(), text(&file)?]);
    }
    if let Some(profile) = &stages.global.profile {
        words.extend(["--profile".to_owned(), profile.clone()]);
    }
    let words: Vec<String> = words.iter().map(|word| quoted_in_profile(word)).collect();
    let mut stanza = format!(
        "[profile {name}]\ncredential_process = {}\n",
        words.join(" ")
    );
    if let Some(region) = region(stages, customer) {
        // Writing to a string does not fail.
        let _ = writeln!(stanza, "region = {region}");
    }
    if SharedFiles::read(None, stages.os).profile(&name).is_some() {
        stages.ui.warn(&format!(
            "your AWS configuration already has a profile {name}: replace it, because two of one name are mixed"
        ));
    }
    if customer.vendor.base == Base::DefaultChain && stages.os.var("AWS_ACCESS_KEY_ID").is_none() {
        stages.ui.say(&format!(
            "set vendor.profile in the settings before you export AWS_PROFILE={name}: vendor-ssm would start from that profile, which is itself"
        ));
    }
    stages.ui.data(&stanza)?;
    Ok(Exit::Ok)
}

/// The customer's first region. vendor-ssm says so if there are others.
fn region<'a>(stages: &Stages<'_>, customer: &'a Customer) -> Option<&'a str> {
    let first = customer.regions.first()?.as_str();
    if customer.regions.len() > 1 {
        stages.ui.say(&format!(
            "{} has {} regions, and the profile names {first}: pass --region for another",
            customer.name,
            customer.regions.len()
        ));
    }
    Some(first)
}

/// This program by a path that outlives an update:
/// the link in a folder of `PATH` if there is one, else the file itself.
fn program(os: &Os) -> Result<PathBuf, Error> {
    let own = os.program().ok_or_else(|| Error::Usage {
        message: "the path of vendor-ssm is not known".to_owned(),
        hint: Some("write the profile by hand: docs/settings.md shows one".to_owned()),
    })?;
    let real = own.canonicalize().unwrap_or_else(|_| own.clone());
    let linked = own
        .file_name()
        .into_iter()
        .flat_map(|name| places::on_path(os, Path::new(name)))
        .find(|path| path.is_absolute() && path.canonicalize().is_ok_and(|path| path == real));
    Ok(linked.unwrap_or(own))
}

/// The settings file, if it is not where vendor-ssm looks by itself.
fn config(stages: &Stages<'_>) -> Option<PathBuf> {
    let named = stages.global.config.clone();
    let named = named.or_else(|| stages.os.var("VENDOR_SSM_CONFIG").map(PathBuf::from))?;
    Some(match &stages.os.current_dir {
        Some(here) => here.join(named),
        None => named,
    })
}

/// A path as text that one line can hold.
fn text(path: &Path) -> Result<String, Error> {
    path.to_str()
        .filter(|text| !text.contains(char::is_control))
        .map(str::to_owned)
        .ok_or_else(|| Error::Usage {
            message: format!(
                "{} cannot be written to ~/.aws/config: it has characters that the file cannot hold",
                path.display()
            ),
            hint: Some("use a path without line breaks and of valid UTF-8".to_owned()),
        })
}
