//! The parts of a referral's page: what it says, its notes and their deliveries.

use crate::domain::delivery::{Channel, DeliveryState, Effect};
use crate::domain::fields::FieldKey;
use crate::domain::referral::NoteKind;
use crate::store::deliveries::Delivery;
use crate::store::delivery_reports::DeliveryReport;
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
    pub id: String,
    pub channel: &'static str,
    pub state: Tag,
    pub address: String,
    pub steps: Vec<Step>,
    pub proof: String,
    pub error: String,
    /// What was reported and changed nothing: it came too late, or said nothing that counts.
    pub late: Vec<Step>,
}

pub struct Step {
    pub label: String,
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

/// `reports` are those of the whole referral.
pub fn delivery_view(delivery: &Delivery, reports: &[DeliveryReport], now: DateTime<Utc>) -> DeliveryView {
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
    let step = |label: &str, at| Step {
        label: label.to_owned(),
        at: When::ago(at, now),
    };
    let late = reports
        .iter()
        .filter(|report| report.delivery == delivery.id)
        .filter_map(|report| Some(step(&unheeded(report)?, report.received_at)));
    DeliveryView {
        id: delivery.id.to_string(),
        late: late.collect(),
        channel: match delivery.channel {
            Channel::Direct => "Direct",
            Channel::ByHand => "By hand",
        },
        state,
        address: delivery.address.clone().unwrap_or_default(),
        steps: times
            .into_iter()
            .filter_map(|(label, at)| Some(step(label, at?)))
            .collect(),
        proof: delivery.proof.clone().unwrap_or_default(),
        error: failure_text(delivery),
    }
}

/// What to say of a report that changed nothing, unless it only repeats what stands there anyway.
fn unheeded(report: &DeliveryReport) -> Option<String> {
    let word = &report.said.word;
    match report.effect {
        Effect::Counted | Effect::Repeated => None,
        Effect::Late => Some(format!("The partner's system said `{word}` too late to count")),
        Effect::Noted if word.is_empty() => {
            Some("The partner's system sent a notification that says nothing".to_owned())
        }
        Effect::Noted => Some(format!("The partner's system said `{word}`")),
    }
}
