//! Puts every data key under the master key that wraps now. The objects' bytes stay untouched.
//!
//! Goes by small commits, each of which is right by itself: whoever is killed in between begins again and finds less to do.

use super::keys::{KeyError, WrappedKey};
use super::{Vault, VaultError, tenant};
use crate::domain::object::StoredObject;
use crate::store::{self, Db, objects};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

/// Rows a commit.
const AT_A_TIME: i64 = 500;
/// Calls of the key service under way at a time.
const CALLS: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum RewrapError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Rewrapped {
    pub objects: u64,
    /// Keys that work inside the installation.
    pub inner_keys: u64,
    /// Objects whose key no longer opens: `vault verify` names them.
    pub unopened: u64,
}

/// Until nothing is left under another key. `told` hears of each commit.
pub async fn rewrap(db: &Db, vault: &Vault, mut told: impl FnMut(u64)) -> Result<Rewrapped, RewrapError> {
    let current = vault.keys().current_id(&vault.tenant).await?;
    let mut done = Rewrapped {
        inner_keys: tenant::rewrap(db, vault.keys(), &vault.tenant, &current).await?,
        ..Rewrapped::default()
    };
    let mut after = None;
    loop {
        let mut tx = db.read().await?;
        let rows = objects::wrapped_by_others(&mut tx, &current, after.as_ref(), AT_A_TIME).await?;
        drop(tx);
        let Some(last) = rows.last() else { return Ok(done) };
        after = Some(last.id.clone());
        let (fresh, unopened) = wrapped_anew(vault, &rows).await?;
        done.unopened += unopened;
        let mut tx = db.begin().await?;
        for (row, wrapped) in &fresh {
            let changed = objects::set_wrapped(&mut tx, row, &wrapped.bytes, &wrapped.key_id).await?;
            done.objects += u64::from(changed);
        }
        tx.commit().await?;
        told(done.objects);
    }
}

/// An outage ends it all; a key that does not open is counted and left as it is.
async fn wrapped_anew<'a>(
    vault: &Vault,
    rows: &'a [StoredObject],
) -> Result<(Vec<(&'a StoredObject, WrappedKey)>, u64), RewrapError> {
    let calls = stream::iter(rows).map(async |row| match vault.rewrap(row).await {
        Ok(wrapped) => Ok(Some((row, wrapped))),
        Err(VaultError::Key(KeyError::NotOpened { key_id, .. })) => {
            tracing::error!(object.id = %row.id, key_id, "a data key does not open and is left as it is");
            Ok(None)
        }
        Err(error) => Err(error),
    });
    let all: Vec<Option<(&StoredObject, WrappedKey)>> = calls.buffered(CALLS).try_collect().await?;
    let unopened = all.iter().filter(|one| one.is_none()).count() as u64;
    Ok((all.into_iter().flatten().collect(), unopened))
}
