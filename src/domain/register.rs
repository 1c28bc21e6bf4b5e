//! The register of patients: what is known of each, and how a person is held against it.

use super::ids::PatientId;
use super::matching::{Class, Comparison, Model, Person, Verdict, compare};
use serde::{Deserialize, Serialize};

/// Of more descriptions the newest: an old address finds a patient still, a hundred of them only cost time.
pub const DESCRIPTIONS_MAX: usize = 8;

/// A patient as the linked referrals describe them, the newest description first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    pub descriptions: Vec<Description>,
}

/// What one referral said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Description {
    /// As shown, "Given Middle Family".
    pub name: String,
    /// One line, as shown.
    pub address: String,
    pub person: Person,
}

/// By what a referral was linked to a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Basis {
    /// One patient alone fitted above the threshold.
    Matched,
    /// Nobody fitted.
    New,
    /// A person chose the patient.
    Person,
    /// A person said that this is nobody who is known.
    PersonNew,
    /// Two patients were made one.
    Merge,
    /// That was taken back.
    Undo,
}

/// A patient who may be the one that is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub id: PatientId,
    pub record: Record,
    /// With the description that fits best.
    pub comparison: Comparison,
}

impl Record {
    /// A record of these descriptions, each once.
    pub fn of(descriptions: impl IntoIterator<Item = Description>) -> Self {
        let mut kept: Vec<Description> = Vec::new();
        for description in descriptions {
            if kept.len() < DESCRIPTIONS_MAX && !kept.iter().any(|known| known.person == description.person) {
                kept.push(description);
            }
        }
        Self { descriptions: kept }
    }

    /// The newest name.
    pub fn name(&self) -> &str {
        let named = self.descriptions.iter().map(|description| description.name.as_str());
        named.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
    }

    /// How well somebody fits, by the description that fits best; its guards hold, those of the others don't.
    pub fn compare(&self, model: &Model, asked: &Person) -> Option<Comparison> {
        let compared = self
            .descriptions
            .iter()
            .map(|description| compare(model, &description.person, asked));
        compared.max_by(|one, other| one.class.cmp(&other.class).then(one.weight.total_cmp(&other.weight)))
    }
}

/// All who may be the one asked about, the best first.
pub fn ranked(model: &Model, asked: &Person, found: impl IntoIterator<Item = (PatientId, Record)>) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = found
        .into_iter()
        .filter_map(|(id, record)| {
            let comparison = record.compare(model, asked)?;
            Some(Candidate { id, record, comparison })
        })
        .collect();
    candidates.sort_by(|one, other| {
        let by_class = other.comparison.class.cmp(&one.comparison.class);
        by_class
            .then(other.comparison.weight.total_cmp(&one.comparison.weight))
            .then(one.id.cmp(&other.id))
    });
    candidates
}

/// What is to be done without asking anybody, or that somebody must be asked.
pub fn verdict(candidates: &[Candidate]) -> Verdict {
    let comparisons: Vec<Comparison> = candidates
        .iter()
        .map(|candidate| candidate.comparison.clone())
        .collect();
    Verdict::of(&comparisons)
}

/// Whether a person may join the two: never below the threshold from which on anybody is asked.
pub fn may_join(comparison: &Comparison) -> bool {
    match comparison.class {
        Class::High | Class::Medium => true,
        Class::Low => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::matching::Name;
    use chrono::{DateTime, NaiveDate};

    fn described(name: &str, born: (i32, u32, u32), phone: &str) -> Description {
        Description {
            name: name.to_owned(),
            address: String::new(),
            person: Person {
                name: Name::parse(name),
                birth_date: NaiveDate::from_ymd_opt(born.0, born.1, born.2),
                phones: vec![phone.to_owned()],
                ..Person::default()
            },
        }
    }

    #[test]
    fn the_description_that_fits_best_counts() {
        let now = described("Rosalind Marchetti", (1961, 8, 14), "+15035550118");
        let married = described("Rosalind Okonjo", (1961, 8, 14), "+15035550118");
        let record = Record::of([married, now.clone(), now.clone()]);
        assert_eq!((record.descriptions.len(), record.name()), (2, "Rosalind Okonjo"));
        let model = Model::of_register(50_000);
        let found = record.compare(&model, &now.person).unwrap();
        assert_eq!(found.class, Class::High, "{found:?}");
        assert!(may_join(&found));
    }

    #[test]
    fn the_best_stands_first_and_only_it_is_linked() {
        let asked = described("Rosalind Marchetti", (1961, 8, 14), "+15035550118");
        let other = described("Omar Example", (1988, 2, 3), "+15035550177");
        let ids = [1, 2].map(|seconds| PatientId::new(DateTime::from_timestamp(seconds, 0).unwrap()));
        let model = Model::of_register(50_000);
        let all = ranked(
            &model,
            &asked.person,
            [
                (ids[0].clone(), Record::of([other.clone()])),
                (ids[1].clone(), Record::of([asked.clone()])),
            ],
        );
        assert_eq!(all[0].id, ids[1]);
        assert_eq!(verdict(&all), Verdict::Link { candidate: 0 });
        let strangers = ranked(&model, &asked.person, [(ids[0].clone(), Record::of([other]))]);
        assert_eq!(verdict(&strangers), Verdict::New);
        assert!(!may_join(&strangers[0].comparison));
    }
}
