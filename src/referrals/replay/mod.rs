//! Corrections as tests: two readings of a referral's pages, each held against what its reviewer released. Pure.
//!
//! [`compare`] does one referral, [`Replay`] adds up many.

mod sum;

pub use sum::{FieldCounts, Replay, ToldValue};

use super::truth::Truth;
use crate::domain::document::{DocumentState, PageRange};
use crate::domain::fields::{ExtractedDocument, Extraction, FieldContent, FieldKey};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What one set of rules makes of a referral's pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub fields: BTreeMap<FieldKey, Shown>,
    pub is_ready: bool,
}

/// A value with the page where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub value: FieldContent,
    pub page: Option<u32>,
}

impl Reading {
    /// The document among those found that holds most of the referral's pages: other rules may split a fax elsewhere.
    /// Nothing is read where it is no referral any more, or is not found at all.
    pub fn of(extraction: Extraction, pages: PageRange) -> Self {
        let shared = |document: &ExtractedDocument| {
            let (from, to) = (document.pages.from.max(pages.from), document.pages.to.min(pages.to));
            (to + 1).saturating_sub(from)
        };
        let found = extraction
            .documents
            .into_iter()
            .filter(|document| document.state != DocumentState::NotAReferral && shared(document) > 0)
            .max_by_key(|document| (shared(document), std::cmp::Reverse(document.pages.from)));
        found.map(Self::from).unwrap_or_default()
    }

    /// What was proposed when the referral came in.
    pub fn proposed(truths: &BTreeMap<FieldKey, Truth>, state: DocumentState) -> Self {
        let fields = truths.iter().filter_map(|(key, truth)| {
            let proposed = truth.proposed.as_ref()?;
            let shown = Shown {
                value: proposed.value.clone()?,
                page: proposed.page,
            };
            Some((key.clone(), shown))
        });
        Self {
            fields: fields.collect(),
            is_ready: state == DocumentState::Ready,
        }
    }
}

impl From<ExtractedDocument> for Reading {
    fn from(document: ExtractedDocument) -> Self {
        let fields = document.fields.into_iter().map(|(key, found)| {
            let shown = Shown {
                value: found.value,
                page: Some(found.page),
            };
            (key, shown)
        });
        Self {
            fields: fields.collect(),
            is_ready: document.state == DocumentState::Ready,
        }
    }
}

/// How a field fares under the changed rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Was wrong or missing, is right.
    Better,
    /// Was right, is wrong or missing.
    Worse,
    /// Wrong or missing before and after.
    StillWrong,
    /// Right before and after.
    Same,
    /// A value where the reviewer left the field empty without clearing it: nobody knows whether it is right.
    Unknown,
}

/// One field of one referral that has a value in either reading or in truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub field: FieldKey,
    pub change: Change,
    /// Whether what is read differs at all.
    pub is_changed: bool,
    pub before: Option<Shown>,
    pub after: Option<Shown>,
    pub truth: Option<FieldContent>,
}

/// Holds two readings against the truth. Who released a referral has looked at its `critical` fields, so that one left
/// empty is known to be empty; of the others nobody may have thought.
pub fn compare(
    before: &Reading,
    after: &Reading,
    truths: &BTreeMap<FieldKey, Truth>,
    critical: &BTreeSet<FieldKey>,
) -> Vec<Comparison> {
    let keys: BTreeSet<&FieldKey> = before
        .fields
        .keys()
        .chain(after.fields.keys())
        .chain(truths.keys())
        .collect();
    let comparisons = keys.into_iter().filter_map(|key| {
        let (was, is) = (before.fields.get(key), after.fields.get(key));
        let truth = truths.get(key);
        let settled = truth.and_then(|truth| truth.settled.as_ref());
        if was.is_none() && is.is_none() && settled.is_none() {
            return None;
        }
        let by_person = truth.is_some_and(|truth| truth.by_person);
        let is_known = settled.is_some() || by_person || critical.contains(key);
        let change = if is_known {
            judged(is_right(was, settled), is_right(is, settled))
        } else {
            Change::Unknown
        };
        Some(Comparison {
            field: key.clone(),
            change,
            is_changed: was.map(|shown| &shown.value) != is.map(|shown| &shown.value),
            before: was.cloned(),
            after: is.cloned(),
            truth: settled.cloned(),
        })
    });
    comparisons.collect()
}

/// Whether a reading would have gone straight through with a critical value that its reviewer did not release so.
pub fn is_wrongly_ready(reading: &Reading, truths: &BTreeMap<FieldKey, Truth>, critical: &BTreeSet<FieldKey>) -> bool {
    reading.is_ready
        && critical.iter().any(|key| {
            let settled = truths.get(key).and_then(|truth| truth.settled.as_ref());
            !is_right(reading.fields.get(key), settled)
        })
}

fn is_right(shown: Option<&Shown>, settled: Option<&FieldContent>) -> bool {
    match (shown, settled) {
        (Some(shown), Some(settled)) => shown.value.says_the_same(settled),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn judged(was_right: bool, is_right: bool) -> Change {
    match (was_right, is_right) {
        (false, true) => Change::Better,
        (true, false) => Change::Worse,
        (false, false) => Change::StillWrong,
        (true, true) => Change::Same,
    }
}

#[cfg(test)]
mod tests;
