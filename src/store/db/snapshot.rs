//! Copies of an SQLite database, for backups.

use super::{Changes, Db, Engine, Error, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use tokio::sync::watch;

impl Db {
    /// Writes one moment's state into a new file, while others go on reading and writing: every commit that came before is
    /// in it. PostgreSQL has tools of its own for that.
    pub async fn copy_into(&self, file: &Path) -> Result<()> {
        let Engine::Sqlite { options, .. } = &self.engine else {
            return Err(Error::NoSnapshot);
        };
        let name = file.to_str().ok_or(Error::NoSnapshot)?;
        // Of its own: the readers' connections refuse to write even elsewhere.
        let mut connection = options.connect().await.map_err(Error::Connect)?;
        sqlx::query("vacuum into $1")
            .bind(name)
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(())
    }

    /// Opens such a copy to look at it. Nothing is changed, and no file is made beside it.
    pub fn open_copy(file: &Path) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .immutable(true)
            .disable_statement_logging();
        let readers = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_lazy_with(options.clone());
        Self {
            engine: Engine::Sqlite {
                writer: None,
                readers,
                options: Box::new(options),
            },
            keys: None,
            changes: Changes::default(),
            jobs_enqueued: watch::Sender::new(0),
        }
    }
}
