//! What is asked for.

use crate::domain::decision::Route;
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::domain::referral::{Action, CancelReason, DeclineReason, NoteKind, RejectReason};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// An act with what it needs, as the API takes it: `{"action": "release"}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum ActRequest {
    Release {},
    /// From the desk: a person says which fields were in sight. Programs and the straight way are not asked.
    #[serde(skip)]
    ReleaseSeen {
        seen: Vec<FieldKey>,
    },
    Reject {
        reason: RejectReason,
        note: Option<String>,
    },
    RequestInformation {
        /// Field keys or words: what the referrer is asked for.
        items: Vec<String>,
        note: Option<String>,
        /// Send the letter by Direct at once; else somebody brings it.
        #[serde(default)]
        direct: bool,
    },
    /// The document is no referral, and goes where it belongs.
    #[serde(skip)]
    RouteAway {
        route: Route,
        /// Whose consult note it is.
        to: Option<ReferralId>,
    },
    /// It is another referral's double.
    #[serde(skip)]
    CloseAsDuplicate {
        twin: ReferralId,
    },
    Accept {},
    Decline {
        reason: DeclineReason,
        note: Option<String>,
    },
    Schedule {
        appointment: DateTime<Utc>,
    },
    CancelAppointment {
        note: Option<String>,
    },
    MarkSeen {},
    MarkNoShow {},
    AddNote {
        kind: NoteKind,
        text: Option<String>,
        /// A PDF, where the note was not typed.
        #[serde(skip)]
        attachment: Option<Vec<u8>>,
    },
    SendNote {},
    DeliverByHand {
        /// What proves it: to whom the letter was handed, how, by whom.
        proof: String,
    },
    Cancel {
        reason: CancelReason,
        note: Option<String>,
    },
    ConfirmCancel {},
    Reopen {
        note: Option<String>,
    },
}

impl ActRequest {
    pub fn action(&self) -> Action {
        match self {
            Self::Release {} | Self::ReleaseSeen { .. } => Action::Release,
            Self::Reject { .. } | Self::RouteAway { .. } | Self::CloseAsDuplicate { .. } => Action::Reject,
            Self::RequestInformation { .. } => Action::RequestInformation,
            Self::Accept {} => Action::Accept,
            Self::Decline { .. } => Action::Decline,
            Self::Schedule { .. } => Action::Schedule,
            Self::CancelAppointment { .. } => Action::CancelAppointment,
            Self::MarkSeen {} => Action::MarkSeen,
            Self::MarkNoShow {} => Action::MarkNoShow,
            Self::AddNote { .. } => Action::AddNote,
            Self::SendNote {} => Action::SendNote,
            Self::DeliverByHand { .. } => Action::DeliverByHand,
            Self::Cancel { .. } => Action::Cancel,
            Self::ConfirmCancel {} => Action::ConfirmCancel,
            Self::Reopen { .. } => Action::Reopen,
        }
    }
}
