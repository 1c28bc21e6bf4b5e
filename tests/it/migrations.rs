//! The migrations of both databases stay in step.

use crate::harness::{TestDb, on_both};
use referloop::store::Error;
use referloop::store::db::Kind;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;
use std::path::Path;

/// Table, column, whether it may be null.
type Columns = BTreeSet<(String, String, bool)>;

async fn sqlite_columns(url: &str) -> Columns {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let rows: Vec<(String, String, bool)> = sqlx::query_as(
        "select t.name, c.name, c.\"notnull\" = 0 from pragma_table_list t, pragma_table_info(t.name) c
         where t.schema = 'main' and t.name not like 'sqlite_%' and t.name not like '_sqlx_%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    rows.into_iter().collect()
}

async fn postgres_columns(url: &str) -> Columns {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let rows: Vec<(String, String, bool)> = sqlx::query_as(
        "select table_name::text, column_name::text, is_nullable = 'YES' from information_schema.columns
         where table_schema = 'public' and table_name not like '\\_sqlx\\_%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    rows.into_iter().collect()
}

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_and_nulls() {
    let sqlite = TestDb::new(Kind::Sqlite).await;
    let postgres = TestDb::new(Kind::Postgres).await;
    let (sqlite, postgres) = (sqlite_columns(&sqlite.url).await, postgres_columns(&postgres.url).await);
    assert!(sqlite.len() > 100, "only {} columns were found", sqlite.len());
    let difference: Vec<_> = sqlite.symmetric_difference(&postgres).collect();
    assert!(difference.is_empty(), "only on one side: {difference:#?}");
}

#[test]
fn both_folders_hold_the_same_files() {
    let files = |kind: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/store/migrations")
            .join(kind);
        let names = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name());
        names.collect::<BTreeSet<_>>()
    };
    assert_eq!(files("sqlite"), files("postgres"));
}

/// A text that is not listed in `schema.rs` would never be applied.
#[tokio::test]
async fn every_file_is_applied() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations/sqlite");
    let number = |name: &str| name.split('_').next().unwrap().parse::<i64>().unwrap();
    let mut files: Vec<i64> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| number(entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    files.sort_unstable();
    let db = TestDb::new(Kind::Sqlite).await;
    let mut connection = SqliteConnection::connect(&db.url).await.unwrap();
    let applied: Vec<(i64,)> = sqlx::query_as("select version from _sqlx_migrations order by version")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(applied.into_iter().map(|(version,)| version).collect::<Vec<_>>(), files);
}

#[test]
fn sqlite_tables_are_strict() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations/sqlite");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let strict = text.matches(") strict;").count() + text.matches(") without rowid, strict;").count();
        // A copy that is dropped in the same step takes its columns from a query and can't be strict.
        let copies = text.matches("_before as select").count();
        let made = text.matches("create table").count() - copies;
        assert_eq!(made, strict);
    }
}

#[tokio::test]
async fn an_unmigrated_database_is_refused_by_name() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let db = TestDb::empty(kind).await;
        assert!(matches!(db.check().await, Err(Error::SchemaVersion { found: 0, .. })));
    }
}

on_both!(migrating_twice_changes_nothing, async |db: TestDb| {
    db.migrate().await.unwrap();
    db.check().await.unwrap();
});

/// A filled table takes a new column only if the column may be null or has a default.
#[test]
fn later_migrations_apply_to_filled_tables() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations");
    let folders = ["sqlite", "postgres"].map(|kind| std::fs::read_dir(folder.join(kind)).unwrap());
    for entry in folders.into_iter().flatten() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
        for statement in text.split(';').filter(|statement| statement.contains("add column")) {
            let fits = !statement.contains("not null") || statement.contains("default");
            assert!(fits, "{}: {statement}", path.display());
        }
    }
}
