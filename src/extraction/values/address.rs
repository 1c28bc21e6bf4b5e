//! Addresses: the street's line, and city, state and ZIP told apart.

use super::read::{Outcome, Reading, Words, text, trim};
use super::repair::repair_digits;
use crate::domain::codes::{Malformed, PostalCode, UsState};
use crate::domain::fields::FieldContent;

pub(super) fn address(words: &Words) -> Outcome {
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
            remark: None,
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
pub(super) fn city_state_zip(words: &[&str], least: usize) -> Option<Vec<(&'static str, Reading)>> {
    let is_zip = |at: &usize| zip_of(words[*at]).is_some();
    // What follows the first state with its ZIP is another sentence: "… FL 32502. Member ID 008454656".
    let plain = |at: &usize| {
        state_before(words, *at).is_some()
            && PostalCode::parse(words[*at].trim_matches(|c: char| !c.is_alphanumeric())).is_ok()
    };
    let zip_at = (least + 1..words.len())
        .find(plain)
        .or_else(|| (least + 1..words.len()).rev().find(is_zip));
    let end = zip_at.unwrap_or(words.len());
    let known = state_before(words, end).map(|(at, count, state)| (at, count, state, 1.0));
    let (state_at, state_words, state, sure) = known.or_else(|| state_of(words, zip_at?))?;
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
        remark: None,
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
            sure,
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

/// Of "D 83704" the scanner lost a letter; the postal code tells the state.
fn state_of(words: &[&str], zip_at: usize) -> Option<(usize, usize, UsState, f64)> {
    let before = words.get(zip_at.checked_sub(1)?)?;
    let (code, sure) = zip_of(words[zip_at])?;
    let letters = before.chars().filter(|c| c.is_alphanumeric()).count();
    if letters > 2 || sure < 1.0 {
        return None;
    }
    let state = UsState::of_postal_code(&PostalCode::parse(&code).ok()?)?;
    let shared = state.as_str().chars().any(|c| before.contains(c));
    shared.then_some((zip_at - 1, 1, state, 0.75))
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

pub(super) fn city(words: &[&str]) -> Outcome {
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

pub(super) fn state(words: &[&str]) -> Outcome {
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

pub(super) fn postal_code(words: &[&str]) -> Outcome {
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
