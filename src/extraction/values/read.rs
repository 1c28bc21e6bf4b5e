//! Reads values out of what stands in a label's place: forgiving towards scanners, strict about form.

use super::name;
use crate::domain::codes::{
    BirthDate, DateOrder, DirectAddress, FaxNumber, Icd10, Malformed, Npi, PhoneNumber, PostalCode, ProcedureCode,
    UsState, parse_date,
};
use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;
use crate::extraction::rules::RuleSets;
use chrono::{Datelike, NaiveDate};
use regex::Regex;
use std::sync::LazyLock;

/// Words of a place, line by line.
pub(in crate::extraction) struct Words<'w> {
    pub lines: Vec<Vec<&'w str>>,
}

/// A value as read, with the words it was read from.
#[derive(Clone, Debug)]
pub(in crate::extraction) struct Reading {
    pub content: FieldContent,
    /// Numbers of the words, counted over all lines.
    pub words: Vec<usize>,
    /// For a list, the words of each item.
    pub items: Vec<Vec<usize>>,
    /// 1 for a text that needed no help; less for each repair or doubt.
    pub quality: f64,
}

/// What a place says about a field.
pub(in crate::extraction) enum Outcome {
    Value(Reading),
    /// Other fields that the same text holds, as city, state and ZIP.
    Parts(Vec<(&'static str, Reading)>),
    /// "N/A" and the like, or nothing of that kind.
    Absent,
    /// Something stands there, but it can't be a value.
    Malformed(Malformed),
}

/// What the document says about dates: the latest year that makes sense, and the latest day for a birth.
#[derive(Clone, Copy, Debug)]
pub(in crate::extraction) struct Calendar {
    pub latest: NaiveDate,
}

impl Words<'_> {
    fn flat(&self) -> Vec<&str> {
        self.lines.concat()
    }
}

fn text(value: impl Into<String>, words: Vec<usize>, quality: f64) -> Outcome {
    Outcome::Value(Reading {
        content: FieldContent::Text(value.into()),
        words,
        items: Vec::new(),
        quality,
    })
}

pub(in crate::extraction) fn read(kind: ValueType, words: &Words, rules: &RuleSets, calendar: Calendar) -> Outcome {
    let flat = words.flat();
    if flat.is_empty() || rules.lexicon.is_absent(&flat.join(" ")) {
        return Outcome::Absent;
    }
    match kind {
        ValueType::PersonName => person_name(&flat, rules),
        ValueType::NamePart => name_part(&flat),
        ValueType::BirthDate => date(&flat, calendar, true),
        ValueType::Date => date(&flat, calendar, false),
        ValueType::Phone => phone(&flat, |digits| PhoneNumber::parse(digits).map(String::from)),
        ValueType::Fax => phone(&flat, |digits| FaxNumber::parse(digits).map(String::from)),
        ValueType::Npi => npi(&flat),
        ValueType::Email | ValueType::DirectAddress => address_of_mail(&flat),
        ValueType::Sex | ValueType::Urgency | ValueType::Service => closed(kind, &flat, rules),
        ValueType::Specialty | ValueType::Language => open(kind, &flat, rules),
        ValueType::Address => address(words),
        ValueType::CityStateZip => city_state_zip(&flat, 0).map_or(Outcome::Absent, Outcome::Parts),
        ValueType::City => city(&flat),
        ValueType::State => state(&flat),
        ValueType::PostalCode => postal_code(&flat),
        ValueType::Identifier => identifier(&flat, false),
        ValueType::Authorization => identifier(&flat, true),
        ValueType::Organization => organization(&flat),
        ValueType::Diagnoses => codes(&flat, icd10),
        ValueType::Procedures => codes(&flat, procedure),
        ValueType::Text => free_text(&flat),
    }
}

fn all(words: &[&str]) -> Vec<usize> {
    (0..words.len()).collect()
}

// ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────────

fn person_name(words: &[&str], rules: &RuleSets) -> Outcome {
    let starts = words
        .iter()
        .position(|word| word.chars().any(char::is_alphabetic))
        .unwrap_or(0);
    let ends = |word: &&str| {
        word.chars().any(|c| c.is_ascii_digit())
            || word.starts_with(['(', '[', '/', '|', '-', '*'])
            || word.contains('@')
    };
    let count = words[starts..]
        .iter()
        .position(ends)
        .unwrap_or(words.len() - starts)
        .min(7);
    let count = without_labels(&words[starts..starts + count], rules);
    let taken = &words[starts..starts + count];
    let organization = taken.iter().filter(|word| is_organization_word(word, rules)).count();
    if organization > 0 && !taken.iter().any(|word| name::is_credential(word)) {
        return Outcome::Absent;
    }
    match name::full_name(&taken.join(" ")) {
        Some(full) => {
            let count = full.split_whitespace().count();
            let odd = full.chars().any(|c| !c.is_alphabetic() && !" '-.’".contains(c));
            let long = if count > 4 { 0.85 } else { 1.0 };
            let mixed = if full.split_whitespace().any(has_odd_case) {
                0.9
            } else {
                1.0
            };
            text(
                full,
                (starts..starts + count.max(taken.len())).collect(),
                if odd { 0.6 } else { long * mixed },
            )
        }
        None => Outcome::Malformed(Malformed {
            problem: "not_a_name",
            detail: "needs a given and a family name".to_owned(),
        }),
    }
}

/// How many words are left when a label at the end, that lost its colon to the scanner, is taken off.
fn without_labels(words: &[&str], rules: &RuleSets) -> usize {
    let is_label =
        |word: &str| rules.lexicon.label(&crate::extraction::fold::fold(word)).is_some() && !name::is_credential(word);
    let mut count = words.len();
    while count > 2 && is_label(words[count - 1]) {
        count -= 1;
    }
    count
}

/// A small letter before a capital that no name has, as in "SMiTH".
fn has_odd_case(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    letters
        .windows(3)
        .any(|w| w[0].is_uppercase() && w[1].is_lowercase() && w[2].is_uppercase() && letters.len() > 4)
        && !word.starts_with("Mc")
        && !word.starts_with("De")
        && !word.starts_with("La")
        && !word.contains(['-', '\'', '’'])
}

pub(in crate::extraction) fn is_organization_word(word: &str, rules: &RuleSets) -> bool {
    rules
        .lexicon
        .organization_words
        .contains(&crate::extraction::fold::fold(word))
}

fn name_part(words: &[&str]) -> Outcome {
    let count = words
        .iter()
        .take(3)
        .take_while(|word| !word.chars().any(|c| c.is_ascii_digit()))
        .count();
    match name::name_words(&words[..count].join(" ")) {
        Some(parts) => text(parts.join(" "), (0..count).collect(), 1.0),
        None => Outcome::Absent,
    }
}

// ── Dates and numbers ────────────────────────────────────────────────────────────────────────────────────────────────

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let patterns = [
        r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})\b",
        r"\d{4}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{1,2}\b",
        r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s?\d{1,2}(?:st|nd|rd|th)?[,.]?\s?\d{4}\b",
        r"\d{1,2}\s?[-\s]\s?(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s?[-\s,]?\s?\d{4}\b",
        r"\b(?:19|20)\d{6}\b",
    ];
    Regex::new(&patterns.join("|")).expect("a fixed pattern")
});

