//! The metadata of one subset: ebRIM as the profile uses it, read by what stands in it and never by its prefixes,
//! identifiers or order. Whatever is missing is `None`: Direct asks for little, and partners send less.

use super::scheme;
use crate::xml::{Element, Tree, XmlError};

/// What a subset says of itself and its documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    pub submissions: Vec<SubmissionSet>,
    pub documents: Vec<DocumentEntry>,
}

/// A submission set: one sending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubmissionSet {
    pub unique_id: Option<String>,
    pub source_id: Option<String>,
    pub patient_id: Option<String>,
    /// As written: `YYYYMMDDhhmmss` in UTC, or less.
    pub submission_time: Option<String>,
    /// As `org^..|XCN|^^Internet^address`.
    pub intended_recipients: Vec<String>,
    pub content_type: Option<Coded>,
}

/// What is said of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentEntry {
    /// The file's name within the subset's folder.
    pub uri: Option<String>,
    /// SHA-1 of the file, hexadecimal.
    pub hash: Option<String>,
    pub size: Option<u64>,
    pub media_type: Option<String>,
    pub title: Option<String>,
    pub unique_id: Option<String>,
    /// As the receiver's domain knows the patient: `id^^^&oid&ISO`.
    pub patient_id: Option<String>,
    /// As the sender knows the patient.
    pub source_patient_id: Option<String>,
    /// As written: `YYYYMMDDhhmmss` in UTC, or less.
    pub creation_time: Option<String>,
    pub class: Option<Coded>,
    pub kind: Option<Coded>,
    pub format: Option<Coded>,
}

/// A code with its system and its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coded {
    pub code: String,
    pub system: String,
    pub name: String,
}

impl Metadata {
    pub fn parse(bytes: &[u8]) -> Result<Self, XmlError> {
        let tree = Tree::parse(bytes)?;
        let named = |name: &'static str| tree.elements().filter(move |element| element.name() == name);
        Ok(Self {
            // A folder is a registry package too, and has no time of submission.
            submissions: named("RegistryPackage")
                .map(submission)
                .filter(|set| set.submission_time.is_some() || set.unique_id.is_some())
                .collect(),
            documents: named("ExtrinsicObject").map(document).collect(),
        })
    }
}

fn submission(object: Element<'_>) -> SubmissionSet {
    SubmissionSet {
        unique_id: external_id(object, scheme::SUBMISSION_UNIQUE),
        source_id: external_id(object, scheme::SUBMISSION_SOURCE),
        patient_id: external_id(object, scheme::SUBMISSION_PATIENT),
        submission_time: slot(object, "submissionTime"),
        intended_recipients: slot_values(object, "intendedRecipient").collect(),
        content_type: coded(object, scheme::CONTENT_TYPE),
    }
}

fn document(object: Element<'_>) -> DocumentEntry {
    DocumentEntry {
        uri: uri(object),
        hash: slot(object, "hash").map(|hash| hash.to_ascii_lowercase()),
        size: slot(object, "size").and_then(|size| size.parse().ok()),
        media_type: object
            .attribute("mimeType")
            .and_then(filled)
            .map(|kind| kind.to_ascii_lowercase()),
        title: name_of(object),
        unique_id: external_id(object, scheme::DOCUMENT_UNIQUE),
        patient_id: external_id(object, scheme::DOCUMENT_PATIENT),
        source_patient_id: slot(object, "sourcePatientId"),
        creation_time: slot(object, "creationTime"),
        class: coded(object, scheme::CLASS),
        kind: coded(object, scheme::TYPE),
        format: coded(object, scheme::FORMAT),
    }
}

/// A long name stands in several values, each with its number: `1|first`, `2|second` (ITI TF-3 §4.2.3.2.27).
fn uri(object: Element<'_>) -> Option<String> {
    let mut pieces: Vec<String> = slot_values(object, "URI").collect();
    if pieces.len() < 2 {
        return pieces.pop();
    }
    let numbered = |piece: &str| {
        let (number, text) = piece.split_once('|')?;
        Some((number.trim().parse::<u32>().ok()?, text.to_owned()))
    };
    let mut numbered: Vec<_> = pieces.iter().filter_map(|piece| numbered(piece)).collect();
    numbered.sort();
    filled(&numbered.into_iter().map(|(_, text)| text).collect::<String>())
}

fn slot(object: Element<'_>, name: &str) -> Option<String> {
    slot_values(object, name).next()
}

fn slot_values<'t>(object: Element<'t>, name: &str) -> impl Iterator<Item = String> + use<'t> {
    let slot = object.all("Slot").find(|slot| {
        slot.attribute("name")
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
    });
    let values = slot.into_iter().flat_map(|slot| slot.all("ValueList"));
    values
        .flat_map(|list| list.all("Value"))
        .filter_map(|value| filled(&value.text()))
}

fn name_of(object: Element<'_>) -> Option<String> {
    object
        .at(&["Name", "LocalizedString"])
        .and_then(|name| name.attribute("value"))
        .and_then(filled)
}

fn external_id(object: Element<'_>, scheme: &str) -> Option<String> {
    object
        .all("ExternalIdentifier")
        .find(|id| is_scheme(id.attribute("identificationScheme"), scheme))
        .and_then(|id| id.attribute("value"))
        .and_then(filled)
}

fn coded(object: Element<'_>, scheme: &str) -> Option<Coded> {
    let found = object
        .all("Classification")
        .find(|class| is_scheme(class.attribute("classificationScheme"), scheme))?;
    Some(Coded {
        code: found.attribute("nodeRepresentation").and_then(filled)?,
        system: slot(found, "codingScheme").unwrap_or_default(),
        name: name_of(found).unwrap_or_default(),
    })
}

fn is_scheme(found: Option<&str>, scheme: &str) -> bool {
    found.is_some_and(|found| found.trim().eq_ignore_ascii_case(scheme))
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
