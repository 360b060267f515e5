//! Sequence numbers: what is not yet acknowledged, when to send it again, the order of arrivals.
//!
//! Pure: knows no socket and no clock, the time is handed in. It outlives a connection, so that a
//! session can go on over the next one where it stopped. The rules are the agent's
//! (`agent/session/datachannel`): every message is acknowledged by itself, and only the oldest one
//! without an acknowledgement is ever sent again.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use tokio_tungstenite::tungstenite::Bytes;

use super::wire::Message;

/// How far the newest message may be ahead of the oldest without an acknowledgement.
/// Beyond it no input is sent.
///
/// This bounds what the far side has to keep. An agent puts early messages aside until the lost
/// message before them has come: up to 100,000 on the customer's host (`OutgoingMessageBuffer` and
/// `IncomingMessageBuffer` of amazon-ssm-agent, `agent/session/datachannel`). It never says how
/// much it holds. At 1,024 bytes each the window is 1 MiB under way. That is enough for 10 MB/s
/// over a path of 100 ms, and a hundredth of what the agent would take. A larger window would only
/// let a Ctrl-C queue up behind more of what was pasted before it.
pub(super) const WINDOW: usize = 1024;

/// How long a message is sent again and again before the far side counts as gone:
/// the plugin's 3,000 tries.
pub(super) const PEER_SILENT_AFTER: Duration = Duration::from_mins(5);

/// Messages that came before their turn and are kept until it comes; the plugin keeps as many.
const EARLY_MESSAGES: usize = 10_000;

/// The memory for them, since only the size of a frame bounds a single one.
const EARLY_BYTES: usize = 16 << 20;

/// What a message that is kept takes beside its payload, rounded up.
const KEPT: usize = 256;

/// The messages from this side that the far side has not acknowledged.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// The number of the first of `sent`.
    oldest: i64,
    /// All messages from the oldest without an acknowledgement on;
    /// none where it came before its turn.
    sent: VecDeque<Option<Sent>>,
    /// When the oldest of its day was last acknowledged, or the connection began.
    progress: Option<Instant>,
    timeout: RetransmissionTimeout,
}

#[derive(Debug)]
struct Sent {
    frame: Bytes,
    first: Instant,
    last: Instant,
    again: bool,
}

/// What is to be done now about messages without an acknowledgement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing yet.
    Nothing,
    /// This frame is to be written once more, byte for byte.
    Again(Bytes),
    /// The far side has not answered for [`PEER_SILENT_AFTER`].
    PeerSilent,
}

impl Outgoing {
    /// The number of the next message.
    pub(super) fn next_sequence_number(&self) -> i64 {
        self.oldest + i64::try_from(self.sent.len()).expect("the window bounds it")
    }

    /// Whether one more message fits the window.
    pub(super) fn has_room(&self) -> bool {
        self.sent.len() < WINDOW
    }

    /// Whether everything sent has been acknowledged.
    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    /// Takes note of the next message.
    /// To be called before its frame is written: an acknowledgement can be faster than the return
    /// from the write.
    pub(super) fn sent(&mut self, frame: Bytes, now: Instant) {
        self.sent.push_back(Some(Sent {
            frame,
            first: now,
            last: now,
            again: false,
        }));
    }

    /// One message has arrived.
    /// False when it was not waited for: acknowledged before, or never sent.
    pub(super) fn acknowledged(&mut self, sequence_number: i64, now: Instant) -> bool {
        let index = sequence_number.checked_sub(self.oldest);
        let Some(sent) = index
            .and_then(|index| self.sent.get_mut(usize::try_from(index).ok()?))
            .and_then(Option::take)
        else {
            return false;
        };
        // RFC 6298 section 5.3: the timer begins again with each step forward. On a slow path a
        // whole window waits its turn for longer than the timeout, and would else be sent twice. A
        // message that is acknowledged early is not a step forward: the oldest may be lost.
        if index == Some(0) {
            self.progress = Some(now);
        }
        while let Some(None) = self.sent.front() {
            self.sent.pop_front();
            self.oldest += 1;
        }
        // Karn's rule: which of two copies was acknowledged cannot be told, so only single ones are
        // measured.
        if !sent.again {
            self.timeout
                .sample(now.saturating_duration_since(sent.last));
        }
        true
    }

