//! C-CDA that we write: a consult note as a Consultation Note, or as an Unstructured Document around its PDF (R2.1). What is
//! not known is said to be unknown and never made up; a reader of R1.1 finds its templates too.

mod header;
mod sections;

pub use header::split_name;

use crate::xml::escaped;
use chrono::{DateTime, NaiveDate, Utc};

/// A document to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewDocument<'a> {
    /// Of this very document: made from the same id each time.
    pub id: NewId<'a>,
    pub title: &'a str,
    pub made_at: DateTime<Utc>,
    pub patient: NewPatient<'a>,
    pub author: NewParty<'a>,
    /// The clinic that keeps the document.
    pub custodian: NewParty<'a>,
    /// Whom it is written for.
    pub recipient: NewParty<'a>,
    /// The order that it answers, the referral, under each number that is known of it; the one that its receiver looks for first.
    pub order: &'a [NewId<'a>],
    /// When the patient was seen.
    pub seen_at: Option<DateTime<Utc>>,
    pub body: Body<'a>,
}

/// An OID, and a number that is unique under it. Without a number the OID is all; without an OID the number's authority is unknown.
#[derive(Clone, Copy, Debug)]
pub struct NewId<'a> {
    pub root: &'a str,
    pub extension: &'a str,
}

/// Whatever is empty is not known.
#[derive(Clone, Copy, Debug)]
pub struct NewPatient<'a> {
    /// Never none.
    pub ids: &'a [NewId<'a>],
    pub given: &'a str,
    pub family: &'a str,
    pub birth_date: Option<NaiveDate>,
    pub sex: NewSex,
    pub phone: &'a str,
    pub address: NewAddress<'a>,
}

/// As HL7 writes the administrative gender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewSex {
    Female,
    Male,
    #[default]
    Unknown,
}

/// A person or a practice; whatever is empty is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewParty<'a> {
    /// As people write it.
    pub name: &'a str,
    pub npi: &'a str,
    pub organization: &'a str,
    pub phone: &'a str,
    pub direct_address: &'a str,
    pub address: NewAddress<'a>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct NewAddress<'a> {
    pub line: &'a str,
    pub city: &'a str,
    pub state: &'a str,
    pub postal_code: &'a str,
}

#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// The letter as it is printed.
    Pdf(&'a [u8]),
    /// What was asked, and the note's text, a paragraph a line.
    Note { reason: &'a str, text: &'a str },
}

impl NewDocument<'_> {
    /// The document in UTF-8. The same values give the same bytes.
    pub fn write(&self) -> String {
        let (template, body) = match self.body {
            Body::Pdf(pdf) => ("2.16.840.1.113883.10.20.22.1.10", sections::unstructured(pdf)),
            Body::Note { reason, text } => ("2.16.840.1.113883.10.20.22.1.4", sections::note(reason, text)),
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:sdtc=\"urn:hl7-org:sdtc\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n{}{body}</ClinicalDocument>\n",
            header::header(self, template),
        )
    }
}

/// An element with a text.
fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escaped(text))
}

/// A time as HL7 writes it, in UTC.
fn time(at: DateTime<Utc>) -> String {
    at.format("%Y%m%d%H%M%S+0000").to_string()
}

#[cfg(test)]
mod tests;
