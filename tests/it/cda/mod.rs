//! Clinical documents: what is read of the samples, and that each XPath leads there in software that is not ours.

pub mod rules;

use referloop::cda::{ClinicalDocument, Code, CodeSystem, DocumentKind, Found, Party, SectionKind, Sex, TelecomKind};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/direct").join(name)
}

fn document(name: &str) -> ClinicalDocument {
    ClinicalDocument::parse(&std::fs::read(sample(name)).unwrap()).unwrap()
}

/// What lxml finds at each path.
fn at_paths(name: &str, paths: &[&str]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cda/xpaths.py");
    let mut child = Command::new("/usr/bin/python3")
        .arg(script)
        .arg(sample(name))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all((paths.join("\n") + "\n").as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn value<T: Clone>(found: Option<&Found<T>>) -> T {
    found.unwrap().value.clone()
}

fn codes(document: &ClinicalDocument, kind: SectionKind) -> Vec<(&str, &CodeSystem)> {
    let section = document.section(kind).unwrap();
    section
        .codes
        .iter()
        .map(
            |Found {
                 value: Code { code, system, .. },
                 ..
             }| (code.as_str(), system),
        )
        .collect()
}

fn narrative(document: &ClinicalDocument, kind: SectionKind) -> String {
    value(document.section(kind).unwrap().narrative.as_ref())
}

#[test]
fn a_referral_note_gives_header_and_sections() {
    let note = document("referral-note.xml");
    assert_eq!(note.kind, DocumentKind::ReferralNote);
    assert_eq!(value(note.written_on.as_ref()).to_string(), "2026-01-05");
    let [patient] = &note.patients[..] else { panic!() };
    assert_eq!(value(patient.name.as_ref()).text(), "Rosa M Example");
    assert_eq!(value(patient.birth_date.as_ref()).to_string(), "1961-04-09");
    assert_eq!(value(patient.sex.as_ref()), Sex::Female);
    assert_eq!(value(patient.language.as_ref()), "es");
    let telecoms: Vec<_> = patient
        .telecoms
        .iter()
        .map(|found| (found.value.kind, found.value.value.as_str()))
        .collect();
    assert_eq!(
        telecoms,
        [
            (TelecomKind::Phone, "+1(312)555-0142"),
            (TelecomKind::Phone, "+1-312-555-0143"),
            (TelecomKind::Email, "rosa.example@mail.example")
        ]
    );
    let address = value(patient.address.as_ref());
    assert_eq!(
        (address.lines.join(", ").as_str(), address.city.as_str()),
        ("18 Orchard Lane, Apt 4", "Northside")
    );
    let Party {
        person,
        npi,
        organization,
        telecoms,
        ..
    } = &note.authors[0];
    assert_eq!(value(person.as_ref()).text(), "Ama Osei, MD");
    assert_eq!(value(npi.as_ref()), "1234567893");
    assert_eq!(value(organization.as_ref()), "Northside Family Practice");
    assert_eq!(telecoms[1].value.kind, TelecomKind::Fax);
    assert_eq!(value(note.recipients[0].organization.as_ref()), "Lakeview Cardiology");
    assert_eq!(
        value(note.custodian.unwrap().organization.as_ref()),
        "Northside Family Practice"
    );
}

#[test]
fn sections_give_narrative_and_codes_but_nothing_that_is_denied() {
    let note = document("referral-note.xml");
    assert_eq!(
        narrative(&note, SectionKind::ReasonForReferral),
        "New exertional chest pain & abnormal stress test.\nPlease evaluate for coronary angiography."
    );
    assert_eq!(
        narrative(&note, SectionKind::Problems),
        "Problem | Since\nHypertension | 2014"
    );
    assert_eq!(
        narrative(&note, SectionKind::Medications),
        "Lisinopril 10 mg\nAspirin 81 mg"
    );
    let (snomed, icd, rxnorm) = (&CodeSystem::SnomedCt, &CodeSystem::Icd10Cm, &CodeSystem::RxNorm);
    assert_eq!(
        codes(&note, SectionKind::ReasonForReferral),
        [("194828000", snomed), ("I20.9", icd)]
    );
    assert_eq!(
        codes(&note, SectionKind::Problems),
        [("38341003", snomed), ("I10", icd)]
    );
    assert_eq!(codes(&note, SectionKind::Medications), [("314076", rxnorm)]);
    assert_eq!(codes(&note, SectionKind::Allergies), [("7980", rxnorm)]);
    let coverage = &note.section(SectionKind::Payers).unwrap().coverages[0];
    assert_eq!(value(coverage.payer.as_ref()), "Prairie Health Plan");
    assert_eq!(value(coverage.member_id.as_ref()), "PHP0012345");
    assert_eq!(coverage.policy_ids[0].value.extension.as_deref(), Some("GRP-88"));
}

#[test]
fn a_care_summary_in_place_of_a_referral_gives_what_it_has() {
    let summary = document("continuity-of-care.xml");
    assert_eq!(summary.kind, DocumentKind::ContinuityOfCare);
    let patient = &summary.patients[0];
    assert_eq!(value(patient.name.as_ref()).text(), "José Sample");
    assert_eq!(value(patient.birth_date.as_ref()).to_string(), "1955-12-31");
    assert_eq!(patient.telecoms[0].value.value, "312 555 0177");
    assert!(patient.address.is_none() && summary.recipients.is_empty() && summary.custodian.is_none());
    assert_eq!(narrative(&summary, SectionKind::Problems), "None on file.");
    assert!(summary.section(SectionKind::ReasonForReferral).is_none());
}

#[test]
fn every_xpath_leads_to_the_value() {
    for name in ["referral-note.xml", "continuity-of-care.xml"] {
        let document = document(name);
        let evidence = evidence(&document);
        assert!(evidence.len() > 8, "{name}: {evidence:?}");
        let paths: Vec<&str> = evidence.iter().map(|(path, _)| path.as_str()).collect();
        for ((path, value), found) in evidence.iter().zip(at_paths(name, &paths)) {
            assert!(
                found.contains(value.as_str()),
                "{name}: {path}: {value:?} is not in {found:?}"
            );
        }
    }
}

/// Every path of a document, with a text that must stand at its end.
fn evidence(document: &ClinicalDocument) -> Vec<(String, String)> {
    let mut all = Vec::new();
    push(&mut all, document.title.as_ref(), Clone::clone);
    push(&mut all, document.written_on.as_ref(), |day| {
        day.format("%Y%m%d").to_string()
    });
    push(&mut all, document.id.as_ref(), |_| String::new());
    for patient in &document.patients {
        push(&mut all, patient.name.as_ref(), |name| name.family.clone());
        push(&mut all, patient.birth_date.as_ref(), |day| {
            day.format("%Y%m%d").to_string()
        });
        push(&mut all, patient.sex.as_ref(), |sex| format!("{sex:?}")[..1].to_owned());
        push(&mut all, patient.address.as_ref(), |address| {
            address.postal_code.clone()
        });
        push(&mut all, patient.language.as_ref(), Clone::clone);
        push(&mut all, &patient.telecoms, |telecom| telecom.value.clone());
        push(&mut all, &patient.ids, |_| String::new());
    }
    for party in document
        .authors
        .iter()
        .chain(&document.recipients)
        .chain(&document.custodian)
    {
        push(&mut all, party.person.as_ref(), |name| name.family.clone());
        push(&mut all, party.organization.as_ref(), Clone::clone);
        push(&mut all, party.npi.as_ref(), Clone::clone);
        push(&mut all, party.address.as_ref(), |address| address.city.clone());
        push(&mut all, &party.telecoms, |telecom| telecom.value.clone());
    }
    for section in &document.sections {
        push(&mut all, section.title.as_ref(), Clone::clone);
        push(&mut all, section.narrative.as_ref(), |text| {
            text.split([' ', '\n']).next().unwrap().to_owned()
        });
        push(&mut all, &section.codes, |code| code.code.clone());
        for coverage in &section.coverages {
            push(&mut all, coverage.payer.as_ref(), Clone::clone);
            push(&mut all, coverage.member_id.as_ref(), Clone::clone);
            push(&mut all, &coverage.policy_ids, |_| String::new());
        }
    }
    all
}

fn push<'f, T: 'f>(
    all: &mut Vec<(String, String)>,
    found: impl IntoIterator<Item = &'f Found<T>>,
    text: impl Fn(&T) -> String,
) {
    all.extend(found.into_iter().map(|found| (found.xpath.clone(), text(&found.value))));
}
