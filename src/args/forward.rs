//! `forward` and `proxy`, and the forms of `-L`:
//! `PORT:PORT`, `PORT:HOST:PORT` and `BIND:PORT:HOST:PORT`, or a Unix socket's path in the place of
//! the first port. As in ssh, what has a slash is a path.

use std::ffi::OsString;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::path::{PathBuf, is_separator};
use std::str::FromStr;

use clap::Args as ClapArgs;
use clap::builder::NonEmptyStringValueParser;

use super::{Guards, number};
use crate::platform::LONGEST_SOCKET;

/// `forward`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Forward {
    /// An instance id, an exact Name tag or a private IP address
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub target: String,
    /// Forward a local port: PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT (repeatable).
    /// The first port is local; 0 picks a free one and prints it. A path in place of the local
    /// port, such as ./db.sock, makes a Unix socket that only you can use, except on Windows.
    /// The instance resolves HOST. Put IPv6 addresses in brackets
    #[arg(short = 'L', value_name = "SPEC", required = true)]
    pub specs: Vec<Spec>,
    /// Run this command once the forwards are open, and close them when it ends.
    /// In its words, {port} becomes the local port of the first -L, and {port:5432} that of the -L
    /// to remote port 5432
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
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
    /// The port on the instance
    #[arg(default_value = "22", value_parser = number::port)]
    pub port: NonZeroU16,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: Guards,
}

/// One `-L`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Where to listen.
    pub listen: Listen,
    /// The host that the instance connects to; `None` is the instance itself.
    pub host: Option<String>,
    /// The port there.
    pub port: NonZeroU16,
}

/// Where a forward listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// On a port; 0 is any free one.
    Port(SocketAddr),
    /// On a Unix socket at this path, as it was typed.
    Socket(PathBuf),
}

impl FromStr for Spec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fields = fields(text)?;
        if LONGEST_SOCKET.is_none() && has_drive(&fields) {
            return Err(NO_SOCKETS.to_owned());
        }
        let (bind, local, host, port) = match fields[..] {
            [local, port] => (None, local, None, port),
            [local, host, port] => (None, local, Some(host), port),
            [bind, local, host, port] if !is_path(bind) => (Some(bind), local, Some(host), port),
            _ => return Err(FORMS.to_owned()),
        };
        let listen = if bind.is_none() && is_path(local) {
            Listen::Socket(socket(local)?)
        } else {
            let local = local
                .parse()
                .map_err(|_| format!("invalid local port {local:?}: expected 0 to 65535"))?;
            Listen::Port(SocketAddr::new(bind.map_or(Ok(LOOPBACK), address)?, local))
        };
        let port = port
            .parse()
            .map_err(|_| format!("invalid remote port {port:?}: expected 1 to 65535"))?;
        Ok(Self {
            listen,
            host: host.map(checked).transpose()?.filter(|host| !is_here(host)),
            port,
        })
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.listen {
            Listen::Port(address) => write!(formatter, "{address}:")?,
            Listen::Socket(path) if path.to_string_lossy().contains(':') => {
                write!(formatter, "[{}]:", path.display())?;
            }
            Listen::Socket(path) => write!(formatter, "{}:", path.display())?,
        }
        match &self.host {
            None => write!(formatter, "localhost:{}", self.port),
            Some(host) if host.contains(':') => write!(formatter, "[{host}]:{}", self.port),
            Some(host) => write!(formatter, "{host}:{}", self.port),
        }
    }
}

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const FORMS: &str = "expected PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT, such as 8080:80 or ./db.sock:db.internal:5432. A path stands for a local port. Put IPv6 addresses in brackets, and paths with a colon";
/// Why a path is refused if this system has no Unix sockets.
const NO_SOCKETS: &str = "vendor-ssm makes no Unix sockets on Windows, where few programs can connect to one: give a local port, such as 5432:db.internal:5432";

/// The parts between colons. Text in brackets is one part, without the brackets.
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

/// Whether a local side is a path.
fn is_path(field: &str) -> bool {
    field.contains(is_separator)
}

/// Whether they begin with a path of Windows, such as `C:\db.sock`: the colon is part of it.
fn has_drive(fields: &[&str]) -> bool {
    matches!(fields, [drive, path, ..]
        if drive.len() == 1
            && drive.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && path.starts_with(is_separator))
}

/// The path of a Unix socket.
fn socket(path: &str) -> Result<PathBuf, String> {
    let longest = LONGEST_SOCKET.ok_or(NO_SOCKETS)?;
    let name = path.rsplit('/').next().unwrap_or_default();
    if matches!(name, "" | "." | "..") || path.contains('\0') {
        return Err(format!(
            "invalid socket {path:?}: expected the path of a file that vendor-ssm may make"
        ));
    }
    if path.len() > longest {
        return Err(format!(
            "the path of the socket has {} bytes, and the limit is {longest}: choose a shorter one",
            path.len()
        ));
    }
    Ok(path.into())
}

