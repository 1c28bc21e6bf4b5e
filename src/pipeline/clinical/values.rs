//! Values that documents and messages propose for the fields of the catalogue, and which of them count: the order's before a
//! document's, and one that is well-formed before one that is not.

use super::Clinical;
use crate::domain::fields::{DataFormat, FieldContent, FieldKey, FieldProblem, Passage};
use crate::extraction::RuleSets;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Below what lets a critical value pass without a person: how often partners' data is right was not measured yet.
const STATED: f64 = 0.94;
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
    pub standing: Standing,
}

/// How a value stands in the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Stated,
    /// In a place that is not quite about this referral.
    Suggested,
    /// Not as such a value is written.
    Malformed,
    /// The place says that it is not known.
    SaidUnknown,
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
            standing: Standing::Stated,
        }
    }

    /// What is written in the place of a value and is none.
    pub fn malformed(key: &'static str, text: impl Into<String>, passage: Passage) -> Self {
        Self {
            standing: Standing::Malformed,
            ..Self::of(key, text, passage)
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
    /// Whether the place says that it is not known: nothing of it is a text to be corrected.
    pub is_said_unknown: bool,
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
            // A text that is wrong tells a person more than that nobody knows.
            let tells_more = best
                .get(key)
                .is_none_or(|known| known.is_said_unknown && !value.is_said_unknown);
            if value.content.is_ok() || tells_more {
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
        standing,
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
    let problem = |problem: &str, detail: &str| {
        Err(FieldProblem {
            field: key.clone(),
            problem: problem.to_owned(),
            detail: detail.to_owned(),
        })
    };
    let content = match standing {
        Standing::Stated | Standing::Suggested => rules.validate_on(&key, &texts.join(" "), today),
        Standing::Malformed => problem("malformed", "not written as such a value must be"),
        Standing::SaidUnknown => problem("said_unknown", "the sender's system does not know it"),
    };
    Value {
        content,
        key,
        printed,
        is_said_unknown: standing == Standing::SaidUnknown,
        confidence: if standing == Standing::Stated {
            STATED
        } else {
            SUGGESTED
        },
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
