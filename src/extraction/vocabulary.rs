//! Closed lists: which words mean which value of a sex, an urgency, a service, a specialty, a language.

use super::catalogue::ValueType;
use super::fold::{Signature, distance, fold, may_be_near, signature, tokens, tolerance};
use super::rule_file::RuleFile;
use std::collections::HashMap;

/// Words of one type, folded, with the value that each means and the word's signature.
type Words = Vec<(String, String, Signature)>;

pub(super) struct Vocabularies {
    by_type: HashMap<ValueType, Words>,
    /// The value of each folded text.
    exact: HashMap<ValueType, HashMap<String, String>>,
}

impl Vocabularies {
    pub fn build(sets: &[RuleFile]) -> Self {
        let mut by_type: HashMap<ValueType, Words> = HashMap::new();
        for entry in sets.iter().flat_map(|set| &set.vocabulary) {
            let words = by_type.entry(entry.kind).or_default();
            for (value, synonyms) in &entry.values {
                words.extend(synonyms.iter().chain([value]).map(|synonym| {
                    let word = fold(synonym);
                    let bits = signature(&word);
                    (word, value.clone(), bits)
                }));
            }
        }
        for words in by_type.values_mut() {
            // Longer first, so that "second opinion" is not taken for "opinion".
            words.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
            words.dedup();
        }
        let plain = |words: &Words| {
            let pairs = words.iter().map(|(word, value, _)| (word.clone(), value.clone()));
            pairs.collect()
        };
        let exact = by_type.iter().map(|(kind, words)| (*kind, plain(words))).collect();
        Self { by_type, exact }
    }

    fn words(&self, kind: ValueType) -> &[(String, String, Signature)] {
        self.by_type.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Every value of a type, as it is kept.
    pub fn values(&self, kind: ValueType) -> impl Iterator<Item = &str> {
        self.words(kind).iter().map(|(_, value, _)| value.as_str())
    }

    /// The value that a whole text means, with its likeness.
    pub fn whole(&self, kind: ValueType, text: &str) -> Option<(&str, f64)> {
        let folded = fold(text);
        if folded.is_empty() {
            return None;
        }
        let words = self.words(kind);
        if let Some((_, value, _)) = words.iter().find(|(word, ..)| *word == folded) {
            return Some((value, 1.0));
        }
        let length = folded.chars().count();
        let bits = signature(&folded);
        let near = words.iter().filter_map(|(word, value, other)| {
            // Options are short and stand beside others much like them: half of what a label bears.
            let limit = tolerance(length.min(word.chars().count())) * 6 / 10;
            let possible = limit > 0 && may_be_near(bits, *other, limit);
            let cost = if possible { distance(&folded, word, limit) } else { None };
            Some((cost?, value))
        });
        near.min()
            .map(|(cost, value)| (value.as_str(), 1.0 - f64::from(cost) / 10.0 / length as f64))
    }

    /// The value that the first words of a text mean, with the number of words taken and the likeness.
    pub fn leading(&self, kind: ValueType, words: &[&str]) -> Option<(&str, usize, f64)> {
        let most = words.len().min(6);
        (1..=most).rev().find_map(|count| {
            let text = words[..count].join(" ");
            let (value, likeness) = self.whole(kind, &text)?;
            Some((value, count, likeness))
        })
    }

    /// The only value that stands in a text as whole words, without forgiveness; words of fewer than five letters say too little.
    pub fn only_exact(&self, kind: ValueType, text: &str) -> Option<&str> {
        let words: Vec<String> = tokens(text).collect();
        let mut only: Option<&str> = None;
        let mut at = 0;
        while at < words.len() {
            let found = (1..=4.min(words.len() - at)).rev().find_map(|count| {
                let folded = words[at..at + count].concat();
                let known = self.exact.get(&kind)?.get(&folded).filter(|_| folded.len() > 4)?;
                Some((known.as_str(), count))
            });
            let Some((value, count)) = found else {
                at += 1;
                continue;
            };
            if only.is_some_and(|other| other != value) {
                return None;
            }
            only = Some(value);
            at += count;
        }
        only
    }

    /// All values that stand somewhere in a text as whole words, in the order of the text.
    pub fn anywhere(&self, kind: ValueType, text: &str) -> Vec<&str> {
        let tokens: Vec<String> = tokens(text).collect();
        let refs: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < refs.len() {
            match self.leading(kind, &refs[at..]) {
                Some((value, count, _)) => {
                    found.push(value);
                    at += count;
                }
                None => at += 1,
            }
        }
        found
    }
}
