//! How many failed logins a network address is allowed: names and passwords that were stolen elsewhere are tried by the
//! thousand, each name once, so that counting by account never sees them.
//!
//! Kept in memory, by process: after a restart everybody begins anew. A browser in which the person has signed in before is
//! not asked, so that nobody of a clinic behind one address is locked out by a neighbour.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Failures that an address has free: a whole clinic may stand behind it.
const FREE: i32 = 20;
/// One is forgiven in so many seconds.
const FORGIVEN_EVERY_SECONDS: i64 = 15;
/// Addresses that are remembered. An attacker who has more of them than this has no need to come back to one.
const SOURCES_MAX: usize = 10_000;

/// Cloning it is cheap: all share what is counted.
#[derive(Clone, Default)]
pub struct Sources(Arc<Mutex<HashMap<IpAddr, DateTime<Utc>>>>);

impl Sources {
    /// How long this address must wait before its next try is looked at.
    pub fn wait(&self, source: Option<IpAddr>, now: DateTime<Utc>) -> Option<TimeDelta> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let forgiven_at = *counted.get(&network(source?))?;
        let owed = forgiven_at - now;
        (owed > all_free()).then(|| owed - all_free())
    }

    pub fn note_failure(&self, source: Option<IpAddr>, now: DateTime<Utc>) {
        let Some(source) = source.map(network) else { return };
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= SOURCES_MAX && !counted.contains_key(&source) {
            make_room(&mut counted, now);
        }
        // What is kept is when all is forgiven: each failure moves it on (a leaky bucket with one number).
        let forgiven_at = counted.entry(source).or_insert(now);
        *forgiven_at = (*forgiven_at).max(now) + TimeDelta::seconds(FORGIVEN_EVERY_SECONDS);
    }
}

fn all_free() -> TimeDelta {
    TimeDelta::seconds(FORGIVEN_EVERY_SECONDS) * (FREE - 1)
}

/// Who owes nothing goes first, then who owes least.
fn make_room(counted: &mut HashMap<IpAddr, DateTime<Utc>>, now: DateTime<Utc>) {
    counted.retain(|_, forgiven_at| *forgiven_at > now);
    if counted.len() >= SOURCES_MAX
        && let Some(least) = counted.iter().min_by_key(|(_, at)| **at).map(|(source, _)| *source)
    {
        counted.remove(&least);
    }
}

/// One customer of a provider has 2^64 addresses of IPv6: they count as one.
fn network(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn twenty_failures_are_free_then_one_every_quarter_of_a_minute() {
        let (sources, here) = (Sources::default(), Some(address("192.0.2.7")));
        for _ in 0..FREE {
            assert_eq!(sources.wait(here, at(0)), None);
            sources.note_failure(here, at(0));
        }
        assert_eq!(sources.wait(here, at(0)), Some(TimeDelta::seconds(15)));
        assert_eq!(sources.wait(Some(address("192.0.2.8")), at(0)), None);
        assert_eq!(sources.wait(here, at(15)), None);
        sources.note_failure(here, at(15));
        assert_eq!(sources.wait(here, at(15)), Some(TimeDelta::seconds(15)));
        assert_eq!(sources.wait(here, at(15 + 300)), None, "all is forgiven");
    }

    #[test]
    fn a_customer_with_many_addresses_is_one_source() {
        let sources = Sources::default();
        for host in 0..i64::from(FREE) {
            sources.note_failure(Some(address(&format!("2001:db8::{host:x}"))), at(0));
        }
        assert!(sources.wait(Some(address("2001:db8::ffff:1")), at(0)).is_some());
        assert!(sources.wait(Some(address("2001:db8:0:1::1")), at(0)).is_none());
        for _ in 0..FREE {
            sources.note_failure(Some(address("::ffff:192.0.2.1")), at(0));
        }
        assert!(
            sources.wait(Some(address("192.0.2.1")), at(0)).is_some(),
            "IPv4, written otherwise"
        );
    }

    #[test]
    fn what_is_remembered_is_bounded_and_who_owes_most_stays() {
        let (sources, worst) = (Sources::default(), Some(address("192.0.2.7")));
        for _ in 0..FREE {
            sources.note_failure(worst, at(0));
        }
        for host in 0..SOURCES_MAX as u32 + 100 {
            sources.note_failure(Some(IpAddr::V4((0x0a00_0000 + host).into())), at(0));
        }
        assert_eq!(sources.0.lock().unwrap().len(), SOURCES_MAX);
        assert!(sources.wait(worst, at(0)).is_some());
    }

    #[test]
    fn without_an_address_nothing_is_counted() {
        let sources = Sources::default();
        (0..100).for_each(|_| sources.note_failure(None, at(0)));
        assert_eq!(sources.wait(None, at(0)), None);
    }
}
