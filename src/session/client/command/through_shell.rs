//! A command through an interactive shell, if no document that runs commands is granted. Pure.
//! It says what to type, and where in the terminal's output the command's output and status are.
//!
//! The shell is a POSIX one. What it echoes cannot be mistaken for a marker, since the markers'
//! text is only put together when it is printed.

use std::fmt::Write as _;

/// The most of the script in one typed line:
/// a terminal in its usual mode takes 4,095 bytes, and a character of the script takes five at
/// most.
const PIECE: usize = 500;
/// The longest status behind a marker. That much is held back while the end may have begun.
const LONGEST_STATUS: usize = 8;
/// How far from its marker the line feed of the beginning may be;
/// there is a return before it at most.
const LONGEST_BEGIN: usize = 64;

/// What is typed. `line` is the command, quoted for a POSIX shell.
///
/// The command itself is started by `exec` in a subshell, so that no alias, function or builtin
/// takes the place of a program. It reads nothing, and writes into a pipe, so that it does not
/// think there is a person at a terminal. Ctrl-C ends it and neither the shell that tells its
/// status nor the pipe's other end.
pub(crate) fn typed(line: &str, nonce: &str) -> String {
    let mut typed = String::from("unset HISTFILE; stty -echo -opost; vendor_ssm=\n");
    let script = format!("exec {line}");
    for piece in script.as_bytes().chunks(PIECE) {
        typed.push_str("vendor_ssm=\"$vendor_ssm\"'");
        for byte in piece {
            // What means something to a terminal, a shell or printf is written as printf's %b has
            // it.
            if byte.is_ascii_alphanumeric() || b" -_./:=,+@%".contains(byte) {
                typed.push(char::from(*byte));
            } else {
                let _ = write!(typed, "\\0{byte:03o}");
            }
        }
        typed.push_str("'\n");
    }
    let begin = halves(BEGIN, nonce);
    let end = halves(END, nonce);
    let _ = write!(
        typed,
        "{{ trap : INT; printf '\\n%s%s\\n' {begin}; (eval \"$(printf %b \"$vendor_ssm\")\") </dev/null 2>&1; \
         printf '\\n%s%s%d\\n' {end} $?; }} | (trap '' INT; exec cat); exit\nexit\n"
    );
    typed
}

const BEGIN: &str = "begin";
const END: &str = "end:";

/// A marker in two words, which never stand together in what is typed.
fn halves(name: &str, nonce: &str) -> String {
    format!("vendor-ssm-{nonce}- {name}")
}

fn marker(name: &str, nonce: &str) -> Vec<u8> {
    format!("vendor-ssm-{nonce}-{name}").into_bytes()
}

/// Finds the command's output and its exit status in what the terminal shows.
#[derive(Debug)]
pub(crate) struct Finder {
    begin: Vec<u8>,
    end: Vec<u8>,
    held: Vec<u8>,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Within,
    After(Option<u8>),
}

impl Finder {
    pub(crate) fn new(nonce: &str) -> Self {
        let end = [b"\n", &marker(END, nonce)[..]].concat();
        Self {
            begin: marker(BEGIN, nonce),
            end,
            held: Vec::new(),
            place: Place::Before,
        }
    }

    /// Takes what the terminal shows; what of it is the command's output is handed back.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        if let Place::After(_) = self.place {
            return Vec::new();
        }
        self.held.extend_from_slice(bytes);
        if self.place == Place::Before {
            let Some(at) = find(&self.held, &self.begin) else {
                let keep = self.begin.len().min(self.held.len());
                self.held.drain(..self.held.len() - keep);
                return Vec::new();
            };
            let after = at + self.begin.len();
            let rest = &self.held[after..];
            let feed = rest.iter().position(|byte| *byte == b'\n');
            // Wherever the output was cut, the same is found.
            if feed.unwrap_or(rest.len()) > LONGEST_BEGIN {
                self.held.clear();
                self.place = Place::After(None);
                return Vec::new();
            }
            let Some(feed) = feed else {
                return Vec::new();
            };
            self.held.drain(..=after + feed);
            self.place = Place::Within;
        }
        if let Some(at) = find(&self.held, &self.end) {
            let status = &self.held[at + self.end.len()..];
            let feed = status.iter().position(|byte| *byte == b'\n');
            if feed.unwrap_or(status.len()) > LONGEST_STATUS {
                self.place = Place::After(None);
                return self.give(at);
            }
            let Some(feed) = feed else {
                return self.give(at);
            };
            let status = std::str::from_utf8(&status[..feed]).ok();
            self.place = Place::After(status.and_then(|status| status.trim().parse().ok()));
            return self.give(at);
        }
        // The end may have begun in the last bytes.
        let held = self.held.len();
        let longest = self.end.len().min(held);
        let begun = (1..=longest)
            .rev()
            .find(|length| self.end.starts_with(&self.held[held - length..]))
            .unwrap_or_default();
        // And the return before it, where stty is missing.
        let at = held - begun;
        self.give(at - usize::from(self.held[..at].last() == Some(&b'\r')))
    }

    /// The exit status, once it was told.
    pub(crate) fn status(&self) -> Option<u8> {
        match self.place {
            Place::After(status) => status,
            Place::Before | Place::Within => None,
        }
    }

    /// Whether the command was begun.
    pub(crate) fn has_begun(&self) -> bool {
        self.place != Place::Before
    }

    fn give(&mut self, length: usize) -> Vec<u8> {
        let mut given: Vec<u8> = self.held.drain(..length).collect();
        // Where stty is missing, the terminal has put a return before the marker's own line feed.
        let is_last = self.place != Place::Within || self.held.starts_with(&self.end);
        if is_last && given.last() == Some(&b'\r') {
            given.pop();
        }
        given
    }
}

