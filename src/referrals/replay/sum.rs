//! What many comparisons come to.

use super::{Change, Comparison, Reading, Shown, compare, is_wrongly_ready};
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::ids::ReferralId;
use crate::referrals::truth::Truth;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How often a field fared how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldCounts {
    pub better: u32,
    pub worse: u32,
    pub still_wrong: u32,
    pub same: u32,
    pub unknown: u32,
}

impl FieldCounts {
    fn add(&mut self, change: Change) {
        let count = match change {
            Change::Better => &mut self.better,
            Change::Worse => &mut self.worse,
            Change::StillWrong => &mut self.still_wrong,
            Change::Same => &mut self.same,
            Change::Unknown => &mut self.unknown,
        };
        *count += 1;
    }
}

/// How many referrals would go straight through, and how many of these with a wrong critical value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReadyCounts {
    pub ready: u32,
    pub wrong: u32,
}

/// One value that would come out otherwise, or that was wrong and stays so.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldValue {
    pub referral: ReferralId,
    pub field: FieldKey,
    pub page: Option<u32>,
    pub change: Change,
    pub is_changed: bool,
    pub before: Option<FieldContent>,
    pub after: Option<FieldContent>,
    pub truth: Option<FieldContent>,
}

/// The outcome over all referrals that were looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay {
    pub referrals: u32,
    pub fields: BTreeMap<FieldKey, FieldCounts>,
    pub before: ReadyCounts,
    pub after: ReadyCounts,
    pub values: Vec<ToldValue>,
    /// Referrals that would newly go straight through with a wrong critical value.
    pub newly_wrong_ready: Vec<ReferralId>,
}

impl Replay {
    pub fn add(
        &mut self,
        referral: &ReferralId,
        (before, after): (&Reading, &Reading),
        truths: &BTreeMap<FieldKey, Truth>,
        critical: &BTreeSet<FieldKey>,
    ) {
        self.referrals += 1;
        let wrongly = [before, after].map(|reading| is_wrongly_ready(reading, truths, critical));
        for (counts, reading, wrong) in [
            (&mut self.before, before, wrongly[0]),
            (&mut self.after, after, wrongly[1]),
        ] {
            counts.ready += u32::from(reading.is_ready);
            counts.wrong += u32::from(wrong);
        }
        if wrongly == [false, true] {
            self.newly_wrong_ready.push(referral.clone());
        }
        for comparison in compare(before, after, truths, critical) {
            self.fields
                .entry(comparison.field.clone())
                .or_default()
                .add(comparison.change);
            if comparison.is_changed || comparison.change == Change::StillWrong {
                self.values.push(told(referral, comparison));
            }
        }
    }

    /// The critical fields that come out worse than better.
    pub fn worsened<'a>(&'a self, critical: &'a BTreeSet<FieldKey>) -> impl Iterator<Item = &'a FieldKey> {
        self.fields
            .iter()
            .filter(|(key, counts)| critical.contains(*key) && counts.worse > counts.better)
            .map(|(key, _)| key)
    }
}

fn told(referral: &ReferralId, comparison: Comparison) -> ToldValue {
    let page = |shown: &Option<Shown>| shown.as_ref().and_then(|shown| shown.page);
    ToldValue {
        referral: referral.clone(),
        page: page(&comparison.after).or(page(&comparison.before)),
        field: comparison.field,
        change: comparison.change,
        is_changed: comparison.is_changed,
        before: comparison.before.map(|shown| shown.value),
        after: comparison.after.map(|shown| shown.value),
        truth: comparison.truth,
    }
}
