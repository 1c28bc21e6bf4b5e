//! What people and timers do with a referral.
