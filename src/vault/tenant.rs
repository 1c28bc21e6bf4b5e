//! The keys that work inside one installation: made at the first start, opened at each.

use super::keys::{KeyError, KeyPlaces, Keys, WrappedKey};
use crate::crypto::{AuditMac, BlindIndex, DataKey, FieldSealer, TenantKeys};
use crate::domain::ids::TenantId;
use crate::store::tenant::{self, TenantKey};
use crate::store::{self, Db};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Seals columns.
pub const FIELD: &str = "field";
const BLIND: &str = "blind";
const AUDIT: &str = "audit";
/// What patients are found by. An installation begins without one of these: the blind key serves, as version 0, until the
/// first rotation.
pub const SEARCH: &str = "search";

#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the database names an installation but lacks its `{0}` key")]
    Lost(&'static str),
}

/// The inner keys, and the master keys that opened them. A new database gets both; for one that has been used a missing
/// key file is an error, since a fresh one could open nothing.
pub async fn open(db: &Db, at: &KeyPlaces, now: DateTime<Utc>) -> Result<(TenantKeys, Arc<Keys>), TenantError> {
    let stored = match stored(db).await? {
        Some(stored) => stored,
        None => create(db, &Keys::load_or_create(at).await?, now).await?,
    };
    let keys = Arc::new(Keys::load(at).await?);
    Ok((opened(&keys, stored).await?, keys))
}

/// The same for looking only: nothing is made, and a database that was never used gives nothing.
pub async fn open_existing(db: &Db, at: &KeyPlaces) -> Result<Option<(TenantKeys, Arc<Keys>)>, TenantError> {
    let Some(stored) = stored(db).await? else {
        return Ok(None);
    };
    let keys = Arc::new(Keys::load(at).await?);
    Ok(Some((opened(&keys, stored).await?, keys)))
}

/// Puts the inner keys under the master key `current`, and says how many were under another.
pub(super) async fn rewrap(
    db: &Db,
    keys: &Keys,
    id: &TenantId,
    current: &str,
) -> Result<u64, super::rewrap::RewrapError> {
    let mut tx = db.read().await?;
    let rows = tenant::keys(&mut tx).await?;
    drop(tx);
    let mut done = 0;
    for row in rows.iter().filter(|row| row.key_id != current) {
        let wrapped = WrappedKey {
            bytes: row.wrapped.clone(),
            key_id: row.key_id.clone(),
        };
        let fresh = keys.rewrap(id, &name(&row.purpose, row.version), &wrapped).await?;
        let mut tx = db.begin().await?;
        done += u64::from(tenant::set_wrapped(&mut tx, row, &fresh.bytes, &fresh.key_id).await?);
        tx.commit().await?;
    }
    Ok(done)
}

type Stored = (TenantId, Vec<TenantKey>);

async fn stored(db: &Db) -> Result<Option<Stored>, TenantError> {
    let mut tx = db.read().await?;
    match tenant::find(&mut tx).await? {
        Some(id) => Ok(Some((id, tenant::keys(&mut tx).await?))),
        None => Ok(None),
    }
}

async fn create(db: &Db, keys: &Keys, now: DateTime<Utc>) -> Result<Stored, TenantError> {
    let id = TenantId::new(now);
    let mut fresh = Vec::new();
    for purpose in [FIELD, BLIND, AUDIT] {
        let (_, wrapped) = keys.generate(&id, &name(purpose, 1)).await?;
        fresh.push(TenantKey {
            purpose: purpose.to_owned(),
            version: 1,
            wrapped: wrapped.bytes,
            key_id: wrapped.key_id,
        });
    }
    let mut tx = db.begin().await?;
    if tenant::create(&mut tx, &id, &fresh, now).await? {
        tx.commit().await?;
        return Ok((id, fresh));
    }
    // Another process was faster: its keys are the installation's.
    drop(tx);
    stored(db).await?.ok_or(TenantError::Lost(FIELD))
}

async fn opened(keys: &Keys, (tenant, rows): Stored) -> Result<TenantKeys, TenantError> {
    let field = of_purpose(keys, &tenant, &rows, FIELD).await?;
    let blind = of_purpose(keys, &tenant, &rows, BLIND).await?;
    let audit = of_purpose(keys, &tenant, &rows, AUDIT).await?;
    let mut search = any_of_purpose(keys, &tenant, &rows, SEARCH).await?;
    let (_, blind) = blind.into_iter().next().ok_or(TenantError::Lost(BLIND))?;
    search.push((0, blind.clone()));
    Ok(TenantKeys {
        field: FieldSealer::new(tenant.clone(), field),
        blind: BlindIndex::new(blind),
        search: search
            .into_iter()
            .map(|(version, key)| (version, BlindIndex::new(key)))
            .collect(),
        audit: AuditMac::new(audit),
        tenant,
    })
}

/// Makes a new version of an inner key, which processes use that start from now on. Gives the version.
pub async fn rotate(
    db: &Db,
    at: &KeyPlaces,
    keys: &TenantKeys,
    purpose: &'static str,
    now: DateTime<Utc>,
) -> Result<i64, TenantError> {
    let mut tx = db.read().await?;
    let versions = tenant::keys(&mut tx).await?;
    drop(tx);
    let version = versions
        .iter()
        .filter(|key| key.purpose == purpose)
        .map(|key| key.version)
        .max()
        .unwrap_or(0)
        + 1;
    let (_, wrapped) = Keys::load(at)
        .await?
        .generate(&keys.tenant, &name(purpose, version))
        .await?;
    let key = TenantKey {
        purpose: purpose.to_owned(),
        version,
        wrapped: wrapped.bytes,
        key_id: wrapped.key_id,
    };
    let mut tx = db.begin().await?;
    tenant::add_key(&mut tx, &key, now).await?;
    tx.commit().await?;
    Ok(version)
}

/// Opened, the newest first; at least one.
async fn of_purpose(
    keys: &Keys,
    tenant: &TenantId,
    rows: &[TenantKey],
    purpose: &'static str,
) -> Result<Vec<(u32, DataKey)>, TenantError> {
    let found = any_of_purpose(keys, tenant, rows, purpose).await?;
    if found.is_empty() {
        Err(TenantError::Lost(purpose))
    } else {
        Ok(found)
    }
}

async fn any_of_purpose(
    keys: &Keys,
    tenant: &TenantId,
    rows: &[TenantKey],
    purpose: &'static str,
) -> Result<Vec<(u32, DataKey)>, TenantError> {
    let mut found = Vec::new();
    for row in rows.iter().filter(|row| row.purpose == purpose) {
        let wrapped = WrappedKey {
            bytes: row.wrapped.clone(),
            key_id: row.key_id.clone(),
        };
        let key = keys.unwrap(tenant, &name(purpose, row.version), &wrapped).await?;
        let version =
            u32::try_from(row.version).map_err(|_| store::Error::inconsistent("tenant_key", purpose, "version"))?;
        found.push((version, key));
    }
    Ok(found)
}

/// What a wrapped inner key is bound to, where an object's key is bound to the object's id.
fn name(purpose: &str, version: i64) -> String {
    format!("key/{purpose}/{version}")
}