fn date(words: &[&str], calendar: Calendar, birth: bool) -> Outcome {
    let taken = &words[..words.len().min(6)];
    let plain = taken.join(" ");
    let repaired = digits_for_letters(&plain);
    for (source, quality) in [(&plain, 1.0), (&repaired, 0.75)] {
        let Some(found) = DATE.find(source) else { continue };
        let compact = squeeze_separators(found.as_str());
        let Ok(date) = parse_date(&compact, DateOrder::MonthFirst, calendar.latest.year()) else {
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

/// The numbers of the words, joined by single blanks, that a range of bytes touches.
fn words_within(words: &[&str], range: std::ops::Range<usize>) -> Vec<usize> {
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
fn digits_for_letters(text: &str) -> String {
    text.split(' ').map(repair_digits).collect::<Vec<_>>().join(" ")
}

fn repair_digits(word: &str) -> String {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 || letters > digits {
        return word.to_owned();
    }
    // Byte lengths stay the same, so that places in the text do too.
    word.chars().map(|c| digit_like(c).unwrap_or(c)).collect()
}

fn digit_like(c: char) -> Option<char> {
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

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\+?\s?1[\s.\-]{0,2})?[(\[{]?\s?\d{3}\s?[)\]}]?[\s./\-–]{0,3}\d{3}[\s.\-–]{0,3}\d{4}\b")
        .expect("a fixed pattern")
});

fn phone(words: &[&str], parse: impl Fn(&str) -> Result<String, Malformed>) -> Outcome {
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

fn npi(words: &[&str]) -> Outcome {
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
        return text(npi, all(taken), 0.85);
    }
    malformed.map_or(Outcome::Absent, Outcome::Malformed)
}

fn address_of_mail(words: &[&str]) -> Outcome {
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
        Ok(address) => text(address, all(words), 0.75),
        Err(malformed) => Outcome::Malformed(malformed),
    }
}

// ── Closed and open lists ────────────────────────────────────────────────────────────────────────────────────────────

fn closed(kind: ValueType, words: &[&str], rules: &RuleSets) -> Outcome {
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
        [value] => text(value, all(words), 0.8),
        _ => Outcome::Malformed(Malformed {
            problem: "unknown_value",
            detail: "not one of the known values".to_owned(),
        }),
    }
}