    /// When [`Outgoing::due`] is to be asked next; none while nothing waits.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let oldest = self.sent.front()?.as_ref()?;
        Some(Some(oldest.last).max(self.progress)? + self.timeout.get())
    }

    /// Looks at the oldest message alone.
    /// The agent takes messages in order and acknowledges those that come early, so it is the only
    /// one whose loss holds anything up.
    pub(super) fn due(&mut self, now: Instant) -> Due {
        let timeout = self.timeout.get();
        let Some(Some(oldest)) = self.sent.front_mut() else {
            return Due::Nothing;
        };
        let waited_since = |since: Instant| {
            now.saturating_duration_since(self.progress.map_or(since, |p| p.max(since)))
        };
        if waited_since(oldest.first) >= PEER_SILENT_AFTER {
            return Due::PeerSilent;
        }
        if waited_since(oldest.last) < timeout {
            return Due::Nothing;
        }
        oldest.last = now;
        oldest.again = true;
        self.timeout.back_off();
        Due::Again(oldest.frame.clone())
    }

    /// Everything without an acknowledgement, in order, to be written to a new connection.
    /// What the old one held is lost, and the patience with the far side begins again.
    pub(super) fn all_again(&mut self, now: Instant) -> impl Iterator<Item = Bytes> {
        self.progress = Some(now);
        self.timeout.doublings = 0;
        self.sent.iter_mut().flatten().map(move |sent| {
            sent.last = now;
            sent.again = true;
            sent.frame.clone()
        })
    }
}

/// The retransmission timeout of RFC 6298, begun and bounded as the agent does.
/// The round trip counts as 100 ms until it is measured, and the timeout never exceeds one second.
#[derive(Debug)]
struct RetransmissionTimeout {
    round_trip: Duration,
    variation: Duration,
    base: Duration,
    doublings: u32,
}

impl RetransmissionTimeout {
    const LONGEST: Duration = Duration::from_secs(1);
    const GRANULARITY: Duration = Duration::from_millis(10);

    fn get(&self) -> Duration {
        self.base
            .saturating_mul(1 << self.doublings)
            .min(Self::LONGEST)
    }

    /// RFC 6298 section 2.3, with the old round trip in the variation.
    /// A fresh sample ends the backing off.
    fn sample(&mut self, sample: Duration) {
        self.variation = self.variation * 3 / 4 + self.round_trip.abs_diff(sample) / 4;
        self.round_trip = self.round_trip * 7 / 8 + sample / 8;
        self.base =
            (self.round_trip + Self::GRANULARITY.max(self.variation * 4)).min(Self::LONGEST);
        self.doublings = 0;
    }

    /// RFC 6298 section 5.5: a path slower than the timeout would otherwise never be measured.
    fn back_off(&mut self) {
        self.doublings = (self.doublings + 1).min(10);
    }
}

impl Default for RetransmissionTimeout {
    fn default() -> Self {
        Self {
            round_trip: Duration::from_millis(100),
            variation: Duration::ZERO,
            base: Duration::from_millis(200),
            doublings: 0,
        }
    }
}

/// The messages of the far side, put in order.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    expected: i64,
    waiting: BTreeMap<i64, Message>,
    waiting_bytes: usize,
}

impl Incoming {
    /// Takes one message in.
    /// True when it is to be acknowledged: taken now, or taken before, in which case the first
    /// acknowledgement was lost and the far side repeats it until it has one. False when there is
    /// no room for it, or its number is none.
    pub(super) fn accept(&mut self, message: Message) -> bool {
        let number = message.sequence_number;
        if number < self.expected || self.waiting.contains_key(&number) {
            return number >= 0;
        }
        let early = number > self.expected;
        let bytes = self.waiting_bytes + message.payload.len() + KEPT;
        if number == i64::MAX
            || (early && (self.waiting.len() >= EARLY_MESSAGES || bytes > EARLY_BYTES))
        {
            return false;
        }
        self.waiting_bytes = bytes;
        self.waiting.insert(number, message);
        true
    }

