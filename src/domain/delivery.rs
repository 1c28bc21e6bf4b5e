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

/// What a note goes out as, by what the partner's system can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Form {
    Pdf,
    /// A C-CDA Unstructured Document around the PDF.
    CcdaUnstructured,
    /// A C-CDA Consultation Note, with the PDF beside it.
    CcdaConsultation,
    /// Both in an XDM package.
    Xdm,
}

/// What a partner's report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Reported {
    Processed,
    Dispatched,
    Failed,
    Other,
}

impl Reported {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Dispatched => "dispatched",
            Self::Failed => "failed",
            Self::Other => "other",
        }
    }
}

/// What a partner's report did to the delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Effect {
    /// It moved the delivery on.
    Counted,
    /// It said what was known.
    Repeated,
    /// It came after the final word, and changed nothing.
    Late,
    /// It says nothing that a delivery could go by.
    Noted,
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
    /// Nobody can say whether it arrived: the connection broke when it may have been taken, or the partner kept silent too
    /// long. It is never sent again by itself.
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
}