fn open(kind: ValueType, words: &[&str], rules: &RuleSets) -> Outcome {
    let whole = words.join(" ");
    if let Some((value, likeness)) = rules.vocabularies.whole(kind, &whole) {
        return text(value, all(words), likeness);
    }
    if let Some((value, count, likeness)) = rules.vocabularies.leading(kind, words) {
        return text(value, (0..count).collect(), likeness * 0.95);
    }
    let mut found = rules.vocabularies.anywhere(kind, &whole);
    found.dedup();
    match found[..] {
        [value] => text(value, all(words), 0.8),
        [] if words.len() <= 4
            && kind == ValueType::Specialty
            && words.iter().all(|w| w.chars().any(char::is_alphabetic)) =>
        {
            text(trim(&whole), all(words), 0.5)
        }
        _ => Outcome::Absent,
    }
}

// ── Addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────

fn trim(text: &str) -> String {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '/' | '|' | '-' | '_' | '.' | '•' | '·')
    })
    .to_owned()
}

fn address(words: &Words) -> Outcome {
    let flat = words.flat();
    let mut parts = city_state_zip(&flat, 1).unwrap_or_default();
    begin_on_own_line(words, &flat, &mut parts);
    let city_starts = parts
        .iter()
        .filter_map(|(_, reading)| reading.words.first())
        .min()
        .copied();
    let line_end = city_starts.unwrap_or_else(|| words.lines.first().map_or(0, Vec::len));
    // A second line without a city carries on only when it names an apartment.
    let line_end = if city_starts.is_none() {
        with_second_line(words, line_end)
    } else {
        line_end
    };
    let line = trim(&flat[..line_end.min(flat.len())].join(" "));
    let looks_like_a_street = line.chars().any(|c| c.is_ascii_digit()) && line.chars().any(char::is_alphabetic);
    if looks_like_a_street {
        let reading = Reading {
            content: FieldContent::Text(line),
            words: (0..line_end).collect(),
            items: Vec::new(),
            quality: 1.0,
        };
        parts.push(("line", reading));
    }
    if parts.is_empty() {
        Outcome::Absent
    } else {
        Outcome::Parts(parts)
    }
}

