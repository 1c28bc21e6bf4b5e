//! The rows of one referral, sealed as the service seals them.

use super::bulk::Cell;
use super::people::Draw;
use super::{OWNERS, Seeder};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::crypto::Place;
use referloop::domain::ids::{DeliveryId, FieldValueId, NoteId};
use referloop::domain::patient::Patient;
use referloop::domain::referral::Status;
use referloop::domain::transmission::TransmissionDetails;
use serde::Serialize;

impl Seeder<'_> {
    fn seal(&self, table: &str, row: &str, column: &str, value: &impl Serialize) -> Cell {
        let plain = serde_json::to_vec(value).expect("these are texts and numbers");
        Cell::Bytes(self.app.keys.field.seal(Place { table, row, column }, &plain))
    }

    pub fn transmission(&self, id: &str, arrived: DateTime<Utc>) -> Vec<Cell> {
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

    pub fn referral(&self, number: u64, [id, document, transmission]: [&str; 3], arrived: DateTime<Utc>) -> Vec<Cell> {
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

    pub fn fields(&self, number: u64, referral: &str, patient: &Patient, at: DateTime<Utc>) -> Vec<Vec<Cell>> {
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
}

/// As the databases keep it.
pub fn time(at: DateTime<Utc>) -> Cell {
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
