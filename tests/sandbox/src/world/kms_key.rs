//! KMS keys.

/// A symmetric KMS key whose policy leaves it to IAM who may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsKey {
    /// The account id.
    pub account: String,
    /// The region.
    pub region: String,
    /// The key id, a UUID.
    pub id: String,
    /// An alias, with `alias/` in front.
    pub alias: Option<String>,
    /// Whether it can be used.
    pub enabled: bool,
}

impl KmsKey {
    /// The key's ARN.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:kms:{}:{}:key/{}",
            self.region, self.account, self.id
        )
    }

    /// The ARN of its alias.
    pub fn alias_arn(&self) -> Option<String> {
        let alias = self.alias.as_ref()?;
        Some(format!(
            "arn:aws:kms:{}:{}:{alias}",
            self.region, self.account
        ))
    }
}
