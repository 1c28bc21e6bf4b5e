//! What no service that keeps its word can be faster than: the same bytes written, synced, renamed, the folder synced, and a
//! row committed; on the same disk, in the same database engine, at the same time.

use super::client::FAX_BYTES;
use super::installation::Installation;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, SqliteConnection};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

pub struct Floor(JoinHandle<anyhow::Result<Vec<f64>>>);

enum Rows {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Begins `rate` a second for so long, beside everything else.
pub async fn begin(installation: &Installation, rate: u32, seconds: u32) -> anyhow::Result<Floor> {
    let folder = installation.folder().join("floor");
    std::fs::create_dir(&folder)?;
    let mut rows = Rows::open(installation, &folder).await?;
    Ok(Floor(tokio::spawn(async move {
        let begun = Instant::now();
        let mut times = Vec::new();
        for turn in 0..rate * seconds {
            let at = begun + Duration::from_secs_f64(f64::from(turn) / f64::from(rate));
            tokio::time::sleep_until(at.into()).await;
            let started = Instant::now();
            let place = folder.clone();
            tokio::task::spawn_blocking(move || write(&place, turn)).await??;
            rows.commit(turn).await?;
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        Ok(times)
    })))
}

impl Floor {
    pub async fn end(self) -> anyhow::Result<Vec<f64>> {
        self.0.await?
    }
}

fn write(folder: &Path, turn: u32) -> std::io::Result<()> {
    let (part, whole): (PathBuf, PathBuf) = (folder.join("part"), folder.join(turn.to_string()));
    let mut file = File::create(&part)?;
    file.write_all(&vec![0x5a; FAX_BYTES])?;
    file.sync_all()?;
    std::fs::rename(part, whole)?;
    File::open(folder)?.sync_all()
}

impl Rows {
    async fn open(installation: &Installation, folder: &Path) -> anyhow::Result<Self> {
        let table = "create table floor (id integer primary key, text text)";
        if installation.database() == "SQLite" {
            let mut connection = SqliteConnectOptions::new()
                .filename(folder.join("floor.db"))
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .disable_statement_logging()
                .connect()
                .await?;
            connection.execute(table).await?;
            Ok(Self::Sqlite(connection))
        } else {
            let mut connection = PgConnection::connect(installation.database_url()).await?;
            connection.execute(table).await?;
            Ok(Self::Postgres(connection))
        }
    }

    async fn commit(&mut self, turn: u32) -> sqlx::Result<()> {
        let text = "insert into floor (id, text) values ($1, $2)";
        let turn = i64::from(turn);
        match self {
            Self::Sqlite(connection) => {
                sqlx::query(text).bind(turn).bind("row").execute(connection).await?;
            }
            Self::Postgres(connection) => {
                sqlx::query(text)
                    .bind(turn as i32)
                    .bind("row")
                    .execute(connection)
                    .await?;
            }
        }
        Ok(())
    }
}
