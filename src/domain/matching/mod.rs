//! Whether two descriptions are one person's. Method, weights and measurements: docs/matching.md.
//!
//! [`blocking_keys`] says what a person may be found by, [`compare`] holds two people against each other, and [`Verdict::of`]
//! says what is done. No part decides without showing why.

mod address;
mod blocking;
mod class;
mod comparison;
mod criterion;
mod facts_fit;
mod frequency;
mod guard;
mod identifier;
mod model;
mod name;
mod names_fit;
mod nicknames;
mod person;
mod rule;
mod spelling;
#[cfg(test)]
mod tests;

pub use address::Address;
pub use blocking::{BlockingKey, KEYS_MAX, KeyKind, blocking_keys};
pub use class::{Class, Verdict};
pub use comparison::{Comparison, CriterionEvidence, compare, levels};
pub use criterion::{CRITERIA, Criterion, LEVELS, Level, Levels};
pub use frequency::Frequencies;
pub use guard::Guard;
pub use identifier::{Identifier, IdentifierKind};
pub use model::{Model, Thresholds};
pub use name::{Name, Suffix};
pub use person::{Person, Sex};
pub use rule::Rule;