/// A city that stands on a line with its state begins that line.
fn begin_on_own_line(words: &Words, flat: &[&str], parts: &mut [(&'static str, Reading)]) {
    let first_line = words.lines.first().map_or(0, Vec::len);
    if let Some((_, city)) = parts.iter_mut().find(|(part, _)| *part == "city")
        && let (Some(&first), Some(&last)) = (city.words.first(), city.words.last())
        && first < first_line
        && first_line <= last
    {
        city.words = (first_line..=last).collect();
        city.content = FieldContent::Text(trim(&flat[first_line..=last].join(" ")));
    }
}

fn with_second_line(words: &Words, first: usize) -> usize {
    match words.lines.get(1) {
        Some(second) => {
            let unit = second.first().is_some_and(|word| {
                let word = word.to_lowercase();
                ["apt", "unit", "suite", "ste", "#"]
                    .iter()
                    .any(|start| word.starts_with(start))
            });
            if unit { first + second.len() } else { first }
        }
        None => first,
    }
}

/// City, state and ZIP at the end of the words; `least` words must stand before.
fn city_state_zip(words: &[&str], least: usize) -> Option<Vec<(&'static str, Reading)>> {
    let zip_at = (least + 1..words.len()).rev().find(|at| zip_of(words[*at]).is_some());
    let (state_at, state_words, state) = state_before(words, zip_at.unwrap_or(words.len()))?;
    if state_at < least + 1 {
        return None;
    }
    let city_at = city_start(words, state_at, least);
    let city = trim(&words[city_at..state_at].join(" "));
    let reading = |content: String, words: Vec<usize>, quality| Reading {
        content: FieldContent::Text(content),
        words,
        items: Vec::new(),
        quality,
    };
    let mut parts = Vec::new();
    if city.chars().any(char::is_alphabetic) && !city.chars().any(|c| c.is_ascii_digit()) {
        parts.push(("city", reading(city, (city_at..state_at).collect(), 1.0)));
    }
    parts.push((
        "state",
        reading(
            state.as_str().to_owned(),
            (state_at..state_at + state_words).collect(),
            1.0,
        ),
    ));
    if let Some(zip) = zip_at
        && let Some((code, quality)) = zip_of(words[zip])
    {
        parts.push(("postal_code", reading(code, vec![zip], quality)));
    }
    Some(parts)
}

fn zip_of(word: &str) -> Option<(String, f64)> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.len() < 5 {
        return None;
    }
    PostalCode::parse(bare).map(|code| (code.into(), 1.0)).ok().or_else(|| {
        let repaired = repair_digits(bare);
        PostalCode::parse(&repaired).map(|code| (code.into(), 0.7)).ok()
    })
}

/// The state that ends before a place: two letters, or a name of one or two words.
fn state_before(words: &[&str], end: usize) -> Option<(usize, usize, UsState)> {
    [1, 2].into_iter().find_map(|count| {
        let at = end.checked_sub(count)?;
        let text = words[at..end].join(" ");
        let bare = text.trim_matches(|c: char| !c.is_alphabetic());
        let shape = bare.len() != 2 || bare.chars().all(char::is_uppercase);
        let state = UsState::parse(bare).ok().filter(|_| shape)?;
        Some((at, count, state))
    })
}

/// A city begins after a comma, or after the last word that belongs to a street.
fn city_start(words: &[&str], state_at: usize, least: usize) -> usize {
    const STREETS: [&str; 38] = [
        "st",
        "street",
        "ave",
        "avenue",
        "rd",
        "road",
        "dr",
        "drive",
        "ln",
        "lane",
        "ct",
        "court",
        "blvd",
        "boulevard",
        "pl",
        "place",
        "ter",
        "terrace",
        "cir",
        "circle",
        "hwy",
        "highway",
        "pkwy",
        "parkway",
        "way",
        "sq",
        "square",
        "trail",
        "trl",
        "loop",
        "pike",
        "run",
        "path",
        "row",
        "plaza",
        "route",
        "alley",
        "crossing",
    ];
    let before = &words[..state_at];
    let comma = before[..before.len().saturating_sub(1)]
        .iter()
        .rposition(|word| word.ends_with([',', ';']));
    let street = before.iter().rposition(|word| {
        let bare: String = word
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
            .to_lowercase();
        // "St. Paul" is a city, "Main St" a street.
        STREETS.contains(&bare.as_str()) && !(bare == "st" && word.ends_with('.') && before.len() > 1)
    });
    let number = before.iter().rposition(|word| word.chars().any(|c| c.is_ascii_digit()));
    let after = |at: Option<usize>| at.map_or(0, |at| at + 1);
    after(comma)
        .max(after(number))
        .max(if comma.is_some() { 0 } else { after(street) })
        .max(least)
        .min(state_at)
}

fn city(words: &[&str]) -> Outcome {
    if let Some(parts) = city_state_zip(words, 0) {
        return Outcome::Parts(parts);
    }
    let count = words
        .iter()
        .take(4)
        .take_while(|word| !word.chars().any(|c| c.is_ascii_digit()))
        .count();
    let name = trim(&words[..count].join(" "));
    if name.len() < 2 {
        Outcome::Absent
    } else {
        text(name, (0..count).collect(), 1.0)
    }
}

fn state(words: &[&str]) -> Outcome {
    for count in [1, 2] {
        if words.len() >= count
            && let Ok(state) = UsState::parse(words[..count].join(" ").trim_matches(|c: char| !c.is_alphabetic()))
        {
            return text(state, (0..count).collect(), 1.0);
        }
    }
    Outcome::Malformed(Malformed {
        problem: "not_a_state",
        detail: "not a US state or territory".to_owned(),
    })
}

fn postal_code(words: &[&str]) -> Outcome {
    match words
        .iter()
        .take(3)
        .enumerate()
        .find_map(|(at, word)| zip_of(word).map(|found| (at, found)))
    {
        Some((at, (code, quality))) => text(code, vec![at], quality),
        None => Outcome::Malformed(Malformed {
            problem: "not_a_postal_code",
            detail: "not five digits".to_owned(),
        }),
    }
}

// ── Identifiers, organizations, texts ────────────────────────────────────────────────────────────────────────────────

fn identifier(words: &[&str], authorization: bool) -> Outcome {
    let mut taken: Vec<usize> = Vec::new();
    for (at, word) in words.iter().enumerate().take(5) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let code_like = !bare.is_empty()
            && bare.chars().all(|c| c.is_ascii_alphanumeric() || "-/.£€@©".contains(c))
            && (bare.chars().any(|c| c.is_ascii_digit()) || bare.chars().all(|c| c.is_ascii_uppercase()));
        let started = taken
            .iter()
            .any(|t| words[*t].chars().filter(char::is_ascii_digit).count() >= 4);
        let suffix = bare.len() <= 2 && bare.chars().all(|c| c.is_ascii_digit());
        let closed = at > 0 && words[at - 1].ends_with([',', ';', ')']);
        // "QZU-7854 -1770": the scanner saw a gap that is none.
        let hyphened = word.starts_with('-') || taken.last().is_some_and(|last| words[*last].ends_with('-'));
        if bare.is_empty() && taken.is_empty() {
            continue;
        }
        if !code_like || word.starts_with('(') || closed || (started && !suffix && !hyphened) {
            break;
        }
        taken.push(at);
    }
    if let Some((value, words, quality)) = medicare(words) {
        return text(value, words, quality);
    }
    let value = trim(&taken.iter().map(|at| words[*at]).collect::<Vec<_>>().join(" "));
    let value = value.replace(" -", "-").replace("- ", "-").to_ascii_uppercase();
    // Signs that no identifier holds, read for the letter or digit they look like.
    let repaired = value.replace(['£', '€'], "E").replace(['@', '©'], "0");
    let quality = if repaired == value { 1.0 } else { 0.7 };
    let value = repaired;
    let digits = value.chars().filter(char::is_ascii_digit).count();
    if authorization && digits == 0 {
        let whole = trim(&words.join(" "));
        let said = ["not required", "pending", "none required", "no auth required"];
        if said.iter().any(|text| whole.eq_ignore_ascii_case(text)) {
            return text(whole, all(words), 0.9);
        }
    }
    if digits == 0 {
        return Outcome::Malformed(Malformed {
            problem: "not_an_identifier",
            detail: "no digit in it".to_owned(),
        });
    }
    if value.len() < 3 || value.len() > 30 {
        return Outcome::Malformed(Malformed {
            problem: "not_an_identifier",
            detail: format!("{} characters", value.len()),
        });
    }
    text(value, taken, quality)
}

