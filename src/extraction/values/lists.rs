//! Values of closed lists, as sex and urgency, and of open ones, as specialty and language.

use super::read::{Outcome, text, trim};
use crate::domain::codes::Malformed;
use crate::extraction::catalogue::ValueType;
use crate::extraction::rules::RuleSets;

pub(super) fn closed(kind: ValueType, words: &[&str], rules: &RuleSets) -> Outcome {
    if let Some((value, count, likeness)) = rules.vocabularies.leading(kind, words) {
        let rest = words[count..].join(" ");
        let others = rules.vocabularies.anywhere(kind, &rest);
        // "Urgent - within 7 days" says one thing, "Routine Urgent STAT" is a list of options.
        let contradicts = others.iter().any(|other| *other != value);
        if contradicts && kind != ValueType::Service {
            return Outcome::Malformed(Malformed {
                problem: "several_values",
                detail: "more than one of the options stands there".to_owned(),
            });
        }
        return text(value, (0..count).collect(), likeness);
    }
    let mut found = rules
        .vocabularies
        .anywhere(kind, &words[..words.len().min(8)].join(" "));
    found.dedup();
    match found[..] {
        [value] => text(value, (0..words.len()).collect(), 0.8),
        _ => Outcome::Malformed(Malformed {
            problem: "unknown_value",
            detail: "not one of the known values".to_owned(),
        }),
    }
}

pub(super) fn open(kind: ValueType, words: &[&str], rules: &RuleSets) -> Outcome {
    let whole = words.join(" ");
    if let Some((value, likeness)) = rules.vocabularies.whole(kind, &whole) {
        return text(value, (0..words.len()).collect(), likeness);
    }
    if let Some((value, count, likeness)) = rules.vocabularies.leading(kind, words) {
        return text(value, (0..count).collect(), likeness * 0.95);
    }
    let mut found = rules.vocabularies.anywhere(kind, &whole);
    found.dedup();
    match found[..] {
        [value] => text(value, (0..words.len()).collect(), 0.8),
        [] if words.len() <= 4
            && kind == ValueType::Specialty
            && !rules.lexicon.is_made_of_labels(&whole)
            && words.iter().all(|w| w.chars().any(char::is_alphabetic)) =>
        {
            text(trim(&whole), (0..words.len()).collect(), 0.5)
        }
        _ => Outcome::Absent,
    }
}
