//! Accounts of our HISP: by them it signs in at the mail listener, to hand messages over.

use crate::crypto::mac::constant_time_eq;
use crate::crypto::token::{hash_token, random_token};
use crate::domain::people::Actor;
use crate::store::audit::{self, Entry, Outcome};
use crate::store::edge_accounts::{self, EdgeAccount};
use crate::store::{self, Db, Tx};
use chrono::{DateTime, Utc};

const NAME_CHARS_MAX: usize = 64;

#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    #[error("an account's name needs 1 to {NAME_CHARS_MAX} letters, digits, `-`, `_`, `.` or `@`")]
    Name,
    #[error("there is an account of this name already")]
    Taken,
    #[error("there is no account of this name")]
    Unknown,
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Gives the secret, this once: it is kept as a hash.
pub async fn add(db: &Db, actor: &Actor, name: &str, now: DateTime<Utc>) -> Result<String, EdgeError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    if !(1..=NAME_CHARS_MAX).contains(&name.len()) || !name.chars().all(plain) {
        return Err(EdgeError::Name);
    }
    let secret = random_token();
    let account = EdgeAccount {
        name: name.to_owned(),
        secret_hash: hash_token(&secret),
        created_at: now,
    };
    let mut tx = db.begin().await?;
    if !edge_accounts::insert(&mut tx, &account).await? {
        return Err(EdgeError::Taken);
    }
    record(&mut tx, actor, "add_edge_account", name, now).await?;
    tx.commit().await?;
    Ok(secret)
}

pub async fn remove(db: &Db, actor: &Actor, name: &str, now: DateTime<Utc>) -> Result<(), EdgeError> {
    let mut tx = db.begin().await?;
    if !edge_accounts::remove(&mut tx, name).await? {
        return Err(EdgeError::Unknown);
    }
    record(&mut tx, actor, "remove_edge_account", name, now).await?;
    Ok(tx.commit().await?)
}

async fn record(tx: &mut Tx, actor: &Actor, action: &str, name: &str, now: DateTime<Utc>) -> store::Result<()> {
    let entry = Entry {
        actor,
        action,
        resource_kind: "edge_account",
        resource_id: name,
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    audit::insert(tx, &entry, now).await
}

/// Whether there is such an account with this secret. A secret has 256 bits: nobody can try them all.
pub async fn knows(db: &Db, name: &str, secret: &str) -> store::Result<bool> {
    let mut tx = db.read().await?;
    let found = edge_accounts::find(&mut tx, name).await?;
    let hash = hash_token(secret);
    Ok(found.is_some_and(|account| constant_time_eq(&account.secret_hash, &hash)))
}
