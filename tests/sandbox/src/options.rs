//! How a sandbox is started, and the knobs on which real AWS is known to vary.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::faults::Fault;

/// What a sandbox is started with.
/// [`Sandbox::options`](crate::Sandbox::options) changes it while it runs; the port, TLS, the
/// number of instances and the trail's file are looked at once.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each knob is turned by itself"
)]
pub struct Options {
    /// The port on 127.0.0.1; 0 is any free one.
    pub port: u16,
    /// So many instances in the customer's account instead of the seeds' few.
    pub instances: Option<usize>,
    /// How long every answer takes at least.
    pub latency: Duration,
    /// Put every service at the end of a way of its own, on which a round trip takes this long.
    pub round_trip: Option<Duration>,
    /// The longest that minted credentials live, whatever was asked for.
    pub credential_lifetime: Option<Duration>,
    /// Serve TLS; the CA certificate is written to `ca.pem` in this directory.
    pub tls: Option<PathBuf>,
    /// Names beside 127.0.0.1 and localhost for the server's certificate.
    pub tls_names: Vec<String>,
    /// Write every event of the trail to this file too, as JSON lines.
    pub trail: Option<PathBuf>,
    /// How many calls of `StartSession` each account may make in each region; the others are
    /// throttled.
    pub start_limit: Option<StartLimit>,
    /// Failures planned from the start.
    pub faults: Vec<Fault>,
    /// What `TerminateSession` answers for a session that has ended.
    pub ended: Ended,
    /// The most items of one page, when a client asks for more or does not say.
    pub page_size: Option<usize>,
    /// How `DescribeInstances` sends characters that XML 1.0 cannot hold.
    pub control_characters: ControlCharacters,
    /// Answer Session Manager's refusals with the statuses of its documentation (403), not those
    /// seen on the wire (400).
    pub documented_statuses: bool,
    /// Let a websocket be opened without a signature, as real AWS does for plugins older than
    /// 1.2.764.0.
    pub allow_unsigned_channel: bool,
    /// The agent opens every session with a handshake, as it does when the account's preferences
    /// ask for KMS.
    pub handshake: bool,
    /// Encrypted sessions want a random challenge in the encryption context, as recent agents can
    /// be told to.
    pub kms_challenge: bool,
    /// The scheme, host and port in stream URLs, instead of the endpoint's own.
    pub stream_host: Option<String>,
    /// Stream URLs have a `cell-number`, which `ResumeSession` changes;
    /// only the last one is served.
    pub cells: bool,
    /// `ResumeSession` answers without a token, as for a session that is over.
    pub resume_without_token: bool,
    /// The stream URL that `ResumeSession` answers.
    pub resumed_url: ResumedUrl,
    /// Regions whose STS the customer has switched off.
    pub disabled_sts_regions: Vec<String>,
}

/// A limit as AWS has it: a bucket of tokens that is filled at a steady rate.
/// Source: EC2 Developer Guide, "Request throttling for the Amazon EC2 API". AWS documents no
/// numbers for Session Manager.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StartLimit {
    /// How many calls a second fill the bucket again.
    pub each_second: f64,
    /// How many calls may come at once.
    pub burst: f64,
}

impl FromStr for StartLimit {
    type Err = NotALimit;

    /// `N` or `N:BURST`.
    fn from_str(text: &str) -> Result<Self, NotALimit> {
        let number = |text: &str| text.parse().ok().filter(|it| *it >= 0.0);
        let (each_second, burst) = text.split_once(':').unwrap_or((text, text));
        match (number(each_second), number(burst)) {
            (Some(each_second), Some(burst)) => Ok(Self {
                each_second,
                burst: f64::max(burst, 1.0),
            }),
            _ => Err(NotALimit),
        }
    }
}

/// The text is not a limit.
#[derive(Debug, thiserror::Error)]
#[error("expected calls a second, and perhaps a burst, as in 2 or 2:5")]
pub struct NotALimit;

/// The stream URL that `ResumeSession` answers. The API says of none that it can be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ResumedUrl {
    /// Where the session is.
    #[default]
    Own,
    /// None, which the API's model allows.
    Absent,
    /// This text.
    Text(String),
    /// The session's data channel on another scheme, host and port.
    On(String),
}

/// What `TerminateSession` answers for one's own session that has ended;
/// reports about AWS disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ended {
    /// 200, as for an open one.
    #[default]
    Success,
    /// `DoesNotExistException`.
    DoesNotExist,
    /// `ValidationException` for its state.
    Validation,
    /// `AccessDeniedException`: its tags are gone, so the condition on them fails.
    AccessDenied,
}

impl FromStr for Ended {
    type Err = NotAnAnswer;

    fn from_str(text: &str) -> Result<Self, NotAnAnswer> {
        match text {
            "200" => Ok(Self::Success),
            "does-not-exist" => Ok(Self::DoesNotExist),
            "validation" => Ok(Self::Validation),
            "access-denied" => Ok(Self::AccessDenied),
            _ => Err(NotAnAnswer),
        }
    }
}

/// The text names none of the four answers.
#[derive(Debug, thiserror::Error)]
#[error("expected 200, does-not-exist, validation or access-denied")]
pub struct NotAnAnswer;

/// How characters are sent that XML 1.0 has no way to write, such as ESC in a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ControlCharacters {
    /// As U+FFFD, so that every parser takes the page.
    #[default]
    Replaced,
    /// As `&#x1b;`: strict parsers refuse the page, lenient ones hand the character on.
    Referenced,
    /// As the bare byte: a broken page.
    Raw,
}
