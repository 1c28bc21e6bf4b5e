//! What follows from a referral's fields: its urgency, and the keys that it is found by.

use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::patient::Patient;
use crate::domain::sla::Urgency;
use crate::store::fields::FieldValue;
use crate::store::search;
use std::collections::BTreeMap;

pub(super) type Values = BTreeMap<FieldKey, FieldValue>;

/// The text that a field has now.
pub(super) fn text<'v>(values: &'v Values, key: &str) -> Option<&'v str> {
    match values.get(&FieldKey::new(key))?.value.as_ref()? {
        FieldContent::Text(text) => Some(text),
        FieldContent::List(_) => None,
    }
}

/// The field that says how soon the patient must be seen.
pub(super) const URGENCY: &str = "referral.urgency";

/// As shown, else routine. An urgency that could not be read is never taken for routine without a person: it stands
/// among the problems.
pub(super) fn urgency(values: &Values) -> Urgency {
    text(values, URGENCY).and_then(Urgency::from_value).unwrap_or_default()
}

/// What the values say of the patient.
pub(super) fn patient(values: &Values) -> Patient {
    let mut patient = Patient::default();
    for key in values.keys() {
        if let Some(text) = text(values, key.as_str()) {
            search::add(&mut patient, key.as_str(), text.to_owned());
        }
    }
    patient
}
