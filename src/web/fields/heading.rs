//! What a referral is called by on lists: the patient, the referrer, single values.

use super::{History, shown};
use crate::domain::fields::FieldKey;

/// The value that counts, as people read it; nothing where there is none.
pub fn current(history: &History, key: &str) -> String {
    history
        .get(&FieldKey::new(key))
        .and_then(|past| past.last())
        .and_then(|last| last.value.as_ref())
        .map(shown)
        .unwrap_or_default()
}

/// "Helen Adeyemi, Willow Creek Family Medicine", or what of it is known.
pub fn referrer(history: &History) -> String {
    let parts = [
        current(history, "referrer.name"),
        current(history, "referrer.organization"),
    ];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The patient's name, or that it is not known.
pub fn patient(history: &History) -> String {
    let name = current(history, "patient.name");
    if name.is_empty() {
        "Name not read".to_owned()
    } else {
        name
    }
}
