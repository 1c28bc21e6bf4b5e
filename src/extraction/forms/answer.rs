//! A zone's words by the reader of the field's type, and what only a form's own place allows to be read so.

use crate::extraction::catalogue::ValueType;
use crate::extraction::rules::RuleSets;
use crate::extraction::values::{Calendar, Outcome, Words, read};

pub(super) fn answer(kind: ValueType, words: &Words, rules: &RuleSets, calendar: Calendar) -> Outcome {
    let outcome = read(kind, words, rules, calendar);
    let is_date = matches!(kind, ValueType::BirthDate | ValueType::Date);
    if is_date && !matches!(outcome, Outcome::Value(_)) {
        return in_boxes(kind, &words.lines.concat(), rules, calendar).unwrap_or(outcome);
    }
    outcome
}

/// Month, day and year in boxes of their own: anywhere else, three numbers in a row would be no date.
fn in_boxes(kind: ValueType, words: &[&str], rules: &RuleSets, calendar: Calendar) -> Option<Outcome> {
    let is_part = |text: &&str| text.len() <= 4 && text.chars().all(|c| c.is_ascii_digit());
    let start = words.windows(3).position(|three| three.iter().all(is_part))?;
    let joined = words[start..start + 3].join("/");
    let one = Words {
        lines: vec![vec![joined.as_str()]],
    };
    match read(kind, &one, rules, calendar) {
        Outcome::Value(mut reading) => {
            reading.words = (start..start + 3).collect();
            Some(Outcome::Value(reading))
        }
        _ => None,
    }
}
