//! The data types that a referral's messages use.

use super::message::Field;
use chrono::NaiveDate;

/// EI: an identifier of a thing, unique under its authority. The number of a referral is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    pub id: String,
    /// The authority's OID, or its name where it gives no OID; may be empty.
    pub authority: String,
}

/// CX: an identifier of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    pub id: String,
    pub authority: String,
    /// As `MR`.
    pub kind: String,
}

/// XPN or XCN: a person by name, a provider also by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub family: String,
    pub given: String,
    pub middle: String,
    /// Where the number's authority or kind says that it is one; its check digit is not looked at here.
    pub npi: Option<String>,
}

/// CE or CWE: a code, a text, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded {
    pub code: String,
    pub text: String,
    pub system: String,
}

/// HL7 table 0001.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    Female,
    Male,
    Other,
}

const NPI_OID: &str = "2.16.840.1.113883.4.6";

/// `id^name^OID^ISO`.
pub(super) fn entity(field: Field<'_>) -> Option<Entity> {
    let id = filled(field.component(1))?;
    let authority = filled(field.component(3)).unwrap_or_else(|| field.component(2));
    Some(Entity { id, authority })
}

/// `id^^^name&OID&ISO^kind`.
pub(super) fn identifiers(field: Field<'_>) -> Vec<Identifier> {
    let one = |repetition: Field<'_>| {
        Some(Identifier {
            id: filled(repetition.component(1))?,
            authority: authority(repetition, 4),
            kind: repetition.component(5),
        })
    };
    field.repetitions().filter_map(one).collect()
}

fn authority(field: Field<'_>, component: usize) -> String {
    filled(field.subcomponent(component, 2)).unwrap_or_else(|| field.component(component))
}

/// `family^given^middle…`, the legal name where there are several.
pub(super) fn patient_name(field: Field<'_>) -> Option<Person> {
    let names: Vec<_> = field.repetitions().collect();
    let legal = names.iter().find(|name| name.component(7) == "L");
    let name = legal.or(names.first())?;
    person(*name, 1)
}

/// `number^family^given^middle…^authority` of the first that is named; the number from whichever is an NPI.
pub(super) fn provider(field: Field<'_>) -> Option<Person> {
    let mut found = field.repetitions().find_map(|one| person(one, 2))?;
    found.npi = field.repetitions().find_map(|one| {
        let is_npi = authority(one, 9) == NPI_OID || one.component(9) == "NPI" || one.component(13) == "NPI";
        is_npi.then(|| filled(one.component(1))).flatten()
    });
    Some(found)
}

fn person(field: Field<'_>, first: usize) -> Option<Person> {
    let person = Person {
        family: field.component(first),
        given: field.component(first + 1),
        middle: field.component(first + 2),
        npi: None,
    };
    let named = !person.family.is_empty() || !person.given.is_empty();
    named.then_some(person)
}

/// `code^text^system`, with its second code's text where the first has none.
pub(super) fn coded(field: Field<'_>) -> Option<Coded> {
    let code = Coded {
        code: field.component(1),
        text: filled(field.component(2))
            .or_else(|| filled(field.component(5)))
            .unwrap_or_else(|| field.component(9)),
        system: field.component(3),
    };
    let says = !code.code.is_empty() || !code.text.is_empty();
    says.then_some(code)
}

pub(super) fn sex(field: Field<'_>) -> Option<Sex> {
    match field.component(1).as_str() {
        "F" => Some(Sex::Female),
        "M" => Some(Sex::Male),
        "O" | "A" => Some(Sex::Other),
        _ => None,
    }
}

/// The day of `YYYYMMDD`, with a time behind it or not.
pub(super) fn day(field: Field<'_>) -> Option<NaiveDate> {
    let text = field.component(1);
    // The parser would take signs and blanks for digits.
    let digits = text.get(..8)?;
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits
        .then(|| NaiveDate::parse_from_str(digits, "%Y%m%d").ok())
        .flatten()
}

pub(super) fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
