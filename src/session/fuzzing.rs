//! The four clients of a channel, fed by a far side that a fuzzer's bytes play.
//! What touches a terminal, a socket or the clock stays out: the rest is what the clients use.

use std::collections::BTreeSet;
use std::time::Instant;

use futures_util::FutureExt as _;

use crate::channel::fuzzing::{FarSide, Script, Step};
use crate::channel::smux::{self, Smux};
use crate::channel::{Accepts, Event, PortMode, SessionType};
use crate::os::Os;
use crate::settings::Terminal;

use super::client::command::fuzzing::Finder;
use super::client::command::{Stream, outlets};
use super::client::forward::fuzzing::{Basic, Carrier};
use super::client::unreached::Unreached;
use super::terminal::output::Output;

/// The most output of one stream that `run` keeps here.
const MOST: usize = 1 << 20;
/// Stands in the markers of a command that a shell runs.
const NONCE: &str = "n";

/// `connect`: how the output was cut does not matter.
/// Neither what passes to the terminal nor what is left switched on depends on it. The clipboard is
/// out of its reach.
pub(crate) fn connect(bytes: &[u8], now: Instant) {
    let mut far = FarSide::new(Script::new(bytes), Accepts::Terminal, now);
    let os = Os::default();
    let mut output = Output::new(Terminal::Filtered, &os);
    let (mut all, mut passed) = (Vec::new(), Vec::new());
    while let Some(step) = far.step() {
        match step {
            Step::Events(events) => {
                for event in events {
                    if let Event::Output(bytes) | Event::StdErr(bytes) = event {
                        all.extend_from_slice(&bytes);
                        passed.extend_from_slice(&output.pass(bytes));
                    }
                }
            }
            Step::Local(_, keys) => {
                far.send(keys);
            }
        }
    }
    let mut whole = Output::new(Terminal::Filtered, &os);
    assert!(whole.pass(all.into()) == passed);
    assert_eq!(output.off(), whole.off());
    assert!(!passed.windows(5).any(|five| five == b"\x1b]52;"));
}

/// `run`: both streams reach their reader whole.
/// Where a shell runs the command, its output does not depend on how it was cut.
pub(crate) fn run(bytes: &[u8], now: Instant) {
    let mut script = Script::new(bytes);
    if script.byte().is_some_and(|kind| kind % 2 == 1) {
        return through_shell(script, now);
    }
    let mut far = FarSide::new(script, Accepts::Command, now);
    let (outlets, mut pieces) = outlets(1, Some(MOST), std::path::Path::new("/nonexistent"));
    let [outlet] = &outlets[..] else { return };
    let mut given = [Vec::new(), Vec::new()];
    let mut taken = [Vec::new(), Vec::new()];
    let mut read = |taken: &mut [Vec<u8>; 2]| {
        while let Some(Some(piece)) = pieces.next().now_or_never() {
            let piece = piece.expect("nothing is in a file");
            taken[piece.stream as usize].extend_from_slice(&piece.bytes);
        }
    };
    while let Some(step) = far.step() {
        match step {
            Step::Events(events) => {
                for event in events {
                    let (stream, bytes) = match event {
                        Event::Output(bytes) => (Stream::Output, bytes),
                        Event::StdErr(bytes) => (Stream::Errors, bytes),
                        _ => continue,
                    };
                    let given = &mut given[stream as usize];
                    if given.len() + bytes.len() <= MOST {
                        given.extend_from_slice(&bytes);
                        outlet.give(stream, &bytes);
                    }
                }
            }
            Step::Local(kind, _) if kind % 2 == 0 => read(&mut taken),
            Step::Local(_, keys) => {
                far.send(keys);
            }
        }
    }
    outlet.end();
    read(&mut taken);
    assert!(taken == given);
}

fn through_shell(script: Script<'_>, now: Instant) {
    let mut far = FarSide::new(script, Accepts::Terminal, now);
    let mut finder = Finder::new(NONCE);
    let mut all = Vec::new();
    let mut found = Vec::new();
    while let Some(step) = far.step() {
        match step {
            Step::Events(events) => {
                for event in events {
                    if let Event::Output(bytes) = event {
                        found.extend(finder.take(&bytes));
                        all.extend_from_slice(&bytes);
                    }
                }
            }
            Step::Local(_, keys) => {
                far.send(keys);
            }
        }
    }
    let mut whole = Finder::new(NONCE);
    let whole_found = whole.take(&all);
    assert_eq!(finder.status(), whole.status());
    assert_eq!(finder.has_begun(), whole.has_begun());
    // What may be the end is held back, however it was cut.
    assert_eq!(found, whole_found);
}

