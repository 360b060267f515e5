//! Which hosts are dialled, and when.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::{Origin, Url};

use super::ahead::Ahead;
use super::connect::{DialError, Stream, connect};
use super::ways::Ways;

/// Dials hosts, when they are needed or ahead of that.
pub struct Dialer {
    ways: Arc<dyn Ways>,
    state: Mutex<State>,
    /// Held while the proxy is asked whether it takes the user and password.
    /// It may lock its user out after a few wrong ones, so one connection has to get through before
    /// others try.
    first: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    /// At most one for each host.
    ahead: HashMap<Origin, Ahead>,
    /// The hosts that were dialled when they were needed.
    dialled: HashSet<Origin>,
    /// What is dialled ahead once the proxy has taken the user and password.
    held: Vec<Url>,
    proxy: Answer,
}

/// What the proxy has made of the user and password.
#[derive(Default)]
enum Answer {
    #[default]
    Unknown,
    Taken,
    /// With host and port of the proxy.
    Refused(String),
}

impl Dialer {
    /// A dialer that has dialled nothing.
    pub fn new(ways: Arc<dyn Ways>) -> Self {
        Self {
            ways,
            state: Mutex::default(),
            first: tokio::sync::Mutex::default(),
        }
    }

    /// Dials hosts that will be asked next, other than those that were asked already.
    /// Needs a tokio runtime, as all of this.
    pub(crate) fn dial_soon(&self, urls: Vec<Url>) {
        for url in urls {
            if self.state().dialled.contains(&url.origin()) {
                continue;
            }
            if self.may_be_refused(&url) {
                self.state().held.push(url);
            } else {
                self.dial_ahead(&url);
            }
        }
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

    /// Drops what was dialled ahead to this host, in silence. It is not dialled later either.
    pub(crate) fn hang_up(&self, url: &Url) {
        let mut state = self.state();
        state.ahead.remove(&url.origin());
        state.held.retain(|held| held.origin() != url.origin());
    }

    /// The way to this URL: dialled ahead, or dialled now. With TLS unless it is `http` or `ws`.
    pub(crate) async fn dial(&self, url: &Url) -> Result<Box<dyn Stream>, DialError> {
        let origin = url.origin();
        let ahead = {
            let mut state = self.state();
            state.held.retain(|held| held.origin() != origin);
            let ahead = state.ahead.remove(&origin);
            state.dialled.insert(origin);
            ahead
        };
        if let Some(ahead) = ahead
            && let Some(dialled) = ahead.dialled().await
        {
            return dialled;
        }
        if !self.may_be_refused(url) {
            return connect(url, &*self.ways).await;
        }
        let first = self.first.lock().await;
        if let Answer::Refused(proxy) = &self.state().proxy {
            let proxy = proxy.clone();
            return Err(DialError::ProxyAuthorization { proxy });
        }
        if !self.may_be_refused(url) {
            drop(first);
            return connect(url, &*self.ways).await;
        }
        let dialled = connect(url, &*self.ways).await;
        let held = {
            let mut state = self.state();
            match &dialled {
                Ok(_) => state.proxy = Answer::Taken,
                Err(DialError::ProxyAuthorization { proxy }) => {
                    state.proxy = Answer::Refused(proxy.clone());
                }
                Err(_) => return dialled,
            }
            std::mem::take(&mut state.held)
        };
        for url in held {
            self.dial_ahead(&url);
        }
        dialled
    }

    /// Whether the proxy on the way may still refuse the user and password.
    fn may_be_refused(&self, url: &Url) -> bool {
        let proxy = self.ways.proxy(url);
        proxy.is_some_and(|proxy| proxy.authorization.is_some())
            && !matches!(self.state().proxy, Answer::Taken)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
