//! The audit log as a chain. A link's hash covers the link before and its row, so that a row that is changed, deleted, put in or
//! swapped breaks it. What is cut off at its end, or lost with an old backup, only a checkpoint outside the database shows.
//!
//! Links are not made in the act's own transaction: all acts would wait for each other at the head.

use super::audit::Row;
use super::{Result, Tx, sql, sql_for};
use crate::crypto::mac::sha256;
use crate::domain::ids::AuditId;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// A row may wait so long for its link.
const LINKED_WITHIN: TimeDelta = TimeDelta::seconds(60);
const LINKED_AT_A_TIME: i64 = 500;
const VERIFIED_AT_A_TIME: i64 = 1_000;
/// Any number that no other lock has.
const LOCK: i64 = 0x0061_7564_6974;

/// The newest link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// From 1; 0 where there is no link yet.
    pub seq: i64,
    pub hash: Vec<u8>,
}

/// The end of the chain as it was at some time, kept where nobody who changes the database can change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub seq: i64,
    pub hash: Vec<u8>,
}

/// What is wrong with the chain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// A link is gone, or was put at another place.
    Gap { seq: i64 },
    /// The row of a link is gone.
    RowMissing { seq: i64, audit: String },
    /// The link does not fit its row and the link before.
    Broken { seq: i64, audit: String },
    /// The row has waited for its link for too long, or lost it.
    Unlinked { audit: String },
    /// The chain ends before a checkpoint that was made of it: its end was cut off, or an old backup restored.
    Cut { seq: i64 },
    /// The chain says something else than a checkpoint that was made of it.
    Rewritten { seq: i64 },
}

/// The newest link, for a checkpoint.
pub async fn head(tx: &mut Tx) -> Result<Head> {
    let newest: Option<(i64, Vec<u8>)> = sql("select seq, hash from audit_chain order by seq desc limit 1")
        .fetch_optional(tx)
        .await?;
    Ok(newest.map_or_else(|| beginning(tx), |(seq, hash)| Head { seq, hash }))
}

/// What the first link is bound to: this installation.
fn beginning(tx: &Tx) -> Head {
    let bound = format!("referloop/audit-chain/v1 {}", tx.keys().tenant);
    Head {
        seq: 0,
        hash: sha256(bound.as_bytes()).to_vec(),
    }
}

fn hash(before: &[u8], row: &Row) -> Vec<u8> {
    // Both hashes have one length, so that the parts can't be shifted against each other.
    let text = [before, &sha256(&row.canonical()), &row.mac].concat();
    sha256(&text).to_vec()
}

/// Whether any row waits for its link.
pub async fn is_waited_for(tx: &mut Tx) -> Result<bool> {
    let waiting: Option<String> = sql("select audit_id from audit_unlinked limit 1")
        .fetch_optional_scalar(tx)
        .await?;
    Ok(waiting.is_some())
}

/// Links rows that wait, the oldest first. Gives how many; none where another process is at it.
pub async fn link(tx: &mut Tx) -> Result<u64> {
    let ours: i64 = sql_for(
        "select $1 - $1 + 1",
        "select case when pg_try_advisory_xact_lock($1) then 1::bigint else 0::bigint end",
    )
    .bind(LOCK)
    .fetch_scalar(tx)
    .await?;
    if ours == 0 {
        return Ok(0);
    }
    let rows: Vec<Row> = sql(
        "select a.id, a.at, a.actor, a.action, a.resource_kind, a.resource_id, a.outcome, a.detail, a.mac
         from audit_unlinked waiting join audit a on a.id = waiting.audit_id order by a.id limit $1",
    )
    .bind(LINKED_AT_A_TIME)
    .fetch_all(tx)
    .await?;
    let mut head = head(tx).await?;
    for row in &rows {
        head = Head {
            seq: head.seq + 1,
            hash: hash(&head.hash, row),
        };
        sql("insert into audit_chain (seq, audit_id, hash) values ($1, $2, $3)")
            .bind(head.seq)
            .bind(row.id.clone())
            .bind(head.hash.clone())
            .execute(tx)
            .await?;
        sql("delete from audit_unlinked where audit_id = $1")
            .bind(row.id.clone())
            .execute(tx)
            .await?;
    }
    Ok(rows.len() as u64)
}

#[derive(sqlx::FromRow)]
struct Link {
    seq: i64,
    audit_id: String,
    hash: Vec<u8>,
}

/// Goes along the whole chain, against its rows and against checkpoints. The first fault comes first.
pub async fn verify(tx: &mut Tx, checkpoints: &[Checkpoint], now: DateTime<Utc>) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut before = beginning(tx);
    loop {
        let links: Vec<Link> = sql("select seq, audit_id, hash from audit_chain where seq > $1 order by seq limit $2")
            .bind(before.seq)
            .bind(VERIFIED_AT_A_TIME)
            .fetch_all(tx)
            .await?;
        if links.is_empty() {
            break;
        }
        let rows = rows_of(tx, before.seq).await?;
        let rows: HashMap<&str, &Row> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
        for link in links {
            let row = rows.get(link.audit_id.as_str()).copied();
            faults.extend(fault(&before, &link, row));
            faults.extend(
                checkpoints
                    .iter()
                    .filter(|known| known.seq == link.seq)
                    .find_map(|known| (known.hash != link.hash).then_some(Fault::Rewritten { seq: link.seq })),
            );
            before = Head {
                seq: link.seq,
                hash: link.hash,
            };
        }
    }
    let last = checkpoints.iter().map(|known| known.seq).max();
    faults.extend(last.filter(|seq| *seq > before.seq).map(|seq| Fault::Cut { seq }));
    faults.extend(unlinked(tx, now).await?);
    Ok(faults)
}

/// The rows of the links that [`verify`] reads next.
async fn rows_of(tx: &mut Tx, after: i64) -> Result<Vec<Row>> {
    sql(
        "select a.id, a.at, a.actor, a.action, a.resource_kind, a.resource_id, a.outcome, a.detail, a.mac
         from (select audit_id from audit_chain where seq > $1 order by seq limit $2) link
         join audit a on a.id = link.audit_id",
    )
    .bind(after)
    .bind(VERIFIED_AT_A_TIME)
    .fetch_all(tx)
    .await
}

fn fault(before: &Head, link: &Link, row: Option<&Row>) -> Option<Fault> {
    let (seq, audit) = (link.seq, link.audit_id.clone());
    match row {
        _ if seq != before.seq + 1 => Some(Fault::Gap { seq: before.seq + 1 }),
        None => Some(Fault::RowMissing { seq, audit }),
        Some(row) if hash(&before.hash, row) != link.hash => Some(Fault::Broken { seq, audit }),
        Some(_) => None,
    }
}

/// Rows without a link, but for those of the last minute that still wait, and waiting ids whose row is gone.
async fn unlinked(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<Fault>> {
    let lost: Vec<AuditId> = sql("select a.id from audit a
         where not exists (select 1 from audit_chain link where link.audit_id = a.id)
           and (a.at <= $1 or not exists (select 1 from audit_unlinked waiting where waiting.audit_id = a.id))
         order by a.id")
    .bind(now - LINKED_WITHIN)
    .fetch_scalars(tx)
    .await?;
    let gone: Vec<AuditId> = sql("select waiting.audit_id from audit_unlinked waiting
         where not exists (select 1 from audit a where a.id = waiting.audit_id) order by waiting.audit_id")
    .fetch_scalars(tx)
    .await?;
    let faults = lost.into_iter().chain(gone);
    Ok(faults.map(|id| Fault::Unlinked { audit: id.to_string() }).collect())
}
