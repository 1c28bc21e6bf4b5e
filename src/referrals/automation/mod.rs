//! How far a machine may go without a person, and how it is found out that it went too far.
//!
//! A referral that was read with certainty goes straight through, but for a blind sample, and but for two kinds of fields:
//! those that are held, whose certain values people had to correct too often, and those on probation, whose sender and label
//! are too new to be trusted. `judge` tells what became of each certain value, [`hold`] watches that and holds a field or
//! lets it go, `probation` asks who has earned trust.

pub mod hold;
mod judge;
mod origin;
mod probation;

pub(super) use judge::{judge_correction, judge_release, left_unchecked};

use crate::app::App;
use crate::domain::document::DocumentState;
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::referrals::open::NewReferral;
use crate::referrals::register;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// How a new referral goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Before a person: in doubt, or somebody is to look all the same.
    Review,
    /// Certain, but released by a person.
    Ready,
    Straight,
}

pub(super) async fn course(
    app: &App,
    tx: &mut Tx,
    referral: &ReferralId,
    new: &NewReferral<'_>,
    now: DateTime<Utc>,
) -> store::Result<Course> {
    let on = app.config.automation.straight_through;
    // Of one in doubt, too: who looks at its certain values earns their sender trust.
    let untried = if on {
        probation::untried(app, tx, new).await?
    } else {
        BTreeSet::new()
    };
    store::probation::insert(tx, referral, &untried).await?;
    let critical: Vec<FieldKey> = app
        .rules
        .catalogue()
        .critical()
        .map(|field| field.key.clone())
        .collect();
    let held = store::watched_fields::held(tx).await?;
    let is_certain = match new.extracted.state {
        DocumentState::Ready => true,
        DocumentState::NeedsReview | DocumentState::NotAReferral => false,
    };
    if !is_certain || !untried.is_empty() || critical.iter().any(|key| held.contains_key(key)) {
        return Ok(Course::Review);
    }
    if !on {
        return Ok(Course::Ready);
    }
    // Whose it is must be as certain as what it says.
    if register::is_doubtful(tx, referral).await? {
        return Ok(Course::Review);
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
