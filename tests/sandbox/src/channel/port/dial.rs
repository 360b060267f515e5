//! Where a port session connects to, and where it must not.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tokio::net::{TcpStream, lookup_host};

use super::super::agent::Failure;
use super::Port;

/// The addresses that agents refuse:
/// of instance metadata, DNS, time and the like (amazon-ssm-agent's
/// `DefaultDeniedPortForwardingRemoteIPs`). Those that depend on the VPC are not played.
const FORBIDDEN: [&str; 9] = [
    "169.254.169.254",
    "fd00:ec2::254",
    "169.254.169.253",
    "fd00:ec2::253",
    "169.254.169.123",
    "fd00:ec2::123",
    "169.254.169.250",
    "169.254.169.251",
    "fd00:ec2::240",
];

/// A port of the node or of a host it can reach.
pub struct Destination {
    port: u16,
    /// Empty is the node itself.
    host: String,
    hosts: Vec<(String, IpAddr)>,
}

impl Destination {
    /// Reads the document's properties.
    pub fn of(port: &Port) -> Result<Self, Failure> {
        let failure = |farewell| Failure {
            outputs: Vec::new(),
            farewell,
        };
        let number = port.property("portNumber");
        if number.is_empty() {
            let text = "Port number is empty in session properties.";
            return Err(failure(text.to_owned()));
        }
        let number: u16 = number.parse().map_err(|_| {
            failure(format!(
                "Unable to connect to specified port: invalid port {number}"
            ))
        })?;
        let host = port.property("host").to_owned();
        let elsewhere = port
            .ports
            .iter()
            .find(|(own, _)| *own == number && host.is_empty());
        Ok(Self {
            port: elsewhere.map_or(number, |(_, here)| *here),
            host,
            hosts: port.hosts.clone(),
        })
    }

    /// The addresses, looked up once, before anything is connected.
    /// The error is what the agent says of a name that it cannot look up, in Go's words, and of the
    /// addresses that it refuses (amazon-ssm-agent, `validateParameters` in
    /// `agent/session/plugins/port/port.go`).
    pub async fn addresses(&self) -> Result<Vec<IpAddr>, String> {
        if self.host.is_empty() {
            return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
        }
        let own = |(name, _): &&(String, IpAddr)| *name == self.host;
        let mut addresses: Vec<IpAddr> = self.hosts.iter().filter(own).map(|(_, ip)| *ip).collect();
        if addresses.is_empty() {
            let found = lookup_host((self.host.as_str(), self.port)).await;
            let found = found.map_err(|_unsaid| {
                // The server is the one of a VPC.
                format!("lookup {} on 10.0.0.2:53: no such host", self.host)
            })?;
            addresses.extend(found.map(|address| address.ip()));
        }
        let forbidden = |ip: &IpAddr| FORBIDDEN.contains(&ip.to_canonical().to_string().as_str());
        if addresses.iter().any(forbidden) {
            return Err(format!(
                "Forwarding to IP address {} is forbidden.",
                self.host
            ));
        }
        Ok(addresses)
    }

    /// The first connection that comes about, or why the first did not, in Go's words.
    pub async fn dial(&self, addresses: &[IpAddr]) -> Result<TcpStream, String> {
        let mut first = None;
        for address in addresses {
            match TcpStream::connect((*address, self.port)).await {
                Ok(connection) => {
                    // As every connection of a Go program.
                    let _unsupported = connection.set_nodelay(true);
                    return Ok(connection);
                }
                Err(error) => first.get_or_insert_with(|| self.words(*address, &error)),
            };
        }
        Err(first.unwrap_or_else(|| "missing address".to_owned()))
    }

    fn words(&self, address: IpAddr, error: &io::Error) -> String {
        let reason = match error.kind() {
            io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
            io::ErrorKind::HostUnreachable => "no route to host".to_owned(),
            io::ErrorKind::NetworkUnreachable => "network is unreachable".to_owned(),
            io::ErrorKind::TimedOut => "connection timed out".to_owned(),
            _ => error.to_string(),
        };
        let address = std::net::SocketAddr::new(address, self.port);
        format!("dial tcp {address}: connect: {reason}")
    }
}
