//! A referral's history: who did what, from which status to which.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::{EventId, ReferralId, UserId};
use crate::domain::referral::StatusName;
use chrono::{DateTime, Utc};

const TABLE: &str = "referral_event";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// As [`Actor::reference`](crate::domain::people::Actor::reference) writes it.
    pub actor: String,
    /// The event's name, or `escalate`, `assign`.
    pub action: String,
    pub from: StatusName,
    pub to: StatusName,
    /// A coded reason.
    pub reason: Option<String>,
    /// Free text of a person.
    pub note: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: EventId,
    actor: String,
    action: String,
    from_status: StatusName,
    to_status: StatusName,
    reason: Option<String>,
    note_sealed: Option<Vec<u8>>,
    at: DateTime<Utc>,
}

pub async fn append(tx: &mut Tx, referral: &ReferralId, entry: &HistoryEntry) -> Result<()> {
    let id = EventId::new(entry.at);
    let note_sealed = entry
        .note
        .as_ref()
        .map(|note| tx.seal_json(Cell::new(TABLE, id.as_str(), "note_sealed"), note));
    sql("insert into referral_event
           (id, referral_id, sequence, actor, action, from_status, to_status, reason, note_sealed, at)
         values ($1, $2, (select coalesce(max(sequence), 0) + 1 from referral_event where referral_id = $2),
                 $3, $4, $5, $6, $7, $8, $9)")
    .bind(id)
    .bind(referral.clone())
    .bind(entry.actor.clone())
    .bind(entry.action.clone())
    .bind(entry.from)
    .bind(entry.to)
    .bind(entry.reason.clone())
    .bind(note_sealed)
    .bind(entry.at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Oldest first.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<Vec<HistoryEntry>> {
    let rows: Vec<EventRow> = sql(
        "select id, actor, action, from_status, to_status, reason, note_sealed, at
         from referral_event where referral_id = $1 order by sequence",
    )
    .bind(referral.clone())
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let note = match &row.note_sealed {
                Some(sealed) => Some(tx.unseal_json(Cell::new(TABLE, row.id.as_str(), "note_sealed"), sealed)?),
                None => None,
            };
            Ok(HistoryEntry {
                actor: row.actor,
                action: row.action,
                from: row.from_status,
                to: row.to_status,
                reason: row.reason,
                note,
                at: row.at,
            })
        })
        .collect()
}

/// On how many referrals people decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Decided {
    pub team: i64,
    pub mine: i64,
}

/// Referrals that people released, rejected, routed away or asked about since then. One that was decided twice counts once.
pub async fn decided_since(tx: &mut Tx, since: DateTime<Utc>, me: Option<&UserId>) -> Result<Decided> {
    // The index holds these three acts by their names: the same words must stand here.
    sql("select count(distinct referral_id) as team,
                count(distinct case when actor = $2 then referral_id end) as mine
         from referral_event
         where at >= $1 and action in ('release', 'reject', 'request_information') and substr(actor, 1, 4) = 'usr_'")
    .bind(since)
    .bind(me.map_or("", UserId::as_str).to_owned())
    .fetch_one(tx)
    .await
}
