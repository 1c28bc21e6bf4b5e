//! Second factors: the sealed secret of a person's codes, and their recovery codes as hashes.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::UserId;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use zeroize::Zeroizing;

const TABLE: &str = "second_factor";

/// A second factor that is set up.
pub struct SecondFactor {
    pub secret: Zeroizing<Vec<u8>>,
    pub changed_at: DateTime<Utc>,
    /// The time step of the last code that was accepted.
    pub last_step: i64,
}

#[derive(FromRow)]
struct Stored {
    secret_sealed: Option<Vec<u8>>,
    changed_at: DateTime<Utc>,
    last_step: i64,
}

pub async fn find(tx: &mut Tx, user: &UserId) -> Result<Option<SecondFactor>> {
    let stored: Option<Stored> = stored(tx, user).await?;
    let Some((sealed, stored)) = stored.and_then(|stored| stored.secret_sealed.clone().map(|sealed| (sealed, stored)))
    else {
        return Ok(None);
    };
    let secret = tx.unseal(Cell::new(TABLE, user.as_str(), "secret_sealed"), &sealed)?;
    Ok(Some(SecondFactor {
        secret: Zeroizing::new(secret),
        changed_at: stored.changed_at,
        last_step: stored.last_step,
    }))
}

/// When it was set up or removed last; none where there never was one.
pub async fn changed_at(tx: &mut Tx, user: &UserId) -> Result<Option<DateTime<Utc>>> {
    Ok(stored(tx, user).await?.map(|stored| stored.changed_at))
}

async fn stored(tx: &mut Tx, user: &UserId) -> Result<Option<Stored>> {
    sql("select secret_sealed, changed_at, last_step from second_factor where user_id = $1")
        .bind(user.clone())
        .fetch_optional(tx)
        .await
}

/// Sets it up, in place of one that there was. The code that confirmed it, of the step `last_step`, is used up.
pub async fn set(tx: &mut Tx, user: &UserId, secret: &[u8], last_step: i64, now: DateTime<Utc>) -> Result<()> {
    let sealed = tx.seal(Cell::new(TABLE, user.as_str(), "secret_sealed"), secret);
    sql(
        "insert into second_factor (user_id, secret_sealed, changed_at, last_step) values ($1, $2, $3, $4)
         on conflict (user_id) do update set secret_sealed = $2, changed_at = $3, last_step = $4",
    )
    .bind(user.clone())
    .bind(sealed)
    .bind(now)
    .bind(last_step)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes it away. Recovery codes stay, for who has passkeys.
pub async fn remove(tx: &mut Tx, user: &UserId, now: DateTime<Utc>) -> Result<()> {
    sql("update second_factor set secret_sealed = null, changed_at = $2 where user_id = $1")
        .bind(user.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// For who has no second factor any more.
pub async fn forget_recovery_codes(tx: &mut Tx, user: &UserId) -> Result<()> {
    sql("delete from recovery_code where user_id = $1")
        .bind(user.clone())
        .execute(tx)
        .await?;
    Ok(())
}

/// Uses up the code of a step. False where that one or a later one was used before (RFC 6238 §5.2).
pub async fn use_step(tx: &mut Tx, user: &UserId, step: i64) -> Result<bool> {
    let used = sql("update second_factor set last_step = $2 where user_id = $1 and last_step < $2")
        .bind(user.clone())
        .bind(step)
        .execute(tx)
        .await?;
    Ok(used == 1)
}

/// These, and no others any more.
pub async fn replace_recovery_codes(tx: &mut Tx, user: &UserId, hashes: &[Vec<u8>]) -> Result<()> {
    sql("delete from recovery_code where user_id = $1")
        .bind(user.clone())
        .execute(tx)
        .await?;
    for hash in hashes {
        sql("insert into recovery_code (user_id, code_hash) values ($1, $2)")
            .bind(user.clone())
            .bind(hash.clone())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Uses up a recovery code. False where there is none such, or it was used.
pub async fn use_recovery_code(tx: &mut Tx, user: &UserId, hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    let used = sql("update recovery_code set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null")
        .bind(user.clone())
        .bind(hash.to_vec())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(used == 1)
}

pub async fn count_recovery_codes(tx: &mut Tx, user: &UserId) -> Result<i64> {
    sql("select count(*) from recovery_code where user_id = $1 and used_at is null")
        .bind(user.clone())
        .fetch_scalar(tx)
        .await
}

/// Everybody who has one, be it a passkey.
pub async fn holders(tx: &mut Tx) -> Result<Vec<UserId>> {
    sql("select user_id from second_factor where secret_sealed is not null union select user_id from passkey")
        .fetch_scalars(tx)
        .await
}
