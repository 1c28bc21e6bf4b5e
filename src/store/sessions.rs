//! Signed-in browsers. Only a hash of the cookie's token is kept.

use super::changes::Change;
use super::{Result, Tx, sql};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::people::Role;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub token_hash: Vec<u8>,
    pub user_id: UserId,
    pub created_at: DateTime<Utc>,
    /// The absolute end, however busy the session is.
    pub expires_at: DateTime<Utc>,
}

/// A live session with the person behind it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SignedIn {
    pub id: SessionId,
    pub last_seen_at: DateTime<Utc>,
    pub user_id: UserId,
    pub name: String,
    pub role: Role,
}

pub async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    sql(
        "insert into session (id, token_hash, user_id, created_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $4, $5)",
    )
    .bind(session.id.clone())
    .bind(session.token_hash.clone())
    .bind(session.user_id.clone())
    .bind(session.created_at)
    .bind(session.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The session behind a token, unless it has ended, timed out, or its person was disabled.
pub async fn find_live(
    tx: &mut Tx,
    token_hash: &[u8],
    seen_after: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<SignedIn>> {
    sql(
        "select session.id, session.last_seen_at, session.user_id, user_account.name, user_account.role
         from session join user_account on user_account.id = session.user_id
         where session.token_hash = $1 and session.ended_at is null and user_account.disabled_at is null
           and session.expires_at > $2 and session.last_seen_at > $3",
    )
    .bind(token_hash.to_vec())
    .bind(now)
    .bind(seen_after)
    .fetch_optional(tx)
    .await
}

/// Moves the idle end.
pub async fn touch(tx: &mut Tx, id: &SessionId, now: DateTime<Utc>) -> Result<()> {
    sql("update session set last_seen_at = $2 where id = $1 and ended_at is null and last_seen_at < $2")
        .bind(id.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn end(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    sql("update session set ended_at = $2 where token_hash = $1 and ended_at is null")
        .bind(token_hash.to_vec())
        .bind(now)
        .execute(tx)
        .await?;
    tx.changed(Change::Session);
    Ok(())
}

/// Ends every session of one person, and says how many there were.
pub async fn end_all(tx: &mut Tx, user: &UserId, now: DateTime<Utc>) -> Result<u64> {
    tx.changed(Change::Session);
    sql("update session set ended_at = $2 where user_id = $1 and ended_at is null")
        .bind(user.clone())
        .bind(now)
        .execute(tx)
        .await
}
