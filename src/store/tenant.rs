//! The installation's id and its inner keys, wrapped. Both are made once, together.

use super::{Result, Tx, sql};
use crate::domain::ids::TenantId;
use chrono::{DateTime, Utc};

/// A key that works inside, as it may lie in the database.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TenantKey {
    pub purpose: String,
    pub version: i64,
    pub wrapped: Vec<u8>,
    pub key_id: String,
}

pub async fn find(tx: &mut Tx) -> Result<Option<TenantId>> {
    sql("select id from tenant").fetch_optional_scalar(tx).await
}

/// The newest of each purpose first.
pub async fn keys(tx: &mut Tx) -> Result<Vec<TenantKey>> {
    sql("select purpose, version, wrapped, key_id from tenant_key order by purpose, version desc")
        .fetch_all(tx)
        .await
}

/// Puts a key under another master key. `false` where it is no longer under the one before.
pub async fn set_wrapped(tx: &mut Tx, before: &TenantKey, wrapped: &[u8], key_id: &str) -> Result<bool> {
    let changed = sql("update tenant_key set wrapped = $3, key_id = $4
         where purpose = $1 and version = $2 and key_id = $5")
    .bind(&before.purpose)
    .bind(before.version)
    .bind(wrapped.to_vec())
    .bind(key_id)
    .bind(&before.key_id)
    .execute(tx)
    .await?;
    Ok(changed == 1)
}

/// Whether this transaction was the first to make them. Another that is under way is waited for.
pub async fn create(tx: &mut Tx, id: &TenantId, keys: &[TenantKey], now: DateTime<Utc>) -> Result<bool> {
    for key in keys {
        let made = sql(
            "insert into tenant_key (purpose, version, wrapped, key_id, created_at) values ($1, $2, $3, $4, $5)
                on conflict do nothing",
        )
        .bind(&key.purpose)
        .bind(key.version)
        .bind(&key.wrapped)
        .bind(&key.key_id)
        .bind(now)
        .execute(tx)
        .await?;
        if made == 0 {
            return Ok(false);
        }
    }
    sql("insert into tenant (id, created_at) values ($1, $2)")
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(true)
}

/// Adds a version of a key. Fails with [`super::Error::Unique`] where another process made the same version.
pub async fn add_key(tx: &mut Tx, key: &TenantKey, now: DateTime<Utc>) -> Result<()> {
    sql("insert into tenant_key (purpose, version, wrapped, key_id, created_at) values ($1, $2, $3, $4, $5)")
        .bind(&key.purpose)
        .bind(key.version)
        .bind(&key.wrapped)
        .bind(&key.key_id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
