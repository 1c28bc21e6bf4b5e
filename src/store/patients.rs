//! The register of patients: sealed records, found by keyed hashes of what people are known by.

use super::{Cell, Result, Tx, sql, sql_for};
use crate::crypto::{BlindIndex, TenantKeys};
use crate::domain::ids::{PatientId, ReferralId};
use crate::domain::matching::{BlockingKey, KEYS_MAX, Person, blocking_keys};
use crate::domain::register::Record;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use std::collections::BTreeSet;

const TABLE: &str = "patient";

/// How many are opened for one question. A key holds some hundreds at most at a million patients.
const CANDIDATES_MAX: i64 = 2_000;

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
    put_keys(tx, id, record).await
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
    put_keys(tx, id, record).await
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

/// All who may be this person, opened; nobody who was merged into another.
pub async fn candidates(tx: &mut Tx, asked: &Person) -> Result<Vec<(PatientId, Record)>> {
    let asked = blocking_keys(asked);
    let hashes: BTreeSet<Vec<u8>> = tx
        .keys()
        .search
        .iter()
        .flat_map(|(_, index)| hashes(index, &asked))
        .collect();
    let hashes: Vec<Vec<u8>> = hashes.into_iter().collect();
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for some in hashes.chunks(KEYS_MAX) {
        for row in rows_of(tx, some).await? {
            if known.insert(row.id.clone()) {
                let patient = row.open(tx)?;
                found.push((patient.id, patient.record));
            }
        }
    }
    Ok(found)
}

/// One statement for all keys, since each is a way to the database and back. What is missing of fourteen finds nobody.
async fn rows_of(tx: &mut Tx, hashes: &[Vec<u8>]) -> Result<Vec<PatientRow>> {
    let mut statement = sql("select p.id, p.record_sealed, p.merged_into, p.created_at, p.updated_at
         from patient p
         where p.merged_into is null and p.id in (
             select patient_id from patient_key
             where value_index in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) limit $1)")
    .bind(CANDIDATES_MAX);
    for at in 0..KEYS_MAX {
        statement = statement.bind(hashes.get(at).cloned().unwrap_or_default());
    }
    statement.fetch_all(tx).await
}

async fn put_keys(tx: &mut Tx, id: &PatientId, record: &Record) -> Result<()> {
    let wanted: BTreeSet<Vec<u8>> = hashes_of(tx.keys(), record).into_iter().collect();
    let written: Vec<Vec<u8>> = sql("select value_index from patient_key where patient_id = $1")
        .bind(id.clone())
        .fetch_scalars(tx)
        .await?;
    let written: BTreeSet<Vec<u8>> = written.into_iter().collect();
    for hash in written.difference(&wanted) {
        sql("delete from patient_key where value_index = $1 and patient_id = $2")
            .bind(hash.clone())
            .bind(id.clone())
            .execute(tx)
            .await?;
    }
    for hash in wanted.difference(&written) {
        sql("insert into patient_key (value_index, patient_id) values ($1, $2) on conflict do nothing")
            .bind(hash.clone())
            .bind(id.clone())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// What a patient of this record is found by, under the newest key.
pub fn hashes_of(keys: &TenantKeys, record: &Record) -> Vec<Vec<u8>> {
    let people = record.descriptions.iter();
    let all: BTreeSet<BlockingKey> = people.flat_map(|one| blocking_keys(&one.person)).collect();
    let all: Vec<BlockingKey> = all.into_iter().collect();
    hashes(&keys.search[0].1, &all)
}

fn hashes(index: &BlindIndex, keys: &[BlockingKey]) -> Vec<Vec<u8>> {
    let hashed = keys
        .iter()
        .map(|key| index.index(&format!("register.{}", key.kind.name()), &key.text));
    hashed.collect()
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
