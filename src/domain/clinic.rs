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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Automation {
    /// Releases what was read with certainty without a person. Off at first: look at what would go through before.
    pub straight_through: bool,
    /// Account names of those who get overdue items, by the role whose list they stand on.
    pub leads: BTreeMap<Role, String>,
}
