//! Pages in, fields out: kinds, splits, values with confidence and box, gaps. Pure.
//!
//! [`RuleSets`] holds what is known about the language of referrals; everything else here is mechanism.

mod catalogue;
mod fold;
mod lexicon;
mod prose;
mod rules;
mod tiers;
mod values;
mod vocabulary;

pub use catalogue::{Catalogue, Field, ValueType};
pub use rules::{RuleError, RuleSets};
pub use tiers::{Need, Tier, Waiver};

use crate::domain::fields::{FieldContent, FieldKey, FieldProblem};
use chrono::NaiveDate;

impl RuleSets {
    /// The canonical form of a text typed by a person, or why it can't be one. Years need four digits.
    pub fn validate(&self, key: &FieldKey, text: &str) -> Result<FieldContent, FieldProblem> {
        self.validate_with(key, text, None)
    }

    /// As [`Self::validate`], but knowing the day: two-digit years are taken, births in the future refused.
    pub fn validate_on(&self, key: &FieldKey, text: &str, today: NaiveDate) -> Result<FieldContent, FieldProblem> {
        self.validate_with(key, text, Some(today))
    }

    fn validate_with(&self, key: &FieldKey, text: &str, today: Option<NaiveDate>) -> Result<FieldContent, FieldProblem> {
        let problem = |problem: &str, detail: String| FieldProblem { field: key.clone(), problem: problem.to_owned(), detail };
        let field = self.catalogue.field(key).ok_or_else(|| problem("unknown_field", "not in the catalogue".to_owned()))?;
        values::canonical(field.kind, text, &self.vocabularies, today).map_err(|e| problem(e.problem, e.detail))
    }
}
