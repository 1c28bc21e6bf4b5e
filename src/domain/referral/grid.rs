//! Which event leads from which status to which.

use super::{Event, EventName, NoteKind, Status, StatusName};
use chrono::{DateTime, Utc};

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
        S::Received => received(event),
        S::InReview | S::Ready => before_release(from, event),
        S::InformationRequested => waiting_for_information(event),
        S::Released | S::Accepted | S::Scheduled | S::NoShow | S::Seen => in_care(from, event),
        S::NoteReady | S::NoteSent => returning(from, event),
        S::CancelRequested => waiting_for_cancellation(event),
        S::Rejected => (event == E::Reopen).then_some(S::InReview),
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

/// Before anything was read.
fn received(event: EventName) -> Option<StatusName> {
    use EventName as E;
    use StatusName as S;
    match event {
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
    }
}

/// The referrer was asked; a person may still decide without an answer.
fn waiting_for_information(event: EventName) -> Option<StatusName> {
    use EventName as E;
    use StatusName as S;
    match event {
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
    }
}

/// The referrer called it off, and we have not confirmed yet.
fn waiting_for_cancellation(event: EventName) -> Option<StatusName> {
    use EventName as E;
    use StatusName as S;
    match event {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{DeliveryId, NoteId};
    use EventName as E;
    use StatusName as S;
    use std::fmt::Write as _;

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
                    writeln!(grid, "{:<21} {:<21} {to}", from.as_str(), event.as_str()).unwrap();
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
