//! What the embedded rules do with pages made up here: whole forms, forms with gaps, options without marks, and noise.

use proptest::prelude::*;
use referloop::domain::document::{DocumentKind, DocumentState};
use referloop::domain::fields::{ExtractedDocument, FieldContent, FieldKey};
use referloop::domain::page::{CheckBox, PageText, PixelBox, Rotation, RuledLine, TextSource, Word};
use referloop::domain::page_facts::PageFacts;
use referloop::domain::page_quality::{Quality, Recipe};
use referloop::extraction::RuleSets;
use std::sync::LazyLock;

static RULES: LazyLock<RuleSets> = LazyLock::new(RuleSets::embedded);

/// A referral form, line by line; the key says which field the line shows.
pub const FORM: [(&str, &str); 20] = [
    ("", "Patient Referral Form"),
    ("", "PATIENT INFORMATION"),
    ("patient.name", "Patient name: Marchetti, Rosalind T."),
    ("patient.birth_date", "Date of birth: 08/14/1961"),
    ("patient.phone", "Home phone: (503) 555-0118"),
    ("", "Emergency contact: Paolo Marchetti    Phone: (503) 555-0119"),
    ("", "INSURANCE"),
    ("insurance.payer", "Insurance company: Cascade Mutual Health"),
    ("insurance.member_id", "Member ID: CMH482913765"),
    ("", "REFERRAL DETAILS"),
    ("referral.date", "Referral date: 06/02/2026"),
    ("referral.urgency", "Priority: Urgent"),
    ("referral.specialty", "Specialty: Cardiology"),
    (
        "referral.diagnoses",
        "Diagnosis (ICD-10): I48.0 Paroxysmal atrial fibrillation",
    ),
    (
        "referral.reason",
        "Reason for referral: Palpitations with two episodes of near fainting in May",
    ),
    ("", "REFERRING PROVIDER"),
    ("referrer.name", "Name: Helen Adeyemi, MD"),
    ("referrer.npi", "NPI: 1234567893"),
    ("referrer.fax", "Fax: (503) 555-0143"),
    ("", "Signature:"),
];

const GLYPH: u32 = 12;
const HEIGHT: u32 = 24;

/// Words of a line, a fixed width a character; blanks are as wide as typed, so that runs of them part columns.
fn words(line: &str, x: u32, y: u32, number: u32) -> Vec<Word> {
    let mut found = Vec::new();
    let mut at = 0;
    for part in line.split(' ') {
        let width = part.chars().count() as u32 * GLYPH;
        if !part.is_empty() {
            let bounds = PixelBox {
                x: x + at,
                y,
                width,
                height: HEIGHT,
            };
            found.push(Word {
                text: part.to_owned(),
                bounds,
                confidence: 1.0,
                line: number,
                second: None,
            });
        }
        at += width + GLYPH;
    }
    found
}

pub fn page(number: u32, lines: &[&str]) -> PageText {
    let rows = lines
        .iter()
        .enumerate()
        .map(|(row, line)| words(line, 100, 100 + row as u32 * 45, row as u32));
    PageText {
        number,
        rotation: Rotation::Upright,
        blank: lines.is_empty(),
        text_source: TextSource::TextLayer,
        width: 1700,
        height: 2200,
        words: rows.flatten().collect(),
        check_boxes: Vec::new(),
        ruled_lines: Vec::new(),
        rings: Vec::new(),
        strikes: Vec::new(),
        looks: Vec::new(),
        unreadable: None,
        illegible: Vec::new(),
        quality: Quality::default(),
        recipe: Recipe::default(),
        facts: PageFacts::default(),
    }
}

fn form_without(keys: &[FieldKey]) -> ExtractedDocument {
    let left: Vec<&str> = FORM
        .iter()
        .filter(|(key, _)| !keys.iter().any(|gone| gone.as_str() == *key))
        .map(|(_, line)| *line)
        .collect();
    only(&[page(1, &left)])
}

pub fn only(pages: &[PageText]) -> ExtractedDocument {
    let mut documents = RULES.extract(pages).documents;
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

pub fn text<'d>(document: &'d ExtractedDocument, key: &str) -> Option<&'d str> {
    match document.fields.get(&FieldKey::new(key)).map(|field| &field.value) {
        Some(FieldContent::Text(text)) => Some(text),
        _ => None,
    }
}

