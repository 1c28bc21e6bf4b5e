//! Rows of vault objects: the wrapped data key and what the stored bytes must be.

use super::counts::count;
use super::{Result, Tx, sql};
use crate::domain::ids::ObjectId;
use crate::domain::object::{ObjectKind, StoredObject};
use chrono::{DateTime, Utc};

#[derive(sqlx::FromRow)]
struct ObjectRow {
    id: ObjectId,
    kind: ObjectKind,
    version: i64,
    bytes: i64,
    stored_bytes: i64,
    stored_sha256: Vec<u8>,
    wrapped_key: Vec<u8>,
    key_id: String,
    created_at: DateTime<Utc>,
    shredded_at: Option<DateTime<Utc>>,
}

impl ObjectRow {
    fn object(self) -> Result<StoredObject> {
        let row = self.id.to_string();
        Ok(StoredObject {
            version: count("object", &row, "version", self.version)?,
            bytes: count("object", &row, "bytes", self.bytes)?,
            stored_bytes: count("object", &row, "stored_bytes", self.stored_bytes)?,
            id: self.id,
            kind: self.kind,
            stored_sha256: self.stored_sha256,
            wrapped_key: self.wrapped_key,
            key_id: self.key_id,
            created_at: self.created_at,
            shredded_at: self.shredded_at,
        })
    }
}

pub async fn insert(tx: &mut Tx, object: &StoredObject) -> Result<()> {
    sql(
        "insert into object (id, kind, version, bytes, stored_bytes, stored_sha256, wrapped_key, key_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(object.id.clone())
    .bind(object.kind)
    .bind(i64::from(object.version))
    .bind(object.bytes as i64)
    .bind(object.stored_bytes as i64)
    .bind(object.stored_sha256.clone())
    .bind(object.wrapped_key.clone())
    .bind(object.key_id.clone())
    .bind(object.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &ObjectId) -> Result<Option<StoredObject>> {
    sql(
        "select id, kind, version, bytes, stored_bytes, stored_sha256, wrapped_key, key_id, created_at,
             shredded_at from object where id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<ObjectRow>(tx)
    .await?
    .map(ObjectRow::object)
    .transpose()
}

/// A page of all objects in the order of their ids, behind `after`.
pub async fn page(tx: &mut Tx, after: Option<&ObjectId>, limit: i64) -> Result<Vec<StoredObject>> {
    sql(
        "select id, kind, version, bytes, stored_bytes, stored_sha256, wrapped_key, key_id, created_at,
             shredded_at from object where cast($1 as text) is null or id > $1 order by id limit $2",
    )
    .bind(after.cloned())
    .bind(limit)
    .fetch_all::<ObjectRow>(tx)
    .await?
    .into_iter()
    .map(ObjectRow::object)
    .collect()
}

/// A page of the objects whose key is wrapped by another master key than `key_id`, behind `after`.
pub async fn wrapped_by_others(
    tx: &mut Tx,
    key_id: &str,
    after: Option<&ObjectId>,
    limit: i64,
) -> Result<Vec<StoredObject>> {
    sql(
        "select id, kind, version, bytes, stored_bytes, stored_sha256, wrapped_key, key_id, created_at,
             shredded_at from object
         where key_id <> $1 and shredded_at is null and (cast($2 as text) is null or id > $2) order by id limit $3",
    )
    .bind(key_id)
    .bind(after.cloned())
    .bind(limit)
    .fetch_all::<ObjectRow>(tx)
    .await?
    .into_iter()
    .map(ObjectRow::object)
    .collect()
}

/// `false` where the row is no longer what it was: rewrapped by somebody else, or shredded.
pub async fn set_wrapped(tx: &mut Tx, before: &StoredObject, wrapped: &[u8], key_id: &str) -> Result<bool> {
    let changed = sql("update object set wrapped_key = $2, key_id = $3
         where id = $1 and key_id = $4 and shredded_at is null")
    .bind(&before.id)
    .bind(wrapped.to_vec())
    .bind(key_id)
    .bind(&before.key_id)
    .execute(tx)
    .await?;
    Ok(changed == 1)
}

/// Destroys the data key. `false` where it was destroyed before.
pub async fn shred(tx: &mut Tx, id: &ObjectId, now: DateTime<Utc>) -> Result<bool> {
    let changed = sql("update object set wrapped_key = $2, key_id = '', shredded_at = $3
         where id = $1 and shredded_at is null")
    .bind(id)
    .bind(Vec::<u8>::new())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(changed == 1)
}

/// How many objects each master key wraps.
pub async fn count_by_key(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    #[derive(sqlx::FromRow)]
    struct Count {
        key_id: String,
        count: i64,
    }
    let counts: Vec<Count> = sql("select key_id, count(*) as count from object where shredded_at is null
         group by key_id order by key_id")
    .fetch_all(tx)
    .await?;
    Ok(counts.into_iter().map(|row| (row.key_id, row.count)).collect())
}
