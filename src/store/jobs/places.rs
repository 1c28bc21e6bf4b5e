//! Who waits in a lane, and who goes first.

use super::Lane;
use super::leases::{Claim, held};
use crate::domain::ids::JobId;
use crate::store::{Error, Result, Tx, sql};
use chrono::{DateTime, Utc};

/// Whether another job that is no less urgent waits in this claim's lane.
pub async fn is_waited_for(tx: &mut Tx, claim: &Claim, now: DateTime<Utc>) -> Result<bool> {
    // One is enough: to count a long backlog after every page would cost more than the page's row.
    let waiting: Option<i64> = sql("select cast(1 as bigint) from job
         where lane = $1 and lease_token is null and quarantined_at is null and due_at <= $2
             and priority <= (select priority from job where id = $3)
         limit 1")
    .bind(claim.job.lane)
    .bind(now)
    .bind(&claim.job.id)
    .fetch_optional_scalar(tx)
    .await?;
    Ok(waiting.is_some())
}

/// The place of a job among those of its lane: the smaller goes first.
pub async fn priority(tx: &mut Tx, claim: &Claim) -> Result<i64> {
    let found: Option<i64> = sql("select priority from job where id = $1 and lease_token = $2")
        .bind(&claim.job.id)
        .bind(&claim.lease_token)
        .fetch_optional_scalar(tx)
        .await?;
    found.ok_or(Error::LeaseLost)
}

/// Gives a job that runs another place, for when it waits again.
pub async fn set_priority(tx: &mut Tx, claim: &Claim, priority: i64) -> Result<()> {
    let changed = sql("update job set priority = $3 where id = $1 and lease_token = $2")
        .bind(&claim.job.id)
        .bind(&claim.lease_token)
        .bind(priority)
        .execute(tx)
        .await?;
    held(changed)
}

/// Whether a job waits in this lane that goes before one of this priority.
pub async fn is_waited_for_before(tx: &mut Tx, lane: Lane, priority: i64, now: DateTime<Utc>) -> Result<bool> {
    let first: Option<JobId> = sql(
        "select id from job
         where lane = $1 and lease_token is null and quarantined_at is null and due_at <= $2 and priority < $3 limit 1",
    )
    .bind(lane)
    .bind(now)
    .bind(priority)
    .fetch_optional_scalar(tx)
    .await?;
    Ok(first.is_some())
}

/// A job that waits.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    pub id: JobId,
    pub subject: String,
}

/// Whether more than so many jobs wait in this lane.
pub async fn is_longer_than(tx: &mut Tx, lane: Lane, count: usize, now: DateTime<Utc>) -> Result<bool> {
    let beyond: Option<JobId> = sql("select id from job
         where lane = $1 and lease_token is null and quarantined_at is null and due_at <= $2 limit 1 offset $3")
    .bind(lane)
    .bind(now)
    .bind(i64::try_from(count).unwrap_or(i64::MAX))
    .fetch_optional_scalar(tx)
    .await?;
    Ok(beyond.is_some())
}

/// The first job that waits in this lane with just this priority.
pub async fn first_waiting(tx: &mut Tx, lane: Lane, priority: i64, now: DateTime<Utc>) -> Result<Option<Waiting>> {
    sql("select id, subject from job
         where lane = $1 and priority = $2 and lease_token is null and quarantined_at is null and due_at <= $3
         order by due_at, id limit 1")
    .bind(lane)
    .bind(priority)
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// Gives a job that still waits at its old place another one.
pub async fn move_waiting(tx: &mut Tx, id: &JobId, from: i64, to: i64) -> Result<()> {
    sql("update job set priority = $3 where id = $1 and priority = $2 and lease_token is null")
        .bind(id)
        .bind(from)
        .bind(to)
        .execute(tx)
        .await?;
    Ok(())
}
