//! One fresh, migrated database a test, and the macro that runs a test on both kinds.

use chrono::DateTime;
use referloop::crypto::TenantKeys;
use referloop::domain::ids::TenantId;
use referloop::store::Db;
use referloop::store::db::Kind;
use std::ops::Deref;
use std::sync::Arc;

/// A database that lives as long as the test. It is a [`Db`]; `reopen` gives another handle, as another process has.
pub struct TestDb {
    pub url: String,
    db: Db,
    keys: Arc<TenantKeys>,
    /// Holds the SQLite file.
    _folder: tempfile::TempDir,
}

impl TestDb {
    pub async fn new(kind: Kind) -> Self {
        let db = Self::empty(kind).await;
        db.migrate().await.unwrap();
        db
    }

    /// Without any table.
    pub async fn empty(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match kind {
            Kind::Sqlite => format!("sqlite:{}", folder.path().join("referloop.db").display()),
            Kind::Postgres => super::postgres::fresh_database().await,
        };
        let keys = Arc::new(TenantKeys::random(TenantId::new(DateTime::UNIX_EPOCH)));
        let db = Db::connect(&url).await.unwrap().with_keys(keys.clone());
        Self {
            url,
            db,
            keys,
            _folder: folder,
        }
    }

    pub async fn reopen(&self) -> Db {
        Db::connect(&self.url).await.unwrap().with_keys(self.keys.clone())
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

/// Runs one test on a fresh database of a kind.
pub async fn run_on(kind: Kind, body: impl AsyncFnOnce(TestDb)) {
    body(TestDb::new(kind).await).await;
}

/// `on_both!(name, async |db: TestDb| { … });` makes the tests `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($(#[$attribute:meta])* $name:ident, $body:expr) => {
        mod $name {
            use super::*;

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::harness::run_on(referloop::store::db::Kind::Sqlite, $body).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::harness::run_on(referloop::store::db::Kind::Postgres, $body).await;
            }
        }
    };
}
pub(crate) use on_both;
