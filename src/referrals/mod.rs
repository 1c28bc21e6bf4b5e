//! What people and timers do with a referral.
//!
//! [`act::act`] is the one way in which a status changes: load, authorize, transition, save, write history and audit
//! and the follow-up jobs, all in one transaction. The pipeline opens referrals through [`open::open`] and never
//! reaches further.

pub mod act;
pub mod answer;
pub mod arrange;
pub mod assign;
pub mod automation;
pub mod beside;
pub mod claim;
pub mod correct;
pub mod delivery;
pub mod directory;
pub mod duplicate;
pub mod escalate;
pub mod file;
pub mod identity;
pub mod memo;
pub mod misdirected;
pub mod open;
mod permitted;
mod record;
pub mod referrer;
pub mod register;
pub mod renewal;
pub mod replay;
pub mod request;
pub mod reread;
pub mod retention;
pub mod search;
pub mod site;
pub mod trust;
pub mod truth;
mod values;

pub use act::{ActError, ActRequest, act, possible};
