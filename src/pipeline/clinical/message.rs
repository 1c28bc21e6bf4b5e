//! What an order in HL7 v2 proposes for the fields, and what messages say besides, in words.

use super::values::{Proposal, Standing, day, passage};
use super::{Clinical, Numbered};
use crate::domain::fields::{DataFormat, Passage};
use crate::domain::order::{OrderMessageKind, OrderWords};
use crate::hl7::referral::{AppointmentEvent, Content, Order, Patient, ReferralMessage};
use crate::hl7::{Coded, Person, Sex};

/// A code's text, or the code where there is none.
pub(super) fn words(coded: &Coded) -> String {
    if coded.text.is_empty() {
        coded.code.clone()
    } else {
        coded.text.clone()
    }
}

impl Clinical {
    pub(super) fn of_messages(&self) -> Vec<Proposal> {
        let mut all: Vec<Proposal> = Vec::new();
        for Numbered { number, value: message } in &self.messages {
            let at = |field: &'static str| passage(DataFormat::Hl7V2, *number, [field]);
            // Of several nobody knows whose the referral is.
            if let [patient] = &message.patients[..] {
                all.extend(of_patient(patient, at));
            }
            if let Content::Order(order) = &message.content {
                all.extend(of_order(order, at));
                if let Some(id) = &message.referral_id {
                    all.push(Proposal::of(
                        "referral.order_number",
                        &id.id,
                        at(message.referral_id_in),
                    ));
                }
            }
        }
        all
    }

    /// What a message about a referral that exists is, and its words. A request that we have already is one, too.
    pub fn later(&self) -> Option<(OrderMessageKind, OrderWords)> {
        let message = self.message()?;
        let said = |reasons: Vec<String>, status: &str| OrderWords {
            reasons,
            starts: None,
            status: status.to_owned(),
        };
        Some(match &message.content {
            _ if message.is_request() => (OrderMessageKind::Repeated, OrderWords::default()),
            Content::Order(order) => {
                let kind = if message.is_cancellation() {
                    OrderMessageKind::Cancellation
                } else {
                    OrderMessageKind::Outcome
                };
                (kind, said(order.reasons.iter().map(words).collect(), &order.status))
            }
            Content::Status(status) => {
                let kind = if message.is_cancellation() {
                    OrderMessageKind::Cancellation
                } else {
                    OrderMessageKind::Status
                };
                (kind, said(status.reasons.clone(), &status.status))
            }
            Content::Appointment(appointment) => {
                let kind = match appointment.event {
                    AppointmentEvent::Booked => OrderMessageKind::Booked,
                    AppointmentEvent::Rescheduled => OrderMessageKind::Rescheduled,
                    AppointmentEvent::Cancelled => OrderMessageKind::AppointmentCancelled,
                    AppointmentEvent::NoShow => OrderMessageKind::NoShow,
                };
                let words = OrderWords {
                    starts: appointment.starts.clone(),
                    ..OrderWords::default()
                };
                (kind, words)
            }
            Content::Other(_) => return None,
        })
    }
}

/// What a message says that is no field's value, each with its label.
pub(super) fn besides(message: &ReferralMessage) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    match &message.content {
        Content::Order(order) => {
            all.extend(order.service.as_ref().map(|service| ("Asked for", words(service))));
            all.extend(order.needed_by.map(|date| ("Needed by", day(date))));
        }
        Content::Status(status) => {
            all.push(("Status", status.status.clone()));
            all.extend(status.reasons.iter().map(|reason| ("Reason", reason.clone())));
        }
        Content::Appointment(appointment) => {
            all.extend(appointment.starts.clone().map(|starts| ("Appointment", starts)));
        }
        Content::Other(kind) => all.push(("Message", kind.clone())),
    }
    if !matches!(message.content, Content::Order(_)) {
        all.extend(message.referral_id.as_ref().map(|id| ("Order number", id.id.clone())));
    }
    if message.is_360x {
        all.push(("Profile", "360X".to_owned()));
    }
    let further = message.further_ids.iter();
    all.extend(further.map(|id| ("Further order in this message", id.id.clone())));
    all.retain(|(_, text)| !text.is_empty());
    all
}

