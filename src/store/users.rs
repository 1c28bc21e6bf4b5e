//! People with an account.

use super::{Result, Tx, sql};
use crate::domain::identity::Enrolment;
use crate::domain::ids::UserId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct User {
    pub id: UserId,
    pub name: String,
    /// A PHC string; none before an invited person has come.
    pub password_hash: Option<String>,
    /// Since the last login that succeeded.
    pub failed_logins: i64,
    pub locked_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub enrolment: Enrolment,
    pub last_login_at: Option<DateTime<Utc>>,
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
        "insert into user_account (id, name, password_hash, failed_logins, created_at, enrolment)
         values ($1, $2, $3, 0, $4, $5)",
    )
    .bind(user.id.clone())
    .bind(user.name.clone())
    .bind(user.password_hash.clone())
    .bind(user.created_at)
    .bind(user.enrolment)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &UserId) -> Result<Option<User>> {
    sql(
        "select id, name, password_hash, failed_logins, locked_until, created_at, disabled_at, enrolment, last_login_at
         from user_account where id = $1",
    )
    .bind(id.clone())
    .fetch_optional(tx)
    .await
}

pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Option<User>> {
    sql(
        "select id, name, password_hash, failed_logins, locked_until, created_at, disabled_at, enrolment, last_login_at
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
        "select id, name, password_hash, failed_logins, locked_until, created_at, disabled_at, enrolment, last_login_at
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

/// People sign in under it again.
pub async fn enable(tx: &mut Tx, id: &UserId) -> Result<()> {
    sql("update user_account set disabled_at = null, failed_logins = 0, locked_until = null where id = $1")
        .bind(id.clone())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_enrolment(tx: &mut Tx, id: &UserId, enrolment: Enrolment) -> Result<()> {
    sql("update user_account set enrolment = $2 where id = $1")
        .bind(id.clone())
        .bind(enrolment)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes a login that succeeded.
pub async fn signed_in(tx: &mut Tx, id: &UserId, now: DateTime<Utc>) -> Result<()> {
    sql("update user_account set last_login_at = $2 where id = $1")
        .bind(id.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// How many open accounts there are, and how many of them have no second factor.
pub async fn count_without_second_factor(tx: &mut Tx) -> Result<(i64, i64)> {
    sql("select count(*), count(case when second_factor.secret_sealed is null
             and not exists (select 1 from passkey where passkey.user_id = user_account.id) then 1 end)
         from user_account left join second_factor on second_factor.user_id = user_account.id
         where user_account.disabled_at is null")
    .fetch_one(tx)
    .await
}

/// Nobody signs in by a password until another is set.
pub async fn forget_password(tx: &mut Tx, id: &UserId) -> Result<()> {
    sql("update user_account set password_hash = null where id = $1")
        .bind(id.clone())
        .execute(tx)
        .await?;
    Ok(())
}
