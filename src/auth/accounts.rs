//! Making, closing and resetting accounts, at the command line or by an administrator.

use super::links;
use super::login::record;
use super::password::{self, PasswordError};
use crate::domain::access::Grant;
use crate::domain::identity::{Enrolment, LinkPurpose};
use crate::domain::ids::UserId;
use crate::domain::people::{Actor, Role};
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::store::audit::Outcome;
use crate::store::users::{self, User};
use crate::store::{
    self, Db, ResultExt, Tx, account_links, claims, emergencies, grants, known_browsers, passkeys, pending_logins,
    second_factors, sessions,
};
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
    #[error("this is your own account: another administrator must do it")]
    Own,
    #[error("this account is closed: open it first")]
    Closed,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// An account with a password, made by whoever may use the machine.
pub async fn add(db: &Db, name: &str, role: Role, password: &str, now: DateTime<Utc>) -> Result<User, AccountError> {
    let hash = password::hash(password, &[name])?;
    let mut tx = db.begin().await?;
    let user = insert(&mut tx, &Actor::Operator, (name, role), Some(hash), now).await?;
    let detail = serde_json::json!({ "role": role });
    note(&mut tx, &Actor::Operator, "add_user", &user.id, detail, now).await?;
    tx.commit().await?;
    Ok(user)
}

/// An account without a password, and the token of the link by which its person sets one and a second factor.
pub async fn invite(
    db: &Db,
    actor: &Actor,
    name: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<(User, String), AccountError> {
    may_manage(actor)?;
    let mut tx = db.begin().await?;
    let user = insert(&mut tx, actor, (name, role), None, now).await?;
    let token = links::make(&mut tx, actor, &user.id, LinkPurpose::Invitation, now).await?;
    let detail = serde_json::json!({ "role": role });
    note(&mut tx, actor, "invite_user", &user.id, detail, now).await?;
    tx.commit().await?;
    Ok((user, token))
}

async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    (name, role): (&str, Role),
    password_hash: Option<String>,
    now: DateTime<Utc>,
) -> Result<User, AccountError> {
    if name.is_empty() || name.trim() != name || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(AccountError::Name);
    }
    let user = User {
        id: UserId::new(now),
        name: name.to_owned(),
        // Who comes by a link sets a second factor up; who was given a password may go without.
        enrolment: if password_hash.is_some() {
            Enrolment::Optional
        } else {
            Enrolment::AtLogin
        },
        password_hash,
        failed_logins: 0,
        locked_until: None,
        created_at: now,
        disabled_at: None,
        last_login_at: None,
    };
    users::insert(tx, &user)
        .await
        .on_constraint("user_account_name_key", || AccountError::Taken)?;
    grants::add(tx, &user.id, &Grant::of(role), &actor.reference(), now).await?;
    Ok(user)
}

/// The account of this name, for who types it.
pub async fn by_name(db: &Db, name: &str) -> Result<User, AccountError> {
    let mut tx = db.read().await?;
    users::find_by_name(&mut tx, name).await?.ok_or(AccountError::Unknown)
}

/// Closes an account at the command line.
pub async fn disable(db: &Db, name: &str, now: DateTime<Utc>) -> Result<(), AccountError> {
    let user = by_name(db, name).await?;
    close(db, &Actor::Operator, &user.id, now).await
}

/// Closes an account and ends all its sessions at once.
pub async fn close(db: &Db, actor: &Actor, id: &UserId, now: DateTime<Utc>) -> Result<(), AccountError> {
    let mut tx = db.begin().await?;
    let user = another(&mut tx, actor, id).await?;
    users::disable(&mut tx, &user.id, now).await?;
    end_everything(&mut tx, &user.id, now).await?;
    emergencies::end(&mut tx, &user.id, now).await?;
    claims::end_all(&mut tx, &user.id).await?;
    note(&mut tx, actor, "disable_user", &user.id, serde_json::json!({}), now).await?;
    Ok(tx.commit().await?)
}

/// Opens a closed account again, with the password and the second factor that it had.
pub async fn reopen(db: &Db, actor: &Actor, id: &UserId, now: DateTime<Utc>) -> Result<(), AccountError> {
    let mut tx = db.begin().await?;
    let user = another(&mut tx, actor, id).await?;
    users::enable(&mut tx, &user.id).await?;
    note(&mut tx, actor, "enable_user", &user.id, serde_json::json!({}), now).await?;
    Ok(tx.commit().await?)
}

