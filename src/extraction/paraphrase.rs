//! Labels by the words that they are made of, in any order: "Phone of patient", "What is the patient's phone number?".
//!
//! A label says the same when its words that mean something are the same. Rules list which words mean nothing (`fillers`)
//! and which mean the same (`same_words`).

use super::fold::{Signature, distance, may_be_near, signature, tokens, tolerance};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Words of labels, and the label of each set of words.
#[derive(Default)]
pub(super) struct Paraphrases {
    fillers: HashSet<String>,
    /// The word that stands for all that mean the same.
    same: HashMap<String, String>,
    /// Labels by their words in order of the alphabet; `None` where two labels of different meaning have the same words.
    labels: HashMap<String, Option<String>>,
    words: HashSet<String>,
    signatures: BTreeMap<usize, Vec<(Signature, String)>>,
}

/// A question is asked at most in so many words that mean something.
const MOST_WORDS: usize = 9;

impl Paraphrases {
    pub fn new(fillers: impl Iterator<Item = String>, same: impl Iterator<Item = Vec<String>>) -> Self {
        let mut this = Self {
            fillers: fillers.collect(),
            ..Self::default()
        };
        for words in same {
            if let Some(first) = words.first() {
                this.same.extend(words.iter().map(|word| (word.clone(), first.clone())));
            }
        }
        this
    }

    /// Adds a label; `means_the_same` tells whether another label may stand for it.
    pub fn add(&mut self, label: &str, folded: &str, means_the_same: impl Fn(&str) -> bool) {
        let words = self.words_of(label);
        for word in &words {
            self.words.insert(word.clone());
        }
        if words.is_empty() {
            return;
        }
        let known = self
            .labels
            .entry(key(&words))
            .or_insert_with(|| Some(folded.to_owned()));
        if known
            .as_ref()
            .is_some_and(|known| known != folded && !means_the_same(known))
        {
            *known = None;
        }
    }

    pub fn finish(&mut self) {
        for word in &self.words {
            let same_length = self.signatures.entry(word.chars().count()).or_default();
            same_length.push((signature(word), word.clone()));
        }
        for words in self.signatures.values_mut() {
            words.sort();
        }
    }

    /// The words that mean something, each once.
    pub fn words_of(&self, text: &str) -> BTreeSet<String> {
        tokens(text)
            .filter(|word| !self.fillers.contains(word))
            .map(|word| self.same.get(&word).cloned().unwrap_or(word))
            .collect()
    }

    /// Whether a word is one that labels are made of, be it one that means nothing.
    pub fn is_of_labels(&self, word: &str) -> bool {
        self.fillers.contains(word) || self.words.contains(self.same.get(word).map_or(word, String::as_str))
    }

    /// All words, each once, as the one that stands for those that mean the same.
    pub fn all_words_of(&self, text: &str) -> BTreeSet<String> {
        tokens(text)
            .map(|word| self.same.get(&word).cloned().unwrap_or(word))
            .collect()
    }

    /// The label with the same words, and how like them the text's words are. A text of a single word says nothing new.
    pub fn label(&self, text: &str) -> Option<(&str, f64)> {
        let (words, likeness) = self.known_words(text)?;
        if words.len() < 2 {
            return None;
        }
        let label = self.labels.get(&key(&words))?.as_deref()?;
        Some((label, likeness))
    }

