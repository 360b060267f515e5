//! The two directions of a data channel as plain data:
//! what has been sent and not yet acknowledged, and what has arrived too early. No clock and no
//! socket; time is handed in.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::message::Message;

/// Most outputs that wait for an acknowledgement; the pty is not read beyond.
const MAX_UNACKNOWLEDGED: usize = 10_000;
/// Most inputs that wait, as in the real agent.
const MAX_WAITING: usize = 100_000;
/// How long an output from before a reconnect may stay unacknowledged.
/// It may have arrived with only its acknowledgement lost, and not every client acknowledges it
/// again. After this time the agent drops it, so that it does not block those behind it.
const CARRIED_FOR: Duration = Duration::from_secs(10);

/// Where an input stands in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The one that is waited for.
    Next,
    /// Has to wait for others.
    Early,
    /// Is here already; it is acknowledged when it is used.
    Pending,
    /// Had arrived before.
    Duplicate,
}

/// Inputs, brought into order.
#[derive(Debug, Default)]
pub struct Inbound {
    expected: i64,
    waiting: BTreeMap<i64, Waiting>,
}

/// An input that has arrived and is not used yet.
#[derive(Debug)]
struct Waiting {
    message: Message,
    acknowledged: bool,
}

impl Inbound {
    pub fn arrival(&self, sequence: i64) -> Arrival {
        match self.waiting.get(&sequence) {
            Some(waiting) if waiting.acknowledged => Arrival::Duplicate,
            Some(_) => Arrival::Pending,
            None if sequence < self.expected => Arrival::Duplicate,
            None if sequence == self.expected => Arrival::Next,
            None => Arrival::Early,
        }
    }

    /// Keeps an input; `false` when there are too many.
    pub fn keep(&mut self, message: Message, acknowledged: bool) -> bool {
        let room = self.waiting.len() < MAX_WAITING;
        if room {
            let waiting = Waiting {
                message,
                acknowledged,
            };
            self.waiting.insert(waiting.message.sequence, waiting);
        }
        room
    }

    /// Whether the agent is busy: it has not yet used the input that was waited for.
    pub fn is_busy(&self) -> bool {
        self.waiting.contains_key(&self.expected)
    }

    /// The input that was waited for, if it is there.
    pub fn next(&self) -> Option<&Message> {
        Some(&self.waiting.get(&self.expected)?.message)
    }

    /// That input is used: it, if it has still to be acknowledged.
    pub fn advance(&mut self) -> Option<Message> {
        let used = self.waiting.remove(&self.expected)?;
        self.expected += 1;
        (!used.acknowledged).then_some(used.message)
    }

    /// That input is lost: the client has to send it again, unless it was acknowledged.
    pub fn lose(&mut self) {
        if self
            .waiting
            .get(&self.expected)
            .is_some_and(|waiting| !waiting.acknowledged)
        {
            self.waiting.remove(&self.expected);
        }
    }
}

/// Outputs until they are acknowledged. Those never sent are at the back.
#[derive(Debug)]
pub struct Outbound {
    next: i64,
    unacknowledged: VecDeque<Output>,
    sent: usize,
    attached: Option<Instant>,
    round_trip: Duration,
    variation: Duration,
    timeout: Duration,
}

#[derive(Debug)]
struct Output {
    sequence: i64,
    frame: Vec<u8>,
    sent: Option<Instant>,
    resent: bool,
    carried: bool,
}

impl Default for Outbound {
    fn default() -> Self {
        Self {
            next: 0,
            unacknowledged: VecDeque::new(),
            sent: 0,
            attached: None,
            round_trip: Duration::from_millis(100),
            variation: Duration::ZERO,
            timeout: Duration::from_millis(200),
        }
    }
}

impl Outbound {
    /// The sequence number of the next output.
    pub fn next_sequence(&self) -> i64 {
        self.next
    }

    pub fn is_full(&self) -> bool {
        self.unacknowledged.len() >= MAX_UNACKNOWLEDGED
    }

    pub fn is_empty(&self) -> bool {
        self.unacknowledged.is_empty()
    }

    /// Adds the frame with the [next sequence number](Self::next_sequence).
    pub fn push(&mut self, frame: Vec<u8>) {
        let sequence = self.next;
        self.unacknowledged.push_back(Output {
            sequence,
            frame,
            sent: None,
            resent: false,
            carried: false,
        });
        self.next += 1;
    }

    /// A websocket was attached: everything is sent again, in order.
    pub fn attach(&mut self, now: Instant) {
        self.attached = Some(now);
        self.sent = 0;
        for output in &mut self.unacknowledged {
            output.carried |= output.sent.is_some();
            output.resent |= output.sent.is_some();
            output.sent = None;
        }
    }

    /// The next output that was not sent yet.
    pub fn fresh(&mut self, now: Instant) -> Option<Vec<u8>> {
        let output = self.unacknowledged.get_mut(self.sent)?;
        output.sent = Some(now);
        self.sent += 1;
        Some(output.frame.clone())
    }

    /// The oldest output, if its acknowledgement is overdue: only the oldest is ever sent again.
    pub fn overdue(&mut self, now: Instant) -> Option<Vec<u8>> {
        let waited = now.duration_since(self.attached?);
        while waited > CARRIED_FOR && self.unacknowledged.front().is_some_and(|old| old.carried) {
            self.unacknowledged.pop_front();
            self.sent = self.sent.saturating_sub(1);
        }
        let oldest = self.unacknowledged.front_mut()?;
        if now.duration_since(oldest.sent?) < self.timeout {
            return None;
        }
        oldest.sent = Some(now);
        oldest.resent = true;
        Some(oldest.frame.clone())
    }

