//! Signed-in browsers. Only a hash of the cookie's token is kept.

use super::changes::Change;
use super::grants::{self, GrantRow};
use super::{Result, Tx, sql};
use crate::domain::access::Access;
use crate::domain::identity::ProvenBy;
use crate::domain::ids::{EmergencyId, SessionId, UserId};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub token_hash: Vec<u8>,
    pub user_id: UserId,
    pub created_at: DateTime<Utc>,
    /// The absolute end, however busy the session is.
    pub expires_at: DateTime<Utc>,
    pub proven_by: ProvenBy,
    /// What the browser says it is, shortened.
    pub user_agent: Option<String>,
}

/// A live session with the person behind it, and what they were granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub id: SessionId,
    pub last_seen_at: DateTime<Utc>,
    /// When the person last proved who they are.
    pub stepped_up_at: Option<DateTime<Utc>>,
    pub user_id: UserId,
    pub name: String,
    pub access: Access,
    /// The emergency in which this person sees what they were not granted.
    pub emergency: Option<Emergency>,
}

/// An emergency that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    pub id: EmergencyId,
    pub ends_at: DateTime<Utc>,
}

/// One line a grant; the session stands on each.
#[derive(FromRow)]
struct SignedInRow {
    id: SessionId,
    last_seen_at: DateTime<Utc>,
    stepped_up_at: Option<DateTime<Utc>>,
    user_id: UserId,
    name: String,
    role: Option<String>,
    site: Option<String>,
    queue: Option<String>,
    practice: Option<String>,
    permissions: Option<String>,
    emergency_id: Option<EmergencyId>,
    emergency_ends_at: Option<DateTime<Utc>>,
}

/// A live session, for its person's eyes.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Live {
    pub id: SessionId,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub proven_by: ProvenBy,
    pub user_agent: Option<String>,
}

/// A login opened it, which proved who the person is just now.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    sql(
        "insert into session (id, token_hash, user_id, created_at, last_seen_at, stepped_up_at, expires_at, proven_by, user_agent)
         values ($1, $2, $3, $4, $4, $4, $5, $6, $7)",
    )
    .bind(session.id.clone())
    .bind(session.token_hash.clone())
    .bind(session.user_id.clone())
    .bind(session.created_at)
    .bind(session.expires_at)
    .bind(session.proven_by)
    .bind(session.user_agent.clone())
    .execute(tx)
    .await?;
    Ok(())
}

/// The session behind a token, unless it has ended, timed out, or its person was disabled. Grants are read each time, so that a
/// change of them takes effect with the next request (ASVS 8.3.2).
pub async fn find_live(
    tx: &mut Tx,
    token_hash: &[u8],
    seen_after: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<SignedIn>> {
    let rows = sql(
        "select s.id, s.last_seen_at, s.stepped_up_at, s.user_id, u.name, g.role, g.site, g.queue, g.practice, r.permissions,
                e.id as emergency_id, e.ends_at as emergency_ends_at
         from session s join user_account u on u.id = s.user_id
         left join user_grant g on g.user_id = u.id left join composed_role r on r.name = g.role
         left join emergency e on e.user_id = u.id and e.ends_at > $2 and e.id =
             (select max(other.id) from emergency other where other.user_id = u.id and other.ends_at > $2)
         where s.token_hash = $1 and s.ended_at is null and u.disabled_at is null
           and s.expires_at > $2 and s.last_seen_at > $3
         order by g.granted_at, g.role, g.site, g.queue, g.practice",
    )
    .bind(token_hash.to_vec())
    .bind(now)
    .bind(seen_after)
    .fetch_all::<SignedInRow>(tx)
    .await?;
    let mut rows = rows.into_iter().peekable();
    let Some(first) = rows.peek() else { return Ok(None) };
    let emergency = match (&first.emergency_id, first.emergency_ends_at) {
        (Some(id), Some(ends_at)) => Some(Emergency {
            id: id.clone(),
            ends_at,
        }),
        _ => None,
    };
    let mut signed_in = SignedIn {
        id: first.id.clone(),
        last_seen_at: first.last_seen_at,
        stepped_up_at: first.stepped_up_at,
        user_id: first.user_id.clone(),
        name: first.name.clone(),
        access: Access::default(),
        emergency,
    };
    let granted = rows.filter_map(SignedInRow::grant).collect();
    signed_in.access = grants::access(tx, granted).await?;
    Ok(Some(signed_in))
}

impl SignedInRow {
    /// Nothing for a person who was granted nothing.
    fn grant(self) -> Option<GrantRow> {
        Some(GrantRow {
            role: self.role?,
            site: self.site?,
            queue: self.queue?,
            practice: self.practice?,
            permissions: self.permissions,
        })
    }
}

/// Moves the idle end.
pub async fn touch(tx: &mut Tx, id: &SessionId, now: DateTime<Utc>) -> Result<()> {
    sql("update session set last_seen_at = $2 where id = $1 and ended_at is null and last_seen_at < $2")
        .bind(id.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn end(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    sql("update session set ended_at = $2 where token_hash = $1 and ended_at is null")
        .bind(token_hash.to_vec())
        .bind(now)
        .execute(tx)
        .await?;
    tx.changed(Change::Session);
    Ok(())
}

/// Ends every session of one person, and says how many there were.
pub async fn end_all(tx: &mut Tx, user: &UserId, now: DateTime<Utc>) -> Result<u64> {
    tx.changed(Change::Session);
    sql("update session set ended_at = $2 where user_id = $1 and ended_at is null")
        .bind(user.clone())
        .bind(now)
        .execute(tx)
        .await
}

/// The live sessions of one person, the last used first.
pub async fn of_user(tx: &mut Tx, user: &UserId, seen_after: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<Live>> {
    sql("select id, created_at, last_seen_at, proven_by, user_agent from session
         where user_id = $1 and ended_at is null and expires_at > $2 and last_seen_at > $3
         order by last_seen_at desc, id desc")
    .bind(user.clone())
    .bind(now)
    .bind(seen_after)
    .fetch_all(tx)
    .await
}

/// Ends one session of this person, and says whether there was one to end.
pub async fn end_one(tx: &mut Tx, id: &SessionId, user: &UserId, now: DateTime<Utc>) -> Result<bool> {
    tx.changed(Change::Session);
    let ended = sql("update session set ended_at = $3 where id = $1 and user_id = $2 and ended_at is null")
        .bind(id.clone())
        .bind(user.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(ended == 1)
}

/// Ends all sessions of this person but one, and says how many there were.
pub async fn end_others(tx: &mut Tx, keep: &SessionId, user: &UserId, now: DateTime<Utc>) -> Result<u64> {
    tx.changed(Change::Session);
    sql("update session set ended_at = $3 where user_id = $2 and id <> $1 and ended_at is null")
        .bind(keep.clone())
        .bind(user.clone())
        .bind(now)
        .execute(tx)
        .await
}

/// The person proved once more who they are.
pub async fn step_up(tx: &mut Tx, id: &SessionId, now: DateTime<Utc>) -> Result<()> {
    sql("update session set stepped_up_at = $2 where id = $1 and ended_at is null")
        .bind(id.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