/// `forward`: a stream gets only what was sent for it, and what goes out is smux.
pub(crate) fn forward(bytes: &[u8], now: Instant) {
    let mut far = FarSide::new(Script::new(bytes), Accepts::Port, now);
    let mut tunnel: Option<Tunnel> = None;
    while let Some(step) = far.step() {
        match step {
            Step::Events(events) => {
                for event in events {
                    match (event, &mut tunnel) {
                        (Event::SessionType(SessionType::Port(port)), None) => {
                            tunnel = Tunnel::new(port.mode);
                            if tunnel.is_none() {
                                return;
                            }
                        }
                        (Event::SessionType(_), _) => return,
                        (Event::Output(bytes), Some(tunnel)) => {
                            // The client hears nothing then.
                            if !tunnel.carrier.has_room() {
                                continue;
                            }
                            if !tunnel.receive(bytes) {
                                return;
                            }
                        }
                        (Event::Closed { output }, _) => {
                            let _ = Unreached::of(output.trim());
                        }
                        _ => {}
                    }
                }
            }
            Step::Local(kind, bytes) => {
                if let Some(tunnel) = &mut tunnel {
                    tunnel.local(kind, bytes);
                }
            }
        }
        if let Some(tunnel) = &mut tunnel {
            let outgoing = tunnel.carrier.outgoing();
            let taken = far.send(outgoing);
            tunnel.gone.extend(outgoing.drain(..taken));
        }
    }
    if let Some(tunnel) = tunnel {
        tunnel.is_sound();
    }
}

/// A forward's connections.
struct Tunnel {
    carrier: Carrier,
    /// The connections of this side that are not over.
    open: Vec<u32>,
    /// All that there ever were.
    known: BTreeSet<u32>,
    /// What came for them, and what the channel brought.
    brought: usize,
    came: usize,
    /// What went out.
    gone: Vec<u8>,
}

impl Tunnel {
    fn new(mode: PortMode) -> Option<Self> {
        let carrier = match mode {
            PortMode::Multiplexed { .. } => Carrier::Multiplexed(Smux::default()),
            PortMode::Basic => Carrier::Basic(Basic::default()),
            PortMode::Stdio => return None,
        };
        Some(Self {
            carrier,
            open: Vec::new(),
            known: BTreeSet::new(),
            brought: 0,
            came: 0,
            gone: Vec::new(),
        })
    }

    /// False if what came is not smux.
    fn receive(&mut self, bytes: crate::channel::Bytes) -> bool {
        self.brought += bytes.len();
        let is_sound = self.carrier.receive(bytes).is_ok();
        self.events();
        is_sound
    }

    fn events(&mut self) {
        while let Some(event) = self.carrier.event() {
            match event {
                smux::Event::Data { stream, bytes } => {
                    assert!(self.open.contains(&stream) && !bytes.is_empty());
                    self.came += bytes.len();
                }
                smux::Event::Ended { stream } => {
                    assert!(self.open.contains(&stream), "a stream ends once");
                    self.open.retain(|open| *open != stream);
                }
            }
        }
        assert!(self.came <= self.brought);
    }

    fn local(&mut self, kind: u8, bytes: &[u8]) {
        let chosen = self
            .open
            .get(usize::from(kind >> 2) % self.open.len().max(1));
        match (kind % 4, chosen.copied()) {
            (0, _) if self.carrier.is_free() => {
                let stream = self.carrier.open();
                assert!(self.known.insert(stream), "a number is used once");
                self.open.push(stream);
                self.events();
            }
            (1 | 2, Some(stream)) => self.carrier.send(stream, bytes),
            (3, Some(stream)) => {
                self.carrier.end(stream);
                self.open.retain(|open| *open != stream);
            }
            _ => {
                self.carrier.disconnects();
            }
        }
    }

    /// What went out is whole frames of smux, but for the last.
    fn is_sound(&self) {
        if let Carrier::Basic(_) = self.carrier {
            return;
        }
        let mut rest = &self.gone[..];
        while let Some((head, after)) = rest.split_first_chunk::<8>() {
            assert!(head[0] == 1 && head[1] < 4, "smux goes out");
            let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
            rest = &after[length.min(after.len())..];
        }
    }
}

/// `proxy`: the stream as it is, until the far side says something else.
pub(crate) fn proxy(bytes: &[u8], now: Instant) {
    let mut far = FarSide::new(Script::new(bytes), Accepts::Port, now);
    let mut has_begun = false;
    while let Some(step) = far.step() {
        match step {
            Step::Events(events) => {
                for event in events {
                    match event {
                        // The client ends the session for any other.
                        Event::SessionType(SessionType::Port(port))
                            if port.mode == PortMode::Stdio => {}
                        Event::SessionType(_) => return,
                        Event::HandshakeComplete { .. } => has_begun = true,
                        Event::Closed { output } => {
                            let _ = Unreached::of(output.trim());
                        }
                        Event::NothingTaken => assert!(has_begun, "nothing was sent yet"),
                        _ => {}
                    }
                }
            }
            Step::Local(_, bytes) => {
                far.send(bytes);
            }
        }
    }
}
