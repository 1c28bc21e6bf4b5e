//! Identifiers: member numbers, record numbers, authorizations.

use super::read::{Outcome, text, trim};
use super::repair::digit_like;
use crate::domain::codes::Malformed;
use regex::Regex;
use std::sync::LazyLock;

static PHONE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\(?\d{3}\)?[\s.-]+\d{3}[\s.-]+\d{4}$").expect("a fixed pattern"));

static DATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$").expect("a fixed pattern"));

pub(super) fn identifier(words: &[&str], authorization: bool) -> Outcome {
    let mut taken = code_words(words, authorization);
    // "!D 97297487": the end of the label, misread.
    if taken.len() > 1 && is_misread_id(words[taken[0]]) {
        taken.remove(0);
    }
    // "1921 Copper Beech Rd" under a blank number is a street.
    let short = taken.len() == 1 && words[taken[0]].len() <= 5 && words[taken[0]].chars().all(|c| c.is_ascii_digit());
    let named = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.len() > 1 && word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic)
        })
    };
    if short && !authorization && named(taken[0] + 1) && named(taken[0] + 2) {
        return Outcome::Absent;
    }
    if let Some((value, words, quality)) = medicare(words) {
        return text(value, words, quality);
    }
    let value = trim(&taken.iter().map(|at| words[*at]).collect::<Vec<_>>().join(" "));
    let value = value.replace(" -", "-").replace("- ", "-").to_ascii_uppercase();
    // Signs that no identifier holds, read for the letter or digit they look like.
    let repaired = value.replace(['£', '€'], "E").replace(['@', '©'], "0");
    let goes_on = taken.last().and_then(|last| words.get(last + 1)).is_some_and(|next| {
        let closed = taken.last().is_some_and(|last| words[*last].ends_with([',', ';', ')']));
        let digits = next.chars().filter(char::is_ascii_digit).count();
        !closed && digits > 2 && next.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    // More digits right behind may be the rest of it.
    let quality = if repaired == value && !goes_on { 1.0 } else { 0.7 };
    let value = repaired;
    // "399024319}" ends with a sign that was not made out.
    let clear = value.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let quality: f64 = if clear == value { quality } else { 0.7 };
    let value = clear.to_owned();
    // "311-1" is the beginning of one.
    let cut = value.chars().filter(char::is_ascii_alphanumeric).count() < 5 && value.contains('-');
    let quality = if may_be_misread(&value) || cut {
        quality.min(0.9)
    } else {
        quality
    };
    let digits = value.chars().filter(char::is_ascii_digit).count();
    if authorization && digits == 0 {
        let whole = trim(&words.join(" "));
        let said = ["not required", "pending", "none required", "no auth required"];
        if said.iter().any(|text| whole.eq_ignore_ascii_case(text)) {
            return text(whole, (0..words.len()).collect(), 0.9);
        }
    }
    if let Some(malformed) = refused(&value) {
        return Outcome::Malformed(malformed);
    }
    text(value, taken, quality)
}

/// "ID" with a sign or a digit for its I.
fn is_misread_id(word: &str) -> bool {
    let mut signs = word.chars();
    matches!(
        (signs.next(), signs.next(), signs.next()),
        (Some('!' | '|' | '1' | 'l' | '[' | ']'), Some('D' | 'd'), None)
    )
}

/// Whether a letter may stand for a digit or a digit for a letter: "RO9779550", "2MF351730057".
fn may_be_misread(value: &str) -> bool {
    let signs: Vec<char> = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let digits = signs.iter().filter(|c| c.is_ascii_digit()).count();
    let letters = signs.len() - digits;
    let zero = digits > 3
        && signs
            .windows(2)
            .any(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit() && two.contains(&'O'));
    let prefix = signs.len() > 5
        && letters == 2
        && signs[0].is_ascii_digit()
        && signs[1].is_ascii_alphabetic()
        && signs[2].is_ascii_alphabetic();
    zero || prefix
}

/// A Medicare number, eleven characters whose places are fixed, however the scanner spaced it.
fn medicare(words: &[&str]) -> Option<(String, Vec<usize>, f64)> {
    (1..=words.len().min(4)).find_map(|count| {
        let joined: String = words[..count].concat();
        let plain: Vec<char> = joined.chars().filter(char::is_ascii_alphanumeric).collect();
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

/// The words that an identifier takes up.
fn code_words(words: &[&str], authorization: bool) -> Vec<usize> {
    let mut taken: Vec<usize> = Vec::new();
    for (at, word) in words.iter().enumerate().take(5) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let code_like = !bare.is_empty()
            && bare.chars().all(|c| c.is_ascii_alphanumeric() || "-/.£€@©".contains(c))
            && (bare.chars().any(|c| c.is_ascii_digit()) || bare.chars().all(|c| c.is_ascii_uppercase()));
        let started = taken
            .iter()
            .any(|t| words[*t].chars().filter(char::is_ascii_digit).count() >= 4);
        let digits = bare.chars().all(|c| c.is_ascii_digit());
        let suffix = digits && (bare.len() <= 2 || bare.len() == 3 && at + 1 == words.len() && !authorization);
        let closed = at > 0 && words[at - 1].ends_with([',', ';', ')']);
        // "QZU-7854 -1770": the scanner saw a gap that is none.
        let hyphened = word.starts_with('-') || taken.last().is_some_and(|last| words[*last].ends_with('-'));
        // "1512 0536 5090" is printed in groups, as on the card.
        let short = |word: &str| (3..=5).contains(&word.len());
        let grouped = short(bare) && digits && taken.iter().all(|t| short(words[*t]));
        if bare.is_empty() && taken.is_empty() {
            continue;
        }
        if !code_like || word.starts_with('(') || closed || (started && !suffix && !hyphened && !grouped) {
            break;
        }
        taken.push(at);
    }
    taken
}

/// Why a text can't be an identifier.
fn refused(value: &str) -> Option<Malformed> {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let detail = if PHONE.is_match(value) {
        "a telephone number".to_owned()
    } else if DATE.is_match(value) {
        "a date".to_owned()
    } else if digits == 0 {
        "no digit in it".to_owned()
    } else if value.len() < 3 || value.len() > 30 {
        format!("{} characters", value.len())
    } else {
        return None;
    };
    Some(Malformed {
        problem: "not_an_identifier",
        detail,
    })
}
