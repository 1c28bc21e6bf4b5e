//! The life of a referral: its statuses with their data, the events, and the one grid that says which leads where.
//!
//! The grid holds the 34 transitions that BSeR and IHE 360X share (our `released` is their *received*); the statuses
//! before `released` are local, since a fax must first be understood. What can be derived (overdue, waiting on whom)
//! is not stored.

use super::ids::{DeliveryId, NoteId};
use super::people::Role;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Status names as other systems see them. Written `in_review`, `note_sent`, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StatusName {
    Received,
    InReview,
    Ready,
    Rejected,
    InformationRequested,
    Released,
    Accepted,
    Declined,
    Scheduled,
    NoShow,
    Seen,
    NoteReady,
    NoteSent,
    CancelRequested,
    Cancelled,
    Closed,
}

/// Where a referral stands, with what that standing needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    Received,
    InReview,
    Ready,
    Rejected { reason: String },
    InformationRequested { items: Vec<String> },
    Released,
    Accepted,
    Declined { reason: String },
    Scheduled { appointment: DateTime<Utc> },
    NoShow { missed: DateTime<Utc> },
    Seen { at: DateTime<Utc> },
    NoteReady { note: NoteId },
    NoteSent { note: NoteId, delivery: DeliveryId },
    CancelRequested { reason: String },
    Cancelled { at: DateTime<Utc> },
    Closed { delivery: DeliveryId, at: DateTime<Utc> },
}

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

/// The event cannot happen in this status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a referral that is `{from}` cannot {event}")]
pub struct InvalidTransition {
    pub from: StatusName,
    pub event: EventName,
}

/// Moves a referral on.
///
/// # Errors
/// The grid has no way from this status by this event.
pub fn transition(status: &Status, event: &Event, now: DateTime<Utc>) -> Result<Status, InvalidTransition> {
    let (from, name) = (status.name(), event.name());
    let target = target(from, name).ok_or(InvalidTransition { from, event: name })?;
    Ok(enter(target, status, event, now))
}

/// The grid: where an event leads from a status, or `None` where it cannot happen.
pub fn target(from: StatusName, event: EventName) -> Option<StatusName> {
    use EventName as E;
    use StatusName as S;
    match from {
        S::Received => match event {
            E::ReviewNeeded => Some(S::InReview),
            E::FoundCertain => Some(S::Ready),
            E::Release
            | E::Reject
            | E::RequestInformation
            | E::InformationReceived
            | E::Accept
            | E::Decline
            | E::Schedule
            | E::CancelAppointment
            | E::MarkSeen
            | E::MarkNoShow
            | E::AddInterimNote
            | E::AddFinalNote
            | E::SendNote
            | E::DeliverByHand
            | E::DeliveryConfirmed
            | E::DeliveryFailed
            | E::Cancel
            | E::ConfirmCancel
            | E::Reopen => None,
        },
        S::InReview | S::Ready => before_release(from, event),
        S::InformationRequested => match event {
            E::InformationReceived => Some(S::InReview),
            E::Release => Some(S::Released),
            E::Reject => Some(S::Rejected),
            E::ReviewNeeded
            | E::FoundCertain
            | E::RequestInformation
            | E::Accept
            | E::Decline
            | E::Schedule
            | E::CancelAppointment
            | E::MarkSeen
            | E::MarkNoShow
            | E::AddInterimNote
            | E::AddFinalNote
            | E::SendNote
            | E::DeliverByHand
            | E::DeliveryConfirmed
            | E::DeliveryFailed
            | E::Cancel
            | E::ConfirmCancel
            | E::Reopen => None,
        },
        S::Released | S::Accepted | S::Scheduled | S::NoShow | S::Seen => in_care(from, event),
        S::NoteReady | S::NoteSent => returning(from, event),
        S::CancelRequested => match event {
            E::ConfirmCancel => Some(S::Cancelled),
            // The visit may have happened before the cancellation arrived: the outcome wins.
            E::AddFinalNote => Some(S::NoteReady),
            E::ReviewNeeded
            | E::FoundCertain
            | E::Release
            | E::Reject
            | E::RequestInformation
            | E::InformationReceived
            | E::Accept
            | E::Decline
            | E::Schedule
            | E::CancelAppointment
            | E::MarkSeen
            | E::MarkNoShow
            | E::AddInterimNote
            | E::SendNote
            | E::DeliverByHand
            | E::DeliveryConfirmed
            | E::DeliveryFailed
            | E::Cancel
            | E::Reopen => None,
        },
        S::Rejected => match event {
            E::Reopen => Some(S::InReview),
            E::ReviewNeeded
            | E::FoundCertain
            | E::Release
            | E::Reject
            | E::RequestInformation
            | E::InformationReceived
            | E::Accept
            | E::Decline
            | E::Schedule
            | E::CancelAppointment
            | E::MarkSeen
            | E::MarkNoShow
            | E::AddInterimNote
            | E::AddFinalNote
            | E::SendNote
            | E::DeliverByHand
            | E::DeliveryConfirmed
            | E::DeliveryFailed
            | E::Cancel
            | E::ConfirmCancel => None,
        },
        // Ended for good. A late confirmation or a second one changes nothing.
        S::Declined | S::Cancelled | S::Closed => None,
    }
}

