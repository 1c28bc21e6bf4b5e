//! The letter to the referrer: a consult note, or a request for what is missing.

use super::LetterError;
use super::page::{BODY, Flow, LEADING, SMALL};
use super::typeset::{Faces, Weight};
use chrono::{DateTime, NaiveDate, Utc};

/// A practice with its ways of contact; only what is given is shown.
#[derive(Clone, Debug, Default)]
pub struct Party<'a> {
    pub name: &'a str,
    pub organization: &'a str,
    /// Street, then city with state and ZIP.
    pub address: &'a [&'a str],
    pub phone: &'a str,
    pub fax: &'a str,
    pub direct_address: &'a str,
}

/// What the letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    FinalNote,
    InterimNote,
    InformationRequest,
}

impl Heading {
    pub fn title(self) -> &'static str {
        match self {
            Self::FinalNote => "Consult note",
            Self::InterimNote => "Interim consult note",
            Self::InformationRequest => "Request for information",
        }
    }
}

/// Who stands for the text.
#[derive(Clone, Debug)]
pub struct Signature<'a> {
    pub name: &'a str,
    /// As "MD, Cardiology"; may be empty.
    pub credentials: &'a str,
    pub signed_at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub struct ConsultLetter<'a> {
    pub heading: Heading,
    pub clinic: Party<'a>,
    pub referrer: Party<'a>,
    pub date: NaiveDate,
    pub referral_id: &'a str,
    pub patient_name: &'a str,
    pub birth_date: Option<NaiveDate>,
    /// Why the patient was referred, or empty.
    pub reason: &'a str,
    /// Paragraphs, a line each; blank lines part them.
    pub text: &'a str,
    /// What else comes with the letter, as "Attached: consult-note.pdf, 3 pages"; may be empty.
    pub enclosure: &'a str,
    pub signature: Option<Signature<'a>>,
}

pub fn render(letter: &ConsultLetter<'_>) -> Result<Vec<u8>, LetterError> {
    let faces = Faces::load()?;
    let mut flow = Flow::new(&faces);
    letterhead(&mut flow, &letter.clinic);
    addressee(&mut flow, letter);
    about(&mut flow, letter);
    body(&mut flow, letter);
    signature(&mut flow, letter);
    flow.finish(letter.heading.title(), letter.referral_id, letter.date)
}

/// Who writes, at the head of each kind of letter.
pub(super) fn letterhead(flow: &mut Flow<'_>, clinic: &Party<'_>) {
    let name = if clinic.organization.is_empty() {
        clinic.name
    } else {
        clinic.organization
    };
    flow.paragraph(name, 15.0, Weight::Bold, 0);
    let contact = [
        ("Phone ", clinic.phone),
        ("Fax ", clinic.fax),
        ("Direct ", clinic.direct_address),
    ];
    let contact: Vec<String> = contact
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| format!("{label}{value}"))
        .collect();
    flow.paragraph(&clinic.address.join(", "), SMALL, Weight::Regular, 80);
    flow.paragraph(&contact.join("  ·  "), SMALL, Weight::Regular, 80);
    flow.rule();
    flow.space(8.0);
}

fn addressee(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    flow.paragraph(&letter.date.format("%B %-d, %Y").to_string(), BODY, Weight::Regular, 0);
    flow.space(6.0);
    let referrer = &letter.referrer;
    for line in [referrer.name, referrer.organization]
        .into_iter()
        .chain(referrer.address.iter().copied())
    {
        flow.paragraph(line, BODY, Weight::Regular, 0);
    }
    if !referrer.direct_address.is_empty() {
        flow.paragraph(
            &format!("By Direct: {}", referrer.direct_address),
            SMALL,
            Weight::Regular,
            80,
        );
    }
    flow.space(14.0);
}

fn about(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    flow.paragraph(letter.heading.title(), 13.0, Weight::Bold, 0);
    flow.space(4.0);
    let birth_date = letter
        .birth_date
        .map(|date| date.format("%m/%d/%Y").to_string())
        .unwrap_or_default();
    let rows = [
        ("Patient", letter.patient_name),
        ("Date of birth", birth_date.as_str()),
        ("Referral", letter.referral_id),
        ("Reason for referral", letter.reason),
    ];
    for (label, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        flow.labelled(label, value);
    }
    flow.space(4.0);
    flow.rule();
    flow.space(10.0);
}

fn body(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    for line in letter.text.lines() {
        if line.trim().is_empty() {
            flow.space(BODY * 0.7);
        } else {
            flow.paragraph(line, BODY, Weight::Regular, 0);
        }
    }
    if !letter.enclosure.is_empty() {
        flow.space(10.0);
        flow.paragraph(letter.enclosure, BODY, Weight::Regular, 0);
    }
}

fn signature(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    let Some(signature) = &letter.signature else { return };
    // The signature never stands alone on a page's first lines without its name: both go together.
    flow.keep_together(BODY * LEADING * 4.0);
    flow.space(22.0);
    let signer = [signature.name, signature.credentials]
        .into_iter()
        .filter(|text| !text.is_empty());
    flow.paragraph(&signer.collect::<Vec<_>>().join(", "), BODY, Weight::Bold, 0);
    let at = signature
        .signed_at
        .format("Signed electronically on %m/%d/%Y at %H:%M UTC")
        .to_string();
    flow.paragraph(&at, SMALL, Weight::Regular, 80);
}
