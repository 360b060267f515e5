//! What an error knows about itself, in the same form for every stage.
//! How it looks is the ui's business.

use crate::aws::Failure;
use crate::exit::Exit;

/// What an error is about, as far as the stage knew it. Absent parts are filled in by the command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The customer's name in the settings.
    pub customer: Option<String>,
    /// The instance's id.
    pub target: Option<String>,
    /// The session's id, once StartSession has answered.
    pub session_id: Option<String>,
}

/// The facts of one error, which `facts()` of each stage's error returns.
/// Each `facts()` is a single match without a wildcard arm, so a new kind of error does not compile
/// until it has an exit code.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What it is about.
    pub about: About,
    /// How the process ends for it.
    pub exit: Exit,
    /// The step that failed, JSON's `step`.
    pub step: Option<&'static str>,
    /// What to do next, in one line.
    pub hint: Option<String>,
    /// Why, in lines of their own: AWS's code and request id, candidates, the asking identity.
    pub details: Vec<String>,
    /// The failed call, if it was one.
    pub failure: Option<&'a Failure>,
    /// JSON's `session_state`, if there is or may be a session.
    pub session_state: Option<&'static str>,
}

impl Facts<'_> {
    /// The facts of an error that has a code and a step, and nothing else to say.
    pub fn new(exit: Exit, step: Option<&'static str>) -> Self {
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
