//! The limit on calls: a bucket of tokens for each account and region.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::options::StartLimit;

/// The buckets, full at first.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<HashMap<String, Bucket>>);

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Buckets {
    /// Takes a token, if there is one.
    pub(crate) fn takes(&self, place: &str, limit: StartLimit) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let bucket = buckets.entry(place.to_owned()).or_insert(Bucket {
            tokens: limit.burst,
            at: now,
        });
        let filled = (now - bucket.at).as_secs_f64() * limit.each_second;
        bucket.tokens = (bucket.tokens + filled).min(limit.burst);
        bucket.at = now;
        let takes = bucket.tokens >= 1.0;
        if takes {
            bucket.tokens -= 1.0;
        }
        takes
    }
}
