//! Challenges that wait for a passkey. What is needed to judge the answer stays here, sealed: in a cookie it could be played back.

use super::{Cell, Result, Tx, sql};
use crate::domain::identity::PasskeyPurpose;
use crate::domain::ids::{PasskeyAttemptId, UserId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::FromRow;

const TABLE: &str = "passkey_attempt";
const STATE: &str = "state_sealed";

#[derive(Clone, Debug)]
pub struct PasskeyAttempt {
    pub id: PasskeyAttemptId,
    /// Of the browser's cookie.
    pub browser_hash: Vec<u8>,
    pub purpose: PasskeyPurpose,
    /// Whose passkey it must be; none where the passkey says who comes.
    pub user_id: Option<UserId>,
    pub expires_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Stored {
    id: PasskeyAttemptId,
    user_id: Option<UserId>,
    state_sealed: Vec<u8>,
    expires_at: DateTime<Utc>,
}

/// In place of one that this browser has for the same purpose. Those that are over go at the same time.
pub async fn put<T: Serialize>(tx: &mut Tx, attempt: &PasskeyAttempt, state: &T, now: DateTime<Utc>) -> Result<()> {
    sql("delete from passkey_attempt where expires_at <= $1")
        .bind(now)
        .execute(tx)
        .await?;
    let sealed = tx.seal_json(Cell::new(TABLE, attempt.id.as_str(), STATE), state);
    sql(
        "insert into passkey_attempt (id, browser_hash, purpose, user_id, state_sealed, expires_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (browser_hash, purpose) do update set id = $1, user_id = $4, state_sealed = $5, expires_at = $6",
    )
    .bind(attempt.id.clone())
    .bind(attempt.browser_hash.clone())
    .bind(attempt.purpose)
    .bind(attempt.user_id.clone())
    .bind(sealed)
    .bind(attempt.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes it away, with whose passkey it asked for: a challenge is answered once, rightly or wrongly.
pub async fn take<T: DeserializeOwned>(
    tx: &mut Tx,
    browser_hash: &[u8],
    purpose: PasskeyPurpose,
    now: DateTime<Utc>,
) -> Result<Option<(Option<UserId>, T)>> {
    let stored: Option<Stored> = sql("delete from passkey_attempt where browser_hash = $1 and purpose = $2
         returning id, user_id, state_sealed, expires_at")
    .bind(browser_hash.to_vec())
    .bind(purpose)
    .fetch_optional(tx)
    .await?;
    let Some(stored) = stored.filter(|stored| stored.expires_at > now) else {
        return Ok(None);
    };
    let state = tx.unseal_json(Cell::new(TABLE, stored.id.as_str(), STATE), &stored.state_sealed)?;
    Ok(Some((stored.user_id, state)))
}
