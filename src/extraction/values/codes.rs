//! Diagnosis and procedure codes among words.

use super::read::{Outcome, Reading};
use super::repair::digit_like;
use crate::domain::codes::{Icd10, ProcedureCode};
use crate::domain::fields::FieldContent;
use regex::Regex;
use std::sync::LazyLock;

/// What stands between codes of a list and around them.
pub(super) const SEPARATORS: [char; 14] = [',', ';', '/', '(', ')', '[', ']', '|', ':', '&', '+', '=', '—', '–'];

pub(super) fn procedures(words: &[&str]) -> Outcome {
    let mut list: Vec<String> = Vec::new();
    let mut items = Vec::new();
    for (at, word) in words.iter().enumerate() {
        for part in word.split(SEPARATORS) {
            if let Some(code) = procedure_code(part)
                && !list.contains(&code)
            {
                list.push(code);
                items.push(vec![at]);
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
        quality: 1.0,
        remark: None,
    })
}

/// "110" at the place of a code is "I10": no code begins with a digit.
pub(super) fn dotless_one(part: &str) -> Option<(String, f64)> {
    let digits = part
        .strip_prefix('1')
        .filter(|rest| rest.len() == 2 && rest.bytes().all(|b| b.is_ascii_digit()))?;
    Some((format!("I{digits}"), 0.55))
}

/// "N20,1" is "N20.1".
pub(in crate::extraction) fn with_dots(text: &str) -> std::borrow::Cow<'_, str> {
    CODE_COMMA.replace_all(text, "$1.$2")
}

/// "M54, 50" and "M54. 50" are one code that the scanner took apart; its second half is left empty in its place.
pub(super) fn join_codes(words: &[&str]) -> Vec<String> {
    let mut joined: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for at in 0..joined.len() {
        let inner = with_dots(&joined[at]).into_owned();
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

/// A CPT or HCPCS code.
pub(in crate::extraction) fn procedure_code(word: &str) -> Option<String> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.contains('.') {
        return None;
    }
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    if digits < 4 || bare.len() > 8 {
        return None;
    }
    ProcedureCode::parse(bare).ok().map(String::from)
}
