//! Data keys made ahead, so that faxes are taken while the key service is away, and none waits for it while it is there.

use super::WrappedKey;
use crate::crypto::DataKey;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How many lie ready.
pub const SIZE: usize = 256;
/// An open key should not lie in memory for long.
pub const AGE_MAX: Duration = Duration::from_mins(15);

/// Each key is given out once, and wiped from memory when its user or its age is done with it.
#[derive(Default)]
pub struct KeyPool {
    ready: Mutex<VecDeque<Ready>>,
    taken: Notify,
}

struct Ready {
    key: DataKey,
    wrapped: WrappedKey,
    made_at: Instant,
}

impl KeyPool {
    /// The oldest that is not too old.
    pub fn take(&self, now: Instant) -> Option<(DataKey, WrappedKey)> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        drop_old(&mut ready, now);
        let taken = ready.pop_front().map(|ready| (ready.key, ready.wrapped));
        drop(ready);
        self.taken.notify_one();
        taken
    }

    pub fn add(&self, key: DataKey, wrapped: WrappedKey, now: Instant) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.len() < SIZE {
            ready.push_back(Ready {
                key,
                wrapped,
                made_at: now,
            });
        }
        metrics::gauge!("referloop_keys_ready").set(ready.len() as f64);
    }

    pub fn len(&self, now: Instant) -> usize {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        drop_old(&mut ready, now);
        metrics::gauge!("referloop_keys_ready").set(ready.len() as f64);
        ready.len()
    }

    /// Returns when a key was taken, or may have grown too old.
    pub async fn wants_more(&self) {
        let _ = tokio::time::timeout(AGE_MAX / 30, self.taken.notified()).await;
    }
}

fn drop_old(ready: &mut VecDeque<Ready>, now: Instant) {
    while ready
        .front()
        .is_some_and(|first| now.duration_since(first.made_at) >= AGE_MAX)
    {
        ready.pop_front();
    }
}

/// The keys themselves are never shown.
impl std::fmt::Debug for KeyPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyPool({} ready)", self.len(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(number: usize) -> WrappedKey {
        WrappedKey {
            bytes: vec![0; number],
            key_id: "arn:test".to_owned(),
        }
    }

    #[test]
    fn each_key_is_given_out_once_and_none_that_is_old() {
        let pool = KeyPool::default();
        let begin = Instant::now();
        for number in 0..SIZE + 5 {
            pool.add(DataKey::random(), wrapped(number), begin);
        }
        assert_eq!(pool.len(begin), SIZE);
        assert_eq!(pool.take(begin).unwrap().1, wrapped(0));
        let late = begin + AGE_MAX.saturating_sub(Duration::from_secs(1));
        assert_eq!(pool.take(late).unwrap().1, wrapped(1));
        pool.add(DataKey::random(), wrapped(7), late);
        let later = begin + AGE_MAX;
        assert_eq!(pool.len(later), 1);
        assert_eq!(pool.take(later).unwrap().1, wrapped(7));
        assert!(pool.take(later).is_none());
    }
}
