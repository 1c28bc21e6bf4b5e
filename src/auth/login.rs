//! Signing in: the same answer, after the same work, whether a name is unknown, a password wrong or an account waiting.

use super::password;
use super::session::Limits;
use crate::crypto::token::{hash_token, random_token};
use crate::domain::ids::SessionId;
use crate::domain::people::Actor;
use crate::store::audit::{self, Outcome};
use crate::store::sessions::{self, Session};
use crate::store::users::{self, User};
use crate::store::{self, Db, grants};
use chrono::{DateTime, TimeDelta, Utc};

/// Failures that cost nothing: everybody mistypes.
const FREE_FAILURES: i64 = 3;
/// A wait, never a lock-out for good: else anybody could lock out a clinic by typing its names.
const LONGEST_WAIT_SECONDS: i64 = 60;

/// How long an account waits after so many failures in a row: 2, 4, 8 … 60 seconds from the fourth.
pub fn wait_after(failures: i64) -> TimeDelta {
    let over = (failures - FREE_FAILURES).clamp(0, 6);
    let seconds = if over == 0 {
        0
    } else {
        (1_i64 << over).min(LONGEST_WAIT_SECONDS)
    };
    TimeDelta::seconds(seconds)
}

/// A new session's token for the cookie, or `None` when name and password don't fit.
pub async fn log_in(
    db: &Db,
    name: &str,
    password: &str,
    limits: Limits,
    now: DateTime<Utc>,
) -> store::Result<Option<String>> {
    let mut tx = db.read().await?;
    let user = users::find_by_name(&mut tx, name).await?;
    drop(tx);
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let password = password.to_owned();
    // Argon2 is meant to keep a core busy: not one that answers others.
    let fits = tokio::task::spawn_blocking(move || password::verify(&password, stored.as_deref()))
        .await
        .unwrap_or(false);
    let welcome = user
        .as_ref()
        .is_some_and(|user| fits && user.disabled_at.is_none() && user.locked_until.is_none_or(|until| until <= now));
    // Written on every way, since a commit takes time that could be measured.
    let mut tx = db.begin().await?;
    record(&mut tx, user.as_ref(), welcome, now).await?;
    let token = match user {
        Some(user) if welcome => Some(open_session(&mut tx, &user, limits, now).await?),
        Some(user) => {
            count_failure(&mut tx, &user, now).await?;
            None
        }
        None => None,
    };
    tx.commit().await?;
    Ok(token)
}

/// A name that nobody has is not kept: people type their password there by mistake.
async fn record(tx: &mut store::Tx, user: Option<&User>, welcome: bool, now: DateTime<Utc>) -> store::Result<()> {
    let actor = match user {
        Some(user) if welcome => Actor::User {
            id: user.id.clone(),
            name: user.name.clone(),
            access: grants::of(tx, &user.id).await?,
        },
        _ => Actor::System,
    };
    let entry = audit::Entry {
        actor: &actor,
        action: "login",
        resource_kind: "user",
        resource_id: user.map_or("unknown", |user| user.id.as_str()),
        outcome: if welcome { Outcome::Allowed } else { Outcome::Denied },
        detail: serde_json::json!({}),
    };
    audit::insert(tx, &entry, now).await
}

pub(super) async fn open_session(
    tx: &mut store::Tx,
    user: &User,
    limits: Limits,
    now: DateTime<Utc>,
) -> store::Result<String> {
    users::record_login(tx, &user.id, 0, None).await?;
    let token = random_token();
    let session = Session {
        id: SessionId::new(now),
        token_hash: hash_token(&token),
        user_id: user.id.clone(),
        created_at: now,
        expires_at: now + limits.absolute,
    };
    sessions::insert(tx, &session).await?;
    Ok(token)
}

pub(super) async fn count_failure(tx: &mut store::Tx, user: &User, now: DateTime<Utc>) -> store::Result<()> {
    // What is tried while the account waits doesn't count, or a loop of a stranger would keep it waiting for ever.
    if user.locked_until.is_some_and(|until| until > now) {
        return Ok(());
    }
    let failures = user.failed_logins + 1;
    let wait = wait_after(failures);
    let until = (wait > TimeDelta::zero()).then(|| now + wait);
    users::record_login(tx, &user.id, failures, until).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let waits: Vec<i64> = (1..=12).map(|failures| wait_after(failures).num_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    }
}