/// A Medicare number, eleven characters whose places are fixed, however the scanner spaced it.
fn medicare(words: &[&str]) -> Option<(String, Vec<usize>, f64)> {
    (1..=words.len().min(4)).find_map(|count| {
        let joined: String = words[..count].concat();
        let plain: Vec<char> = joined.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        if plain.len() != 11 || joined.chars().any(|c| !c.is_ascii_alphanumeric() && c != '-') {
            return None;
        }
        let mut fixed = String::new();
        for (at, c) in plain.iter().enumerate() {
            let upper = c.to_ascii_uppercase();
            let letter = upper.is_ascii_uppercase() && !"SLOIBZ".contains(upper);
            let digit = if upper.is_ascii_digit() {
                Some(upper)
            } else {
                digit_like(*c).or_else(|| digit_like(upper))
            };
            // 1 digit, 2 letter, 3 either, 4 digit, 5 letter, 6 either, 7 digit, 8 and 9 letters, 10 and 11 digits.
            fixed.push(match at {
                1 | 4 | 7 | 8 => Some(upper).filter(|_| letter)?,
                2 | 5 if letter => upper,
                _ => digit?,
            });
        }
        let same = fixed.chars().eq(plain.iter().copied());
        let shown = if joined.contains('-') {
            format!("{}-{}-{}", &fixed[..4], &fixed[4..7], &fixed[7..])
        } else {
            fixed
        };
        Some((shown, (0..count).collect(), if same { 1.0 } else { 0.8 }))
    })
}

