//! Every statement in `src/store/` is prepared on both databases: a typo, a missing column or a type that only one of them
//! knows fails here, not in production. This stands in for sqlx's macros, which know one database a crate.

use crate::harness::TestDb;
use referloop::store::db::Kind;
use regex::Regex;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqlSafeStr, SqliteConnection};
use std::path::Path;

struct Found {
    place: String,
    sqlite: String,
    postgres: String,
}

/// The literals of `sql("…")` and `sql_for("…", "…")`.
fn statements() -> Vec<Found> {
    let literal = r#""((?:[^"\\]|\\.)*)""#;
    let call = Regex::new(&format!(r"\bsql(_for)?\(\s*{literal}(?:\s*,\s*{literal})?\s*,?\s*\)")).unwrap();
    let any_call = Regex::new(r"[^a-z_.]sql(_for)?\(").unwrap();
    let mut found = Vec::new();
    for path in crate::architecture::rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut seen = 0;
        for captures in call.captures_iter(&text) {
            seen += 1;
            let line = text[..captures.get(0).unwrap().start()].lines().count();
            let sqlite = unescape(&captures[2]);
            let postgres = captures
                .get(3)
                .map_or_else(|| sqlite.clone(), |second| unescape(second.as_str()));
            found.push(Found {
                place: format!("{}:{line}", path.display()),
                sqlite,
                postgres,
            });
        }
        let calls = any_call.find_iter(&without_definitions(&text)).count();
        assert_eq!(seen, calls, "{}: a statement's text is not a literal", path.display());
    }
    found
}

fn without_definitions(text: &str) -> String {
    text.lines()
        .filter(|line| {
            !line.trim_start().starts_with("//")
                && !line.contains("pub fn sql")
                && !line.contains("sql_for(text, text)")
        })
        .fold(String::new(), |all, line| all + line + "\n")
}

fn unescape(literal: &str) -> String {
    let joined = Regex::new(r"\\\n\s*").unwrap().replace_all(literal, "");
    joined.replace("\\\"", "\"").replace("\\\\", "\\")
}

#[tokio::test]
async fn every_statement_is_prepared_on_both_databases() {
    let (sqlite, postgres) = (TestDb::new(Kind::Sqlite).await, TestDb::new(Kind::Postgres).await);
    let mut on_sqlite = SqliteConnection::connect(&sqlite.url).await.unwrap();
    let mut on_postgres = PgConnection::connect(&postgres.url).await.unwrap();
    let statements = statements();
    assert!(statements.len() > 20, "only {} statements were found", statements.len());
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for Found {
        place,
        sqlite,
        postgres,
    } in statements
    {
        pairs += usize::from(sqlite != postgres);
        // Only PostgreSQL has it, and only there is it asked for.
        let shared = !sqlite.contains("clock_timestamp");
        if shared && let Err(error) = on_sqlite.prepare(AssertSqlSafe(sqlite.as_str()).into_sql_str()).await {
            wrong.push(format!("{place} on SQLite: {error}"));
        }
        if let Err(error) = on_postgres
            .prepare(AssertSqlSafe(postgres.as_str()).into_sql_str())
            .await
        {
            wrong.push(format!("{place} on PostgreSQL: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        pairs < 10,
        "{pairs} statements have two texts; find one that both understand"
    );
}
