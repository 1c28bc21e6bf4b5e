//! Rows by the thousand: COPY on PostgreSQL, long inserts without syncing on SQLite. Only for filling a database that nobody
//! else uses.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, SqliteConnection};
use std::fmt::Write;
use std::str::FromStr;

#[derive(Clone, Debug)]
pub enum Cell {
    Text(String),
    Number(i64),
    Share(f64),
    Bytes(Vec<u8>),
    Null,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

pub enum Bulk {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Kept below SQLite's limit of bound values.
const SQLITE_VALUES_MAX: usize = 30_000;

impl Bulk {
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Off)
                .foreign_keys(false)
                .pragma("cache_size", "-2000000")
                .pragma("wal_autocheckpoint", "100000")
                .disable_statement_logging();
            Ok(Self::Sqlite(options.connect().await?))
        } else {
            let mut connection = PgConnection::connect(url).await?;
            // Skips the look for the other table's row, once a row.
            connection.execute("set session_replication_role = replica").await?;
            Ok(Self::Postgres(connection))
        }
    }

    pub async fn begin(&mut self) -> anyhow::Result<()> {
        self.run("begin").await
    }

    pub async fn commit(&mut self) -> anyhow::Result<()> {
        self.run("commit").await
    }

    /// What a server would have done by itself within minutes; SQLite gets no statistics, as in production.
    pub async fn settle(mut self) -> anyhow::Result<()> {
        match &mut self {
            Self::Sqlite(_) => self.run("pragma wal_checkpoint(truncate)").await?,
            Self::Postgres(_) => self.run("vacuum analyze").await?,
        }
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }

    /// A statement of both dialects.
    pub async fn run(&mut self, text: &'static str) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute(text).await.map(drop)?,
            Self::Postgres(connection) => connection.execute(text).await.map(drop)?,
        }
        Ok(())
    }

    /// `columns` as in SQL, with commas.
    pub async fn insert(&mut self, table: &str, columns: &str, rows: &[Vec<Cell>]) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => insert(connection, table, columns, rows).await,
            Self::Postgres(connection) => copy(connection, table, columns, rows).await,
        }
    }
}

async fn insert(
    connection: &mut SqliteConnection,
    table: &str,
    columns: &str,
    rows: &[Vec<Cell>],
) -> anyhow::Result<()> {
    let Some(width) = rows.first().map(Vec::len) else {
        return Ok(());
    };
    for some in rows.chunks(SQLITE_VALUES_MAX / width / 10) {
        let marks = format!("({})", vec!["?"; width].join(","));
        let text = format!(
            "insert into {table} ({columns}) values {}",
            vec![marks; some.len()].join(",")
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for cell in some.iter().flatten() {
            query = match cell {
                Cell::Text(text) => query.bind(text.as_str()),
                Cell::Number(number) => query.bind(*number),
                Cell::Share(share) => query.bind(*share),
                Cell::Bytes(bytes) => query.bind(bytes.as_slice()),
                Cell::Null => query.bind(None::<String>),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn copy(connection: &mut PgConnection, table: &str, columns: &str, rows: &[Vec<Cell>]) -> anyhow::Result<()> {
    let mut text = String::new();
    for row in rows {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                text.push('\t');
            }
            match cell {
                Cell::Text(words) => text.push_str(words),
                Cell::Number(number) => write!(text, "{number}")?,
                Cell::Share(share) => write!(text, "{share}")?,
                Cell::Bytes(bytes) => write!(text, "\\\\x{}", hex::encode(bytes))?,
                Cell::Null => text.push_str("\\N"),
            }
        }
        text.push('\n');
    }
    let mut copy = connection
        .copy_in_raw(&format!("copy {table} ({columns}) from stdin"))
        .await?;
    copy.send(text.as_bytes()).await?;
    copy.finish().await?;
    Ok(())
}
