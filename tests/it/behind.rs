//! The sandbox under AWS's own host names:
//! what the program prints is then free of endpoints and ports.

use std::process::Command;

use tempfile::TempDir;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::proxy::{Proxy, ProxyOptions};

use crate::harness::Bench;

/// A customer's hosts in the one region of the harness's settings.
pub const HOSTS: [&str; 4] = [
    "sts.us-east-1.amazonaws.com",
    "ec2.us-east-1.amazonaws.com",
    "ssm.us-east-1.amazonaws.com",
    "ssmmessages.us-east-1.amazonaws.com",
];

/// A sandbox under AWS's own host names, reached through a proxy.
pub struct Behind {
    pub bench: Bench,
    pub proxy: Proxy,
    _certificates: TempDir,
}

impl Behind {
    /// Starts both. With `credentials` (`user:password`) the proxy requires them.
    pub fn new(credentials: Option<&str>) -> Self {
        Self::serving(&HOSTS, credentials)
    }

    /// The same for more hosts, [`HOSTS`] among them.
    pub fn serving(hosts: &[&str], credentials: Option<&str>) -> Self {
        let options = ProxyOptions {
            credentials: credentials.map(str::to_owned),
            ..ProxyOptions::default()
        };
        Self::through(hosts, options)
    }

    /// The same with a proxy that answers CONNECT to one of the hosts with this status.
    pub fn refusing(hosts: &[&str], host: &str, status: u16) -> Self {
        let options = ProxyOptions {
            refused: [(host.to_owned(), status)].into(),
            ..ProxyOptions::default()
        };
        Self::through(hosts, options)
    }

    fn through(hosts: &[&str], proxy: ProxyOptions) -> Self {
        let names = || hosts.iter().map(|host| (*host).to_owned());
        let certificates = TempDir::new().unwrap();
        let bench = Bench::with(Options {
            tls: Some(certificates.path().to_owned()),
            tls_names: names().collect(),
            stream_host: Some(format!("wss://{}", HOSTS[3])),
            ..Options::default()
        });
        let port = bench.sandbox.port();
        let proxy = Proxy::start(ProxyOptions {
            hosts: names().map(|host| (host, port)).collect(),
            ..proxy
        })
        .unwrap();
        Self {
            bench,
            proxy,
            _certificates: certificates,
        }
    }

    /// The program with these words, on its way through the proxy.
    pub fn command(&self, line: &str) -> Command {
        let mut command = self.bench.command(line.split_whitespace());
        command.env_clear().envs(self.environment());
        command
    }

    /// The environment of a run.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut environment = self.bench.environment();
        environment.retain(|(name, _)| name != "AWS_ENDPOINT_URL");
        environment.push(("HTTPS_PROXY".to_owned(), self.proxy.url()));
        environment
    }

    /// The hosts that were asked for, once each.
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts = self.proxy.connects();
        hosts.sort();
        hosts.dedup();
        hosts
    }
}
