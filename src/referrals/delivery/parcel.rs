//! What goes out: the note in the form that the partner's system can take. A request for information is always a letter, since
//! people have to read it.

use super::letter::{attached_note, letter};
use super::numbers::{Number, as_ids, authority, numbers_of_patient, numbers_of_referral};
use super::package::package;
use super::{Matter, Outgoing};
use crate::app::App;
use crate::cda::write::{Body, NewAddress, NewDocument, NewId, NewParty, NewPatient, NewSex, split_name};
use crate::direct::context::Context;
use crate::direct::message::Attachment;
use crate::direct::xdm;
use crate::direct::xdm::write::Media;
use crate::domain::clinic::Clinic;
use crate::domain::delivery::Form;
use crate::jobs::JobError;
use crate::referrals::values::{Values, text};
use chrono::NaiveDate;

/// Everything of a message but its addresses.
pub(super) struct Parcel {
    pub form: Form,
    pub subject: String,
    pub text: String,
    pub attachments: Vec<Attachment>,
    pub context: Option<Context>,
}

/// A file of the note.
pub(super) struct NoteFile {
    pub name: &'static str,
    pub title: &'static str,
    pub media: Media,
    pub bytes: Vec<u8>,
    /// A C-CDA whose body is a PDF.
    pub is_unstructured: bool,
}

/// Packs a note. The same for every retry: nothing in it depends on when it is sent.
pub(super) async fn pack(app: &App, outgoing: &Outgoing) -> Result<Parcel, JobError> {
    let letter = letter(app, outgoing).await?;
    let attached = attached_note(app, &outgoing.matter).await?;
    let referral = &outgoing.referral.id;
    let form = form(outgoing);
    let files = files(outgoing, app, form, letter, attached);
    let mut parcel = Parcel {
        form,
        subject: outgoing.matter.subject(referral),
        text: outgoing.matter.covering_text(referral),
        attachments: Vec::new(),
        context: (form != Form::Pdf).then(|| context(app, outgoing)),
    };
    if form == Form::Xdm {
        let bytes = package(app, outgoing, &files).map_err(|error| JobError::fail("package").because(error))?;
        parcel.subject = xdm::subject(&parcel.subject);
        parcel.attachments.push(Attachment {
            name: "consult-note.zip".to_owned(),
            media_type: "application/zip".to_owned(),
            bytes,
        });
    } else {
        parcel.attachments.extend(files.into_iter().map(|file| Attachment {
            name: file.name.to_owned(),
            media_type: file.media.as_str().to_owned(),
            bytes: file.bytes,
        }));
    }
    Ok(parcel)
}

/// A note that is nothing but an attached PDF has no text to be structured.
fn form(outgoing: &Outgoing) -> Form {
    match (&outgoing.matter, outgoing.ability.form) {
        (Matter::Request(_), _) => Form::Pdf,
        (Matter::Note(note), Form::CcdaConsultation) if note.text.is_none() => Form::CcdaUnstructured,
        (Matter::Note(_), form) => form,
    }
}

/// The document first, what stands beside it after.
fn files(outgoing: &Outgoing, app: &App, form: Form, letter: Vec<u8>, attached: Option<Vec<u8>>) -> Vec<NoteFile> {
    let note_text = match &outgoing.matter {
        Matter::Note(note) => note.text.as_deref(),
        Matter::Request(_) => None,
    };
    let pdf = |name, title, bytes| NoteFile {
        name,
        title,
        media: Media::Pdf,
        bytes,
        is_unstructured: false,
    };
    let mut files = Vec::new();
    let mut beside = vec![pdf(outgoing.matter.file_name(), "Consult note", letter)];
    beside.extend(attached.map(|attached| pdf("attachment.pdf", "Attachment", attached)));
    let body = match (form, note_text) {
        (Form::Pdf, _) => None,
        (Form::CcdaConsultation | Form::Xdm, Some(text)) => Some(Body::Note {
            reason: self::text(&outgoing.values, "referral.reason").unwrap_or_default(),
            text,
        }),
        // The PDF that is the note: where somebody attached one and wrote nothing, the letter is but its cover.
        (Form::CcdaUnstructured, Some(_)) => beside.first().map(|file| Body::Pdf(&file.bytes)),
        (Form::CcdaUnstructured | Form::CcdaConsultation | Form::Xdm, None) => {
            beside.last().map(|file| Body::Pdf(&file.bytes))
        }
    };
    if let Some(body) = body {
        files.push(NoteFile {
            name: "consult-note.xml",
            title: "Consult note",
            media: Media::Cda,
            bytes: document(app, outgoing, body).into_bytes(),
            is_unstructured: matches!(body, Body::Pdf(_)),
        });
    }
    if form == Form::CcdaUnstructured {
        // What is inside needs not come twice.
        let inside = if note_text.is_some() { 0 } else { beside.len() - 1 };
        beside.remove(inside);
    }
    files.extend(beside);
    files
}

