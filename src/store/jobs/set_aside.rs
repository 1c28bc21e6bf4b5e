//! What a person is shown of the queue: jobs that were set aside or stand still, and how many there are.

use super::Job;
use crate::domain::ids::JobId;
use crate::store::changes::Change;
use crate::store::{Result, Tx, sql};
use chrono::{DateTime, Utc};

/// What was set aside, the oldest first.
pub async fn list_quarantined(tx: &mut Tx) -> Result<Vec<Job>> {
    sql("select id, lane, name, subject, payload, attempts, crashes, lost_leases, last_error, quarantined_at, created_at
         from job where quarantined_at is not null order by quarantined_at, id")
    .fetch_all(tx)
    .await
}

/// Queues a quarantined job anew, as if it had never failed. `false` if there is no such job.
pub async fn retry(tx: &mut Tx, id: &JobId, now: DateTime<Utc>) -> Result<bool> {
    // The same job may have been asked for again since: then that one does the work.
    let covered = sql(
        "delete from job where id = $1 and quarantined_at is not null and exists (
             select 1 from job as other
             where other.name = job.name and other.subject = job.subject and other.quarantined_at is null)",
    )
    .bind(id)
    .execute(tx)
    .await?;
    let queued = sql(
        "update job set quarantined_at = null, due_at = $2, attempts = 0, crashes = 0, lost_leases = 0
         where id = $1 and quarantined_at is not null",
    )
    .bind(id)
    .bind(now)
    .execute(tx)
    .await?;
    tx.wake_workers_on_commit();
    tx.changed(Change::Desk);
    Ok(covered + queued > 0)
}

/// Jobs that stand still: they wait since before `before` and nobody takes them, or fail again and again since then. The oldest
/// first.
pub async fn stuck(tx: &mut Tx, before: DateTime<Utc>, limit: i64) -> Result<Vec<Job>> {
    sql("select id, lane, name, subject, payload, attempts, crashes, lost_leases, last_error, quarantined_at, created_at
         from job
         where quarantined_at is null and created_at < $1
           and ((lease_token is null and due_at < $1) or attempts + crashes + lost_leases > 0)
         order by created_at, id limit $2")
    .bind(before)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// Has a job that waits tried at once. `false` where it runs or is gone.
pub async fn hurry(tx: &mut Tx, id: &JobId, now: DateTime<Utc>) -> Result<bool> {
    let moved = sql("update job set due_at = $2 where id = $1 and lease_token is null and quarantined_at is null")
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    tx.wake_workers_on_commit();
    Ok(moved == 1)
}

/// The quarantined job of this name and subject, if there is one.
pub async fn find_quarantined(tx: &mut Tx, name: &str, subject: &str) -> Result<Option<Job>> {
    sql("select id, lane, name, subject, payload, attempts, crashes, lost_leases, last_error, quarantined_at, created_at
         from job where name = $1 and subject = $2 and quarantined_at is not null
         order by quarantined_at desc limit 1")
    .bind(name)
    .bind(subject)
    .fetch_optional(tx)
    .await
}

/// Drops a quarantined job, since its work was asked for anew.
pub async fn discard(tx: &mut Tx, id: &JobId) -> Result<()> {
    sql("delete from job where id = $1 and quarantined_at is not null")
        .bind(id.clone())
        .execute(tx)
        .await?;
    Ok(())
}

/// How many jobs there are of each name: waiting or running, and quarantined.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    pub name: String,
    pub open: i64,
    pub quarantined: i64,
}

pub async fn count(tx: &mut Tx) -> Result<Vec<Count>> {
    sql(
        "select name, count(*) - count(quarantined_at) as open, count(quarantined_at) as quarantined
         from job group by name order by name",
    )
    .fetch_all(tx)
    .await
}
