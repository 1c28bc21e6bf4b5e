//! Pages that should not have come here: who marked them, whether the sender was told, and when what they held was destroyed.

use super::changes::Change;
use super::counts::count;
use super::{Result, Tx, sql};
use crate::domain::arrangement::Misdirected;
use crate::domain::ids::{ObjectId, TransmissionId};
use chrono::{DateTime, Utc};

const TABLE: &str = "misdirected_page";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MisdirectedPage {
    pub transmission: TransmissionId,
    pub number: u32,
    pub reason: Misdirected,
    pub marked_by: String,
    pub marked_at: DateTime<Utc>,
    pub told_at: Option<DateTime<Utc>>,
    pub destroyed_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct MisdirectedRow {
    transmission_id: TransmissionId,
    number: i64,
    reason: Misdirected,
    marked_by: String,
    marked_at: DateTime<Utc>,
    told_at: Option<DateTime<Utc>>,
    destroyed_at: Option<DateTime<Utc>>,
}

impl MisdirectedRow {
    fn page(self) -> Result<MisdirectedPage> {
        Ok(MisdirectedPage {
            number: count(TABLE, self.transmission_id.as_str(), "number", self.number)?,
            transmission: self.transmission_id,
            reason: self.reason,
            marked_by: self.marked_by,
            marked_at: self.marked_at,
            told_at: self.told_at,
            destroyed_at: self.destroyed_at,
        })
    }
}

pub async fn mark(tx: &mut Tx, page: &MisdirectedPage) -> Result<()> {
    sql(
        "insert into misdirected_page (transmission_id, number, reason, marked_by, marked_at) values ($1, $2, $3, $4, $5)
         on conflict (transmission_id, number) do update set reason = excluded.reason",
    )
    .bind(&page.transmission)
    .bind(i64::from(page.number))
    .bind(page.reason)
    .bind(page.marked_by.clone())
    .bind(page.marked_at)
    .execute(tx)
    .await?;
    tx.changed(Change::Desk);
    Ok(())
}

/// It is ours after all.
pub async fn unmark(tx: &mut Tx, id: &TransmissionId, number: u32) -> Result<()> {
    tx.changed(Change::Desk);
    sql("delete from misdirected_page where transmission_id = $1 and number = $2")
        .bind(id)
        .bind(i64::from(number))
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn of_transmission(tx: &mut Tx, id: &TransmissionId) -> Result<Vec<MisdirectedPage>> {
    sql(
        "select transmission_id, number, reason, marked_by, marked_at, told_at, destroyed_at
         from misdirected_page where transmission_id = $1 order by number",
    )
    .bind(id)
    .fetch_all::<MisdirectedRow>(tx)
    .await?
    .into_iter()
    .map(MisdirectedRow::page)
    .collect()
}

/// Those whose sender nobody has told yet, by transmission, the oldest first.
pub async fn untold(tx: &mut Tx, limit: u32) -> Result<Vec<MisdirectedPage>> {
    sql(
        "select transmission_id, number, reason, marked_by, marked_at, told_at, destroyed_at
         from misdirected_page where told_at is null order by transmission_id, number limit $1",
    )
    .bind(i64::from(limit))
    .fetch_all::<MisdirectedRow>(tx)
    .await?
    .into_iter()
    .map(MisdirectedRow::page)
    .collect()
}

/// Notes when the sender was told. Says of how many pages.
pub async fn set_told(tx: &mut Tx, id: &TransmissionId, told_at: DateTime<Utc>, by: &str) -> Result<u64> {
    tx.changed(Change::Desk);
    sql("update misdirected_page set told_at = $2, told_by = $3 where transmission_id = $1 and told_at is null")
        .bind(id)
        .bind(told_at)
        .bind(by.to_owned())
        .execute(tx)
        .await
}

/// Pages that were marked before `before`, still open, and are under no hold: the oldest first.
pub async fn expired(tx: &mut Tx, before: DateTime<Utc>, limit: i64) -> Result<Vec<MisdirectedPage>> {
    sql(
        "select transmission_id, number, reason, marked_by, marked_at, told_at, destroyed_at
         from misdirected_page
         where marked_at < $1 and destroyed_at is null
           and not exists (select 1 from legal_hold
               where legal_hold.transmission_id = misdirected_page.transmission_id and lifted_at is null)
         order by marked_at, transmission_id, number limit $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all::<MisdirectedRow>(tx)
    .await?
    .into_iter()
    .map(MisdirectedRow::page)
    .collect()
}

pub async fn set_destroyed(tx: &mut Tx, id: &TransmissionId, number: u32, now: DateTime<Utc>) -> Result<()> {
    sql("update misdirected_page set destroyed_at = $3 where transmission_id = $1 and number = $2")
        .bind(id)
        .bind(i64::from(number))
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// What was bound of documents that the machine took this page for a part of: it shows the page, too.
pub async fn bound_with(tx: &mut Tx, id: &TransmissionId, number: u32) -> Result<Vec<ObjectId>> {
    sql("select bound_object from document
         where transmission_id = $1 and bound_object is not null and page_from <= $2 and page_to >= $2")
    .bind(id)
    .bind(i64::from(number))
    .fetch_scalars(tx)
    .await
}

/// Transmissions of which nothing is ours and every page is destroyed, whose original still opens: worked on by nobody and under
/// no hold.
pub async fn originals_left(tx: &mut Tx, limit: i64) -> Result<Vec<(TransmissionId, ObjectId)>> {
    sql(
        "select distinct transmission.id, transmission.object_id from misdirected_page
         join transmission on transmission.id = misdirected_page.transmission_id
         join object on object.id = transmission.object_id
         where object.shredded_at is null
           and not exists (select 1 from page where page.transmission_id = transmission.id and not page.blank
               and not exists (select 1 from misdirected_page as gone
                   where gone.transmission_id = page.transmission_id and gone.number = page.number
                     and gone.destroyed_at is not null))
           and not exists (select 1 from referral where referral.transmission_id = transmission.id
               and status not in ('rejected', 'declined', 'cancelled', 'closed'))
           and not exists (select 1 from legal_hold
               where legal_hold.transmission_id = transmission.id and lifted_at is null)
         order by transmission.id limit $1",
    )
    .bind(limit)
    .fetch_all(tx)
    .await
}
