//! Sessions of type `Port`: what comes from the client goes to TCP connections, and back.
//!
//! Written after amazon-ssm-agent's `agent/session/plugins/port`: many connections at a time in
//! smux frames where both sides can do that, else one after the other with their bytes as they are.

mod basic;
mod dial;
mod mux;
mod smux;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value, json};

use super::agent::{Failure, Plugin, version};
use super::session::Session;
use dial::Destination;

/// Agents since this version multiplex.
const MUX_AFTER_AGENT: &[u64] = &[3, 0, 196, 0];
/// And with clients from this one.
const MUX_FROM_CLIENT: &[u64] = &[1, 1, 70];
/// Clients after this one want no smux keep-alive.
const NO_KEEP_ALIVE_AFTER_CLIENT: &[u64] = &[1, 2, 331, 0];

/// What is connected to.
#[derive(Clone, Debug, Default)]
pub struct Port {
    /// The document's `properties`:
    /// `portNumber`, perhaps `type` and `host`, and what is for the client alone.
    pub properties: BTreeMap<String, String>,
    /// Ports of the instance that are another port of this machine.
    pub ports: Vec<(u16, u16)>,
    /// Names that only the instance's resolver knows.
    pub hosts: Vec<(String, IpAddr)>,
}

impl Port {
    /// As the handshake has them.
    pub(super) fn properties(&self) -> Value {
        json!(self.properties)
    }

    fn property(&self, name: &str) -> &str {
        self.properties.get(name).map_or("", String::as_str)
    }
}

/// Starts what the versions of both sides call for.
pub fn start(
    port: &Port,
    session: &Arc<Session>,
    client_version: &str,
    agent_version: &str,
) -> Result<Box<dyn Plugin>, Failure> {
    let destination = Destination::of(port)?;
    let forwards = port.property("type") == "LocalPortForwarding";
    let (client, agent) = (version(client_version), version(agent_version));
    let (client, agent) = (client.as_slice(), agent.as_slice());
    if forwards && agent > MUX_AFTER_AGENT && client >= MUX_FROM_CLIENT {
        let keep_alive = client <= NO_KEEP_ALIVE_AFTER_CLIENT;
        Ok(Box::new(mux::start(destination, session, keep_alive)))
    } else {
        Ok(Box::new(basic::start(destination, session, forwards)))
    }
}
