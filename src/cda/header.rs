//! The header: who the document is about, who wrote it, who keeps it and who shall read it.

use super::unread::{self, Unread};
use super::{Found, one_line, text_of};
use crate::xml::Element;
use chrono::NaiveDate;

#[derive(Clone, Debug)]
pub struct Patient {
    pub name: Option<Found<Name>>,
    pub birth_date: Option<Found<NaiveDate>>,
    pub sex: Option<Found<Sex>>,
    pub telecoms: Vec<Found<Telecom>>,
    pub address: Option<Found<Address>>,
    pub ids: Vec<Found<Id>>,
    /// As `es` or `en-US`.
    pub language: Option<Found<String>>,
    /// What stands in the place of a name, a birthday, a sex or a phone number and is none.
    pub unread: Vec<Unread>,
}

/// Administrative gender, as the document codes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    Female,
    Male,
    Undifferentiated,
}

/// A person or an organization with a part in the document.
#[derive(Clone, Debug, Default)]
pub struct Party {
    pub person: Option<Found<Name>>,
    pub organization: Option<Found<String>>,
    /// As written: its check digit is not looked at here.
    pub npi: Option<Found<String>>,
    pub telecoms: Vec<Found<Telecom>>,
    pub address: Option<Found<Address>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    pub given: Vec<String>,
    pub family: String,
    pub suffix: String,
    /// A name that is not taken apart into its pieces.
    whole: String,
}

