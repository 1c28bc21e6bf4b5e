//! How far a machine may go without a person, and how it is found out that it went too far.
//!
//! A referral that was read with certainty goes straight through, but for a blind sample, and but for fields that are held:
//! those whose certain values people had to correct too often. `judge` tells what became of each certain value,
//! [`hold`] watches that and holds a field or lets it go.

pub mod hold;
mod judge;

pub(super) use judge::{judge_correction, judge_release, left_unchecked};

use crate::app::App;
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// How a referral goes on that was read with certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Before a person, like one that is in doubt.
    Review,
    /// Certain, but released by a person.
    Ready,
    Straight,
}

pub(super) async fn course(app: &App, tx: &mut Tx, referral: &ReferralId, now: DateTime<Utc>) -> store::Result<Course> {
    let critical: Vec<FieldKey> = app
        .rules
        .catalogue()
        .critical()
        .map(|field| field.key.clone())
        .collect();
    let held = store::watched_fields::held(tx).await?;
    if critical.iter().any(|key| held.contains_key(key)) {
        return Ok(Course::Review);
    }
    if !app.config.automation.straight_through {
        return Ok(Course::Ready);
    }
    let share = app.config.automation.sample_percent;
    let draw = store::samples::draw(tx, share, referral, &critical);
    if !draw.is_sampled {
        return Ok(Course::Straight);
    }
    // As little is written of it as can be: the history, the log and the counters tell of a review like any other.
    store::samples::insert(tx, referral, share, &draw.asked, now).await?;
    Ok(Course::Review)
}
