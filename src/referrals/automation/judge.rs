//! Tells what became of the values that the machine gave as certain. The truth is what a person released, or put right
//! later.

use super::hold;
use super::origin::Source;
use crate::app::App;
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::domain::outcome::{Outcome, Way};
use crate::referrals::truth::{self, Truth};
use crate::store::outcomes::FieldOutcome;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Notes the certain values of a referral that nobody looked at, so that a later correction is seen for what it is.
pub(in crate::referrals) async fn left_unchecked(
    app: &App,
    tx: &mut Tx,
    referral: &ReferralId,
    now: DateTime<Utc>,
) -> store::Result<()> {
    for (key, sure) in certain(app, tx, referral).await? {
        let told = FieldOutcome {
            confidence: sure.confidence,
            origin: sure.origin,
            way: Way::Straight,
            outcome: Outcome::Unchecked,
            released_at: now,
        };
        store::outcomes::put(tx, referral, &key, &told, now).await?;
    }
    Ok(())
}

/// A person has released the referral: each certain value was right, or was corrected before.
pub(in crate::referrals) async fn judge_release(
    app: &App,
    tx: &mut Tx,
    referral: &ReferralId,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let sampled = store::samples::asked(tx, referral).await?.is_some();
    let mut known = store::outcomes::of_referral(tx, referral).await?;
    for (key, sure) in certain(app, tx, referral).await? {
        let first = FieldOutcome {
            confidence: sure.confidence,
            origin: sure.origin,
            way: if sampled { Way::Sampled } else { Way::Reviewed },
            outcome: Outcome::Unchecked,
            released_at: now,
        };
        // Released once before and opened again: it stays where it stood.
        let told = known.remove(&key).unwrap_or(first);
        tell(app, tx, referral, &key, told, &sure.truth, now).await?;
    }
    Ok(())
}

/// A person has changed a field of a referral that was released once.
pub(in crate::referrals) async fn judge_correction(
    app: &App,
    tx: &mut Tx,
    referral: &ReferralId,
    key: &FieldKey,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let Some(told) = store::outcomes::of_referral(tx, referral).await?.remove(key) else {
        return Ok(());
    };
    let history = store::fields::history(tx, referral).await?;
    let truth = Truth::of(history.get(key).map_or(&[], Vec::as_slice));
    tell(app, tx, referral, key, told, &truth, now).await
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    referral: &ReferralId,
    key: &FieldKey,
    told: FieldOutcome,
    truth: &Truth,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let outcome = if truth.holds() {
        Outcome::Confirmed
    } else {
        Outcome::Corrected
    };
    if told.outcome == outcome {
        return Ok(());
    }
    let way = told.way;
    store::outcomes::put(tx, referral, key, &FieldOutcome { outcome, ..told }, now).await?;
    if outcome == Outcome::Corrected {
        hold::watch(app, tx, key, way.stream(), now).await?;
    }
    Ok(())
}

/// A value that needed no person.
struct Sure {
    confidence: f64,
    origin: Option<Vec<u8>>,
    truth: Truth,
}

/// The critical fields of which the machine was certain.
async fn certain(app: &App, tx: &mut Tx, referral: &ReferralId) -> store::Result<BTreeMap<FieldKey, Sure>> {
    let history = store::fields::history(tx, referral).await?;
    let mut truths = truth::of_history(&history);
    let source = Source::load(tx, referral).await?;
    let sure = app.rules.catalogue().critical().filter_map(|field| {
        let truth = truths.remove(&field.key)?;
        let confidence = truth.sure(field.threshold)?;
        let rule = truth.proposed.as_ref().map_or("", |proposed| &proposed.rule);
        let sure = Sure {
            confidence,
            origin: source.index(tx, &field.key, rule),
            truth,
        };
        Some((field.key.clone(), sure))
    });
    Ok(sure.collect())
}
