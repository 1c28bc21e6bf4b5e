//! Weights and thresholds from labelled records: how often each level is found of one person's pairs and of two people's.

use crate::candidates::Pair;
use crate::febrl::Record;
use referloop::domain::matching::{
    CRITERIA, Criterion, Frequencies, Level, Levels, Model, Thresholds, compare, levels,
};
use std::collections::HashMap;

/// One pair in so many stands for all pairs of two people.
const EVERY: usize = 17;

/// Laplace: what was seen nowhere is not impossible.
const SMOOTHING: f64 = 0.5;

/// The shipped threshold: odds of 1,000 to 1. Higher where a false pair comes near it.
const LINK_MIN: f64 = 10.0;
const MARGIN: f64 = 2.0;

/// Odds of 1 to 16, as shipped.
const ASK: f64 = -4.0;

/// Log2(m/u) of each level, and the prior of a pair picked by chance.
pub fn weights(records: &[Record]) -> Model {
    let mut of_one = Counts::default();
    let mut of_two = Counts::default();
    let (mut true_pairs, mut pairs) = (0_u64, 0_u64);
    for (at, one) in records.iter().enumerate() {
        for other in &records[..at] {
            pairs += 1;
            let is_one = one.truth == other.truth;
            true_pairs += u64::from(is_one);
            if is_one {
                of_one.add(&levels(&one.person, &other.person));
            } else if pairs.is_multiple_of(EVERY as u64) {
                of_two.add(&levels(&one.person, &other.person));
            }
        }
    }
    let prior = (true_pairs as f64 / (pairs - true_pairs) as f64).log2();
    let mut model = Model::blank(prior, Thresholds { link: 0.0, ask: ASK });
    for criterion in CRITERIA {
        for (level, weight) in of_one.against(&of_two, criterion) {
            model.put(criterion, level, weight);
        }
    }
    model.frequencies = frequencies(records);
    model
}

/// How common names are in these records: no label is needed for it.
pub fn frequencies<'a>(records: impl IntoIterator<Item = &'a Record> + Clone) -> Frequencies {
    let given = records
        .clone()
        .into_iter()
        .filter_map(|record| record.person.name.given.as_deref());
    let family = records
        .into_iter()
        .filter_map(|record| record.person.name.family.as_deref());
    Frequencies::of(given, family)
}

/// The link threshold above every false pair, and the threshold at which F1 is best.
pub fn thresholds(model: &Model, records: &[Record], candidates: &[Pair]) -> (Thresholds, f64) {
    let mut scored: Vec<(f64, bool)> = candidates
        .iter()
        .map(|(one, other)| {
            let (one, other) = (&records[*one as usize], &records[*other as usize]);
            (
                compare(model, &one.person, &other.person).weight,
                one.truth == other.truth,
            )
        })
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let highest_false = scored
        .iter()
        .find(|(_, is_true)| !is_true)
        .map_or(0.0, |(weight, _)| *weight);
    let all_true = true_pairs(records) as f64;
    let mut found = 0.0;
    let mut best = (0.0, 0.0);
    for (place, (weight, is_true)) in scored.iter().enumerate() {
        found += f64::from(u8::from(*is_true));
        let f1 = 2.0 * found / (place as f64 + 1.0 + all_true);
        if f1 > best.0 {
            best = (f1, *weight);
        }
    }
    let thresholds = Thresholds {
        link: LINK_MIN.max(highest_false + MARGIN),
        ask: ASK,
    };
    (thresholds, best.1)
}

pub fn true_pairs<'a>(records: impl IntoIterator<Item = &'a Record>) -> u64 {
    let mut sizes: HashMap<u32, u64> = HashMap::new();
    for record in records {
        *sizes.entry(record.truth).or_default() += 1;
    }
    sizes.values().map(|size| size * (size - 1) / 2).sum()
}

#[derive(Default)]
struct Counts(HashMap<(Criterion, Level), f64>);

impl Counts {
    fn add(&mut self, levels: &Levels) {
        for found in levels.all().filter(|(_, level)| *level != Level::Missing) {
            *self.0.entry(found).or_default() += 1.0;
        }
    }

    /// The weight of every level that either has seen.
    fn against(&self, of_two: &Self, criterion: Criterion) -> Vec<(Level, f64)> {
        let mut seen: Vec<Level> = self
            .0
            .keys()
            .chain(of_two.0.keys())
            .filter(|(of, _)| *of == criterion)
            .map(|(_, level)| *level)
            .collect();
        seen.sort_by_key(|level| *level as usize);
        seen.dedup();
        let total = |counts: &Self| -> f64 { seen.iter().map(|level| counts.of(criterion, *level) + SMOOTHING).sum() };
        let (m_total, u_total) = (total(self), total(of_two));
        seen.iter()
            .map(|level| {
                let m = (self.of(criterion, *level) + SMOOTHING) / m_total;
                let u = (of_two.of(criterion, *level) + SMOOTHING) / u_total;
                (*level, (m / u).log2())
            })
            .collect()
    }

    fn of(&self, criterion: Criterion, level: Level) -> f64 {
        self.0.get(&(criterion, level)).copied().unwrap_or_default()
    }
}