/// Local statuses in which a person decides whether the referral enters the queue.
fn before_release(from: StatusName, event: EventName) -> Option<StatusName> {
    use EventName as E;
    use StatusName as S;
    match event {
        E::Release => Some(S::Released),
        E::Reject => Some(S::Rejected),
        E::RequestInformation => Some(S::InformationRequested),
        // A correction may leave a ready referral doubtful, and the other way round.
        E::ReviewNeeded | E::Reopen => (from == S::Ready).then_some(S::InReview),
        E::FoundCertain
        | E::InformationReceived
        | E::Accept
        | E::Decline
        | E::Schedule
        | E::CancelAppointment
        | E::MarkSeen
        | E::MarkNoShow
        | E::AddInterimNote
        | E::AddFinalNote
        | E::SendNote
        | E::DeliverByHand
        | E::DeliveryConfirmed
        | E::DeliveryFailed
        | E::Cancel
        | E::ConfirmCancel => None,
    }
}

/// From the queue to the visit.
fn in_care(from: StatusName, event: EventName) -> Option<StatusName> {
    use EventName as E;
    use StatusName as S;
    let booked = matches!(from, S::Scheduled | S::NoShow | S::Seen);
    match event {
        E::Accept => (from == S::Released).then_some(S::Accepted),
        E::Decline => Some(S::Declined),
        E::Schedule => (from != S::Released).then_some(S::Scheduled),
        E::CancelAppointment => booked.then_some(S::Accepted),
        E::MarkSeen => matches!(from, S::Accepted | S::Scheduled).then_some(S::Seen),
        E::MarkNoShow => (from == S::Scheduled).then_some(S::NoShow),
        E::AddInterimNote => matches!(from, S::Accepted | S::Scheduled | S::Seen).then_some(S::Seen),
        E::AddFinalNote => matches!(from, S::Accepted | S::Scheduled | S::Seen).then_some(S::NoteReady),
        E::Cancel => Some(S::CancelRequested),
        E::Reopen => (from == S::Released).then_some(S::InReview),
        E::ReviewNeeded
        | E::FoundCertain
        | E::Release
        | E::Reject
        | E::RequestInformation
        | E::InformationReceived
        | E::SendNote
        | E::DeliverByHand
        | E::DeliveryConfirmed
        | E::DeliveryFailed
        | E::ConfirmCancel => None,
    }
}

/// From the note to its confirmed delivery.
fn returning(from: StatusName, event: EventName) -> Option<StatusName> {
    use EventName as E;
    use StatusName as S;
    match event {
        E::SendNote => (from == S::NoteReady).then_some(S::NoteSent),
        E::DeliverByHand => Some(S::Closed),
        E::DeliveryConfirmed => (from == S::NoteSent).then_some(S::Closed),
        E::DeliveryFailed => (from == S::NoteSent).then_some(S::NoteReady),
        // A corrected note replaces the one before.
        E::AddFinalNote => Some(S::NoteReady),
        E::ReviewNeeded
        | E::FoundCertain
        | E::Release
        | E::Reject
        | E::RequestInformation
        | E::InformationReceived
        | E::Accept
        | E::Decline
        | E::Schedule
        | E::CancelAppointment
        | E::MarkSeen
        | E::MarkNoShow
        | E::AddInterimNote
        | E::Cancel
        | E::ConfirmCancel
        | E::Reopen => None,
    }
}

