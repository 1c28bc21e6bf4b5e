//! What became of the values that the machine gave as certain, a row a referral and critical field. Holds no values: those
//! stand, sealed, in `field_value`.

use super::{Result, Tx, sql};
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::domain::outcome::{Outcome, Stream, Way};
use crate::domain::precision::Verdict;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub struct FieldOutcome {
    pub confidence: f64,
    pub way: Way,
    pub outcome: Outcome,
    /// When the referral was released first.
    pub released_at: DateTime<Utc>,
}

/// Writes an outcome, or renews what is told of one that was written before: its way and place in the row stay.
pub async fn put(
    tx: &mut Tx,
    referral: &ReferralId,
    key: &FieldKey,
    told: &FieldOutcome,
    now: DateTime<Utc>,
) -> Result<()> {
    let judged_at = (told.outcome != Outcome::Unchecked).then_some(now);
    sql(
        "insert into field_outcome (referral_id, key, confidence, way, outcome, released_at, judged_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (referral_id, key) do update set outcome = excluded.outcome, judged_at = excluded.judged_at",
    )
    .bind(referral.clone())
    .bind(key.clone())
    .bind(told.confidence)
    .bind(told.way)
    .bind(told.outcome)
    .bind(told.released_at)
    .bind(judged_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<BTreeMap<FieldKey, FieldOutcome>> {
    let rows: Vec<(FieldKey, f64, Way, Outcome, DateTime<Utc>)> =
        sql("select key, confidence, way, outcome, released_at from field_outcome where referral_id = $1")
            .bind(referral.clone())
            .fetch_all(tx)
            .await?;
    let rows = rows.into_iter().map(|(key, confidence, way, outcome, released_at)| {
        let told = FieldOutcome {
            confidence,
            way,
            outcome,
            released_at,
        };
        (key, told)
    });
    Ok(rows.collect())
}

/// The latest verdicts on a field's values, oldest first, of referrals released after `after`. Of those that went straight
/// through, what nobody complained of counts as right.
pub async fn verdicts(
    tx: &mut Tx,
    key: &FieldKey,
    stream: Stream,
    after: Option<DateTime<Utc>>,
    limit: u32,
) -> Result<Vec<Verdict>> {
    let outcomes: Vec<Outcome> = sql("select outcome from field_outcome
         where key = $1 and (way = 'straight') = $2 and released_at > $3
         order by released_at desc, referral_id desc limit $4")
    .bind(key.clone())
    .bind(stream == Stream::Straight)
    .bind(after.unwrap_or_default())
    .bind(i64::from(limit))
    .fetch_scalars(tx)
    .await?;
    let verdict = |outcome| match outcome {
        Outcome::Unchecked | Outcome::Confirmed => Verdict::Right,
        Outcome::Corrected => Verdict::Wrong,
    };
    Ok(outcomes.into_iter().rev().map(verdict).collect())
}

/// How many values of each field came out how, by the way they went.
pub async fn counts(tx: &mut Tx) -> Result<BTreeMap<(FieldKey, Way, Outcome), i64>> {
    let rows: Vec<(FieldKey, Way, Outcome, i64)> =
        sql("select key, way, outcome, count(*) from field_outcome group by key, way, outcome")
            .fetch_all(tx)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(key, way, outcome, count)| ((key, way, outcome), count))
        .collect())
}
