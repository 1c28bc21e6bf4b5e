//! Texts brought to the canonical form of their type, or refused with the reason.

pub(super) mod name;
mod read;
mod strict;

pub(super) use read::{Calendar, Outcome, Reading, Words, icd10, is_organization_word, read};
pub(super) use strict::canonical;
