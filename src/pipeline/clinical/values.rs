//! Values that documents and messages propose for the fields of the catalogue, and which of them count: the order's before a
//! document's, and one that is well-formed before one that is not.

use super::Clinical;
use crate::domain::fields::{DataFormat, FieldContent, FieldKey, FieldProblem, Passage};
use crate::extraction::RuleSets;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Below what lets a critical value pass without a person: how often partners' data is right was not measured yet.
const STATED: f64 = 0.94;
/// Taken from a place that is not quite about this referral.
const SUGGESTED: f64 = 0.5;

/// One value as the data has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Proposal {
    pub key: &'static str,
    /// As it is printed on the sheet: one, or one an item.
    pub printed: Vec<String>,
    /// What is made a value of; of a list, one an item.
    pub texts: Vec<String>,
    pub passage: Passage,
    pub is_sure: bool,
}

impl Proposal {
    /// A value that is printed as it stands.
    pub fn of(key: &'static str, text: impl Into<String>, passage: Passage) -> Self {
        let text = text.into();
        Self {
            key,
            printed: vec![text.clone()],
            texts: vec![text],
            passage,
            is_sure: true,
        }
    }

    pub fn printed_as(self, printed: impl Into<String>) -> Self {
        Self {
            printed: vec![printed.into()],
            ..self
        }
    }
}

/// A value that counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub key: FieldKey,
    pub printed: Vec<String>,
    /// What is wrong with it where it can be no value.
    pub content: Result<FieldContent, FieldProblem>,
    pub confidence: f64,
    pub passage: Passage,
}

impl Clinical {
    /// The best of each field, in no order.
    pub(super) fn values(&self, rules: &RuleSets, today: NaiveDate) -> Vec<Value> {
        let mut proposals = self.of_messages();
        proposals.extend(self.of_documents());
        let mut best: BTreeMap<&'static str, Value> = BTreeMap::new();
        for proposal in proposals {
            let has_one = best.get(proposal.key).is_some_and(|value| value.content.is_ok());
            if has_one {
                continue;
            }
            let key = proposal.key;
            let value = value(proposal, rules, today);
            if value.content.is_ok() || !best.contains_key(key) {
                best.insert(key, value);
            }
        }
        best.into_values().collect()
    }
}

/// Of a list, what is no code is left out of the value, and out of what is printed as its evidence.
fn value(proposal: Proposal, rules: &RuleSets, today: NaiveDate) -> Value {
    let key = FieldKey::new(proposal.key);
    let is_list = rules.catalogue().field(&key).is_some_and(|field| field.kind.is_list());
    let Proposal {
        mut printed,
        mut texts,
        mut passage,
        is_sure,
        ..
    } = proposal;
    if is_list {
        let good: Vec<bool> = texts.iter().map(|text| rules.validate(&key, text).is_ok()).collect();
        if good.contains(&true) {
            let keep = |at: usize| good.get(at).copied().unwrap_or(false);
            printed = kept(printed, keep);
            texts = kept(texts, keep);
            passage.paths = kept(passage.paths, keep);
        }
    }
    Value {
        content: rules.validate_on(&key, &texts.join(" "), today),
        key,
        printed,
        confidence: if is_sure { STATED } else { SUGGESTED },
        passage,
    }
}

fn kept<T>(all: Vec<T>, keep: impl Fn(usize) -> bool) -> Vec<T> {
    all.into_iter()
        .enumerate()
        .filter(|(at, _)| keep(*at))
        .map(|(_, one)| one)
        .collect()
}

pub(super) fn passage(
    format: DataFormat,
    document: u32,
    paths: impl IntoIterator<Item = impl Into<String>>,
) -> Passage {
    Passage {
        format,
        document,
        paths: paths.into_iter().map(Into::into).collect(),
    }
}

/// As people in the United States write a day.
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%m/%d/%Y").to_string()
}
