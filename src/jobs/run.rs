//! One claim from its start to its end: the work with a heartbeat beside it, then what becomes of the row.

use super::JobError;
use super::limits::{Verdict, judge};
use super::worker::{self, Core, Kind, Repeats, lease};
use crate::store::{Error, Result, jobs};
use chrono::TimeDelta;
use jobs::Claim;
use std::time::Instant;
use tokio::time::MissedTickBehavior;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

/// A worker of an older version may meet a job that it does not know: a newer one shall have it.
const UNKNOWN_WAITS: TimeDelta = TimeDelta::minutes(1);

impl<C: Clone + Send + Sync + 'static> Core<C> {
    /// Works on a claim until it is ended on the database, too.
    pub(super) async fn run(&self, claim: Claim) {
        let span =
            tracing::info_span!("job", job.name = claim.job.name, job.id = %claim.job.id, subject = claim.job.subject);
        let begun = Instant::now();
        let outcome = self.work_and_end(&claim).instrument(span.clone()).await;
        let name = claim.job.name.clone();
        metrics::histogram!("referloop_job_seconds", "name" => name).record(begun.elapsed());
        if let Err(error) = outcome {
            // The lease lapses, and the reaper gives the job to whoever can reach the database.
            let _inside = span.enter();
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a job's end could not be written"
            );
        }
    }

    async fn work_and_end(&self, claim: &Claim) -> Result<()> {
        let Some(kind) = self.kinds.get(claim.job.name.as_str()) else {
            tracing::warn!(job.name = claim.job.name, "no job of this name is known here");
            let mut tx = self.db.begin().await?;
            jobs::release(&mut tx, claim, self.clock.now() + UNKNOWN_WAITS).await?;
            return tx.commit().await;
        };
        let outcome = self.work(kind, claim).await;
        let ended = match &outcome {
            Ok(()) => self.end(kind, claim).await,
            Err(error) => self.fail(kind, claim, error).await,
        };
        match ended {
            // The job ended itself in the transaction of its output, or somebody else has it.
            Err(Error::LeaseLost) => Ok(()),
            other => other,
        }
    }

    /// The work runs as a task of its own, so that neither a panic nor a long computation stops the heartbeat.
    async fn work(&self, kind: &Kind<C>, claim: &Claim) -> Result<(), JobError> {
        let (handler, context, claimed) = (kind.handler.clone(), self.context.clone(), claim.clone());
        let work = async move { handler(context, claimed).await };
        let mut task = AbortOnDropHandle::new(tokio::spawn(work.in_current_span()));
        let mut heartbeat = tokio::time::interval(worker::heartbeat());
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.tick().await;
        loop {
            tokio::select! {
                outcome = &mut task => {
                    return outcome.unwrap_or_else(|error| Err(JobError::retry("panic").because(error)));
                }
                _ = heartbeat.tick() => match self.extend(claim).await {
                    Err(Error::LeaseLost) => return Err(Error::LeaseLost.into()),
                    Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "a lease could not be extended"),
                    Ok(()) => {}
                }
            }
        }
    }

    async fn extend(&self, claim: &Claim) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let lease_end = tx.lease_now(&self.clock).await? + lease();
        jobs::extend(&mut tx, claim, lease_end).await?;
        tx.commit().await
    }

    async fn end(&self, kind: &Kind<C>, claim: &Claim) -> Result<()> {
        metrics::counter!("referloop_jobs_total", "name" => claim.job.name.clone(), "outcome" => "done").increment(1);
        let mut tx = self.db.begin().await?;
        match kind.repeats {
            Repeats::Every(interval) => jobs::finish_until(&mut tx, claim, self.clock.now() + interval).await?,
            Repeats::Never => jobs::finish(&mut tx, claim).await?,
        }
        tx.commit().await
    }

    async fn fail(&self, kind: &Kind<C>, claim: &Claim, error: &JobError) -> Result<()> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        match judge(&claim.job, error, kind.limits, now, rand::random()) {
            Verdict::Nothing => {
                tracing::warn!("the lease was lost; what was done is thrown away");
                return Ok(());
            }
            Verdict::TryAgain { failure, due_at } => {
                // A timer comes back at its next turn at the latest.
                let due_at = match kind.repeats {
                    Repeats::Every(interval) => due_at.min(now + interval),
                    Repeats::Never => due_at,
                };
                tracing::warn!(%error, attempts = failure.attempts, crashes = failure.crashes, "a job failed and is tried again");
                count(claim, "retried");
                jobs::fail_until(&mut tx, claim, &failure, due_at).await?;
            }
            Verdict::SetAside { failure } => {
                tracing::error!(%error, attempts = failure.attempts, crashes = failure.crashes, "a job is set aside for a person");
                count(claim, "quarantined");
                jobs::quarantine(&mut tx, claim, &failure, now).await?;
                if let Some(hook) = &kind.on_quarantine {
                    hook(&self.context, &mut tx, &claim.job, &failure.code).await?;
                }
            }
        }
        tx.commit().await
    }

    /// Frees what dead workers held. A job that lost too many leases is set aside as a failed one is.
    pub(super) async fn reap(&self) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let lease_now = tx.lease_now(&self.clock).await?;
        for job in jobs::reap(&mut tx, lease_now, self.clock.now()).await? {
            tracing::error!(job.name = job.name, job.id = %job.id, "a job lost too many leases and is set aside");
            let hook = self
                .kinds
                .get(job.name.as_str())
                .and_then(|kind| kind.on_quarantine.as_ref());
            if let Some(hook) = hook {
                hook(&self.context, &mut tx, &job, jobs::LEASES_LOST).await?;
            }
        }
        tx.commit().await
    }
}

fn count(claim: &Claim, outcome: &'static str) {
    metrics::counter!("referloop_jobs_total", "name" => claim.job.name.clone(), "outcome" => outcome).increment(1);
}
