use super::*;
use crate::cda::{ClinicalDocument, DocumentKind, Sex};

fn document(body: Body<'_>) -> NewDocument<'_> {
    NewDocument {
        id: NewId {
            root: "2.25.17",
            extension: "dlv_01EXAMPLE",
        },
        title: "Consult note",
        made_at: "2026-03-09T10:20:30Z".parse().unwrap(),
        patient: NewPatient {
            ids: &[NewId {
                root: "2.25.17",
                extension: "MRN-5",
            }],
            given: "Ana <Maria>",
            family: "Example & Sons",
            birth_date: NaiveDate::from_ymd_opt(1961, 4, 9),
            sex: NewSex::Female,
            phone: "+1 (503) 555-0119",
            address: NewAddress {
                line: "418 Juniper Court",
                city: "Springfield",
                ..NewAddress::default()
            },
        },
        author: NewParty {
            name: "Priya Raman",
            organization: "Harborview Specialty Group",
            ..NewParty::default()
        },
        custodian: NewParty {
            organization: "Harborview Specialty Group",
            phone: "(217) 555-0110",
            direct_address: "referrals@direct.harborview.example",
            ..NewParty::default()
        },
        recipient: NewParty {
            name: "Adeyemi, Helen",
            npi: "1234567893",
            organization: "Willow Creek Family Medicine",
            ..NewParty::default()
        },
        seen_at: Some("2026-03-06T15:00:00Z".parse().unwrap()),
        order: &[
            NewId {
                root: "2.25.17",
                extension: "ref_01EXAMPLE",
            },
            NewId {
                root: "2.999.4",
                extension: "ORDER-9",
            },
        ],
        body,
    }
}

#[test]
fn a_consultation_note_is_read_back() {
    let note = Body::Note {
        reason: "Palpitations",
        text: "Atrial fibrillation < 48 h.\n\n  Anticoagulation & rate control.\u{7}\n",
    };
    let written = document(note).write();
    assert_eq!(written, document(note).write());
    let read = ClinicalDocument::parse(written.as_bytes()).unwrap();
    assert_eq!(read.kind, DocumentKind::ConsultationNote);
    assert_eq!(read.written_on.unwrap().value.to_string(), "2026-03-09");
    let [patient] = &read.patients[..] else {
        panic!("one patient")
    };
    assert_eq!(
        patient.name.as_ref().unwrap().value.text(),
        "Ana <Maria> Example & Sons"
    );
    assert_eq!(patient.birth_date.as_ref().unwrap().value.to_string(), "1961-04-09");
    assert_eq!(patient.sex.as_ref().unwrap().value, Sex::Female);
    assert_eq!(patient.ids[0].value.extension.as_deref(), Some("MRN-5"));
    assert_eq!(patient.address.as_ref().unwrap().value.city, "Springfield");
    assert_eq!(patient.telecoms[0].value.value, "+15035550119");
    let orders: Vec<_> = read
        .orders
        .iter()
        .map(|order| order.value.extension.clone().unwrap())
        .collect();
    assert_eq!(orders, ["ref_01EXAMPLE", "ORDER-9"]);
    assert_eq!(read.authors[0].person.as_ref().unwrap().value.text(), "Priya Raman");
    assert_eq!(
        read.custodian.unwrap().organization.unwrap().value,
        "Harborview Specialty Group"
    );
    let recipient = &read.recipients[0];
    assert_eq!(recipient.person.as_ref().unwrap().value.text(), "Helen Adeyemi");
    assert_eq!(recipient.npi.as_ref().unwrap().value, "1234567893");
    let narratives: Vec<_> = read
        .sections
        .iter()
        .map(|section| section.narrative.as_ref().unwrap().value.clone())
        .collect();
    assert_eq!(narratives[0], "Palpitations");
    assert_eq!(
        narratives[2],
        "Atrial fibrillation < 48 h.\nAnticoagulation & rate control."
    );
    assert!(read.embedded.is_none() && narratives.len() == 5);
}

#[test]
fn an_unstructured_document_brings_its_pdf() {
    let written = document(Body::Pdf(b"%PDF-1.4 fictional")).write();
    let read = ClinicalDocument::parse(written.as_bytes()).unwrap();
    let file = read.embedded.unwrap();
    assert_eq!(
        (file.media_type.as_str(), &file.bytes[..]),
        ("application/pdf", &b"%PDF-1.4 fictional"[..])
    );
    assert!(read.sections.is_empty() && !read.orders.is_empty());
}

#[test]
fn what_is_not_known_is_said_to_be_unknown() {
    let mut unknown = document(Body::Note { reason: "", text: "" });
    unknown.patient = NewPatient {
        given: "",
        family: "",
        birth_date: None,
        sex: NewSex::Unknown,
        phone: "",
        address: NewAddress::default(),
        ..unknown.patient
    };
    unknown.recipient = NewParty::default();
    let written = unknown.write();
    let read = ClinicalDocument::parse(written.as_bytes()).unwrap();
    let patient = &read.patients[0];
    assert!(patient.name.is_none() && patient.birth_date.is_none() && patient.sex.is_none());
    assert!(patient.telecoms.is_empty() && patient.address.is_none());
    assert_eq!(written.matches("<section nullFlavor=\"NI\">").count(), 5);
}

#[test]
fn degrees_are_no_part_of_a_name() {
    for (name, given, family) in [
        ("Ana Maria Example", "Ana Maria", "Example"),
        ("Example, Ana Maria", "Ana Maria", "Example"),
        ("Ana Maria Example, MD", "Ana Maria", "Example"),
        ("Ana Example, M.D., FACC", "Ana", "Example"),
        ("Example, Ana, PA-C", "Ana", "Example"),
        ("Ana Example, MD PhD", "Ana", "Example"),
        ("Example, Mandy", "Mandy", "Example"),
        ("Vang, Pa", "Pa", "Vang"),
        ("Example,", "", "Example"),
        ("Example", "", "Example"),
        ("", "", ""),
    ] {
        assert_eq!(split_name(name), (given, family), "{name}");
    }
}
