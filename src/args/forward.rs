//! `forward` and `proxy`, and the forms of `-L`: `PORT:PORT`, `PORT:HOST:PORT` and `BIND:PORT:HOST:PORT`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::str::FromStr;

use clap::Args as ClapArgs;
use clap::builder::NonEmptyStringValueParser;

use super::Guards;

/// `forward`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Forward {
    /// An instance id, an exact Name tag or a private IP address
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub target: String,
    /// What to forward (repeatable): PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT. The first port
    /// is this machine's, 0 any free one, which is printed; HOST is seen from the instance; an IPv6
    /// address stands in brackets
    #[arg(short = 'L', value_name = "SPEC", required = true)]
    pub specs: Vec<Spec>,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: Guards,
}

/// `proxy`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Proxy {
    /// An instance id, an exact Name tag or a private IP address
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub target: String,
    /// The port of the instance
    #[arg(default_value = "22")]
    pub port: NonZeroU16,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: Guards,
}

/// One `-L`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Where to listen; port 0 is any free one.
    pub listen: SocketAddr,
    /// The host that the instance connects to; `None` is the instance itself.
    pub host: Option<String>,
    /// The port there.
    pub port: NonZeroU16,
}

impl FromStr for Spec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fields = fields(text)?;
        let (bind, local, host, port) = match fields[..] {
            [local, port] => (None, local, None, port),
            [local, host, port] => (None, local, Some(host), port),
            [bind, local, host, port] => (Some(bind), local, Some(host), port),
            _ => return Err(FORMS.to_owned()),
        };
        let local = local.parse().map_err(|_| {
            format!("{local:?} is no port to listen on, which is a number from 0 to 65535")
        })?;
        let port = port
            .parse()
            .map_err(|_| format!("{port:?} is no port to connect to, which is 1 to 65535"))?;
        Ok(Self {
            listen: SocketAddr::new(bind.map_or(Ok(LOOPBACK), address)?, local),
            host: host.map(checked).transpose()?.filter(|host| !is_here(host)),
            port,
        })
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:", self.listen)?;
        match &self.host {
            None => write!(formatter, "localhost:{}", self.port),
            Some(host) if host.contains(':') => write!(formatter, "[{host}]:{}", self.port),
            Some(host) => write!(formatter, "{host}:{}", self.port),
        }
    }
}

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const FORMS: &str = "it is PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT, with an IPv6 address in brackets, as in 8080:80 or 5432:db.internal:5432";

/// The parts between colons; what stands in brackets is one part, without them.
fn fields(text: &str) -> Result<Vec<&str>, String> {
    let mut fields = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (field, after) = match text.strip_prefix('[') {
            Some(text) => text.split_once(']').ok_or(FORMS)?,
            None => text.split_at(text.find(':').unwrap_or(text.len())),
        };
        fields.push(field);
        rest = match after.strip_prefix(':') {
            None if !after.is_empty() => return Err(FORMS.to_owned()),
            rest => rest,
        };
    }
    Ok(fields)
}

/// Where to listen: an address, `localhost`, or `*` for every IPv4 address, as with ssh.
fn address(bind: &str) -> Result<IpAddr, String> {
    match bind {
        "localhost" => Ok(LOOPBACK),
        "*" => Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        _ => bind.parse().map_err(|_| {
            format!("{bind:?} is no address to listen on: an IP address, localhost or *")
        }),
    }
}

/// A host's name or address. The instance resolves it.
fn checked(host: &str) -> Result<String, String> {
    let is_name = (1..=253).contains(&host.len())
        && !host.starts_with('-')
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if is_name || host.parse::<IpAddr>().is_ok() {
        Ok(host.to_owned())
    } else {
        Err(format!("{host:?} is neither a host's name nor an address"))
    }
}

/// Whether a host, seen from the instance, is the instance itself.
fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::Spec;

    fn read(text: &str) -> String {
        match text.parse::<Spec>() {
            Ok(spec) => spec.to_string(),
            Err(error) => error,
        }
    }

    #[test]
    fn each_form_is_read() {
        for (text, expected) in [
            ("8080:80", "127.0.0.1:8080:localhost:80"),
            ("0:22", "127.0.0.1:0:localhost:22"),
            ("5432:db.internal:5432", "127.0.0.1:5432:db.internal:5432"),
            ("80:localhost:81", "127.0.0.1:80:localhost:81"),
            ("80:LocalHost:81", "127.0.0.1:80:localhost:81"),
            ("80:127.0.0.1:81", "127.0.0.1:80:localhost:81"),
            ("80:[::1]:81", "127.0.0.1:80:localhost:81"),
            ("80:[2001:db8::1]:81", "127.0.0.1:80:[2001:db8::1]:81"),
            ("0.0.0.0:80:10.0.0.9:81", "0.0.0.0:80:10.0.0.9:81"),
            ("*:80:h_1:81", "0.0.0.0:80:h_1:81"),
            ("localhost:80:h:81", "127.0.0.1:80:h:81"),
            ("[::1]:80:[2001:db8::1]:81", "[::1]:80:[2001:db8::1]:81"),
            ("[::]:0:localhost:81", "[::]:0:localhost:81"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused_and_named() {
        for (text, expected) in [
            ("", "it is PORT:PORT"),
            ("80", "it is PORT:PORT"),
            ("a:b:c:d:e", "it is PORT:PORT"),
            ("1:2:3:4:5", "it is PORT:PORT"),
            ("80:[::1:81", "it is PORT:PORT"),
            ("80:[::1]x:81", "it is PORT:PORT"),
            ("::1:80:h:81", "it is PORT:PORT"),
            ("80:", "\"\" is no port to connect to"),
            (":80", "\"\" is no port to listen on"),
            ("80:0", "\"0\" is no port to connect to"),
            ("65536:80", "\"65536\" is no port to listen on"),
            ("-1:80", "\"-1\" is no port to listen on"),
            ("host:80:81", "\"host\" is no port to listen on"),
            ("host:80:h:81", "\"host\" is no address to listen on"),
            (":80:h:81", "\"\" is no address to listen on"),
            ("80::81", "\"\" is neither a host's name nor an address"),
            ("80:a b:81", "\"a b\" is neither"),
            ("80:-oX:81", "\"-oX\" is neither"),
            ("80:a\u{1b}:81", "\"a\\u{1b}\" is neither"),
        ] {
            let said = read(text);
            assert!(said.starts_with(expected), "{text}: {said}");
        }
    }
}
