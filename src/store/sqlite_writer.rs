//! SQLite's one writer, with group commit: many transactions, one fsync.
//!
//! An outer `begin immediate` holds a group; each transaction in it is a savepoint. Ending a transaction releases its
//! savepoint and gives the writer to the next in the queue; the group's committer stands in the same fair queue, so that
//! it commits all who came before it at once. Nobody is told of success before that commit.

use super::{Error, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

/// A task that begins a second transaction while it holds one waits for itself: better an error than silence.
const QUEUE_TIME_MAX: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub struct Writer {
    session: Arc<Mutex<Session>>,
    /// The disk failed: what it holds is unknown until the service starts anew.
    stopped: Arc<AtomicBool>,
}

/// The writing connection and what is open on it.
struct Session {
    options: SqliteConnectOptions,
    connection: SqliteConnection,
    group: Option<Group>,
    /// A savepoint of a transaction that was dropped is still there.
    abandoned: bool,
    stopped: Arc<AtomicBool>,
}

/// Transactions that will be committed together.
struct Group {
    outcome: watch::Sender<Option<Result<(), Arc<Error>>>>,
    committer_waits: bool,
}

/// One transaction of a group.
pub struct WriteTx {
    session: OwnedMutexGuard<Session>,
    writer: Writer,
    open: bool,
}

impl Writer {
    pub async fn open(options: SqliteConnectOptions) -> Result<Self> {
        let connection = connect(&options).await?;
        let stopped = Arc::new(AtomicBool::new(false));
        let session = Session {
            options,
            connection,
            group: None,
            abandoned: false,
            stopped: Arc::clone(&stopped),
        };
        Ok(Self {
            session: Arc::new(Mutex::new(session)),
            stopped,
        })
    }

    pub async fn begin(&self) -> Result<WriteTx> {
        let queue = self.session.clone().lock_owned();
        let session = tokio::time::timeout(QUEUE_TIME_MAX, queue)
            .await
            .map_err(|_| Error::Busy)?;
        let mut tx = WriteTx {
            session,
            writer: self.clone(),
            open: true,
        };
        tx.session.open_savepoint().await?;
        Ok(tx)
    }

    /// Whether writes are refused since the disk failed.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Has the open group committed or, if its transactions were all dropped, ended, even if no one else comes.
    fn schedule_commit(&self, session: &mut Session) {
        let Some(group) = &mut session.group else { return };
        if group.committer_waits {
            return;
        }
        // Without a runtime the process is ending, and SQLite rolls back by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            group.committer_waits = true;
            let queue = self.session.clone().lock_owned();
            runtime.spawn(async move { queue.await.commit_group().await });
        }
    }
}

impl WriteTx {
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.session.connection
    }

    /// Releases the savepoint, gives the writer back, and waits for the commit that it shares with others.
    pub async fn commit(mut self) -> Result<()> {
        sqlx::query("release act").execute(self.connection()).await?;
        self.open = false;
        let writer = self.writer.clone();
        writer.schedule_commit(&mut self.session);
        let Some(group) = &self.session.group else {
            return Err(Error::OutcomeUnknown);
        };
        let mut outcome = group.outcome.subscribe();
        drop(self);
        let result = outcome
            .wait_for(Option::is_some)
            .await
            .map_err(|_| Error::OutcomeUnknown)?;
        match &*result {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(Error::Commit(error.clone())),
            None => Err(Error::OutcomeUnknown),
        }
    }
}

impl Drop for WriteTx {
    fn drop(&mut self) {
        if self.open {
            self.session.abandoned = true;
            let writer = self.writer.clone();
            writer.schedule_commit(&mut self.session);
        }
    }
}

impl Session {
    async fn open_savepoint(&mut self) -> Result<()> {
        if self.stopped.load(Ordering::SeqCst) {
            return Err(Error::Stopped);
        }
        self.settle().await;
        if self.group.is_none() {
            // Set first: should this future be dropped while SQLite begins, `settle` finds out what became of it.
            self.group = Some(Group {
                outcome: watch::Sender::new(None),
                committer_waits: false,
            });
            if let Err(error) = self.run("begin immediate").await {
                self.group = None;
                return Err(self.revive(error).await);
            }
        }
        self.run("savepoint act").await
    }

    /// Undoes what a dropped transaction left behind, without touching the others of its group.
    async fn settle(&mut self) {
        if !std::mem::take(&mut self.abandoned) {
            return;
        }
        let Err(error) = self.run("rollback to act").await else {
            if let Err(error) = self.run("release act").await {
                self.lose_group(error).await;
            }
            return;
        };
        // Either the savepoint was never made (or already released), or SQLite rolled back the whole group by itself, as
        // it does on a full disk. In the second case a transaction can begin here, and the others must be told.
        if self.run("begin").await.is_ok() {
            self.lose_group(error).await;
        }
    }

    async fn commit_group(&mut self) {
        self.settle().await;
        let Some(group) = self.group.take() else { return };
        match self.run("commit").await {
            Ok(()) => {
                group.outcome.send_replace(Some(Ok(())));
            }
            Err(error) => {
                self.group = Some(group);
                self.lose_group(error).await;
            }
        }
    }

    /// Rolls back the whole group and tells all who wait for it.
    async fn lose_group(&mut self, error: Error) {
        let rollback = self.run("rollback").await;
        if error.is_disk_failure() {
            self.stopped.store(true, Ordering::SeqCst);
        }
        let stopped = self.stopped.load(Ordering::SeqCst);
        tracing::error!(
            error = &error as &dyn std::error::Error,
            rolled_back = rollback.is_ok(),
            stopped,
            "a group of writes is lost"
        );
        let error = self.revive(error).await;
        if let Some(group) = self.group.take() {
            group.outcome.send_replace(Some(Err(Arc::new(error))));
        }
    }

    async fn run(&mut self, text: &'static str) -> Result<()> {
        sqlx::query(text).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Opens the connection anew where it broke by itself.
    async fn revive(&mut self, error: Error) -> Error {
        let broken = matches!(
            &error,
            Error::Query(sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_)) | Error::Connect(_)
        );
        if broken && let Ok(connection) = connect(&self.options).await {
            self.connection = connection;
        }
        error
    }
}

async fn connect(options: &SqliteConnectOptions) -> Result<SqliteConnection> {
    let mut connection = options.connect().await.map_err(Error::Connect)?;
    if let Err(error) = assert_durable(&mut connection).await {
        let _ = connection.close().await;
        return Err(error);
    }
    Ok(connection)
}

/// `synchronous` belongs to each connection: with `normal`, a power cut lost 300 of 300 acknowledged commits in a test.
pub async fn assert_durable(connection: &mut SqliteConnection) -> Result<()> {
    let synchronous: i64 = sqlx::query_scalar("pragma synchronous")
        .fetch_one(&mut *connection)
        .await?;
    let journal: String = sqlx::query_scalar("pragma journal_mode")
        .fetch_one(&mut *connection)
        .await?;
    let foreign_keys: i64 = sqlx::query_scalar("pragma foreign_keys")
        .fetch_one(&mut *connection)
        .await?;
    expect("synchronous", synchronous.to_string(), "2")?;
    expect("journal_mode", journal, "wal")?;
    expect("foreign_keys", foreign_keys.to_string(), "1")
}

fn expect(setting: &'static str, found: String, expected: &'static str) -> Result<()> {
    if found == expected {
        Ok(())
    } else {
        Err(Error::NotDurable {
            setting,
            found,
            expected,
        })
    }
}
