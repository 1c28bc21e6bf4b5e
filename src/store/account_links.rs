//! Links that are handed to people: an invitation, another password, another second factor. Only a hash of the token is kept.

use super::{Result, Tx, sql};
use crate::domain::identity::LinkPurpose;
use crate::domain::ids::UserId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AccountLink {
    pub token_hash: Vec<u8>,
    pub user_id: UserId,
    pub purpose: LinkPurpose,
    /// The reference of who made it.
    pub made_by: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

pub async fn insert(tx: &mut Tx, link: &AccountLink) -> Result<()> {
    sql(
        "insert into account_link (token_hash, user_id, purpose, made_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(link.token_hash.clone())
    .bind(link.user_id.clone())
    .bind(link.purpose)
    .bind(link.made_by.clone())
    .bind(link.created_at)
    .bind(link.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The link behind a token, unless it was used, replaced, or has expired, or its account is closed.
pub async fn find_live(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<AccountLink>> {
    sql(
        "select token_hash, user_id, purpose, made_by, account_link.created_at, expires_at
         from account_link join user_account on user_account.id = account_link.user_id
         where token_hash = $1 and ended_at is null and expires_at > $2 and user_account.disabled_at is null",
    )
    .bind(token_hash.to_vec())
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// Uses it up. False where somebody did so a moment before.
pub async fn take(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    let taken =
        sql("update account_link set ended_at = $2 where token_hash = $1 and ended_at is null and expires_at > $2")
            .bind(token_hash.to_vec())
            .bind(now)
            .execute(tx)
            .await?;
    Ok(taken == 1)
}

/// Ends what was handed out to this person before.
pub async fn end_all(tx: &mut Tx, user: &UserId, now: DateTime<Utc>) -> Result<()> {
    sql("update account_link set ended_at = $2 where user_id = $1 and ended_at is null")
        .bind(user.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// People whose link is still good, with its end.
pub async fn open(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<(UserId, DateTime<Utc>)>> {
    sql("select user_id, expires_at from account_link where ended_at is null and expires_at > $1")
        .bind(now)
        .fetch_all(tx)
        .await
}