#[test]
fn a_whole_form_may_go_straight_through() {
    let document = form_without(&[]);
    assert_eq!(document.kind, DocumentKind::Referral);
    assert_eq!(document.missing, []);
    assert_eq!(document.problems, []);
    assert_eq!(document.state, DocumentState::Ready);
    assert_eq!(text(&document, "patient.name"), Some("Rosalind T Marchetti"));
    assert_eq!(text(&document, "patient.birth_date"), Some("1961-08-14"));
    assert_eq!(text(&document, "patient.phone"), Some("+15035550118"));
    assert_eq!(text(&document, "referrer.name"), Some("Helen Adeyemi"));
    assert_eq!(text(&document, "referral.urgency"), Some("urgent"));
    let codes = &document.fields[&FieldKey::new("referral.diagnoses")];
    assert_eq!(codes.value, FieldContent::List(vec!["I48.0".to_owned()]));
    assert_eq!(codes.boxes.len(), 1);
}

#[test]
fn each_need_that_is_not_met_is_named_and_holds_the_document() {
    for need in RULES.tiers().iter().flat_map(|tier| &tier.needs) {
        let document = form_without(&need.one_of);
        assert!(
            document.missing.contains(&need.one_of[0]),
            "{:?} in {:?}",
            need.one_of,
            document.missing
        );
        assert_eq!(document.state, DocumentState::NeedsReview, "{:?}", need.one_of);
    }
}

#[test]
fn every_critical_field_holds_the_document_when_it_is_not_there() {
    for field in RULES.catalogue().fields().filter(|field| field.critical) {
        let document = form_without(std::slice::from_ref(&field.key));
        assert!(!document.fields.contains_key(&field.key), "{}", field.key);
        assert_eq!(document.state, DocumentState::NeedsReview, "{}", field.key);
    }
}

fn check_instead(key: &str, line: &'static str, expect: Option<&str>, ready: bool) {
    let lines: Vec<&str> = FORM
        .iter()
        .map(|(of, shown)| if *of == key { line } else { *shown })
        .collect();
    let document = only(&[page(1, &lines)]);
    assert_eq!(text(&document, key), expect, "{line}");
    assert_eq!(
        document.state == DocumentState::Ready,
        ready,
        "{line}: {:?}",
        document.problems
    );
}

#[test]
fn what_a_line_can_bear() {
    check_instead(
        "referral.urgency",
        "Priority: [ ] Routine   [X] Urgent   [ ] STAT",
        Some("urgent"),
        true,
    );
    // Which of them is meant can't be seen.
    check_instead("referral.urgency", "Priority: Routine    Urgent    STAT", None, false);
    check_instead(
        "referral.urgency",
        "Priority: [ ] Routine   [ ] Urgent   [ ] STAT",
        None,
        false,
    );
    check_instead("referral.urgency", "Priority:", None, false);
    check_instead("referrer.npi", "NPI: 1234567890", None, false);
    check_instead("referrer.npi", "NPI 1234567893", Some("1234567893"), true);
    check_instead("patient.birth_date", "Date of birth: 08/14/2061", None, false);
    // Two letters of a label may be misread where nothing else is in doubt.
    check_instead(
        "patient.birth_date",
        "Dale of birlh: 08/14/1961",
        Some("1961-08-14"),
        true,
    );
    check_instead("patient.name", "Patient name:", None, false);
    check_instead(
        "patient.name",
        "Patient: ROSALIND T MARCHETTI",
        Some("Rosalind T Marchetti"),
        true,
    );
    check_instead("insurance.member_id", "Member ID: see attached", None, false);
}

#[test]
fn two_patients_in_one_fax_are_two_documents() {
    let first: Vec<&str> = FORM.iter().map(|(_, line)| *line).collect();
    let second: Vec<&str> = FORM
        .iter()
        .map(|(key, line)| match *key {
            "patient.name" => "Patient name: Silas M. Abernathy",
            "patient.birth_date" => "Date of birth: 12/08/1956",
            _ => *line,
        })
        .collect();
    let documents = RULES
        .extract(&[page(1, &first), page(2, &[]), page(3, &second)])
        .documents;
    let ranges: Vec<[u32; 2]> = documents.iter().map(|document| document.pages.into()).collect();
    assert_eq!(ranges, [[1, 1], [3, 3]]);
    assert_eq!(text(&documents[1], "patient.name"), Some("Silas M Abernathy"));
}

