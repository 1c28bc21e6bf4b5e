//! What people and timers do with a referral.

pub mod directory;
