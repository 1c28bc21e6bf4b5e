//! Finding patients without opening what is stored of them: candidates by keyed hashes, and only those are opened.
//!
//! Hashed are identifiers, phones, and the birth date with the sound of the family name. A birth date alone would be told by
//! how often it comes: it is cut to a bucket that several dates share.

use super::{Cell, Result, Tx, sql};
use crate::crypto::{BlindIndex, TenantKeys};
use crate::domain::fields::FieldContent;
use crate::domain::ids::ReferralId;
use crate::domain::patient::{Patient, identifier};
use std::collections::{BTreeMap, BTreeSet};

/// How many referrals are opened for one hash, the newest. A bucket of birth dates holds 250 of a million.
const CANDIDATES_MAX: i64 = 1_000;

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// Also everybody with the same birth date: for a person who looks.
    Wide,
    /// Who may well be the same patient: identifier, phone, or birth date and name.
    Near,
}

/// Writes what a referral is found by, in place of what it was found by before. What stays is left alone: a correction
/// changes one or two of ten, and each statement is a way to the database and back.
pub async fn put(tx: &mut Tx, referral: &ReferralId, patient: &Patient) -> Result<()> {
    let wanted: BTreeSet<Vec<u8>> = hashes_of(tx.keys(), patient).into_iter().collect();
    let written: Vec<Vec<u8>> = sql("select value_index from search_key where referral_id = $1")
        .bind(referral.clone())
        .fetch_scalars(tx)
        .await?;
    let written: BTreeSet<Vec<u8>> = written.into_iter().collect();
    for hash in written.difference(&wanted) {
        sql("delete from search_key where value_index = $1 and referral_id = $2")
            .bind(hash.clone())
            .bind(referral.clone())
            .execute(tx)
            .await?;
    }
    for hash in wanted.difference(&written) {
        sql("insert into search_key (value_index, referral_id) values ($1, $2) on conflict do nothing")
            .bind(hash.clone())
            .bind(referral.clone())
            .execute(tx)
            .await?;
    }
    let version = tx.keys().search[0].0;
    sql("update referral set search_version = $2 where id = $1 and coalesce(search_version, -1) <> $2")
        .bind(referral.clone())
        .bind(i64::from(version))
        .execute(tx)
        .await?;
    Ok(())
}

/// Referrals of patients that may be the one asked about, opened as far as patients go. Nobody is found by a name alone.
pub async fn candidates(tx: &mut Tx, asked: &Patient, breadth: Breadth) -> Result<BTreeMap<ReferralId, Patient>> {
    let keys = tx.keys().search.iter();
    let all: Vec<_> = keys.flat_map(|(_, index)| hashes(index, asked, breadth)).collect();
    let mut found = BTreeMap::new();
    for hash in all {
        for row in rows_of(tx, hash).await? {
            row.add_to(tx, &mut found)?;
        }
    }
    Ok(found)
}

/// Referrals whose hashes are missing or were made with an older key, behind `after`.
pub async fn outdated(tx: &mut Tx, after: Option<&ReferralId>, limit: u32) -> Result<Vec<ReferralId>> {
    let newest = i64::from(tx.keys().search[0].0);
    sql("select id from referral where id > $1 and coalesce(search_version, -1) < $2 order by id limit $3")
        .bind(after.map_or("", ReferralId::as_str).to_owned())
        .bind(newest)
        .bind(i64::from(limit))
        .fetch_scalars(tx)
        .await
}

/// What a referral of this patient is found by, under the newest key.
pub fn hashes_of(keys: &TenantKeys, patient: &Patient) -> Vec<Vec<u8>> {
    hashes(&keys.search[0].1, patient, Breadth::Wide)
}

fn hashes(index: &BlindIndex, patient: &Patient, breadth: Breadth) -> Vec<Vec<u8>> {
    let mut hashes = Vec::new();
    let identifiers = patient.identifiers.iter().map(|text| identifier(text));
    hashes.extend(
        identifiers
            .filter(|text| !text.is_empty())
            .map(|text| index.index("patient.identifier", &text)),
    );
    hashes.extend(patient.phones.iter().map(|phone| index.index("patient.phone", phone)));
    if let Some(birth_date) = &patient.birth_date {
        let sounds = patient.family_sounds();
        hashes.extend(
            sounds
                .iter()
                .map(|sound| index.index("patient.birth_date+family_sound", &format!("{birth_date} {sound}"))),
        );
        if breadth == Breadth::Wide {
            hashes.push(index.bucket("patient.birth_date", birth_date));
        }
    }
    hashes
}

/// A value that tells a patient from another.
#[derive(sqlx::FromRow)]
struct PatientRow {
    referral_id: ReferralId,
    id: String,
    key: String,
    value_sealed: Option<Vec<u8>>,
}

async fn rows_of(tx: &mut Tx, hash: Vec<u8>) -> Result<Vec<PatientRow>> {
    sql("select v.referral_id, v.id, v.key, v.value_sealed
         from (select referral_id from search_key where value_index = $1 order by referral_id desc limit $2) candidate
         join field_value v on v.referral_id = candidate.referral_id
         where v.key in ('patient.name', 'patient.birth_date', 'patient.phone', 'patient.mrn', 'insurance.member_id',
                         'insurance.secondary.member_id')
           and v.sequence = (select max(n.sequence) from field_value n
                             where n.referral_id = v.referral_id and n.key = v.key)")
    .bind(hash)
    .bind(CANDIDATES_MAX)
    .fetch_all(tx)
    .await
}

impl PatientRow {
    fn add_to(self, tx: &Tx, found: &mut BTreeMap<ReferralId, Patient>) -> Result<()> {
        let patient = found.entry(self.referral_id).or_default();
        let Some(sealed) = self.value_sealed else { return Ok(()) };
        let content = tx.unseal_json(Cell::new("field_value", &self.id, "value_sealed"), &sealed)?;
        let FieldContent::Text(text) = content else {
            return Ok(());
        };
        add(patient, &self.key, text);
        Ok(())
    }
}

/// Whether a referral is found by what this field says.
pub fn uses(key: &str) -> bool {
    let mut patient = Patient::default();
    add(&mut patient, key, "x".to_owned());
    patient != Patient::default()
}

/// Puts a field's value where it belongs in a patient.
pub fn add(patient: &mut Patient, key: &str, text: String) {
    let list = match key {
        "patient.name" => {
            patient.name = Some(text);
            return;
        }
        "patient.birth_date" => {
            patient.birth_date = Some(text);
            return;
        }
        "patient.phone" => &mut patient.phones,
        "patient.mrn" | "insurance.member_id" | "insurance.secondary.member_id" => &mut patient.identifiers,
        _ => return,
    };
    if !list.contains(&text) {
        list.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::uses;

    #[test]
    fn a_referral_is_found_by_what_tells_patients_apart() {
        for key in [
            "patient.name",
            "patient.birth_date",
            "patient.phone",
            "patient.mrn",
            "insurance.member_id",
        ] {
            assert!(uses(key), "{key}");
        }
        for key in [
            "patient.address",
            "referral.reason",
            "referrer.phone",
            "insurance.payer",
        ] {
            assert!(!uses(key), "{key}");
        }
    }
}