/// Signs a person out everywhere; gives how many sessions there were.
pub async fn end_sessions(db: &Db, actor: &Actor, id: &UserId, now: DateTime<Utc>) -> Result<u64, AccountError> {
    let mut tx = db.begin().await?;
    may_manage(actor)?;
    let user = users::find(&mut tx, id).await?.ok_or(AccountError::Unknown)?;
    let ended = sessions::end_all(&mut tx, &user.id, now).await?;
    let detail = serde_json::json!({ "sessions": ended });
    note(&mut tx, actor, "end_sessions", &user.id, detail, now).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Takes password or second factor away and gives whose, with the token of the link by which the person sets another. All
/// sessions end.
pub async fn reset(
    db: &Db,
    actor: &Actor,
    id: &UserId,
    purpose: LinkPurpose,
    now: DateTime<Utc>,
) -> Result<(User, String), AccountError> {
    let mut tx = db.begin().await?;
    let user = another(&mut tx, actor, id).await?;
    if user.disabled_at.is_some() {
        return Err(AccountError::Closed);
    }
    let none = serde_json::json!({});
    let purpose = match (purpose, &user.password_hash) {
        // Who has never come has nothing to be reset: another invitation.
        (_, None) => LinkPurpose::Invitation,
        (LinkPurpose::Invitation, Some(_)) => LinkPurpose::Password,
        (purpose, Some(_)) => purpose,
    };
    match purpose {
        LinkPurpose::Invitation => note(&mut tx, actor, "invite_user", id, none, now).await?,
        LinkPurpose::Password => {
            users::forget_password(&mut tx, id).await?;
            note(&mut tx, actor, "reset_password", id, none, now).await?;
        }
        LinkPurpose::SecondFactor => {
            second_factors::remove(&mut tx, id, now).await?;
            second_factors::forget_recovery_codes(&mut tx, id).await?;
            passkeys::delete_all(&mut tx, id).await?;
            users::set_enrolment(&mut tx, id, Enrolment::ByLink).await?;
            note(&mut tx, actor, "reset_second_factor", id, none, now).await?;
        }
    }
    end_everything(&mut tx, id, now).await?;
    let token = links::make(&mut tx, actor, id, purpose, now).await?;
    tx.commit().await?;
    Ok((user, token))
}

/// Sets another password at the command line and ends all sessions: whoever knew the old one is out.
pub async fn set_password(db: &Db, name: &str, password: &str, now: DateTime<Utc>) -> Result<(), AccountError> {
    let hash = password::hash(password, &[name])?;
    let mut tx = db.begin().await?;
    let user = users::find_by_name(&mut tx, name).await?.ok_or(AccountError::Unknown)?;
    users::set_password(&mut tx, &user.id, &hash).await?;
    end_everything(&mut tx, &user.id, now).await?;
    note(
        &mut tx,
        &Actor::Operator,
        "set_password",
        &user.id,
        serde_json::json!({}),
        now,
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Sessions, logins that have begun, links, and browsers that were known.
async fn end_everything(tx: &mut Tx, id: &UserId, now: DateTime<Utc>) -> store::Result<()> {
    sessions::end_all(tx, id, now).await?;
    pending_logins::end_all(tx, id).await?;
    account_links::end_all(tx, id, now).await?;
    known_browsers::forget_all(tx, id).await
}

/// The account, if it is not the actor's own: nobody shuts themselves out, or gets round their own second factor.
async fn another(tx: &mut Tx, actor: &Actor, id: &UserId) -> Result<User, AccountError> {
    may_manage(actor)?;
    if actor.user() == Some(id) {
        return Err(AccountError::Own);
    }
    users::find(tx, id).await?.ok_or(AccountError::Unknown)
}

/// Accounts belong to no site: who manages those of one place only manages none.
fn may_manage(actor: &Actor) -> Result<(), Denied> {
    authorize(actor, Permission::ManageUsers, Resource::Installation)
}

async fn note(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    user: &UserId,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    record(tx, actor, action, user.as_str(), Outcome::Allowed, detail, now).await
}
