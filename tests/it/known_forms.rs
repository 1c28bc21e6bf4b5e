//! A known form: recognised however the page lies, read where it has its values, learned from corrected documents.

use super::extraction::{self, text};
use referloop::domain::fields::ExtractedDocument;
use referloop::domain::page::{CheckBox, PageText, PixelBox, Word};
use referloop::extraction::RuleSets;
use referloop::extraction::forms::Forms;
use serde_json::json;
use std::path::Path;
use std::process::{Command, Output};

/// What is printed on the made-up practice's slip. No general rule knows what "Whom we send you" asks for.
const PRINTED: [(u32, u32, &str); 17] = [
    (120, 90, "Quillfeather Bay Family Practice"),
    (120, 150, "Consult slip, please answer by letter"),
    (120, 260, "Whom we send you"),
    (1000, 260, "Came into world"),
    (120, 340, "Plan card shows"),
    (1000, 340, "Ring at"),
    (120, 460, "Wanted within"),
    (520, 460, "Routine"),
    (760, 460, "Urgent"),
    (1000, 460, "STAT"),
    (120, 580, "Signed for practice"),
    (1000, 580, "Provider digits"),
    (120, 700, "What worries us"),
    (120, 860, "Kindly keep the family informed about every visit"),
    (120, 920, "Office hours Monday until Thursday"),
    (120, 980, "Printed forms may be ordered from our front desk"),
    (120, 1040, "Sheet revised in spring"),
];

/// Fields with the place of their values, and four fictional patients.
const WRITTEN: [(&str, u32, u32, [&str; 4]); 7] = [
    (
        "patient.name",
        480,
        260,
        [
            "Rosalind Marchetti",
            "Theodore Vance",
            "Beatriz Okafor",
            "Ines Holloway",
        ],
    ),
    (
        "patient.birth_date",
        1300,
        260,
        ["08/14/1961", "02/27/1948", "11/05/1990", "06/30/1975"],
    ),
    (
        "insurance.member_id",
        480,
        340,
        ["CMH482913765", "QZU7854177", "W204417903", "RFT66120845"],
    ),
    (
        "patient.phone",
        1300,
        340,
        ["(503) 555-0118", "(412) 555-0164", "(361) 555-0191", "(207) 555-0125"],
    ),
    (
        "referrer.name",
        480,
        580,
        [
            "Helen Adeyemi, MD",
            "Marcus Lindqvist, DO",
            "Priya Raman, MD",
            "Helen Adeyemi, MD",
        ],
    ),
    (
        "referrer.npi",
        1300,
        580,
        ["1234567893", "1245319599", "1003000126", "1234567893"],
    ),
    (
        "referral.reason",
        480,
        700,
        [
            "Palpitations with two episodes of near fainting",
            "Snores loudly and sleeps at the wheel",
            "Numb fingers that wake her each night",
            "Knee gives way on the stairs since May",
        ],
    ),
];
const URGENCY: [(&str, u32); 4] = [("routine", 480), ("urgent", 720), ("stat", 960), ("urgent", 720)];

fn words(x: u32, y: u32, text: &str, line: u32) -> Vec<Word> {
    let mut at = x;
    let words = text.split(' ').map(|part| {
        let width = 12 * part.len() as u32;
        let bounds = PixelBox {
            x: at,
            y,
            width,
            height: 24,
        };
        at += width + 12;
        Word {
            text: part.to_owned(),
            bounds,
            confidence: 0.97,
            line,
            second: None,
        }
    });
    words.collect()
}

/// The slip of one patient; a field may be left blank.
pub fn slip(patient: usize, blank: &str) -> PageText {
    let mut page = extraction::page(1, &[]);
    page.blank = false;
    let printed = PRINTED.iter().enumerate();
    page.words = printed
        .flat_map(|(line, (x, y, text))| words(*x, *y, text, line as u32))
        .collect();
    for (number, (field, x, y, values)) in WRITTEN.iter().enumerate() {
        if *field != blank {
            page.words.extend(words(*x, *y, values[patient], 40 + number as u32));
        }
    }
    page.check_boxes = [480, 720, 960].map(|x| check_box(x, x == URGENCY[patient].1)).to_vec();
    page
}

fn check_box(x: u32, ticked: bool) -> CheckBox {
    let bounds = PixelBox {
        x,
        y: 460,
        width: 26,
        height: 26,
    };
    let ink = if ticked { 0.3 } else { 0.0 };
    CheckBox { bounds, ink }
}

/// As a machine draws a sheet in: scaled, turned and moved.
fn laid(mut page: PageText, scale: f64, turn: f64, moved: (f64, f64)) -> PageText {
    let place = |b: PixelBox| {
        let (x, y) = (
            f64::from(b.x) + f64::from(b.width) / 2.0,
            f64::from(b.y) + f64::from(b.height) / 2.0,
        );
        let (width, height) = (f64::from(b.width) * scale, f64::from(b.height) * scale);
        let (x, y) = (
            scale * (turn.cos() * x - turn.sin() * y) + moved.0,
            scale * (turn.sin() * x + turn.cos() * y) + moved.1,
        );
        PixelBox::from([x - width / 2.0, y - height / 2.0, width, height].map(|edge| edge.max(0.0).round() as u32))
    };
    for word in &mut page.words {
        word.bounds = place(word.bounds);
    }
    for check_box in &mut page.check_boxes {
        check_box.bounds = place(check_box.bounds);
    }
    page
}

