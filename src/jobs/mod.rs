//! The durable queue at work: leases, retries, quarantine, schedules. It knows no App, only a context that its jobs get.
//!
//! A job's row is committed together with what asks for it ([`enqueue`]), and ended together with what it made
//! ([`finish`]), so that a process may die at any line and nothing is lost or done twice. No transaction is open while a
//! job works.

mod error;
mod limits;
mod run;
mod worker;

pub use crate::store::jobs::{Claim, Job, Lane, NewJob, enqueue, finish, hold};
pub use error::JobError;
pub use limits::Limits;
pub use worker::{SCHEDULED, Worker};
