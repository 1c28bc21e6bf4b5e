//! A claim from its token to its end. It is a value: whoever ends, extends or fails a job shows the token that its claim drew,
//! so that a worker which overslept its lease changes nothing.

use super::{Job, Lane};
use crate::crypto::token::random_token;
use crate::store::changes::Change;
use crate::store::{Error, Result, Tx, sql, sql_for};
use chrono::{DateTime, Utc};

/// A killed service says nothing about the document, so many leases may be lost before a person is asked.
pub const LOST_LEASES_MAX: i64 = 50;
/// The code that a job quarantined for its lost leases carries.
pub const LEASES_LOST: &str = "leases_lost";

/// A job with the right to work on it, until the lease ends.
#[derive(Clone, Debug)]
pub struct Claim {
    pub job: Job,
    pub lease_token: String,
}

/// Takes up to `limit` jobs that are due at `now`, each leased until `lease_end` (on the leases' own clock).
///
/// The dialects differ where it counts: SQLite's form let 8 PostgreSQL workers claim 52 jobs 157 times.
pub async fn claim(
    tx: &mut Tx,
    lane: Lane,
    limit: usize,
    now: DateTime<Utc>,
    lease_end: DateTime<Utc>,
) -> Result<Vec<Claim>> {
    let lease_token = random_token();
    let jobs: Vec<Job> = sql_for(
        "update job set lease_token = $1, due_at = $2,
             again_at = case when again_at <= $3 then null else again_at end
         where lease_token is null and id in (
             select id from job
             where lane = $4 and lease_token is null and quarantined_at is null and due_at <= $3
             order by priority, due_at, id limit $5)
         returning id, lane, name, subject, payload, attempts, crashes, lost_leases, last_error, quarantined_at, created_at",
        "with due as materialized (
             select id from job
             where lane = $4 and lease_token is null and quarantined_at is null and due_at <= $3
             order by priority, due_at, id limit $5
             for update skip locked)
         update job set lease_token = $1, due_at = $2,
             again_at = case when again_at <= $3 then null else again_at end
         from due where job.id = due.id and job.lease_token is null
         returning job.id, lane, name, subject, payload, attempts, crashes, lost_leases, last_error, quarantined_at,
             created_at",
    )
    .bind(&lease_token)
    .bind(lease_end)
    .bind(now)
    .bind(lane)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(tx)
    .await?;
    Ok(jobs
        .into_iter()
        .map(|job| Claim {
            job,
            lease_token: lease_token.clone(),
        })
        .collect())
}

/// Moves the end of the lease.
pub async fn extend(tx: &mut Tx, claim: &Claim, lease_end: DateTime<Utc>) -> Result<()> {
    let changed = sql("update job set due_at = $3 where id = $1 and lease_token = $2")
        .bind(&claim.job.id)
        .bind(&claim.lease_token)
        .bind(lease_end)
        .execute(tx)
        .await?;
    held(changed)
}

/// Fails unless the claim still holds: what a stage writes while it runs is written by whoever has the job. Until `tx`
/// ends, nobody else gets it.
pub async fn hold(tx: &mut Tx, claim: &Claim) -> Result<()> {
    let changed = sql("update job set lease_token = lease_token where id = $1 and lease_token = $2")
        .bind(&claim.job.id)
        .bind(&claim.lease_token)
        .execute(tx)
        .await?;
    held(changed)
}