impl Name {
    /// As people write it: `Ana Maria Example, MD`.
    pub fn text(&self) -> String {
        if !self.whole.is_empty() {
            return self.whole.clone();
        }
        let name = one_line(&format!("{} {}", self.given.join(" "), self.family));
        if self.suffix.is_empty() {
            name
        } else {
            format!("{name}, {}", self.suffix)
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TelecomKind {
    Phone,
    Fax,
    Email,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telecom {
    pub kind: TelecomKind,
    /// Without its scheme.
    pub value: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub lines: Vec<String>,
    pub city: String,
    pub state: String,
    pub postal_code: String,
}

/// An identifier: an OID, and usually a number that is unique under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    pub root: String,
    pub extension: Option<String>,
}

const NPI: &str = "2.16.840.1.113883.4.6";

pub(super) fn patient(target: Element<'_>) -> Option<Patient> {
    let role = target.first("patientRole")?;
    let person = role.first("patient");
    let within = |name: &str| person.and_then(|person| person.first(name));
    Some(Patient {
        name: person.and_then(legal_name),
        birth_date: within("birthTime").and_then(date),
        sex: within("administrativeGenderCode").and_then(sex),
        unread: unread::of_patient(role),
        telecoms: telecoms(role),
        address: address(role),
        ids: role.all("id").filter_map(id).collect(),
        language: person
            .and_then(|person| person.at(&["languageCommunication", "languageCode"]))
            .and_then(|code| attribute(code, "code")),
    })
}

pub(super) fn authors(root: Element<'_>) -> Vec<Party> {
    let assigned = root.all("author").filter_map(|author| author.first("assignedAuthor"));
    assigned
        .map(|assigned| party(assigned, "assignedPerson", "representedOrganization"))
        .collect()
}

pub(super) fn custodian(root: Element<'_>) -> Option<Party> {
    let keeper = root.at(&["custodian", "assignedCustodian"])?;
    let organization = keeper.first("representedCustodianOrganization")?;
    Some(Party {
        organization: organization.first("name").and_then(text_of),
        npi: npi(organization),
        telecoms: telecoms(organization),
        address: address(organization),
        ..Party::default()
    })
}

pub(super) fn recipients(root: Element<'_>) -> Vec<Party> {
    let intended = root
        .all("informationRecipient")
        .filter_map(|recipient| recipient.first("intendedRecipient"));
    intended
        .map(|intended| party(intended, "informationRecipient", "receivedOrganization"))
        .collect()
}

pub(super) fn orders(root: Element<'_>) -> Vec<Found<Id>> {
    root.all("inFulfillmentOf")
        .filter_map(|fulfilled| fulfilled.first("order"))
        .flat_map(|order| order.all("id"))
        .filter_map(id)
        .collect()
}

fn party(role: Element<'_>, person: &str, organization: &str) -> Party {
    let organization = role.first(organization);
    let mut telecoms = telecoms(role);
    if telecoms.is_empty() {
        telecoms = organization.map(self::telecoms).unwrap_or_default();
    }
    Party {
        person: role.first(person).and_then(legal_name),
        organization: organization
            .and_then(|organization| organization.first("name"))
            .and_then(text_of),
        npi: npi(role),
        telecoms,
        address: address(role).or_else(|| organization.and_then(address)),
    }
}

/// The legal name where there are several, else the first that is no pseudonym and no former one.
pub(super) fn legal_name(person: Element<'_>) -> Option<Found<Name>> {
    let used = |name: &Element<'_>, what: &str| {
        let uses = name.attribute("use").unwrap_or_default();
        uses.split_whitespace().any(|one| one == what)
    };
    let legal = person.all("name").filter(|name| used(name, "L"));
    let current = person.all("name").filter(|name| !used(name, "P") && !used(name, "OLD"));
    legal.chain(current).chain(person.all("name")).find_map(name)
}

fn name(element: Element<'_>) -> Option<Found<Name>> {
    let parts = |name: &'static str| {
        let texts = element.all(name).map(|part| one_line(&part.text()));
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    let mut name = Name {
        given: parts("given"),
        family: parts("family").join(" "),
        suffix: parts("suffix").join(", "),
        whole: String::new(),
    };
    if name.given.is_empty() && name.family.is_empty() {
        name.whole = one_line(&element.text());
    }
    (!name.text().is_empty()).then(|| Found::at(element, name))
}

/// A day, of a time as `YYYYMMDD` with more behind it or not. A year or a month alone is no day.
pub(super) fn date(element: Element<'_>) -> Option<Found<NaiveDate>> {
    let day = element.attribute("value")?.trim().get(..8)?;
    // The parser would take signs and blanks for digits.
    if !day.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = NaiveDate::parse_from_str(day, "%Y%m%d").ok()?;
    Some(Found::in_attribute(element, "value", value))
}

pub(super) fn sex(element: Element<'_>) -> Option<Found<Sex>> {
    let value = match element.attribute("code")?.trim() {
        "F" | "f" => Sex::Female,
        "M" | "m" => Sex::Male,
        "UN" => Sex::Undifferentiated,
        _ => return None,
    };
    Some(Found::in_attribute(element, "code", value))
}

pub(super) fn id(element: Element<'_>) -> Option<Found<Id>> {
    let root = element
        .attribute("root")
        .map(one_line)
        .filter(|root| !root.is_empty())?;
    let extension = element.attribute("extension").map(one_line);
    Some(Found::at(
        element,
        Id {
            root,
            extension: extension.filter(|extension| !extension.is_empty()),
        },
    ))
}

fn npi(role: Element<'_>) -> Option<Found<String>> {
    role.all("id")
        .find(|id| id.attribute("root").map(str::trim) == Some(NPI))
        .and_then(|id| attribute(id, "extension"))
}

pub(super) fn telecoms(role: Element<'_>) -> Vec<Found<Telecom>> {
    role.all("telecom").filter_map(telecom).collect()
}

/// A number without a scheme is a phone's, as many systems write it.
pub(super) fn telecom(element: Element<'_>) -> Option<Found<Telecom>> {
    let text = element.attribute("value")?.trim();
    let (scheme, rest) = text.split_once(':').unwrap_or(("tel", text));
    let kind = match scheme.to_ascii_lowercase().as_str() {
        "tel" => TelecomKind::Phone,
        "fax" => TelecomKind::Fax,
        "mailto" => TelecomKind::Email,
        _ => return None,
    };
    let value = one_line(rest);
    (!value.is_empty()).then(|| Found::in_attribute(element, "value", Telecom { kind, value }))
}

fn address(role: Element<'_>) -> Option<Found<Address>> {
    role.all("addr").find_map(|element| {
        let part = |name: &str| {
            element
                .first(name)
                .map(|part| one_line(&part.text()))
                .unwrap_or_default()
        };
        let lines = element.all("streetAddressLine").map(|line| one_line(&line.text()));
        let address = Address {
            lines: lines.filter(|line| !line.is_empty()).collect(),
            city: part("city"),
            state: part("state"),
            postal_code: part("postalCode"),
        };
        (address != Address::default()).then(|| Found::at(element, address))
    })
}

pub(super) fn attribute(element: Element<'_>, name: &str) -> Option<Found<String>> {
    let value = one_line(element.attribute(name)?);
    (!value.is_empty()).then(|| Found::in_attribute(element, name, value))
}
