//! One reviewer a referral: who opens it claims it, and nobody else changes it until they leave, fall silent, or somebody takes
//! it over with a reason. Programs and timers neither claim nor are held up: they don't overwrite what a person is looking at.

use super::act::{ActError, Obstacle, refused};
use super::permitted::find_to_change;
use super::record::{Remark, remark};
use crate::app::App;
use crate::domain::ids::{ClaimId, ReferralId, UserId};
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::Referral;
use crate::store::claims::{self, Claim};
use crate::store::{self, Tx, events, referrals};
use chrono::{DateTime, TimeDelta, Utc};

/// Long enough for a phone call about the referral, short enough that a crashed browser blocks nobody for long.
const LASTS: TimeDelta = TimeDelta::minutes(10);
/// How it stands in the history.
const ACTION: &str = "take_over";

fn person(actor: &Actor) -> Result<&UserId, ActError> {
    Ok(actor.user().ok_or(Obstacle::NotAPerson)?)
}

fn past_no_review(referral: &Referral) -> Result<(), ActError> {
    if referral.status.name().is_before_release() {
        Ok(())
    } else {
        Err(Obstacle::PastReview.into())
    }
}

/// Claims a referral for whoever opened its page, or lets their claim last longer.
pub async fn claim(app: &App, actor: &Actor, id: &ReferralId, opening: &ClaimId) -> Result<(), ActError> {
    let me = person(actor)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let referral = referrals::find_to_change(&mut tx, id)
        .await?
        .ok_or(ActError::NotFound)?;
    // Whoever only looks claims nothing: that is no refusal to be kept.
    authorize(actor, Permission::CorrectFields, (&referral).into())?;
    past_no_review(&referral)?;
    let until = now + LASTS;
    if !claims::extend(&mut tx, opening, id, me, now, until).await?
        && !claims::take(&mut tx, opening, id, me, now, until).await?
    {
        unclaimed(&mut tx, actor, &referral, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes a referral from whoever reviews it. They are shown the reason, and it stays in the history.
pub async fn take_over(app: &App, actor: &Actor, id: &ReferralId, reason: &str) -> Result<(), ActError> {
    let now = app.clock.now();
    let me = person(actor)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Obstacle::NoReason.into());
    }
    let (mut tx, mut referral) = find_to_change(app, actor, Permission::CorrectFields, ACTION, id, now).await?;
    past_no_review(&referral)?;
    let held = held_by_other(&mut tx, actor, id, now).await?;
    claims::take_over(&mut tx, &ClaimId::new(now), id, me, now, now + LASTS).await?;
    if held.is_some() {
        let said = Remark {
            note: Some(reason.to_owned()),
            ..Remark::default()
        };
        let version = referral.version;
        remark(&mut tx, actor, &mut referral, ACTION, said, now)
            .await
            .map_err(|error| refused(error, version))?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whoever opened the page has closed it.
pub async fn leave(app: &App, actor: &Actor, id: &ReferralId, opening: &ClaimId) -> Result<(), ActError> {
    let me = person(actor)?;
    let mut tx = app.db.begin().await?;
    claims::leave(&mut tx, opening, id, me).await?;
    tx.commit().await?;
    Ok(())
}

/// Whoever signs out reviews nothing any more.
pub async fn leave_all(app: &App, actor: &Actor) -> store::Result<()> {
    let Some(me) = actor.user() else {
        return Ok(());
    };
    let mut tx = app.db.begin().await?;
    claims::end_all(&mut tx, me).await?;
    tx.commit().await
}

/// The claim that keeps this person from changing the referral.
pub async fn held_by_other(
    tx: &mut Tx,
    actor: &Actor,
    id: &ReferralId,
    now: DateTime<Utc>,
) -> store::Result<Option<Claim>> {
    let Some(me) = actor.user() else {
        return Ok(None);
    };
    let claim = claims::find(tx, id, now).await?;
    Ok(claim.filter(|claim| claim.user != *me))
}

/// Refuses a person's change of what another is reviewing. Part of the change's own transaction, behind the lock of its referral.
pub(super) async fn unclaimed(
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    if !referral.status.name().is_before_release() {
        return Ok(());
    }
    match held_by_other(tx, actor, &referral.id, now).await? {
        Some(claim) => Err(ActError::Claimed {
            holder: claim.name,
            until: claim.until,
        }),
        None => Ok(()),
    }
}

/// Why it was taken over, where it was.
pub async fn reason(tx: &mut Tx, claim: &Claim) -> store::Result<Option<String>> {
    let history = events::of_referral(tx, &claim.referral).await?;
    let taken = history
        .into_iter()
        .rev()
        .find(|entry| entry.action == ACTION && entry.at == claim.taken_at);
    Ok(taken.and_then(|entry| entry.note))
}