fn rules() -> RuleSets {
    RuleSets::embedded()
}

pub fn only_by(rules: &RuleSets, page: PageText) -> ExtractedDocument {
    rules.extract(&[page]).documents.remove(0)
}

fn is_known(document: &ExtractedDocument) -> bool {
    document.template.as_deref() == Some("quillfeather-bay@1")
}

#[test]
fn a_form_is_recognised_and_read_however_the_page_lies() {
    for (scale, turn, moved) in [
        (1.0, 0.0, (0.0, 0.0)),
        (0.94, 0.0, (60.0, 45.0)),
        (1.05, 0.0, (-40.0, 10.0)),
        (1.0, 0.02, (50.0, -10.0)),
        (0.97, -0.025, (10.0, 70.0)),
    ] {
        for (patient, urgency) in URGENCY.iter().enumerate() {
            let document = only_by(&rules(), laid(slip(patient, ""), scale, turn, moved));
            assert!(is_known(&document), "{scale} {turn}: {:?}", document.template);
            for (key, expect) in [
                ("patient.name", WRITTEN[0].3[patient]),
                ("insurance.member_id", WRITTEN[2].3[patient]),
                ("referrer.npi", WRITTEN[5].3[patient]),
                ("referral.urgency", urgency.0),
            ] {
                assert_eq!(text(&document, key), Some(expect), "{key} at {scale} {turn}");
            }
        }
    }
}

#[test]
fn misread_print_is_forgiven_and_a_page_unlike_it_is_not_taken_for_it() {
    let mut page = slip(0, "");
    for word in page.words.iter_mut().take(60).step_by(4) {
        word.text = word.text.replace('o', "0").replace('l', "1").replace('e', "c");
    }
    assert!(is_known(&only_by(&rules(), page)));
    let mut half = slip(0, "");
    half.words.retain(|word| word.bounds.y < 300 || word.line >= 40);
    assert!(!is_known(&only_by(&rules(), half)));
    let other = extraction::page(
        1,
        &[
            "Patient name: Marchetti, Rosalind T.",
            "Please answer by letter, and keep the family informed about every visit",
        ],
    );
    assert!(!is_known(&only_by(&rules(), other)));
}

/// A line that the general rules take for the patient's.
fn with_decoy(mut page: PageText, line: &str) -> PageText {
    page.words.extend(words(120, 1200, line, 90));
    page
}

#[test]
fn a_zone_wins_over_a_label_elsewhere_and_says_so() {
    let page = || with_decoy(slip(0, ""), "Date of birth: 01/02/1999");
    let document = only_by(&rules(), page());
    assert_eq!(text(&document, "patient.birth_date"), Some("1961-08-14"));
    let field = &document.fields[&referloop::domain::fields::FieldKey::new("patient.birth_date")];
    assert!(field.rule.ends_with("form:quillfeather-bay@1"), "{}", field.rule);
    assert!(field.bounds.x >= 1290, "{:?}", field.bounds);
    let mut general = rules();
    general.exchange_forms(Forms::default());
    assert_eq!(
        text(&only_by(&general, page()), "patient.birth_date"),
        Some("1999-01-02")
    );
}

#[test]
fn two_that_say_the_same_are_surer() {
    let confidence = |page: PageText| {
        let document = only_by(&rules(), page);
        document.fields[&referloop::domain::fields::FieldKey::new("patient.birth_date")].confidence
    };
    let agreed = confidence(with_decoy(slip(0, ""), "Date of birth: 08/14/1961"));
    assert!(agreed >= confidence(slip(0, "")), "{agreed}");
}

#[test]
fn a_blank_zone_is_an_answer() {
    let page = with_decoy(slip(0, "patient.birth_date"), "Date of birth: 01/02/1999");
    assert_eq!(text(&only_by(&rules(), page), "patient.birth_date"), None);
}

fn referloop(words: &[&str], forms: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_referloop"));
    command
        .args(words)
        .env("REFERLOOP_RULES__FORMS", forms)
        .output()
        .unwrap()
}

