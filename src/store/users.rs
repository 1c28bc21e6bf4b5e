//! People with an account.

use super::{Result, Tx, sql};
use crate::domain::ids::UserId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct User {
    pub id: UserId,
    pub name: String,
    /// A PHC string.
    pub password_hash: String,
    /// Since the last login that succeeded.
    pub failed_logins: i64,
    pub locked_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for User {
    /// Without the password's hash.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Fails with the constraint `user_account_name_key` when the name is taken.
pub async fn insert(tx: &mut Tx, user: &User) -> Result<()> {
    sql(
        "insert into user_account (id, name, password_hash, failed_logins, created_at)
         values ($1, $2, $3, 0, $4)",
    )
    .bind(user.id.clone())
    .bind(user.name.clone())
    .bind(user.password_hash.clone())
    .bind(user.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &UserId) -> Result<Option<User>> {
    sql(
        "select id, name, password_hash, failed_logins, locked_until, created_at, disabled_at
         from user_account where id = $1",
    )
    .bind(id.clone())
    .fetch_optional(tx)
    .await
}

pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Option<User>> {
    sql(
        "select id, name, password_hash, failed_logins, locked_until, created_at, disabled_at
         from user_account where name = $1",
    )
    .bind(name.to_owned())
    .fetch_optional(tx)
    .await
}

/// How everybody who acts is called, by id: people, then programs.
pub async fn names(tx: &mut Tx) -> Result<Vec<(String, String, String)>> {
    sql("select id, name, 'person' from user_account union all select id, name, 'program' from api_token")
        .fetch_all(tx)
        .await
}

/// Everybody, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<User>> {
    sql(
        "select id, name, password_hash, failed_logins, locked_until, created_at, disabled_at
         from user_account order by name",
    )
    .fetch_all(tx)
    .await
}

/// Counts a failure, or clears the count with zero and no delay.
pub async fn record_login(
    tx: &mut Tx,
    id: &UserId,
    failed_logins: i64,
    locked_until: Option<DateTime<Utc>>,
) -> Result<()> {
    sql("update user_account set failed_logins = $2, locked_until = $3 where id = $1")
        .bind(id.clone())
        .bind(failed_logins)
        .bind(locked_until)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_password(tx: &mut Tx, id: &UserId, password_hash: &str) -> Result<()> {
    sql("update user_account set password_hash = $2, failed_logins = 0, locked_until = null where id = $1")
        .bind(id.clone())
        .bind(password_hash.to_owned())
        .execute(tx)
        .await?;
    Ok(())
}

/// Nobody signs in under this account any more. End its sessions in the same transaction.
pub async fn disable(tx: &mut Tx, id: &UserId, now: DateTime<Utc>) -> Result<()> {
    sql("update user_account set disabled_at = $2 where id = $1 and disabled_at is null")
        .bind(id.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
