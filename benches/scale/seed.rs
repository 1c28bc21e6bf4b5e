//! Fills a database as years of faxes would: open referrals with all their fields, ended ones with their header and what they
//! are found by.

use super::bulk::{Bulk, Cell};
use super::people::{Draw, patient};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::app::App;
use referloop::crypto::Place;
use referloop::domain::ids::{
    DeliveryId, DocumentId, FieldValueId, JobId, NoteId, ObjectId, ReferralId, TransmissionId, UserId,
};
use referloop::domain::patient::Patient;
use referloop::domain::referral::Status;
use referloop::domain::transmission::TransmissionDetails;
use referloop::store::search;
use serde::Serialize;

#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub referrals: u64,
    pub open: u64,
    pub jobs: u64,
    pub runs: u64,
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
const USER: &str = "id, name, role, password_hash, created_at";
const TRANSMISSION: &str = "id, door, fax_id_sealed, fax_id_index, content_index, sha256_sealed, bytes, object_id, media_type, \
    details_sealed, pages, stage, received_at, arrived_at";
const DOCUMENT: &str = "id, transmission_id, position, kind, page_from, page_to, state, created_at";
const REFERRAL: &str = "id, document_id, transmission_id, status, status_data_sealed, status_since, urgency, owner, queue, \
    deadline_at, version, created_at, updated_at, search_version";
const FIELD: &str =
    "id, referral_id, key, sequence, source, value_sealed, raw_sealed, confidence, page, box, rule, created_at";
const JOB: &str = "id, lane, name, subject, payload, priority, due_at, created_at";