/// The status at the end of a way that the grid allows, with the data that the event brings.
fn enter(target: StatusName, from: &Status, event: &Event, now: DateTime<Utc>) -> Status {
    match event {
        Event::Reject { reason } => Status::Rejected { reason: reason.clone() },
        Event::RequestInformation { items } => Status::InformationRequested { items: items.clone() },
        Event::Decline { reason } => Status::Declined { reason: reason.clone() },
        Event::Schedule { appointment } => Status::Scheduled {
            appointment: *appointment,
        },
        Event::MarkNoShow => match from {
            Status::Scheduled { appointment } => Status::NoShow { missed: *appointment },
            _ => Status::NoShow { missed: now },
        },
        Event::MarkSeen
        | Event::AddNote {
            kind: NoteKind::Interim,
            ..
        } => match from {
            Status::Seen { at } => Status::Seen { at: *at },
            _ => Status::Seen { at: now },
        },
        Event::AddNote {
            note,
            kind: NoteKind::Final,
        } => Status::NoteReady { note: note.clone() },
        Event::SendNote { delivery } => match from {
            Status::NoteReady { note } => Status::NoteSent {
                note: note.clone(),
                delivery: delivery.clone(),
            },
            other => other.clone(),
        },
        Event::DeliverByHand { delivery } | Event::DeliveryConfirmed { delivery } => Status::Closed {
            delivery: delivery.clone(),
            at: now,
        },
        Event::DeliveryFailed => match from {
            Status::NoteSent { note, .. } => Status::NoteReady { note: note.clone() },
            other => other.clone(),
        },
        Event::Cancel { reason } => Status::CancelRequested { reason: reason.clone() },
        Event::ConfirmCancel => Status::Cancelled { at: now },
        Event::FoundCertain => Status::Ready,
        Event::Release => Status::Released,
        Event::Accept | Event::CancelAppointment => Status::Accepted,
        Event::ReviewNeeded | Event::InformationReceived | Event::Reopen => {
            debug_assert_eq!(target, StatusName::InReview);
            Status::InReview
        }
    }
}

impl StatusName {
    pub const ALL: [Self; 16] = [
        Self::Received,
        Self::InReview,
        Self::Ready,
        Self::Rejected,
        Self::InformationRequested,
        Self::Released,
        Self::Accepted,
        Self::Declined,
        Self::Scheduled,
        Self::NoShow,
        Self::Seen,
        Self::NoteReady,
        Self::NoteSent,
        Self::CancelRequested,
        Self::Cancelled,
        Self::Closed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InReview => "in_review",
            Self::Ready => "ready",
            Self::Rejected => "rejected",
            Self::InformationRequested => "information_requested",
            Self::Released => "released",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Scheduled => "scheduled",
            Self::NoShow => "no_show",
            Self::Seen => "seen",
            Self::NoteReady => "note_ready",
            Self::NoteSent => "note_sent",
            Self::CancelRequested => "cancel_requested",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
        }
    }

    /// Nothing more is expected of anybody.
    pub fn is_ended(self) -> bool {
        match self {
            Self::Rejected | Self::Declined | Self::Cancelled | Self::Closed => true,
            Self::Received
            | Self::InReview
            | Self::Ready
            | Self::InformationRequested
            | Self::Released
            | Self::Accepted
            | Self::Scheduled
            | Self::NoShow
            | Self::Seen
            | Self::NoteReady
            | Self::NoteSent
            | Self::CancelRequested => false,
        }
    }

    /// A person still decides whether this enters the queue.
    pub fn is_before_release(self) -> bool {
        matches!(
            self,
            Self::Received | Self::InReview | Self::Ready | Self::InformationRequested
        )
    }

    /// On whose list a referral of this status stands.
    pub fn queue(self) -> Role {
        match self {
            Self::Received | Self::InReview | Self::Ready | Self::Rejected | Self::InformationRequested => {
                Role::Reviewer
            }
            Self::Seen => Role::Clinician,
            Self::Released
            | Self::Accepted
            | Self::Declined
            | Self::Scheduled
            | Self::NoShow
            | Self::NoteReady
            | Self::NoteSent
            | Self::CancelRequested
            | Self::Cancelled
            | Self::Closed => Role::Coordinator,
        }
    }
}

