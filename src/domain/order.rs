//! The order of a closed-loop referral: what its initiator calls it, and what the initiator says of it later.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The number of a referral at its initiator, unique under its authority. Every answer repeats both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderNumber {
    pub id: String,
    /// An OID, or a name where the sender gives no OID; may be empty.
    pub authority: String,
}

/// As people write it: the number, and whose it is.
impl std::fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.authority.is_empty() {
            f.write_str(&self.id)
        } else {
            write!(f, "{} ({})", self.id, self.authority)
        }
    }
}

/// What an order says besides the fields of a referral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralOrder {
    pub number: OrderNumber,
    /// What is asked for, in words.
    pub service: Option<String>,
    /// The latest day that serves.
    pub needed_by: Option<NaiveDate>,
    /// The patient's numbers at the initiator: whoever answers repeats them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patient_numbers: Vec<PatientNumber>,
}

/// A number that somebody gave a patient, unique under its authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientNumber {
    pub id: String,
    /// An OID, or a name where the sender gives no OID; may be empty.
    pub authority: String,
}

/// What a later message about a referral is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderMessageKind {
    /// The same order once more, perhaps changed.
    Repeated,
    Status,
    /// The initiator asks to cancel: a person decides.
    Cancellation,
    /// An outcome or an interim note.
    Outcome,
    Booked,
    Rescheduled,
    AppointmentCancelled,
    NoShow,
}

impl OrderMessageKind {
    /// What happened, as a sentence about the sender.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Repeated => "The sender sent this order again",
            Self::Status => "The sender reported on this order",
            Self::Cancellation => "The sender asks to cancel this referral",
            Self::Outcome => "The sender sent an outcome for this order",
            Self::Booked => "The sender reported an appointment",
            Self::Rescheduled => "The sender reported another time for the appointment",
            Self::AppointmentCancelled => "The sender reported that the appointment was cancelled",
            Self::NoShow => "The sender reported that the patient did not come",
        }
    }

    /// Whether somebody has to act on it.
    pub fn needs_a_person(self) -> bool {
        match self {
            Self::Repeated | Self::Cancellation | Self::AppointmentCancelled | Self::NoShow => true,
            Self::Status | Self::Outcome | Self::Booked | Self::Rescheduled => false,
        }
    }
}

/// The words of such a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderWords {
    /// Its reasons and comments.
    pub reasons: Vec<String>,
    /// When the appointment starts, as written: `YYYYMMDDhhmm` with its zone.
    pub starts: Option<String>,
    /// A status's code, as `IP`.
    pub status: String,
}
