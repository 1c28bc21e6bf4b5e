//! Statuses with their data.

use crate::domain::ids::{DeliveryId, NoteId};
use crate::domain::people::Role;
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

impl fmt::Display for StatusName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
