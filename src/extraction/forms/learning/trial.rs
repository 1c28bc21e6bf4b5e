//! Whether a form reads better than the general rules alone: tried on the examples, each with a form that was learned from
//! the others.

use super::places::same;
use super::{Example, LearnError, propose};
use crate::domain::fields::{FieldContent, FieldKey};
use crate::extraction::catalogue::ValueType;
use crate::extraction::fold::tokens;
use crate::extraction::forms::{Form, Forms};
use crate::extraction::rules::RuleSets;
use std::collections::{BTreeMap, BTreeSet};

/// What became of one field over all examples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub field: FieldKey,
    pub critical: bool,
    /// How many examples show it.
    pub shown: usize,
    pub before: Count,
    pub after: Count,
}

impl Row {
    /// A wrong value of a critical field is never made up for; elsewhere two more right ones bear one.
    pub(super) fn is_worse(&self) -> bool {
        let gained = self.after.right.saturating_sub(self.before.right);
        let borne = if self.critical { 0 } else { gained / 2 };
        self.after.right < self.before.right || self.after.wrong > self.before.wrong + borne
    }
}

/// Right values, and wrong ones: another than is shown, or one where none is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub right: usize,
    pub wrong: usize,
}

#[derive(Clone, Debug)]
pub struct Trial {
    pub rows: Vec<Row>,
    /// Each example was read with a form learned from the others. With two examples there are no others, and the figures are
    /// too good.
    pub left_out: bool,
    /// How many examples were recognised as the form.
    pub recognised: usize,
}

impl Trial {
    /// Right less wrong, before and after: a wrong value costs a person as much as a right one saves.
    pub fn points(&self) -> (i64, i64) {
        let points = |count: &Count| count.right as i64 - count.wrong as i64;
        let sum = |pick: fn(&Row) -> &Count| self.rows.iter().map(|row| points(pick(row))).sum();
        (sum(|row| &row.before), sum(|row| &row.after))
    }

    /// Critical fields that the form reads worse.
    pub fn worse(&self) -> Vec<&FieldKey> {
        self.rows
            .iter()
            .filter(|row| row.critical && row.is_worse())
            .map(|row| &row.field)
            .collect()
    }
}

/// Reads every example by the rules alone and with the form, and compares with what the person says. Forms that the rules
/// know already are left aside meanwhile.
pub(super) fn trial(
    form: &Form,
    examples: &[Example],
    without: &BTreeSet<String>,
    rules: &mut RuleSets,
) -> Result<Trial, LearnError> {
    let known = rules.exchange_forms(Forms::default());
    let outcome = tried(form, examples, without, rules);
    rules.exchange_forms(known);
    outcome
}

fn tried(
    form: &Form,
    examples: &[Example],
    without: &BTreeSet<String>,
    rules: &mut RuleSets,
) -> Result<Trial, LearnError> {
    let left_out = examples.len() > 2;
    let mut counts: BTreeMap<FieldKey, (usize, Count, Count)> = BTreeMap::new();
    let mut recognised = 0;
    for (at, example) in examples.iter().enumerate() {
        let learned = if left_out {
            let others: Vec<&Example> = examples
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, e)| e)
                .collect();
            propose(&form.name, &others, without, rules)?
        } else {
            form.clone()
        };
        let title = learned.title();
        let (before, _) = example.read(rules);
        rules.exchange_forms(Forms::of(vec![learned]));
        let (after, template) = example.read(rules);
        rules.exchange_forms(Forms::default());
        recognised += usize::from(template.is_some_and(|template| template == title));
        for field in rules.catalogue.fields() {
            let truth = example.fields.get(&field.key);
            let entry = counts.entry(field.key.clone()).or_default();
            entry.0 += usize::from(truth.is_some());
            entry.1.add(field.kind, truth, before.get(&field.key));
            entry.2.add(field.kind, truth, after.get(&field.key));
        }
    }
    let rows = rules.catalogue.fields().filter_map(|field| {
        let (shown, before, after) = counts.get(&field.key).copied()?;
        // What no example shows, nobody may have looked at.
        (shown > 0).then(|| Row {
            field: field.key.clone(),
            critical: field.critical,
            shown,
            before,
            after,
        })
    });
    let rows = rows.collect();
    Ok(Trial {
        rows,
        left_out,
        recognised,
    })
}

impl Count {
    fn add(&mut self, kind: ValueType, truth: Option<&Vec<FieldContent>>, found: Option<&FieldContent>) {
        let Some(found) = found else { return };
        let right = truth.is_some_and(|accepted| accepted.iter().any(|value| is_right(kind, value, found)));
        self.right += usize::from(right);
        self.wrong += usize::from(!right);
    }
}

/// Long texts may differ by a word that the scanner misread.
fn is_right(kind: ValueType, truth: &FieldContent, found: &FieldContent) -> bool {
    if same(truth, found) {
        return true;
    }
    let (FieldContent::Text(truth), FieldContent::Text(found)) = (truth, found) else {
        return false;
    };
    let words = |text: &str| tokens(text).collect::<Vec<_>>();
    let (truth, found) = (words(truth), words(found));
    let common = truth.iter().filter(|word| found.contains(word)).count();
    matches!(kind, ValueType::Text | ValueType::Organization) && common * 10 >= truth.len().max(found.len()) * 8
}

impl Example {
    /// The values of its document, and the form that it was recognised as.
    fn read(&self, rules: &RuleSets) -> (BTreeMap<FieldKey, FieldContent>, Option<String>) {
        let (from, to) = self.range;
        let documents = rules.extract(&self.pages).documents;
        let overlap =
            |range: crate::domain::document::PageRange| (range.to.min(to) + 1).saturating_sub(range.from.max(from));
        let own = documents.into_iter().max_by_key(|document| overlap(document.pages));
        own.map_or_else(Default::default, |document| {
            let fields = document.fields.into_iter().map(|(key, found)| (key, found.value));
            (fields.collect(), document.template)
        })
    }
}
