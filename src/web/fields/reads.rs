//! Values as people read and edit them.

use crate::domain::fields::FieldContent;
use crate::extraction::ValueType;
use crate::store::fields::{FieldValue, MACHINE};
use crate::web::action::Choice;
use crate::web::layout::words;
use chrono::NaiveDate;

pub fn percent(confidence: f64) -> String {
    format!("{} %", (confidence * 100.0).clamp(0.0, 100.0).floor() as u32)
}

/// What a person edits: the canonical text, or what stands on the page where that is no valid value.
pub(super) fn editable(value: &FieldValue) -> String {
    match (&value.value, &value.raw) {
        (Some(content), _) => content.to_string(),
        (None, Some(raw)) if value.source == MACHINE => raw.clone(),
        (None, _) => String::new(),
    }
}

/// A value as people read it.
pub fn shown(content: &FieldContent) -> String {
    match content {
        FieldContent::Text(text) => readable(text).unwrap_or_else(|| text.clone()),
        list @ FieldContent::List(_) => list.to_string(),
    }
}

/// How a canonical value reads, where that differs from how it is written.
pub(super) fn reads_as(content: &FieldContent) -> String {
    match content {
        FieldContent::Text(text) => readable(text).unwrap_or_default(),
        FieldContent::List(_) => String::new(),
    }
}

/// "1961-08-14" as "14 Aug 1961", "+15035550118" as "(503) 555-0118", "evaluate_and_treat" as "Evaluate and treat".
fn readable(text: &str) -> Option<String> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(date.format("%-d %b %Y").to_string());
    }
    let digits = text
        .strip_prefix("+1")
        .filter(|rest| rest.len() == 10 && rest.bytes().all(|b| b.is_ascii_digit()));
    if let Some(digits) = digits {
        return Some(format!("({}) {}-{}", &digits[..3], &digits[3..6], &digits[6..]));
    }
    let is_code = text.contains('_') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_code.then(|| words(text))
}

pub(super) fn choices(kind: ValueType) -> Vec<Choice> {
    let values: &[&str] = match kind {
        ValueType::Sex => &["female", "male", "other"],
        ValueType::Urgency => &["routine", "urgent", "stat"],
        ValueType::Service => &[
            "consult",
            "evaluate_and_treat",
            "procedure",
            "diagnostic",
            "second_opinion",
            "transfer_of_care",
        ],
        _ => &[],
    };
    values
        .iter()
        .map(|value| Choice {
            value: (*value).to_owned(),
            label: words(value),
        })
        .collect()
}

/// A problem's code and detail as a sentence.
pub fn problem_text(code: &str, detail: &str) -> String {
    if detail.is_empty() {
        format!("{}.", words(code))
    } else {
        format!("{}: {detail}.", words(code))
    }
}

/// Which characters recognition is to expect where a part of the page is read again for such a field.
pub(super) fn expected(kind: ValueType) -> &'static str {
    match kind {
        ValueType::BirthDate | ValueType::Date => "date",
        ValueType::Phone | ValueType::Fax => "phone",
        ValueType::Npi | ValueType::PostalCode => "digits",
        ValueType::Identifier | ValueType::Authorization | ValueType::Diagnoses | ValueType::Procedures => "code",
        _ => "any",
    }
}
