//! Patients that were made one, and patients of whom somebody said that they are two.

use super::{Error, Result, Tx, sql};
use crate::domain::ids::{PatientId, PatientMergeId, ReferralId};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// One merge. What was moved is moved back when it is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    pub id: PatientMergeId,
    pub survivor: PatientId,
    pub loser: PatientId,
    pub moved: Vec<ReferralId>,
    pub merged_by: String,
    pub merged_at: DateTime<Utc>,
    pub undone: Option<(String, DateTime<Utc>)>,
}

#[derive(FromRow)]
struct MergeRow {
    id: PatientMergeId,
    survivor: PatientId,
    loser: PatientId,
    moved: String,
    merged_by: String,
    merged_at: DateTime<Utc>,
    undone_by: Option<String>,
    undone_at: Option<DateTime<Utc>>,
}

impl MergeRow {
    fn merge(self) -> Result<Merge> {
        let moved = serde_json::from_str(&self.moved)
            .map_err(|_| Error::inconsistent("patient_merge", self.id.as_str(), "moved"))?;
        Ok(Merge {
            id: self.id,
            survivor: self.survivor,
            loser: self.loser,
            moved,
            merged_by: self.merged_by,
            merged_at: self.merged_at,
            undone: self.undone_by.zip(self.undone_at),
        })
    }
}

pub async fn insert(tx: &mut Tx, merge: &Merge) -> Result<()> {
    sql("insert into patient_merge (id, survivor, loser, moved, merged_by, merged_at) values ($1, $2, $3, $4, $5, $6)")
        .bind(merge.id.clone())
        .bind(merge.survivor.clone())
        .bind(merge.loser.clone())
        .bind(serde_json::json!(merge.moved).to_string())
        .bind(merge.merged_by.clone())
        .bind(merge.merged_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &PatientMergeId) -> Result<Option<Merge>> {
    sql(
        "select id, survivor, loser, moved, merged_by, merged_at, undone_by, undone_at from patient_merge where id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<MergeRow>(tx)
    .await?
    .map(MergeRow::merge)
    .transpose()
}

/// In which a patient took part, the newest first.
pub async fn of_patient(tx: &mut Tx, id: &PatientId) -> Result<Vec<Merge>> {
    sql(
        "select id, survivor, loser, moved, merged_by, merged_at, undone_by, undone_at from patient_merge
         where survivor = $1 or loser = $1 order by merged_at desc, id desc",
    )
    .bind(id.clone())
    .fetch_all::<MergeRow>(tx)
    .await?
    .into_iter()
    .map(MergeRow::merge)
    .collect()
}

/// Notes that it was taken back. False where somebody did so before.
pub async fn undo(tx: &mut Tx, id: &PatientMergeId, by: &str, now: DateTime<Utc>) -> Result<bool> {
    let written = sql("update patient_merge set undone_by = $2, undone_at = $3 where id = $1 and undone_at is null")
        .bind(id.clone())
        .bind(by.to_owned())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// A person says that these are two.
pub async fn set_apart(tx: &mut Tx, one: &PatientId, other: &PatientId, by: &str, now: DateTime<Utc>) -> Result<()> {
    let (one, other) = if one < other { (one, other) } else { (other, one) };
    sql("insert into patient_apart (one, other, said_by, said_at) values ($1, $2, $3, $4) on conflict do nothing")
        .bind(one.clone())
        .bind(other.clone())
        .bind(by.to_owned())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Of whom it was said that they are another than this one, or than somebody who was made one with it. Those who were made one
/// with a further patient stand there as that one.
pub async fn apart_from(tx: &mut Tx, id: &PatientId) -> Result<Vec<PatientId>> {
    sql("with recursive member (id) as (
            select cast($1 as text)
            union
            select m.loser from patient_merge m join member on m.survivor = member.id where m.undone_at is null
         ), said (id) as (
            select a.other from patient_apart a join member on a.one = member.id
            union
            select a.one from patient_apart a join member on a.other = member.id
         ), standing (id, merged_into) as (
            select p.id, p.merged_into from patient p join said on p.id = said.id
            union
            select p.id, p.merged_into from patient p join standing on p.id = standing.merged_into
         )
         select id from standing where merged_into is null")
    .bind(id.clone())
    .fetch_scalars(tx)
    .await
}
