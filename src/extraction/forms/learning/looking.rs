//! Looks for a value on a page: the words that the reader of its type reads so.

use super::places::{is_choice, same};
use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;
use crate::extraction::fold::{distance, fold, tokens, tolerance};
use crate::extraction::forms::answer::answer;
use crate::extraction::layout::Layout;
use crate::extraction::rules::RuleSets;
use crate::extraction::values::{Calendar, Outcome, Words};
use std::collections::BTreeSet;

pub(super) struct Looked<'l> {
    pub layout: &'l Layout,
    pub kind: ValueType,
    pub accepted: &'l [FieldContent],
    pub rules: &'l RuleSets,
    pub calendar: Calendar,
}

impl Looked<'_> {
    pub fn places(&self) -> Vec<Vec<usize>> {
        match self.kind {
            ValueType::Diagnoses | ValueType::Procedures => self.codes(),
            ValueType::Text | ValueType::Organization => self.running(),
            _ => self.windows(),
        }
    }

    fn read(&self, tokens: &[usize]) -> Option<FieldContent> {
        let line = tokens.iter().map(|at| self.layout.tokens[*at].text.as_str()).collect();
        let words = Words { lines: vec![line] };
        match answer(self.kind, &words, self.rules, self.calendar) {
            Outcome::Value(reading) => Some(reading.content),
            _ => None,
        }
    }

    /// The shortest runs of words in a row that read to the value.
    fn windows(&self) -> Vec<Vec<usize>> {
        let spelled: BTreeSet<String> = self.accepted.iter().flat_map(words_of).collect();
        let needs_digit = matches!(
            self.kind,
            ValueType::BirthDate
                | ValueType::Date
                | ValueType::Phone
                | ValueType::Fax
                | ValueType::Npi
                | ValueType::Identifier
                | ValueType::Authorization
                | ValueType::PostalCode
        );
        let needs_word = matches!(
            self.kind,
            ValueType::PersonName | ValueType::NamePart | ValueType::City | ValueType::Address
        );
        let mut found: Vec<Vec<usize>> = Vec::new();
        for row in &self.layout.rows {
            for length in 1..=6 {
                for start in row.tokens.start..(row.tokens.end + 1).saturating_sub(length) {
                    let window: Vec<usize> = (start..start + length).collect();
                    let texts = || window.iter().map(|at| self.layout.tokens[*at].text.as_str());
                    let likely = !needs_digit || texts().any(|text| text.contains(|c: char| c.is_ascii_digit()));
                    let likely = likely && (!needs_word || texts().all(|text| near_one_of(text, &spelled)));
                    let holds_one = found.iter().any(|one| one.iter().all(|at| window.contains(at)));
                    if likely && !holds_one && self.says(&window) {
                        found.push(self.with_the_rest(window));
                    }
                }
            }
        }
        found
    }

    /// "Consult" and then "only": what goes on in the same words, and says the same, is written, not printed.
    fn with_the_rest(&self, mut window: Vec<usize>) -> Vec<usize> {
        let Some(last) = window.last().copied().filter(|_| is_choice(self.kind)) else {
            return window;
        };
        for next in last + 1..self.layout.segment_of(last).end {
            window.push(next);
            let same = self
                .read(&window)
                .is_some_and(|content| self.accepted.iter().any(|value| same(value, &content)));
            if !same {
                window.pop();
                break;
            }
        }
        window
    }

    fn says(&self, window: &[usize]) -> bool {
        let text = window
            .iter()
            .map(|at| self.layout.tokens[*at].text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let as_it_is = self.accepted.iter().any(|value| match value {
            // A line of an address is read only together with its city, a state's letters only beside a ZIP.
            FieldContent::Text(value) => fold(value) == fold(&text) && !text.is_empty(),
            FieldContent::List(_) => false,
        });
        let is_it = |content: &FieldContent| self.accepted.iter().any(|value| self.is_like(value, content));
        as_it_is || self.read(window).is_some_and(|content| is_it(&content))
    }

    /// A name may be misread: it is its place that is looked for.
    fn is_like(&self, truth: &FieldContent, read: &FieldContent) -> bool {
        let (FieldContent::Text(a), FieldContent::Text(b)) = (truth, read) else {
            return same(truth, read);
        };
        let (a, b) = (fold(a), fold(b));
        let forgiven = if self.kind == ValueType::PersonName {
            tolerance(a.len())
        } else {
            0
        };
        distance(&a, &b, forgiven).is_some()
    }

    /// The words of a longer text, over the lines that it takes.
    fn running(&self) -> Vec<Vec<usize>> {
        let Some(value) = self
            .accepted
            .first()
            .map(words_of)
            .map(|words| words.into_iter().collect::<Vec<_>>())
        else {
            return Vec::new();
        };
        let all: BTreeSet<String> = value.iter().cloned().collect();
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for row in 0..self.layout.rows.len() {
            for segment in self.layout.segments(row) {
                let is_of_it = |at: &usize| near_one_of(&self.layout.tokens[*at].text, &all);
                let run: Vec<usize> = segment
                    .clone()
                    .skip_while(|at| !is_of_it(at))
                    .take_while(is_of_it)
                    .collect();
                if run.is_empty() {
                    continue;
                }
                let goes_on = runs.iter_mut().rev().find(|other| {
                    let last = &self.layout.tokens[other[other.len() - 1]];
                    let first = &self.layout.tokens[other[0]];
                    let begin = &self.layout.tokens[run[0]];
                    last.row + 1 == row
                        && f64::from(begin.bounds.x.abs_diff(first.bounds.x)) < 2.0 * self.layout.unit
                        && begin.middle_y() - last.middle_y() < 2.2 * self.layout.unit
                });
                match goes_on {
                    Some(other) => other.extend(run),
                    None => runs.push(run),
                }
            }
        }
        let covers = |run: &Vec<usize>| {
            let said: BTreeSet<String> = run
                .iter()
                .flat_map(|at| tokens(&self.layout.tokens[*at].text))
                .collect();
            let count = all.iter().filter(|word| near_one_of(word, &said)).count();
            count * 10 >= all.len() * 8
        };
        runs.into_iter().filter(covers).collect()
    }

    /// All codes of a list, those of one place together.
    fn codes(&self) -> Vec<Vec<usize>> {
        let Some(FieldContent::List(codes)) = self.accepted.first() else {
            return Vec::new();
        };
        let stands = |code: &String| -> Vec<usize> {
            let alone = (0..self.layout.tokens.len()).filter(|at| match self.read(&[*at]) {
                Some(FieldContent::List(read)) => read.contains(code),
                _ => false,
            });
            alone.collect()
        };
        let each: Vec<Vec<usize>> = codes.iter().map(stands).collect();
        let Some(first) = each.first() else { return Vec::new() };
        let with_others = |seed: &usize| -> Option<Vec<usize>> {
            let level = self.layout.tokens[*seed].middle_y();
            let near = each.iter().map(|places| {
                let far = |at: &&usize| (self.layout.tokens[**at].middle_y() - level).abs();
                places.iter().min_by(|a, b| far(a).total_cmp(&far(b))).copied()
            });
            let mut tokens: Vec<usize> = near.collect::<Option<_>>()?;
            tokens.sort_unstable();
            tokens.dedup();
            Some(tokens)
        };
        first.iter().filter_map(with_others).collect()
    }
}

fn words_of(value: &FieldContent) -> Vec<String> {
    match value {
        FieldContent::Text(text) => tokens(text).collect(),
        FieldContent::List(items) => items.clone(),
    }
}

/// Whether each word of a text is one of these, give or take what a scanner misreads.
fn near_one_of(text: &str, words: &BTreeSet<String>) -> bool {
    let mut own = tokens(text).peekable();
    own.peek().is_some()
        && own.all(|word| {
            let limit = tolerance(word.len());
            words.contains(&word) || words.iter().any(|other| distance(&word, other, limit).is_some())
        })
}
