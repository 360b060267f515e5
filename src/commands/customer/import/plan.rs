//! What an import writes: which profiles become which customers, and through which vendor roles.

use crate::args::ImportCustomers;
use crate::aws::SharedFiles;
use crate::names::{Region, RoleArn};
use crate::settings::{Customer, Documents, NewCustomer, NewVendor};

use super::chain::{self, Base, Chained, Hop, Not};

/// The longest name that a customer gets from a profile.
const LONGEST_NAME: usize = 64;

/// What is known before the import.
pub(super) struct Known<'a> {
    /// The customers in the settings.
    pub customers: &'a [Customer],
    /// The vendor role in the settings' `[vendor]`.
    pub vendor_role: Option<RoleArn>,
    /// The other keys that are set there.
    pub vendor_keys: Vec<&'static str>,
    /// The regions of profiles that have none.
    pub regions: &'a [Region],
}

/// What is written, and what is not.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The vendor that is new in `[vendor]`.
    pub vendor: Option<NewVendor>,
    pub customers: Vec<NewCustomer>,
    /// What to say of single profiles: their name, and what became of them.
    pub notes: Vec<(String, String)>,
    /// Profiles that the settings have already.
    pub there: usize,
    /// Profiles that assume no role.
    pub without_role: usize,
}

impl Plan {
    /// Plans an import. The tag of the customers is decided later.
    pub(super) fn new(files: &SharedFiles, known: &Known<'_>, args: &ImportCustomers) -> Self {
        let mut plan = Self::default();
        let (chains, refused) = plan.chains(files);
        let mut taken: Vec<(Chained, NewVendor, Vec<Region>, String)> = Vec::new();
        for chained in chains {
            let profile = chained.profile.clone();
            let mut note = |text: String| plan.notes.push((profile.clone(), text));
            if let Some(there) = known.customers.iter().find(|one| is_same(one, &chained)) {
                plan.there += 1;
                note(format!("already there as customer {}", there.name));
                continue;
            }
            let regions = match regions(&chained, known.regions) {
                Ok(regions) => regions,
                Err(why) => {
                    note(why);
                    continue;
                }
            };
            let role = args.vendor_role_arn.as_ref().or(known.vendor_role.as_ref());
            let Some(vendor) = vendor(&chained.hop, role) else {
                note(
                    "its source assumes no vendor role, which vendor-ssm needs: pass --vendor-role-arn"
                        .to_owned(),
                );
                continue;
            };
            if vendor.role_arn.partition() != chained.role_arn.partition() {
                note(format!(
                    "the vendor role {} is in another partition",
                    vendor.role_arn
                ));
                continue;
            }
            let same = taken.iter_mut().find(|(other, ..)| {
                other.role_arn == chained.role_arn && other.external_id == chained.external_id
            });
            if let Some((other, _, all, _)) = same {
                note(format!(
                    "the same role as profile {}: one customer",
                    other.profile
                ));
                all.extend(regions);
                continue;
            }
            match fitted(&profile) {
                None => note(
                    "a customer's name needs a letter or digit, and at most 64 characters: rename the profile"
                        .to_owned(),
                ),
                Some(name) if known.customers.iter().any(|one| one.name == name) => note(format!(
                    "the settings have another customer {name}: rename the profile or that customer"
                )),
                Some(name) => taken.push((chained, vendor, regions, name)),
            }
        }
        plan.notes.extend(refused);
        let taken = plan.without_collisions(taken);
        plan.take(taken, known);
        plan
    }

    /// The profiles that may be customers, and those that are refused.
    fn chains(&mut self, files: &SharedFiles) -> (Vec<Chained>, Vec<(String, String)>) {
        let mut chains = Vec::new();
        let mut refused = Vec::new();
        for name in files.names() {
            let Some(profile) = files.profile(name) else {
                continue;
            };
            match chain::read(files, profile) {
                Ok(chained) => chains.push(chained),
                Err(Not::Role) => self.without_role += 1,
                Err(Not::Usable(why)) => refused.push((name.to_owned(), why)),
            }
        }
        // A vendor role's own profile is not missing from the import.
        let is_vendor = |name: &str| {
            let mut chains = chains.iter();
            chains.any(|one: &Chained| one.hop.name.as_deref() == Some(name))
        };
        refused.retain(|(name, _)| !is_vendor(name));
        refused.extend(
            files
                .nameless_profiles()
                .map(|(name, why)| (name.to_owned(), why)),
        );
        (chains, refused)
    }

    /// Leaves out the profiles that would have one customer's name.
    fn without_collisions(
        &mut self,
        taken: Vec<(Chained, NewVendor, Vec<Region>, String)>,
    ) -> Vec<(Chained, NewVendor, Vec<Region>, String)> {
        let names: Vec<(String, String)> = taken
            .iter()
            .map(|(chained, .., name)| (chained.profile.clone(), name.clone()))
            .collect();
        let mut kept = Vec::new();
        for one in taken {
            let (profile, name) = (&one.0.profile, &one.3);
            let other = names
                .iter()
                .find(|(other, fitted)| fitted == name && other != profile);
            match other {
                None => kept.push(one),
                Some((other, _)) => self.notes.push((
                    profile.clone(),
                    format!("profile {other} would be customer {name} too: rename one of them"),
                )),
            }
        }
        kept
    }

