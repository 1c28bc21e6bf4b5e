//! The metadata that we write: ebRIM with every value of the profile's table, each text escaped.

use super::metadata::Coded;
use super::scheme;
use super::write::{Filed, Party, Patient, Sex, Submission};
use crate::xml::escaped;
use chrono::{DateTime, Utc};

const SUBMISSION: &str = "SubmissionSet01";

pub fn metadata(submission: &Submission<'_>, filed: &[Filed<'_>]) -> String {
    let mut objects = String::new();
    for (at, file) in filed.iter().enumerate() {
        objects += &document(submission, file, &format!("Document{:02}", at + 1));
    }
    objects += &package(submission);
    objects += &(1..=filed.len()).map(member).collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <lcm:SubmitObjectsRequest xmlns:lcm=\"urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0\" \
         xmlns:rim=\"urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0\">\n<rim:RegistryObjectList>\n{objects}\
         </rim:RegistryObjectList>\n</lcm:SubmitObjectsRequest>\n"
    )
}

fn member(number: usize) -> String {
    format!(
        "<rim:Association id=\"Association{number:02}\" \
         associationType=\"urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember\" \
         sourceObject=\"{SUBMISSION}\" targetObject=\"Document{number:02}\">\n{}</rim:Association>\n",
        slot("SubmissionSetStatus", &["Original"])
    )
}

fn document(submission: &Submission<'_>, file: &Filed<'_>, id: &str) -> String {
    let document = file.document;
    let patient = patient_id(&submission.patient);
    let theirs = receivers_patient_id(&submission.patient);
    let info = patient_info(&submission.patient);
    let info: Vec<&str> = info.iter().map(String::as_str).collect();
    let mut inner = [
        slot("creationTime", &[&time(document.made_at)]),
        slot("hash", &[&file.hash]),
        slot("languageCode", &["en-US"]),
        slot("repositoryUniqueId", &[submission.source_id]),
        slot("size", &[&document.bytes.len().to_string()]),
        slot("sourcePatientId", &[&patient]),
        slot("sourcePatientInfo", &info),
        references(submission.referral),
        slot("URI", &[&file.name]),
        name(document.title),
    ]
    .concat();
    let author = [
        slot("authorPerson", &[document.author]),
        slot("authorInstitution", &[document.author_organization]),
    ];
    inner += &classification(id, "Author", scheme::DOCUMENT_AUTHOR, "", &author.concat());
    let codes = [
        ("Class", scheme::CLASS, &document.class),
        ("Confidentiality", scheme::CONFIDENTIALITY, &document.confidentiality),
        ("Format", scheme::FORMAT, &document.format),
        ("Facility", scheme::FACILITY, &document.facility),
        ("Practice", scheme::PRACTICE, &document.practice),
        ("Type", scheme::TYPE, &document.kind),
    ];
    for (what, scheme, code) in codes {
        inner += &coded(id, what, scheme, code);
    }
    inner += &external_id(id, "XDSDocumentEntry.patientId", scheme::DOCUMENT_PATIENT, &theirs);
    inner += &external_id(
        id,
        "XDSDocumentEntry.uniqueId",
        scheme::DOCUMENT_UNIQUE,
        document.unique_id,
    );
    format!(
        "<rim:ExtrinsicObject id=\"{id}\" mimeType=\"{}\" objectType=\"{}\" \
         status=\"urn:oasis:names:tc:ebxml-regrep:StatusType:Approved\">\n{inner}</rim:ExtrinsicObject>\n",
        document.media.as_str(),
        scheme::DOCUMENT
    )
}

fn package(submission: &Submission<'_>) -> String {
    let Submission { sender, recipient, .. } = submission;
    let author = [
        slot("authorInstitution", &[sender.organization]),
        slot("authorTelecommunication", &[&format!("^^Internet^{}", sender.address)]),
    ];
    let id = SUBMISSION;
    let inner = [
        slot("submissionTime", &[&time(submission.sent_at)]),
        slot("intendedRecipient", &[&intended(recipient)]),
        name("Medical documents"),
        classification(id, "Author", scheme::SUBMISSION_AUTHOR, "", &author.concat()),
        coded(id, "ContentType", scheme::CONTENT_TYPE, &submission.content),
        external_id(
            id,
            "XDSSubmissionSet.patientId",
            scheme::SUBMISSION_PATIENT,
            &receivers_patient_id(&submission.patient),
        ),
        external_id(
            id,
            "XDSSubmissionSet.sourceId",
            scheme::SUBMISSION_SOURCE,
            submission.source_id,
        ),
        external_id(
            id,
            "XDSSubmissionSet.uniqueId",
            scheme::SUBMISSION_UNIQUE,
            submission.unique_id,
        ),
    ]
    .concat();
    format!(
        "<rim:RegistryPackage id=\"{id}\" objectType=\"urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:RegistryPackage\" \
         status=\"urn:oasis:names:tc:ebxml-regrep:StatusType:Approved\">\n{inner}</rim:RegistryPackage>\n\
         <rim:Classification id=\"{id}Node\" classifiedObject=\"{id}\" classificationNode=\"{}\"/>\n",
        scheme::SUBMISSION
    )
}

