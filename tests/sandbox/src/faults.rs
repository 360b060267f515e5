//! What can be made to go wrong, per action and so many times.
//! A fault is spent when a call meets it.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::documented::{START_SESSION, Said};

/// What happens to a call instead of, before or after its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The service's own "rate exceeded".
    Throttle,
    /// 500, an internal error; nothing was done.
    InternalError,
    /// 500, an internal error, though the action took effect.
    InternalErrorAfter,
    /// 503, service unavailable; nothing was done.
    Unavailable,
    /// No answer at all, until the client goes away.
    Hang,
    /// No answer at all, though the action took effect.
    HangAfter,
    /// The connection is reset (TCP RST) before anything was done.
    Reset,
    /// The connection is reset after the action took effect: the answer is lost.
    ResetAfter,
    /// The action takes effect, half of the body arrives, then the connection ends.
    HalfBody,
    /// 200 with bytes that are neither JSON nor XML.
    Garbage,
    /// 200 with a web page, as a captive portal answers.
    Html,
    /// The service says that the token has expired.
    Expired,
    /// Denied, whatever the policies say.
    Denied,
    /// The service refuses with this status, code and message.
    Refused(Said),
    /// The right answer, so much later.
    Slow(Duration),
    /// The server's clock is this many seconds off for this call.
    ClockSkew(i64),
}

/// One planned failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The action it waits for, such as `StartSession` or `OpenDataChannel`; `*` is any.
    pub action: String,
    /// What happens.
    pub kind: Kind,
    /// How many calls pass untouched first.
    pub skip: u32,
    /// How many calls it hits; `None` is all of them.
    pub times: Option<u32>,
}

impl Fault {
    /// A fault that hits every call of an action.
    pub fn new(action: &str, kind: Kind) -> Self {
        Self {
            action: action.to_owned(),
            kind,
            skip: 0,
            times: None,
        }
    }

    /// The same fault for the first `times` calls only.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    /// The same fault after `skip` calls have passed untouched.
    #[must_use]
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    fn waits_for(&self, action: &str) -> bool {
        self.times != Some(0) && (self.action == "*" || self.action == action)
    }
}

/// Why a fault could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not ACTION=KIND[:N], such as StartSession=throttle:2 or AssumeRole=slow(500)")]
pub struct NotAFault(String);

impl FromStr for Fault {
    type Err = NotAFault;

    fn from_str(text: &str) -> Result<Self, NotAFault> {
        parse(text).ok_or_else(|| NotAFault(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Fault> {
    let (action, rest) = text.split_once('=')?;
    let (kind, times) = match rest.split_once(':') {
        Some((kind, times)) => (kind, Some(times.parse().ok()?)),
        None => (rest, None),
    };
    let (name, argument) = match kind.split_once('(') {
        Some((name, rest)) => (name, Some(rest.strip_suffix(')')?)),
        None => (kind, None),
    };
    let kind = match (name, argument) {
        ("throttle", None) => Kind::Throttle,
        ("500", None) => Kind::InternalError,
        ("500-after", None) => Kind::InternalErrorAfter,
        ("503", None) => Kind::Unavailable,
        ("hang", None) => Kind::Hang,
        ("hang-after", None) => Kind::HangAfter,
        ("reset", None) => Kind::Reset,
        ("reset-after", None) => Kind::ResetAfter,
        ("half", None) => Kind::HalfBody,
        ("garbage", None) => Kind::Garbage,
        ("html", None) => Kind::Html,
        ("expired", None) => Kind::Expired,
        ("denied", None) => Kind::Denied,
        ("refused", Some(code)) => {
            let mut known = START_SESSION.iter();
            Kind::Refused(*known.find(|said| said.code == code)?)
        }
        ("slow", Some(millis)) => Kind::Slow(Duration::from_millis(millis.parse().ok()?)),
        ("clock-skew", Some(seconds)) => Kind::ClockSkew(seconds.parse().ok()?),
        _ => return None,
    };
    Some(Fault {
        action: action.to_owned(),
        kind,
        skip: 0,
        times,
    })
}

/// The failures that are still to come. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    planned: Arc<Mutex<Vec<Fault>>>,
}

impl Faults {
    /// Plans a failure behind those already planned.
    pub fn add(&self, fault: Fault) {
        self.planned().push(fault);
    }

    /// Forgets all of them.
    pub fn clear(&self) {
        self.planned().clear();
    }

    /// What happens to this call: the first fault that waits for its action.
    pub(crate) fn take(&self, action: &str) -> Option<Kind> {
        let mut planned = self.planned();
        let fault = planned.iter_mut().find(|fault| fault.waits_for(action))?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.kind)
    }

    fn planned(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_from_the_command_line() {
        let fault: Fault = "StartSession=throttle:2".parse().unwrap();
        assert_eq!(
            fault,
            Fault::new("StartSession", Kind::Throttle).times(2),
            "two throttled calls"
        );
        let slow: Fault = "*=slow(80)".parse().unwrap();
        assert_eq!(slow.kind, Kind::Slow(Duration::from_millis(80)));
        let skew: Fault = "AssumeRole=clock-skew(-900):1".parse().unwrap();
        assert_eq!(skew.kind, Kind::ClockSkew(-900));
        let lost: Fault = "StartSession=500-after:1".parse().unwrap();
        assert_eq!(lost.kind, Kind::InternalErrorAfter);
        let refused: Fault = "StartSession=refused(InvalidDocument):1".parse().unwrap();
        assert_eq!(refused.kind, Kind::Refused(START_SESSION[0]));
        let mute: Fault = "StartSession=hang-after".parse().unwrap();
        assert_eq!(mute.kind, Kind::HangAfter);
        for wrong in [
            "",
            "StartSession",
            "A=unknown",
            "A=slow",
            "A=hang:x",
            "A=refused(No)",
        ] {
            assert!(wrong.parse::<Fault>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_fault_is_spent() {
        let faults = Faults::default();
        faults.add(Fault::new("AssumeRole", Kind::Reset).skip(1).times(1));
        assert_eq!(faults.take("StartSession"), None);
        assert_eq!(faults.take("AssumeRole"), None);
        assert_eq!(faults.take("AssumeRole"), Some(Kind::Reset));
        assert_eq!(faults.take("AssumeRole"), None);
    }
}
