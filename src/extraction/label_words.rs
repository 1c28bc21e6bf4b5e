//! What a label may ask for that no rule lists, told by its words: which fields' labels use them, and how often.
//!
//! "What is the best telephone number for this person?" shares "best", "telephone" and "person" with labels of the patient's
//! telephone. The rules' own labels are all that is counted; those that give nothing count as a field of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Default)]
pub(super) struct LabelWords {
    /// For each word, in how many labels of each field it stands; `None` is what gives nothing.
    uses: HashMap<String, BTreeMap<Option<usize>, f64>>,
    /// How many labels each field has.
    labels: BTreeMap<Option<usize>, f64>,
}

/// A field that a label may ask for, from 0 to 1.
pub(super) type Share = (Option<usize>, f64);

impl LabelWords {
    pub fn learn(&mut self, words: &BTreeSet<String>, fields: &BTreeSet<usize>) {
        let fields: Vec<Option<usize>> = if fields.is_empty() {
            vec![None]
        } else {
            fields.iter().copied().map(Some).collect()
        };
        for field in fields {
            *self.labels.entry(field).or_default() += 1.0;
            for word in words {
                let uses = self.uses.entry(word.clone()).or_default();
                *uses.entry(field).or_default() += 1.0;
            }
        }
    }

    /// How likely each of some fields is asked for, with nothing among them; none where no word tells. `prior` weighs fields
    /// by where the label stands.
    pub fn shares(&self, words: &BTreeSet<String>, fields: &[usize], prior: impl Fn(usize) -> f64) -> Vec<Share> {
        let known: Vec<_> = words.iter().filter_map(|word| self.uses.get(word)).collect();
        let mut all: Vec<Option<usize>> = fields.iter().copied().map(Some).collect();
        all.push(None);
        let mut shares: Vec<Share> = all
            .into_iter()
            .map(|field| {
                let labels = self.labels.get(&field).copied().unwrap_or_default();
                let of_word = |uses: &&BTreeMap<Option<usize>, f64>| {
                    let count = uses.get(&field).copied().unwrap_or_default();
                    ((count + 0.2) / (labels + 12.0)).ln()
                };
                let weight: f64 = known.iter().map(of_word).sum();
                (field, weight + field.map_or(1.0, &prior).ln())
            })
            .collect();
        let most = shares
            .iter()
            .map(|(_, weight)| *weight)
            .fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = shares.iter().map(|(_, weight)| (weight - most).exp()).sum();
        for share in &mut shares {
            share.1 = (share.1 - most).exp() / total;
        }
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        shares
    }

    /// Whether one of the words stands in labels that give nothing, and in none of a field: "employer" of a telephone.
    pub fn speaks_of_others(&self, words: &BTreeSet<String>, field: usize) -> bool {
        let uses = words
            .iter()
            .filter(|word| word.len() > 3)
            .filter_map(|word| self.uses.get(word));
        uses.into_iter()
            .any(|uses| uses.contains_key(&None) && !uses.contains_key(&Some(field)))
    }

    /// Whether one of the words is hardly used but for a field.
    pub fn speaks_of(&self, words: &BTreeSet<String>, field: usize) -> bool {
        words.iter().filter_map(|word| self.uses.get(word)).any(|uses| {
            let share = |(field, count): (&Option<usize>, &f64)| {
                count / self.labels.get(field).copied().unwrap_or(1.0).max(12.0)
            };
            let all: f64 = uses.iter().map(share).sum();
            let own = uses.get_key_value(&Some(field)).map_or(0.0, share);
            own > 0.3 * all
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> BTreeSet<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn words_tell_which_field_is_meant() {
        let mut all = LabelWords::default();
        for label in ["best phone number", "patient phone", "phone to reach patient"] {
            all.learn(&words(label), &BTreeSet::from([1]));
        }
        for label in ["clinic phone", "office phone number"] {
            all.learn(&words(label), &BTreeSet::from([2]));
        }
        for label in ["employer phone", "employer"] {
            all.learn(&words(label), &BTreeSet::new());
        }
        let best = |text: &str| all.shares(&words(text), &[1, 2], |_| 1.0)[0].0;
        assert_eq!(best("what phone number is best for this person"), Some(1));
        assert_eq!(best("number of your office"), Some(2));
        assert_eq!(best("phone of employer"), None);
        assert!(all.speaks_of_others(&words("phone of employer"), 1) && !all.speaks_of_others(&words("best phone"), 1));
        assert!(all.speaks_of(&words("best time"), 1) && !all.speaks_of(&words("employer"), 1));
    }
}
