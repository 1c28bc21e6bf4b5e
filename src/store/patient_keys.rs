//! Whom a referral may be about, among very many patients: those who share the most telling keyed hashes.
//!
//! In a large register a name in a city is shared by hundreds, and to open and compare all of them takes too long. So the keys
//! that few share are looked through first, and those are opened who share most. A key's weight is one, divided among its
//! holders: whoever shares a key with fewer than `OPENED_MAX / KEYS_MAX` others is opened whatever else is common.

use super::{Result, Tx, patients, sql};
use crate::crypto::{BlindIndex, TenantKeys};
use crate::domain::ids::PatientId;
use crate::domain::matching::{BlockingKey, KEYS_MAX, Person, blocking_keys};
use crate::domain::register::Record;
use std::collections::{BTreeMap, BTreeSet};

/// How many are opened for one question: some 40 microseconds each.
const OPENED_MAX: usize = 140;

/// How many holders of keys are looked through. A key that more share tells nothing by itself.
const HOLDERS_MAX: i64 = 3_000;

/// A keyed hash, and how many patients have it.
type Held = (Vec<u8>, i64);

/// All who may be this person, opened; nobody who was merged into another.
pub async fn candidates(tx: &mut Tx, asked: &Person) -> Result<Vec<(PatientId, Record)>> {
    let asked = blocking_keys(asked);
    let versions: Vec<Vec<Vec<u8>>> = tx
        .keys()
        .search
        .iter()
        .map(|(_, index)| hashes(index, &asked))
        .collect();
    let mut shared: BTreeMap<PatientId, f64> = BTreeMap::new();
    // A patient's keys are all of one version.
    for hashes in versions {
        let telling = most_telling(held(tx, &hashes).await?);
        for (hash, id) in holders(tx, telling.keys()).await? {
            *shared.entry(id).or_default() += telling.get(&hash).copied().unwrap_or_default();
        }
    }
    let found = patients::find_all(tx, &who_share_most(shared)).await?;
    Ok(found.into_iter().map(|patient| (patient.id, patient.record)).collect())
}

/// The rarest keys, as many as may be looked through, with what each tells of one holder.
fn most_telling(mut held: Vec<Held>) -> BTreeMap<Vec<u8>, f64> {
    held.sort_unstable_by_key(|(_, count)| *count);
    let mut looked_through = 0;
    held.into_iter()
        .take_while(|(_, count)| {
            looked_through += count;
            looked_through <= HOLDERS_MAX
        })
        .map(|(hash, count)| (hash, 1.0 / count as f64))
        .collect()
}

fn who_share_most(shared: BTreeMap<PatientId, f64>) -> Vec<PatientId> {
    let mut shared: Vec<_> = shared.into_iter().collect();
    // Ids break ties, so that a question asked twice has one answer.
    shared.sort_by(|(one, weight), (other, other_weight)| other_weight.total_cmp(weight).then(one.cmp(other)));
    shared.truncate(OPENED_MAX);
    shared.into_iter().map(|(id, _)| id).collect()
}

/// One statement for all keys, since each is a way to the database and back. What is missing of fourteen finds nobody.
async fn held(tx: &mut Tx, hashes: &[Vec<u8>]) -> Result<Vec<Held>> {
    let mut statement = sql("select value_index, count(*) from patient_key
         where value_index in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         group by value_index");
    for at in 0..KEYS_MAX {
        statement = statement.bind(hashes.get(at).cloned().unwrap_or_default());
    }
    statement.fetch_all(tx).await
}

async fn holders(tx: &mut Tx, hashes: impl Iterator<Item = &Vec<u8>>) -> Result<Vec<(Vec<u8>, PatientId)>> {
    let mut hashes = hashes.cloned();
    let mut statement = sql("select value_index, patient_id from patient_key
         where value_index in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
    for _ in 0..KEYS_MAX {
        statement = statement.bind(hashes.next().unwrap_or_default());
    }
    statement.fetch_all(tx).await
}

/// Writes what a patient is found by, and takes away what they are found by no more.
pub async fn put(tx: &mut Tx, id: &PatientId, record: &Record) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_few_share_are_looked_through_first() {
        let held = |counts: &[i64]| {
            counts
                .iter()
                .map(|count| (count.to_be_bytes().to_vec(), *count))
                .collect()
        };
        let counts = |telling: BTreeMap<Vec<u8>, f64>| telling.len();
        assert_eq!(counts(most_telling(held(&[2_000, 1, 900, 40]))), 4);
        let two = most_telling(held(&[2_999, 1, 900]));
        assert!(two.values().all(|tells| *tells > 1.0 / 901.0));
        assert_eq!(counts(two), 2, "the commonest is left out");
        assert_eq!(
            counts(most_telling(held(&[HOLDERS_MAX + 1]))),
            0,
            "it alone tells nothing"
        );
    }

    #[test]
    fn whoever_shares_a_rare_key_is_opened() {
        let id = |number: i64| PatientId::new(chrono::DateTime::from_timestamp_millis(number).unwrap());
        let rare = 1.0 / (OPENED_MAX / KEYS_MAX) as f64;
        let asked = id(0);
        let mut shared: BTreeMap<_, _> = (1..4_000).map(|number| (id(number), 0.9 * rare)).collect();
        shared.insert(asked.clone(), rare);
        let opened = who_share_most(shared);
        assert_eq!((opened.len(), &opened[0]), (OPENED_MAX, &asked));
    }
}
