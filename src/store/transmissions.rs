//! Transmissions: what arrived, once each. The door and the gateway's fax id are the key; the bytes' hash never is.

use super::changes::Change;
use super::counts::count;
use super::{Cell, Error, Result, Tx, sql};
use crate::domain::access::Reach;
use crate::domain::ids::{ObjectId, TransmissionId};
use crate::domain::site::SiteKey;
use crate::domain::transmission::{QuarantineReason, Stage, TransmissionDetails};
use chrono::{DateTime, Utc};

const TABLE: &str = "transmission";

/// One thing that arrived in one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmission {
    pub id: TransmissionId,
    pub door: String,
    pub site: SiteKey,
    pub fax_id: String,
    /// SHA-256 of the bytes received, hex.
    pub sha256: String,
    pub bytes: u64,
    pub object: ObjectId,
    pub media_type: Option<String>,
    pub details: TransmissionDetails,
    /// How many pages it has, known from when it was opened.
    pub pages: Option<u32>,
    /// How many of them were read so far, those included that can't be.
    pub pages_read: u32,
    pub pages_unreadable: u32,
    pub stage: Stage,
    pub reason: Option<QuarantineReason>,
    /// How many other documents came under the same fax id.
    pub conflicts: u32,
    pub received_at: DateTime<Utc>,
    pub arrived_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct TransmissionRow {
    id: TransmissionId,
    door: String,
    site: SiteKey,
    fax_id_sealed: Vec<u8>,
    sha256_sealed: Vec<u8>,
    bytes: i64,
    object_id: ObjectId,
    media_type: Option<String>,
    details_sealed: Vec<u8>,
    pages: Option<i64>,
    pages_read: i64,
    pages_unreadable: i64,
    stage: Stage,
    reason: Option<QuarantineReason>,
    conflicts: i64,
    received_at: DateTime<Utc>,
    arrived_at: DateTime<Utc>,
}

impl TransmissionRow {
    fn transmission(self, tx: &Tx) -> Result<Transmission> {
        let row = self.id.to_string();
        let counted = |column, value| count(TABLE, &row, column, value);
        if (self.stage == Stage::Quarantined) != self.reason.is_some() {
            return Err(Error::inconsistent(TABLE, &row, "reason"));
        }
        Ok(Transmission {
            fax_id: tx.unseal_json(Cell::new(TABLE, &row, "fax_id_sealed"), &self.fax_id_sealed)?,
            sha256: tx.unseal_json(Cell::new(TABLE, &row, "sha256_sealed"), &self.sha256_sealed)?,
            bytes: count(TABLE, &row, "bytes", self.bytes)?,
            details: tx.unseal_json(Cell::new(TABLE, &row, "details_sealed"), &self.details_sealed)?,
            pages: self.pages.map(|pages| counted("pages", pages)).transpose()?,
            pages_read: counted("pages_read", self.pages_read)?,
            pages_unreadable: counted("pages_unreadable", self.pages_unreadable)?,
            conflicts: counted("conflicts", self.conflicts)?,
            id: self.id,
            door: self.door,
            site: self.site,
            object: self.object_id,
            media_type: self.media_type,
            stage: self.stage,
            reason: self.reason,
            received_at: self.received_at,
            arrived_at: self.arrived_at,
        })
    }
}

/// What [`insert`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    New,
    /// This door brought this fax id before; nothing was written.
    Known,
}

/// Writes a transmission, of which no page was read, unless its door brought the same fax id before. A door's own site goes
/// before the one that is given.
pub async fn insert(tx: &mut Tx, new: &Transmission) -> Result<Inserted> {
    let row = new.id.to_string();
    let written = sql("insert into transmission
           (id, door, fax_id_sealed, fax_id_index, content_index, sha256_sealed, bytes, object_id, media_type,
            details_sealed, pages, stage, reason, conflicts, received_at, arrived_at, site)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
            coalesce((select site from door where door.id = $2), $17))
         on conflict (door, fax_id_index) do nothing")
    .bind(new.id.clone())
    .bind(new.door.clone())
    .bind(tx.seal_json(Cell::new(TABLE, &row, "fax_id_sealed"), &new.fax_id))
    .bind(fax_id_index(tx, &new.fax_id))
    .bind(content_index(tx, &new.sha256))
    .bind(tx.seal_json(Cell::new(TABLE, &row, "sha256_sealed"), &new.sha256))
    .bind(new.bytes as i64)
    .bind(new.object.clone())
    .bind(new.media_type.clone())
    .bind(tx.seal_json(Cell::new(TABLE, &row, "details_sealed"), &new.details))
    .bind(new.pages.map(i64::from))
    .bind(new.stage)
    .bind(new.reason)
    .bind(i64::from(new.conflicts))
    .bind(new.received_at)
    .bind(new.arrived_at)
    .bind(new.site.clone())
    .execute(tx)
    .await?;
    if written == 0 {
        return Ok(Inserted::Known);
    }
    tx.changed(Change::Transmission(new.id.clone()));
    Ok(Inserted::New)
}

