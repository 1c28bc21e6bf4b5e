//! The register of patients: sealed records, found by the keyed hashes of [`patient_keys`].

use super::{Cell, Result, Tx, patient_keys, sql, sql_for};
use crate::domain::ids::{PatientId, ReferralId};
use crate::domain::register::Record;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sqlx::types::Json;

const TABLE: &str = "patient";

/// Any number that no other lock has.
const NEWCOMERS_LOCK: i64 = 0x0070_6174_6965;

/// Below this nobody needs to know exactly.
const PATIENTS_MIN: i64 = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    pub id: PatientId,
    pub record: Record,
    /// The patient that this one turned out to be.
    pub merged_into: Option<PatientId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct PatientRow {
    id: PatientId,
    record_sealed: Vec<u8>,
    merged_into: Option<PatientId>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl PatientRow {
    fn open(self, tx: &Tx) -> Result<Patient> {
        let record = tx.unseal_json(Cell::new(TABLE, self.id.as_str(), "record_sealed"), &self.record_sealed)?;
        Ok(Patient {
            record,
            id: self.id,
            merged_into: self.merged_into,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// Writes a new patient with what they are found by.
pub async fn insert(tx: &mut Tx, id: &PatientId, record: &Record, now: DateTime<Utc>) -> Result<()> {
    let sealed = tx.seal_json(Cell::new(TABLE, id.as_str(), "record_sealed"), record);
    let version = i64::from(tx.keys().search[0].0);
    sql("insert into patient (id, record_sealed, key_version, created_at, updated_at) values ($1, $2, $3, $4, $4)")
        .bind(id.clone())
        .bind(sealed)
        .bind(version)
        .bind(now)
        .execute(tx)
        .await?;
    patient_keys::put(tx, id, record).await
}

/// Writes what is known of a patient now, and what they are found by.
pub async fn update(tx: &mut Tx, id: &PatientId, record: &Record, now: DateTime<Utc>) -> Result<()> {
    let sealed = tx.seal_json(Cell::new(TABLE, id.as_str(), "record_sealed"), record);
    let version = i64::from(tx.keys().search[0].0);
    sql("update patient set record_sealed = $2, key_version = $3, updated_at = $4 where id = $1")
        .bind(id.clone())
        .bind(sealed)
        .bind(version)
        .bind(now)
        .execute(tx)
        .await?;
    patient_keys::put(tx, id, record).await
}

/// Says whom this patient turned out to be, or that they are one of their own.
pub async fn set_merged(tx: &mut Tx, id: &PatientId, into: Option<&PatientId>) -> Result<()> {
    sql("update patient set merged_into = $2 where id = $1")
        .bind(id.clone())
        .bind(into.cloned())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &PatientId) -> Result<Option<Patient>> {
    sql("select id, record_sealed, merged_into, created_at, updated_at from patient where id = $1")
        .bind(id.clone())
        .fetch_optional::<PatientRow>(tx)
        .await?
        .map(|row| row.open(tx))
        .transpose()
}

/// As [`find`], and nobody else changes it until the transaction ends.
pub async fn find_to_change(tx: &mut Tx, id: &PatientId) -> Result<Option<Patient>> {
    sql_for(
        "select id, record_sealed, merged_into, created_at, updated_at from patient where id = $1",
        "select id, record_sealed, merged_into, created_at, updated_at from patient where id = $1 for update",
    )
    .bind(id.clone())
    .fetch_optional::<PatientRow>(tx)
    .await?
    .map(|row| row.open(tx))
    .transpose()
}

/// Waits until nobody else takes in a new patient, and keeps others from it until the transaction ends. SQLite has one writer.
pub async fn lock_newcomers(tx: &mut Tx) -> Result<()> {
    let _: i64 = sql_for(
        "select $1",
        "select case when pg_advisory_xact_lock($1) is null then 0::bigint else $1 end",
    )
    .bind(NEWCOMERS_LOCK)
    .fetch_scalar(tx)
    .await?;
    Ok(())
}

/// Those of these who are one of their own, opened.
pub async fn find_all(tx: &mut Tx, ids: &[PatientId]) -> Result<Vec<Patient>> {
    sql_for(
        "select id, record_sealed, merged_into, created_at, updated_at from patient
         where merged_into is null and id in (select value from json_each($1))",
        "select id, record_sealed, merged_into, created_at, updated_at from patient
         where merged_into is null and id in (select jsonb_array_elements_text($1))",
    )
    .bind(Json(ids))
    .fetch_all::<PatientRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.open(tx))
    .collect()
}

/// About how many there are: what a fit is worth depends on it, and not on the last hundred.
pub async fn about_how_many(tx: &mut Tx) -> Result<u64> {
    let about: i64 = sql_for(
        "select coalesce(max(rowid), 0) from patient",
        "select cast(greatest(reltuples, 0) as bigint) from pg_class where oid = 'patient'::regclass",
    )
    .fetch_scalar(tx)
    .await?;
    Ok(about.max(PATIENTS_MIN).unsigned_abs())
}

/// The referrals of a patient, the newest first.
pub async fn referrals_of(tx: &mut Tx, id: &PatientId, limit: u32) -> Result<Vec<ReferralId>> {
    sql("select id from referral where patient_id = $1 order by id desc limit $2")
        .bind(id.clone())
        .bind(i64::from(limit))
        .fetch_scalars(tx)
        .await
}

/// Patients whose keys were made with an older hashing key, behind `after`.
pub async fn outdated(tx: &mut Tx, after: Option<&PatientId>, limit: u32) -> Result<Vec<PatientId>> {
    let newest = i64::from(tx.keys().search[0].0);
    sql("select id from patient where id > $1 and key_version < $2 order by id limit $3")
        .bind(after.map_or("", PatientId::as_str).to_owned())
        .bind(newest)
        .bind(i64::from(limit))
        .fetch_scalars(tx)
        .await
}

/// Released referrals without a patient, behind `after`.
pub async fn unlinked(tx: &mut Tx, after: Option<&ReferralId>, limit: u32) -> Result<Vec<ReferralId>> {
    sql("select id from referral
         where id > $1 and patient_id is null
           and status not in ('received', 'in_review', 'ready', 'information_requested', 'rejected')
         order by id limit $2")
    .bind(after.map_or("", ReferralId::as_str).to_owned())
    .bind(i64::from(limit))
    .fetch_scalars(tx)
    .await
}
