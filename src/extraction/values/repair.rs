//! What a scanner takes for something else, put right where only one reading makes sense.

use super::read::Reading;
use crate::domain::codes::{Malformed, UsState};
use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;

/// What is told of a value that was put right.
pub(super) fn repaired(detail: &str) -> Malformed {
    Malformed {
        problem: "repaired",
        detail: detail.to_owned(),
    }
}

/// Whether a value holds signs other than those of the words that it was read from.
pub(super) fn is_repaired(kind: ValueType, words: &[&str], reading: &Reading) -> bool {
    let FieldContent::Text(value) = &reading.content else {
        return false;
    };
    let used: Vec<&str> = reading.words.iter().filter_map(|at| words.get(*at).copied()).collect();
    let contains = |value: &str| bare(&used.join("")).contains(value);
    match kind {
        ValueType::Phone | ValueType::Fax => !contains(value.trim_start_matches("+1")),
        ValueType::Npi | ValueType::PostalCode | ValueType::Identifier | ValueType::Authorization => {
            !contains(&bare(value))
        }
        ValueType::State => UsState::parse(used.join(" ").trim_matches(|c: char| !c.is_alphabetic())).is_err(),
        ValueType::BirthDate | ValueType::Date => used.iter().any(|word| has_letters_for_digits(word)),
        _ => false,
    }
}

/// Letters and digits alone, in capitals.
pub(super) fn bare(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// "O3/l4/1962", but not "14-Oct-1962" or "14th".
fn has_letters_for_digits(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
        && word
            .split(|c: char| !c.is_alphabetic())
            .any(|letters| matches!(letters.chars().count(), 1 | 2) && letters.chars().all(|c| digit_like(c).is_some()))
}

/// The numbers of the words, joined by single blanks, that a range of bytes touches.
pub(super) fn words_within(words: &[&str], range: std::ops::Range<usize>) -> Vec<usize> {
    let mut start = 0;
    let mut within = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let end = start + word.len();
        if start < range.end && end > range.start {
            within.push(at);
        }
        start = end + 1;
    }
    within
}

/// Letters that a scanner takes digits for, in words that are mostly digits.
pub(super) fn digits_for_letters(text: &str) -> String {
    text.split(' ').map(repair_digits).collect::<Vec<_>>().join(" ")
}

pub(super) fn repair_digits(word: &str) -> String {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 || letters > digits {
        return word.to_owned();
    }
    // Byte lengths stay the same, so that places in the text do too.
    word.chars().map(|c| digit_like(c).unwrap_or(c)).collect()
}

pub(super) fn digit_like(c: char) -> Option<char> {
    match c {
        'O' | 'o' | 'Q' | 'D' => Some('0'),
        'l' | 'I' | 'i' => Some('1'),
        'Z' | 'z' => Some('2'),
        'S' | 's' => Some('5'),
        'B' => Some('8'),
        'g' | 'q' => Some('9'),
        _ => None,
    }
}
