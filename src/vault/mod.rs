//! Encrypted objects: where bytes lie, and whose keys open them.
//!
//! Each object has a data key of its own, which leaves here only wrapped. The vault knows no SQL: [`Vault::put`] gives
//! back the row, and the caller stores it in its own transaction. An object without a row is an orphan and harmless; a
//! row without its object cannot come to be, since the bytes are durable first.

pub mod aws;
pub mod keys;
pub mod objects;
pub mod rewrap;
pub mod tenant;

use crate::crypto::object_v1::{self, Binding};
use crate::crypto::{OpenError, mac::sha256};
use crate::domain::ids::{ObjectId, TenantId};
use crate::domain::object::{ObjectKind, StoredObject};
use chrono::{DateTime, Utc};
use keys::{KeyError, Keys, WrappedKey};
use objects::{ObjectError, Objects};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The only object format so far; a later one leaves old objects readable.
const VERSION: u32 = 1;

#[derive(Debug)]
pub struct Vault {
    tenant: TenantId,
    objects: Objects,
    keys: Arc<Keys>,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(transparent)]
    Object(#[from] ObjectError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("{id} was destroyed")]
    Shredded { id: ObjectId, at: DateTime<Utc> },
    #[error("{id} was not opened")]
    Open { id: ObjectId, source: OpenError },
}

impl VaultError {
    /// Whether the object store or the key service is away, which says nothing about the object.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Object(error) => error.is_outage(),
            Self::Key(error) => error.is_outage(),
            Self::Shredded { .. } | Self::Open { .. } => false,
        }
    }
}

impl Vault {
    pub fn new(tenant: TenantId, objects: Objects, keys: Arc<Keys>) -> Self {
        Self { tenant, objects, keys }
    }

    /// Seals the bytes under a fresh key. When it returns, they have been synced to disk.
    pub async fn put(&self, kind: ObjectKind, bytes: &[u8], now: DateTime<Utc>) -> Result<StoredObject, VaultError> {
        let id = ObjectId::new(now);
        let (key, wrapped) = self.keys.generate(&self.tenant, id.as_str()).await?;
        let stored = object_v1::seal(&key, &self.binding(&id, VERSION, kind), bytes);
        let (stored_bytes, stored_sha256) = (stored.len() as u64, sha256(&stored).to_vec());
        self.objects.put(&id, stored).await?;
        Ok(StoredObject {
            id,
            kind,
            version: VERSION,
            bytes: bytes.len() as u64,
            stored_bytes,
            stored_sha256,
            wrapped_key: wrapped.bytes,
            key_id: wrapped.key_id,
            created_at: now,
            shredded_at: None,
        })
    }

    pub async fn get(&self, object: &StoredObject) -> Result<Vec<u8>, VaultError> {
        if let Some(at) = object.shredded_at {
            let id = object.id.clone();
            return Err(VaultError::Shredded { id, at });
        }
        let wrapped = wrapped_key(object);
        let key = self.keys.unwrap(&self.tenant, object.id.as_str(), &wrapped).await?;
        let stored = self.objects.get(&object.id).await?;
        object_v1::open(&key, &self.binding(&object.id, object.version, object.kind), &stored).map_err(|source| {
            VaultError::Open {
                id: object.id.clone(),
                source,
            }
        })
    }

    /// The bytes as they lie in the store, for a copy of them.
    pub async fn sealed(&self, id: &ObjectId) -> Result<Vec<u8>, VaultError> {
        Ok(self.objects.get(id).await?)
    }

    /// The objects that lie in the store, with or without a row.
    pub async fn list(&self) -> Result<Vec<ObjectId>, VaultError> {
        Ok(self.objects.list().await?)
    }

    /// Whether an object could be sealed and written now.
    pub async fn check(&self) -> Result<(), VaultError> {
        self.keys.check(&self.tenant).await?;
        Ok(self.objects.check().await?)
    }

    /// Until `stop`: makes data keys ahead, and moves what waits on disk to where it belongs.
    pub async fn keep(&self, stop: &CancellationToken) {
        tokio::join!(self.keys.keep_ready(&self.tenant, stop), self.objects.drain(stop));
    }