fn organization(words: &[&str]) -> Outcome {
    let person = name::is_title(words[0])
        || (words.len() <= 6
            && words.iter().skip(2).any(|word| {
                name::is_credential(word)
                    && word.len() > 1
                    && words[words.len() - 1] == *word
                    && !word.eq_ignore_ascii_case("pc")
            }));
    if person {
        return Outcome::Absent;
    }
    let ends = |at: usize| {
        let word = words[at];
        let next_has_digits = words
            .get(at + 1)
            .is_some_and(|next| next.chars().filter(char::is_ascii_digit).count() >= 4);
        let is_label = at > 0
            && next_has_digits
            && matches!(
                crate::extraction::fold::fold(word).as_str(),
                "id" | "member" | "policy" | "group" | "idnumber" | "grp" | "phone" | "tel"
            );
        let separator = at > 0 && matches!(word, "/" | "|" | "•" | "·" | "(" | "—");
        let number_follows = words[at..]
            .iter()
            .take(3)
            .any(|word| word.chars().filter(char::is_ascii_digit).count() >= 5);
        let next_item = at > 0 && words[at - 1].ends_with([',', ';']) && number_follows;
        is_label
            || separator
            || next_item
            || (at > 0 && word.starts_with('(') && word.chars().any(|c| c.is_ascii_digit()))
    };
    let count = (0..words.len()).find(|at| ends(*at)).unwrap_or(words.len()).min(12);
    let name = trim(&words[..count].join(" "));
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 || letters * 2 < name.chars().filter(|c| !c.is_whitespace()).count() {
        return Outcome::Absent;
    }
    // The dot of "P.C." belongs to the name.
    let name = if words[count - 1].ends_with('.') && words[count - 1].matches('.').count() > 1 {
        name + "."
    } else {
        name
    };
    text(name, (0..count).collect(), if count > 8 { 0.8 } else { 1.0 })
}

fn free_text(words: &[&str]) -> Outcome {
    let whole = words.join(" ");
    let whole = whole
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '_' | ':' | '•'))
        .to_owned();
    if words.len() < 2 || whole.len() < 6 {
        Outcome::Absent
    } else {
        text(whole, all(words), if words.len() < 3 { 0.7 } else { 1.0 })
    }
}

// ── Codes ────────────────────────────────────────────────────────────────────────────────────────────────────────────

fn codes(words: &[&str], parse: fn(&str) -> Option<(String, f64)>) -> Outcome {
    let mut list: Vec<String> = Vec::new();
    let mut items = Vec::new();
    let mut quality: f64 = 1.0;
    let joined = join_codes(words);
    for (at, word) in joined.iter().enumerate() {
        for part in word.split([',', ';', '/', '(', ')', '[', ']', '|', ':', '&', '+']) {
            if let Some((code, sure)) = parse(part)
                && !list.contains(&code)
            {
                list.push(code);
                items.push(vec![at]);
                quality = quality.min(sure);
            }
        }
    }
    if list.is_empty() {
        return Outcome::Absent;
    }
    Outcome::Value(Reading {
        content: FieldContent::List(list),
        words: items.concat(),
        items,
        quality,
    })
}