/// Ends the job in the transaction that holds its output, or queues it again where that was asked for while it ran.
/// Fails with [`Error::LeaseLost`] where another worker has it by now: then nothing of `tx` may be committed.
pub async fn finish(tx: &mut Tx, claim: &Claim) -> Result<()> {
    let ended = sql("delete from job where id = $1 and lease_token = $2 and again_at is null")
        .bind(&claim.job.id)
        .bind(&claim.lease_token)
        .execute(tx)
        .await?;
    if ended == 1 {
        return Ok(());
    }
    let queued_again = sql("update job set lease_token = null, due_at = again_at, again_at = null,
             attempts = 0, crashes = 0, lost_leases = 0, last_error = null
         where id = $1 and lease_token = $2 and again_at is not null")
    .bind(&claim.job.id)
    .bind(&claim.lease_token)
    .execute(tx)
    .await?;
    tx.wake_workers_on_commit();
    held(queued_again)
}

/// Ends this run of a job that comes back at `due_at`, or before if that was asked for.
pub async fn finish_until(tx: &mut Tx, claim: &Claim, due_at: DateTime<Utc>) -> Result<()> {
    let changed = sql(
        "update job set lease_token = null, due_at = case when again_at < $3 then again_at else $3 end, again_at = null,
             attempts = 0, crashes = 0, lost_leases = 0, last_error = null
         where id = $1 and lease_token = $2",
    )
    .bind(&claim.job.id)
    .bind(&claim.lease_token)
    .bind(due_at)
    .execute(tx)
    .await?;
    held(changed)
}

/// What a failed run leaves on its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub attempts: i64,
    pub crashes: i64,
    pub code: String,
}

/// Gives the job back, to be tried again at `due_at`.
pub async fn fail_until(tx: &mut Tx, claim: &Claim, failure: &Failure, due_at: DateTime<Utc>) -> Result<()> {
    let changed = sql(
        "update job set lease_token = null, due_at = $3, attempts = $4, crashes = $5, last_error = $6
         where id = $1 and lease_token = $2",
    )
    .bind(&claim.job.id)
    .bind(&claim.lease_token)
    .bind(due_at)
    .bind(failure.attempts)
    .bind(failure.crashes)
    .bind(&failure.code)
    .execute(tx)
    .await?;
    held(changed)
}

/// Sets the job aside for a person. The row stays.
pub async fn quarantine(tx: &mut Tx, claim: &Claim, failure: &Failure, now: DateTime<Utc>) -> Result<()> {
    let changed = sql(
        "update job set lease_token = null, again_at = null, quarantined_at = $3,
             attempts = $4, crashes = $5, last_error = $6
         where id = $1 and lease_token = $2",
    )
    .bind(&claim.job.id)
    .bind(&claim.lease_token)
    .bind(now)
    .bind(failure.attempts)
    .bind(failure.crashes)
    .bind(&failure.code)
    .execute(tx)
    .await?;
    tx.changed(Change::Desk);
    held(changed)
}

/// Gives the job back untouched, as a worker does that has to stop.
pub async fn release(tx: &mut Tx, claim: &Claim, due_at: DateTime<Utc>) -> Result<()> {
    let changed = sql("update job set lease_token = null, due_at = $3 where id = $1 and lease_token = $2")
        .bind(&claim.job.id)
        .bind(&claim.lease_token)
        .bind(due_at)
        .execute(tx)
        .await?;
    tx.wake_workers_on_commit();
    held(changed)
}

/// Frees jobs whose leases ended before `lease_now`. Those that lost too many are quarantined, and returned.
pub async fn reap(tx: &mut Tx, lease_now: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<Job>> {
    let freed = sql(
        "update job set lease_token = null, due_at = $2, lost_leases = lost_leases + 1
         where lease_token is not null and due_at <= $1 and lost_leases + 1 < $3",
    )
    .bind(lease_now)
    .bind(now)
    .bind(LOST_LEASES_MAX)
    .execute(tx)
    .await?;
    if freed > 0 {
        tx.wake_workers_on_commit();
    }
    // Asked once more how often it was lost: on PostgreSQL another worker's claim may have come in between.
    sql(
        "update job set lease_token = null, again_at = null, quarantined_at = $2, lost_leases = lost_leases + 1,
             last_error = $3
         where lease_token is not null and due_at <= $1 and lost_leases + 1 >= $4
         returning id, lane, name, subject, payload, attempts, crashes, lost_leases, last_error, quarantined_at,
             created_at",
    )
    .bind(lease_now)
    .bind(now)
    .bind(LEASES_LOST)
    .bind(LOST_LEASES_MAX)
    .fetch_all(tx)
    .await
}

pub(super) fn held(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}
