//! The `direct` section: which forms of Direct messages are taken.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DirectConfig {
    /// Take messages whose signature carries the content, an option of Outlook's.
    pub accept_opaque: bool,
    /// Take messages that are not wrapped, the form of before 2021: nobody has signed their To, Subject and Date.
    pub accept_unwrapped: bool,
}

impl Default for DirectConfig {
    fn default() -> Self {
        Self {
            accept_opaque: true,
            accept_unwrapped: false,
        }
    }
}
