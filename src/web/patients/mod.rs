//! The register of patients on screens: whose a referral is, one patient with all referrals, and patients that are one.

mod choose;
mod show;

pub use choose::{choose, show as choices};
pub use show::{apart, merge, show, undo};

use super::error::Error;
use super::layout::Tag;
use crate::domain::matching::{Class, CriterionEvidence, Guard};
use crate::domain::register::{Candidate, may_join};
use crate::referrals::register::MergeError;

/// A patient who may be meant, and why.
pub(super) struct CandidateView {
    pub id: String,
    pub name: String,
    pub birth_date: String,
    pub address: String,
    pub class: Tag,
    pub evidence: Vec<EvidenceView>,
    pub guards: Vec<&'static str>,
    pub may_join: bool,
    /// It is linked already.
    pub current: bool,
}

pub(super) struct EvidenceView {
    pub tone: &'static str,
    pub icon: &'static str,
    pub what: &'static str,
    pub how: &'static str,
    pub weight: String,
}

impl CandidateView {
    fn of(candidate: &Candidate, current: bool) -> Self {
        let newest = candidate.record.descriptions.first();
        let comparison = &candidate.comparison;
        Self {
            id: candidate.id.to_string(),
            name: candidate.record.name().to_owned(),
            birth_date: newest
                .and_then(|newest| newest.person.birth_date)
                .map_or_else(|| "birth date not known".to_owned(), |date| date.to_string()),
            address: newest.map(|newest| newest.address.clone()).unwrap_or_default(),
            class: class_tag(comparison.class),
            evidence: comparison.evidence.iter().map(EvidenceView::of).collect(),
            guards: comparison.guards.iter().copied().map(Guard::text).collect(),
            may_join: may_join(comparison),
            current,
        }
    }
}

impl EvidenceView {
    fn of(evidence: &CriterionEvidence) -> Self {
        let (tone, icon) = if evidence.weight > 0.5 {
            ("good", "check")
        } else if evidence.weight < -0.5 {
            ("bad", "no")
        } else {
            ("", "minus")
        };
        Self {
            tone,
            icon,
            what: evidence.criterion.text(),
            how: evidence.level.text(),
            weight: format!("{:+.1}", evidence.weight),
        }
    }
}

fn class_tag(class: Class) -> Tag {
    match class {
        Class::High => Tag::new("High", "check", "good"),
        Class::Medium => Tag::new("Medium", "question", "warn"),
        Class::Low => Tag::new("Low", "no", ""),
    }
}

impl From<MergeError> for Error {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::NoSuchMerge => Self::not_found("merge"),
            MergeError::NoSuchPatient
            | MergeError::Same
            | MergeError::DoesNotFit
            | MergeError::Apart
            | MergeError::UndoneBefore
            | MergeError::MergedSince => Self::conflict(super::error::sentence(&error)),
            MergeError::Denied(_) => Self::forbidden(),
            MergeError::Store(error) => error.into(),
        }
    }
}
