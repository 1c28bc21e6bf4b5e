//! The `auth` section: how people prove who they are.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthConfig {
    pub second_factor: SecondFactorPolicy,
    /// Who proved it longer ago is asked once more before something that matters.
    pub step_up_minutes: u32,
}

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorPolicy {
    /// Who was invited by a link. Accounts made with a password at the command line may do without.
    #[default]
    Invited,
    /// Everybody, from their next login on.
    All,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            second_factor: SecondFactorPolicy::default(),
            step_up_minutes: 10,
        }
    }
}

impl AuthConfig {
    pub fn step_up_within(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.step_up_minutes))
    }
}