fn find(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::{Finder, typed};

    #[test]
    fn the_output_is_found_however_it_is_cut() {
        let shown = b"$ unset HISTFILE\r\n$ printf vendor-ssm-N- begin\r\n\nvendor-ssm-N-begin\none\ntwo\nvendor-ssm-\n\
                      \nvendor-ssm-N-end:7\nexit\r\n";
        for size in 1..shown.len() {
            let mut finder = Finder::new("N");
            let mut output = Vec::new();
            for piece in shown.chunks(size) {
                output.extend(finder.take(piece));
            }
            assert_eq!(
                String::from_utf8_lossy(&output),
                "one\ntwo\nvendor-ssm-\n",
                "{size}"
            );
            assert_eq!(finder.status(), Some(7));
        }
    }

    #[test]
    fn a_terminal_that_returns_before_each_line_feed_is_understood() {
        let mut finder = Finder::new("N");
        let output = finder.take(b"\r\nvendor-ssm-N-begin\r\none\r\n\r\nvendor-ssm-N-end:0\r\n");
        assert_eq!(output, b"one\r\n");
        assert_eq!(finder.status(), Some(0));
    }

    #[test]
    fn how_it_is_cut_makes_no_difference() {
        let far = "x".repeat(65);
        for shown in [
            "\r\nvendor-ssm-N-begin\r\none\r\n\r\nvendor-ssm-N-end:0\r\n".to_owned(),
            "vendor-ssm-N-begin\n\r\r\nvendor-ssm-N-en\r\r\nvendor-ssm-N-end:1\n".to_owned(),
            format!("vendor-ssm-N-begin{far}\none\n\nvendor-ssm-N-end:0\n"),
            "vendor-ssm-N-begin\none\n\nvendor-ssm-N-end:000000007\n".to_owned(),
        ] {
            let mut whole = Finder::new("N");
            let output = whole.take(shown.as_bytes());
            for size in 1..shown.len() {
                let mut finder = Finder::new("N");
                let pieces = shown.as_bytes().chunks(size);
                let cut: Vec<u8> = pieces.flat_map(|piece| finder.take(piece)).collect();
                assert_eq!(cut, output, "{shown:?} by {size}");
                assert_eq!(finder.status(), whole.status(), "{shown:?} by {size}");
            }
        }
    }

    #[test]
    fn without_an_end_there_is_no_status() {
        let mut finder = Finder::new("N");
        assert!(finder.take(b"$ ").is_empty() && !finder.has_begun());
        assert_eq!(finder.take(b"vendor-ssm-N-begin\nhalf"), b"half");
        assert!(finder.has_begun());
        assert_eq!(finder.status(), None);
    }

    #[test]
    fn what_comes_without_an_end_is_not_hoarded() {
        let mut finder = Finder::new("N");
        finder.take(b"vendor-ssm-N-begin");
        for _ in 0..1000 {
            assert!(finder.take(&[b'x'; 1000]).is_empty());
            assert!(finder.held.len() <= 2000);
        }
        let mut finder = Finder::new("N");
        finder.take(b"vendor-ssm-N-begin\n\nvendor-ssm-N-end:no number at all");
        for _ in 0..1000 {
            finder.take(&[b'x'; 1000]);
            assert!(finder.held.len() <= 2000);
        }
        assert_eq!(finder.status(), None);
    }

    /// What a shell makes of what is typed, without a terminal.
    fn through(shell: &str, line: &str) -> Option<(String, Option<u8>)> {
        let mut child = Command::new(shell)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(typed(line, "N").as_bytes()).unwrap();
        drop(stdin);
        let shown = child.wait_with_output().unwrap().stdout;
        let mut finder = Finder::new("N");
        let output = finder.take(&shown);
        Some((String::from_utf8(output).unwrap(), finder.status()))
    }

    #[test]
    fn shells_run_it_word_for_word() {
        let words = [
            "printf",
            "<%s>",
            "",
            "a b",
            "'\"\\",
            "$HOME",
            "tab\t\nżółć",
            "-n",
            "#",
            "\u{1}",
        ];
        let line = shlex::try_join(words).unwrap();
        let long = format!("{line} {}", "x".repeat(20_000));
        for shell in ["sh", "bash", "dash"] {
            let Some((output, status)) = through(shell, &long) else {
                continue;
            };
            let expected = format!(
                "<><a b><'\"\\><$HOME><tab\t\nżółć><-n><#><\u{1}><{}>",
                "x".repeat(20_000)
            );
            assert_eq!((output, status), (expected, Some(0)), "{shell}");
            assert_eq!(
                through(shell, "sh -c 'echo err >&2; exit 7'").unwrap(),
                ("err\n".to_owned(), Some(7))
            );
            assert_eq!(through(shell, "no-such-program").unwrap().1, Some(127));
        }
    }
}