/// Kept words of a page, and beside them what it shows.
fn keep(folder: &Path, name: &str, page: &PageText, fields: &serde_json::Value) -> String {
    let path = folder.join(format!("{name}.words"));
    let kept = json!({"pages": [page]});
    // The first key tells such a file.
    let rest = kept.to_string();
    let file = json!(folder.join(format!("{name}.tif")).to_str().unwrap());
    std::fs::write(&path, format!("{{\"file\":{file},{}", &rest[1..])).unwrap();
    let truth = json!({"file": name, "documents": [{"kind": "referral", "pages": [1, 1], "fields": fields}]});
    std::fs::write(folder.join(format!("{name}.json")), truth.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

fn truth(patient: usize) -> serde_json::Value {
    let shown = |(field, _, _, values): &(&str, u32, u32, [&str; 4])| {
        let value = values[patient];
        let value = match *field {
            "patient.birth_date" => format!("{}-{}-{}", &value[6..], &value[..2], &value[3..5]),
            "patient.phone" => format!("+1{}", value.replace(|c: char| !c.is_ascii_digit(), "")),
            "referrer.name" => value.split(',').next().unwrap().to_owned(),
            _ => value.to_owned(),
        };
        ((*field).to_owned(), json!(value))
    };
    let mut fields: serde_json::Map<String, serde_json::Value> = WRITTEN.iter().map(shown).collect();
    fields.insert("referral.urgency".to_owned(), json!(URGENCY[patient].0));
    fields.into()
}

#[test]
fn a_form_is_learned_from_three_documents_and_reads_the_fourth() {
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    let files: Vec<String> = (0..3)
        .map(|patient| {
            let turn = [0.0, 0.01, -0.012][patient];
            let page = laid(slip(patient, ""), 1.0 - 0.02 * patient as f64, turn, (20.0, 30.0));
            keep(folder.path(), &format!("slip-{patient}"), &page, &truth(patient))
        })
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let learned = referloop(&[&["forms", "learn", "--name", "slip"], &files[..]].concat(), &forms);
    let said = String::from_utf8_lossy(&learned.stdout).into_owned();
    assert!(
        learned.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&learned.stderr)
    );
    assert!(said.contains("patient.name"), "{said}");
    let written = std::fs::read_to_string(forms.join("slip.toml")).unwrap();
    for value in ["Marchetti", "Vance", "Beatriz", "CMH482913765", "1961", "Lindqvist"] {
        assert!(!written.contains(value), "{value} is a patient's or a person's");
    }
    let linted = referloop(&["rules", "lint"], &forms);
    assert!(linted.status.success(), "{}", String::from_utf8_lossy(&linted.stdout));
    let listed = referloop(&["forms", "list"], &forms);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("slip@1"));
    let rules = RuleSets::load_from(None, Some(&forms)).unwrap();
    let document = only_by(&rules, laid(slip(3, ""), 0.96, 0.015, (30.0, 20.0)));
    assert_eq!(document.template.as_deref(), Some("slip@1"));
    for (field, value) in truth(3).as_object().unwrap() {
        assert_eq!(text(&document, field), value.as_str(), "{field}");
    }
    // The same again would write over it.
    let again = referloop(&[&["forms", "learn", "--name", "slip"], &files[..]].concat(), &forms);
    assert!(!again.status.success());
}

#[test]
fn no_form_is_written_that_is_not_better_or_of_one_patient() {
    let folder = tempfile::tempdir().unwrap();
    let people = [
        (
            "Marchetti, Rosalind T.",
            "Rosalind T Marchetti",
            "08/14/1961",
            "1961-08-14",
        ),
        ("Vance, Theodore J.", "Theodore J Vance", "02/27/1948", "1948-02-27"),
        ("Okafor, Beatriz L.", "Beatriz L Okafor", "11/05/1990", "1990-11-05"),
    ];
    let files: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(number, (name, canonical, born, date))| {
            let lines = [
                "Patient Referral Form".to_owned(),
                "PATIENT INFORMATION".to_owned(),
                format!("Patient name: {name}"),
                format!("Date of birth: {born}"),
                "Please send your report to the referring office within two weeks".to_owned(),
                "We thank you for taking care of our patients".to_owned(),
            ];
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let fields = json!({"patient.name": canonical, "patient.birth_date": date});
            let page = extraction::page(1, &lines);
            keep(folder.path(), &format!("plain-{number}"), &page, &fields)
        })
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let forms = folder.path().join("none");
    std::fs::create_dir(&forms).unwrap();
    let refused = referloop(&[&["forms", "learn"], &files[..]].concat(), &forms);
    let said = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert_eq!(
        refused.status.code(),
        Some(1),
        "{said}{}",
        String::from_utf8_lossy(&refused.stderr)
    );
    assert!(said.contains("no form was written"), "{said}");
    assert_eq!(std::fs::read_dir(&forms).unwrap().count(), 0);
    let same = referloop(&["forms", "learn", files[0], files[0]], &forms);
    assert!(String::from_utf8_lossy(&same.stdout).contains("same patient"));
}

#[test]
fn a_new_form_is_one_file_and_a_wrong_one_names_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/forms/quillfeather-bay.toml");
    let form = std::fs::read_to_string(own).unwrap();
    let renamed = form.replacen("quillfeather-bay", "another", 1);
    std::fs::write(folder.path().join("another.toml"), &renamed).unwrap();
    let rules = RuleSets::load_from(None, Some(folder.path())).unwrap();
    let document = only_by(&rules, slip(0, ""));
    assert_eq!(document.template.as_deref(), Some("another@1"));
    let wrong = renamed.replacen("patient.name", "patient.shoe_size", 1);
    std::fs::write(folder.path().join("another.toml"), wrong).unwrap();
    let error = RuleSets::load_from(None, Some(folder.path()))
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("another.toml") && error.contains("patient.shoe_size"),
        "{error}"
    );
}
