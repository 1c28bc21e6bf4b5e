//! Free texts, without what stands before and after them: captions, announcements, the next label.

use super::read::{Outcome, text};
use crate::extraction::catalogue::ValueType;
use crate::extraction::checkboxes::typed_mark;
use crate::extraction::code_list;
use crate::extraction::fold::{fold, tokens};
use crate::extraction::rules::RuleSets;
use std::ops::Range;

pub(super) fn free_text(words: &[&str], rules: &RuleSets) -> Outcome {
    // Options to be ticked are no text.
    if words.iter().filter(|word| typed_mark(word).is_some()).count() > 1 {
        return Outcome::Absent;
    }
    let range = to_the_point(words, rules);
    let words = &words[range.clone()];
    let whole = words.join(" ");
    if is_an_option(&whole, rules) {
        return Outcome::Absent;
    }
    let whole = whole.trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '_' | ':' | '•'));
    if words.len() < 2 || whole.len() < 6 || words.len() < 4 && rules.lexicon.is_made_of_labels(whole) {
        return Outcome::Absent;
    }
    text(whole, range.collect(), if words.len() < 3 { 0.7 } else { 1.0 })
}

/// "Diagnostic study" is an answer to another question, and several such are its options.
fn is_an_option(text: &str, rules: &RuleSets) -> bool {
    let whole = |kind| {
        rules
            .vocabularies
            .whole(kind, text)
            .is_some_and(|(_, likeness)| likeness > 0.95)
    };
    let mut options = rules.vocabularies.anywhere(ValueType::Service, text);
    options.sort_unstable();
    options.dedup();
    whole(ValueType::Service) || whole(ValueType::Urgency) || options.len() > 2
}

/// The words that say something: not a caption before them, not a sentence that announces them, no label behind.
fn to_the_point(words: &[&str], rules: &RuleSets) -> Range<usize> {
    let start = after_announcement(words, after_caption(words, rules));
    let ends = (start + 3..words.len()).find(|at| words[at - 1].ends_with('.') && begins_a_label(&words[*at..], rules));
    start..ends.unwrap_or(words.len())
}

/// "Please describe what you are worried about" before "Attention problems since grade school".
fn after_caption(words: &[&str], rules: &RuleSets) -> usize {
    let capital = |at: &usize| {
        let mut letters = words[*at].chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
    };
    let is_caption = |at: &usize| rules.lexicon.is_made_of_labels(&words[..*at].join(" "));
    let most = words.len().saturating_sub(2).min(18);
    (2..most).rev().filter(capital).find(is_caption).unwrap_or(0)
}

/// "The problem is this." before "Cannot read road signs at dusk".
fn after_announcement(words: &[&str], from: usize) -> usize {
    let most = words.len().min(from + 12);
    let Some(stop) = (from..most).find(|at| words[*at].ends_with(['.', ':'])) else {
        return from;
    };
    let said = words[from..=stop].join(" ");
    let tells = tokens(&said).any(|word| word.len() > 4 && word != "problem" && code_list::is_medical(&word));
    let goes_on = words
        .get(stop + 1)
        .is_some_and(|next| next.starts_with(char::is_uppercase));
    if tells || !goes_on { from } else { stop + 1 }
}

/// "Face-to-face visit 03/16/2025", "Dx Scoliosis": a label with its value.
fn begins_a_label(words: &[&str], rules: &RuleSets) -> bool {
    let colon = words.iter().take(4).position(|word| word.ends_with(':'));
    if colon.is_some_and(|colon| rules.lexicon.is_made_of_labels(&words[..=colon].join(" "))) {
        return true;
    }
    (1..=words.len().min(5)).any(|count| {
        let folded = fold(&words[..count].join(" "));
        (count > 1 || folded.len() < 5) && rules.lexicon.label(&folded).is_some()
    })
}
