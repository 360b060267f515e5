//! The values of a profile as types. A value that AWS would refuse is named with file and line.

use std::str::FromStr;

use aws_credential_types::Credentials;

use super::root::{ProfileRole, Sso};
use super::sound::sound;
use crate::aws::{Section, SharedFiles};
use crate::identity::error::{Error, ErrorKind};
use crate::names::{Malformed, Region};

/// The keys that the profile itself holds.
pub(super) fn keys(profile: &Section) -> Result<Option<Credentials>, Error> {
    let mut texts = [None; 3];
    let names = [
        "aws_access_key_id",
        "aws_secret_access_key",
        "aws_session_token",
    ];
    for (text, key) in texts.iter_mut().zip(names) {
        let Some(value) = profile.value(key) else {
            continue;
        };
        sound(&value.text).map_err(|holds| ErrorKind::UnusableValue {
            what: format!("{key} of the profile {} ({})", profile.name(), value.place),
            holds,
        })?;
        *text = Some(value.text.as_str());
    }
    let [id, secret, token] = texts;
    match (id, secret) {
        (None, _) => Ok(None),
        (Some(_), None) => {
            let why = "it has aws_access_key_id, and no aws_secret_access_key";
            Err(unusable(profile, why))
        }
        (Some(id), Some(secret)) => Ok(Some(Credentials::new(
            id,
            secret,
            token.map(str::to_owned),
            None,
            "profile",
        ))),
    }
}

impl ProfileRole {
    pub(super) fn read(profile: &Section) -> Result<Self, Error> {
        fn parsed<T: FromStr<Err = Malformed>>(
            profile: &Section,
            key: &str,
        ) -> Result<Option<T>, Error> {
            let parse = |text: &str| text.parse::<T>();
            let value = profile.get(key).map(parse).transpose();
            value.map_err(|Malformed(why)| wrong_value(profile, key, &why))
        }
        let seconds = profile.get("duration_seconds").map(str::parse::<u32>);
        Ok(Self {
            profile: profile.name().to_owned(),
            role_arn: parsed(profile, "role_arn")?
                .ok_or_else(|| unusable(profile, "it has no role_arn"))?,
            external_id: parsed(profile, "external_id")?,
            session_name: parsed(profile, "role_session_name")?,
            mfa_serial: profile.get("mfa_serial").map(str::to_owned),
            duration_seconds: seconds.transpose().map_err(|_| {
                wrong_value(profile, "duration_seconds", "expected a number of seconds")
            })?,
        })
    }
}

impl Sso {
    /// The keys of the profile, or of the `[sso-session]` section that it names.
    pub(super) fn read(files: &SharedFiles, profile: &Section) -> Result<Self, Error> {
        let session = profile.get("sso_session");
        let shared = match session {
            None => profile,
            Some(name) => files.sso_session(name).ok_or_else(|| {
                let why = format!("its section [sso-session {name}] does not exist");
                unusable(profile, &why)
            })?,
        };
        let needed = |section: &Section, key: &str| {
            let value = section.get(key).map(str::to_owned);
            value.ok_or_else(|| unusable(profile, &format!("{key} is missing")))
        };
        let region = needed(shared, "sso_region")?;
        if region.parse::<Region>().is_err() {
            return Err(wrong_value(
                shared,
                "sso_region",
                "this is not the code of a region",
            ));
        }
        Ok(Self {
            session: session.map(str::to_owned),
            start_url: needed(shared, "sso_start_url")?,
            region,
            account_id: needed(profile, "sso_account_id")?,
            role_name: needed(profile, "sso_role_name")?,
        })
    }
}

/// The profile is there, and what it says makes no base identity.
pub(super) fn unusable(profile: &Section, why: &str) -> Error {
    ErrorKind::Profile {
        name: profile.name().to_owned(),
        place: profile.place().unwrap_or_default(),
        why: why.to_owned(),
    }
    .into()
}

/// A value of a profile is not what it should be.
pub(super) fn wrong_value(section: &Section, key: &str, why: &str) -> Error {
    let place = section.value(key).map(|value| value.place.to_string());
    ErrorKind::ProfileValue {
        place: place.unwrap_or_default(),
        key: key.to_owned(),
        why: why.to_owned(),
    }
    .into()
}
