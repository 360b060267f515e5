//! EC2 instances as EC2 and Systems Manager describe them.

use std::net::IpAddr;

/// An EC2 instance, with what Systems Manager knows of its agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The instance id.
    pub id: String,
    /// The account id.
    pub account: String,
    /// The region.
    pub region: String,
    /// The availability zone.
    pub availability_zone: String,
    /// The instance type.
    pub instance_type: String,
    /// The state.
    pub state: InstanceState,
    /// The network interfaces, the primary one first. A terminated instance has lost them.
    pub interfaces: Vec<Interface>,
    /// The kind of operating system.
    pub platform: Platform,
    /// The name of the operating system, as the agent reports it.
    pub platform_name: String,
    /// The version of the operating system, as the agent reports it.
    pub platform_version: String,
    /// The tags, in no order.
    pub tags: Vec<(String, String)>,
    /// When it was launched, as ISO 8601 in UTC.
    pub launch_time: String,
    /// What Systems Manager says of the agent; none when none ever registered.
    pub ping_status: Option<PingStatus>,
    /// The version of the agent.
    pub agent_version: String,
    /// Users of its operating system, whom Run As can take.
    pub os_users: Vec<String>,
    /// Ports of the instance that are to be found at another port of this machine, such as an
    /// sshd's 22. All others are this machine's own of the same number.
    pub ports: Vec<(u16, u16)>,
    /// Names that the instance's resolver knows beside this machine's, with their addresses.
    pub hosts: Vec<(String, IpAddr)>,
}

/// A network interface. An IPv6-only one has no private address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interface {
    /// The private IPv4 addresses, the primary one first.
    pub private_ip_addresses: Vec<String>,
    /// The IPv6 addresses, in the form of RFC 5952 as EC2 writes them.
    pub ipv6_addresses: Vec<String>,
}

/// The state of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstanceState {
    /// It starts.
    Pending,
    /// It runs.
    Running,
    /// It is being stopped.
    Stopping,
    /// It is stopped.
    Stopped,
    /// It is being terminated.
    ShuttingDown,
    /// It is gone, and shown for about an hour more.
    Terminated,
}

/// Whether the agent answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PingStatus {
    /// It does.
    Online,
    /// It did.
    ConnectionLost,
}

/// The kind of operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
}

impl Instance {
    /// The instance's ARN.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:ec2:{}:{}:instance/{}",
            self.region, self.account, self.id
        )
    }

    /// The private IPv4 address: the primary one of the primary interface.
    pub fn private_ip_address(&self) -> Option<&str> {
        let primary = self.interfaces.first()?;
        primary.private_ip_addresses.first().map(String::as_str)
    }

    /// The IPv6 address: the first one of the primary interface.
    pub fn ipv6_address(&self) -> Option<&str> {
        let primary = self.interfaces.first()?;
        primary.ipv6_addresses.first().map(String::as_str)
    }

    /// The value of a tag; letter case of the key counts.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags
            .iter()
            .find(|(own, _)| own == key)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a session can be opened on it, who may set aside.
    pub fn is_connected(&self) -> bool {
        self.state == InstanceState::Running && self.ping_status == Some(PingStatus::Online)
    }
}

impl InstanceState {
    /// The name in EC2's answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::ShuttingDown => "shutting-down",
            Self::Terminated => "terminated",
        }
    }

    /// The code in EC2's answers.
    pub fn code(self) -> u8 {
        match self {
            Self::Pending => 0,
            Self::Running => 16,
            Self::ShuttingDown => 32,
            Self::Terminated => 48,
            Self::Stopping => 64,
            Self::Stopped => 80,
        }
    }
}

impl PingStatus {
    /// The name in Systems Manager's answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Online => "Online",
            Self::ConnectionLost => "ConnectionLost",
        }
    }
}

impl Platform {
    /// The `PlatformType` in Systems Manager's answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
        }
    }
}
