//! A person and a practice in one place: "Dr. Mai A. Nguyen, Eastfield Otolaryngology".

use super::catalogue::ValueType;
use super::rules::RuleSets;
use super::values::{Calendar, Outcome, Reading, Words, is_organization_word, name, read};
use std::ops::Range;

pub(super) struct Party {
    pub person: Reading,
    pub organization: Reading,
}

/// Person and practice, where the words name both.
pub(super) fn party(words: &Words, rules: &RuleSets, calendar: Calendar) -> Option<Party> {
    let parts = parts(words);
    let flat = words.lines.concat();
    let reading = |kind: ValueType, range: &Range<usize>| {
        let part = Words {
            lines: vec![flat[range.clone()].to_vec()],
        };
        match read(kind, &part, rules, calendar) {
            Outcome::Value(reading) => Some(shifted(reading, range.start)),
            _ => None,
        }
    };
    let titled = |range: &Range<usize>| {
        let credential = |at: usize| {
            flat.get(at)
                .is_some_and(|word| name::is_credential(word) && word.len() > 1)
        };
        name::is_title(flat[range.start]) || credential(range.end) || credential(range.end - 1)
    };
    let has_digits = |range: &Range<usize>| {
        flat[range.clone()]
            .iter()
            .any(|word| word.contains(|c: char| c.is_ascii_digit()))
    };
    let named = |range: &&Range<usize>| {
        flat[(*range).clone()]
            .iter()
            .any(|word| is_organization_word(word, rules))
    };
    let known = parts.iter().find(named);
    let person = parts
        .iter()
        .filter(|part| !named(part) && !has_digits(part))
        .find_map(|part| {
            let person = reading(ValueType::PersonName, part)?;
            // A practice's name may be broken into lines: only a comma tells a person without a title from its first line.
            let apart = flat[part.end - 1].ends_with([',', ';'])
                || part.start > 0 && flat[part.start - 1].ends_with([',', ';']);
            let sure = titled(part) || known.is_some() && person.quality > 0.95 && part.len() <= 4 && apart;
            sure.then_some((part, person))
        });
    let (person_part, person) = person?;
    // Beside somebody with a title, a name without any such word is a practice's too.
    let other = || {
        let plain =
            |part: &&Range<usize>| *part != person_part && part.len() >= 2 && !has_digits(part) && !titled(part);
        parts.iter().find(plain).filter(|_| titled(person_part))
    };
    let named = known.or_else(other)?;
    // A name that fills its line goes on in the next.
    let goes_on = |range: &Range<usize>| {
        let next = parts.iter().find(|part| part.start == range.end)?;
        let wrapped = !flat[range.end - 1].ends_with([',', ';']) && next != person_part;
        (wrapped && !titled(next) && !has_digits(next)).then_some(range.start..next.end)
    };
    let named = goes_on(named).unwrap_or(named.clone());
    let begins = |range: &Range<usize>| {
        let before = parts
            .iter()
            .find(|part| part.end == range.start && *part != person_part)?;
        let wrapped = !flat[before.end - 1].ends_with([',', ';']);
        (wrapped && !titled(before) && !has_digits(before)).then_some(before.start..range.end)
    };
    let named = begins(&named).unwrap_or(named);
    let organization = reading(ValueType::Organization, &named)?;
    Some(Party { person, organization })
}

/// Ranges of words between commas, strokes and line ends; "LLC" and credentials stay with what they follow.
fn parts(words: &Words) -> Vec<Range<usize>> {
    let flat = words.lines.concat();
    let mut ends: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in &words.lines {
        at += line.len();
        ends.push(at);
    }
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for (at, word) in flat.iter().enumerate() {
        let stroke = matches!(*word, "/" | "|" | "•" | "at" | "@");
        let bracket = word.starts_with('(');
        if stroke || bracket {
            if start < at {
                parts.push(start..at);
            }
            start = at + 1;
            if bracket {
                // What is bracketed is a number or a remark.
                break;
            }
        } else if word.ends_with([',', ';']) || ends.contains(&(at + 1)) {
            parts.push(start..at + 1);
            start = at + 1;
        }
    }
    let tail = |part: &Range<usize>| {
        let words = &flat[part.clone()];
        words
            .iter()
            .all(|word| name::is_credential(word) || is_legal_form(word))
    };
    let mut joined: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last) if last.end == part.start && is_legal_tail(&flat[part.clone()]) => last.end = part.end,
            _ if tail(&part) => {}
            _ => joined.push(part),
        }
    }
    joined
}

fn is_legal_tail(words: &[&str]) -> bool {
    words.iter().all(|word| is_legal_form(word))
}

/// Whether words name a practice, and not only what it specialises in: "Harbor View Cardiology, LLC".
pub(super) fn names_a_practice(words: &Words, rules: &RuleSets) -> bool {
    let flat = words.lines.concat();
    let told = flat
        .iter()
        .any(|word| is_organization_word(word, rules) || is_legal_form(word));
    told && rules
        .vocabularies
        .whole(ValueType::Specialty, &flat.join(" "))
        .is_none()
}

fn is_legal_form(word: &str) -> bool {
    let bare: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    matches!(
        bare.to_lowercase().as_str(),
        "llc" | "pllc" | "pc" | "pa" | "inc" | "llp" | "ltd" | "corp"
    )
}

fn shifted(mut reading: Reading, by: usize) -> Reading {
    for word in &mut reading.words {
        *word += by;
    }
    reading
}
