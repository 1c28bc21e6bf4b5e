//! How a note goes back, and what proves that it arrived.

use super::ids::{NoteId, RequestId};
use serde::{Deserialize, Serialize};

/// What a delivery brings to the referrer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Note(NoteId),
    Request(RequestId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Channel {
    Direct,
    ByHand,
}

/// Where a delivery stands. It ends as arrived, failed, or uncertain with a person to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeliveryState {
    /// Committed, not yet handed to the mail server.
    Queued,
    /// The mail server took it.
    Submitted,
    /// The partner's agent received, decrypted and trusted it.
    Processed,
    /// It reached its final destination.
    Dispatched,
    DeliveredByHand,
    Failed,
    /// The connection broke when nobody can say whether it was taken; it is never sent again by itself.
    Uncertain,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Submitted => "submitted",
            Self::Processed => "processed",
            Self::Dispatched => "dispatched",
            Self::DeliveredByHand => "delivered_by_hand",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
        }
    }

    /// It did not arrive, or nobody knows: a person must do something.
    pub fn needs_a_person(self) -> bool {
        match self {
            Self::Failed | Self::Uncertain => true,
            Self::Queued | Self::Submitted | Self::Processed | Self::Dispatched | Self::DeliveredByHand => false,
        }
    }

    /// Nothing that arrives later changes it.
    pub fn is_ended(self) -> bool {
        match self {
            Self::Dispatched | Self::DeliveredByHand | Self::Failed => true,
            Self::Queued | Self::Submitted | Self::Processed | Self::Uncertain => false,
        }
    }
}