impl Status {
    pub fn name(&self) -> StatusName {
        match self {
            Self::Received => StatusName::Received,
            Self::InReview => StatusName::InReview,
            Self::Ready => StatusName::Ready,
            Self::Rejected { .. } => StatusName::Rejected,
            Self::InformationRequested { .. } => StatusName::InformationRequested,
            Self::Released => StatusName::Released,
            Self::Accepted => StatusName::Accepted,
            Self::Declined { .. } => StatusName::Declined,
            Self::Scheduled { .. } => StatusName::Scheduled,
            Self::NoShow { .. } => StatusName::NoShow,
            Self::Seen { .. } => StatusName::Seen,
            Self::NoteReady { .. } => StatusName::NoteReady,
            Self::NoteSent { .. } => StatusName::NoteSent,
            Self::CancelRequested { .. } => StatusName::CancelRequested,
            Self::Cancelled { .. } => StatusName::Cancelled,
            Self::Closed { .. } => StatusName::Closed,
        }
    }
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

/// What people and programs may ask for, by the names of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Release,
    Reject,
    RequestInformation,
    Accept,
    Decline,
    Schedule,
    CancelAppointment,
    MarkSeen,
    MarkNoShow,
    AddNote,
    SendNote,
    DeliverByHand,
    Cancel,
    ConfirmCancel,
    Reopen,
}

impl Action {
    pub const ALL: [Self; 15] = [
        Self::Release,
        Self::Reject,
        Self::RequestInformation,
        Self::Accept,
        Self::Decline,
        Self::Schedule,
        Self::CancelAppointment,
        Self::MarkSeen,
        Self::MarkNoShow,
        Self::AddNote,
        Self::SendNote,
        Self::DeliverByHand,
        Self::Cancel,
        Self::ConfirmCancel,
        Self::Reopen,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Reject => "reject",
            Self::RequestInformation => "request_information",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Schedule => "schedule",
            Self::CancelAppointment => "cancel_appointment",
            Self::MarkSeen => "mark_seen",
            Self::MarkNoShow => "mark_no_show",
            Self::AddNote => "add_note",
            Self::SendNote => "send_note",
            Self::DeliverByHand => "deliver_by_hand",
            Self::Cancel => "cancel",
            Self::ConfirmCancel => "confirm_cancel",
            Self::Reopen => "reopen",
        }
    }

    /// Whether the grid has a way from `status` by this action.
    pub fn is_possible_in(self, status: StatusName) -> bool {
        EventName::ALL
            .into_iter()
            .any(|event| event.action() == Some(self) && target(status, event).is_some())
    }
}

