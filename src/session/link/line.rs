//! A data channel that outlives its connections:
//! a lost one is resumed, and the session goes on as it was.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use crate::channel::{self, Accepts, Channel, DataKey, Flag, OpenError};

use crate::session::ledger::end::End;
use crate::session::live::Session;

use super::dial;
use super::event::{Event, Lost};
use super::reconnect::{Reconnected, Tries, reconnect};

/// An outage shorter than this gets no notice, since that would disturb the screen.
const UNNOTICED: Duration = Duration::from_secs(1);
/// How often the clocks are compared.
const LOOK: Duration = Duration::from_secs(5);
/// If the wall clock is ahead by this much, the machine slept: connections seldom survive that.
const SLEPT: Duration = Duration::from_secs(30);

/// The most events that are kept while the channel opens.
/// Agents send none before the handshake is over.
const MOST_HELD: usize = 64;
/// Their bytes: the size of a frame bounds a single one.
const MOST_HELD_BYTES: usize = 1 << 20;
/// How long the agent may take to hear that the session ends.
const FAREWELL: Duration = Duration::from_millis(500);

impl From<Lost> for End {
    fn from(Lost(reason): Lost) -> Self {
        Self::lost(reason)
    }
}

/// A live data channel.
/// It has the methods of [`Channel`], and its [`Line::next`] resumes what was lost.
pub(crate) struct Line<'a, 'i> {
    session: Session<'a, 'i>,
    channel: Channel,
    /// What came while the channel opened, for the client to take first.
    held: VecDeque<channel::Event>,
    outage: Option<Outage<'a>>,
    resumed: Option<(Instant, Tries)>,
    /// Whether a resumption has still to be told as an event.
    has_resumed: bool,
    /// Whether the last connection was dropped for silence, and nothing was acknowledged since.
    is_unacknowledged: bool,
    looked: (Instant, SystemTime),
}

/// A connection that was lost and is being resumed.
struct Outage<'a> {
    why: String,
    began: Instant,
    said: bool,
    resuming: Pin<Box<dyn Future<Output = Reconnected> + 'a>>,
}

