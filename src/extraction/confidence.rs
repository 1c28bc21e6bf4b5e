//! From what speaks for a value to the probability that it is right: a logistic model, fitted on documents whose layouts
//! the rules had not seen, kept as a table in `rules/confidence.toml`.

use super::catalogue::Field;
use super::rules::RuleError;
use crate::domain::fields::{Evidence, Place};
use serde::Deserialize;
use std::collections::BTreeMap;

/// No single reading says more: see `second_look`.
const READ_ONCE_MOST: f64 = 0.985;

/// `rules/confidence.toml` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confidence {
    pub schema: u32,
    pub version: u32,
    /// What every value begins with.
    start: f64,
    /// Added for a field, as it is easier or harder than others.
    field: BTreeMap<String, f64>,
    place: BTreeMap<Place, f64>,
    sign: Signs,
    /// What some signs add for critical fields besides: a scan that loses a code says nothing, one that spoils a name shows it.
    #[serde(default)]
    own: BTreeMap<String, Own>,
    /// From which confidence so many values are right as the field's target asks for, where the fit could tell.
    #[serde(default)]
    threshold: BTreeMap<String, f64>,
    /// Nothing is surer than this, nor less sure than one less it.
    most: f64,
}

/// What each sign adds, times its amount.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    /// The score's logit.
    score: f64,
    /// How far the label is from the rule's, in tenths.
    unlike: f64,
    /// How much help the reading needed.
    helped: f64,
    /// How unsure the scanner was of the least certain word.
    unsure: f64,
    /// The same, where it was more unsure than sure.
    illegible: f64,
    /// The words are those of a text layer: nothing was recognised.
    exact: f64,
    /// All of its words were read twice, and alike.
    twice: f64,
    /// For a critical field, the label is to the letter, the reading needed no help, and nothing says otherwise.
    plain: f64,
    /// How much of the page the scanner was unsure of, in tenths.
    worn: f64,
    /// How much of a person's name many people are called by.
    known: f64,
    /// One other place says the same.
    agrees: f64,
    /// So do more.
    agree: f64,
    /// The strongest that says something else.
    rival: f64,
    contradicted: f64,
    remarked: f64,
}

/// As of [`Signs`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    exact: f64,
    twice: f64,
    plain: f64,
    worn: f64,
    agrees: f64,
    unsure: f64,
}

impl Signs {
    fn are_finite(&self) -> bool {
        [
            self.score,
            self.unlike,
            self.helped,
            self.unsure,
            self.illegible,
            self.exact,
            self.twice,
            self.plain,
            self.worn,
            self.known,
            self.agrees,
            self.agree,
            self.rival,
            self.contradicted,
            self.remarked,
        ]
        .iter()
        .all(|weight| weight.is_finite())
    }
}

impl Confidence {
    /// The probability that a value is right.
    pub fn of(&self, field: &Field, evidence: &Evidence, contradicted: bool, remarked: bool) -> f64 {
        let key = field.key.as_str();
        let score = evidence.score.clamp(0.02, 0.98);
        let sign = &self.sign;
        let yes = |is: bool, weight: f64| if is { weight } else { 0.0 };
        // No recogniser is that sure of a word.
        let exact = evidence.scan > 0.999;
        let twice = !exact && evidence.scan > READ_ONCE_MOST;
        let to_the_letter = evidence.likeness > 0.97 && evidence.reading > 0.99;
        let plain = field.critical && to_the_letter && evidence.rival < 0.3 && !contradicted && !remarked;
        // Beyond this, worse is no worse.
        let worn = (evidence.worn * 10.0).min(4.0);
        let sum = self.start
            + self.field.get(key).copied().unwrap_or_default()
            + self.place.get(&evidence.place).copied().unwrap_or_default()
            + sign.score * (score / (1.0 - score)).ln()
            + sign.unlike * (1.0 - evidence.likeness) * 10.0
            + sign.helped * (1.0 - evidence.reading)
            + sign.unsure * (1.0 - evidence.scan)
            + yes(evidence.scan < 0.5, sign.illegible)
            + yes(exact, sign.exact)
            + yes(twice, sign.twice)
            + yes(plain, sign.plain)
            + sign.worn * worn
            + sign.known * evidence.known
            + self.own.get(key).map_or(0.0, |own| {
                yes(exact, own.exact)
                    + yes(twice, own.twice)
                    + yes(plain, own.plain)
                    + own.worn * worn
                    + yes(evidence.agreeing > 0, own.agrees)
                    + own.unsure * (1.0 - evidence.scan)
            })
            + yes(evidence.agreeing > 0, sign.agrees)
            + yes(evidence.agreeing > 1, sign.agree)
            + sign.rival * evidence.rival
            + yes(contradicted, sign.contradicted)
            + yes(remarked, sign.remarked);
        let share = 1.0 / (1.0 + (-sum).exp());
        (share.clamp(1.0 - self.most, self.most) * 1000.0).round() / 1000.0
    }

    /// The confidence from which a field's values need no person, as the fit solved it.
    pub fn threshold(&self, key: &str) -> Option<f64> {
        self.threshold.get(key).copied()
    }

    /// A table that a fit left wild would let anything through.
    pub fn check(&self) -> Result<(), RuleError> {
        let own = self
            .own
            .values()
            .flat_map(|own| [&own.exact, &own.twice, &own.plain, &own.worn, &own.agrees, &own.unsure]);
        let weights = self.field.values().chain(self.place.values()).chain(own);
        let finite = weights.chain([&self.start]).all(|weight| weight.is_finite()) && self.sign.are_finite();
        let possible = self.threshold.values().all(|threshold| (0.5..=1.0).contains(threshold));
        let sound = possible
            && finite
            && (0.5..1.0).contains(&self.most)
            && self.sign.contradicted <= 0.0
            && self.sign.remarked <= 0.0;
        if sound {
            return Ok(());
        }
        Err(RuleError::Meaning {
            file: "confidence.toml".to_owned(),
            reason: "`most` must be from 0.5 to below 1, each threshold from 0.5 to 1, each weight a number, and `contradicted` and `remarked` must not raise".to_owned(),
        })
    }
}