    /// The next message, if its turn has come.
    pub(super) fn next_in_order(&mut self) -> Option<Message> {
        let message = self.waiting.remove(&self.expected)?;
        self.waiting_bytes -= message.payload.len() + KEPT;
        self.expected += 1;
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::{MessageType, PayloadType};
    use super::*;
    use uuid::Uuid;

    const MS: Duration = Duration::from_millis(1);

    fn frame(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    fn message(sequence_number: i64) -> Message {
        message_of(sequence_number, 1)
    }

    fn message_of(sequence_number: i64, length: usize) -> Message {
        Message {
            message_type: MessageType::OutputStreamData,
            created: 1,
            sequence_number,
            flags: 0,
            message_id: Uuid::new_v4(),
            payload_type: PayloadType::Output,
            payload: vec![b'x'; length].into(),
        }
    }

    fn numbers(incoming: &mut Incoming) -> Vec<i64> {
        std::iter::from_fn(|| incoming.next_in_order())
            .map(|message| message.sequence_number)
            .collect()
    }

    #[test]
    fn nothing_is_due_before_the_timeout_and_the_same_bytes_after_it() {
        let start = Instant::now();
        let mut out = Outgoing::default();
        assert_eq!((out.due(start), out.deadline()), (Due::Nothing, None));
        out.sent(frame("a"), start);
        out.sent(frame("b"), start);
        assert_eq!(out.deadline(), Some(start + 200 * MS));
        assert_eq!(out.due(start + 199 * MS), Due::Nothing);
        assert_eq!(
            out.due(start + 200 * MS),
            Due::Again(frame("a")),
            "the oldest alone"
        );
        assert_eq!(out.due(start + 200 * MS), Due::Nothing);
    }

    #[test]
    fn the_timeout_doubles_up_to_a_second() {
        let start = Instant::now();
        let mut out = Outgoing::default();
        out.sent(frame("a"), start);
        let mut waits = Vec::new();
        let mut last = start;
        for _ in 0..5 {
            let deadline = out.deadline().unwrap();
            assert!(matches!(out.due(deadline), Due::Again(_)));
            waits.push((deadline - last).as_millis());
            last = deadline;
        }
        assert_eq!(waits, [200, 400, 800, 1000, 1000]);
    }

    #[test]
    fn a_fresh_sample_sets_the_timeout_and_ends_the_backing_off() {
        let start = Instant::now();
        let mut out = Outgoing::default();
        out.sent(frame("a"), start);
        assert!(matches!(out.due(start + 200 * MS), Due::Again(_)));
        assert!(out.acknowledged(0, start + 210 * MS));
        let start = start + 210 * MS;
        out.sent(frame("b"), start);
        assert_eq!(
            out.deadline(),
            Some(start + 400 * MS),
            "Karn: a repeated message is not measured"
        );
        let start = start + 60 * MS;
        assert!(out.acknowledged(1, start));
        // VAR = 40/4 = 10 ms, RTT = 87.5 + 7.5 = 95 ms, RTO = 95 + 40 ms.
        out.sent(frame("c"), start);
        assert_eq!(out.deadline(), Some(start + 135 * MS));
    }

    #[test]
    fn the_timeout_keeps_ten_milliseconds_above_a_steady_round_trip() {
        let mut timeout = RetransmissionTimeout::default();
        for _ in 0..200 {
            timeout.sample(20 * MS);
        }
        assert_eq!(timeout.get().as_millis(), 30);
        timeout.sample(Duration::from_mins(1));
        assert_eq!(timeout.get(), Duration::from_secs(1));
    }

    #[test]
    fn acknowledgements_are_taken_once_and_in_any_order() {
        let now = Instant::now();
        let mut out = Outgoing::default();
        for text in ["a", "b", "c"] {
            out.sent(frame(text), now);
        }
        assert!(out.acknowledged(2, now) && out.acknowledged(0, now));
        assert!(
            !out.acknowledged(2, now) && !out.acknowledged(7, now) && !out.acknowledged(-1, now)
        );
        assert_eq!(
            out.due(now + Duration::from_secs(1)),
            Due::Again(frame("b"))
        );
        assert!(out.acknowledged(1, now) && out.is_empty());
    }

    #[test]
    fn a_slow_path_that_moves_is_not_flooded_with_copies() {
        let start = Instant::now();
        let mut out = Outgoing::default();
        for _ in 0..100 {
            out.sent(frame("a"), start);
        }
        // One acknowledgement every 100 ms: the last has waited ten seconds.
        for number in 0..100 {
            let now = start + (100 * MS) * (u32::try_from(number).unwrap() + 1);
            assert_eq!(out.due(now), Due::Nothing);
            assert!(out.acknowledged(number, now));
        }
    }

    #[test]
    fn a_lost_message_is_repeated_though_later_ones_arrive() {
        let start = Instant::now();
        let mut out = Outgoing::default();
        for _ in 0..10 {
            out.sent(frame("a"), start);
        }
        for number in 1..10 {
            assert!(out.acknowledged(number, start + 100 * MS));
        }
        assert!(matches!(out.due(start + 250 * MS), Due::Again(_)));
    }

    #[test]
    fn the_window_closes_and_opens() {
        let now = Instant::now();
        let mut out = Outgoing::default();
        for _ in 0..WINDOW {
            assert!(out.has_room());
            out.sent(frame("a"), now);
        }
        assert!(!out.has_room());
        out.acknowledged(500, now);
        assert!(
            !out.has_room(),
            "the agent keeps what comes behind a lost message"
        );
        out.acknowledged(0, now);
        assert!(out.has_room());
        assert_eq!(out.next_sequence_number(), 1024);
    }

    #[test]
    fn a_peer_that_never_answers_is_silent_after_five_minutes() {
        let start = Instant::now();
        let mut out = Outgoing::default();
        out.sent(frame("a"), start);
        let mut copies = 0;
        let silent_at = loop {
            let now = out.deadline().unwrap();
            match out.due(now) {
                Due::Again(_) => copies += 1,
                Due::PeerSilent => break now,
                Due::Nothing => panic!("the deadline was too early"),
            }
        };
        assert!((295..=305).contains(&copies), "{copies} copies");
        assert!(
            (PEER_SILENT_AFTER..PEER_SILENT_AFTER + Duration::from_secs(1))
                .contains(&(silent_at - start))
        );
    }

    #[test]
    fn a_new_connection_gets_everything_unacknowledged_again_and_time_to_answer() {
        let start = Instant::now();
        let mut out = Outgoing::default();
        for text in ["a", "b", "c", "d"] {
            out.sent(frame(text), start);
        }
        assert!(out.acknowledged(0, start) && out.acknowledged(2, start));
        let resumed = start + PEER_SILENT_AFTER;
        assert_eq!(out.due(resumed), Due::PeerSilent);
        let again: Vec<Bytes> = out.all_again(resumed).collect();
        assert_eq!(again, ["b", "d"]);
        assert_eq!(out.due(resumed), Due::Nothing);
        assert!(matches!(
            out.due(resumed + Duration::from_secs(1)),
            Due::Again(_)
        ));
        assert_eq!(out.next_sequence_number(), 4);
    }

    #[test]
    fn what_arrives_out_of_order_is_put_in_order() {
        let mut incoming = Incoming::default();
        assert!(incoming.accept(message(2)) && incoming.accept(message(1)));
        assert_eq!(numbers(&mut incoming), [0; 0]);
        assert!(incoming.accept(message(0)));
        assert_eq!(numbers(&mut incoming), [0, 1, 2]);
        assert_eq!(incoming.waiting_bytes, 0);
    }

    #[test]
    fn duplicates_are_acknowledged_and_delivered_once() {
        let mut incoming = Incoming::default();
        assert!(incoming.accept(message(0)));
        assert_eq!(numbers(&mut incoming), [0]);
        assert!(
            incoming.accept(message(0))
                && incoming.accept(message(1))
                && incoming.accept(message(1))
        );
        assert_eq!(numbers(&mut incoming), [1]);
    }

    #[test]
    fn what_comes_too_early_is_bounded_but_the_next_is_always_taken() {
        let mut incoming = Incoming::default();
        for number in 1..=10_000 {
            assert!(incoming.accept(message(number)));
        }
        assert!(!incoming.accept(message(10_001)));
        assert!(incoming.accept(message(0)));
        assert_eq!(numbers(&mut incoming).len(), 10_001);

        let mut incoming = Incoming::default();
        for number in 1..=15 {
            assert!(incoming.accept(message_of(number, 1 << 20)));
        }
        assert!(!incoming.accept(message_of(16, 1 << 20)));
    }

    #[test]
    fn impossible_numbers_are_refused() {
        let mut incoming = Incoming::default();
        assert!(
            !incoming.accept(message(-1))
                && !incoming.accept(message(i64::MIN))
                && !incoming.accept(message(i64::MAX))
        );
        assert_eq!(numbers(&mut incoming), [0; 0]);
    }
}
