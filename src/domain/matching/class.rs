//! What a comparison comes to, and what is done about it.

use super::comparison::Comparison;
use serde::{Deserialize, Serialize};

/// How sure it is that two descriptions are one person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Low,
    Medium,
    High,
}

/// What is done with a person who is held against all that may be the same. Candidates are named by their place in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// This one, without asking.
    Link { candidate: usize },
    /// A person decides among these, the likeliest first.
    Ask { candidates: Vec<usize> },
    /// Nobody known.
    New,
}

impl Verdict {
    /// Two who are both sure show that one patient is registered twice: a person looks.
    pub fn of(comparisons: &[Comparison]) -> Self {
        let mut candidates: Vec<usize> = (0..comparisons.len())
            .filter(|at| comparisons[*at].class >= Class::Medium)
            .collect();
        candidates.sort_by(|one, other| {
            let (one, other) = (&comparisons[*one], &comparisons[*other]);
            (other.class.cmp(&one.class)).then(other.weight.total_cmp(&one.weight))
        });
        let sure = candidates
            .iter()
            .filter(|at| comparisons[**at].class == Class::High)
            .count();
        match (sure, candidates.first()) {
            (1, Some(candidate)) => Self::Link { candidate: *candidate },
            (_, Some(_)) => Self::Ask { candidates },
            (_, None) => Self::New,
        }
    }
}