/// "M54, 50" and "M54. 50" are one code that the scanner took apart; its second half is left empty in its place.
fn join_codes(words: &[&str]) -> Vec<String> {
    let mut joined: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for at in 0..joined.len() {
        let inner = CODE_COMMA.replace_all(&joined[at], "$1.$2").into_owned();
        joined[at] = inner;
        let tail = joined.get(at + 1).filter(|next| CODE_TAIL.is_match(next)).cloned();
        if let (true, Some(tail)) = (CODE_HEAD.is_match(&joined[at]), tail) {
            let head = joined[at].trim_end_matches([',', '.']).to_owned();
            joined[at] = format!("{head}.{tail}");
            joined[at + 1].clear();
        }
    }
    joined
}

static CODE_COMMA: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b([A-Z]\d[0-9AB]),(\d)").expect("a fixed pattern"));
static CODE_HEAD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[(\[])[A-Z]\d[0-9AB][.,]$").expect("a fixed pattern"));
static CODE_TAIL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\d[0-9A-Z]{0,3}\W*$").expect("a fixed pattern"));

/// An ICD-10 code among words; a scanner's look-alikes are put right where only one reading is a code.
pub(in crate::extraction) fn icd10(word: &str) -> Option<(String, f64)> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if !(3..=8).contains(&bare.len()) || !bare.is_ascii() || !bare.chars().skip(1).any(|c| c.is_ascii_digit()) {
        return None;
    }
    let upper = bare.to_ascii_uppercase();
    let chars: Vec<char> = upper.chars().collect();
    if chars[0].is_ascii_uppercase()
        && chars[1].is_ascii_digit()
        && (chars[2].is_ascii_digit() || matches!(chars[2], 'A' | 'B'))
    {
        if chars.len() > 3 && chars[3] != '.' && chars.len() < 8 && !chars[3..].iter().all(char::is_ascii_alphanumeric)
        {
            return None;
        }
        let small = bare.starts_with(|c: char| c.is_ascii_lowercase());
        let dotless = chars.len() > 3 && !upper.contains('.');
        let letters_inside = chars[3..].iter().take(4).any(|c| matches!(c, 'O' | 'I' | 'S' | 'L'));
        let quality = match (small, dotless, letters_inside) {
            (_, _, true) => 0.6,
            (true, ..) => 0.7,
            (_, true, _) => 0.93,
            _ => 1.0,
        };
        return Icd10::parse(&upper).ok().map(|code| (code.into(), quality));
    }
    // "MS4.50" for "M54.50", "110" for "I10" only where a dot shows that it is a code.
    let first = match chars[0] {
        '1' if upper.contains('.') => 'I',
        c if c.is_ascii_uppercase() => c,
        _ => return None,
    };
    if !upper.contains('.') || chars.len() < 5 {
        return None;
    }
    let rest: String = chars[1..]
        .iter()
        .map(|c| if *c == '.' { '.' } else { digit_like(*c).unwrap_or(*c) })
        .collect();
    Icd10::parse(&format!("{first}{rest}"))
        .ok()
        .map(|code| (code.into(), 0.6))
}

