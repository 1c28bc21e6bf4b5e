//! How long sealed documents are kept, by what they are.

use super::object::ObjectKind;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetentionClass {
    /// What was received, with its pages and its searchable form.
    Documents,
    /// Consult notes and what was attached to them.
    Letters,
    /// Mail as it came.
    Messages,
    /// Requests that could not be understood.
    RawRequests,
}

impl RetentionClass {
    pub const ALL: [Self; 4] = [Self::Documents, Self::Letters, Self::Messages, Self::RawRequests];

    pub fn of(kind: ObjectKind) -> Self {
        match kind {
            ObjectKind::Original | ObjectKind::PageImage | ObjectKind::PageWords | ObjectKind::SearchablePdf => {
                Self::Documents
            }
            ObjectKind::NoteAttachment | ObjectKind::Letter => Self::Letters,
            ObjectKind::Message => Self::Messages,
            ObjectKind::RawRequest => Self::RawRequests,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Letters => "letters",
            Self::Messages => "messages",
            Self::RawRequests => "raw_requests",
        }
    }
}

/// The `retention` section: days after arrival, or 0 for ever. A referral that is still open, and a legal hold, outlast them all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    pub documents_days: u32,
    pub letters_days: u32,
    pub messages_days: u32,
    pub raw_requests_days: u32,
    /// Pages that a person marked as not ours, counted from then.
    pub misdirected_days: u32,
}

impl Retention {
    /// `None` where this class is kept for ever.
    pub fn age(&self, class: RetentionClass) -> Option<TimeDelta> {
        let days = match class {
            RetentionClass::Documents => self.documents_days,
            RetentionClass::Letters => self.letters_days,
            RetentionClass::Messages => self.messages_days,
            RetentionClass::RawRequests => self.raw_requests_days,
        };
        (days > 0).then(|| TimeDelta::days(i64::from(days)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_destroyed_unless_a_number_of_days_says_so() {
        let retention = Retention {
            raw_requests_days: 30,
            ..Retention::default()
        };
        for class in RetentionClass::ALL {
            let expected = (class == RetentionClass::RawRequests).then(|| TimeDelta::days(30));
            assert_eq!(retention.age(class), expected);
        }
    }
}