pub struct Seeder<'a> {
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

    fn seal(&self, table: &str, row: &str, column: &str, value: &impl Serialize) -> Cell {
        let plain = serde_json::to_vec(value).expect("these are texts and numbers");
        Cell::Bytes(self.app.keys.field.seal(Place { table, row, column }, &plain))
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
                vec![
                    Cell::Text(id.clone()),
                    name,
                    "coordinator".into(),
                    "no hash".into(),
                    time(self.now),
                ]
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

    fn transmission(&self, id: &str, arrived: DateTime<Utc>) -> Vec<Cell> {
        let sealed = |column, value: &str| self.seal("transmission", id, column, &value);
        let details = TransmissionDetails {
            from: Some("+15035550143".to_owned()),
            ..TransmissionDetails::default()
        };
        let index = |purpose| Cell::Bytes(self.app.keys.blind.index(purpose, id));
        vec![
            id.into(),
            "door_bench".into(),
            sealed("fax_id_sealed", id),
            index("transmission.fax_id"),
            index("transmission.content"),
            sealed("sha256_sealed", &"0".repeat(64)),
            Cell::Number(40_000),
            Cell::Text(self.object.clone()),
            "image/tiff".into(),
            self.seal("transmission", id, "details_sealed", &details),
            Cell::Number(2),
            "done".into(),
            time(arrived),
            time(arrived),
        ]
    }

    fn referral(&self, number: u64, [id, document, transmission]: [&str; 3], arrived: DateTime<Utc>) -> Vec<Cell> {
        let mut draw = Draw::of(number ^ 0xfeed);
        let open = self.sizes.open_numbers().contains(&number);
        let status = if open {
            open_status(&mut draw, self.now)
        } else {
            ended_status(&mut draw, self.now)
        };
        let owned = draw.below(10) < 6;
        let owner = if owned {
            Cell::Text(self.owners[draw.below(OWNERS) as usize].clone())
        } else {
            Cell::Null
        };
        let deadline = self.now + TimeDelta::minutes(draw.below(60 * 24 * 30) as i64 - 60 * 24 * 3);
        vec![
            id.into(),
            document.into(),
            transmission.into(),
            status.name().as_str().into(),
            self.seal("referral", id, "status_data_sealed", &status),
            time(arrived),
            ["routine", "routine", "routine", "urgent", "stat"][draw.below(5) as usize].into(),
            owner,
            "coordinator".into(),
            if open && draw.below(10) > 0 {
                time(deadline)
            } else {
                Cell::Null
            },
            Cell::Number(1),
            time(arrived),
            time(arrived),
            Cell::Number(0),
        ]
    }

    fn fields(&self, number: u64, referral: &str, patient: &Patient, at: DateTime<Utc>) -> Vec<Vec<Cell>> {
        let mut draw = Draw::of(number ^ 0xf1e1d);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let specialty = draw.one_of(&["Cardiology", "Dermatology", "Neurology", "Orthopedic Surgery"]);
        let values = [
            ("patient.name", text(&patient.name)),
            ("patient.birth_date", text(&patient.birth_date)),
            ("patient.phone", patient.phones[0].clone()),
            ("insurance.member_id", patient.identifiers[0].clone()),
            ("patient.mrn", patient.identifiers[1].clone()),
            ("patient.sex", "female".to_owned()),
            ("patient.address.line", "12 Example Street".to_owned()),
            ("patient.address.city", "Portland".to_owned()),
            ("patient.address.state", "OR".to_owned()),
            ("patient.address.postal_code", "97201".to_owned()),
            ("insurance.payer", "Example Health Plan".to_owned()),
            ("insurance.group_number", "G-1044".to_owned()),
            ("referrer.name", "Helen Adeyemi".to_owned()),
            ("referrer.npi", "1234567893".to_owned()),
            ("referrer.organization", "Example Family Medicine".to_owned()),
            ("referrer.phone", "+15035550120".to_owned()),
            ("referrer.fax", "+15035550121".to_owned()),
            ("referral.specialty", specialty.to_owned()),
            ("referral.urgency", "routine".to_owned()),
            (
                "referral.reason",
                "Evaluate and treat, symptoms for three months".to_owned(),
            ),
            ("referral.diagnoses", "I48.0".to_owned()),
            ("referral.date", at.date_naive().to_string()),
        ];
        values
            .into_iter()
            .map(|(key, value)| self.field(referral, key, &value, at))
            .collect()
    }

    fn field(&self, referral: &str, key: &str, value: &str, at: DateTime<Utc>) -> Vec<Cell> {
        let id = FieldValueId::new(at).to_string();
        vec![
            Cell::Text(id.clone()),
            referral.into(),
            key.into(),
            Cell::Number(1),
            "machine".into(),
            self.seal("field_value", &id, "value_sealed", &value),
            self.seal("field_value", &id, "raw_sealed", &value),
            Cell::Share(0.97),
            Cell::Number(1),
            "[300,400,280,34]".into(),
            "general/label-right".into(),
            time(at),
        ]
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

/// As the databases keep it.
fn time(at: DateTime<Utc>) -> Cell {
    Cell::Text(at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false))
}

fn open_status(draw: &mut Draw, now: DateTime<Utc>) -> Status {
    match draw.below(100) {
        0..2 => Status::InReview,
        2 => Status::Ready,
        3..8 => Status::InformationRequested {
            items: vec!["insurance card".to_owned()],
        },
        8..30 => Status::Released,
        30..50 => Status::Accepted,
        50..80 => Status::Scheduled { appointment: now },
        80..90 => Status::Seen { at: now },
        _ => Status::NoteSent {
            note: NoteId::new(now),
            delivery: DeliveryId::new(now),
        },
    }
}

fn ended_status(draw: &mut Draw, now: DateTime<Utc>) -> Status {
    match draw.below(20) {
        0 => Status::Rejected {
            reason: "duplicate".to_owned(),
        },
        1 => Status::Declined {
            reason: "no_capacity".to_owned(),
        },
        2 => Status::Cancelled { at: now },
        _ => Status::Closed {
            delivery: DeliveryId::new(now),
            at: now,
        },
    }
}
