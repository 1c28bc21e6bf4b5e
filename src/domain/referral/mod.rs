//! The life of a referral: its statuses with their data, the events, and the one grid that says which leads where.
//!
//! The grid holds the 34 transitions that BSeR and IHE 360X share (our `released` is their *received*); the statuses
//! before `released` are local, since a fax must first be understood. What can be derived (overdue, waiting on whom)
//! is not stored.

mod action;
mod event;
mod grid;
mod reason;
mod status;

pub use action::Action;
pub use event::{Event, EventName, NoteKind};
pub use grid::{InvalidTransition, target, transition};
pub use reason::{CancelReason, DeclineReason, RejectReason};
pub use status::{Status, StatusName};

use super::ids::{DirectoryId, DocumentId, ReferralId, TransmissionId, UserId};
use super::people::Role;
use super::site::SiteKey;
use super::sla::Urgency;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One tracked referral. Its fields, history, notes and deliveries stand beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    pub id: ReferralId,
    pub document: DocumentId,
    pub transmission: TransmissionId,
    /// Where it is worked.
    pub site: SiteKey,
    pub status: Status,
    pub status_since: DateTime<Utc>,
    pub urgency: Urgency,
    pub owner: Option<UserId>,
    /// The role on whose list it stands.
    pub queue: Role,
    pub deadline_at: Option<DateTime<Utc>>,
    pub escalated_at: Option<DateTime<Utc>>,
    pub escalation_level: u32,
    pub referrer: Option<Referrer>,
    /// Grows with every change; the `ETag` of the API.
    pub version: u64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Who sent the referral, and by what it was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referrer {
    pub entry: DirectoryId,
    pub basis: ReferrerBasis,
}

/// By what a referrer was found in the directory, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ReferrerBasis {
    /// A person chose the entry.
    Person,
    /// The message came from this Direct address, or the form shows it.
    DirectAddress,
    Npi,
    PracticeAndProvider,
    /// A number can be forged: a hint for a person, never enough to send PHI.
    FaxNumber,
    StationId,
}

impl ReferrerBasis {
    /// Whether PHI may be sent to the entry without a person confirming it first.
    pub fn is_enough_to_send(self) -> bool {
        match self {
            Self::Person | Self::DirectAddress | Self::Npi | Self::PracticeAndProvider => true,
            Self::FaxNumber | Self::StationId => false,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::DirectAddress => "direct_address",
            Self::Npi => "npi",
            Self::PracticeAndProvider => "practice_and_provider",
            Self::FaxNumber => "fax_number",
            Self::StationId => "station_id",
        }
    }
}
