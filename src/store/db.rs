//! The two databases behind one handle, and transactions on either.

mod snapshot;

use super::changes::{Change, Changes};
use super::error::is_lost_connection;
use super::sqlite_writer::{WriteTx, Writer, assert_durable};
use super::statement::sql;
use super::wake::Wake;
use super::{Error, Result, schema};
use crate::clock::Clock;
use crate::crypto::TenantKeys;
use chrono::{DateTime, Utc};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Postgres, Sqlite, Transaction};
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// An administrator's command may write while `serve` runs.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const READERS_MAX: u32 = 8;
const POSTGRES_CONNECTIONS_MAX: u32 = 24;
/// A worker that was stopped in the middle of a transaction holds rows that all others wait for: the server ends it.
const IDLE_IN_TRANSACTION: &str = "30s";
/// SQLite has one writer: who holds it longer keeps everyone waiting.
const HELD_TOO_LONG: Duration = Duration::from_millis(100);

/// A handle on the database. Cloning it is cheap.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    keys: Option<Arc<TenantKeys>>,
    /// Counts commits that enqueued jobs, so that idle workers wake up.
    jobs_enqueued: watch::Sender<u64>,
    changes: Changes,
}

#[derive(Clone)]
enum Engine {
    Sqlite {
        /// None on a copy, which is only looked at.
        writer: Option<Writer>,
        readers: SqlitePool,
        options: Box<SqliteConnectOptions>,
    },
    Postgres {
        pool: PgPool,
        wake: Wake,
    },
}

/// Which database it is, for `doctor`, logs and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Db {
    /// Opens `sqlite:PATH` (made if missing) or `postgres://…`.
    pub async fn connect(url: &str) -> Result<Self> {
        let engine = if url.starts_with("sqlite:") {
            open_sqlite(url).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url).await?
        } else {
            return Err(Error::UnknownDatabase);
        };
        Ok(Self {
            engine,
            keys: None,
            jobs_enqueued: watch::Sender::new(0),
            changes: Changes::default(),
        })
    }

    /// Whether nobody on the way can read along or pose as this database: it lies in a file, is reached on this machine, or must
    /// show a certificate for its name.
    pub fn is_reached_privately(url: &str) -> Result<bool> {
        if url.starts_with("sqlite:") {
            return Ok(true);
        }
        let options = PgConnectOptions::from_str(url).map_err(Error::Connect)?;
        let host = options.get_host().trim_matches(['[', ']']);
        let is_here = options.get_socket().is_some()
            || host.starts_with('/')
            || host == "localhost"
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        Ok(is_here || matches!(options.get_ssl_mode(), PgSslMode::VerifyFull))
    }

    /// Gives it the keys for sealed columns, which it keeps (wrapped) itself, so that they come later than the handle.
    #[must_use]
    pub fn with_keys(self, keys: Arc<TenantKeys>) -> Self {
        Self {
            keys: Some(keys),
            ..self
        }
    }

    pub fn kind(&self) -> Kind {
        match &self.engine {
            Engine::Sqlite { .. } => Kind::Sqlite,
            Engine::Postgres { .. } => Kind::Postgres,
        }
    }

    /// Brings the schema to this program's version.
    pub async fn migrate(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite { options, .. } => {
                let mut connection = options.connect().await.map_err(Error::Connect)?;
                schema::sqlite().run(&mut connection).await.map_err(Error::Migrate)
            }
            Engine::Postgres { pool, .. } => schema::postgres().run(pool).await.map_err(Error::Migrate),
        }
    }

    /// Whether the database answers, takes writes, and has the schema that this program needs.
    pub async fn check(&self) -> Result<()> {
        if let Engine::Sqlite { writer, .. } = &self.engine
            && writer.as_ref().is_some_and(Writer::is_stopped)
        {
            return Err(Error::Stopped);
        }
        let mut tx = self.read().await?;
        let found = sql("select coalesce(max(version), 0) from _sqlx_migrations where success")
            .fetch_scalar(&mut tx)
            .await
            .unwrap_or(0);
        schema::expect_version(found)
    }

    /// A transaction that writes. On SQLite it holds the one writer: await nothing but SQL before it ends.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match &self.engine {
            Engine::Sqlite { writer, .. } => Inner::SqliteWrite(writer.as_ref().ok_or(Error::ReadOnly)?.begin().await?),
            Engine::Postgres { pool, .. } => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx::new(inner, self))
    }

    /// A transaction that only reads, of one moment's state.
    pub async fn read(&self) -> Result<Tx> {
        let inner = match &self.engine {
            Engine::Sqlite { readers, .. } => Inner::SqliteRead(readers.begin().await?),
            Engine::Postgres { pool, .. } => Inner::Postgres(
                pool.begin_with("begin isolation level repeatable read, read only")
                    .await?,
            ),
        };
        Ok(Tx::new(inner, self))
    }

    /// For one statement that only reads. Without a transaction around it, it takes one way to the database and back, not three.
    pub async fn read_once(&self) -> Result<Tx> {
        let inner = match &self.engine {
            Engine::Sqlite { readers, .. } => Inner::SqliteOnce(readers.acquire().await?),
            Engine::Postgres { pool, .. } => Inner::PostgresOnce(pool.acquire().await?),
        };
        Ok(Tx::new(inner, self))
    }

    /// Hears of jobs that other processes enqueued, until `stop`. On SQLite nobody tells.
    pub async fn hear_others(&self, stop: &CancellationToken) {
        match &self.engine {
            Engine::Sqlite { .. } => stop.cancelled().await,
            Engine::Postgres { wake, .. } => wake.hear(&self.jobs_enqueued, stop).await,
        }
    }

    /// Changes whenever a commit of this process enqueued jobs, or, while it hears of them, one of another process.
    pub fn jobs_enqueued(&self) -> watch::Receiver<u64> {
        self.jobs_enqueued.subscribe()
    }

    /// What commits change, of this process and, while it [hears of them](Self::hear_changes), of others.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Hears what other processes change, until `stop`; then whoever listens to changes is told to go. On SQLite nobody tells.
    pub async fn hear_changes(&self, stop: &CancellationToken) {
        match &self.engine {
            Engine::Sqlite { .. } => stop.cancelled().await,
            Engine::Postgres { wake, .. } => wake.hear_changes(&self.changes, stop).await,
        }
        self.changes.ended().cancel();
    }

    /// Closes all connections once their transactions have ended.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { readers, .. } => readers.close().await,
            Engine::Postgres { pool, .. } => pool.close().await,
        }
    }
}

