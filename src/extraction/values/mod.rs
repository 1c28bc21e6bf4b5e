//! Texts brought to the canonical form of their type, or refused with the reason.

mod address;
mod codes;
mod diagnoses;
mod identifiers;
mod lists;
pub(super) mod name;
mod numbers;
mod organizations;
mod people;
mod read;
mod repair;
mod strict;
mod texts;

pub(super) use codes::{icd10, procedure_code, with_dots};
pub(super) use diagnoses::{Believed, believed};
pub(super) use people::is_organization_word;
pub(super) use read::{Calendar, Outcome, Reading, Words, read};
pub(super) use strict::canonical;
