//! A referral's fields as the description of a person.

use crate::domain::codes::{FaxNumber, PhoneNumber};
use crate::domain::matching::{Address, Identifier, Name, Person, Sex};
use crate::domain::register::Description;
use crate::referrals::values::{Values, text};
use crate::store::directory::Entry;
use chrono::NaiveDate;

/// What the fields say of the patient. `sender` is the number that the document came from; it and the practice's own are never
/// the patient's, whatever field they were read into.
pub(super) fn describe(values: &Values, sender: Option<&str>, referrer: Option<&Entry>) -> Description {
    let shown = |key: &str| text(values, key).unwrap_or_default().trim();
    let [line, city, state, postal_code] =
        ["line", "city", "state", "postal_code"].map(|part| shown(&format!("patient.address.{part}")).to_owned());
    let person = Person {
        name: Name::parse(shown("patient.name")),
        birth_date: shown("patient.birth_date").parse::<NaiveDate>().ok(),
        sex: match shown("patient.sex") {
            "female" => Some(Sex::Female),
            "male" => Some(Sex::Male),
            _ => None,
        },
        phones: Some(shown("patient.phone"))
            .filter(|phone| !phone.is_empty())
            .map(str::to_owned)
            .into_iter()
            .collect(),
        identifiers: identifiers(values, referrer),
        address: Address::parse(&line, &city, &state, &postal_code),
    };
    let parts = [line, city, format!("{state} {postal_code}").trim().to_owned()];
    Description {
        name: shown("patient.name").to_owned(),
        address: parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        person: person.without_numbers(&numbers_of_senders(values, sender, referrer)),
    }
}

/// A record number is the sender's own: the same digits from another practice are somebody else's. A member id is the payer's.
fn identifiers(values: &Values, referrer: Option<&Entry>) -> Vec<Identifier> {
    let shown = |key: &str| text(values, key).map(str::trim).filter(|text| !text.is_empty());
    let practice = referrer
        .and_then(|entry| entry.organization.clone().or_else(|| entry.npi.clone()))
        .or_else(|| shown("referrer.organization").map(str::to_owned));
    let mut found = Vec::new();
    found.extend(shown("patient.mrn").map(|number| Identifier::record_number(number, practice.as_deref())));
    for insurance in ["insurance", "insurance.secondary"] {
        if let Some(id) = shown(&format!("{insurance}.member_id")) {
            found.push(Identifier::member_id(id, shown(&format!("{insurance}.payer"))));
        }
    }
    found
}

fn numbers_of_senders(values: &Values, sender: Option<&str>, referrer: Option<&Entry>) -> Vec<String> {
    let shown = ["referrer.phone", "referrer.fax"]
        .into_iter()
        .filter_map(|key| text(values, key));
    let known = referrer
        .into_iter()
        .flat_map(|entry| [entry.phone.as_deref(), entry.fax.as_deref()]);
    let all = shown.chain(known.flatten()).chain(sender);
    all.filter_map(one_spelling).collect()
}

fn one_spelling(number: &str) -> Option<String> {
    PhoneNumber::parse(number)
        .map(String::from)
        .or_else(|_| FaxNumber::parse(number).map(String::from))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fields::{FieldContent, FieldKey};
    use crate::store::fields::{FieldValue, MACHINE};
    use chrono::DateTime;

    fn values(pairs: &[(&str, &str)]) -> Values {
        let value = |text: &str| FieldValue {
            source: MACHINE.to_owned(),
            value: Some(FieldContent::Text(text.to_owned())),
            raw: None,
            confidence: 1.0,
            page: None,
            bounds: None,
            boxes: Vec::new(),
            rule: String::new(),
            passage: None,
            problem: None,
            created_at: DateTime::UNIX_EPOCH,
        };
        pairs
            .iter()
            .map(|(key, text)| (FieldKey::new(*key), value(text)))
            .collect()
    }

    #[test]
    fn fields_describe_a_person() {
        let described = describe(
            &values(&[
                ("patient.name", "Rosalind T Marchetti"),
                ("patient.birth_date", "1961-08-14"),
                ("patient.sex", "female"),
                ("patient.phone", "+15035550118"),
                ("patient.address.line", "12 Main St"),
                ("patient.address.city", "Portland"),
                ("patient.address.state", "OR"),
                ("patient.address.postal_code", "97201"),
                ("patient.mrn", "77-1204"),
                ("insurance.member_id", "CMH482913765"),
            ]),
            None,
            None,
        );
        assert_eq!(described.name, "Rosalind T Marchetti");
        assert_eq!(described.address, "12 Main St, Portland, OR 97201");
        let person = described.person;
        assert_eq!(person.birth_date, NaiveDate::from_ymd_opt(1961, 8, 14));
        assert_eq!(
            (person.sex, person.phones.len(), person.identifiers.len()),
            (Some(Sex::Female), 1, 2)
        );
    }

    #[test]
    fn the_senders_number_is_never_the_patients() {
        for pairs in [
            &[("patient.phone", "+15035550118"), ("referrer.phone", "+15035550118")][..],
            &[("patient.phone", "+15035550118"), ("referrer.fax", "+15035550118")],
        ] {
            assert!(describe(&values(pairs), None, None).person.phones.is_empty());
        }
        let came = describe(
            &values(&[("patient.phone", "+15035550118")]),
            Some("+15035550118"),
            None,
        );
        assert!(came.person.phones.is_empty());
    }
}
