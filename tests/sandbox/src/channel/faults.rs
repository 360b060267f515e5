//! Switches with which the service and the agent misbehave on purpose.
//! They hold for all sessions; counted ones wear off.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// All off by default.
#[derive(Debug, Default)]
pub struct Faults {
    acks_withheld: AtomicU64,
    outputs_doubled: AtomicU64,
    outputs_swapped: AtomicU64,
    outputs_lost: AtomicU64,
    outputs_seen: AtomicU64,
    opens_refused: AtomicU64,
    first_output_delay: AtomicU64,
    crash_noticed_after: AtomicU64,
    silent: AtomicBool,
    handshake_withheld: AtomicBool,
    completion_withheld: AtomicBool,
    handshake_flooded: AtomicBool,
    long_channel_closed: AtomicBool,
    message_length: AtomicU64,
    bare_actions: AtomicU64,
    losses_kept_from_agents: AtomicBool,
    commands_outlived: AtomicBool,
}

impl Faults {
    /// Takes the next `times` inputs without acknowledging them, as if the acknowledgement were
    /// lost; the client has to send them again.
    pub fn withhold_acks(&self, times: u64) {
        self.acks_withheld.store(times, Relaxed);
    }

    /// Sends the next `times` outputs twice.
    pub fn double_outputs(&self, times: u64) {
        self.outputs_doubled.store(times, Relaxed);
    }

    /// Sends an output only after the one that follows it, `times` times.
    pub fn swap_outputs(&self, times: u64) {
        self.outputs_swapped.store(times, Relaxed);
    }

    /// Loses every `nth` output, so that it arrives by retransmission only;
    /// 0 loses none.
    pub fn lose_every_output(&self, nth: u64) {
        self.outputs_seen.store(0, Relaxed);
        self.outputs_lost.store(nth, Relaxed);
    }

    /// Closes the next `times` websockets with 1008 after a good open message, which keeps its
    /// token.
    pub fn refuse_opens(&self, times: u64) {
        self.opens_refused.store(times, Relaxed);
    }

    /// Lets the first output of sessions wait this long (whole milliseconds, to the next 100 ms),
    /// as the real agent's does for about a second.
    pub fn delay_first_output(&self, delay: Duration) {
        let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.first_output_delay.store(delay, Relaxed);
    }

    /// Says so long after a worker's crash that there was one (whole milliseconds);
    /// zero is the agent's own time, a minute (amazon-ssm-agent, `defaultZombieProcessTimeout` in
    /// `agent/framework/processor/executer/outofproc/master.go`).
    pub fn notice_crash_after(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.crash_noticed_after.store(time, Relaxed);
    }

    /// While on, no message is sent at all, neither output nor acknowledgement nor
    /// `channel_closed`. Pings are still answered.
    pub fn silence(&self, on: bool) {
        self.silent.store(on, Relaxed);
    }

    /// While on, agents acknowledge what they get and never begin the handshake that a session
    /// needs, as one whose session worker hangs.
    pub fn withhold_handshake(&self, on: bool) {
        self.handshake_withheld.store(on, Relaxed);
    }

    /// While on, agents begin a handshake and never complete it.
    pub fn withhold_completion(&self, on: bool) {
        self.completion_withheld.store(on, Relaxed);
    }

    /// While on, agents send output without end in place of completing the handshake.
    /// The real agent sends none before.
    pub fn flood_handshake(&self, on: bool) {
        self.handshake_flooded.store(on, Relaxed);
    }

    /// Completes handshakes with a customer message of so many bytes; 0 is the agent's own.
    pub fn long_message(&self, length: u64) {
        self.message_length.store(length, Relaxed);
    }

    /// Asks the client for so many actions without a name, behind those of the session.
    pub fn ask_for_actions(&self, count: u64) {
        self.bare_actions.store(count, Relaxed);
    }

    /// Sends `channel_closed` with the agent's header of 116 bytes.
    /// The real service's has 112, which is the default.
    pub fn long_channel_closed(&self, on: bool) {
        self.long_channel_closed.store(on, Relaxed);
    }

    /// While on, agents do not learn that their client's connection was lost.
    /// Whether the real service tells them is not known; the default is that it does.
    pub fn keep_losses_from_agents(&self, on: bool) {
        self.losses_kept_from_agents.store(on, Relaxed);
    }

    /// While on, agents whose command has ended go on with output and do not end the session.
    /// The real agent sends nothing after an exit code but why a command could not start.
    pub fn outlive_commands(&self, on: bool) {
        self.commands_outlived.store(on, Relaxed);
    }

    pub(super) fn withholds_ack(&self) -> bool {
        take(&self.acks_withheld)
    }

    pub(super) fn doubles_output(&self) -> bool {
        take(&self.outputs_doubled)
    }

    pub(super) fn swaps_output(&self) -> bool {
        take(&self.outputs_swapped)
    }

    pub(super) fn loses_output(&self) -> bool {
        let nth = self.outputs_lost.load(Relaxed);
        nth > 0 && (self.outputs_seen.fetch_add(1, Relaxed) + 1).is_multiple_of(nth)
    }

    pub(super) fn refuses_open(&self) -> bool {
        take(&self.opens_refused)
    }

    pub(super) fn first_output_delay(&self) -> Duration {
        Duration::from_millis(self.first_output_delay.load(Relaxed))
    }

    pub(super) fn crash_noticed_after(&self) -> Duration {
        match self.crash_noticed_after.load(Relaxed) {
            0 => Duration::from_mins(1),
            time => Duration::from_millis(time),
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        self.silent.load(Relaxed)
    }

    pub(super) fn withholds_handshake(&self) -> bool {
        self.handshake_withheld.load(Relaxed)
    }

    pub(super) fn message_length(&self) -> usize {
        usize::try_from(self.message_length.load(Relaxed)).unwrap_or_default()
    }

    pub(super) fn bare_actions(&self) -> usize {
        usize::try_from(self.bare_actions.load(Relaxed)).unwrap_or_default()
    }

    pub(super) fn floods_handshake(&self) -> bool {
        self.handshake_flooded.load(Relaxed)
    }

    pub(super) fn withholds_completion(&self) -> bool {
        self.completion_withheld.load(Relaxed)
    }

    pub(super) fn keeps_losses_from_agents(&self) -> bool {
        self.losses_kept_from_agents.load(Relaxed)
    }

    pub(super) fn outlives_commands(&self) -> bool {
        self.commands_outlived.load(Relaxed)
    }

    pub(super) fn is_channel_closed_long(&self) -> bool {
        self.long_channel_closed.load(Relaxed)
    }
}

/// One use of a counted fault, if any is left.
fn take(left: &AtomicU64) -> bool {
    left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1))
        .is_ok()
}
