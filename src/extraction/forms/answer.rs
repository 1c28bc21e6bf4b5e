//! A zone's words by the reader of the field's type, and what only a form's own place allows to be read so.

use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;
use crate::extraction::rules::RuleSets;
use crate::extraction::values::{Calendar, Outcome, Reading, Words, read};

pub(super) fn answer(kind: ValueType, words: &Words, rules: &RuleSets, calendar: Calendar) -> Outcome {
    let outcome = read(kind, words, rules, calendar);
    let is_date = matches!(kind, ValueType::BirthDate | ValueType::Date);
    if is_date && !matches!(outcome, Outcome::Value(_)) {
        return in_boxes(kind, &words.lines.concat(), rules, calendar).unwrap_or(outcome);
    }
    match outcome {
        Outcome::Value(reading) if matches!(kind, ValueType::Identifier | ValueType::Authorization) => {
            Outcome::Value(with_all_groups(reading, &words.lines.concat()))
        }
        other => other,
    }
}

/// "W3666 77062": where nothing else can stand, all groups of a number belong to it.
fn with_all_groups(mut reading: Reading, words: &[&str]) -> Reading {
    let is_group = |text: &&str| {
        let sign = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        text.chars().all(sign) && text.contains(|c: char| c.is_ascii_digit())
    };
    if words.len() > reading.words.len() && words.len() <= 5 && words.iter().all(is_group) {
        reading.content = FieldContent::Text(words.join(" "));
        reading.words = (0..words.len()).collect();
    }
    reading
}

/// Month, day and year in boxes of their own, read as three numbers or as one: anywhere else they would be no date.
fn in_boxes(kind: ValueType, words: &[&str], rules: &RuleSets, calendar: Calendar) -> Option<Outcome> {
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let is_part = |text: &&str| text.len() <= 4 && digits(text);
    let three = words.windows(3).position(|three| three.iter().all(is_part));
    let (taken, date) = if let Some(start) = three {
        (start..start + 3, words[start..start + 3].join("/"))
    } else {
        let at = words.iter().position(|text| text.len() == 8 && digits(text))?;
        let (month, day, year) = (&words[at][..2], &words[at][2..4], &words[at][4..]);
        (at..at + 1, format!("{month}/{day}/{year}"))
    };
    let one = Words {
        lines: vec![vec![date.as_str()]],
    };
    match read(kind, &one, rules, calendar) {
        Outcome::Value(mut reading) => {
            reading.words = taken.collect();
            Some(Outcome::Value(reading))
        }
        _ => None,
    }
}
