//! The clinic's time zone: when its day begins, and which day it is.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A zone of the IANA list, as `America/Chicago`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(Tz);

impl Default for TimeZone {
    fn default() -> Self {
        Self(Tz::UTC)
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.0.name().to_owned()
    }
}

impl TryFrom<String> for TimeZone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Tz::from_str(&name).map(Self).map_err(|_| {
            format!(
                "`{name}` is no time zone of the IANA list; write one as `America/Chicago`, with its capitals, or `UTC`"
            )
        })
    }
}

impl TimeZone {
    pub fn today(self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.0).date_naive()
    }

    /// The first moment of the day. Where clocks go forward at midnight, it comes later.
    pub fn day_start(self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.start_of(self.today(now))
    }

    pub fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let first = (0..3).find_map(|hours| {
            self.0
                .from_local_datetime(&(midnight + TimeDelta::hours(hours)))
                .earliest()
        });
        first.map_or_else(|| midnight.and_utc(), |first| first.with_timezone(&Utc))
    }

    /// "14 Feb 2026, 09:30 CST".
    pub fn show(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.0).format("%-d %b %Y, %H:%M %Z").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> TimeZone {
        name.to_owned().try_into().unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_clinic() {
        let utc = TimeZone::default();
        assert_eq!(
            utc.day_start(at("2026-11-22T23:59:59.999Z")),
            at("2026-11-22T00:00:00Z")
        );
        assert_eq!(utc.day_start(at("2026-11-22T00:00:00Z")), at("2026-11-22T00:00:00Z"));
        let chicago = zone("America/Chicago");
        // Seven in the evening there is the next day in UTC.
        assert_eq!(
            chicago.day_start(at("2026-11-23T01:00:00Z")),
            at("2026-11-22T06:00:00Z")
        );
        assert_eq!(chicago.today(at("2026-11-23T01:00:00Z")).to_string(), "2026-11-22");
        assert_eq!(chicago.show(at("2026-11-22T06:00:00Z")), "22 Nov 2026, 00:00 CST");
        assert_eq!(utc.show(at("2026-11-22T06:00:00Z")), "22 Nov 2026, 06:00 UTC");
    }

    #[test]
    fn a_day_without_a_midnight_begins_later() {
        // Clocks in Cairo went from midnight to one o'clock.
        let start = zone("Africa/Cairo").day_start(at("2024-04-26T09:00:00Z"));
        assert_eq!(start, at("2024-04-25T22:00:00Z"));
    }
}