/// `org||^^Internet^address`: the organization, no person, the address (ITI TF-3 §4.2.3.3.7).
fn intended(recipient: &Party<'_>) -> String {
    format!(
        "{}||^^Internet^{}",
        component(recipient.organization),
        recipient.address
    )
}

fn patient_id(patient: &Patient<'_>) -> String {
    cx(patient.number, patient.authority)
}

/// As the receiver's domain knows the patient; where that is not known, as we do.
fn receivers_patient_id(patient: &Patient<'_>) -> String {
    let (number, authority) = patient.known_as.unwrap_or((patient.number, patient.authority));
    cx(number, authority)
}

fn cx(number: &str, authority: &str) -> String {
    format!("{}^^^&{}&ISO", component(number), component(authority))
}

/// The referral that a document answers, under each of its numbers (ITI TF-3 §4.2.3.2.28).
fn references(referral: &[(&str, &str)]) -> String {
    let reference =
        |(number, authority): &(&str, &str)| format!("{}^urn:ihe:iti:xds:2013:referral", cx(number, authority));
    let references: Vec<String> = referral.iter().map(reference).collect();
    let references: Vec<&str> = references.iter().map(String::as_str).collect();
    if references.is_empty() {
        return String::new();
    }
    slot("urn:ihe:iti:xds:2013:referenceIdList", &references)
}

fn patient_info(patient: &Patient<'_>) -> Vec<String> {
    let sex = match patient.sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Other => "O",
        Sex::Unknown => "U",
    };
    let mut info = vec![
        format!("PID-3|{}", patient_id(patient)),
        format!("PID-5|{}^{}", component(patient.family), component(patient.given)),
    ];
    info.extend(
        patient
            .birth_date
            .map(|date| format!("PID-7|{}", date.format("%Y%m%d"))),
    );
    info.push(format!("PID-8|{sex}"));
    info
}

/// A text without the characters that would end its component: HL7's escapes are not read by everyone here.
fn component(text: &str) -> String {
    text.replace(['|', '^', '&', '~', '\\'], " ").trim().to_owned()
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y%m%d%H%M%S").to_string()
}

fn slot(name: &str, values: &[&str]) -> String {
    let value = |value: &&str| format!("<rim:Value>{}</rim:Value>", escaped(value));
    let values = values.iter().map(value).collect::<Vec<_>>().concat();
    format!("<rim:Slot name=\"{name}\"><rim:ValueList>{values}</rim:ValueList></rim:Slot>\n")
}

fn name(text: &str) -> String {
    format!(
        "<rim:Name><rim:LocalizedString value=\"{}\"/></rim:Name>\n",
        escaped(text)
    )
}

fn classification(object: &str, what: &str, scheme: &str, code: &str, inner: &str) -> String {
    format!(
        "<rim:Classification id=\"{object}{what}\" classifiedObject=\"{object}\" classificationScheme=\"{scheme}\" \
         nodeRepresentation=\"{}\">\n{inner}</rim:Classification>\n",
        escaped(code)
    )
}

fn coded(object: &str, what: &str, scheme: &str, code: &Coded) -> String {
    let inner = slot("codingScheme", &[&code.system]) + &name(&code.name);
    classification(object, what, scheme, &code.code, &inner)
}

fn external_id(object: &str, what: &str, scheme: &str, value: &str) -> String {
    format!(
        "<rim:ExternalIdentifier id=\"{object}{}\" registryObject=\"{object}\" identificationScheme=\"{scheme}\" \
         value=\"{}\">\n{}</rim:ExternalIdentifier>\n",
        what.rsplit('.').next().unwrap_or(what),
        escaped(value),
        name(what)
    )
}
