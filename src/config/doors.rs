//! The `doors` section: what holds for all fax doors.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DoorsConfig {
    /// A fax that the gateway says it delivered may be on its way for so long before it counts as missing.
    pub grace_seconds: u32,
    /// How far back a carrier's own list is asked for.
    pub history_hours: u32,
}

impl Default for DoorsConfig {
    fn default() -> Self {
        Self {
            grace_seconds: 30,
            history_hours: 72,
        }
    }
}

impl DoorsConfig {
    pub fn grace(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.grace_seconds))
    }

    pub fn history(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.history_hours))
    }
}
