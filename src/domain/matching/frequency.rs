//! How common names are where a matcher works: to share a rare one says more.

use super::criterion::Criterion;
use std::collections::HashMap;

/// How far a name's frequency may move a weight, in bits. A name read wrongly twice is rare too.
const LESS_MAX: f64 = 4.0;
const MORE_MAX: f64 = 3.0;

/// One slip seldom happens to more people than this.
const SLIPS_MAX: f64 = 2.5;

/// Counts of given and family names. Without any, all names weigh alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frequencies {
    given: Shares,
    family: Shares,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Shares {
    of: HashMap<String, f64>,
    /// The chance that two people share a name.
    average: f64,
    /// Of a name that nobody bears yet.
    least: f64,
}

impl Frequencies {
    /// From the names of everybody known, spelt as in [`super::Name`].
    pub fn of<'a>(given: impl IntoIterator<Item = &'a str>, family: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            given: Shares::of(given),
            family: Shares::of(family),
        }
    }

    /// Whether this is a name of several people, and so no slip of another.
    pub fn is_borne(&self, given: &str) -> bool {
        let share = self.given.of.get(given).copied().unwrap_or_default();
        share > SLIPS_MAX * self.given.least
    }

    /// What sharing this name adds to the weight of an average one, in bits. Below zero for a common name.
    pub fn adjustment(&self, criterion: Criterion, name: &str) -> f64 {
        match criterion {
            Criterion::Given => self.given.adjustment(name),
            Criterion::Family => self.family.adjustment(name),
            _ => 0.0,
        }
    }
}

impl Shares {
    fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
        let total: f64 = counts.values().map(|count| f64::from(*count)).sum();
        let of: HashMap<String, f64> = counts
            .into_iter()
            .map(|(name, count)| (name.to_owned(), f64::from(count) / total))
            .collect();
        Self {
            average: of.values().map(|share| share * share).sum(),
            least: if total > 0.0 { 1.0 / total } else { 0.0 },
            of,
        }
    }

    fn adjustment(&self, name: &str) -> f64 {
        if self.of.is_empty() {
            return 0.0;
        }
        let share = self.of.get(name).copied().unwrap_or(self.least);
        (self.average / share).log2().clamp(-LESS_MAX, MORE_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_names_weigh_more_and_common_ones_less() {
        let family = ["SMITH"; 60].into_iter().chain(["OKONJO"]).chain(["MARCHETTI"; 3]);
        let frequencies = Frequencies::of([], family);
        let of = |name: &str| frequencies.adjustment(Criterion::Family, name);
        assert!(of("SMITH") < 0.0 && of("MARCHETTI") > of("SMITH") && of("OKONJO") >= of("MARCHETTI"));
        assert!((of("NOBODY") - MORE_MAX).abs() < 1e-9);
        assert!(frequencies.adjustment(Criterion::Given, "OMAR").abs() < 1e-9);
        let given = Frequencies::of(["JAYLEN", "JAYLEN", "JAYLEN", "JAYLNE"], []);
        assert!(given.is_borne("JAYLEN") && !given.is_borne("JAYLNE") && !given.is_borne("KAYLEN"));
        assert!(Frequencies::default().adjustment(Criterion::Family, "SMITH").abs() < 1e-9);
    }
}
