//! Which account an identity opens: said by an operator, or by the person who has both.

use super::exchange::Subject;
use super::refusal::{OidcError, Refusal};
use super::{Completed, refused};
use crate::auth::client::{self, Client};
use crate::auth::login;
use crate::domain::ids::UserId;
use crate::domain::people::Actor;
use crate::store::audit::{self, Entry, Outcome};
use crate::store::user_identities::{self, UserIdentity};
use crate::store::users::{self, User};
use crate::store::{self, Db, ResultExt, Tx, grants};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("there is no account of this name")]
    UnknownUser,
    #[error("this account is not linked to that identity")]
    NotLinked,
    #[error("this identity is linked to an account already; unlink it there first")]
    Taken,
    #[error("a subject has 1 to 255 characters, and an issuer begins with https://")]
    Malformed,
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// By an operator, who was told the subject by the person.
pub async fn add(db: &Db, name: &str, subject: &Subject, now: DateTime<Utc>) -> Result<(), LinkError> {
    let fits = (1..=255).contains(&subject.id.len()) && subject.issuer.starts_with("http");
    if !fits {
        return Err(LinkError::Malformed);
    }
    let mut tx = db.begin().await?;
    let user = users::find_by_name(&mut tx, name)
        .await?
        .ok_or(LinkError::UnknownUser)?;
    insert(&mut tx, subject, &user.id, &Actor::Operator, now).await?;
    tx.commit().await?;
    Ok(())
}

/// By an operator. Sessions that it opened go on until they end.
pub async fn remove(db: &Db, name: &str, subject: &Subject, now: DateTime<Utc>) -> Result<(), LinkError> {
    let mut tx = db.begin().await?;
    let user = users::find_by_name(&mut tx, name)
        .await?
        .ok_or(LinkError::UnknownUser)?;
    if !user_identities::delete(&mut tx, &subject.issuer, &subject.id, &user.id).await? {
        return Err(LinkError::NotLinked);
    }
    let entry = Entry {
        actor: &Actor::Operator,
        action: "unlink_identity",
        resource_kind: "user",
        resource_id: user.id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether somebody who is signed in knows the password of the account, too: an unattended screen must not be enough to get
/// into it for good. Failures count like those of a login.
pub async fn confirm(db: &Db, user: &UserId, password: &str, from: &Client, now: DateTime<Utc>) -> store::Result<bool> {
    let mut tx = db.read().await?;
    let Some(user) = users::find(&mut tx, user).await? else {
        return Ok(false);
    };
    let known = from.known(&mut tx, &user).await?;
    drop(tx);
    if login::fits(Some(&user), password).await && !client::waits(&user, known.as_ref(), now) {
        return Ok(true);
    }
    let mut tx = db.begin().await?;
    client::count_failure(&mut tx, &user, from, now).await?;
    tx.commit().await?;
    Ok(false)
}

/// The person came back from the provider.
pub(super) async fn complete(
    db: &Db,
    subject: Subject,
    user: &UserId,
    from: &Client,
    now: DateTime<Utc>,
) -> Result<Completed, OidcError> {
    let mut tx = db.begin().await?;
    let user = match users::find(&mut tx, user).await? {
        Some(user) if user.disabled_at.is_none() => user,
        _ => {
            drop(tx);
            return Err(refused(db, Refusal::Disabled(subject), from, now).await?);
        }
    };
    let actor = actor(&mut tx, &user).await?;
    match insert(&mut tx, &subject, &user.id, &actor, now).await {
        Ok(()) => {}
        Err(LinkError::Store(error)) => return Err(error.into()),
        Err(_) => {
            drop(tx);
            return Err(refused(db, Refusal::Taken, from, now).await?);
        }
    }
    tx.commit().await?;
    Ok(Completed::Linked)
}

pub(super) async fn actor(tx: &mut Tx, user: &User) -> store::Result<Actor> {
    Ok(Actor::User {
        id: user.id.clone(),
        name: user.name.clone(),
        access: grants::of(tx, &user.id).await?,
    })
}

async fn insert(
    tx: &mut Tx,
    subject: &Subject,
    user: &UserId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), LinkError> {
    let identity = UserIdentity {
        issuer: subject.issuer.clone(),
        subject: subject.id.clone(),
        user: user.clone(),
        linked_at: now,
        last_used_at: None,
    };
    user_identities::insert(tx, &identity)
        .await
        .on_constraint("user_identity_pkey", || LinkError::Taken)?;
    let entry = Entry {
        actor,
        action: "link_identity",
        resource_kind: "user",
        resource_id: user.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    audit::insert(tx, &entry, now).await?;
    Ok(())
}
