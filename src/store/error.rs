//! What can go wrong with the database. Messages name tables, columns, constraints and ids, never a value.

use std::sync::Arc;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database address must start with `sqlite:` or `postgres:`")]
    UnknownDatabase,
    #[error("the database could not be reached")]
    Connect(#[source] sqlx::Error),
    /// A setting without which a power cut loses acknowledged commits.
    #[error("a database connection has `{setting}` = `{found}`, but a commit is only durable with `{expected}`")]
    NotDurable {
        setting: &'static str,
        found: String,
        expected: &'static str,
    },
    #[error("the database could not be brought to this version's schema")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    #[error("the database's schema is of version {found}, this program needs {expected}; run `referloop migrate`")]
    SchemaVersion { found: i64, expected: i64 },
    #[error("a statement failed")]
    Query(#[source] sqlx::Error),
    /// The constraint's name as PostgreSQL gives it: `user_account_name_key`, `door_pkey`.
    #[error("the row exists already ({constraint})")]
    Unique { constraint: String },
    /// The row referred to is not there, or is still referred to.
    #[error("a row that this one refers to is missing, or is still referred to")]
    ForeignKey,
    /// A stored row that this program could not have written.
    #[error("{table} {id}: column {column} holds what it must not")]
    InconsistentRow {
        table: &'static str,
        id: String,
        column: &'static str,
    },
    /// Another worker has this job by now: whatever was done for it must be thrown away.
    #[error("the lease of this job is lost")]
    LeaseLost,
    /// A statement of this transaction failed before, so that nothing of it can be committed.
    #[error("a statement failed earlier in this transaction")]
    TransactionFailed,
    /// Asked of PostgreSQL, or for a file whose name is no text.
    #[error("the database can't be copied into such a file")]
    NoSnapshot,
    #[error("this transaction only reads")]
    ReadOnly,
    /// The shared commit failed, for this transaction and for all that were in it.
    #[error("the commit failed")]
    Commit(#[source] Arc<Error>),
    /// The process is stopping, or the connection broke while the commit was under way.
    #[error("whether the commit succeeded is unknown; read again before retrying")]
    OutcomeUnknown,
    /// After an I/O error nobody knows what the disk holds; only a restart may look again.
    #[error("the disk reported an I/O error; nothing is written until the service is restarted")]
    Stopped,
    #[error("the database was busy for too long")]
    Busy,
}

const SQLITE_BUSY: i64 = 5;
const SQLITE_IOERR: i64 = 10;
const SQLITE_FULL: i64 = 13;
const SQLITE_CANTOPEN: i64 = 14;
const SQLITE_IOERR_WRITE: i64 = SQLITE_IOERR | (3 << 8);
const SQLITE_IOERR_SHMSIZE: i64 = SQLITE_IOERR | (19 << 8);

impl Error {
    pub fn inconsistent(table: &'static str, id: impl Into<String>, column: &'static str) -> Self {
        Self::InconsistentRow {
            table,
            id: id.into(),
            column,
        }
    }

    /// Whether this is the violation of the unique constraint `name`, for which see [`Error::Unique`].
    pub fn is_violation_of(&self, name: &str) -> bool {
        matches!(self, Self::Unique { constraint } if constraint == name)
    }

    /// Whether SQLite reports that the disk itself failed, as opposed to being full or busy. A write that was refused, as
    /// beyond a quota, is no such thing: nothing was said to be durable, and the transaction is rolled back.
    pub(super) fn is_disk_failure(&self) -> bool {
        self.sqlite_code().is_some_and(|extended| {
            extended & 0xff == SQLITE_IOERR && !matches!(extended, SQLITE_IOERR_WRITE | SQLITE_IOERR_SHMSIZE)
        })
    }

    /// Whether it says nothing about what was to be done, only about the database's state: the same may succeed later.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Connect(_) | Self::OutcomeUnknown | Self::Stopped | Self::Busy => true,
            Self::Commit(error) => error.is_outage(),
            Self::Query(sqlx::Error::Database(error)) => match self.sqlite_code() {
                Some(extended) => matches!(
                    extended & 0xff,
                    SQLITE_BUSY | SQLITE_IOERR | SQLITE_FULL | SQLITE_CANTOPEN
                ),
                // Of PostgreSQL: no resources, as on a full disk; an operator's intervention, as a shutdown.
                None => error
                    .code()
                    .is_some_and(|code| code.starts_with("53") || code.starts_with("57")),
            },
            _ => false,
        }
    }

    fn sqlite_code(&self) -> Option<i64> {
        let Self::Query(sqlx::Error::Database(error)) = self else {
            return None;
        };
        error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
        error.code()?.parse().ok()
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            error if is_lost_connection(&error) => return Self::Connect(error),
            _ => {}
        }
        let Some(database) = error.as_database_error() else {
            return Self::Query(error);
        };
        match database.kind() {
            sqlx::error::ErrorKind::UniqueViolation => Self::Unique {
                constraint: database
                    .constraint()
                    .map_or_else(|| name_from_sqlite(database), str::to_owned),
            },
            sqlx::error::ErrorKind::ForeignKeyViolation => Self::ForeignKey,
            _ => Self::Query(error),
        }
    }
}

/// Whether the connection is gone, or ends with this message: a server that was shut down or crashed says so in class 57.
pub(super) fn is_lost_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            let of_postgres = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some();
            of_postgres && (code.starts_with("57P0") || code.starts_with("08"))
        }
        _ => false,
    }
}

/// SQLite names columns (`UNIQUE constraint failed: page.transmission_id, page.number`), not constraints: this gives the
/// name that PostgreSQL makes of the same declaration.
fn name_from_sqlite(error: &dyn sqlx::error::DatabaseError) -> String {
    const SQLITE_CONSTRAINT_PRIMARYKEY: &str = "1555";
    let columns = error.message().rsplit(": ").next().unwrap_or_default();
    let mut table = "";
    let mut names = Vec::new();
    for column in columns.split(", ") {
        let (of, name) = column.split_once('.').unwrap_or(("", column));
        table = of;
        names.push(name);
    }
    if error.code().as_deref() == Some(SQLITE_CONSTRAINT_PRIMARYKEY) {
        format!("{table}_pkey")
    } else {
        format!("{table}_{}_key", names.join("_"))
    }
}

/// Maps the violation of a named constraint to what it means.
pub trait ResultExt<T> {
    /// Gives `meaning()` where the constraint `name` was violated. The transaction is spent: drop it.
    fn on_constraint<E: From<Error>>(self, name: &str, meaning: impl FnOnce() -> E) -> Result<T, E>;
}

impl<T> ResultExt<T> for Result<T> {
    fn on_constraint<E: From<Error>>(self, name: &str, meaning: impl FnOnce() -> E) -> Result<T, E> {
        self.map_err(|error| {
            if error.is_violation_of(name) {
                meaning()
            } else {
                error.into()
            }
        })
    }
}
