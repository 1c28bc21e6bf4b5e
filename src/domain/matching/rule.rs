//! Findings that decide by themselves, whatever the weights say. They stand beside the score, and guards stand above them.

use super::class::Class;
use super::criterion::{Criterion, Level, Levels};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The least that automatic matching is asked to know.
    RecordNumberAndBirthDate,
    /// The given name tells apart those who share a member id.
    MemberIdGivenNameAndBirthDate,
    /// Full name and birth date, and the same phone or the same door.
    NameBirthDateAndContact,
    /// The rule of the front desk. Of a common name it finds two people, so it only asks.
    NameAndBirthDate,
}

impl Rule {
    /// Every rule that these levels keep.
    pub fn kept_by(levels: &Levels) -> Vec<Self> {
        let all = [
            Self::RecordNumberAndBirthDate,
            Self::MemberIdGivenNameAndBirthDate,
            Self::NameBirthDateAndContact,
            Self::NameAndBirthDate,
        ];
        // Each asks for it: most pairs end here.
        if levels.of(Criterion::BirthDate) != Level::Exact {
            return Vec::new();
        }
        all.into_iter().filter(|rule| rule.is_kept_by(levels)).collect()
    }

    fn is_kept_by(self, levels: &Levels) -> bool {
        let is_exact = |criterion| levels.of(criterion) == Level::Exact;
        let is_given = matches!(levels.of(Criterion::Given), Level::Exact | Level::Nickname);
        let is_named = is_given && is_exact(Criterion::Family);
        match self {
            Self::RecordNumberAndBirthDate => is_exact(Criterion::RecordNumber),
            Self::MemberIdGivenNameAndBirthDate => is_exact(Criterion::MemberId) && is_given,
            Self::NameBirthDateAndContact => is_named && has_contact(levels),
            Self::NameAndBirthDate => is_named,
        }
    }

    /// At least this class, but for guards.
    pub fn class(self) -> Class {
        match self {
            Self::RecordNumberAndBirthDate | Self::MemberIdGivenNameAndBirthDate | Self::NameBirthDateAndContact => {
                Class::High
            }
            Self::NameAndBirthDate => Class::Medium,
        }
    }

    /// As people read it.
    pub fn text(self) -> &'static str {
        match self {
            Self::RecordNumberAndBirthDate => "same record number and birth date",
            Self::MemberIdGivenNameAndBirthDate => "same member id, given name and birth date",
            Self::NameBirthDateAndContact => "same name and birth date, and the same phone or address",
            Self::NameAndBirthDate => "same name and birth date",
        }
    }
}

/// The same phone, or the same street and number.
pub fn has_contact(levels: &Levels) -> bool {
    let is_exact = |criterion| levels.of(criterion) == Level::Exact;
    is_exact(Criterion::Phone) || is_exact(Criterion::StreetNumber) && is_exact(Criterion::Street)
}
