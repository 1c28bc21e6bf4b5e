//! Pairs that look like one person and may be two. However high they score, a person decides.

use super::criterion::{Criterion, Level, Levels};
use super::frequency::Frequencies;
use super::nicknames;
use super::person::Person;
use super::rule::has_contact;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    Twins,
    JuniorSenior,
    NewbornName,
    FirstOfJanuary,
    ConflictingIdentifier,
    SexConflict,
    NameIncomplete,
    OtherName,
}

/// Letters of a name in which two slips are still slips.
const LONG_NAME: usize = 6;

const ALL: [Guard; 8] = [
    Guard::Twins,
    Guard::JuniorSenior,
    Guard::NewbornName,
    Guard::FirstOfJanuary,
    Guard::ConflictingIdentifier,
    Guard::SexConflict,
    Guard::NameIncomplete,
    Guard::OtherName,
];

impl Guard {
    /// Every guard that stands against joining these two.
    pub fn against(one: &Person, other: &Person, levels: &Levels, frequencies: &Frequencies) -> Vec<Self> {
        ALL.into_iter()
            .filter(|guard| guard.stands(one, other, levels, frequencies))
            .collect()
    }

    fn stands(self, one: &Person, other: &Person, levels: &Levels, frequencies: &Frequencies) -> bool {
        match self {
            Self::Twins => {
                is_born_together(levels)
                    && is_family_alike(levels)
                    && !is_of_one_given_name(one, other, levels, frequencies)
            }
            Self::JuniorSenior => may_be_parent_and_child(one, other, levels),
            Self::NewbornName => one.name.is_newborn() || other.name.is_newborn(),
            Self::FirstOfJanuary => {
                levels.of(Criterion::BirthDate) == Level::FirstOfJanuary && !has_strong_evidence(levels)
            }
            Self::ConflictingIdentifier => {
                matches!(levels.of(Criterion::RecordNumber), Level::OneOff | Level::Different)
                    || levels.of(Criterion::MemberId) == Level::OnePart
            }
            Self::SexConflict => levels.of(Criterion::Sex) == Level::Different,
            Self::NameIncomplete => is_missing(levels, Criterion::Given) || is_missing(levels, Criterion::Family),
            Self::OtherName => [Criterion::Given, Criterion::Family]
                .iter()
                .all(|part| matches!(levels.of(*part), Level::Similar | Level::Different)),
        }
    }

    /// For the coordinator who decides.
    pub fn text(self) -> &'static str {
        match self {
            Self::Twins => {
                "Same family name and birth date, another given name: these may be twins. Check the given name."
            }
            Self::JuniorSenior => {
                "Same name, but Jr, Sr or the birth date differs: these may be parent and child. Check the birth date."
            }
            Self::NewbornName => {
                "A newborn's name, such as Baby Boy, is many children's. Check the mother's name and the record number."
            }
            Self::FirstOfJanuary => {
                "January 1 often stands for an unknown birth date. Look for a phone, an address or a number that fits."
            }
            Self::ConflictingIdentifier => {
                "One institution gave these two different numbers, or one family's card two members. Check the numbers."
            }
            Self::SexConflict => "The sex differs. Check whether it was taken down wrongly or these are two people.",
            Self::NameIncomplete => {
                "Given or family name is missing on one side, so members of one family cannot be told apart. Check the name."
            }
            Self::OtherName => {
                "Neither given nor family name fits. A number or a date may have been mistaken. Check the name."
            }
        }
    }
}

fn is_missing(levels: &Levels, criterion: Criterion) -> bool {
    levels.of(criterion) == Level::Missing
}

fn is_family_alike(levels: &Levels) -> bool {
    matches!(
        levels.of(Criterion::Family),
        Level::Exact | Level::OnePart | Level::Almost | Level::Close
    )
}

fn is_born_together(levels: &Levels) -> bool {
    matches!(levels.of(Criterion::BirthDate), Level::Exact | Level::FirstOfJanuary)
}

fn is_of_one_given_name(one: &Person, other: &Person, levels: &Levels, frequencies: &Frequencies) -> bool {
    match levels.of(Criterion::Given) {
        Level::Almost | Level::Close | Level::Similar => is_slip(
            one.name.given.as_deref().unwrap_or_default(),
            other.name.given.as_deref().unwrap_or_default(),
            frequencies,
        ),
        Level::Different => false,
        _ => true,
    }
}

/// Twins' names are often alike. Two names that people bear are no slips of one another: "Julian" and "Juliana".
fn is_slip(one: &str, other: &str, frequencies: &Frequencies) -> bool {
    let is_borne = |name: &str| nicknames::is_known(name) || frequencies.is_borne(name);
    let slips_max = if one.len().min(other.len()) < LONG_NAME { 1 } else { 2 };
    strsim::osa_distance(one, other) <= slips_max && !(is_borne(one) && is_borne(other))
}

fn may_be_parent_and_child(one: &Person, other: &Person, levels: &Levels) -> bool {
    let birth_date = levels.of(Criterion::BirthDate);
    let is_of_one_name = matches!(
        levels.of(Criterion::Given),
        Level::Exact | Level::Nickname | Level::Initial
    );
    match (one.name.suffix, other.name.suffix) {
        (Some(one), Some(other)) if one != other => true,
        (Some(_), None) | (None, Some(_)) if birth_date != Level::Exact => true,
        _ => is_of_one_name && is_family_alike(levels) && birth_date == Level::Different,
    }
}

fn has_strong_evidence(levels: &Levels) -> bool {
    let is_exact = |criterion| levels.of(criterion) == Level::Exact;
    has_contact(levels) || is_exact(Criterion::RecordNumber) || is_exact(Criterion::MemberId)
}
