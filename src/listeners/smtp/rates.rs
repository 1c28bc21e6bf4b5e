//! How much a minute an address, or a sender's domain, may ask of us; and how many connections an address may hold.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For a minute each.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// Sessions begun by one address.
    pub sessions: u32,
    /// Messages of one address.
    pub messages: u32,
    /// Messages of one sender's domain, wherever they come from.
    pub messages_of_a_domain: u32,
    /// Wrong passwords from one address.
    pub wrong_secrets: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            sessions: 600,
            messages: 1200,
            messages_of_a_domain: 1200,
            wrong_secrets: 10,
        }
    }
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Counted {
    Session(IpAddr),
    Message(IpAddr),
    MessageOf(String),
    WrongSecret(IpAddr),
    /// All who came after the table was full, as one.
    Rest,
}

const WINDOW: Duration = Duration::from_mins(1);
/// More are not told apart: a flood from many addresses must not fill our memory.
const KEYS_MAX: usize = 20_000;

/// Shared by all sessions of a listener.
#[derive(Clone, Debug)]
pub(super) struct Rates {
    limits: RateLimits,
    counted: Arc<Mutex<Window>>,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

#[derive(Debug)]
struct Window {
    began: Instant,
    counts: HashMap<Counted, u32>,
}

impl Rates {
    pub fn new(limits: RateLimits) -> Self {
        let window = Window {
            began: Instant::now(),
            counts: HashMap::new(),
        };
        Self {
            limits,
            counted: Arc::new(Mutex::new(window)),
            held: Arc::default(),
        }
    }

    /// Counts one more, and tells whether it is within the limit.
    pub(super) fn allow(&self, what: Counted) -> bool {
        self.allow_at(what, Instant::now())
    }

    fn allow_at(&self, what: Counted, now: Instant) -> bool {
        let limit = self.limit(&what);
        let mut window = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        window.roll(now);
        let known = window.counts.contains_key(&what) || window.counts.len() < KEYS_MAX;
        let count = window
            .counts
            .entry(if known { what } else { Counted::Rest })
            .or_default();
        *count = count.saturating_add(1);
        *count <= limit
    }

    /// Whether the limit is used up; counts nothing.
    pub(super) fn is_used_up(&self, what: &Counted) -> bool {
        let mut window = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        window.roll(Instant::now());
        window.counts.get(what).is_some_and(|count| *count >= self.limit(what))
    }

    fn limit(&self, what: &Counted) -> u32 {
        match what {
            Counted::Session(_) => self.limits.sessions,
            Counted::Message(_) | Counted::Rest => self.limits.messages,
            Counted::MessageOf(_) => self.limits.messages_of_a_domain,
            Counted::WrongSecret(_) => self.limits.wrong_secrets,
        }
    }

    /// One more connection of this address, until the guard is dropped; `None` where it holds `max` already.
    pub(super) fn hold(&self, address: IpAddr, max: usize) -> Option<Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(address).or_default();
        if *count >= max {
            return None;
        }
        *count += 1;
        Some(Held {
            address,
            all: Arc::clone(&self.held),
        })
    }
}

impl Window {
    fn roll(&mut self, now: Instant) {
        if now.saturating_duration_since(self.began) >= WINDOW {
            self.began = now;
            self.counts.clear();
        }
    }
}

/// A connection that counts as long as it is open.
#[derive(Debug)]
pub(super) struct Held {
    address: IpAddr,
    all: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_minute_later_there_is_room_again() {
        let rates = Rates::new(RateLimits {
            messages: 2,
            wrong_secrets: 1,
            ..RateLimits::default()
        });
        let begun = Instant::now();
        let more = |at| rates.allow_at(Counted::Message(HERE), at);
        assert_eq!([more(begun), more(begun), more(begun)], [true, true, false]);
        assert!(rates.allow(Counted::MessageOf("other.example".to_owned())));
        assert!(!rates.is_used_up(&Counted::WrongSecret(HERE)));
        assert!(rates.allow(Counted::WrongSecret(HERE)));
        assert!(rates.is_used_up(&Counted::WrongSecret(HERE)));
        assert!(more(begun + WINDOW + Duration::from_secs(1)));
        assert!(!rates.is_used_up(&Counted::WrongSecret(HERE)));
    }

    #[test]
    fn a_flood_of_addresses_is_counted_as_one() {
        let rates = Rates::new(RateLimits {
            messages: 1,
            ..RateLimits::default()
        });
        let of = |number: usize| Counted::MessageOf(format!("{number}.example"));
        assert!((0..KEYS_MAX).all(|number| rates.allow(of(number))));
        assert!(rates.allow(Counted::Rest));
        assert!(rates.counted.lock().unwrap().counts.len() <= KEYS_MAX + 1);
    }

    #[test]
    fn an_address_holds_so_many_connections() {
        let rates = Rates::new(RateLimits::default());
        let (first, second) = (rates.hold(HERE, 2), rates.hold(HERE, 2));
        assert!(first.is_some() && second.is_some() && rates.hold(HERE, 2).is_none());
        drop(first);
        assert!(rates.hold(HERE, 2).is_some());
        drop(second);
        assert!(rates.held.lock().unwrap().is_empty());
    }
}
