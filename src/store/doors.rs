//! Doors: the accounts at fax gateways that may hand faxes in, with their secrets sealed and their tokens hashed.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::DoorId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sqlx::types::Json;

/// A door with its secret opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Door {
    pub id: DoorId,
    pub name: String,
    /// The carrier's kind, as `generic`.
    pub kind: String,
    /// The unguessable last part of its path.
    pub path_key: String,
    pub secret: Vec<u8>,
    pub token_hash: Vec<u8>,
    /// What its carrier needs besides, as `doors::DoorSettings` reads it.
    pub settings: serde_json::Value,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Door {
    /// Neither the secret nor the path's key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct DoorRow {
    id: DoorId,
    name: String,
    kind: String,
    path_key: String,
    secret_sealed: Vec<u8>,
    token_hash: Vec<u8>,
    settings: Json<serde_json::Value>,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
}

impl DoorRow {
    fn open(self, tx: &Tx) -> Result<Door> {
        let secret = tx.unseal(secret_of(&self.id), &self.secret_sealed)?;
        Ok(Door {
            id: self.id,
            name: self.name,
            kind: self.kind,
            path_key: self.path_key,
            secret,
            token_hash: self.token_hash,
            settings: self.settings.0,
            created_at: self.created_at,
            disabled_at: self.disabled_at,
        })
    }
}

fn secret_of(id: &DoorId) -> Cell<'_> {
    Cell::new("door", id.as_str(), "secret_sealed")
}

/// Fails with the constraint `door_name_key` when the name is taken.
pub async fn insert(tx: &mut Tx, door: &Door) -> Result<()> {
    let secret = tx.seal(secret_of(&door.id), &door.secret);
    sql(
        "insert into door (id, name, kind, path_key, secret_sealed, token_hash, settings, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(door.id.clone())
    .bind(door.name.clone())
    .bind(door.kind.clone())
    .bind(door.path_key.clone())
    .bind(secret)
    .bind(door.token_hash.clone())
    .bind(Json(door.settings.clone()))
    .bind(door.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The open door behind a path, if there is one.
pub async fn find_by_path_key(tx: &mut Tx, path_key: &str) -> Result<Option<Door>> {
    let row = sql(
        "select id, name, kind, path_key, secret_sealed, token_hash, settings, created_at, disabled_at
                   from door where path_key = $1 and disabled_at is null",
    )
    .bind(path_key.to_owned())
    .fetch_optional::<DoorRow>(tx)
    .await?;
    row.map(|row| row.open(tx)).transpose()
}

/// All doors, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<Door>> {
    let rows = sql(
        "select id, name, kind, path_key, secret_sealed, token_hash, settings, created_at, disabled_at
                    from door order by name",
    )
    .fetch_all::<DoorRow>(tx)
    .await?;
    rows.into_iter().map(|row| row.open(tx)).collect()
}

/// The door of this name, open or closed.
pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Option<Door>> {
    let row = sql(
        "select id, name, kind, path_key, secret_sealed, token_hash, settings, created_at, disabled_at
                   from door where name = $1",
    )
    .bind(name.to_owned())
    .fetch_optional::<DoorRow>(tx)
    .await?;
    row.map(|row| row.open(tx)).transpose()
}