/// What is known of the patient, as documents and packages write it.
pub(super) struct Person<'a> {
    pub given: &'a str,
    pub family: &'a str,
    pub birth_date: Option<NaiveDate>,
    pub sex: NewSex,
}

pub(super) fn person(outgoing: &Outgoing) -> Person<'_> {
    let values = &outgoing.values;
    let (given, family) = split_name(text(values, "patient.name").unwrap_or_default());
    Person {
        given: text(values, "patient.name.given").unwrap_or(given),
        family: text(values, "patient.name.family").unwrap_or(family),
        birth_date: birth_date(values),
        sex: match text(values, "patient.sex") {
            Some("female") => NewSex::Female,
            Some("male") => NewSex::Male,
            _ => NewSex::Unknown,
        },
    }
}

fn birth_date(values: &Values) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text(values, "patient.birth_date")?, "%Y-%m-%d").ok()
}

fn context(app: &App, outgoing: &Outgoing) -> Context {
    let (person, numbers) = (person(outgoing), numbers_of_patient(app, outgoing));
    let numbers = numbers.iter().filter_map(Number::with_authority);
    Context::of_note(
        outgoing.delivery.id.as_str(),
        numbers.map(|(number, authority)| (authority, number)),
        person.given,
        person.family,
        person.birth_date,
    )
}

fn document(app: &App, outgoing: &Outgoing, body: Body<'_>) -> String {
    let authority = authority(app);
    let id = |extension| NewId {
        root: &authority,
        extension,
    };
    let (patient, referral) = (numbers_of_patient(app, outgoing), numbers_of_referral(app, outgoing));
    let (patient_ids, order) = (as_ids(&patient), as_ids(&referral));
    let (values, person) = (&outgoing.values, person(outgoing));
    let shown = |key| text(values, key).unwrap_or_default();
    let clinic = &app.config.clinic;
    let own = NewParty {
        organization: &clinic.name,
        phone: &clinic.phone,
        direct_address: outgoing.from.as_str(),
        address: clinic_address(clinic),
        ..NewParty::default()
    };
    let entry = outgoing.referrer.as_ref();
    let known = |value: Option<&'_ Option<String>>| value.cloned().flatten().unwrap_or_default();
    let (name, npi) = (
        known(entry.map(|entry| &entry.name)),
        known(entry.map(|entry| &entry.npi)),
    );
    let organization = known(entry.map(|entry| &entry.organization));
    NewDocument {
        id: id(outgoing.matter.id()),
        title: outgoing.matter.heading().title(),
        made_at: outgoing.matter.created_at(),
        patient: NewPatient {
            ids: &patient_ids,
            given: person.given,
            family: person.family,
            birth_date: person.birth_date,
            sex: person.sex,
            phone: shown("patient.phone"),
            address: NewAddress {
                line: shown("patient.address.line"),
                city: shown("patient.address.city"),
                state: shown("patient.address.state"),
                postal_code: shown("patient.address.postal_code"),
            },
        },
        author: NewParty {
            name: &outgoing.author,
            ..own
        },
        custodian: own,
        recipient: NewParty {
            name: &name,
            npi: &npi,
            organization: &organization,
            phone: shown("referrer.phone"),
            direct_address: outgoing.to.as_str(),
            address: NewAddress::default(),
        },
        order: &order,
        seen_at: outgoing.seen_at,
        body,
    }
    .write()
}

/// Of lines as they stand on a letter: `Street`, `City, ST 12345`.
fn clinic_address(clinic: &Clinic) -> NewAddress<'_> {
    let line = clinic.address.first().map(String::as_str).unwrap_or_default();
    let last = clinic.address.get(1).map(String::as_str).unwrap_or_default();
    let (city, rest) = last.split_once(',').unwrap_or((last, ""));
    let (state, postal_code) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    NewAddress {
        line,
        city: city.trim(),
        state,
        postal_code: postal_code.trim(),
    }
}
