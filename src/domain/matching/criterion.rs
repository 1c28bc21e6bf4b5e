//! What is compared of two people, and how well it may fit.

use serde::{Deserialize, Serialize};

/// One thing that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    Given,
    Middle,
    Family,
    BirthDate,
    Sex,
    Phone,
    StreetNumber,
    Street,
    SecondLine,
    City,
    PostalCode,
    RecordNumber,
    MemberId,
}

/// How well it fits. Each criterion knows some of them; the first that holds counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Not said of one of the two, or of both: no evidence either way.
    #[default]
    Missing,
    Exact,
    /// The same birth date, a first of January, which often stands for "unknown".
    FirstOfJanuary,
    /// The same number, without a word of who gave it.
    UnknownAuthority,
    Nickname,
    /// Given name of the one, middle name of the other.
    MiddleName,
    Initial,
    /// Given and family name, day and month, or the lines of an address changed places.
    Swapped,
    /// One part of a family name of two.
    OnePart,
    /// Jaro-Winkler 0.92 and more.
    Almost,
    /// 0.88 and more.
    Close,
    /// 0.7 and more.
    Similar,
    /// One sign differs, is missing, or two neighbours changed places.
    OneOff,
    /// Within a month, or the same day and month of another year.
    Near,
    SameYear,
    Different,
}

pub const CRITERIA: [Criterion; 13] = [
    Criterion::Given,
    Criterion::Middle,
    Criterion::Family,
    Criterion::BirthDate,
    Criterion::Sex,
    Criterion::Phone,
    Criterion::StreetNumber,
    Criterion::Street,
    Criterion::SecondLine,
    Criterion::City,
    Criterion::PostalCode,
    Criterion::RecordNumber,
    Criterion::MemberId,
];

pub const LEVELS: [Level; 16] = [
    Level::Missing,
    Level::Exact,
    Level::FirstOfJanuary,
    Level::UnknownAuthority,
    Level::Nickname,
    Level::MiddleName,
    Level::Initial,
    Level::Swapped,
    Level::OnePart,
    Level::Almost,
    Level::Close,
    Level::Similar,
    Level::OneOff,
    Level::Near,
    Level::SameYear,
    Level::Different,
];

impl Criterion {
    /// As people read it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Given => "given name",
            Self::Middle => "middle name",
            Self::Family => "family name",
            Self::BirthDate => "birth date",
            Self::Sex => "sex",
            Self::Phone => "phone",
            Self::StreetNumber => "street number",
            Self::Street => "street",
            Self::SecondLine => "apartment or second line",
            Self::City => "city",
            Self::PostalCode => "postal code",
            Self::RecordNumber => "record number",
            Self::MemberId => "member id",
        }
    }

    /// What everybody of one household shares.
    pub fn is_of_household(self) -> bool {
        match self {
            Self::Phone
            | Self::StreetNumber
            | Self::Street
            | Self::SecondLine
            | Self::City
            | Self::PostalCode
            | Self::MemberId => true,
            Self::Given | Self::Middle | Self::Family | Self::BirthDate | Self::Sex | Self::RecordNumber => false,
        }
    }
}

impl Level {
    /// As people read it, behind the criterion and a colon.
    pub fn text(self) -> &'static str {
        match self {
            Self::Missing => "not known of both",
            Self::Exact => "the same",
            Self::FirstOfJanuary => "the same, but a first of January may stand for an unknown day",
            Self::UnknownAuthority => "the same, but who gave it is not known",
            Self::Nickname => "a usual short form",
            Self::MiddleName => "the one's middle name",
            Self::Initial => "the initial fits",
            Self::Swapped => "changed places",
            Self::OnePart => "one part of it is the same",
            Self::Almost => "almost the same",
            Self::Close => "much alike",
            Self::Similar => "somewhat alike",
            Self::OneOff => "one sign differs",
            Self::Near => "near each other",
            Self::SameYear => "the same year",
            Self::Different => "different",
        }
    }
}

/// How each criterion fits, of two people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels([Level; CRITERIA.len()]);

impl Levels {
    pub fn of(&self, criterion: Criterion) -> Level {
        self.0[criterion as usize]
    }

    pub fn set(&mut self, criterion: Criterion, level: Level) {
        self.0[criterion as usize] = level;
    }

    pub fn all(&self) -> impl Iterator<Item = (Criterion, Level)> {
        CRITERIA.into_iter().zip(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_their_order() {
        for (at, level) in LEVELS.into_iter().enumerate() {
            assert_eq!(at, level as usize);
        }
        for (at, criterion) in CRITERIA.into_iter().enumerate() {
            assert_eq!(at, criterion as usize);
        }
    }
}
