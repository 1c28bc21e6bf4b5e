//! What is true of a referral's fields: what the machine proposed, and what people made of it.

use crate::domain::fields::{FieldContent, FieldKey};
use crate::store::fields::{FieldValue, MACHINE};
use std::collections::BTreeMap;

/// One field, from all the values that it ever had.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// The machine's reading with its confidence and place; `None` where it found nothing.
    pub proposed: Option<FieldValue>,
    /// What counts now; `None` where the field is empty.
    pub settled: Option<FieldContent>,
    /// Whether a person wrote or cleared it, and not only released what stood there.
    pub by_person: bool,
}

impl Truth {
    /// `past`: oldest first.
    pub fn of(past: &[FieldValue]) -> Self {
        let last = past.last();
        Self {
            proposed: past.iter().rev().find(|value| value.source == MACHINE).cloned(),
            settled: last.and_then(|value| value.value.clone()),
            by_person: last.is_some_and(|value| value.source != MACHINE),
        }
    }

    /// Whether the machine's value is what counts.
    pub fn holds(&self) -> bool {
        let proposed = self.proposed.as_ref().and_then(|value| value.value.as_ref());
        match (proposed, &self.settled) {
            (Some(proposed), Some(settled)) => proposed.says_the_same(settled),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// The machine's confidence, where it was sure enough to need no person.
    pub fn sure(&self, threshold: f64) -> Option<f64> {
        let proposed = self.proposed.as_ref()?;
        let plain = proposed.value.is_some() && proposed.problem.is_none();
        (plain && proposed.confidence >= threshold).then_some(proposed.confidence)
    }
}

/// The truth of every field that has values.
pub fn of_history(history: &BTreeMap<FieldKey, Vec<FieldValue>>) -> BTreeMap<FieldKey, Truth> {
    history
        .iter()
        .map(|(key, past)| (key.clone(), Truth::of(past)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn value(source: &str, text: Option<&str>, confidence: f64) -> FieldValue {
        FieldValue {
            source: source.to_owned(),
            value: text.map(|text| FieldContent::Text(text.to_owned())),
            raw: None,
            confidence,
            page: None,
            bounds: None,
            boxes: Vec::new(),
            rule: String::new(),
            passage: None,
            problem: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_people_made_of_a_value_is_told_from_its_past() {
        let read = value(MACHINE, Some("Ana Ruiz"), 0.97);
        let untouched = Truth::of(std::slice::from_ref(&read));
        assert!(untouched.holds() && !untouched.by_person);
        let spelt = Truth::of(&[read.clone(), value("usr_1", Some("ANA RUIZ"), 1.0)]);
        assert!(spelt.holds() && spelt.by_person);
        let corrected = Truth::of(&[read.clone(), value("usr_1", Some("Ana Ruis"), 1.0)]);
        assert!(!corrected.holds());
        let cleared = Truth::of(&[read.clone(), value("usr_1", None, 1.0)]);
        assert!(!cleared.holds() && cleared.settled.is_none());
        let taken_back = Truth::of(&[
            read.clone(),
            value("usr_1", Some("x"), 1.0),
            value("usr_1", Some("Ana Ruiz"), 1.0),
        ]);
        assert!(taken_back.holds());
        assert!(Truth::of(&[]).holds());
    }

    #[test]
    fn a_value_with_a_problem_is_never_sure() {
        let mut read = value(MACHINE, Some("Ana Ruiz"), 0.97);
        assert_eq!(Truth::of(std::slice::from_ref(&read)).sure(0.95), Some(0.97));
        assert_eq!(Truth::of(std::slice::from_ref(&read)).sure(0.98), None);
        read.problem = Some(("two_values".to_owned(), String::new()));
        assert_eq!(Truth::of(&[read]).sure(0.95), None);
    }
}
