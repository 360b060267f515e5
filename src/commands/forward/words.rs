//! The words of a local command, with `{port}` and `{port:5432}` in the place of local ports. Pure.

use std::ffi::{OsStr, OsString};

use crate::args::forward::{Listen, Spec};
use crate::error::Error;
use crate::platform::piece;

/// What begins a placeholder. `}` or a colon has to follow, else it is text.
const BEGINS: &[u8] = b"{port";

/// A command's words, taken apart.
#[derive(Debug)]
pub(super) struct Words(Vec<Vec<Part>>);

/// A piece of a word.
#[derive(Debug)]
enum Part {
    Text(OsString),
    /// The local port of this `-L`, counted from 0.
    Port(usize),
}

impl Words {
    /// Takes the words apart.
    /// Errors: a placeholder that stands for no local port, or for several.
    pub(super) fn new(words: &[OsString], specs: &[Spec]) -> Result<Self, Error> {
        let parts = words.iter().map(|word| parts(word, specs));
        Ok(Self(parts.collect::<Result<_, _>>()?))
    }

    /// The words with the ports in them. `port` says the local port of a `-L`.
    pub(super) fn fill(&self, port: impl Fn(usize) -> Option<u16>) -> Vec<OsString> {
        let word = |parts: &Vec<Part>| {
            let mut word = OsString::new();
            for part in parts {
                match part {
                    Part::Text(text) => word.push(text),
                    Part::Port(at) => word.push(port(*at).unwrap_or_default().to_string()),
                }
            }
            word
        };
        self.0.iter().map(word).collect()
    }
}

fn parts(word: &OsStr, specs: &[Spec]) -> Result<Vec<Part>, Error> {
    let text = |at| Part::Text(piece(word, at));
    // UTF-8 where it is text, on each system.
    let bytes = word.as_encoded_bytes();
    let mut parts = Vec::new();
    let mut begun = 0;
    let mut at = 0;
    while at < bytes.len() {
        let Some((length, remote)) = placeholder(&bytes[at..])? else {
            at += 1;
            continue;
        };
        parts.push(text(begun..at));
        parts.push(Part::Port(spec(remote, specs)?));
        at += length;
        begun = at;
    }
    parts.push(text(begun..bytes.len()));
    Ok(parts)
}

/// The placeholder with which the text begins: its length, and the remote port that it names.
fn placeholder(text: &[u8]) -> Result<Option<(usize, Option<u16>)>, Error> {
    let Some(rest) = text.strip_prefix(BEGINS) else {
        return Ok(None);
    };
    match rest.first() {
        Some(b'}') => return Ok(Some((BEGINS.len() + 1, None))),
        Some(b':') => {}
        _ => return Ok(None),
    }
    let end = rest.iter().position(|byte| *byte == b'}');
    let number = &rest[1..end.unwrap_or(rest.len())];
    let port = std::str::from_utf8(number)
        .ok()
        .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|number| number.parse().ok());
    match (end, port) {
        (Some(end), Some(port)) => Ok(Some((BEGINS.len() + end + 1, Some(port)))),
        _ => Err(Error::Usage {
            message: format!(
                "\"{{port:{}\" is not a placeholder: expected {{port}}, or {{port:5432}} with the remote port of a -L",
                String::from_utf8_lossy(&rest[1..end.map_or(rest.len(), |end| end + 1)])
            ),
            hint: None,
        }),
    }
}

