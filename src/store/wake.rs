//! Waking the workers of other processes: PostgreSQL's `notify`, sent after the commit that enqueued jobs.
//!
//! Not within the transaction: PostgreSQL lets transactions that notify commit one after the other, each with its own sync
//! to disk, which cost two thirds of all commits a second. A wake-up that is lost costs a second: workers also ask by
//! themselves.

use super::changes::{Change, Changes};
use rand::random;
use sqlx::postgres::{PgListener, PgPool};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

const CHANNEL: &str = "referloop_jobs";
/// What was changed: the teller, then a word a change.
const CHANGES: &str = "referloop_changes";
/// Changes told in one message, which PostgreSQL bounds to 8,000 bytes; and those that wait to be told.
const TOLD_AT_ONCE: usize = 200;
const WAITING_MAX: usize = 1000;
/// Commits within so short a time are told together.
const TOLD_TOGETHER: Duration = Duration::from_millis(5);
/// After the server is gone.
const RECONNECT: Duration = Duration::from_secs(1);

/// Tells other processes that there is work, and hears it from them.
#[derive(Clone)]
pub(super) struct Wake {
    pool: PgPool,
    /// Who we are, so that we don't wake ourselves.
    us: Arc<str>,
    enqueued: watch::Sender<()>,
    changed: mpsc::Sender<Change>,
}

impl Wake {
    pub fn new(pool: PgPool) -> Self {
        let (changed, changes) = mpsc::channel(WAITING_MAX);
        let wake = Self {
            pool: pool.clone(),
            us: format!("{:016x}", random::<u64>()).into(),
            enqueued: watch::Sender::new(()),
            changed,
        };
        tokio::spawn(tell_changes(pool.clone(), Arc::clone(&wake.us), changes));
        tokio::spawn(tell(pool, Arc::clone(&wake.us), wake.enqueued.subscribe()));
        wake
    }

    /// Doesn't wait: what was committed is committed.
    pub fn others_soon(&self) {
        self.enqueued.send_replace(());
    }

    /// Doesn't wait either. What finds no room is a hint that is lost; screens also ask by themselves.
    pub fn tell_others(&self, change: Change) {
        let _ = self.changed.try_send(change);
    }

    /// Passes on what other processes changed, until `stop`.
    pub async fn hear_changes(&self, changes: &Changes, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                ended = self.listen_to_changes(changes) => {
                    if let Err(error) = ended {
                        tracing::warn!(
                            error = &error as &dyn std::error::Error,
                            "screens don't hear what other processes change for now; they ask by themselves"
                        );
                    }
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(RECONNECT) => {}
                    }
                }
            }
        }
    }

    async fn listen_to_changes(&self, changes: &Changes) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(CHANGES).await?;
        loop {
            // `None` where the connection was lost and made again: something may have been told meanwhile.
            let Some(heard) = listener.try_recv().await? else {
                changes.tell(Change::Much);
                continue;
            };
            let mut words = heard.payload().split(' ');
            if words.next() == Some(&*self.us) {
                continue;
            }
            for word in words {
                changes.tell(Change::of_word(word));
            }
        }
    }

    /// Passes on what other processes tell, until `stop`. A lost connection is made again, and counts as a wake-up, since
    /// something may have been told meanwhile.
    pub async fn hear(&self, jobs_enqueued: &watch::Sender<u64>, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                ended = self.listen(jobs_enqueued) => {
                    if let Err(error) = ended {
                        tracing::warn!(
                            error = &error as &dyn std::error::Error,
                            "other processes can't wake this one for now; it asks by itself"
                        );
                    }
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(RECONNECT) => {}
                    }
                }
            }
        }
    }

    async fn listen(&self, jobs_enqueued: &watch::Sender<u64>) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            jobs_enqueued.send_modify(|count| *count = count.wrapping_add(1));
            // `None` where the connection was lost and made again.
            while let Some(heard) = listener.try_recv().await? {
                if heard.payload() != &*self.us {
                    break;
                }
            }
        }
    }
}

/// Runs as long as there is a handle on the database.
async fn tell(pool: PgPool, us: Arc<str>, mut enqueued: watch::Receiver<()>) {
    while enqueued.changed().await.is_ok() {
        let told = sqlx::query("select pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(&*us)
            .execute(&pool)
            .await;
        if let Err(error) = told {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "other processes could not be woken"
            );
        }
        tokio::time::sleep(TOLD_TOGETHER).await;
    }
}

/// As [`tell`], with what was changed.
async fn tell_changes(pool: PgPool, us: Arc<str>, mut changes: mpsc::Receiver<Change>) {
    let mut told = Vec::new();
    while changes.recv_many(&mut told, TOLD_AT_ONCE).await > 0 {
        let words: Vec<&str> = told.iter().map(Change::word).collect();
        let said = sqlx::query("select pg_notify($1, $2)")
            .bind(CHANGES)
            .bind(format!("{us} {}", words.join(" ")))
            .execute(&pool)
            .await;
        if let Err(error) = said {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "other processes could not be told what changed"
            );
        }
        told.clear();
        tokio::time::sleep(TOLD_TOGETHER).await;
    }
}
