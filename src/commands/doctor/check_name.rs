//! The names of `doctor`'s checks, in the order in which they are done, and what each builds on.

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CheckName {
    Settings,
    Terminal,
    Plugin,
    Keyring,
    Journal,
    Endpoints,
    Proxy,
    Ca,
    Ssmmessages,
    Clock,
    BaseIdentity,
    VendorRole,
    CustomerRole,
    ExternalId,
    List,
    Ping,
    Document,
    OpenDataChannel,
}

/// What a check needs before it can be done.
/// What comes later in this list also needs what comes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    ThisMachine,
    /// Settings that lead to a customer.
    Customer,
    /// A client that is set up to reach AWS.
    WayToAws,
    /// An answer from AWS, whatever it says.
    Answer,
    BaseIdentity,
    VendorRole,
    CustomerRole,
}

impl CheckName {
    /// Every check, in the order in which they are done.
    pub(super) const ALL: [Self; 18] = [
        Self::Settings,
        Self::Terminal,
        Self::Plugin,
        Self::Keyring,
        Self::Journal,
        Self::Endpoints,
        Self::Proxy,
        Self::Ca,
        Self::Ssmmessages,
        Self::Clock,
        Self::BaseIdentity,
        Self::VendorRole,
        Self::CustomerRole,
        Self::ExternalId,
        Self::List,
        Self::Ping,
        Self::Document,
        Self::OpenDataChannel,
    ];

    /// The word that text and JSON show.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Terminal => "terminal",
            Self::Plugin => "plugin",
            Self::Keyring => "keyring",
            Self::Journal => "journal",
            Self::Endpoints => "endpoints",
            Self::Proxy => "proxy",
            Self::Ca => "ca",
            Self::Ssmmessages => "ssmmessages",
            Self::Clock => "clock",
            Self::BaseIdentity => "base-identity",
            Self::VendorRole => "vendor-role",
            Self::CustomerRole => "customer-role",
            Self::ExternalId => "external-id",
            Self::List => "list",
            Self::Ping => "ping",
            Self::Document => "document",
            Self::OpenDataChannel => "open-data-channel",
        }
    }

    pub(super) const fn needs(self) -> Need {
        match self {
            Self::Settings | Self::Terminal | Self::Plugin | Self::Keyring | Self::Journal => {
                Need::ThisMachine
            }
            Self::Endpoints | Self::Proxy | Self::Ca | Self::Ssmmessages => Need::Customer,
            Self::Clock => Need::WayToAws,
            // The last two are never tried: they say what to compare with.
            Self::BaseIdentity | Self::Document | Self::OpenDataChannel => Need::Answer,
            Self::VendorRole => Need::BaseIdentity,
            Self::CustomerRole | Self::ExternalId => Need::VendorRole,
            Self::List | Self::Ping => Need::CustomerRole,
        }
    }

    /// Whether the customer can put it right.
    pub(super) const fn is_customers(self) -> bool {
        matches!(
            self,
            Self::CustomerRole | Self::ExternalId | Self::List | Self::Ping
        )
    }
}

#[cfg(test)]
mod tests {
    use super::CheckName;

    #[test]
    fn a_check_has_one_name_in_text_and_json() {
        for name in CheckName::ALL {
            let json = serde_json::to_value(name).unwrap();
            assert_eq!(json, name.as_str());
        }
    }
}
