//! The rows of the durable queue: what a job is, and how it is asked for.

mod leases;
mod places;
mod set_aside;

pub use leases::{
    Claim, Failure, LEASES_LOST, LOST_LEASES_MAX, claim, extend, fail_until, finish, finish_until, hold, quarantine,
    reap, release,
};
pub use places::{
    Waiting, first_waiting, is_longer_than, is_waited_for, is_waited_for_before, move_waiting, priority, set_priority,
};
pub use set_aside::{Count, count, discard, find_quarantined, hurry, list_quarantined, retry, stuck};

use super::{Result, Tx, sql};
use crate::domain::ids::JobId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

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
