//! Fields whose certain values a person must check, since too many were corrected.

use super::counts::count;
use super::{Result, Tx, sql};
use crate::domain::fields::FieldKey;
use crate::domain::precision::Run;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

const TABLE: &str = "watched_field";

/// Since when a field is held, and what said that it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    pub since: DateTime<Utc>,
    pub run: Run,
}

#[derive(sqlx::FromRow)]
struct HoldRow {
    key: FieldKey,
    held_at: DateTime<Utc>,
    held_wrong: i64,
    held_checked: i64,
}

/// All fields that are held now.
pub async fn held(tx: &mut Tx) -> Result<BTreeMap<FieldKey, Hold>> {
    let rows: Vec<HoldRow> = sql("select key, held_at, held_wrong, held_checked from watched_field
         where held_at is not null and held_wrong is not null and held_checked is not null")
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let hold = Hold {
                since: row.held_at,
                run: Run {
                    wrong: count(TABLE, row.key.as_str(), "held_wrong", row.held_wrong)?,
                    checked: count(TABLE, row.key.as_str(), "held_checked", row.held_checked)?,
                },
            };
            Ok((row.key, hold))
        })
        .collect()
}

/// Notes a correction, and keeps others from judging the same field until the transaction ends, so that of two
/// corrections at the same time the later one sees both. Tells since when outcomes count.
pub async fn touch(tx: &mut Tx, key: &FieldKey, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    sql("insert into watched_field (key, corrected_at) values ($1, $2)
         on conflict (key) do update set corrected_at = excluded.corrected_at
         returning resumed_at")
    .bind(key.clone())
    .bind(now)
    .fetch_scalar(tx)
    .await
}

/// When values of each field were last trusted again by an operator.
pub async fn resumed(tx: &mut Tx) -> Result<BTreeMap<FieldKey, DateTime<Utc>>> {
    let rows: Vec<(FieldKey, DateTime<Utc>)> =
        sql("select key, resumed_at from watched_field where resumed_at is not null")
            .fetch_all(tx)
            .await?;
    Ok(rows.into_iter().collect())
}

/// Holds a field. Gives false where it was held before.
pub async fn hold(tx: &mut Tx, key: &FieldKey, run: Run, now: DateTime<Utc>) -> Result<bool> {
    let written = sql(
        "update watched_field set held_at = $2, held_wrong = $3, held_checked = $4
         where key = $1 and held_at is null",
    )
    .bind(key.clone())
    .bind(now)
    .bind(i64::from(run.wrong))
    .bind(i64::from(run.checked))
    .execute(tx)
    .await?;
    Ok(written == 1)
}

/// Lets a field go. Gives false where it was not held.
pub async fn resume(tx: &mut Tx, key: &FieldKey, now: DateTime<Utc>) -> Result<bool> {
    let written = sql(
        "update watched_field set held_at = null, held_wrong = null, held_checked = null, resumed_at = $2
         where key = $1 and held_at is not null",
    )
    .bind(key.clone())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(written == 1)
}
