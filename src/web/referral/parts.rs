//! The parts of a referral's page: what it says, its notes and their deliveries.

use crate::domain::delivery::{Channel, DeliveryState};
use crate::domain::fields::FieldKey;
use crate::domain::referral::NoteKind;
use crate::store::deliveries::Delivery;
use crate::store::notes::Note;
use crate::web::desk::failure_text;
use crate::web::fields::{Names, Reader, shown};
use crate::web::layout::{Tag, When};
use crate::web::loaded::Row;
use chrono::{DateTime, Utc};

pub(super) struct FactSection {
    pub(super) title: String,
    pub(super) facts: Vec<Fact>,
}

pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

pub(super) struct NoteView {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) author: String,
    pub(super) at: When,
    pub(super) text: String,
    pub(super) letter: bool,
}

pub struct DeliveryView {
    pub channel: &'static str,
    pub state: Tag,
    pub address: String,
    pub steps: Vec<Step>,
    pub proof: String,
    pub error: String,
}

pub struct Step {
    pub label: &'static str,
    pub at: When,
}

pub(super) fn facts(reader: &Reader<'_>, row: &Row) -> Vec<FactSection> {
    let mut sections = Vec::new();
    for section in reader.sections(&row.history, &row.asked) {
        let facts: Vec<Fact> = section
            .fields
            .iter()
            .filter_map(|field| {
                let key = FieldKey::new(field.key.clone());
                let value = row.history.get(&key)?.last()?.value.as_ref()?;
                Some(Fact {
                    label: field.label.clone(),
                    value: shown(value),
                })
            })
            .collect();
        if !facts.is_empty() {
            sections.push(FactSection {
                title: section.title,
                facts,
            });
        }
    }
    sections
}

pub(super) fn note_view(note: &Note, names: &Names, now: DateTime<Utc>) -> NoteView {
    NoteView {
        id: note.id.to_string(),
        kind: match note.kind {
            NoteKind::Final => "Final note",
            NoteKind::Interim => "Interim note",
        },
        author: names.of(&note.author),
        at: When::ago(note.created_at, now),
        text: note.text.clone().unwrap_or_else(|| "Attached as a PDF.".to_owned()),
        letter: note.letter.is_some() || note.attachment.is_some(),
    }
}

pub fn delivery_view(delivery: &Delivery, now: DateTime<Utc>) -> DeliveryView {
    let state = match delivery.state {
        DeliveryState::Queued => Tag::new("Waiting to be sent", "clock", ""),
        DeliveryState::Submitted => Tag::new("Sent, not confirmed yet", "send", "accent"),
        DeliveryState::Processed => Tag::new("Received by the partner's system", "check", "accent"),
        DeliveryState::Dispatched => Tag::new("Arrived", "check", "good"),
        DeliveryState::DeliveredByHand => Tag::new("Delivered", "check", "good"),
        DeliveryState::Failed => Tag::new("Did not arrive", "problem", "bad"),
        DeliveryState::Uncertain => Tag::new("Uncertain", "problem", "warn"),
    };
    let times = [
        ("queued", Some(delivery.created_at)),
        ("sent", delivery.submitted_at),
        ("received", delivery.processed_at),
        ("arrived", delivery.dispatched_at),
    ];
    DeliveryView {
        channel: match delivery.channel {
            Channel::Direct => "Direct",
            Channel::ByHand => "By hand",
        },
        state,
        address: delivery.address.clone().unwrap_or_default(),
        steps: times
            .into_iter()
            .filter_map(|(label, at)| {
                Some(Step {
                    label,
                    at: When::ago(at?, now),
                })
            })
            .collect(),
        proof: delivery.proof.clone().unwrap_or_default(),
        error: failure_text(delivery),
    }
}
