//! Which hosts are dialled, and when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::{Origin, Url};

use super::ahead::Ahead;
use super::connect::{DialError, Stream, connect};
use super::ways::Ways;

/// Dials hosts, when they are needed or ahead of that.
pub struct Dialer {
    ways: Arc<dyn Ways>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What will be asked next. Not dialled yet.
    expected: Vec<Url>,
    /// At most one for each host.
    ahead: HashMap<Origin, Ahead>,
    /// Whether the proxy has taken the user and password.
    /// Until then it is asked for one connection at a time: it may lock its user out after a few
    /// wrong passwords.
    is_let_in: bool,
    /// What is dialled once the proxy has taken them.
    held: Vec<Url>,
}

impl Dialer {
    /// A dialer that has dialled nothing.
    pub fn new(ways: Arc<dyn Ways>) -> Self {
        Self {
            ways,
            state: Mutex::default(),
        }
    }

    /// Notes that this host will be asked soon. It is dialled with [`Dialer::dial_expected`].
    pub(crate) fn expect(&self, url: Url) {
        let mut state = self.state();
        if !state.expected.iter().any(|it| it.origin() == url.origin()) {
            state.expected.push(url);
        }
    }

    /// Dials what is expected and was not dialled for a call meanwhile.
    /// Needs a tokio runtime, as all of this.
    pub(crate) fn dial_expected(&self) {
        let expected = std::mem::take(&mut self.state().expected);
        for url in expected {
            if self.may_be_refused(&url) {
                self.state().held.push(url);
            } else {
                self.dial_ahead(&url);
            }
        }
    }

    /// Whether the proxy on the way may still refuse the user and password.
    fn may_be_refused(&self, url: &Url) -> bool {
        let proxy = self.ways.proxy(url);
        proxy.is_some_and(|proxy| proxy.authorization.is_some()) && !self.state().is_let_in
    }

    /// Begins to dial this host, unless that is under way or the proxy may refuse the password.
    pub(crate) fn dial_ahead(&self, url: &Url) {
        if self.may_be_refused(url) {
            return;
        }
        let mut state = self.state();
        let ahead = state.ahead.get(&url.origin());
        if ahead.is_none_or(Ahead::is_over) {
            let ahead = Ahead::begin(Arc::clone(&self.ways), url.clone());
            state.ahead.insert(url.origin(), ahead);
        }
    }

    /// Drops what was dialled ahead to this host, in silence.
    pub(crate) fn hang_up(&self, url: &Url) {
        self.state().ahead.remove(&url.origin());
    }

    /// The way to this URL: dialled ahead, or dialled now. With TLS unless it is `http` or `ws`.
    pub(crate) async fn dial(&self, url: &Url) -> Result<Box<dyn Stream>, DialError> {
        let origin = url.origin();
        let ahead = {
            let mut state = self.state();
            let State { expected, held, .. } = &mut *state;
            for soon in [expected, held] {
                soon.retain(|url| url.origin() != origin);
            }
            state.ahead.remove(&origin)
        };
        if let Some(ahead) = ahead
            && let Some(dialled) = ahead.dialled().await
        {
            return dialled;
        }
        let asks = self.may_be_refused(url);
        let stream = connect(url, &*self.ways).await?;
        if asks {
            let held = {
                let mut state = self.state();
                state.is_let_in = true;
                std::mem::take(&mut state.held)
            };
            for url in held {
                self.dial_ahead(&url);
            }
        }
        Ok(stream)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
