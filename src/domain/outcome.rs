//! What became of the values that a machine gave as certain: the truth that automation is measured by.

use serde::Serialize;

/// On which way a value came to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Way {
    /// Released by nobody; judged only where somebody corrected it later.
    Straight,
    /// Would have gone straight through, and was given to a reviewer.
    Sampled,
    /// A person had to look at the referral anyway.
    Reviewed,
}

impl Way {
    pub const ALL: [Self; 3] = [Self::Straight, Self::Sampled, Self::Reviewed];

    /// Values that all were looked at, and values of which only mistakes come to light, are watched apart: mixed, the
    /// many that nobody looked at would hide the mistakes among the few.
    pub fn stream(self) -> Stream {
        match self {
            Self::Straight => Stream::Straight,
            Self::Sampled | Self::Reviewed => Stream::LookedAt,
        }
    }
}

/// A row of values that is watched by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    LookedAt,
    Straight,
}

impl Stream {
    pub const ALL: [Self; 2] = [Self::LookedAt, Self::Straight];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Outcome {
    /// Nobody looked.
    Unchecked,
    /// A person released it as it was read.
    Confirmed,
    /// A person put something else in its place, or cleared it.
    Corrected,
}
