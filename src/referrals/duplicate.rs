//! Referrals that resemble an earlier one: found, shown to a person, and told apart or put together by what the person says.

use super::act::{ActError, Obstacle, refused};
use super::claim::unclaimed;
use super::permitted::find_to_change;
use super::record::{RecordError, Remark, remark};
use super::search::similar;
use super::values::text;
use crate::app::App;
use crate::domain::decision::Verdict;
use crate::domain::ids::ReferralId;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::Referral;
use crate::store::{self, Tx, fields, referrals, twins};
use chrono::{DateTime, TimeDelta, Utc};

/// Beyond this a second referral to the same specialty is a new one.
const NEAR: TimeDelta = TimeDelta::days(90);
/// How well the patient must fit: name and birth date, or more.
const FIT_MIN: f64 = 0.8;
/// One banner is read; five are not.
const TWINS_MAX: u32 = 3;

/// An earlier referral that this one resembles.
#[derive(Clone, Debug)]
pub struct Twin {
    pub referral: Referral,
    /// The very same bytes came before.
    pub same_bytes: bool,
}

/// Earlier referrals that this one may be the double of, and of which nobody said anything yet, as far as the actor may see them.
pub async fn twins_of(tx: &mut Tx, actor: &Actor, referral: &Referral) -> store::Result<Vec<Twin>> {
    let said = twins::verdicts(tx, &referral.id).await?;
    let mut found: Vec<Twin> = Vec::new();
    for id in twins::of_same_bytes(tx, &referral.id, TWINS_MAX).await? {
        if !said.contains_key(&id)
            && let Some(twin) = referrals::find(tx, &id).await?
            && authorize(actor, Permission::ViewReferrals, (&twin).into()).is_ok()
        {
            found.push(Twin {
                referral: twin,
                same_bytes: true,
            });
        }
    }
    let specialty = specialty_of(tx, &referral.id).await?;
    for like in similar(tx, actor, &referral.id).await? {
        let twin = like.referral;
        let earlier = twin.id < referral.id && referral.created_at - twin.created_at <= NEAR;
        let known = said.contains_key(&twin.id) || found.iter().any(|found| found.referral.id == twin.id);
        if earlier && !known && like.fit >= FIT_MIN && specialty_of(tx, &twin.id).await? == specialty {
            found.push(Twin {
                referral: twin,
                same_bytes: false,
            });
        }
    }
    found.truncate(TWINS_MAX as usize);
    Ok(found)
}

async fn specialty_of(tx: &mut Tx, id: &ReferralId) -> store::Result<Option<String>> {
    let values = fields::current(tx, id).await?;
    Ok(text(&values, "referral.specialty").map(str::to_lowercase))
}

/// What belongs to closing a referral as another's double. Part of the act that rejects it.
pub(super) async fn close(
    tx: &mut Tx,
    actor: &Actor,
    referral: &Referral,
    twin: &ReferralId,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    if *twin == referral.id {
        return Err(Obstacle::NoSuchReferral.into());
    }
    twins::put(tx, &referral.id, twin, Verdict::Same, &actor.reference(), now).await?;
    tell_twin(tx, actor, "duplicate_closed", twin, &referral.id, now).await
}

/// Both sides of a link show it in their history. Whoever reviews the earlier one is not held up by that line, and holds up nobody:
/// nothing that they look at changes.
async fn tell_twin(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    twin: &ReferralId,
    other: &ReferralId,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let mut twin = referrals::find_to_change(tx, twin)
        .await?
        .ok_or(Obstacle::NoSuchReferral)?;
    let version = twin.version;
    told(tx, actor, action, &mut twin, other, now)
        .await
        .map_err(|error| refused(error, version))
}

async fn told(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    referral: &mut Referral,
    other: &ReferralId,
    now: DateTime<Utc>,
) -> Result<(), RecordError> {
    let said = Remark {
        note: Some(other.to_string()),
        ..Remark::default()
    };
    remark(tx, actor, referral, action, said, now).await
}

async fn both(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    referral: &mut Referral,
    twin: &ReferralId,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let version = referral.version;
    told(tx, actor, action, referral, twin, now)
        .await
        .map_err(|error| refused(error, version))?;
    tell_twin(tx, actor, action, twin, &referral.id, now).await
}

/// A person says that two referrals are not the same: a follow-up, or nothing to do with each other.
pub async fn tell_apart(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    twin: &ReferralId,
    verdict: Verdict,
) -> Result<(), ActError> {
    let now = app.clock.now();
    let (mut tx, mut referral) =
        find_to_change(app, actor, Permission::CorrectFields, "not_a_duplicate", id, now).await?;
    unclaimed(&mut tx, actor, &referral, now).await?;
    let version = referral.version;
    if expected.is_some_and(|expected| expected != version) {
        return Err(ActError::Stale { current: version });
    }
    if *twin == *id {
        return Err(Obstacle::NoSuchReferral.into());
    }
    twins::put(&mut tx, id, twin, verdict, &actor.reference(), now).await?;
    match verdict {
        Verdict::FollowUp => both(&mut tx, actor, "link_follow_up", &mut referral, twin, now).await?,
        Verdict::Different => both(&mut tx, actor, "not_a_duplicate", &mut referral, twin, now).await?,
        Verdict::Same => unreachable!("a duplicate is closed by an act"),
    }
    tx.commit().await?;
    Ok(())
}