/// What a message is called.
pub(super) fn title(message: &ReferralMessage) -> &'static str {
    match &message.content {
        _ if message.is_request() => "Referral order",
        _ if message.is_cancellation() => "Request to cancel a referral",
        Content::Order(_) => "Outcome of a referral",
        Content::Status(_) => "Status of a referral",
        Content::Appointment(_) => "Appointment of a referral",
        Content::Other(_) => "Message",
    }
}

fn of_patient(patient: &Patient, at: impl Fn(&'static str) -> Passage) -> Vec<Proposal> {
    let mut all = Vec::new();
    all.extend(
        patient
            .name
            .as_ref()
            .map(|name| Proposal::of("patient.name", full_name(name), at("PID-5"))),
    );
    all.extend(
        patient
            .birth_date
            .map(|date| Proposal::of("patient.birth_date", date.to_string(), at("PID-7")).printed_as(day(date))),
    );
    let malformed = patient.malformed_birth_date.as_ref();
    all.extend(malformed.map(|text| Proposal::malformed("patient.birth_date", text, at("PID-7"))));
    all.extend(patient.sex.map(|sex| {
        let word = match sex {
            Sex::Female => "female",
            Sex::Male => "male",
            Sex::Other => "other",
        };
        Proposal::of("patient.sex", word, at("PID-8"))
    }));
    let phone = patient.phones.first();
    all.extend(phone.map(|phone| Proposal::of("patient.phone", phone, at("PID-13"))));
    let record = patient.ids.iter().find(|id| id.kind != "SS");
    all.extend(record.map(|id| Proposal::of("patient.mrn", &id.id, at("PID-3"))));
    all
}

fn of_order(order: &Order, at: impl Fn(&'static str) -> Passage) -> Vec<Proposal> {
    let mut all = Vec::new();
    if let Some(referrer) = &order.referrer {
        all.push(Proposal::of(
            "referrer.name",
            full_name(referrer),
            at(order.referrer_in),
        ));
        let npi = referrer.npi.as_ref();
        all.extend(npi.map(|npi| Proposal::of("referrer.npi", npi, at(order.referrer_in))));
    }
    // HL7 table 0485. Whoever leaves it out has said nothing.
    let urgency = match order.priority.as_str() {
        "S" => Some(("stat", "Stat (S)")),
        "A" | "T" => Some(("urgent", "As soon as possible (A)")),
        "R" => Some(("routine", "Routine (R)")),
        _ => None,
    };
    all.extend(
        urgency.map(|(value, printed)| Proposal::of("referral.urgency", value, at("TQ1-9")).printed_as(printed)),
    );
    let reasons: Vec<String> = order.reasons.iter().map(words).collect();
    if !reasons.is_empty() {
        all.push(Proposal::of(
            "referral.reason",
            reasons.join("; "),
            at(order.reasons_in),
        ));
    }
    let is_icd10 = |reason: &&Coded| matches!(reason.system.as_str(), "I10" | "I10C" | "ICD10" | "ICD-10-CM");
    let coded: Vec<&Coded> = order.reasons.iter().filter(is_icd10).collect();
    if !coded.is_empty() {
        let place = at(order.reasons_in);
        all.push(Proposal {
            key: "referral.diagnoses",
            printed: coded
                .iter()
                .map(|reason| format!("{} {}", reason.code, reason.text))
                .collect(),
            texts: coded.iter().map(|reason| reason.code.clone()).collect(),
            passage: Passage {
                paths: vec![order.reasons_in.to_owned(); coded.len()],
                ..place
            },
            standing: Standing::Stated,
        });
    }
    all
}

fn full_name(person: &Person) -> String {
    let parts = [&person.given, &person.middle, &person.family];
    let parts: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}