/// The `-L` whose local port a placeholder stands for.
fn spec(remote: Option<u16>, specs: &[Spec]) -> Result<usize, Error> {
    let named = |spec: &Spec| remote.is_none_or(|remote| spec.port.get() == remote);
    let has_port = |spec: &Spec| matches!(spec.listen, Listen::Port(_));
    let mut fits = (0..specs.len()).filter(|at| named(&specs[*at]) && has_port(&specs[*at]));
    let usage = |message: String, hint: String| {
        Err(Error::Usage {
            message,
            hint: Some(hint),
        })
    };
    match (fits.next(), fits.next(), remote) {
        (Some(at), None, _) | (Some(at), Some(_), None) => Ok(at),
        (Some(_), Some(_), Some(remote)) => usage(
            format!("{{port:{remote}}} is ambiguous: several -L lead to remote port {remote}"),
            "choose their local ports yourself, such as -L 15432:db.internal:5432, and write these in the command".to_owned(),
        ),
        (None, _, Some(remote)) if specs.iter().any(named) => usage(
            format!("{{port:{remote}}} has no local port: that -L makes a Unix socket"),
            "write the path of the socket in the command".to_owned(),
        ),
        (None, _, Some(remote)) => {
            let ports: Vec<_> = specs.iter().map(|spec| spec.port.to_string()).collect();
            usage(
                format!("no -L leads to the remote port of {{port:{remote}}}"),
                format!("the remote ports of your -L: {}", ports.join(", ")),
            )
        }
        (None, _, None) => usage(
            "{port} has no local port: each -L makes a Unix socket".to_owned(),
            "write the path of the socket in the command".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::args::forward::Spec;
    use crate::exit::Exit;

    fn specs(texts: &[&str]) -> Vec<Spec> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn filled(word: &str, specs: &[Spec]) -> String {
        let words = Words::new(&[word.into()], specs);
        match words {
            Ok(words) => words
                .fill(|at| Some(1000 + u16::try_from(at).unwrap()))
                .remove(0)
                .into_string()
                .unwrap(),
            Err(error) => {
                assert_eq!(error.exit(), Exit::Usage);
                error.to_string()
            }
        }
    }

    #[test]
    fn a_placeholder_is_the_local_port_of_its_l() {
        let specs = specs(&["0:80", "0:db.internal:5432"]);
        for (word, expected) in [
            ("{port}:{port:5432}", "1000:1001"),
            ("{port:1}", "no -L leads to the remote port of {port:1}"),
        ] {
            assert!(filled(word, &specs).starts_with(expected), "{word}");
        }
    }

    /// With an `-L` that makes a socket, which Windows does not have.
    #[cfg(unix)]
    #[test]
    fn each_placeholder_becomes_a_port_wherever_it_stands() {
        let specs = specs(&["./s:9", "0:80", "0:db.internal:5432", "8443:443"]);
        for (word, expected) in [
            ("{port}", "1001"),
            ("{port:5432}", "1002"),
            (
                "http://127.0.0.1:{port:443}/{port}?{port}",
                "http://127.0.0.1:1003/1001?1001",
            ),
            ("{port:080}", "1001"),
            ("{{port}}", "{1001}"),
            ("żółw{port}", "żółw1001"),
            ("", ""),
            ("{}", "{}"),
            ("{ports}", "{ports}"),
            ("{Port}", "{Port}"),
            ("{port", "{port"),
            ("$port", "$port"),
            ("{host}:{port}", "{host}:1001"),
        ] {
            assert_eq!(filled(word, &specs), expected, "{word}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn one_that_stands_for_no_port_or_several_is_refused() {
        let one = specs(&["0:80"]);
        let twins = specs(&["0:a:5432", "0:b:5432", "./s:7"]);
        let socket = specs(&["./s:80"]);
        for (word, specs, expected) in [
            (
                "{port:81}",
                &one,
                "no -L leads to the remote port of {port:81}",
            ),
            ("x{port:5432}", &twins, "{port:5432} is ambiguous"),
            ("{port:7}", &twins, "{port:7} has no local port"),
            ("{port}", &socket, "{port} has no local port"),
            ("{port:80}", &socket, "{port:80} has no local port"),
            ("{port:}", &one, "\"{port:}\" is not a placeholder"),
            ("{port:+80}", &one, "\"{port:+80}\" is not a placeholder"),
            ("{port:http}", &one, "\"{port:http}\" is not a placeholder"),
            (
                "{port:99999}",
                &one,
                "\"{port:99999}\" is not a placeholder",
            ),
            ("{port:80", &one, "\"{port:80\" is not a placeholder"),
        ] {
            let said = filled(word, specs);
            assert!(said.starts_with(expected), "{word}: {said}");
        }
        assert_eq!(filled("{port}", &twins), "1000");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_text_stay() {
        use std::ffi::OsString;
        use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

        let word = OsString::from_vec(b"\xff{port}\xfe".to_vec());
        let words = Words::new(&[word], &specs(&["0:80"])).unwrap();
        assert_eq!(words.fill(|_| Some(7))[0].as_bytes(), b"\xff7\xfe");
    }

    #[cfg(windows)]
    #[test]
    fn units_that_are_not_text_stay() {
        use std::ffi::OsString;
        use std::os::windows::ffi::{OsStrExt as _, OsStringExt as _};

        let unpaired = 0xd800;
        let mut word = vec![unpaired];
        word.extend("{port}ż".encode_utf16());
        word.push(unpaired);
        let words = Words::new(&[OsString::from_wide(&word)], &specs(&["0:80"])).unwrap();
        let filled: Vec<u16> = words.fill(|_| Some(7))[0].encode_wide().collect();
        assert_eq!(filled, [unpaired, 0x37, 0x17c, unpaired]);
    }
}
