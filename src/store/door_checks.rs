//! How a door's deliveries are checked: where its carrier is asked and with which key, and when that was last done.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::DoorId;
use chrono::{DateTime, Utc};

/// What a carrier's API wants to see.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiAccount {
    /// As `https://api.phaxio.com`.
    pub base: String,
    /// `key:secret`.
    pub key: String,
}

impl std::fmt::Debug for ApiAccount {
    /// Not the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiAccount")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

fn key_of(door: &DoorId) -> Cell<'_> {
    Cell::new("door_check", door.as_str(), "api_key_sealed")
}

/// Keeps a carrier's account, in place of the one before.
pub async fn set_account(tx: &mut Tx, door: &DoorId, account: &ApiAccount) -> Result<()> {
    let sealed = tx.seal(key_of(door), account.key.as_bytes());
    sql(
        "insert into door_check (door_id, api_base, api_key_sealed) values ($1, $2, $3)
         on conflict (door_id) do update set api_base = excluded.api_base, api_key_sealed = excluded.api_key_sealed",
    )
    .bind(door.clone())
    .bind(account.base.clone())
    .bind(sealed)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn account(tx: &mut Tx, door: &DoorId) -> Result<Option<ApiAccount>> {
    let row: Option<(String, Vec<u8>)> = sql("select api_base, api_key_sealed from door_check
         where door_id = $1 and api_base is not null and api_key_sealed is not null")
    .bind(door.clone())
    .fetch_optional(tx)
    .await?;
    let Some((base, sealed)) = row else { return Ok(None) };
    let key = tx.unseal_text(key_of(door), &sealed)?;
    Ok(Some(ApiAccount { base, key }))
}

/// Notes that the door's deliveries were held against what is here.
pub async fn set_checked(tx: &mut Tx, door: &DoorId, now: DateTime<Utc>) -> Result<()> {
    sql("insert into door_check (door_id, checked_at) values ($1, $2)
         on conflict (door_id) do update set checked_at = excluded.checked_at")
    .bind(door.clone())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}
