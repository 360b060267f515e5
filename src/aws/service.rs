//! The AWS services that vendor-ssm calls.

/// One of the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    /// Security Token Service.
    Sts,
    /// Elastic Compute Cloud.
    Ec2,
    /// Systems Manager.
    Ssm,
    /// Key Management Service.
    Kms,
}

impl Service {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Sts, Self::Ec2, Self::Ssm, Self::Kms];

    /// Its name in host names, `services` sections and messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Ec2 => "ec2",
            Self::Ssm => "ssm",
            Self::Kms => "kms",
        }
    }
}
