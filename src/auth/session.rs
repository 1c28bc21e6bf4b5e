//! Sessions of browsers: an opaque token in a cookie, an idle end and an absolute end.

use super::login::record;
use super::{Caller, Proof};
use crate::crypto::mac;
use crate::crypto::token::hash_token;
use crate::domain::access::{Access, Grant};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::people::Actor;
use crate::domain::roles;
use crate::store::audit::Outcome;
use crate::store::sessions::Emergency;
use crate::store::{self, Db, sessions};
use chrono::{DateTime, TimeDelta, Utc};

/// When a session ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Without a request.
    pub idle: TimeDelta,
    /// However busy it is.
    pub absolute: TimeDelta,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            idle: TimeDelta::minutes(15),
            absolute: TimeDelta::hours(12),
        }
    }
}

/// Whether a request counts as use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    ByPerson,
    /// A page that refreshes itself must not keep a deserted screen signed in.
    Background,
}

/// A write for every request would cost a commit each; a minute is exact enough against fifteen.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Who is behind the cookie's token, if the session still lives.
pub async fn find(db: &Db, token: &str, limits: Limits, by: Use, now: DateTime<Utc>) -> store::Result<Option<Caller>> {
    let mut tx = db.read_once().await?;
    let found = sessions::find_live(&mut tx, &hash_token(token), now - limits.idle, now).await?;
    drop(tx);
    let Some(signed_in) = found else {
        return Ok(None);
    };
    if by == Use::ByPerson && now - signed_in.last_seen_at >= TOUCH_EVERY.min(limits.idle / 4) {
        let mut tx = db.begin().await?;
        sessions::touch(&mut tx, &signed_in.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Caller {
        emergency: signed_in.emergency.clone(),
        actor: Actor::User {
            id: signed_in.user_id,
            name: signed_in.name,
            access: in_emergency(signed_in.access, signed_in.emergency.as_ref()),
        },
        proof: Proof::Session {
            csrf: csrf_token(token),
            id: signed_in.id,
            stepped_up_at: signed_in.stepped_up_at,
        },
    }))
}

/// Whoever broke the glass sees for an hour what they were not granted, and changes nothing of it.
fn in_emergency(access: Access, emergency: Option<&Emergency>) -> Access {
    if emergency.is_none() {
        return access;
    }
    let mut grants = access.grants().to_vec();
    grants.push(Grant {
        role: roles::EMERGENCY.to_owned(),
        permissions: roles::EMERGENCY_MAY.into(),
        site: None,
        queue: None,
        practice: None,
    });
    Access::new(grants)
}

/// Ends the session of this token.
pub async fn end(db: &Db, token: &str, now: DateTime<Utc>) -> store::Result<()> {
    let mut tx = db.begin().await?;
    sessions::end(&mut tx, &hash_token(token), now).await?;
    tx.commit().await
}

/// Which sessions of their own somebody ends.
#[derive(Clone, Copy, Debug)]
pub enum Ended<'a> {
    One(&'a SessionId),
    /// All but the one in which they do it.
    Others(&'a SessionId),
}

/// Ends sessions of `user`, who asks for it; gives how many.
pub async fn end_own(
    db: &Db,
    actor: &Actor,
    user: &UserId,
    which: Ended<'_>,
    now: DateTime<Utc>,
) -> store::Result<u64> {
    let mut tx = db.begin().await?;
    let ended = match which {
        Ended::One(id) => u64::from(sessions::end_one(&mut tx, id, user, now).await?),
        Ended::Others(keep) => sessions::end_others(&mut tx, keep, user, now).await?,
    };
    if ended > 0 {
        let detail = serde_json::json!({ "sessions": ended });
        record(
            &mut tx,
            actor,
            "end_sessions",
            user.as_str(),
            Outcome::Allowed,
            detail,
            now,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(ended)
}

/// Bound to the session, since it is made of its secret token, which only the browser's cookie and nobody's page knows.
pub fn csrf_token(token: &str) -> String {
    hex::encode(mac::hmac_sha256(token.as_bytes(), b"referloop csrf v1"))
}

/// Compares in constant time.
pub fn csrf_fits(expected: &str, sent: &str) -> bool {
    !expected.is_empty() && mac::constant_time_eq(expected.as_bytes(), sent.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csrf_token_belongs_to_one_session() {
        let (mine, theirs) = (csrf_token("mine"), csrf_token("theirs"));
        assert!(csrf_fits(&mine, &csrf_token("mine")));
        assert!(!csrf_fits(&mine, &theirs));
        assert!(!csrf_fits("", ""));
    }
}
