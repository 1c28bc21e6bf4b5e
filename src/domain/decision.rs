//! What a person decides of a document beside releasing it: where it goes when it is no referral, whether it is another's twin, and
//! which messages answer what was asked.

use serde::{Deserialize, Serialize};

/// Where a document goes that is no referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Route {
    /// The outcome of a referral of ours.
    ConsultNote,
    LabResult,
    RecordsRequest,
    Junk,
}

impl Route {
    pub const ALL: [Self; 4] = [Self::ConsultNote, Self::LabResult, Self::RecordsRequest, Self::Junk];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConsultNote => "consult_note",
            Self::LabResult => "lab_result",
            Self::RecordsRequest => "records_request",
            Self::Junk => "junk",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::ConsultNote => "Consult note of a referral of ours",
            Self::LabResult => "Lab result",
            Self::RecordsRequest => "Request for records",
            Self::Junk => "Junk",
        }
    }
}

/// What a person says of two referrals that resemble each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Verdict {
    /// One referral that came twice.
    Same,
    /// A new one about the same patient's course.
    FollowUp,
    /// They have nothing to do with each other.
    Different,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::FollowUp => "follow_up",
            Self::Different => "different",
        }
    }
}

/// Why a message is taken for the answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AnswerBasis {
    /// It replies to the message that we sent, from where we sent it to.
    MessageId,
    /// It replies to the message that we sent, from elsewhere: perhaps forwarded, perhaps forged.
    OtherSender,
    /// Its subject quotes the referral's id, which stands printed on the letter and proves nothing.
    Subject,
    /// It came in the same message as the referral.
    SameMessage,
    /// It came in the same message, but names another patient.
    OtherPatient,
    /// It names the referral by its initiator's number, and comes from where the referral came from.
    OrderNumber,
    /// It names the referral by its initiator's number, but comes from elsewhere.
    OtherInitiator,
    /// It repeats to machines the number that we gave its patient in a note, as Direct Context wants of an answer.
    PatientNumber,
}

impl AnswerBasis {
    /// Whether it may be filed with the referral without a person.
    pub fn is_enough_to_attach(self) -> bool {
        match self {
            Self::MessageId | Self::SameMessage | Self::OrderNumber => true,
            Self::OtherSender | Self::Subject | Self::OtherPatient | Self::OtherInitiator | Self::PatientNumber => {
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_same_everywhere() {
        for route in Route::ALL {
            assert_eq!(serde_json::to_value(route).unwrap(), route.as_str());
        }
        for verdict in [Verdict::Same, Verdict::FollowUp, Verdict::Different] {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
        }
    }

    #[test]
    fn only_a_reply_from_where_we_asked_attaches_itself() {
        assert!(AnswerBasis::MessageId.is_enough_to_attach());
        assert!(!AnswerBasis::OtherSender.is_enough_to_attach() && !AnswerBasis::Subject.is_enough_to_attach());
    }
}
