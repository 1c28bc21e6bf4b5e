//! What stands in the place of a value and cannot be read as one: kept as it is written, for a person.

use super::Found;
use super::header::{TelecomKind, attribute, date, legal_name, sex, telecom, telecoms};
use crate::xml::Element;

/// A value that is written, but not as the value that it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub what: What,
    /// As it is written; of what is said not to be known, the code that says so, as `UNK`.
    pub raw: Found<String>,
    pub is_said_unknown: bool,
}

/// Which value it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Name,
    BirthDate,
    Sex,
    Phone,
    /// The day of the document.
    WrittenOn,
}

/// Of those values that tell patients apart. An address that is not known is nothing unusual.
pub(super) fn of_patient(role: Element<'_>) -> Vec<Unread> {
    let person = role.first("patient");
    let within = |name: &str| person.and_then(|person| person.first(name));
    let no_name = person.and_then(legal_name).is_none();
    let no_phone = telecoms(role)
        .iter()
        .all(|found| found.value.kind != TelecomKind::Phone);
    let all = [
        within("name")
            .filter(|_| no_name)
            .and_then(|element| said_unknown(What::Name, element)),
        within("birthTime")
            .filter(|element| date(*element).is_none())
            .and_then(|element| instead(What::BirthDate, element, "value")),
        within("administrativeGenderCode")
            .filter(|element| sex(*element).is_none())
            .and_then(|element| instead(What::Sex, element, "code")),
        role.all("telecom")
            .filter(|element| no_phone && telecom(*element).is_none())
            .find_map(number_or_unknown),
    ];
    all.into_iter().flatten().collect()
}

/// What an element has in place of a value that can be read.
pub(super) fn instead(what: What, element: Element<'_>, name: &str) -> Option<Unread> {
    let written = attribute(element, name).map(|raw| Unread {
        what,
        raw,
        is_said_unknown: false,
    });
    written.or_else(|| said_unknown(what, element))
}

fn said_unknown(what: What, element: Element<'_>) -> Option<Unread> {
    let raw = attribute(element, "nullFlavor")?;
    Some(Unread {
        what,
        raw,
        is_said_unknown: true,
    })
}

/// A number behind a scheme that nobody knows; a web address is no phone's.
fn number_or_unknown(element: Element<'_>) -> Option<Unread> {
    let found = instead(What::Phone, element, "value")?;
    let digits = found.raw.value.chars().filter(char::is_ascii_digit).count();
    (found.is_said_unknown || digits >= 7).then_some(found)
}