async fn open_sqlite(url: &str) -> Result<Engine> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(Error::Connect)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // A destroyed data key shall not lie on in a freed page.
        .pragma("secure_delete", "on")
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    // The writer comes first, since it makes the file.
    let writer = Writer::open(options.clone()).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS_MAX)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A file is always there: asking each time would cost as much as the query.
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                assert_durable(connection)
                    .await
                    .map_err(|error| sqlx::Error::Configuration(error.into()))
            })
        })
        .connect_lazy_with(options.clone().pragma("query_only", "on"));
    Ok(Engine::Sqlite {
        writer: Some(writer),
        readers,
        options: Box::new(options),
    })
}

async fn open_postgres(url: &str) -> Result<Engine> {
    let options = PgConnectOptions::from_str(url)
        .map_err(Error::Connect)?
        .application_name("referloop")
        .options([
            ("synchronous_commit", "on"),
            ("timezone", "UTC"),
            ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION),
        ])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS_MAX)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await
        .map_err(Error::Connect)?;
    let wake = Wake::new(pool.clone());
    Ok(Engine::Postgres { pool, wake })
}

/// A transaction on either database. Dropped without [`Tx::commit`], it never happened.
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Tx {
    inner: Inner,
    /// After a failed statement PostgreSQL refuses all others, and its `commit` quietly rolls back; SQLite would go on.
    failed: bool,
    enqueued: bool,
    changed: Vec<Change>,
    keys: Option<Arc<TenantKeys>>,
    jobs_enqueued: watch::Sender<u64>,
    changes: Changes,
    wake: Option<Wake>,
    since: Instant,
}

