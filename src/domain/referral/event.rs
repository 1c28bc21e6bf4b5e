//! What can happen to a referral.

use super::Action;
use crate::domain::ids::{DeliveryId, NoteId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether a consult note ends the referral or only reports on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NoteKind {
    Final,
    Interim,
}

/// Something that happened to a referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A machine could not be sure: a person must look.
    ReviewNeeded,
    /// Everything was read with certainty.
    FoundCertain,
    Release,
    Reject {
        reason: String,
    },
    RequestInformation {
        items: Vec<String>,
    },
    InformationReceived,
    Accept,
    Decline {
        reason: String,
    },
    Schedule {
        appointment: DateTime<Utc>,
    },
    CancelAppointment,
    MarkSeen,
    MarkNoShow,
    AddNote {
        note: NoteId,
        kind: NoteKind,
    },
    SendNote {
        delivery: DeliveryId,
    },
    /// The letter was handed over; `delivery` holds the proof.
    DeliverByHand {
        delivery: DeliveryId,
    },
    /// The partner confirmed that the note arrived.
    DeliveryConfirmed {
        delivery: DeliveryId,
    },
    DeliveryFailed,
    Cancel {
        reason: String,
    },
    ConfirmCancel,
    Reopen,
}

/// An event without its data: the column of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventName {
    ReviewNeeded,
    FoundCertain,
    Release,
    Reject,
    RequestInformation,
    InformationReceived,
    Accept,
    Decline,
    Schedule,
    CancelAppointment,
    MarkSeen,
    MarkNoShow,
    AddInterimNote,
    AddFinalNote,
    SendNote,
    DeliverByHand,
    DeliveryConfirmed,
    DeliveryFailed,
    Cancel,
    ConfirmCancel,
    Reopen,
}

impl Event {
    pub fn name(&self) -> EventName {
        match self {
            Self::ReviewNeeded => EventName::ReviewNeeded,
            Self::FoundCertain => EventName::FoundCertain,
            Self::Release => EventName::Release,
            Self::Reject { .. } => EventName::Reject,
            Self::RequestInformation { .. } => EventName::RequestInformation,
            Self::InformationReceived => EventName::InformationReceived,
            Self::Accept => EventName::Accept,
            Self::Decline { .. } => EventName::Decline,
            Self::Schedule { .. } => EventName::Schedule,
            Self::CancelAppointment => EventName::CancelAppointment,
            Self::MarkSeen => EventName::MarkSeen,
            Self::MarkNoShow => EventName::MarkNoShow,
            Self::AddNote {
                kind: NoteKind::Interim,
                ..
            } => EventName::AddInterimNote,
            Self::AddNote {
                kind: NoteKind::Final, ..
            } => EventName::AddFinalNote,
            Self::SendNote { .. } => EventName::SendNote,
            Self::DeliverByHand { .. } => EventName::DeliverByHand,
            Self::DeliveryConfirmed { .. } => EventName::DeliveryConfirmed,
            Self::DeliveryFailed => EventName::DeliveryFailed,
            Self::Cancel { .. } => EventName::Cancel,
            Self::ConfirmCancel => EventName::ConfirmCancel,
            Self::Reopen => EventName::Reopen,
        }
    }
}

impl EventName {
    pub const ALL: [Self; 21] = [
        Self::ReviewNeeded,
        Self::FoundCertain,
        Self::Release,
        Self::Reject,
        Self::RequestInformation,
        Self::InformationReceived,
        Self::Accept,
        Self::Decline,
        Self::Schedule,
        Self::CancelAppointment,
        Self::MarkSeen,
        Self::MarkNoShow,
        Self::AddInterimNote,
        Self::AddFinalNote,
        Self::SendNote,
        Self::DeliverByHand,
        Self::DeliveryConfirmed,
        Self::DeliveryFailed,
        Self::Cancel,
        Self::ConfirmCancel,
        Self::Reopen,
    ];

    /// The event as an act that a person may ask for, or `None` where only the house itself brings it.
    pub fn action(self) -> Option<Action> {
        match self {
            Self::Release => Some(Action::Release),
            Self::Reject => Some(Action::Reject),
            Self::RequestInformation => Some(Action::RequestInformation),
            Self::Accept => Some(Action::Accept),
            Self::Decline => Some(Action::Decline),
            Self::Schedule => Some(Action::Schedule),
            Self::CancelAppointment => Some(Action::CancelAppointment),
            Self::MarkSeen => Some(Action::MarkSeen),
            Self::MarkNoShow => Some(Action::MarkNoShow),
            Self::AddInterimNote | Self::AddFinalNote => Some(Action::AddNote),
            Self::SendNote => Some(Action::SendNote),
            Self::DeliverByHand => Some(Action::DeliverByHand),
            Self::Cancel => Some(Action::Cancel),
            Self::ConfirmCancel => Some(Action::ConfirmCancel),
            Self::Reopen => Some(Action::Reopen),
            Self::ReviewNeeded
            | Self::FoundCertain
            | Self::InformationReceived
            | Self::DeliveryConfirmed
            | Self::DeliveryFailed => None,
        }
    }

    /// How the event stands in a history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReviewNeeded => "review_needed",
            Self::FoundCertain => "found_certain",
            Self::InformationReceived => "information_received",
            Self::AddInterimNote => "add_interim_note",
            Self::AddFinalNote => "add_final_note",
            Self::DeliveryConfirmed => "delivery_confirmed",
            Self::DeliveryFailed => "delivery_failed",
            Self::Release => Action::Release.as_str(),
            Self::Reject => Action::Reject.as_str(),
            Self::RequestInformation => Action::RequestInformation.as_str(),
            Self::Accept => Action::Accept.as_str(),
            Self::Decline => Action::Decline.as_str(),
            Self::Schedule => Action::Schedule.as_str(),
            Self::CancelAppointment => Action::CancelAppointment.as_str(),
            Self::MarkSeen => Action::MarkSeen.as_str(),
            Self::MarkNoShow => Action::MarkNoShow.as_str(),
            Self::SendNote => Action::SendNote.as_str(),
            Self::DeliverByHand => Action::DeliverByHand.as_str(),
            Self::Cancel => Action::Cancel.as_str(),
            Self::ConfirmCancel => Action::ConfirmCancel.as_str(),
            Self::Reopen => Action::Reopen.as_str(),
        }
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
