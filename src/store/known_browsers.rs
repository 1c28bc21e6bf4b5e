//! Browsers in which somebody has signed in before. Failures in them are counted apart, so that a stranger who tries passwords
//! elsewhere does not make the person wait.

use super::{Result, Tx, sql};
use crate::domain::ids::UserId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// What is counted of one person in one browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct KnownBrowser {
    pub failed_logins: i64,
    pub locked_until: Option<DateTime<Utc>>,
}

pub async fn find(tx: &mut Tx, token_hash: &[u8], user: &UserId) -> Result<Option<KnownBrowser>> {
    sql("select failed_logins, locked_until from known_browser where token_hash = $1 and user_id = $2")
        .bind(token_hash.to_vec())
        .bind(user.clone())
        .fetch_optional(tx)
        .await
}

pub async fn record_failure(
    tx: &mut Tx,
    token_hash: &[u8],
    user: &UserId,
    failed_logins: i64,
    locked_until: Option<DateTime<Utc>>,
) -> Result<()> {
    sql("update known_browser set failed_logins = $3, locked_until = $4 where token_hash = $1 and user_id = $2")
        .bind(token_hash.to_vec())
        .bind(user.clone())
        .bind(failed_logins)
        .bind(locked_until)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives the browser another token, for everybody who uses it: one that somebody planted or copied is worth nothing then.
pub async fn rename(tx: &mut Tx, from: &[u8], to: &[u8]) -> Result<()> {
    sql("update known_browser set token_hash = $2 where token_hash = $1")
        .bind(from.to_vec())
        .bind(to.to_vec())
        .execute(tx)
        .await?;
    Ok(())
}

/// The person has signed in there. Browsers that nobody used since `unused_since` are forgotten.
pub async fn remember(
    tx: &mut Tx,
    token_hash: &[u8],
    user: &UserId,
    now: DateTime<Utc>,
    unused_since: DateTime<Utc>,
) -> Result<()> {
    sql("delete from known_browser where last_used_at < $1")
        .bind(unused_since)
        .execute(tx)
        .await?;
    sql(
        "insert into known_browser (token_hash, user_id, last_used_at) values ($1, $2, $3)
         on conflict (token_hash, user_id) do update set last_used_at = $3, failed_logins = 0, locked_until = null",
    )
    .bind(token_hash.to_vec())
    .bind(user.clone())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// All browsers are strange to this person again.
pub async fn forget_all(tx: &mut Tx, user: &UserId) -> Result<()> {
    sql("delete from known_browser where user_id = $1")
        .bind(user.clone())
        .execute(tx)
        .await?;
    Ok(())
}
