//! What was fetched because a certificate says where it is: revocation lists and issuers' certificates.

use super::{Result, Tx, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchedKind {
    Crl,
    Issuer,
}

impl FetchedKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crl => "crl",
            Self::Issuer => "issuer",
        }
    }
}

/// A thing that is here, without its content.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Fetched {
    pub url: String,
    /// Of a list: when its successor is due.
    pub next_at: Option<DateTime<Utc>>,
    /// None until the first time that it could be fetched.
    pub fetched_at: Option<DateTime<Utc>>,
    pub tried_at: DateTime<Utc>,
    pub last_error: Option<String>,
}

/// All of a kind, those included that could never be fetched.
pub async fn list(tx: &mut Tx, kind: FetchedKind) -> Result<Vec<Fetched>> {
    sql("select url, next_at, fetched_at, tried_at, last_error from direct_fetched where kind = $1 order by url")
        .bind(kind.as_str().to_owned())
        .fetch_all(tx)
        .await
}

pub async fn content(tx: &mut Tx, url: &str) -> Result<Option<Vec<u8>>> {
    let content: Option<Option<Vec<u8>>> = sql("select content from direct_fetched where url = $1")
        .bind(url.to_owned())
        .fetch_optional_scalar(tx)
        .await?;
    Ok(content.flatten())
}

/// When it was last asked for.
pub async fn tried_at(tx: &mut Tx, url: &str) -> Result<Option<DateTime<Utc>>> {
    sql("select tried_at from direct_fetched where url = $1")
        .bind(url.to_owned())
        .fetch_optional_scalar(tx)
        .await
}

/// Keeps what was fetched, in place of what was there before.
pub async fn keep(
    tx: &mut Tx,
    url: &str,
    kind: FetchedKind,
    content: Vec<u8>,
    next_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<()> {
    sql(
        "insert into direct_fetched (url, kind, content, next_at, fetched_at, tried_at, last_error)
         values ($1, $2, $3, $4, $5, $5, null)
         on conflict (url) do update set kind = excluded.kind, content = excluded.content, next_at = excluded.next_at,
            fetched_at = excluded.fetched_at, tried_at = excluded.tried_at, last_error = null",
    )
    .bind(url.to_owned())
    .bind(kind.as_str().to_owned())
    .bind(content)
    .bind(next_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that it could not be fetched. What was here before stays.
pub async fn keep_failure(tx: &mut Tx, url: &str, kind: FetchedKind, code: &str, now: DateTime<Utc>) -> Result<()> {
    sql(
        "insert into direct_fetched (url, kind, tried_at, last_error) values ($1, $2, $3, $4)
         on conflict (url) do update set tried_at = excluded.tried_at, last_error = excluded.last_error",
    )
    .bind(url.to_owned())
    .bind(kind.as_str().to_owned())
    .bind(now)
    .bind(code.to_owned())
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets what could not be fetched for long: strangers name such places, too.
pub async fn forget_failures(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    sql("delete from direct_fetched where content is null and tried_at < $1")
        .bind(before)
        .execute(tx)
        .await
}
