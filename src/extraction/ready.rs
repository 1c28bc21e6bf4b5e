//! Whether a document may go on without a person.

use super::findings::PageFindings;
use super::rules::RuleSets;
use crate::domain::document::PageKind;
use crate::domain::fields::{FieldContent, FieldKey, FieldProblem, FoundField, Place};
use std::collections::BTreeMap;

impl RuleSets {
    /// Straight through only when every critical field is there, sure, and unchallenged, and its page is plainly a referral.
    pub(super) fn is_ready(
        &self,
        pages: &[PageFindings],
        fields: &BTreeMap<FieldKey, FoundField>,
        problems: &[FieldProblem],
    ) -> bool {
        let plain = pages
            .iter()
            .any(|page| page.kind == PageKind::Referral && page.referral_score >= 4.0);
        let mut critical = self.catalogue.fields().filter(|field| field.critical);
        // Nobody knows what a page says that could not be read.
        let complete = !pages.iter().any(|page| page.unreadable);
        plain
            && complete
            && !pages.iter().any(|page| page.contradicts_itself)
            && self.blocking(fields).is_empty()
            && critical.all(|field| {
                let sure = match fields.get(&field.key) {
                    // What nothing announces is a guess, however often guesses are right.
                    Some(found) => found.confidence >= field.threshold && !is_guess(found),
                    // Needed ones are there: who pays for himself has no member number, if that was read for sure.
                    None => self.is_sure(fields, "insurance.payer"),
                };
                sure && !problems.iter().any(|problem| problem.field == field.key)
            })
    }

    fn is_sure(&self, fields: &BTreeMap<FieldKey, FoundField>, key: &str) -> bool {
        let threshold = self.catalogue.fields().find(|field| field.key.as_str() == key);
        let threshold = threshold.map_or(1.0, |field| field.threshold);
        let found = fields.get(&FieldKey::new(key));
        found.is_some_and(|found| found.confidence >= threshold)
    }

    /// What is missing and keeps a referral from going straight through. What only the specialty asks for keeps back the
    /// routine ones: nobody urgent waits for it.
    fn blocking(&self, fields: &BTreeMap<FieldKey, FoundField>) -> Vec<FieldKey> {
        let value = |key: &FieldKey| fields.get(key).map(|field| &field.value);
        let urgency = value(&FieldKey::new("referral.urgency"));
        let is_urgent = urgency.is_some_and(|content| matches!(content, FieldContent::Text(text) if text != "routine"));
        if is_urgent {
            self.missing_of_every_referral(value)
        } else {
            self.missing_by(value)
        }
    }
}

fn is_guess(found: &FoundField) -> bool {
    // Codes that no label announces may be some of several.
    let codes = matches!(found.value, FieldContent::List(_));
    found
        .evidence
        .as_ref()
        .is_some_and(|evidence| evidence.place == Place::Leftover || evidence.place == Place::Form && codes)
}
