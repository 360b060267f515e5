//! A session that AWS has started, with all that its client, its link and its end need to know.

use crate::facts::About;
use crate::names::Region;

use super::context::{Context, Request};
use super::introduction::title;
use super::service::start::Started;
use super::terminal::mode::Saved;

/// A started session.
#[derive(Clone, Copy)]
pub(crate) struct Session<'a, 'i> {
    /// What it was given by the stages before it.
    pub context: Context<'a, 'i>,
    /// What StartSession was asked for.
    pub request: &'a Request,
    /// What StartSession answered, and the role that asked.
    pub started: &'a Started,
}

impl<'a> Session<'a, '_> {
    /// The region it runs in.
    pub(crate) fn region(&self) -> &'a Region {
        &self.request.target.region
    }

    /// The instance's id.
    pub(crate) fn target(&self) -> &'a str {
        &self.request.target.instance_id
    }

    /// The session's id.
    pub(crate) fn id(&self) -> &'a str {
        &self.started.session_id
    }

    /// The terminal as it is now, its window's title set to say who the session is with.
    pub(crate) fn saved_terminal(&self) -> Saved {
        let (os, customer) = (self.context.os, self.context.customer);
        Saved::new(os, &title(os, customer, &self.request.target))
    }

    /// What an error in it is about.
    pub(crate) fn about(&self) -> About {
        About {
            session_id: Some(self.id().to_owned()),
            ..self.context.about(&self.request.target)
        }
    }
}
