//! What each finding weighs: Fellegi and Sunter's log2(m/u), m being how often it is found of one person's two
//! descriptions, u of two people's.

use super::criterion::{CRITERIA, Criterion, LEVELS, Level};
use super::frequency::Frequencies;

#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Log2 of the odds that two people picked by chance are one.
    pub prior: f64,
    pub thresholds: Thresholds,
    /// The most that phone, address and member id may add together: a household shares them all.
    pub household_max: f64,
    /// How common names are where this is used.
    pub frequencies: Frequencies,
    weights: [[f64; LEVELS.len()]; CRITERIA.len()],
}

/// Total weights from which on something is done, log2 of the odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// The two are one.
    pub link: f64,
    /// A person decides.
    pub ask: f64,
}

/// Odds of 1,000 to 1. Higher than the 4.0 from which on splink made no false link among FEBRL4's 5,000 pairs: none there
/// says no more than "under 1 in 1,600", and a wrong link mixes two charts.
const LINK_MIN: f64 = 10.0;

/// Odds of 1 to 16. Splink's pairs of FEBRL4 between this and the link were 3.3 %, and lifted recall from 96.9 to 99.1 %.
const ASK_MIN: f64 = -4.0;

/// Six bits above a phone or an address alone, and less than a name and a birth date.
const HOUSEHOLD_MAX: f64 = 9.0;

/// The share of referred patients who are known already. Where it is not known, either is as likely.
const KNOWN_SHARE: f64 = 0.5;

/// Below it a register's size says nothing: the next patient may be anyone's.
const PATIENTS_MIN: f64 = 1_000.0;

/// Weights for patients in the United States until a register's own are learnt.
///
/// Base: what splink 5.0.0 learnt on FEBRL3 for names, birth date and street number, and OpenCR's m and u for names and
/// phone. Moved from there, since FEBRL's errors are made on purpose and its people live anywhere: a birth date has m 0.93
/// and u 1/12,000; a given name that differs says more, since clinics make fewer errors; a family name that differs less,
/// since people marry; a postal code, street and city far less, since patients live around the clinic and people move.
const WEIGHTS: &[(Criterion, &[(Level, f64)])] = &[
    (
        Criterion::Given,
        &[
            (Level::Exact, 7.3),
            (Level::Nickname, 5.0),
            (Level::MiddleName, 3.5),
            (Level::Initial, 3.0),
            (Level::Swapped, 6.0),
            (Level::Almost, 5.5),
            (Level::Close, 3.5),
            (Level::Similar, -1.0),
            (Level::Different, -4.0),
        ],
    ),
    (
        Criterion::Middle,
        &[
            (Level::Exact, 4.0),
            (Level::Initial, 2.5),
            (Level::Almost, 3.0),
            (Level::Close, 2.0),
            (Level::Similar, 0.0),
            (Level::Different, -2.0),
        ],
    ),
    (
        Criterion::Family,
        &[
            (Level::Exact, 8.0),
            (Level::OnePart, 6.0),
            (Level::Swapped, 6.0),
            (Level::Almost, 7.0),
            (Level::Close, 5.0),
            (Level::Similar, -0.5),
            (Level::Different, -2.5),
        ],
    ),
    (
        Criterion::BirthDate,
        &[
            (Level::Exact, 13.4),
            (Level::FirstOfJanuary, 5.0),
            (Level::Swapped, 6.0),
            (Level::OneOff, 2.9),
            (Level::Near, -1.2),
            (Level::SameYear, -2.7),
            (Level::Different, -5.0),
        ],
    ),
    (Criterion::Sex, &[(Level::Exact, 1.0), (Level::Different, -4.0)]),
    (Criterion::Phone, &[(Level::Exact, 5.0), (Level::Different, -0.8)]),
    (
        Criterion::StreetNumber,
        &[(Level::Exact, 5.0), (Level::OneOff, 1.0), (Level::Different, -1.0)],
    ),
    (
        Criterion::Street,
        &[
            (Level::Exact, 5.0),
            (Level::Swapped, 4.0),
            (Level::Almost, 4.0),
            (Level::Close, 2.5),
            (Level::Similar, 0.0),
            (Level::Different, -1.0),
        ],
    ),
    (
        Criterion::SecondLine,
        &[(Level::Exact, 2.0), (Level::Almost, 1.0), (Level::Different, -0.3)],
    ),
    (
        Criterion::City,
        &[
            (Level::Exact, 1.0),
            (Level::Almost, 1.0),
            (Level::Close, 0.5),
            (Level::Different, -0.5),
        ],
    ),
    (
        Criterion::PostalCode,
        &[(Level::Exact, 4.0), (Level::OneOff, 1.0), (Level::Different, -1.0)],
    ),
    (
        Criterion::RecordNumber,
        &[
            (Level::Exact, 12.0),
            (Level::UnknownAuthority, 6.0),
            // Neighbours in a row of numbers look like this too.
            (Level::OneOff, 2.0),
            (Level::Different, -6.0),
        ],
    ),
    (
        Criterion::MemberId,
        &[
            (Level::Exact, 8.0),
            (Level::UnknownAuthority, 6.5),
            (Level::OneOff, 4.0),
            // Another member of the family.
            (Level::OnePart, 2.0),
            // People change insurers.
            (Level::Different, -0.5),
        ],
    ),
];

impl Model {
    /// Nothing weighs anything. Weights are put in one by one, as they are learnt.
    pub fn blank(prior: f64, thresholds: Thresholds) -> Self {
        Self {
            prior,
            thresholds,
            household_max: f64::INFINITY,
            frequencies: Frequencies::default(),
            weights: [[0.0; LEVELS.len()]; CRITERIA.len()],
        }
    }

    /// The shipped weights, for a register of this many patients. Among more of them a chance likeness is likelier.
    pub fn of_register(patients: u64) -> Self {
        let prior = (KNOWN_SHARE / (patients as f64).max(PATIENTS_MIN)).log2();
        let thresholds = Thresholds {
            link: LINK_MIN,
            ask: ASK_MIN,
        };
        let mut model = Self::blank(prior, thresholds);
        model.household_max = HOUSEHOLD_MAX;
        for (criterion, levels) in WEIGHTS {
            for (level, weight) in *levels {
                model.put(*criterion, *level, *weight);
            }
        }
        model
    }

    pub fn put(&mut self, criterion: Criterion, level: Level, weight: f64) {
        // What is not known is no evidence.
        if level != Level::Missing {
            self.weights[criterion as usize][level as usize] = weight;
        }
    }

    pub fn weight(&self, criterion: Criterion, level: Level) -> f64 {
        self.weights[criterion as usize][level as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_weighs_nothing() {
        let mut model = Model::of_register(50_000);
        model.put(Criterion::Phone, Level::Missing, 3.0);
        for criterion in CRITERIA {
            assert!(model.weight(criterion, Level::Missing).abs() < 1e-12);
            assert!(model.weight(criterion, Level::Exact) > 0.0, "{criterion:?}");
        }
    }

    #[test]
    fn more_patients_ask_for_more_evidence() {
        assert!(Model::of_register(1_000_000).prior < Model::of_register(10_000).prior);
        assert!((Model::of_register(0).prior - Model::of_register(1_000).prior).abs() < 1e-12);
    }
}
