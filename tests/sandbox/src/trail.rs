//! What was asked, by whom, and what decided it, as plain data.
//! A secret never enters an event: no key, no token, no `ExternalId` beyond whether there was one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// One call, or one opened websocket, like an event of `CloudTrail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When it was answered, by the sandbox's clock, as `2026-11-22T01:15:00Z`.
    pub time: String,
    /// The service in the credential scope: `sts`, `ec2`, `ssm`, `ssmmessages`.
    pub service: String,
    /// The action without its service, such as `AssumeRole`.
    pub action: String,
    /// The region in the credential scope.
    pub region: String,
    /// The caller's ARN, when the signature was right.
    pub caller: Option<String>,
    /// The caller's unique id, `AIDA…` or `AROA…:name`.
    pub userid: Option<String>,
    /// The address the call came from.
    pub source: String,
    /// The client's `User-Agent`.
    pub user_agent: String,
    /// The parameters that matter, by their AWS names.
    pub parameters: BTreeMap<String, String>,
    /// Each decision that was needed, in order.
    pub decisions: Vec<Decided>,
    /// The HTTP status of the answer; 0 when there was none.
    pub status: u16,
    /// The error code, when it was an error.
    pub code: Option<String>,
    /// The fault that was injected, when one was.
    pub fault: Option<String>,
    /// The request id in the answer.
    pub request_id: String,
}

impl Event {
    /// Whether the call was answered with success.
    pub fn succeeded(&self) -> bool {
        (100..300).contains(&self.status) && self.code.is_none()
    }
}

/// One decision of the policy evaluator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The action with its service, such as `ssm:StartSession`.
    pub action: String,
    /// The ARN it was asked about, or `*`.
    pub resource: String,
    /// `Allow`, `ImplicitDeny` or `ExplicitDeny`.
    pub effect: String,
    /// The policy that decided, when a statement did.
    pub policy: Option<String>,
    /// The statement's Sid, when it has one.
    pub sid: Option<String>,
}

/// All events so far. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    events: Arc<Mutex<Vec<Event>>>,
    file: Option<Arc<Mutex<File>>>,
}

impl Trail {
    /// A trail that is also written to a file, one JSON object a line.
    pub fn to_file(path: &Path) -> std::io::Result<Self> {
        Ok(Self {
            events: Arc::default(),
            file: Some(Arc::new(Mutex::new(File::create(path)?))),
        })
    }

    /// A copy of all events so far, oldest first.
    pub fn events(&self) -> Vec<Event> {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn record(&self, event: Event) {
        if let (Some(file), Ok(mut line)) = (&self.file, serde_json::to_vec(&event)) {
            line.push(b'\n');
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // A full disk must not change what the sandbox answers.
            let _ = file.write_all(&line);
        }
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
    }
}
