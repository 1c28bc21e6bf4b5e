//! Faxes that a gateway says it delivered and that are not here.

use serde::{Deserialize, Serialize};

/// Why a person closes a gap. A code, so that it can stand in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CloseReason {
    /// The sender was asked, and sent it once more under another id.
    SentAgain,
    /// It came by another way: by hand, by post, by mail.
    CameOtherwise,
    /// A test, or nothing that was meant for us.
    NotForUs,
    /// Neither gateway nor sender has it any more; the sender knows.
    Unobtainable,
}

impl CloseReason {
    pub const ALL: [Self; 4] = [Self::SentAgain, Self::CameOtherwise, Self::NotForUs, Self::Unobtainable];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::SentAgain => "sent_again",
            Self::CameOtherwise => "came_otherwise",
            Self::NotForUs => "not_for_us",
            Self::Unobtainable => "unobtainable",
        }
    }

    /// For the person who chooses.
    pub fn words(self) -> &'static str {
        match self {
            Self::SentAgain => "Sent once more",
            Self::CameOtherwise => "Came another way",
            Self::NotForUs => "A test, or not for us",
            Self::Unobtainable => "Can't be got; the sender knows",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_called_the_same_everywhere() {
        for reason in CloseReason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }
}
