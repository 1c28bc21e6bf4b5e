//! What kind of page this is, by the phrases and labels on it.

use super::fold::fold;
use super::labels::Label;
use super::packet::PageSigns;
use super::rule_file::KindCues;
use super::rules::{RuleSets, phrase};
use crate::domain::document::PageKind;
use std::collections::{BTreeMap, HashSet};

/// The sum of the weights of the cues that are there.
fn score<Kind>(cues: &KindCues<Kind>, phrases: &str, labels: &HashSet<&str>) -> f64 {
    let said: f64 = cues
        .cues
        .iter()
        .filter(|(cue, _)| contains_phrase(phrases, cue))
        .map(|(_, weight)| weight)
        .sum();
    let labelled: f64 = cues
        .labels
        .iter()
        .filter(|(name, _)| labels.contains(name.as_str()))
        .map(|(_, weight)| weight)
        .sum();
    said + labelled
}

/// Whole words only. `phrases` has a blank at both ends.
pub(super) fn contains_phrase(phrases: &str, cue: &str) -> bool {
    phrases
        .match_indices(cue)
        .any(|(at, _)| phrases[..at].ends_with(' ') && phrases[at + cue.len()..].starts_with(' '))
}

pub(super) struct PageClass {
    pub kind: PageKind,
    pub referral_score: f64,
    /// By number of the entry in [`RuleSets::document_kinds`].
    pub document_scores: BTreeMap<usize, f64>,
}

/// The words of a page but for what it says is enclosed: a letter with an "ultrasound report" is none.
fn without_enclosures(rows: &[String]) -> String {
    let is_list = |word: &str| {
        matches!(
            fold(word).as_str(),
            "enc" | "encs" | "encl" | "encls" | "enclosure" | "enclosures"
        )
    };
    let said = rows.iter().map(|row| {
        let words = row.split_whitespace().take_while(|word| !is_list(word));
        words.collect::<Vec<_>>().join(" ")
    });
    format!(" {} ", phrase(&said.collect::<Vec<_>>().join(" ")))
}

pub(super) fn classify(rules: &RuleSets, signs: &PageSigns, labels: &[Label]) -> PageClass {
    let said = without_enclosures(&signs.rows);
    let phrases = said.as_str();
    let names: HashSet<&str> = labels
        .iter()
        .map(|label| label.name)
        .filter(|name| !name.is_empty())
        .collect();
    let mut best = (PageKind::Other, 0.0);
    let mut referral_score = 0.0;
    for cues in &rules.page_kinds {
        let score = score(cues, phrases, &names);
        if cues.kind == PageKind::Referral {
            referral_score = score;
        }
        if score >= cues.least && score > best.1 {
            best = (cues.kind, score);
        }
    }
    let document_scores: BTreeMap<usize, f64> = rules
        .document_kinds
        .iter()
        .enumerate()
        .map(|(at, cues)| (at, score(cues, phrases, &names)))
        .filter(|(at, score)| *score >= rules.document_kinds[*at].least)
        .collect();
    PageClass {
        kind: best.0,
        referral_score,
        document_scores,
    }
}
