//! The acts that people and programs may ask for.

use super::{EventName, StatusName, target};
use serde::{Deserialize, Serialize};
use std::fmt;

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

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
