//! The rows of the durable queue. A claim is a value: whoever ends, extends or fails a job shows the token that its claim
//! drew, so that a worker which overslept its lease changes nothing.

use super::changes::Change;
use super::{Error, Result, Tx, sql, sql_for};
use crate::crypto::token::random_token;
use crate::domain::ids::JobId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

/// A killed service says nothing about the document, so many leases may be lost before a person is asked.
pub const LOST_LEASES_MAX: i64 = 50;
/// The code that a job quarantined for its lost leases carries.
pub const LEASES_LOST: &str = "leases_lost";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Lane {
    /// Whatever needs a core for long: one permit a core.
    Read,
    /// Mail, timers, webhooks: these never wait for a page to be recognised.
    Quick,
}

impl Lane {
    pub const ALL: [Self; 2] = [Self::Read, Self::Quick];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Quick => "quick",
        }
    }
}

/// A job to be done. `payload` holds ids only; `name` and `subject` together say what is to be done once.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    pub name: &'static str,
    pub lane: Lane,
    pub subject: &'a str,
    pub payload: serde_json::Value,
    pub due_at: DateTime<Utc>,
    /// The smaller goes first; 0 is usual.
    pub priority: i64,
}

/// A job with the right to work on it, until the lease ends.
#[derive(Clone, Debug)]
pub struct Claim {
    pub job: Job,
    pub lease_token: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Job {
    pub id: JobId,
    pub lane: Lane,
    pub name: String,
    pub subject: String,
    #[sqlx(json)]
    pub payload: serde_json::Value,
    pub attempts: i64,
    pub crashes: i64,
    pub lost_leases: i64,
    /// A code.
    pub last_error: Option<String>,
    pub quarantined_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// Adds the job; workers wake up when `tx` commits. If the same job waits already, it only moves forward; if it runs,
/// it will run again. One that backs off after a failure keeps its time.
pub async fn enqueue(tx: &mut Tx, job: NewJob<'_>, now: DateTime<Utc>) -> Result<()> {
    sql(
        "insert into job (id, lane, name, subject, payload, priority, due_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (name, subject) where quarantined_at is null do update set
             payload = excluded.payload,
             priority = case when excluded.priority < job.priority then excluded.priority else job.priority end,
             due_at = case
                 when job.lease_token is null and job.attempts = 0 and job.crashes = 0 and excluded.due_at < job.due_at
                 then excluded.due_at else job.due_at end,
             again_at = case
                 when job.lease_token is null then job.again_at
                 when job.again_at is null or excluded.due_at < job.again_at then excluded.due_at
                 else job.again_at end",
    )
    .bind(JobId::new(now))
    .bind(job.lane)
    .bind(job.name)
    .bind(job.subject)
    .bind(Json(job.payload))
    .bind(job.priority)
    .bind(job.due_at)
    .bind(now)
    .execute(tx)
    .await?;
    tx.wake_workers_on_commit();
    Ok(())
}

/// Adds the job unless it is there already, waiting or running. Of several processes that do so at once, one adds it: that
/// another found none is no wish to run it twice.
pub async fn ensure(tx: &mut Tx, job: NewJob<'_>, now: DateTime<Utc>) -> Result<()> {
    let open: i64 = sql("select count(*) from job where name = $1 and subject = $2 and quarantined_at is null")
        .bind(job.name)
        .bind(job.subject)
        .fetch_scalar(tx)
        .await?;
    if open > 0 {
        return Ok(());
    }
    let added = sql(
        "insert into job (id, lane, name, subject, payload, priority, due_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (name, subject) where quarantined_at is null do nothing",
    )
    .bind(JobId::new(now))
    .bind(job.lane)
    .bind(job.name)
    .bind(job.subject)
    .bind(Json(job.payload))
    .bind(job.priority)
    .bind(job.due_at)
    .bind(now)
    .execute(tx)
    .await?;
    if added == 1 {
        tx.wake_workers_on_commit();
    }
    Ok(())
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

fn held(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// Drops a quarantined job, since its work was asked for anew.
pub async fn discard(tx: &mut Tx, id: &JobId) -> Result<()> {
    sql("delete from job where id = $1 and quarantined_at is not null")
        .bind(id.clone())
        .execute(tx)
        .await?;
    Ok(())
}
