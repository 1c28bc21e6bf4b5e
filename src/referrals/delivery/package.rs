//! The note as an XDM package, with the metadata that tells a machine what each file is.

use super::Outgoing;
use super::numbers::{Number, authority, numbers_of_patient, numbers_of_referral};
use super::parcel::{NoteFile, person};
use crate::app::App;
use crate::cda::oid;
use crate::cda::write::{NewSex, split_name};
use crate::direct::xdm::metadata::Coded;
use crate::direct::xdm::write::{Media, NewDocument, Party, Patient, Sex, Submission};
use zip::result::ZipResult;

const LOINC: &str = "2.16.840.1.113883.6.1";
const FORMATS: &str = "1.3.6.1.4.1.19376.1.2.3";

pub(super) fn package(app: &App, outgoing: &Outgoing, files: &[NoteFile]) -> ZipResult<Vec<u8>> {
    let (authority, person) = (authority(app), person(outgoing));
    let clinic = &app.config.clinic.name;
    let (given, family) = split_name(&outgoing.author);
    let author = format!("^{}^{}", plain(family), plain(given));
    let ids: Vec<String> = files
        .iter()
        .map(|file| oid::derived(&format!("{} {}", outgoing.matter.id(), file.name)))
        .collect();
    let documents: Vec<NewDocument<'_>> = files
        .iter()
        .zip(&ids)
        .map(|(file, id)| NewDocument {
            bytes: &file.bytes,
            media: file.media,
            title: file.title,
            unique_id: id,
            made_at: outgoing.matter.created_at(),
            author: &author,
            author_organization: clinic,
            class: consult_note(),
            kind: consult_note(),
            format: coded(format(file), FORMATS, "Format"),
            confidentiality: coded("N", "2.16.840.1.113883.5.25", "Normal"),
            facility: coded("261QM2500X", "2.16.840.1.113883.6.101", "Medical Specialty Clinic"),
            practice: coded("394658006", "2.16.840.1.113883.6.96", "Clinical specialty"),
        })
        .collect();
    let (patient, referral) = (numbers_of_patient(app, outgoing), numbers_of_referral(app, outgoing));
    let theirs = patient.iter().find_map(|number| known_elsewhere(number, &authority));
    let referral: Vec<(&str, &str)> = referral.iter().filter_map(Number::with_authority).collect();
    let organization = outgoing
        .referrer
        .as_ref()
        .and_then(|entry| entry.organization.as_deref());
    Submission {
        unique_id: &oid::derived(outgoing.delivery.id.as_str()),
        source_id: &authority,
        sent_at: outgoing.delivery.created_at,
        sender: Party {
            organization: clinic,
            address: outgoing.from.as_str(),
        },
        recipient: Party {
            organization: organization.unwrap_or_default(),
            address: outgoing.to.as_str(),
        },
        patient: Patient {
            number: outgoing.referral.id.as_str(),
            authority: &authority,
            known_as: theirs,
            family: person.family,
            given: person.given,
            birth_date: person.birth_date,
            sex: match person.sex {
                NewSex::Female => Sex::Female,
                NewSex::Male => Sex::Male,
                NewSex::Unknown => Sex::Unknown,
            },
        },
        referral: &referral,
        content: consult_note(),
        documents: &documents,
    }
    .package()
}

/// A number of the patient's that is not ours.
fn known_elsewhere<'n>(number: &'n Number, ours: &str) -> Option<(&'n str, &'n str)> {
    number.with_authority().filter(|(_, authority)| *authority != ours)
}

/// A part of a name as HL7 v2 may hold it.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !"|^&~\\".contains(*c)).collect()
}

fn coded(code: &str, system: &str, name: &str) -> Coded {
    Coded {
        code: code.to_owned(),
        system: system.to_owned(),
        name: name.to_owned(),
    }
}

fn consult_note() -> Coded {
    coded("11488-4", LOINC, "Consult note")
}

fn format(file: &NoteFile) -> &'static str {
    match file.media {
        Media::Cda if file.is_unstructured => "urn:hl7-org:sdwg:ccda-nonXMLBody:2.1",
        Media::Cda => "urn:hl7-org:sdwg:ccda-structuredBody:2.1",
        Media::Pdf | Media::Text | Media::Hl7V2 => "urn:ihe:iti:xds:2017:mimeTypeSufficient",
    }
}
