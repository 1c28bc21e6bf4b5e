//! The history on a referral's page: each event in words.

use crate::domain::referral::StatusName;
use crate::store::events::HistoryEntry;
use crate::web::action::reason_label;
use crate::web::fields::Names;
use crate::web::layout::{When, full_time, words};
use chrono::{DateTime, Utc};

pub(super) struct EventView {
    pub(super) what: String,
    pub(super) who: String,
    pub(super) note: String,
    /// `good`, `bad` or nothing.
    pub(super) tone: &'static str,
    pub(super) at: When,
}

pub(super) fn event_view(entry: &HistoryEntry, names: &Names, now: DateTime<Utc>) -> EventView {
    let reason = entry.reason.as_deref().map(reason_label);
    let said = [reason, entry.note.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(": ");
    let tone = match entry.to {
        _ if entry.from == entry.to => "",
        StatusName::Released | StatusName::Accepted | StatusName::Closed | StatusName::Seen => "good",
        StatusName::Rejected | StatusName::Declined | StatusName::NoShow | StatusName::Cancelled => "bad",
        _ => "",
    };
    EventView {
        what: event_text(entry),
        who: names.of(&entry.actor),
        note: said,
        tone,
        at: When {
            text: When::ago(entry.at, now).text,
            full: full_time(entry.at),
            iso: entry.at.to_rfc3339(),
        },
    }
}

fn event_text(entry: &HistoryEntry) -> String {
    match entry.action.as_str() {
        "review_needed" => "Read; a person must look".to_owned(),
        "found_certain" => "Read with certainty".to_owned(),
        "delivery_confirmed" => "Delivery confirmed".to_owned(),
        "delivery_failed" => "Delivery failed".to_owned(),
        "information_received" => "The referrer answered".to_owned(),
        "attach_file" => "A file of the same message was put with it".to_owned(),
        "receive_order_message" => "The sender wrote about this referral".to_owned(),
        "dismiss_answer" => "A message was looked at: not the answer".to_owned(),
        "deliver_request_by_hand" => "Request for information delivered by hand".to_owned(),
        "duplicate_closed" => "Another one was closed as this one's duplicate".to_owned(),
        "link_follow_up" => "Linked as a follow-up".to_owned(),
        "not_a_duplicate" => "Told apart from another".to_owned(),
        "add_interim_note" => "Interim note added".to_owned(),
        "add_final_note" => "Final note added".to_owned(),
        "escalate" => "Overdue: moved to the lead".to_owned(),
        "choose_patient" => "The patient was chosen".to_owned(),
        "hand_over" => "Handed to another site".to_owned(),
        "assign" => "Owner changed".to_owned(),
        "take_over" => "The review was taken over".to_owned(),
        _ if entry.from != entry.to => words(entry.to.as_str()),
        other => words(other),
    }
}
