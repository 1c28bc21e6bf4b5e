//! What we write, held against HL7's own rules for C-CDA R2.1.

use chrono::NaiveDate;
use referloop::cda::write::{Body, NewAddress, NewDocument, NewId, NewParty, NewPatient, NewSex};
use std::path::Path;
use std::process::Command;

/// The rules that a document breaks, a line each.
pub fn breaches(document: &[u8]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = root.join(".local/ccda");
    assert!(
        rules.join("Consolidation.sch").exists(),
        "the rules for C-CDA are not there: run `infra/setup test`"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.xml");
    std::fs::write(&file, document).unwrap();
    let output = Command::new("/usr/bin/python3")
        .arg(root.join("tests/it/cda/rules.py"))
        .args([&rules, &file])
        .output()
        .unwrap();
    let (told, asked) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{asked}");
    let asked: usize = asked.split(' ').next().unwrap().parse().unwrap();
    assert!(asked > 80, "only {asked} rules fitted the document");
    told.lines().map(str::to_owned).collect()
}

const NOTE: Body<'_> = Body::Note {
    reason: "Palpitations & dizziness",
    text: "Atrial fibrillation.\nAnticoagulation started.",
};
const PDF: Body<'_> = Body::Pdf(b"%PDF-1.4 fictional");

fn document(body: Body<'_>) -> NewDocument<'_> {
    let party = NewParty {
        name: "Priya Raman",
        npi: "1234567893",
        organization: "Harborview Specialty Group",
        phone: "(217) 555-0110",
        direct_address: "referrals@direct.harborview.example",
        address: NewAddress {
            line: "1 Harbor Way",
            city: "Springfield",
            state: "IL",
            postal_code: "62701",
        },
    };
    NewDocument {
        id: NewId {
            root: "2.25.17",
            extension: "note_01EXAMPLE",
        },
        title: "Consult note",
        made_at: "2026-03-09T10:20:30Z".parse().unwrap(),
        patient: NewPatient {
            ids: &[
                NewId {
                    root: "2.25.17",
                    extension: "ref_01EXAMPLE",
                },
                NewId {
                    root: "2.999.1",
                    extension: "MRN-5",
                },
            ],
            given: "Ana Maria",
            family: "Example",
            birth_date: NaiveDate::from_ymd_opt(1961, 4, 9),
            sex: NewSex::Female,
            phone: "+15035550119",
            address: party.address,
        },
        author: party,
        custodian: party,
        recipient: party,
        order: &[
            NewId {
                root: "2.999.2.7",
                extension: "RF-2026-0042",
            },
            NewId {
                root: "2.25.17",
                extension: "ref_01EXAMPLE",
            },
            // Of an initiator that gives no OID.
            NewId {
                root: "",
                extension: "RF-1",
            },
        ],
        seen_at: Some("2026-03-06T15:00:00Z".parse().unwrap()),
        body,
    }
}

#[test]
fn what_we_write_breaks_no_rule() {
    for body in [NOTE, PDF] {
        let written = document(body).write();
        assert_eq!(breaches(written.as_bytes()), Vec::<String>::new(), "{body:?}");
        // What is known in part is no exception.
        let mut partial = document(body);
        partial.patient.address = NewAddress {
            line: "418 Juniper Court",
            ..NewAddress::default()
        };
        partial.patient.given = "";
        partial.custodian.phone = "";
        partial.author.name = "Raman";
        assert_eq!(breaches(partial.write().as_bytes()), Vec::<String>::new(), "{body:?}");
    }
}

#[test]
fn of_what_is_not_known_only_the_visit_is_missed() {
    for body in [NOTE, PDF] {
        let mut unknown = document(body);
        unknown.patient = NewPatient {
            ids: unknown.patient.ids,
            given: "",
            family: "",
            birth_date: None,
            sex: NewSex::Unknown,
            phone: "",
            address: NewAddress::default(),
        };
        let nobody = NewParty {
            organization: "Harborview Specialty Group",
            ..NewParty::default()
        };
        (unknown.author, unknown.custodian, unknown.recipient) = (nobody, nobody, NewParty::default());
        unknown.seen_at = None;
        let broken = breaches(unknown.write().as_bytes());
        match body {
            // A Consultation Note must say when the patient was seen. Nobody makes that up.
            Body::Note { .. } => {
                assert!(broken.len() == 1 && broken[0].contains("CONF:1198-8389"), "{broken:?}");
            }
            Body::Pdf(_) => assert_eq!(broken, Vec::<String>::new()),
        }
    }
}

#[test]
fn a_note_that_names_no_order_is_found_out() {
    let written = document(NOTE).write();
    let (start, end) = (
        written.find("<inFulfillmentOf>").unwrap(),
        written.find("</inFulfillmentOf>").unwrap(),
    );
    let without = format!("{}{}", &written[..start], &written[end + "</inFulfillmentOf>".len()..]);
    let broken = breaches(without.as_bytes());
    assert!(broken.iter().any(|line| line.contains("CONF:1198-8382")), "{broken:?}");
}