    /// Makes the customers and finds where each one's vendor is written.
    fn take(&mut self, taken: Vec<(Chained, NewVendor, Vec<Region>, String)>, known: &Known<'_>) {
        let mut common = known.vendor_role.clone();
        if common.is_none() && known.customers.is_empty() {
            self.vendor = most(taken.iter().map(|(_, vendor, ..)| vendor)).cloned();
            common = self.vendor.as_ref().map(|vendor| vendor.role_arn.clone());
        }
        let keys = match &self.vendor {
            Some(vendor) => keys_of(vendor),
            None => known.vendor_keys.clone(),
        };
        for (chained, vendor, regions, name) in taken {
            let is_common = match &self.vendor {
                Some(common) => vendor == *common,
                None => Some(&vendor.role_arn) == common.as_ref(),
            };
            if name != chained.profile {
                self.notes.push((
                    chained.profile.clone(),
                    format!("imported as customer {name}"),
                ));
            }
            if !chained.left_behind.is_empty() {
                let keys = chained.left_behind.join(", ");
                self.notes
                    .push((chained.profile.clone(), format!("imported without {keys}")));
            }
            let own = keys_of(&vendor);
            let inherited: Vec<&str> = keys
                .iter()
                .filter(|it| !own.contains(it))
                .copied()
                .collect();
            if !is_common && !inherited.is_empty() {
                self.notes.push((
                    chained.profile,
                    format!(
                        "customer {name} also takes from [vendor], which the profile does not: {}",
                        inherited.join(", ")
                    ),
                ));
            }
            let mut all = Vec::new();
            for region in regions {
                if !all.contains(&region) {
                    all.push(region);
                }
            }
            self.customers.push(NewCustomer {
                name,
                role_arn: chained.role_arn,
                external_id: chained.external_id,
                tag_key: None,
                tag_value: String::new(),
                regions: all,
                confirm: false,
                require_reason: false,
                grant_ends: None,
                documents: Documents::default(),
                duration_seconds: chained.duration_seconds,
                vendor: (!is_common).then_some(vendor),
            });
        }
    }
}

fn is_same(there: &Customer, chained: &Chained) -> bool {
    there.role_arn == chained.role_arn && there.external_id == chained.external_id
}

/// The profile's region, else those of the command line.
fn regions(chained: &Chained, given: &[Region]) -> Result<Vec<Region>, String> {
    if let Some(region) = &chained.region {
        return Ok(vec![region.clone()]);
    }
    let partition = chained.role_arn.partition();
    let fit = given.iter().filter(|one| one.partition() == partition);
    let regions: Vec<Region> = fit.cloned().collect();
    if regions.is_empty() {
        return Err("it has no region: pass --region".to_owned());
    }
    Ok(regions)
}

/// The vendor's keys; `None` if there is no vendor role.
fn vendor(hop: &Hop, given: Option<&RoleArn>) -> Option<NewVendor> {
    let (profile, credential_source) = match &hop.base {
        Base::Profile(name) => (Some(name.clone()), None),
        Base::Source(word) => (None, Some(*word)),
    };
    Some(NewVendor {
        profile,
        credential_source,
        role_arn: hop.role_arn.as_ref().or(given)?.clone(),
        role_session_name: hop.role_session_name.clone(),
        mfa_serial: hop.mfa_serial.clone(),
        duration_seconds: hop.duration_seconds,
    })
}

/// The keys that would hold for a customer whose own section leaves them out.
pub(super) const INHERITED: [&str; 4] = [
    "role_session_name",
    "source_identity",
    "mfa_serial",
    "duration_seconds",
];

fn keys_of(vendor: &NewVendor) -> Vec<&'static str> {
    let is_set = |key: &&str| match *key {
        "role_session_name" => vendor.role_session_name.is_some(),
        "mfa_serial" => vendor.mfa_serial.is_some(),
        "duration_seconds" => vendor.duration_seconds.is_some(),
        _ => false,
    };
    INHERITED.into_iter().filter(is_set).collect()
}

/// The one that occurs most often, the first among equals.
fn most<'a>(vendors: impl Iterator<Item = &'a NewVendor>) -> Option<&'a NewVendor> {
    let mut counted: Vec<(&NewVendor, usize)> = Vec::new();
    for vendor in vendors {
        match counted.iter_mut().find(|(known, _)| *known == vendor) {
            Some((_, count)) => *count += 1,
            None => counted.push((vendor, 1)),
        }
    }
    let most = counted.iter().map(|(_, count)| *count).max()?;
    let first = counted.into_iter().find(|(_, count)| *count == most);
    first.map(|(vendor, _)| vendor)
}

/// The profile's name as a customer's: what a customer's name cannot hold becomes a hyphen.
fn fitted(profile: &str) -> Option<String> {
    let mut name = String::new();
    for character in profile.chars() {
        if character.is_ascii_alphanumeric() || "._-".contains(character) {
            name.push(character);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_start_matches(['.', '_', '-']);
    // A trailing hyphen stays if the profile has it.
    let name = if profile.ends_with('-') {
        name
    } else {
        name.trim_end_matches('-')
    };
    (1..=LONGEST_NAME)
        .contains(&name.len())
        .then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn a_profiles_name_is_made_fit() {
        let long = "x".repeat(65);
        for (profile, name) in [
            ("acme", Some("acme")),
            ("Acme.prod_1-eu", Some("Acme.prod_1-eu")),
            ("acme corp / prod", Some("acme-corp-prod")),
            ("[acme]", Some("acme")),
            ("-x", Some("x")),
            ("..", None),
            ("Übergröße", Some("bergr-e")),
            ("日本", None),
            ("a\u{202e}b", Some("a-b")),
            ("$(reboot)", Some("reboot")),
            (&long, None),
        ] {
            assert_eq!(fitted(profile).as_deref(), name, "{profile:?}");
        }
    }
}