/// The address to listen on: an IP address, `localhost`, or `*` for every IPv4 address as in ssh.
fn address(bind: &str) -> Result<IpAddr, String> {
    match bind {
        "localhost" => Ok(LOOPBACK),
        "*" => Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        _ => bind.parse().map_err(|_| {
            format!("invalid local address {bind:?}: expected an IP address, localhost or *")
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
        Err(format!(
            "invalid host {host:?}: expected a host name or an IP address"
        ))
    }
}

/// Whether a host, as the instance sees it, is the instance itself.
fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_SOCKET, NO_SOCKETS, Spec};

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
    fn a_path_stands_for_a_local_port_except_on_windows() {
        for (text, expected) in [
            ("/run/db.sock:5432", "/run/db.sock:localhost:5432"),
            (
                "/run/db.sock:db.internal:5432",
                "/run/db.sock:db.internal:5432",
            ),
            ("./s:[2001:db8::1]:81", "./s:[2001:db8::1]:81"),
            ("sub/s:localhost:81", "sub/s:localhost:81"),
            ("[/run/a:b]:81", "[/run/a:b]:localhost:81"),
            ("[./s]:h:81", "./s:h:81"),
        ] {
            let has_sockets = LONGEST_SOCKET.is_some();
            let expected = if has_sockets { expected } else { NO_SOCKETS };
            assert_eq!(read(text), expected, "{text}");
        }
        // A drive and a backslash are a path on Windows, and mean nothing elsewhere.
        for text in ["C:\\run\\db.sock:5432", "c:/run/db.sock:h:5432", ".\\s:80"] {
            let said = read(text);
            if LONGEST_SOCKET.is_none() {
                assert_eq!(said, NO_SOCKETS, "{text}");
            } else {
                assert!(said.starts_with("invalid local port"), "{text}: {said}");
            }
        }
    }

    #[test]
    fn a_sockets_path_has_104_bytes_at_most() {
        let Some(longest) = LONGEST_SOCKET else {
            return;
        };
        let path = |length: usize| {
            format!(
                "/{}",
                "é".repeat((length - 1) / 2) + &"x".repeat((length - 1) % 2)
            )
        };
        assert_eq!(path(longest).len(), longest);
        let text = format!("{}:80", path(longest));
        assert_eq!(read(&text), text.replace(":80", ":localhost:80"));
        let said = read(&format!("{}:80", path(longest + 1)));
        assert!(
            said.contains(&format!(
                "has {} bytes, and the limit is {longest}",
                longest + 1
            )),
            "{said}"
        );
    }

    #[test]
    fn what_is_none_is_refused_and_named() {
        for (text, expected) in [
            ("", "expected PORT:PORT"),
            ("80", "expected PORT:PORT"),
            ("a:b:c:d:e", "expected PORT:PORT"),
            ("1:2:3:4:5", "expected PORT:PORT"),
            ("80:[::1:81", "expected PORT:PORT"),
            ("80:[::1]x:81", "expected PORT:PORT"),
            ("::1:80:h:81", "expected PORT:PORT"),
            ("80:", "invalid remote port \"\""),
            (":80", "invalid local port \"\""),
            ("80:0", "invalid remote port \"0\""),
            ("65536:80", "invalid local port \"65536\""),
            ("-1:80", "invalid local port \"-1\""),
            ("host:80:81", "invalid local port \"host\""),
            ("host:80:h:81", "invalid local address \"host\""),
            (":80:h:81", "invalid local address \"\""),
            ("80::81", "invalid host \"\""),
            ("80:a b:81", "invalid host \"a b\""),
            ("80:-oX:81", "invalid host \"-oX\""),
            ("80:a\u{1b}:81", "invalid host \"a\\u{1b}\""),
            ("/run/db.sock", "expected PORT:PORT"),
            ("127.0.0.1:/s:h:81", "invalid local port \"/s\""),
            (
                "80:/run/docker.sock",
                "invalid remote port \"/run/docker.sock\"",
            ),
        ] {
            let said = read(text);
            assert!(said.starts_with(expected), "{text}: {said}");
        }
    }

    #[test]
    fn a_path_that_is_none_is_refused_and_named() {
        for (text, expected) in [
            ("/run/s:80:h:81", "expected PORT:PORT"),
            ("/run/s:/run/docker.sock", "invalid remote port"),
            ("/run/a:b/s:81", "invalid host \"b/s\""),
            ("/run/s:0", "invalid remote port \"0\""),
            ("/:80", "invalid socket \"/\""),
            ("/tmp/:80", "invalid socket \"/tmp/\""),
            ("./..:80", "invalid socket \"./..\""),
            ("/tmp/.:h:80", "invalid socket \"/tmp/.\""),
        ] {
            let said = read(text);
            let is_said = said.starts_with(expected);
            let has_none = LONGEST_SOCKET.is_none() && said == NO_SOCKETS;
            assert!(is_said || has_none, "{text}: {said}");
        }
    }
}
