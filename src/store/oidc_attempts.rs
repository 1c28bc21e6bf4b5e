//! Logins that wait for an identity provider to send the browser back.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::{LoginAttemptId, UserId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

const TABLE: &str = "oidc_attempt";
const SECRETS: &str = "secrets_sealed";

#[derive(Clone, PartialEq, Eq)]
pub struct LoginAttempt {
    pub id: LoginAttemptId,
    /// Of the cookie that the browser got.
    pub token_hash: Vec<u8>,
    pub state_hash: Vec<u8>,
    pub secrets: LoginSecrets,
    /// Who links an identity to their account, where that is what it is for.
    pub user: Option<UserId>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What only we know until the login is over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginSecrets {
    /// The token must repeat it.
    pub nonce: String,
    /// Shows the provider that who brings the code is who asked for it (RFC 7636).
    pub verifier: String,
}

#[derive(FromRow)]
struct AttemptRow {
    id: LoginAttemptId,
    token_hash: Vec<u8>,
    state_hash: Vec<u8>,
    secrets_sealed: Vec<u8>,
    user_id: Option<UserId>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

pub async fn insert(tx: &mut Tx, attempt: &LoginAttempt) -> Result<()> {
    let sealed = tx.seal_json(Cell::new(TABLE, attempt.id.as_str(), SECRETS), &attempt.secrets);
    sql(
        "insert into oidc_attempt (id, token_hash, state_hash, secrets_sealed, user_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(attempt.id.clone())
    .bind(attempt.token_hash.clone())
    .bind(attempt.state_hash.clone())
    .bind(sealed)
    .bind(attempt.user.clone())
    .bind(attempt.created_at)
    .bind(attempt.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The attempt of this cookie that still waits.
pub async fn find_live(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<LoginAttempt>> {
    let row: Option<AttemptRow> = sql(
        "select id, token_hash, state_hash, secrets_sealed, user_id, created_at, expires_at from oidc_attempt
         where token_hash = $1 and expires_at > $2",
    )
    .bind(token_hash.to_vec())
    .bind(now)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        let secrets = tx.unseal_json(Cell::new(TABLE, row.id.as_str(), SECRETS), &row.secrets_sealed)?;
        Ok(LoginAttempt {
            id: row.id,
            token_hash: row.token_hash,
            state_hash: row.state_hash,
            secrets,
            user: row.user_id,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    })
    .transpose()
}

/// Ends it, and says whether it was there: of two who come back with it at once, one finds it.
pub async fn delete(tx: &mut Tx, id: &LoginAttemptId) -> Result<bool> {
    let deleted = sql("delete from oidc_attempt where id = $1")
        .bind(id.clone())
        .execute(tx)
        .await?;
    Ok(deleted > 0)
}

/// Those that nobody came back with.
pub async fn delete_expired(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    sql("delete from oidc_attempt where expires_at <= $1")
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
