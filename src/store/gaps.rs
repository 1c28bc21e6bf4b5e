//! Faxes that a gateway says it delivered and that are not here. That one came late is never written down: a gap ends by
//! itself with the row of its fax.

use super::transmissions::fax_id_index;
use super::{Cell, Result, Tx, sql};
use crate::domain::access::Reach;
use crate::domain::gap::CloseReason;
use crate::domain::ids::{DoorId, GapId, TransmissionId};
use chrono::{DateTime, Utc};

const TABLE: &str = "delivery_gap";

/// What is noted of a fax that is not here.
#[derive(Clone, Debug)]
pub struct NewGap<'a> {
    pub door: &'a DoorId,
    pub fax_id: &'a str,
    /// By the gateway's clock.
    pub received_at: Option<DateTime<Utc>>,
    /// Until then the fax may still be on its way.
    pub due_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub id: GapId,
    pub door: DoorId,
    pub fax_id: String,
    pub received_at: Option<DateTime<Utc>>,
    pub listed_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    /// What came since.
    pub transmission: Option<TransmissionId>,
    pub closed: Option<Closed>,
}

/// By whom a gap was closed, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub at: DateTime<Utc>,
    pub by: String,
    pub reason: CloseReason,
}

impl Gap {
    /// Since when it counts: since the gateway delivered it, where the gateway says so.
    pub fn since(&self) -> DateTime<Utc> {
        self.received_at.unwrap_or(self.listed_at).min(self.listed_at)
    }
}

#[derive(sqlx::FromRow)]
struct GapRow {
    id: GapId,
    door_id: DoorId,
    fax_id_sealed: Vec<u8>,
    received_at: Option<DateTime<Utc>>,
    listed_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    transmission_id: Option<TransmissionId>,
    closed_at: Option<DateTime<Utc>>,
    closed_by: Option<String>,
    close_reason: Option<CloseReason>,
}

impl GapRow {
    fn open(self, tx: &Tx) -> Result<Gap> {
        let fax_id = tx.unseal_json(Cell::new(TABLE, self.id.as_str(), "fax_id_sealed"), &self.fax_id_sealed)?;
        let closed = match (self.closed_at, self.closed_by, self.close_reason) {
            (Some(at), Some(by), Some(reason)) => Some(Closed { at, by, reason }),
            _ => None,
        };
        Ok(Gap {
            id: self.id,
            door: self.door_id,
            fax_id,
            received_at: self.received_at,
            listed_at: self.listed_at,
            due_at: self.due_at,
            transmission: self.transmission_id,
            closed,
        })
    }
}

/// Whether this door brought a fax of this id.
pub async fn is_held(tx: &mut Tx, door: &DoorId, fax_id: &str) -> Result<bool> {
    let index = fax_id_index(tx, fax_id);
    let held: i64 = sql("select count(*) from transmission where door = $1 and fax_id_index = $2")
        .bind(door.to_string())
        .bind(index)
        .fetch_scalar(tx)
        .await?;
    Ok(held > 0)
}

/// Notes a fax that is not here. Gives its id, or none where it was noted before.
pub async fn note(tx: &mut Tx, gap: &NewGap<'_>, now: DateTime<Utc>) -> Result<Option<GapId>> {
    let id = GapId::new(now);
    let sealed = tx.seal_json(Cell::new(TABLE, id.as_str(), "fax_id_sealed"), &gap.fax_id);
    let index = fax_id_index(tx, gap.fax_id);
    let written = sql(
        "insert into delivery_gap (id, door_id, fax_id_sealed, fax_id_index, received_at, listed_at, due_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (door_id, fax_id_index) do nothing",
    )
    .bind(id.clone())
    .bind(gap.door.clone())
    .bind(sealed)
    .bind(index)
    .bind(gap.received_at)
    .bind(now)
    .bind(gap.due_at)
    .execute(tx)
    .await?;
    Ok((written == 1).then_some(id))
}

/// Which gaps are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Of this door, or of all.
    pub door: Option<&'a DoorId>,
    /// Those too that were closed, or whose fax came since.
    pub ended: bool,
    /// The last of the page before.
    pub after: Option<&'a GapId>,
}

/// Gaps that are due at `now`, the oldest first.
pub async fn list(tx: &mut Tx, wanted: Wanted<'_>, reach: &Reach, now: DateTime<Utc>, limit: u32) -> Result<Vec<Gap>> {
    sql(
        "select g.id, g.door_id, g.fax_id_sealed, g.received_at, g.listed_at, g.due_at, t.id as transmission_id,
                g.closed_at, g.closed_by, g.close_reason
         from delivery_gap g
         left join transmission t on t.door = g.door_id and t.fax_id_index = g.fax_id_index
         where (cast($1 as text) is null or g.door_id = $1) and (cast($2 as text) is null or g.id > $2)
             and g.due_at <= $3 and ($4 or (g.closed_at is null and t.id is null))
             and exists (select 1 from door where door.id = g.door_id
               and ($6 = '*' or $6 like '%|' || door.site || '/*|%' or $6 like '%|' || door.site || '/reviewer|%'
                or $6 like '%|*/reviewer|%'))
         order by g.id limit $5",
    )
    .bind(wanted.door.cloned())
    .bind(wanted.after.cloned())
    .bind(now)
    .bind(wanted.ended)
    .bind(i64::from(limit))
    .bind(reach.pattern())
    .fetch_all::<GapRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.open(tx))
    .collect()
}

pub async fn find(tx: &mut Tx, id: &GapId) -> Result<Option<Gap>> {
    sql(
        "select g.id, g.door_id, g.fax_id_sealed, g.received_at, g.listed_at, g.due_at, t.id as transmission_id,
                g.closed_at, g.closed_by, g.close_reason
         from delivery_gap g
         left join transmission t on t.door = g.door_id and t.fax_id_index = g.fax_id_index
         where g.id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<GapRow>(tx)
    .await?
    .map(|row| row.open(tx))
    .transpose()
}

/// Closes a gap by hand. `false` where it was closed before.
pub async fn close(tx: &mut Tx, id: &GapId, by: &str, reason: CloseReason, now: DateTime<Utc>) -> Result<bool> {
    let changed = sql(
        "update delivery_gap set closed_at = $2, closed_by = $3, close_reason = $4
         where id = $1 and closed_at is null",
    )
    .bind(id.clone())
    .bind(now)
    .bind(by)
    .bind(reason)
    .execute(tx)
    .await?;
    tx.changed(super::changes::Change::Desk);
    Ok(changed == 1)
}

/// How a door stands: its open gaps, and when its deliveries were last checked.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    pub door: DoorId,
    pub gaps: i64,
    pub checked_at: Option<DateTime<Utc>>,
}

/// Every open door, also those without a gap.
pub async fn standings(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<Standing>> {
    sql("select d.id as door, c.checked_at,
             (select count(*) from delivery_gap g
              where g.door_id = d.id and g.closed_at is null and g.due_at <= $1
                  and not exists (select 1 from transmission t
                                  where t.door = g.door_id and t.fax_id_index = g.fax_id_index)) as gaps
         from door d left join door_check c on c.door_id = d.id
         where d.disabled_at is null order by d.id")
    .bind(now)
    .fetch_all(tx)
    .await
}