    /// The labels with all words of a text but those of a qualifier, as "patient's" or "referring provider".
    pub fn qualified<'t>(&'t self, text: &str, qualifier: &'t BTreeSet<String>) -> Option<(&'t str, f64)> {
        let (words, likeness) = self.known_words(text)?;
        if !qualifier.is_subset(&words) || qualifier.is_empty() {
            return None;
        }
        let rest: BTreeSet<String> = words.difference(qualifier).cloned().collect();
        let label = self.labels.get(&key(&rest))?.as_deref()?;
        Some((label, likeness))
    }

    /// The label that a question asks for: the one with most of its words, and at least half of them. A caption must be made of
    /// words of labels alone: what is none may be an answer.
    pub fn asked(&self, question: &str, is_caption: bool) -> Option<(&str, f64)> {
        let is_question = question.ends_with('?');
        let all = self.words_of(question);
        let plain = all.len() > 2 && all.iter().all(|word| self.words.contains(word));
        if all.is_empty() || all.len() > MOST_WORDS || is_caption && !plain {
            return None;
        }
        let least = if is_caption { 0.75 } else { 0.5 };
        let known: Vec<String> = all
            .iter()
            .filter_map(|word| self.near(word))
            .map(|(word, _)| word)
            .collect();
        let mut best: Option<(&str, usize)> = None;
        let mut tied = false;
        for mask in 1u32..1 << known.len() {
            let count = mask.count_ones() as usize;
            if (count as f64) < least * all.len() as f64 || best.is_some_and(|(_, most)| count < most) {
                continue;
            }
            let chosen = known.iter().enumerate().filter(|(at, _)| mask & 1 << at != 0);
            let words: BTreeSet<String> = chosen.map(|(_, word)| word.clone()).collect();
            if let Some(Some(label)) = self.labels.get(&key(&words)) {
                tied = best.is_some_and(|(other, most)| most == count && other != label);
                best = Some((label, count));
            }
        }
        let (label, count) = best.filter(|_| !tied)?;
        // "Phone of the patient's employer:" names somebody else.
        let is_label = |word: &String| self.labels.contains_key(word.as_str()) && !label.contains(word.as_str());
        if !is_question && all.iter().any(is_label) {
            return None;
        }
        // What is left over may change what is asked for.
        let covered = count as f64 / all.len() as f64;
        (covered > 0.99 || count >= 2).then_some((label, 0.9 + 0.1 * covered))
    }

    fn known_words(&self, text: &str) -> Option<(BTreeSet<String>, f64)> {
        let mut likeness: f64 = 1.0;
        let mut words = BTreeSet::new();
        for word in self.words_of(text) {
            let (known, near) = self.near(&word)?;
            likeness = likeness.min(near);
            words.insert(known);
        }
        Some((words, likeness))
    }

    /// The word of labels most like a word.
    fn near(&self, word: &str) -> Option<(String, f64)> {
        if self.words.contains(word) {
            return Some((word.to_owned(), 1.0));
        }
        let length = word.chars().count();
        let limit = tolerance(length);
        let bits = signature(word);
        let candidates = self.signatures.range(length.saturating_sub(1)..=length + 1);
        let near = candidates
            .flat_map(|(_, words)| words)
            .filter(|(other, _)| limit > 0 && may_be_near(bits, *other, limit))
            .filter_map(|(_, other)| Some((distance(word, other, limit)?, other)));
        let (cost, other) = near.min()?;
        Some((other.clone(), 1.0 - f64::from(cost) / 10.0 / length.max(1) as f64))
    }
}

fn key(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paraphrases() -> Paraphrases {
        let fillers = [
            "of", "the", "what", "is", "please", "who", "s", "your", "any", "do", "you", "want",
        ];
        let same = vec![vec!["phone".to_owned(), "telephone".to_owned(), "tel".to_owned()]];
        let mut all = Paraphrases::new(fillers.into_iter().map(str::to_owned), same.into_iter());
        for label in [
            "patient phone",
            "phone",
            "member number",
            "group number",
            "patient",
            "referred to",
            "referred by",
        ] {
            all.add(label, &label.replace(' ', ""), |_| false);
        }
        all.finish();
        all
    }

    #[test]
    fn the_words_count_and_not_their_order() {
        let all = paraphrases();
        assert_eq!(all.label("Telephone of the patient"), Some(("patientphone", 1.0)));
        assert_eq!(all.label("Patient: phone"), Some(("patientphone", 1.0)));
        assert_eq!(all.label("Patient hospital phone"), None);
        assert_eq!(all.label("Phone"), None);
        let (label, likeness) = all.label("Patlent telephone").unwrap();
        assert_eq!(label, "patientphone");
        assert!(likeness < 1.0);
    }

    #[test]
    fn a_question_asks_for_what_half_its_words_say() {
        let all = paraphrases();
        assert_eq!(
            all.asked("What is the member number?", false).map(|a| a.0),
            Some("membernumber")
        );
        assert_eq!(all.asked("Who is the patient?", false).map(|a| a.0), Some("patient"));
        assert_eq!(
            all.asked("Member number on card?", false).map(|a| a.0),
            Some("membernumber")
        );
        assert_eq!(
            all.asked("Who can be called when the patient cannot be reached?", false),
            None
        );
    }

    #[test]
    fn labels_that_differ_in_meaning_keep_apart() {
        let mut all = paraphrases();
        all.add("number of group", "numberofgroup", |_| false);
        assert_eq!(all.label("group, number"), None);
    }
}