impl fmt::Display for StatusName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventName as E;
    use StatusName as S;

    /// The 34 transitions of BSeR and 360X by their numbers, in our names. Theirs on the left of each comment:
    /// 5.1.3 (appointment cancelled) is our `accepted`, 5.1.4 (visit completed) our `seen`, and their outcome is our
    /// final note, which reaches `closed` by a confirmed delivery.
    const SHARED: [(u8, S, E, S); 34] = [
        (1, S::InReview, E::Release, S::Released),
        (2, S::Released, E::Accept, S::Accepted),
        (3, S::Released, E::Decline, S::Declined),
        (4, S::Released, E::Cancel, S::CancelRequested),
        (5, S::Accepted, E::Decline, S::Declined),
        (6, S::Accepted, E::Schedule, S::Scheduled),
        (7, S::Accepted, E::Cancel, S::CancelRequested),
        (8, S::Accepted, E::AddInterimNote, S::Seen),
        (9, S::Accepted, E::AddFinalNote, S::NoteReady),
        (10, S::Scheduled, E::Decline, S::Declined),
        (11, S::Scheduled, E::Schedule, S::Scheduled),
        (12, S::Scheduled, E::MarkNoShow, S::NoShow),
        (13, S::Scheduled, E::CancelAppointment, S::Accepted),
        (14, S::Scheduled, E::Cancel, S::CancelRequested),
        (15, S::Scheduled, E::AddInterimNote, S::Seen),
        (16, S::Scheduled, E::AddFinalNote, S::NoteReady),
        (17, S::NoShow, E::Decline, S::Declined),
        (18, S::NoShow, E::Schedule, S::Scheduled),
        (19, S::NoShow, E::CancelAppointment, S::Accepted),
        (20, S::NoShow, E::Cancel, S::CancelRequested),
        (21, S::Accepted, E::Schedule, S::Scheduled),
        (22, S::Accepted, E::Cancel, S::CancelRequested),
        (23, S::CancelRequested, E::ConfirmCancel, S::Cancelled),
        (24, S::CancelRequested, E::AddFinalNote, S::NoteReady),
        (25, S::Seen, E::Decline, S::Declined),
        (26, S::Seen, E::Schedule, S::Scheduled),
        (27, S::Seen, E::CancelAppointment, S::Accepted),
        (28, S::Seen, E::Cancel, S::CancelRequested),
        (29, S::Seen, E::AddInterimNote, S::Seen),
        (30, S::Seen, E::AddFinalNote, S::NoteReady),
        (31, S::Accepted, E::Schedule, S::Scheduled),
        (32, S::Accepted, E::AddInterimNote, S::Seen),
        (33, S::Scheduled, E::Decline, S::Declined),
        (34, S::Scheduled, E::Cancel, S::CancelRequested),
    ];

    #[test]
    fn the_shared_transitions_are_in_the_grid() {
        for (number, from, event, to) in SHARED {
            assert_eq!(target(from, event), Some(to), "transition {number}");
        }
    }

    /// The lifecycle document: every way there is.
    #[test]
    fn the_whole_grid() {
        let mut grid = String::new();
        for from in S::ALL {
            for event in E::ALL {
                if let Some(to) = target(from, event) {
                    grid.push_str(&format!(
                        "{from:<21} {event:<21} {to}\n",
                        from = from.as_str(),
                        event = event.as_str()
                    ));
                }
            }
        }
        insta::assert_snapshot!(grid);
    }

    #[test]
    fn only_a_delivery_closes() {
        for from in S::ALL {
            for event in E::ALL {
                if target(from, event) == Some(S::Closed) {
                    assert!(
                        matches!(event, E::DeliveryConfirmed | E::DeliverByHand),
                        "{from} {event}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_status_says_in_data_what_the_grid_says_in_name() {
        let now = DateTime::UNIX_EPOCH;
        let (note, delivery) = (NoteId::new(now), DeliveryId::new(now));
        let statuses = [
            Status::Received,
            Status::InReview,
            Status::Ready,
            Status::Rejected { reason: "junk".into() },
            Status::InformationRequested { items: vec![] },
            Status::Released,
            Status::Accepted,
            Status::Declined {
                reason: "capacity".into(),
            },
            Status::Scheduled { appointment: now },
            Status::NoShow { missed: now },
            Status::Seen { at: now },
            Status::NoteReady { note: note.clone() },
            Status::NoteSent {
                note: note.clone(),
                delivery: delivery.clone(),
            },
            Status::CancelRequested {
                reason: "recovered".into(),
            },
            Status::Cancelled { at: now },
            Status::Closed {
                delivery: delivery.clone(),
                at: now,
            },
        ];
        let reason = || "reason".to_owned();
        let events = [
            Event::ReviewNeeded,
            Event::FoundCertain,
            Event::Release,
            Event::Reject { reason: reason() },
            Event::RequestInformation { items: vec![] },
            Event::InformationReceived,
            Event::Accept,
            Event::Decline { reason: reason() },
            Event::Schedule { appointment: now },
            Event::CancelAppointment,
            Event::MarkSeen,
            Event::MarkNoShow,
            Event::AddNote {
                note: note.clone(),
                kind: NoteKind::Interim,
            },
            Event::AddNote {
                note,
                kind: NoteKind::Final,
            },
            Event::SendNote {
                delivery: delivery.clone(),
            },
            Event::DeliverByHand {
                delivery: delivery.clone(),
            },
            Event::DeliveryConfirmed { delivery },
            Event::DeliveryFailed,
            Event::Cancel { reason: reason() },
            Event::ConfirmCancel,
            Event::Reopen,
        ];
        for status in &statuses {
            for event in &events {
                let reached = transition(status, event, now).ok().map(|next| next.name());
                assert_eq!(reached, target(status.name(), event.name()), "{status:?} {event:?}");
            }
        }
    }
}