pub(in crate::extraction) fn procedure(word: &str) -> Option<(String, f64)> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.contains('.') {
        return None;
    }
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    if digits < 4 || bare.len() > 8 {
        return None;
    }
    ProcedureCode::parse(bare).ok().map(|code| (code.into(), 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ValueType, input: &str, expect: &str) {
        let rules = RuleSets::embedded();
        let calendar = Calendar {
            latest: NaiveDate::from_ymd_opt(2026, 6, 1).unwrap(),
        };
        let words = Words {
            lines: input
                .split('\n')
                .map(|line| line.split_whitespace().collect())
                .collect(),
        };
        let shown = |content: &FieldContent| match content {
            FieldContent::Text(text) => text.clone(),
            FieldContent::List(items) => items.join(" "),
        };
        let got = match read(kind, &words, &rules, calendar) {
            Outcome::Value(reading) => shown(&reading.content),
            Outcome::Parts(parts) => parts
                .iter()
                .map(|(part, reading)| format!("{part}={}", shown(&reading.content)))
                .collect::<Vec<_>>()
                .join(" "),
            Outcome::Absent => "absent".to_owned(),
            Outcome::Malformed(malformed) => malformed.problem.to_owned(),
        };
        assert_eq!(got, expect, "{input}");
    }

    #[test]
    fn dates() {
        check(ValueType::BirthDate, "03/14/1962 (63 yrs)", "1962-03-14");
        check(ValueType::BirthDate, "O3/l4/1962", "1962-03-14");
        check(ValueType::BirthDate, "Mar 14, 1962", "1962-03-14");
        check(ValueType::BirthDate, "14-Mar-1962", "1962-03-14");
        check(ValueType::BirthDate, "03/14/2062", "birth_date_in_future");
        check(ValueType::BirthDate, "13/14/1962", "not_a_date");
        check(ValueType::Date, "N/A", "absent");
    }

    #[test]
    fn numbers() {
        check(ValueType::Phone, "(412) 555-0123 ext 4", "+14125550123");
        check(ValueType::Phone, "412/555-0123", "+14125550123");
        check(ValueType::Phone, "(412) 555-O123", "+14125550123");
        check(ValueType::Phone, "412-555-012", "not_a_phone_number");
        check(ValueType::Npi, "1234567893", "1234567893");
        check(ValueType::Npi, "l234567893", "1234567893");
        check(ValueType::Npi, "1234567890", "npi_check_digit");
        check(ValueType::Identifier, "W123456789 (PPO)", "W123456789");
        check(ValueType::Identifier, "U12345678 01", "U12345678 01");
        check(ValueType::Identifier, "none", "absent");
        check(
            ValueType::DirectAddress,
            "ann@direct. clinic.example",
            "ann@direct.clinic.example",
        );
    }

    #[test]
    fn addresses() {
        check(
            ValueType::Address,
            "12 Main St Apt 4\nErie, PA 16502",
            "city=Erie state=PA postal_code=16502 line=12 Main St Apt 4",
        );
        check(
            ValueType::Address,
            "12 Main St, St. Paul, MN 55102",
            "city=St. Paul state=MN postal_code=55102 line=12 Main St",
        );
        check(
            ValueType::CityStateZip,
            "Fort Wayne, IN 46802",
            "city=Fort Wayne state=IN postal_code=46802",
        );
        check(ValueType::CityStateZip, "Fort Wayne IN", "city=Fort Wayne state=IN");
    }

    #[test]
    fn codes_among_words() {
        check(
            ValueType::Diagnoses,
            "M54.50 Low back pain; I10 Hypertension",
            "M54.50 I10",
        );
        check(ValueType::Diagnoses, "Low back pain (M5450)", "M54.50");
        check(ValueType::Diagnoses, "MS4.50", "M54.50");
        check(ValueType::Diagnoses, "back pain B12 level", "B12");
        check(ValueType::Procedures, "45378 Colonoscopy, 43239", "45378 43239");
    }

    #[test]
    fn closed_lists() {
        check(ValueType::Urgency, "Urgent - within 7 days", "urgent");
        check(ValueType::Urgency, "Routine Urgent STAT", "several_values");
        check(ValueType::Sex, "F", "female");
        check(ValueType::Service, "Eval and treat", "evaluate_and_treat");
        check(ValueType::Specialty, "Heart & Vascular", "Cardiology");
    }

    #[test]
    fn names_and_organizations() {
        check(ValueType::PersonName, "BAKER, BEATRIZ H", "Beatriz H Baker");
        check(ValueType::PersonName, "Lakeside Family Medicine", "absent");
        check(ValueType::PersonName, "Jane Doe, MD / 412", "Jane Doe");
        check(ValueType::Organization, "Aetna PPO, ID W123456789", "Aetna PPO");
        check(
            ValueType::Organization,
            "Smith & Lee Family Practice, P.C.",
            "Smith & Lee Family Practice, P.C.",
        );
    }
}
