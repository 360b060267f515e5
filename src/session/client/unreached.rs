//! What agents say of a port session that reached nothing. Pure.
//!
//! From amazon-ssm-agent, `agent/session/plugins/port` and
//! `agent/framework/processor/executer/outofproc/master.go`.

/// Why the agent reached nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreached<'a> {
    /// It could not look up this host, which ends the session (`validateParameters` in `port.go`).
    Unresolved(&'a str),
    /// It forwards to no such address: instance metadata, DNS, time (`validateParameters`).
    Forbidden,
    /// It could not connect to the port, or its worker crashed over that (`port_basic.go`).
    Unconnected,
}

impl<'a> Unreached<'a> {
    /// Reads the reason that the session ended with.
    pub(crate) fn of(said: &'a str) -> Option<Self> {
        if let Some(host) = said.lines().find_map(looked_up) {
            Some(Self::Unresolved(host))
        } else if said.contains("Forwarding to IP address") {
            Some(Self::Forbidden)
        } else if said.contains("Unable to connect to specified port")
            || said.contains("document process failed unexpectedly")
        {
            Some(Self::Unconnected)
        } else {
            None
        }
    }
}

/// The host of `lookup HOST on SERVER: no such host` or `lookup HOST: i/o timeout`.
/// So says `DNSError.Error` in Go's package net.
fn looked_up(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("lookup ")?;
    let (name, _why) = rest.split_once(": ")?;
    let (host, _server) = name.split_once(" on ").unwrap_or((name, ""));
    (!host.is_empty() && !host.contains(' ')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::Unreached::{Forbidden, Unconnected, Unresolved};
    use super::*;

    #[test]
    fn what_agents_say_is_understood() {
        for (said, expected) in [
            (
                "lookup db.nosuch on 10.0.0.2:53: no such host",
                Some(Unresolved("db.nosuch")),
            ),
            (
                "lookup db.nosuch on [fd00:ec2::253]:53: server misbehaving",
                Some(Unresolved("db.nosuch")),
            ),
            (
                "lookup db.nosuch: i/o timeout",
                Some(Unresolved("db.nosuch")),
            ),
            (
                "lookup db.nosuch: Temporary failure in name resolution",
                Some(Unresolved("db.nosuch")),
            ),
            (
                "----------ERROR-------\nlookup DB: no such host",
                Some(Unresolved("DB")),
            ),
            (
                "Forwarding to IP address 169.254.169.254 is forbidden.",
                Some(Forbidden),
            ),
            (
                "document process failed unexpectedly: ipc messaging received timeout signal",
                Some(Unconnected),
            ),
            (
                "Unable to connect to specified port: dial tcp 127.0.0.1:22: connect: connection refused",
                Some(Unconnected),
            ),
            ("Your session was terminated by root.", None),
            ("please lookup your ticket: it says no", None),
            ("lookup a ticket: it says no", None),
            ("lookup : no", None),
            ("", None),
        ] {
            assert_eq!(Unreached::of(said), expected, "{said}");
        }
    }
}