impl<'a, 'i: 'a> Line<'a, 'i> {
    /// Opens the data channel of a session that was started.
    pub(crate) async fn open(
        session: Session<'a, 'i>,
        accepts: Accepts,
    ) -> Result<Self, OpenError> {
        Ok(Self {
            session,
            channel: dial::open(session, accepts).await?,
            held: VecDeque::new(),
            outage: None,
            resumed: None,
            has_resumed: false,
            is_unacknowledged: false,
            looked: (Instant::now(), session.context.os.now()),
        })
    }

    /// The next event of an open channel. It resumes a lost connection meanwhile.
    /// Cancel-safe: a resumption that has begun goes on at the next call. An error is final.
    pub(crate) async fn next(&mut self) -> Result<Event, Lost> {
        loop {
            if std::mem::take(&mut self.has_resumed) {
                return Ok(Event::Resumed);
            }
            let event = match self.held.pop_front() {
                Some(event) => event,
                None => match self.step().await? {
                    Some(event) => event,
                    None => continue,
                },
            };
            if let Some(event) = Event::while_open(event)? {
                return Ok(event);
            }
        }
    }

    /// Keeps an event for [`Line::next`], behind those that are kept already.
    /// False if that is one too many: the far side decides how much it sends before the channel is
    /// open.
    pub(super) fn hold(&mut self, event: channel::Event) -> bool {
        self.held.push_back(event);
        let bytes = self.held.iter().map(|event| match event {
            channel::Event::Output(bytes) | channel::Event::StdErr(bytes) => bytes.len(),
            _ => 0,
        });
        self.held.len() <= MOST_HELD && bytes.sum::<usize>() <= MOST_HELD_BYTES
    }

    /// [`Channel::next`], with a lost connection resumed meanwhile;
    /// as cancel-safe as [`Line::next`].
    pub(super) async fn next_of_channel(&mut self) -> Result<channel::Event, Lost> {
        loop {
            if let Some(event) = self.step().await? {
                return Ok(event);
            }
        }
    }

    /// The session has only begun: whatever was resumed before lost nothing.
    pub(super) fn forget_resumption(&mut self) {
        self.has_resumed = false;
    }

    /// The channel's next event, or `None` if a lost connection was resumed first.
    async fn step(&mut self) -> Result<Option<channel::Event>, Lost> {
        loop {
            if let Some(outage) = &mut self.outage {
                let say_at = (outage.began + UNNOTICED).into();
                tokio::select! {
                    resumed = &mut outage.resuming => {
                        self.resumed(resumed)?;
                        return Ok(None);
                    }
                    () = tokio::time::sleep_until(say_at), if !outage.said => {
                        outage.said = true;
                        let why = &outage.why;
                        self.session.context.notice(&format!("the connection was lost ({why}); resuming the session…"));
                    }
                }
                continue;
            }
            tokio::select! {
                event = self.channel.next() => match event {
                    Ok(event) => {
                        self.is_unacknowledged &= event != channel::Event::Acknowledged;
                        return Ok(Some(event));
                    }
                    Err(lost) => {
                        let why = crate::aws::chain(&lost);
                        let is_silent = matches!(lost, channel::Lost::PeerSilent);
                        // Another connection has brought no answer: it is not the connection.
                        if is_silent && self.is_unacknowledged {
                            return Err(Lost(format!("{why}, on two connections")));
                        }
                        self.is_unacknowledged |= is_silent;
                        self.lose(why)?;
                    }
                },
                () = tokio::time::sleep_until((self.looked.0 + LOOK).into()) => {
                    if let Some(slept) = self.slept() {
                        self.lose(format!("this machine was asleep for {} s", slept.as_secs()))?;
                    }
                }
            }
        }
    }

    /// Whether there is no connection at the moment. Input is still taken as long as there is room.
    pub(crate) fn is_down(&self) -> bool {
        self.outage.is_some()
    }

    /// Notes that the client took nothing for a while on purpose, so that this is not a sleep.
    pub(crate) fn stay(&mut self) {
        self.looked = (Instant::now(), self.session.context.os.now());
    }

    /// [`Channel::room`].
    pub(crate) fn room(&self) -> usize {
        self.channel.room()
    }

    /// [`Channel::send`].
    pub(crate) fn send(&mut self, data: &[u8]) -> usize {
        self.channel.send(data)
    }

    /// [`Channel::resize`].
    pub(crate) fn resize(&mut self, cols: u16, rows: u16) {
        self.channel.resize(cols, rows);
    }

    /// [`Channel::flag`].
    pub(crate) fn flag(&mut self, flag: Flag) {
        self.channel.flag(flag);
    }

    /// [`Channel::is_flushed`].
    pub(crate) fn is_flushed(&self) -> bool {
        self.channel.is_flushed()
    }

    /// [`Channel::has_input`].
    pub(crate) fn has_input(&self) -> bool {
        self.channel.has_input()
    }

    /// [`Channel::has_taken`].
    pub(crate) fn has_taken(&self) -> bool {
        self.channel.has_taken()
    }

    /// [`Channel::data_key`].
    pub(crate) fn data_key(&mut self, key: Result<&DataKey, &str>) {
        self.channel.data_key(key);
    }

    /// Tells the agent that the session ends, so that it does not wait for this client.
    /// TerminateSession follows, whether the agent has heard it or not.
    pub(crate) async fn farewell(&mut self) {
        self.farewell_within(FAREWELL).await;
    }

    /// [`Line::farewell`] with a limit of its own.
    /// True if the agent acknowledged it, or the session ended with it.
    pub(crate) async fn farewell_within(&mut self, limit: Duration) -> bool {
        self.flag(Flag::TerminateSession);
        let heard = async {
            while !self.is_flushed() {
                match self.next().await {
                    Ok(Event::Closed { output }) => return output.is_empty(),
                    Err(_) => return false,
                    Ok(_) => {}
                }
            }
            true
        };
        tokio::time::timeout(limit, heard).await.unwrap_or(false)
    }

    /// [`Channel::has_begun`].
    pub(super) fn has_begun(&self) -> bool {
        self.channel.has_begun()
    }

    /// [`Channel::has_heard`].
    pub(crate) fn has_heard(&self) -> bool {
        self.channel.has_heard()
    }

    fn lose(&mut self, why: String) -> Result<(), Lost> {
        let now = Instant::now();
        let Some(tries) = Tries::after(self.resumed.take(), now) else {
            return Err(Lost(format!("{why}, again and again")));
        };
        tracing::info!("the connection was lost: {why}");
        let client_id = self.channel.client_id();
        let session = self.session;
        self.outage = Some(Outage {
            why,
            began: now,
            said: false,
            resuming: Box::pin(reconnect(session, client_id, tries)),
        });
        Ok(())
    }

    fn resumed(&mut self, (tries, resumed): Reconnected) -> Result<(), Lost> {
        let Some(outage) = self.outage.take() else {
            return Ok(());
        };
        let connection = resumed.map_err(|reason| {
            let why = outage.why;
            Lost(format!(
                "{why}, and vendor-ssm could not resume it: {reason}"
            ))
        })?;
        let now = self.session.context.aws.clock().now();
        self.channel.attach(connection, now);
        let now = Instant::now();
        self.resumed = Some((now, tries));
        self.has_resumed = true;
        self.looked = (now, self.session.context.os.now());
        tracing::info!("the session was resumed");
        if outage.said {
            self.session.context.notice("the session is resumed");
        }
        Ok(())
    }

    /// How long this machine slept, or this process was stopped, since the last look.
    fn slept(&mut self) -> Option<Duration> {
        let (before, now) = (self.looked.1, self.session.context.os.now());
        self.looked = (Instant::now(), now);
        let passed = now.duration_since(before).unwrap_or_default();
        passed.checked_sub(LOOK).filter(|slept| *slept >= SLEPT)
    }
}
