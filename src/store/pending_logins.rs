//! Logins whose first step was right and which wait for their second step. Only a hash of the browser's token is kept.

use super::{Result, Tx, sql};
use crate::domain::identity::{LoginStage, ProvenBy};
use crate::domain::ids::UserId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PendingLogin {
    pub token_hash: Vec<u8>,
    pub user_id: UserId,
    /// By what it was begun.
    pub proven_by: ProvenBy,
    pub stage: LoginStage,
    pub expires_at: DateTime<Utc>,
}

/// Those that are over go at the same time.
pub async fn insert(tx: &mut Tx, pending: &PendingLogin, now: DateTime<Utc>) -> Result<()> {
    sql("delete from pending_login where expires_at <= $1")
        .bind(now)
        .execute(tx)
        .await?;
    sql("insert into pending_login (token_hash, user_id, proven_by, stage, expires_at) values ($1, $2, $3, $4, $5)")
        .bind(pending.token_hash.clone())
        .bind(pending.user_id.clone())
        .bind(pending.proven_by)
        .bind(pending.stage)
        .bind(pending.expires_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find_live(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<PendingLogin>> {
    sql(
        "select token_hash, user_id, proven_by, stage, expires_at from pending_login
         where token_hash = $1 and expires_at > $2",
    )
    .bind(token_hash.to_vec())
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// Takes it away. False where it was gone already: a login is finished once.
pub async fn take(tx: &mut Tx, token_hash: &[u8]) -> Result<bool> {
    let taken = sql("delete from pending_login where token_hash = $1")
        .bind(token_hash.to_vec())
        .execute(tx)
        .await?;
    Ok(taken == 1)
}

/// What has begun under a password or a second factor that counts no more.
pub async fn end_all(tx: &mut Tx, user: &UserId) -> Result<()> {
    sql("delete from pending_login where user_id = $1")
        .bind(user.clone())
        .execute(tx)
        .await?;
    Ok(())
}
