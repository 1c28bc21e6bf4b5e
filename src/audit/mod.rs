//! Keeps the audit log's chain: links new rows within a second, and puts checkpoints of its end where nobody who can change the
//! database can change them.

mod bucket;
pub mod checkpoint;
pub mod export;
pub mod question;
pub mod trace;

use crate::app::App;
use crate::faults::{self, Point};
use crate::store::{self, audit_chain};
use checkpoint::{CheckpointError, Checkpoints};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const LINKED_EVERY: Duration = Duration::from_millis(500);
/// A checkpoint comes after so long, or after so many links, where there is a new one.
const CHECKPOINT_AFTER: Duration = Duration::from_mins(1);
const CHECKPOINT_LINKS: i64 = 1_000;

/// Works until `stop`. What fails is tried again: rows wait, and `audit verify` tells of those that wait for too long.
pub async fn keep(app: App, stop: CancellationToken) {
    let mut kept = Kept {
        seq: 0,
        at: Instant::now(),
    };
    let mut every = tokio::time::interval(LINKED_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let checkpoints = Checkpoints::of(&app);
    while !stop.is_cancelled() {
        tokio::select! {
            _ = every.tick() => {}
            () = stop.cancelled() => {}
        }
        if let Err(error) = link_all(&app).await {
            tracing::warn!(error.cause = %error, "the audit log's newest rows could not be linked yet");
            continue;
        }
        match kept.checkpoint(&app, &checkpoints, stop.is_cancelled()).await {
            Ok(()) => {}
            Err(error) => tracing::error!(error.cause = %error, "no checkpoint of the audit log could be kept"),
        }
    }
}

/// Links every row that waits.
pub async fn link_all(app: &App) -> store::Result<u64> {
    let mut linked = 0;
    let mut tx = app.db.read().await?;
    // Most of the time nothing waits, and SQLite's one writer has better things to do.
    if !audit_chain::is_waited_for(&mut tx).await? {
        return Ok(linked);
    }
    drop(tx);
    loop {
        let mut tx = app.db.begin().await?;
        let some = audit_chain::link(&mut tx).await?;
        if some == 0 {
            return Ok(linked);
        }
        faults::reach(Point::AuditLinking);
        tx.commit().await?;
        faults::reach(Point::AuditLinked);
        linked += some;
    }
}

/// The last checkpoint of this process.
struct Kept {
    seq: i64,
    at: Instant,
}

impl Kept {
    async fn checkpoint(&mut self, app: &App, to: &Checkpoints, at_end: bool) -> Result<(), CheckpointError> {
        let is_time = at_end || self.at.elapsed() >= CHECKPOINT_AFTER;
        let mut tx = app.db.read().await?;
        let head = audit_chain::head(&mut tx).await?;
        drop(tx);
        if head.seq == self.seq || !(is_time || head.seq - self.seq >= CHECKPOINT_LINKS) {
            return Ok(());
        }
        to.keep(&head, app.clock.now()).await?;
        (self.seq, self.at) = (head.seq, Instant::now());
        Ok(())
    }
}
