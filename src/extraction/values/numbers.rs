//! Dates, telephone numbers, NPIs and mail addresses, as a scanner may have left them.

use super::read::{Calendar, Outcome, text};
use super::repair::{digits_for_letters, repair_digits, words_within};
use crate::domain::codes::{BirthDate, DateOrder, DirectAddress, Malformed, Npi, parse_date};
use chrono::Datelike;
use regex::Regex;
use std::sync::LazyLock;

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let patterns = [
        r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})\b",
        r"\d{4}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{1,2}\b",
        r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s?\d{1,2}(?:st|nd|rd|th)?[,.]?\s?\d{4}\b",
        r"\d{1,2}\s?[-\s]\s?(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s?[-\s,]?\s?(?:\d{4}|\d{2})\b",
        r"\b(?:19|20)\d{6}\b",
    ];
    Regex::new(&patterns.join("|")).expect("a fixed pattern")
});

/// Two digits that say no later year are one of this century.
const LATEST_YEAR: i32 = 2060;

pub(super) fn date(words: &[&str], calendar: Calendar, birth: bool) -> Outcome {
    let taken = &words[..words.len().min(6)];
    let plain = taken.join(" ");
    let repaired = digits_for_letters(&plain);
    for (source, quality) in [(&plain, 1.0), (&repaired, 0.75)] {
        let Some(found) = DATE.find(source) else { continue };
        let compact = squeeze_separators(found.as_str());
        // Only a birth may lie in the last century.
        let latest_year = if birth { calendar.latest.year() } else { LATEST_YEAR };
        let Ok(date) = parse_date(&compact, DateOrder::MonthFirst, latest_year) else {
            continue;
        };
        if birth && let Err(malformed) = BirthDate::new(date, calendar.latest) {
            return Outcome::Malformed(malformed);
        }
        return text(date.to_string(), words_within(taken, found.range()), quality);
    }
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    if digits >= 4 {
        return Outcome::Malformed(Malformed {
            problem: "not_a_date",
            detail: "not in the form of a date".to_owned(),
        });
    }
    Outcome::Absent
}

fn squeeze_separators(date: &str) -> String {
    let mut out = String::new();
    for c in date.chars() {
        if matches!(c, '/' | '-' | '.') {
            while out.ends_with(' ') {
                out.pop();
            }
        }
        if c == ' ' && out.ends_with(['/', '-']) {
            continue;
        }
        out.push(c);
    }
    out
}

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\+?\s?1[\s.\-]{0,2})?[(\[{]?\s?\d{3}\s?[)\]}]?[\s./\-–]{0,3}\d{3}[\s.\-–]{0,3}\d{4}\b")
        .expect("a fixed pattern")
});

pub(super) fn phone(words: &[&str], parse: impl Fn(&str) -> Result<String, Malformed>) -> Outcome {
    let taken = &words[..words.len().min(7)];
    let plain = taken.join(" ");
    let repaired = digits_for_letters(&plain);
    for (source, quality) in [(&plain, 1.0), (&repaired, 0.7)] {
        if let Some(found) = PHONE.find(source)
            && let Ok(number) = parse(&found.as_str().replace(['[', ']', '{', '}'], " "))
        {
            return text(number, words_within(taken, found.range()), quality);
        }
    }
    let digits: String = taken
        .iter()
        .take(4)
        .flat_map(|word| word.chars())
        .filter(char::is_ascii_digit)
        .collect();
    match parse(&plain) {
        Err(malformed) if digits.len() >= 6 => Outcome::Malformed(Malformed {
            problem: malformed.problem,
            detail: format!("{} digits", digits.len()),
        }),
        _ => Outcome::Absent,
    }
}

pub(super) fn npi(words: &[&str]) -> Outcome {
    let taken = &words[..words.len().min(4)];
    let mut malformed = None;
    for (at, word) in taken.iter().enumerate() {
        let plain: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        for (candidate, quality) in [(plain.clone(), 1.0), (repair_digits(&plain), 0.8)] {
            if candidate.len() < 8 || !candidate.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            match Npi::parse(&candidate) {
                Ok(npi) => return text(npi, vec![at], quality),
                Err(error) => malformed = Some(error),
            }
        }
    }
    // Some forms leave room between groups of digits.
    let joined: String = taken
        .iter()
        .flat_map(|word| word.chars())
        .filter(char::is_ascii_digit)
        .collect();
    if let Ok(npi) = Npi::parse(&joined) {
        return text(npi, (0..taken.len()).collect(), 0.85);
    }
    malformed.map_or(Outcome::Absent, Outcome::Malformed)
}

pub(super) fn address_of_mail(words: &[&str]) -> Outcome {
    let joined = words.concat();
    if !joined.contains(['@', '©', '®']) {
        return Outcome::Absent;
    }
    for (at, word) in words.iter().enumerate() {
        for (candidate, quality) in [((*word).to_owned(), 1.0), (word.replace(['©', '®'], "@"), 0.7)] {
            let candidate = candidate.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            if let Ok(address) = DirectAddress::parse(&candidate) {
                return text(address, vec![at], quality);
            }
        }
    }
    // The scanner may have put a blank beside a dot.
    let candidate = joined.replace(['©', '®'], "@").to_lowercase();
    match DirectAddress::parse(candidate.trim_matches(|c: char| !c.is_alphanumeric())) {
        Ok(address) => text(address, (0..words.len()).collect(), 0.75),
        Err(malformed) => Outcome::Malformed(malformed),
    }
}
