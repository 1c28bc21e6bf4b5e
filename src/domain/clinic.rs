//! The clinic itself: how it signs its letters, and how it wants its work watched.

use super::people::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What stands on the head of a letter. Only what is given is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clinic {
    pub name: String,
    /// Street, then city with state and ZIP.
    pub address: Vec<String>,
    pub phone: String,
    pub fax: String,
}

/// How referrals move without a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Automation {
    /// Releases what was read with certainty without a person. Off at first: look at what would go through before.
    pub straight_through: bool,
    /// How many of those that would go straight through are given to a reviewer, who doesn't know it.
    pub sample_percent: SamplePercent,
    /// How often running a person must have found a sender's values right, field by field and label by label, before they
    /// go straight through. 0 trusts every sender from the first fax on.
    pub probation: u32,
    /// Account names of those who get overdue items, by the role whose list they stand on.
    pub leads: BTreeMap<Role, String>,
}

impl Default for Automation {
    fn default() -> Self {
        Self {
            straight_through: false,
            sample_percent: SamplePercent::default(),
            probation: 3,
            leads: BTreeMap::new(),
        }
    }
}

/// A share from 0 to 100 %, in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct SamplePercent(u16);

impl Default for SamplePercent {
    fn default() -> Self {
        Self(200)
    }
}

/// A number that is no percentage.
#[derive(Debug, thiserror::Error, PartialEq)]
#[error("`{0}` is no percentage: give a number from 0 to 100")]
pub struct NoPercentage(f64);

impl TryFrom<f64> for SamplePercent {
    type Error = NoPercentage;

    fn try_from(percent: f64) -> Result<Self, NoPercentage> {
        if (0.0..=100.0).contains(&percent) {
            Ok(Self((percent * 100.0).round() as u16))
        } else {
            Err(NoPercentage(percent))
        }
    }
}

impl From<SamplePercent> for f64 {
    fn from(percent: SamplePercent) -> Self {
        Self::from(percent.0) / 100.0
    }
}

impl SamplePercent {
    /// Whether a number drawn evenly from all there are falls into the share.
    pub fn takes(self, drawn: u64) -> bool {
        u128::from(drawn) * 10_000 < u128::from(self.0) << 64
    }

    pub fn hundredths(self) -> u16 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_takes_so_many_of_the_numbers_there_are() {
        let percent = |percent: f64| SamplePercent::try_from(percent).unwrap();
        assert!(!percent(0.0).takes(0) && percent(100.0).takes(u64::MAX));
        assert!(percent(50.0).takes(u64::MAX / 2) && !percent(50.0).takes(u64::MAX / 2 + 1));
        assert_eq!(percent(0.25).hundredths(), 25);
        for wrong in [-1.0, 100.1, f64::NAN] {
            assert!(SamplePercent::try_from(wrong).is_err());
        }
    }
}
