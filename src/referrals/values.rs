//! What follows from a referral's fields: its urgency, and the keys that it is found by.

use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::sla::Urgency;
use crate::store::fields::FieldValue;
use crate::store::referrals::SearchKeys;
use std::collections::BTreeMap;

pub(super) type Values = BTreeMap<FieldKey, FieldValue>;

/// The text that a field has now.
pub(super) fn text<'v>(values: &'v Values, key: &str) -> Option<&'v str> {
    match values.get(&FieldKey::new(key))?.value.as_ref()? {
        FieldContent::Text(text) => Some(text),
        FieldContent::List(_) => None,
    }
}

/// As shown, else routine. An urgency that could not be read is never taken for routine without a person: it stands
/// among the problems.
pub(super) fn urgency(values: &Values) -> Urgency {
    text(values, "referral.urgency")
        .and_then(Urgency::from_value)
        .unwrap_or_default()
}

pub(super) fn search_keys(values: &Values) -> SearchKeys {
    let family_name = text(values, "patient.name").and_then(|name| name.split_whitespace().next_back());
    SearchKeys {
        npi: text(values, "referrer.npi").map(str::to_owned),
        patient: text(values, "patient.birth_date")
            .zip(family_name)
            .map(|(birth_date, family_name)| (birth_date.to_owned(), family_name.to_owned())),
    }
}
