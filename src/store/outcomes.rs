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
    /// The blind index of where the value came from; `None` where its sender can't be told.
    pub origin: Option<Vec<u8>>,
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
        "insert into field_outcome (referral_id, key, confidence, origin_index, way, outcome, released_at, judged_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (referral_id, key) do update set outcome = excluded.outcome, judged_at = excluded.judged_at",
    )
    .bind(referral.clone())
    .bind(key.clone())
    .bind(told.confidence)
    .bind(told.origin.clone())
    .bind(told.way)
    .bind(told.outcome)
    .bind(told.released_at)
    .bind(judged_at)
    .execute(tx)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct OutcomeRow {
    key: FieldKey,
    confidence: f64,
    origin_index: Option<Vec<u8>>,
    way: Way,
    outcome: Outcome,
    released_at: DateTime<Utc>,
}

pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<BTreeMap<FieldKey, FieldOutcome>> {
    let rows: Vec<OutcomeRow> = sql("select key, confidence, origin_index, way, outcome, released_at
         from field_outcome where referral_id = $1")
    .bind(referral.clone())
    .fetch_all(tx)
    .await?;
    let rows = rows.into_iter().map(|row| {
        let told = FieldOutcome {
            confidence: row.confidence,
            origin: row.origin_index,
            way: row.way,
            outcome: row.outcome,
            released_at: row.released_at,
        };
        (row.key, told)
    });
    Ok(rows.collect())
}

/// What people last said of values of one origin, newest first. Of those found right only values count that somebody was
/// asked to look at: the others were released with the rest of the form, perhaps unread.
pub async fn latest_of_origin(tx: &mut Tx, origin: &[u8], limit: u32) -> Result<Vec<Outcome>> {
    sql(
        "select outcome from field_outcome where origin_index = $1 and judged_at is not null
           and (outcome = 'corrected' or exists (select 1 from value_on_probation asked
               where asked.referral_id = field_outcome.referral_id and asked.key = field_outcome.key))
         order by judged_at desc, referral_id desc limit $2",
    )
    .bind(origin.to_vec())
    .bind(i64::from(limit))
    .fetch_scalars(tx)
    .await
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