    /// Takes an acknowledgement; `false` when no such output was ever sent.
    /// One that was sent twice says nothing about the round trip (Karn).
    pub fn acknowledge(&mut self, sequence: i64, now: Instant) -> bool {
        let Ok(index) = self
            .unacknowledged
            .binary_search_by_key(&sequence, |output| output.sequence)
        else {
            return (0..self.next).contains(&sequence);
        };
        if index < self.sent {
            self.sent -= 1;
        } else if !self.unacknowledged[index].carried {
            return false;
        }
        let output = self.unacknowledged.remove(index);
        if let Some(Output {
            sent: Some(sent),
            resent: false,
            ..
        }) = output
        {
            self.sample(now.duration_since(sent));
        }
        true
    }

    fn sample(&mut self, sample: Duration) {
        self.variation = self.variation * 3 / 4 + self.round_trip.abs_diff(sample) / 4;
        self.round_trip = self.round_trip * 7 / 8 + sample / 8;
        let margin = (self.variation * 4).max(Duration::from_millis(10));
        self.timeout = (self.round_trip + margin).min(Duration::from_secs(1));
    }
}

/// How many of these bytes can be sent without cutting a character in two:
/// at most three, the beginning of a UTF-8 sequence, are left for later.
pub fn whole_characters(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    for (index, byte) in bytes.iter().enumerate().skip(tail).rev() {
        let length = match byte {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        return if index + length > bytes.len() {
            index
        } else {
            bytes.len()
        };
    }
    bytes.len()
}

/// How many of these bytes the agent sends of a command's output.
/// It keeps what follows an error in the last three, be it the beginning of a character or not text
/// at all.
pub fn sendable(bytes: &[u8]) -> usize {
    let last = bytes.len().saturating_sub(3);
    let mut position = 0;
    for chunk in bytes.utf8_chunks() {
        position += chunk.valid().len();
        let end = position + chunk.invalid().len();
        if end > last && position < end {
            return position.max(last);
        }
        position = end;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_no_text_at_the_end() {
        assert_eq!(sendable(b""), 0);
        assert_eq!(sendable("abcé€😀".as_bytes()), 12);
        assert_eq!(sendable(b"ab\xff"), 2);
        assert_eq!(sendable(b"ab\xffcd"), 2);
        assert_eq!(sendable(b"ab\xffcde"), 6);
        assert_eq!(sendable(b"\xff\xff\xff\xff\xff"), 2);
        assert_eq!(sendable("ab😀".as_bytes().split_last().unwrap().1), 2);
    }

    #[test]
    fn cuts_at_characters() {
        assert_eq!(whole_characters(b""), 0);
        assert_eq!(whole_characters(b"abc"), 3);
        for character in ["é", "€", "😀"] {
            let text = format!("ab{character}");
            for cut in 3..text.len() {
                assert_eq!(
                    whole_characters(&text.as_bytes()[..cut]),
                    2,
                    "{text} cut at {cut}"
                );
            }
            assert_eq!(whole_characters(text.as_bytes()), text.len());
        }
        assert_eq!(
            whole_characters(&[0x80; 5]),
            5,
            "no text at all is sent as it is"
        );
        assert_eq!(whole_characters(&[0xff, b'a', 0xff]), 3);
    }

    #[test]
    fn retransmits_the_oldest_alone() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut outbound = Outbound::default();
        outbound.attach(start);
        outbound.push(b"a".to_vec());
        outbound.push(b"b".to_vec());
        assert_eq!(outbound.fresh(start), Some(b"a".to_vec()));
        assert_eq!(outbound.fresh(start), Some(b"b".to_vec()));
        assert_eq!(outbound.fresh(start), None);
        assert_eq!(outbound.overdue(at(199)), None);
        assert_eq!(outbound.overdue(at(200)), Some(b"a".to_vec()));
        assert_eq!(
            outbound.overdue(at(300)),
            None,
            "the send time is refreshed"
        );
        assert!(outbound.acknowledge(1, at(300)));
        assert!(outbound.acknowledge(0, at(300)));
        assert!(outbound.acknowledge(0, at(300)), "again does no harm");
        assert!(!outbound.acknowledge(2, at(300)), "never sent");
        assert!(outbound.is_empty());
        // b waited 300 ms: variation 200/4, round trip 100*7/8 + 300/8.
        assert_eq!(outbound.timeout, Duration::from_millis(125 + 200));
    }

    #[test]
    fn sends_all_again_when_attached() {
        let start = Instant::now();
        let later = start + CARRIED_FOR + Duration::from_secs(1);
        let mut outbound = Outbound::default();
        outbound.attach(start);
        outbound.push(b"a".to_vec());
        outbound.fresh(start);
        outbound.attach(start);
        outbound.push(b"b".to_vec());
        assert_eq!(outbound.fresh(start), Some(b"a".to_vec()));
        assert_eq!(outbound.fresh(start), Some(b"b".to_vec()));
        assert_eq!(
            outbound.overdue(later),
            Some(b"b".to_vec()),
            "a is given up"
        );
        assert!(outbound.acknowledge(1, later));
        assert!(outbound.is_empty());
    }
}
