//! What an error knows about itself, in the same form for every stage.
//! How it looks is the ui's business.

use crate::aws::Failure;
use crate::exit::Exit;
use crate::names::GrantEnd;

/// What an error is about, as far as the stage knew it. The command fills in what is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// The customer's name in the settings.
    pub customer: Option<String>,
    /// The instance's id.
    pub target: Option<String>,
    /// The session's id, once StartSession has answered.
    pub session_id: Option<String>,
    /// The end of the customer's grant, if it had come by then.
    pub grant_ended: Option<GrantEnd>,
}

/// The facts of one error, which `facts()` of each stage's error returns.
/// Each `facts()` is one match without a wildcard arm. So a new kind of error does not compile
/// until it has an exit code.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    /// The customer, the instance and the session.
    pub about: About,
    /// The process's exit code.
    pub exit: Exit,
    /// The step that failed, JSON's `step`.
    pub step: Option<&'static str>,
    /// What to do next, in one line.
    pub hint: Option<String>,
    /// Why it failed, a line each: AWS's code and request id, candidates, the identity that asked.
    pub details: Vec<String>,
    /// The failed call, if it was one.
    pub failure: Option<&'a Failure>,
    /// JSON's `session_state`, if there is or may be a session.
    pub session_state: Option<&'static str>,
}

impl Facts<'_> {
    /// The facts of an error that has only a code and a step.
    pub(crate) fn new(exit: Exit, step: Option<&'static str>) -> Self {
        Self {
            about: About::default(),
            exit,
            step,
            hint: None,
            details: Vec::new(),
            failure: None,
            session_state: None,
        }
    }
}
