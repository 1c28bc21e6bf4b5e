//! Passkeys: what devices showed of themselves when their people added them, sealed. One is found by a hash of its credential's
//! id, which its device made at random (WebAuthn §4): nobody finds another by trying.

use super::{Cell, Result, Tx, sql};
use crate::crypto::mac::sha256;
use crate::domain::ids::{PasskeyId, UserId};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use webauthn_rs::prelude::Passkey as Credential;

const TABLE: &str = "passkey";
const CREDENTIAL: &str = "credential_sealed";

#[derive(Clone, Debug)]
pub struct Passkey {
    pub id: PasskeyId,
    pub user_id: UserId,
    /// What its person calls it.
    pub name: String,
    pub credential: Credential,
    pub added_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct Stored {
    id: PasskeyId,
    user_id: UserId,
    name: String,
    credential_sealed: Vec<u8>,
    added_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

impl Stored {
    fn open(self, tx: &Tx) -> Result<Passkey> {
        let credential = tx.unseal_json(Cell::new(TABLE, self.id.as_str(), CREDENTIAL), &self.credential_sealed)?;
        Ok(Passkey {
            id: self.id,
            user_id: self.user_id,
            name: self.name,
            credential,
            added_at: self.added_at,
            last_used_at: self.last_used_at,
        })
    }
}

/// What is kept of a credential's id for finding it.
fn hash(credential_id: &[u8]) -> Vec<u8> {
    sha256(credential_id).to_vec()
}

/// Fails with the constraint `passkey_credential_hash_key` where an account has it already.
pub async fn insert(tx: &mut Tx, passkey: &Passkey) -> Result<()> {
    let sealed = tx.seal_json(Cell::new(TABLE, passkey.id.as_str(), CREDENTIAL), &passkey.credential);
    sql(
        "insert into passkey (id, user_id, name, credential_hash, credential_sealed, counter, added_at)
         values ($1, $2, $3, $4, $5, 0, $6)",
    )
    .bind(passkey.id.clone())
    .bind(passkey.user_id.clone())
    .bind(passkey.name.clone())
    .bind(hash(passkey.credential.cred_id().as_slice()))
    .bind(sealed)
    .bind(passkey.added_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// A person's, in the order in which they were added.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Passkey>> {
    let stored: Vec<Stored> = sql(
        "select id, user_id, name, credential_sealed, added_at, last_used_at from passkey
         where user_id = $1 order by id",
    )
    .bind(user.clone())
    .fetch_all(tx)
    .await?;
    stored.into_iter().map(|stored| stored.open(tx)).collect()
}

pub async fn count(tx: &mut Tx, user: &UserId) -> Result<i64> {
    sql("select count(*) from passkey where user_id = $1")
        .bind(user.clone())
        .fetch_scalar(tx)
        .await
}

pub async fn find_by_credential(tx: &mut Tx, credential_id: &[u8]) -> Result<Option<Passkey>> {
    let stored: Option<Stored> = sql(
        "select id, user_id, name, credential_sealed, added_at, last_used_at from passkey
         where credential_hash = $1",
    )
    .bind(hash(credential_id))
    .fetch_optional(tx)
    .await?;
    stored.map(|stored| stored.open(tx)).transpose()
}

/// Notes a use, with the credential as it is after it. False where the device counted as far or further before
/// (WebAuthn §6.1.1), or the passkey is gone.
pub async fn use_once(
    tx: &mut Tx,
    id: &PasskeyId,
    credential: &Credential,
    counter: u32,
    now: DateTime<Utc>,
) -> Result<bool> {
    let sealed = tx.seal_json(Cell::new(TABLE, id.as_str(), CREDENTIAL), credential);
    let used = sql(
        "update passkey set credential_sealed = $2, counter = $3, last_used_at = $4
         where id = $1 and (counter < $3 or (counter = 0 and $3 = 0))",
    )
    .bind(id.clone())
    .bind(sealed)
    .bind(i64::from(counter))
    .bind(now)
    .execute(tx)
    .await?;
    Ok(used == 1)
}

/// Whether it was there, and this person's.
pub async fn delete(tx: &mut Tx, id: &PasskeyId, user: &UserId) -> Result<bool> {
    let deleted = sql("delete from passkey where id = $1 and user_id = $2")
        .bind(id.clone())
        .bind(user.clone())
        .execute(tx)
        .await?;
    Ok(deleted == 1)
}

/// Gives how many there were.
pub async fn delete_all(tx: &mut Tx, user: &UserId) -> Result<u64> {
    sql("delete from passkey where user_id = $1")
        .bind(user.clone())
        .execute(tx)
        .await
}