#[test]
fn a_form_that_begins_again_without_a_legible_patient_is_another_document() {
    let form = |phone: &'static str, member: &'static str| -> Vec<&str> {
        let line = |(key, line): &(&str, &'static str)| match *key {
            "patient.name" => "Patient name: ~",
            "patient.birth_date" => "Date of birth: ~",
            "patient.phone" => phone,
            "insurance.member_id" => member,
            _ => *line,
        };
        FORM.iter().map(line).collect()
    };
    let first = form("Phone: (503) 555-0118", "Member ID: WHP4471");
    let ranges = |second: &[&str]| -> Vec<[u32; 2]> {
        let documents = RULES.extract(&[page(1, &first), page(2, second)]).documents;
        documents.iter().map(|document| document.pages.into()).collect()
    };
    let other = form("Phone: (503) 555-0177", "Member ID: KPR90213");
    assert_eq!(ranges(&other), [[1, 1], [2, 2]]);
    // One thing that differs may be misread, and what is the same binds.
    let same_member = form("Phone: (503) 555-0177", "Member ID: WHP4471");
    assert_eq!(ranges(&same_member), [[1, 2]]);
}

#[test]
fn blank_pages_are_one_document_for_nobody() {
    let document = only(&[page(1, &[]), page(2, &[])]);
    assert_eq!(document.kind, DocumentKind::Other);
    assert_eq!(document.state, DocumentState::NotAReferral);
    assert!(RULES.extract(&[]).documents.is_empty());
}

/// Texts that have meaning to the rules, in any mixture with noise.
fn some_text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "Patient",
        "Name:",
        "DOB:",
        "NPI",
        "1234567893",
        "Phone",
        "(503)",
        "555-0118",
        "RE:",
        "Dear",
        "Dr.",
        "Diagnosis:",
        "I48.0",
        "[X]",
        "[",
        "]",
        "Urgent",
        "To:",
        "From:",
        "Insurance",
        "City,",
        "State",
        "Zip:",
        "PA",
        "15213",
        "08/14/1961",
        "Sincerely,",
        "MD",
        "Secondary:",
        "M54,",
        "50",
        ":",
        "::",
        "ß",
        "—",
        "é",
        "Reason",
        "for",
        "referral:",
        "@",
        "a@b.c",
    ]);
    prop_oneof![3 => known.prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn some_box() -> impl Strategy<Value = PixelBox> {
    (0..1700_u32, 0..2200_u32, 0..400_u32, 0..60_u32).prop_map(|(x, y, width, height)| PixelBox { x, y, width, height })
}

fn some_page() -> impl Strategy<Value = PageText> {
    let word = (some_text(), some_box(), 0.0..1.0_f32, 0..40_u32).prop_map(|(text, bounds, confidence, line)| Word {
        text,
        bounds,
        confidence,
        line,
        second: None,
    });
    let check_box = (some_box(), 0.0..1.0_f32).prop_map(|(bounds, ink)| CheckBox { bounds, ink });
    let rule = (some_box(), 0..12_u32, -60..60_i32).prop_map(|(bounds, thickness, falls)| RuledLine {
        bounds,
        thickness,
        falls,
    });
    let lists = (
        prop::collection::vec(word, 0..120),
        prop::collection::vec(check_box, 0..12),
        prop::collection::vec(rule, 0..12),
    );
    (lists, any::<bool>()).prop_map(|((words, check_boxes, ruled_lines), layer)| PageText {
        words,
        check_boxes,
        ruled_lines,
        unreadable: None,
        text_source: if layer { TextSource::TextLayer } else { TextSource::Ocr },
        ..page(1, &["x"])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn noise_never_panics(pages in prop::collection::vec(some_page(), 1..3)) {
        let extraction = RULES.extract(&pages);
        prop_assert_eq!(extraction.pages.len(), pages.len());
        for document in extraction.documents {
            for found in document.fields.values() {
                prop_assert!((0.0..=1.0).contains(&found.confidence));
            }
        }
        for page in &pages {
            RULES.explain(page);
        }
    }
}