pub async fn find(tx: &mut Tx, id: &TransmissionId) -> Result<Option<Transmission>> {
    sql(
        "select id, door, site, fax_id_sealed, sha256_sealed, bytes, object_id, media_type, details_sealed, pages, stage,
                reason, conflicts, received_at, arrived_at,
                (select count(*) from page where page.transmission_id = transmission.id) as pages_read,
                (select count(unreadable) from page where page.transmission_id = transmission.id) as pages_unreadable
         from transmission where id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<TransmissionRow>(tx)
    .await?
    .map(|row| row.transmission(tx))
    .transpose()
}

pub async fn find_by_fax_id(tx: &mut Tx, door: &str, fax_id: &str) -> Result<Option<Transmission>> {
    let index = fax_id_index(tx, fax_id);
    sql(
        "select id, door, site, fax_id_sealed, sha256_sealed, bytes, object_id, media_type, details_sealed, pages, stage,
                reason, conflicts, received_at, arrived_at,
                (select count(*) from page where page.transmission_id = transmission.id) as pages_read,
                (select count(unreadable) from page where page.transmission_id = transmission.id) as pages_unreadable
         from transmission where door = $1 and fax_id_index = $2",
    )
    .bind(door.to_owned())
    .bind(index)
    .fetch_optional::<TransmissionRow>(tx)
    .await?
    .map(|row| row.transmission(tx))
    .transpose()
}

/// Newest first, of one stage or of all; `before` is the last id of the page before.
pub async fn list(
    tx: &mut Tx,
    stage: Option<Stage>,
    reach: &Reach,
    before: Option<&TransmissionId>,
    limit: u32,
) -> Result<Vec<Transmission>> {
    // Behind every id, in the order of any locale.
    let before = before.map_or("trn_Z", TransmissionId::as_str).to_owned();
    // Two statements, since one with `or` reads every row to find a rare stage.
    let statement = match stage {
        None => sql(
            "select id, door, site, fax_id_sealed, sha256_sealed, bytes, object_id, media_type, details_sealed, pages, stage,
                reason, conflicts, received_at, arrived_at,
                (select count(*) from page where page.transmission_id = transmission.id) as pages_read,
                (select count(unreadable) from page where page.transmission_id = transmission.id) as pages_unreadable
             from transmission
             where id < $1
               and ($3 = '*' or $3 like '%|' || site || '/*|%' or $3 like '%|' || site || '/reviewer|%'
                    or $3 like '%|*/reviewer|%')
             order by id desc limit $2",
        ),
        Some(_) => sql(
            "select id, door, site, fax_id_sealed, sha256_sealed, bytes, object_id, media_type, details_sealed, pages, stage,
                reason, conflicts, received_at, arrived_at,
                (select count(*) from page where page.transmission_id = transmission.id) as pages_read,
                (select count(unreadable) from page where page.transmission_id = transmission.id) as pages_unreadable
             from transmission
             where id < $1 and stage = $4
               and ($3 = '*' or $3 like '%|' || site || '/*|%' or $3 like '%|' || site || '/reviewer|%'
                    or $3 like '%|*/reviewer|%')
             order by id desc limit $2",
        ),
    };
    let statement = statement.bind(before).bind(i64::from(limit)).bind(reach.pattern());
    let statement = match stage {
        Some(stage) => statement.bind(stage),
        None => statement,
    };
    let rows = statement.fetch_all::<TransmissionRow>(tx).await?;
    rows.into_iter().map(|row| row.transmission(tx)).collect()
}

/// Moves a transmission on. A reason belongs to a quarantined one and to no other.
pub async fn set_stage(tx: &mut Tx, id: &TransmissionId, stage: Stage, reason: Option<QuarantineReason>) -> Result<()> {
    sql("update transmission set stage = $2, reason = $3 where id = $1")
        .bind(id.clone())
        .bind(stage)
        .bind(reason)
        .execute(tx)
        .await?;
    tx.changed(Change::Transmission(id.clone()));
    Ok(())
}

/// Notes what was learned of the file as a whole when it was opened.
pub async fn set_opened(tx: &mut Tx, id: &TransmissionId, media_type: &str, pages: u32) -> Result<()> {
    sql("update transmission set media_type = $2, pages = $3 where id = $1")
        .bind(id.clone())
        .bind(media_type.to_owned())
        .bind(i64::from(pages))
        .execute(tx)
        .await?;
    tx.changed(Change::Transmission(id.clone()));
    Ok(())
}

/// Keeps other bytes that came under a known fax id. Gives false where the same bytes were kept before.
pub async fn add_conflict(
    tx: &mut Tx,
    id: &TransmissionId,
    sha256: &str,
    object: &ObjectId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let written = sql(
        "insert into transmission_conflict (id, transmission_id, content_index, object_id, arrived_at)
         values ($1, $2, $3, $4, $5) on conflict (transmission_id, content_index) do nothing",
    )
    .bind(TransmissionId::new(now))
    .bind(id.clone())
    .bind(content_index(tx, sha256))
    .bind(object.clone())
    .bind(now)
    .execute(tx)
    .await?;
    if written == 1 {
        sql("update transmission set conflicts = conflicts + 1 where id = $1")
            .bind(id.clone())
            .execute(tx)
            .await?;
    }
    Ok(written == 1)
}

/// How many are not done, by stage.
pub async fn count_open(tx: &mut Tx) -> Result<Vec<(Stage, i64)>> {
    sql("select stage, count(*) from transmission
         where stage in ('stored', 'reading', 'extracting', 'quarantined') group by stage")
    .fetch_all(tx)
    .await
}

/// How many are done. They only grow: over years of them this takes its time.
pub async fn count_done(tx: &mut Tx) -> Result<i64> {
    sql("select count(*) from transmission where stage = 'done'")
        .fetch_scalar(tx)
        .await
}

pub(super) fn fax_id_index(tx: &Tx, fax_id: &str) -> Vec<u8> {
    tx.keys().blind.index("transmission.fax_id", fax_id)
}

fn content_index(tx: &Tx, sha256: &str) -> Vec<u8> {
    tx.keys().blind.index("transmission.content", sha256)
}
