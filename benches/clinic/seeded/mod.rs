//! Fills a database as years of faxes would: open referrals with all their fields, ended ones with their header and what they
//! are found by.

mod bulk;
pub mod people;
mod rows;

use bulk::{Bulk, Cell};
use chrono::{DateTime, TimeDelta, Utc};
use people::patient;
use referloop::app::App;
use referloop::domain::ids::{DocumentId, JobId, ObjectId, ReferralId, TransmissionId, UserId};
use referloop::store::search;
use rows::time;

#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub referrals: u64,
    pub open: u64,
    pub jobs: u64,
}

impl Sizes {
    /// The newest are open: these are their numbers.
    pub fn open_numbers(&self) -> std::ops::Range<u64> {
        self.referrals - self.open..self.referrals
    }
}

const AT_A_TIME: u64 = 20_000;
const OWNERS: u64 = 30;

const OBJECT: &str = "id, kind, version, bytes, stored_bytes, stored_sha256, wrapped_key, key_id, created_at";
const USER: &str = "id, name, password_hash, created_at";
const TRANSMISSION: &str = "id, door, fax_id_sealed, fax_id_index, content_index, sha256_sealed, bytes, object_id, media_type, \
    details_sealed, pages, stage, received_at, arrived_at";
const DOCUMENT: &str = "id, transmission_id, position, kind, page_from, page_to, state, created_at";
const REFERRAL: &str = "id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner, queue, \
    deadline_at, version, created_at, updated_at, search_version";
const FIELD: &str =
    "id, referral_id, key, sequence, source, value_sealed, raw_sealed, confidence, page, box, rule, created_at";
const JOB: &str = "id, lane, name, subject, payload, priority, due_at, created_at";

struct Seeder<'a> {
    app: &'a App,
    now: DateTime<Utc>,
    sizes: Sizes,
    object: String,
    owners: Vec<String>,
    rows: u64,
}

/// Gives the number of rows.
pub async fn fill(app: &App, url: &str, sizes: &Sizes) -> anyhow::Result<u64> {
    let now = app.clock.now();
    let mut seeder = Seeder {
        app,
        now,
        sizes: *sizes,
        object: ObjectId::new(now).to_string(),
        owners: (0..OWNERS).map(|_| UserId::new(now).to_string()).collect(),
        rows: 0,
    };
    let mut bulk = Bulk::open(url).await?;
    seeder.shared(&mut bulk).await?;
    let mut hashes = Vec::new();
    let mut from = 0;
    while from < sizes.referrals {
        let to = (from + AT_A_TIME).min(sizes.referrals);
        bulk.begin().await?;
        seeder.referrals(&mut bulk, from..to, &mut hashes).await?;
        bulk.commit().await?;
        from = to;
    }
    // In the index's own order: drawn hashes would touch a page each.
    hashes.sort_unstable();
    for some in hashes.chunks(AT_A_TIME as usize * 5) {
        let rows: Vec<_> = some
            .iter()
            .map(|(hash, id)| vec![Cell::Bytes(hash.clone()), Cell::Text(id.clone())])
            .collect();
        bulk.begin().await?;
        seeder
            .write(&mut bulk, "search_key", "value_index, referral_id", &rows)
            .await?;
        bulk.commit().await?;
    }
    drop(hashes);
    seeder.jobs(&mut bulk).await?;
    bulk.settle().await?;
    Ok(seeder.rows)
}

impl Seeder<'_> {
    async fn write(&mut self, bulk: &mut Bulk, table: &str, columns: &str, rows: &[Vec<Cell>]) -> anyhow::Result<()> {
        self.rows += rows.len() as u64;
        bulk.insert(table, columns, rows).await
    }

    async fn shared(&mut self, bulk: &mut Bulk) -> anyhow::Result<()> {
        let object = vec![
            Cell::Text(self.object.clone()),
            "original".into(),
            Cell::Number(1),
            Cell::Number(40_000),
            Cell::Number(40_100),
            Cell::Bytes(vec![0; 32]),
            Cell::Bytes(vec![0; 60]),
            "none".into(),
            time(self.now),
        ];
        self.write(bulk, "object", OBJECT, &[object]).await?;
        let users: Vec<_> = self
            .owners
            .iter()
            .enumerate()
            .map(|(number, id)| {
                let name = Cell::Text(format!("coordinator-{number}"));
                vec![Cell::Text(id.clone()), name, "no hash".into(), time(self.now)]
            })
            .collect();
        self.write(bulk, "user_account", USER, &users).await
    }

    async fn referrals(
        &mut self,
        bulk: &mut Bulk,
        numbers: std::ops::Range<u64>,
        hashes: &mut Vec<(Vec<u8>, String)>,
    ) -> anyhow::Result<()> {
        let (mut transmissions, mut documents, mut referrals, mut fields) = (vec![], vec![], vec![], vec![]);
        for number in numbers {
            let arrived = self.now - TimeDelta::seconds(60 * (self.sizes.referrals - number) as i64);
            let transmission = TransmissionId::new(arrived).to_string();
            let document = DocumentId::new(arrived).to_string();
            let referral = ReferralId::new(arrived).to_string();
            let patient = patient(number);
            transmissions.push(self.transmission(&transmission, arrived));
            documents.push(vec![
                Cell::Text(document.clone()),
                Cell::Text(transmission.clone()),
                Cell::Number(1),
                "referral".into(),
                Cell::Number(1),
                Cell::Number(2),
                "needs_review".into(),
                time(arrived),
            ]);
            referrals.push(self.referral(number, [&referral, &document, &transmission], arrived));
            let found_by = search::hashes_of(&self.app.keys, &patient);
            hashes.extend(found_by.into_iter().map(|hash| (hash, referral.clone())));
            if self.sizes.open_numbers().contains(&number) {
                fields.extend(self.fields(number, &referral, &patient, arrived));
            }
        }
        self.write(bulk, "transmission", TRANSMISSION, &transmissions).await?;
        self.write(bulk, "document", DOCUMENT, &documents).await?;
        self.write(bulk, "referral", REFERRAL, &referrals).await?;
        self.write(bulk, "field_value", FIELD, &fields).await
    }

    async fn jobs(&mut self, bulk: &mut Bulk) -> anyhow::Result<()> {
        let mut from = 0;
        while from < self.sizes.jobs {
            let to = (from + AT_A_TIME).min(self.sizes.jobs);
            let rows: Vec<_> = (from..to)
                .map(|number| {
                    // A hundred fall due in the same second, and some are urgent.
                    let due = self.now - TimeDelta::seconds(((self.sizes.jobs - number) / 100) as i64);
                    let subject = Cell::Text(TransmissionId::new(due).to_string());
                    let priority = if number % 50 == 0 { -10 } else { 0 };
                    let id = Cell::Text(JobId::new(due).to_string());
                    let (at, payload) = (time(due), "{}".into());
                    vec![
                        id,
                        "read".into(),
                        "bench".into(),
                        subject,
                        payload,
                        Cell::Number(priority),
                        at.clone(),
                        at,
                    ]
                })
                .collect();
            bulk.begin().await?;
            self.write(bulk, "job", JOB, &rows).await?;
            bulk.commit().await?;
            from = to;
        }
        Ok(())
    }
}
