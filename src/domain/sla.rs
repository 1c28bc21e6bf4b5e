//! By when a referral must move on, by its urgency and by what is owed next.

use super::referral::StatusName;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Urgency {
    Stat,
    Urgent,
    #[default]
    Routine,
}

impl Urgency {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stat => "stat",
            Self::Urgent => "urgent",
            Self::Routine => "routine",
        }
    }

    /// Reads the canonical value of `referral.urgency`.
    pub fn from_value(text: &str) -> Option<Self> {
        [Self::Stat, Self::Urgent, Self::Routine]
            .into_iter()
            .find(|urgency| urgency.as_str() == text)
    }
}

/// Hours allowed for each thing that can be owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// From arrival to a reviewer's decision.
    pub review: u32,
    /// From release to a booked visit.
    pub schedule: u32,
    /// From the visit to the note's confirmed delivery.
    pub note: u32,
}

/// The clinic's promise, by urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    pub stat: Hours,
    pub urgent: Hours,
    pub routine: Hours,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            stat: Hours {
                review: 1,
                schedule: 24,
                note: 24,
            },
            urgent: Hours {
                review: 4,
                schedule: 72,
                note: 72,
            },
            routine: Hours {
                review: 24,
                schedule: 120,
                note: 168,
            },
        }
    }
}

impl Deadlines {
    /// When a referral is overdue that entered `status` at `since`; `None` where nobody owes the next step.
    ///
    /// A booked visit is owed on its own day, and a note on its way is watched by its delivery.
    pub fn deadline(&self, status: StatusName, urgency: Urgency, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let hours = match urgency {
            Urgency::Stat => self.stat,
            Urgency::Urgent => self.urgent,
            Urgency::Routine => self.routine,
        };
        let allowed = match status {
            StatusName::Received | StatusName::InReview | StatusName::Ready => hours.review,
            StatusName::Released | StatusName::Accepted | StatusName::NoShow | StatusName::CancelRequested => {
                hours.schedule
            }
            StatusName::Seen | StatusName::NoteReady | StatusName::NoteSent => hours.note,
            StatusName::InformationRequested
            | StatusName::Scheduled
            | StatusName::Rejected
            | StatusName::Declined
            | StatusName::Cancelled
            | StatusName::Closed => return None,
        };
        Some(since + TimeDelta::hours(i64::from(allowed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_urgent_is_due_earlier() {
        let deadlines = Deadlines::default();
        let due = |urgency| deadlines.deadline(StatusName::InReview, urgency, DateTime::UNIX_EPOCH);
        assert!(due(Urgency::Stat) < due(Urgency::Urgent));
        assert!(due(Urgency::Urgent) < due(Urgency::Routine));
    }

    #[test]
    fn nobody_owes_anything_once_ended() {
        for status in StatusName::ALL.into_iter().filter(|status| status.is_ended()) {
            assert_eq!(
                Deadlines::default().deadline(status, Urgency::Stat, DateTime::UNIX_EPOCH),
                None
            );
        }
    }
}
