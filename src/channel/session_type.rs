//! What kind of session the agent says it is. Pure. A port's bytes travel in one of three ways.
//!
//! Neither side tells the other which way it chose. Both derive it from the document's properties
//! and the other's version (`IsMuxSupported` and its neighbours in session-manager-plugin's
//! `portsession`, `port_mux.go` in amazon-ssm-agent). So what is reported and what is spoken have
//! to agree.

use serde::Deserialize;

/// Agents after this one multiplex local port forwarding.
const MULTIPLEXES_AFTER: [u64; 4] = [3, 0, 196, 0];
/// Agents after this one need no keep-alive inside the multiplexed stream.
const NO_KEEP_ALIVE_AFTER: [u64; 4] = [3, 1, 1511, 0];

/// The version that this client reports. AWS names 1.2.764.0 the minimum it supports.
pub(super) const CLIENT_VERSION: &str = "1.2.764.0";
/// The version that it reports where it does not multiplex:
/// agents do for any client from 1.1.70.0 on.
const BASIC_CLIENT_VERSION: &str = "1.1.61.0";

/// What a client carries, and so which sessions it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// A terminal: `Standard_Stream` and `InteractiveCommands`.
    Terminal,
    /// A command without a terminal: `NonInteractiveCommands`.
    Command,
    /// The bytes of a port: `Port`.
    Port,
}

/// What the session is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionType {
    /// A shell or command with a terminal.
    /// Without encryption it has no handshake and is known by its first output.
    Terminal,
    /// A command without a terminal.
    Command,
    /// The bytes of a port.
    Port(Port),
}

/// How a port's bytes travel, and what the document says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// How its bytes travel.
    pub mode: PortMode,
    /// What the document says of it. Hostile.
    pub properties: PortProperties,
}

/// How the bytes of a port travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortMode {
    /// Any number of connections as streams of smux version 1.
    Multiplexed {
        /// Whether the agent expects its keep-alive frames.
        keep_alive: bool,
    },
    /// One connection after the other:
    /// [`Flag::DisconnectToPort`](super::Flag::DisconnectToPort) ends one, and the agent makes the
    /// next when data comes.
    Basic,
    /// One connection, as long as the session.
    Stdio,
}

/// The properties of a session document for ports, as text like all of a document's values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PortProperties {
    /// The target's port.
    pub port_number: String,
    /// The port to listen on here; empty or `0` is any.
    pub local_port_number: String,
    /// `unix` to listen on a socket file instead.
    pub local_connection_type: String,
    /// That socket file.
    pub local_unix_socket: String,
    /// `LocalPortForwarding`, or empty for one connection on standard input and output.
    #[serde(rename = "type")]
    pub forwarding: String,
    /// The host that the target connects to; empty is itself.
    pub host: String,
}

impl SessionType {
    /// Reads the agent's description; an error is the name of a type that `accepts` does not hold.
    pub fn read(
        parameters: &serde_json::Value,
        agent_version: &str,
        accepts: Accepts,
    ) -> Result<Self, String> {
        let name = parameters["SessionType"].as_str().unwrap_or_default();
        match (name, accepts) {
            ("Standard_Stream" | "InteractiveCommands", Accepts::Terminal) => Ok(Self::Terminal),
            ("NonInteractiveCommands", Accepts::Command) => Ok(Self::Command),
            ("Port", Accepts::Port) => Ok(Self::Port(Port::read(
                &parameters["Properties"],
                agent_version,
            ))),
            _ => Err(name.to_owned()),
        }
    }

    /// The version that this client has to report for the agent to speak as it does.
    pub fn client_version(&self) -> &'static str {
        match self {
            Self::Port(Port {
                mode: PortMode::Basic,
                ..
            }) => BASIC_CLIENT_VERSION,
            _ => CLIENT_VERSION,
        }
    }
}

impl Port {
    fn read(properties: &serde_json::Value, agent_version: &str) -> Self {
        let properties = PortProperties::deserialize(properties).unwrap_or_default();
        let mode = if properties.forwarding != "LocalPortForwarding" {
            PortMode::Stdio
        } else if is_after(agent_version, MULTIPLEXES_AFTER) {
            PortMode::Multiplexed {
                keep_alive: !is_after(agent_version, NO_KEEP_ALIVE_AFTER),
            }
        } else {
            PortMode::Basic
        };
        Self { mode, properties }
    }
}

/// Versions have four numbers; any other text is after none.
fn is_after(version: &str, other: [u64; 4]) -> bool {
    let numbers: Option<Vec<u64>> = version
        .split('.')
        .map(|number| number.parse().ok())
        .collect();
    numbers.is_some_and(|numbers| numbers.len() == other.len() && numbers[..] > other[..])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn port(properties: &Value, agent_version: &str) -> Port {
        let parameters = json!({ "SessionType": "Port", "Properties": properties });
        match SessionType::read(&parameters, agent_version, Accepts::Port) {
            Ok(SessionType::Port(port)) => port,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_port_travels_as_both_sides_derive_it() {
        let forwarding = json!({ "type": "LocalPortForwarding", "portNumber": "80" });
        let mode = |version| port(&forwarding, version).mode;
        let multiplexed = |keep_alive| PortMode::Multiplexed { keep_alive };
        assert_eq!(mode("3.3.987.0"), multiplexed(false));
        assert_eq!(mode("3.1.1511.1"), multiplexed(false));
        assert_eq!(mode("3.1.1511.0"), multiplexed(true));
        assert_eq!(mode("3.0.196.1"), multiplexed(true));
        for old in [
            "3.0.196.0",
            "2.3.722.0",
            "3.3.987",
            "3.3.987.0.1",
            "",
            "a.b.c.d",
        ] {
            assert_eq!(mode(old), PortMode::Basic, "{old}");
        }
        let ssh = port(&json!({ "portNumber": "22" }), "3.3.987.0");
        assert_eq!(ssh.mode, PortMode::Stdio);
        assert_eq!(ssh.properties.port_number, "22");
        assert_eq!(port(&Value::Null, "3.3.987.0").mode, PortMode::Stdio);
    }

    #[test]
    fn what_is_reported_agrees_with_what_is_spoken() {
        let version = |agent_version| {
            let forwarding = json!({ "type": "LocalPortForwarding" });
            SessionType::Port(port(&forwarding, agent_version)).client_version()
        };
        assert!(is_after(version("3.3.987.0"), [1, 1, 70, 0]));
        assert!(!is_after(version("3.0.196.0"), [1, 1, 69, u64::MAX]));
        assert_eq!(SessionType::Terminal.client_version(), CLIENT_VERSION);
    }

    #[test]
    fn each_client_takes_its_own_types() {
        let read = |name: &str, accepts| {
            SessionType::read(&json!({ "SessionType": name }), "3.3.987.0", accepts).is_ok()
        };
        for (name, accepts) in [
            ("Standard_Stream", Accepts::Terminal),
            ("InteractiveCommands", Accepts::Terminal),
            ("NonInteractiveCommands", Accepts::Command),
            ("Port", Accepts::Port),
        ] {
            for other in [Accepts::Terminal, Accepts::Command, Accepts::Port] {
                assert_eq!(read(name, other), other == accepts, "{name} as {other:?}");
            }
        }
        assert!(!read("Dance", Accepts::Terminal) && !read("", Accepts::Port));
    }
}
