//! By whom a person is known at an identity provider.

use super::users::{self, User};
use super::{Result, Tx, sql};
use crate::domain::ids::UserId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct UserIdentity {
    pub issuer: String,
    /// Unique at that issuer, and never given to anybody else.
    pub subject: String,
    #[sqlx(rename = "user_id")]
    pub user: UserId,
    pub linked_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for UserIdentity {
    /// Without the subject, which at some providers is a person's name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserIdentity")
            .field("issuer", &self.issuer)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Fails with the constraint `user_identity_pkey` when somebody is known by it already.
pub async fn insert(tx: &mut Tx, identity: &UserIdentity) -> Result<()> {
    sql("insert into user_identity (issuer, subject, user_id, linked_at) values ($1, $2, $3, $4)")
        .bind(identity.issuer.clone())
        .bind(identity.subject.clone())
        .bind(identity.user.clone())
        .bind(identity.linked_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whoever is known by it, disabled or not.
pub async fn find_user(tx: &mut Tx, issuer: &str, subject: &str) -> Result<Option<User>> {
    let id: Option<UserId> = sql("select user_id from user_identity where issuer = $1 and subject = $2")
        .bind(issuer.to_owned())
        .bind(subject.to_owned())
        .fetch_optional_scalar(tx)
        .await?;
    match id {
        Some(id) => users::find(tx, &id).await,
        None => Ok(None),
    }
}

pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<UserIdentity>> {
    sql(
        "select issuer, subject, user_id, linked_at, last_used_at from user_identity
         where user_id = $1 order by linked_at, issuer, subject",
    )
    .bind(user.clone())
    .fetch_all(tx)
    .await
}

pub async fn record_use(tx: &mut Tx, issuer: &str, subject: &str, now: DateTime<Utc>) -> Result<()> {
    sql("update user_identity set last_used_at = $3 where issuer = $1 and subject = $2")
        .bind(issuer.to_owned())
        .bind(subject.to_owned())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes it from this person, and says whether they had it.
pub async fn delete(tx: &mut Tx, issuer: &str, subject: &str, user: &UserId) -> Result<bool> {
    let deleted = sql("delete from user_identity where issuer = $1 and subject = $2 and user_id = $3")
        .bind(issuer.to_owned())
        .bind(subject.to_owned())
        .bind(user.clone())
        .execute(tx)
        .await?;
    Ok(deleted > 0)
}