    /// The object's row with its data key under the master key that wraps now.
    pub async fn rewrap(&self, object: &StoredObject) -> Result<WrappedKey, VaultError> {
        Ok(self
            .keys
            .rewrap(&self.tenant, object.id.as_str(), &wrapped_key(object))
            .await?)
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Makes room where an object's key was destroyed.
    pub async fn delete(&self, id: &ObjectId) -> Result<(), VaultError> {
        Ok(self.objects.delete(id).await?)
    }

    fn binding<'a>(&'a self, id: &'a ObjectId, version: u32, kind: ObjectKind) -> Binding<'a> {
        Binding {
            tenant: self.tenant.as_str(),
            object: id.as_str(),
            version,
            kind: kind.as_str(),
        }
    }
}

fn wrapped_key(object: &StoredObject) -> WrappedKey {
    WrappedKey {
        bytes: object.wrapped_key.clone(),
        key_id: object.key_id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keys::KeysAt;
    use objects::DiskObjects;

    async fn vault(folder: &std::path::Path) -> Vault {
        let at = KeysAt::Local(folder.join("master.key")).into();
        let keys = Keys::load_or_create(&at).await.unwrap();
        let objects = DiskObjects::open(&folder.join("objects")).unwrap();
        let tenant = TenantId::new(DateTime::UNIX_EPOCH);
        Vault::new(tenant, Objects::Disk(objects), Arc::new(keys))
    }

    #[tokio::test]
    async fn what_was_put_comes_back_and_only_so() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path()).await;
        let text = b"Referral of Avery Testperson".repeat(5000);
        let object = vault
            .put(ObjectKind::Original, &text, DateTime::UNIX_EPOCH)
            .await
            .unwrap();
        assert_eq!(object.bytes, text.len() as u64);
        assert!(vault.get(&object).await.unwrap() == text);

        let other_kind = StoredObject {
            kind: ObjectKind::Letter,
            ..object.clone()
        };
        assert!(matches!(vault.get(&other_kind).await, Err(VaultError::Open { .. })));
        let twin = vault
            .put(ObjectKind::Original, &text, DateTime::UNIX_EPOCH)
            .await
            .unwrap();
        let other_key = StoredObject {
            wrapped_key: twin.wrapped_key.clone(),
            ..object.clone()
        };
        assert!(matches!(
            vault.get(&other_key).await,
            Err(VaultError::Key(KeyError::NotOpened { .. }))
        ));
        let other_object = StoredObject {
            id: twin.id,
            wrapped_key: twin.wrapped_key,
            ..object
        };
        assert!(
            vault.get(&other_object).await.unwrap() == text,
            "the twin under its own id and key"
        );
    }

    #[tokio::test]
    async fn nothing_of_the_content_or_its_hash_lies_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path()).await;
        let object = vault
            .put(ObjectKind::Original, b"Avery Testperson", DateTime::UNIX_EPOCH)
            .await
            .unwrap();
        let path = objects::path_of(&folder.path().join("objects"), &object.id);
        let stored = std::fs::read(&path).unwrap();
        assert!(!stored.windows(5).any(|window| window == b"Avery"));
        assert_eq!(path.file_name().unwrap().to_str(), Some(object.id.as_str()));
        assert_eq!(sha256(&stored).to_vec(), object.stored_sha256);
        assert_eq!(stored.len() as u64, object.stored_bytes);
    }

    #[tokio::test]
    async fn a_lost_or_damaged_object_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path()).await;
        let object = vault
            .put(ObjectKind::Letter, b"text", DateTime::UNIX_EPOCH)
            .await
            .unwrap();
        let path = objects::path_of(&folder.path().join("objects"), &object.id);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(matches!(
            vault.get(&object).await,
            Err(VaultError::Open {
                source: OpenError::Damaged,
                ..
            })
        ));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(
            vault.get(&object).await,
            Err(VaultError::Object(ObjectError::Missing(_)))
        ));
    }
}
