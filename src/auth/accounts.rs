//! Making and closing accounts, for the command line.

use super::password::{self, PasswordError};
use crate::domain::access::Grant;
use crate::domain::ids::UserId;
use crate::domain::people::{Actor, Role};
use crate::store::audit::{self, Entry, Outcome};
use crate::store::users::{self, User};
use crate::store::{self, Db, ResultExt, Tx, claims, emergencies, grants, sessions};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("a name needs 1 to 64 characters and no spaces at its ends")]
    Name,
    #[error("an account of this name exists already")]
    Taken,
    #[error("there is no account of this name")]
    Unknown,
    #[error(transparent)]
    Store(#[from] store::Error),
}

pub async fn add(db: &Db, name: &str, role: Role, password: &str, now: DateTime<Utc>) -> Result<User, AccountError> {
    if name.is_empty() || name.trim() != name || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(AccountError::Name);
    }
    let user = User {
        id: UserId::new(now),
        name: name.to_owned(),
        password_hash: password::hash(password)?,
        failed_logins: 0,
        locked_until: None,
        created_at: now,
        disabled_at: None,
    };
    let mut tx = db.begin().await?;
    users::insert(&mut tx, &user)
        .await
        .on_constraint("user_account_name_key", || AccountError::Taken)?;
    grants::add(&mut tx, &user.id, &Grant::of(role), "operator", now).await?;
    record(&mut tx, "add_user", &user.id, serde_json::json!({ "role": role }), now).await?;
    tx.commit().await?;
    Ok(user)
}

/// Closes an account and ends all its sessions at once.
pub async fn disable(db: &Db, name: &str, now: DateTime<Utc>) -> Result<(), AccountError> {
    let mut tx = db.begin().await?;
    let user = users::find_by_name(&mut tx, name).await?.ok_or(AccountError::Unknown)?;
    users::disable(&mut tx, &user.id, now).await?;
    sessions::end_all(&mut tx, &user.id, now).await?;
    emergencies::end(&mut tx, &user.id, now).await?;
    claims::end_all(&mut tx, &user.id).await?;
    record(&mut tx, "disable_user", &user.id, serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Sets another password and ends all sessions: whoever knew the old one is out.
pub async fn set_password(db: &Db, name: &str, password: &str, now: DateTime<Utc>) -> Result<(), AccountError> {
    let hash = password::hash(password)?;
    let mut tx = db.begin().await?;
    let user = users::find_by_name(&mut tx, name).await?.ok_or(AccountError::Unknown)?;
    users::set_password(&mut tx, &user.id, &hash).await?;
    sessions::end_all(&mut tx, &user.id, now).await?;
    record(&mut tx, "set_password", &user.id, serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Accounts are made and closed at the command line, by whoever may use the machine.
async fn record(
    tx: &mut Tx,
    action: &str,
    user: &UserId,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = Entry {
        actor: &Actor::Operator,
        action,
        resource_kind: "user",
        resource_id: user.as_str(),
        outcome: Outcome::Allowed,
        detail,
    };
    audit::insert(tx, &entry, now).await
}
