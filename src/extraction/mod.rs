//! Pages in, fields out: kinds, splits, values with confidence and box, gaps. Pure.
//!
//! [`RuleSets`] holds what is known about the language of referrals; everything else here is mechanism.

#![expect(dead_code, reason = "the matcher that reads the lexicon follows")]

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

    fn validate_with(
        &self,
        key: &FieldKey,
        text: &str,
        today: Option<NaiveDate>,
    ) -> Result<FieldContent, FieldProblem> {
        let problem = |problem: &str, detail: String| FieldProblem {
            field: key.clone(),
            problem: problem.to_owned(),
            detail,
        };
        let field = self
            .catalogue
            .field(key)
            .ok_or_else(|| problem("unknown_field", "not in the catalogue".to_owned()))?;
        values::canonical(field.kind, text, &self.vocabularies, today).map_err(|e| problem(e.problem, e.detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, input: &str, expect: Result<&str, &str>) {
        let got = RuleSets::embedded().validate(&FieldKey::new(key), input);
        let got = got.map(|content| match content {
            FieldContent::Text(text) => text,
            FieldContent::List(items) => items.join(" "),
        });
        assert_eq!(
            got.as_deref().map_err(|problem| problem.problem.as_str()),
            expect,
            "{key}: {input}"
        );
    }

    #[test]
    fn what_a_person_types_is_checked_by_type() {
        check("patient.name", "Baker, Beatriz H.", Ok("Beatriz H Baker"));
        check("patient.name", "Beatriz", Err("not_a_name"));
        check("patient.birth_date", "3/14/1962", Ok("1962-03-14"));
        check("patient.birth_date", "3/14/62", Err("not_a_date"));
        check("patient.phone", "(412) 555-0123", Ok("+14125550123"));
        check("referrer.npi", "1234567890", Err("npi_check_digit"));
        check("referral.urgency", "ASAP", Ok("urgent"));
        check("referral.urgency", "whenever", Err("not_an_urgency"));
        check("referral.specialty", "ENT", Ok("Otolaryngology"));
        check("referral.specialty", "Space Medicine", Ok("Space Medicine"));
        check("referral.diagnoses", "m5450, I10; I10", Ok("M54.50 I10"));
        check("referral.diagnoses", "M54.50, back pain", Err("not_an_icd10_code"));
        check("patient.mrn", "", Err("empty"));
        check("patient.shoe_size", "43", Err("unknown_field"));
    }

    #[test]
    fn every_need_of_the_tiers_is_named_when_it_is_not_met() {
        let rules = RuleSets::embedded();
        let text = |_: &FieldKey| FieldContent::Text("x".to_owned());
        let all: std::collections::BTreeMap<FieldKey, FieldContent> = rules
            .catalogue()
            .fields()
            .map(|field| (field.key.clone(), text(&field.key)))
            .collect();
        assert_eq!(rules.missing(&all), []);
        for need in rules.tiers().iter().flat_map(|tier| &tier.needs) {
            let mut values = all.clone();
            values.retain(|key, _| !need.one_of.contains(key));
            assert!(rules.missing(&values).contains(&need.one_of[0]), "{:?}", need.one_of);
        }
    }

    #[test]
    fn a_patient_who_pays_needs_no_member_id() {
        let rules = RuleSets::embedded();
        let payer = (
            FieldKey::new("insurance.payer"),
            FieldContent::Text("SELF PAY".to_owned()),
        );
        let missing = rules.missing(&std::collections::BTreeMap::from([payer]));
        assert!(!missing.contains(&FieldKey::new("insurance.member_id")));
    }
}
