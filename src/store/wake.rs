//! Waking the workers of other processes: PostgreSQL's `notify`, sent after the commit that enqueued jobs.
//!
//! Not within the transaction: PostgreSQL lets transactions that notify commit one after the other, each with its own sync
//! to disk, which cost two thirds of all commits a second. A wake-up that is lost costs a second: workers also ask by
//! themselves.

use rand::random;
use sqlx::postgres::{PgListener, PgPool};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const CHANNEL: &str = "referloop_jobs";
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
}

impl Wake {
    pub fn new(pool: PgPool) -> Self {
        let wake = Self {
            pool: pool.clone(),
            us: format!("{:016x}", random::<u64>()).into(),
            enqueued: watch::Sender::new(()),
        };
        tokio::spawn(tell(pool, Arc::clone(&wake.us), wake.enqueued.subscribe()));
        wake
    }

    /// Doesn't wait: what was committed is committed.
    pub fn others_soon(&self) {
        self.enqueued.send_replace(());
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