enum Inner {
    SqliteWrite(WriteTx),
    SqliteRead(Transaction<'static, Sqlite>),
    SqliteOnce(PoolConnection<Sqlite>),
    PostgresOnce(PoolConnection<Postgres>),
    Postgres(Transaction<'static, Postgres>),
}

/// The connection that a statement runs on.
pub(super) enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Tx {
    fn new(inner: Inner, db: &Db) -> Self {
        Self {
            inner,
            failed: false,
            enqueued: false,
            changed: Vec::new(),
            keys: db.keys.clone(),
            jobs_enqueued: db.jobs_enqueued.clone(),
            changes: db.changes.clone(),
            wake: match &db.engine {
                Engine::Sqlite { .. } => None,
                Engine::Postgres { wake, .. } => Some(wake.clone()),
            },
            since: Instant::now(),
        }
    }

    /// The keys for sealed columns and blind indexes.
    pub fn keys(&self) -> &TenantKeys {
        self.keys
            .as_deref()
            .expect("only the start-up works with a handle that has not been given its keys")
    }

    /// Makes it durable. Returns only after the database has synced it to disk.
    pub async fn commit(self) -> Result<()> {
        self.usable()?;
        let Self {
            inner,
            enqueued,
            changed,
            jobs_enqueued,
            changes,
            wake,
            since,
            ..
        } = self;
        match inner {
            Inner::SqliteWrite(tx) => {
                let held = since.elapsed();
                if held > HELD_TOO_LONG {
                    tracing::warn!(
                        held_ms = held.as_millis() as u64,
                        "a transaction held the one writer for long"
                    );
                }
                tx.commit().await?;
            }
            Inner::SqliteRead(tx) => tx.commit().await?,
            Inner::SqliteOnce(_) | Inner::PostgresOnce(_) => {}
            Inner::Postgres(tx) => tx.commit().await.map_err(|error| {
                // The server may have made it durable before the connection broke.
                if is_lost_connection(&error) {
                    Error::OutcomeUnknown
                } else {
                    error.into()
                }
            })?,
        }
        if enqueued {
            jobs_enqueued.send_modify(|count| *count = count.wrapping_add(1));
            if let Some(wake) = &wake {
                wake.others_soon();
            }
        }
        for change in changed {
            if let Some(wake) = &wake {
                wake.tell_others(change.clone());
            }
            changes.tell(change);
        }
        Ok(())
    }

    /// The time that leases go by: PostgreSQL's own, since the clocks of several workers differ; on SQLite the clock of
    /// the only process. A clock that a test moves by hand rules both.
    pub async fn lease_now(&mut self, clock: &Clock) -> Result<DateTime<Utc>> {
        match (&self.inner, clock) {
            (Inner::Postgres(_) | Inner::PostgresOnce(_), Clock::System) => {
                sql("select clock_timestamp()").fetch_scalar(self).await
            }
            _ => Ok(clock.now()),
        }
    }

    /// Wakes idle workers once this transaction is committed.
    pub(super) fn wake_workers_on_commit(&mut self) {
        self.enqueued = true;
    }

    /// Tells who looks at it that something changed, once this transaction is committed.
    pub(super) fn changed(&mut self, change: Change) {
        if !self.changed.contains(&change) {
            self.changed.push(change);
        }
    }

    pub(super) fn usable(&self) -> Result<()> {
        if self.failed {
            Err(Error::TransactionFailed)
        } else {
            Ok(())
        }
    }

    pub(super) fn connection(&mut self) -> Connection<'_> {
        match &mut self.inner {
            Inner::SqliteWrite(tx) => Connection::Sqlite(tx.connection()),
            Inner::SqliteRead(tx) => Connection::Sqlite(&mut *tx),
            Inner::Postgres(tx) => Connection::Postgres(&mut *tx),
            Inner::SqliteOnce(connection) => Connection::Sqlite(&mut *connection),
            Inner::PostgresOnce(connection) => Connection::Postgres(&mut *connection),
        }
    }

    /// Remembers a failure. That no row was found is none: the statement ran.
    pub(super) fn note<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T> {
        outcome.map_err(|error| {
            self.failed = !matches!(error, sqlx::Error::RowNotFound);
            Error::from(error)
        })
    }
}
