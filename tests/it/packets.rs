//! The packet around a referral: what its specialty wants to have with it, and whether all pages came.

use super::extraction::{FORM, page};
use referloop::domain::document::DocumentState;
use referloop::domain::fields::{ExtractedDocument, FieldKey};
use referloop::domain::page::PageText;
use referloop::extraction::RuleSets;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

static RULES: LazyLock<RuleSets> = LazyLock::new(RuleSets::embedded);

/// The first page: an urgent referral to cardiology, with texts changed and further lines at its foot.
fn referral(changes: &[(&str, &str)], further: &[&str]) -> PageText {
    let lines = FORM.iter().map(|(_, line)| *line).chain(further.iter().copied());
    let text = lines.collect::<Vec<_>>().join("\n");
    let change = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
    let text = changes.iter().fold(text, change);
    page(1, &text.lines().collect::<Vec<_>>())
}

const ROUTINE: (&str, &str) = ("Priority: Urgent", "Priority: Routine");
const TO_UROLOGY: (&str, &str) = ("Specialty: Cardiology", "Specialty: Urology");
const TO_ORTHOPEDICS: (&str, &str) = ("Specialty: Cardiology", "Specialty: Orthopedics");

fn only_of(rules: &RuleSets, pages: &[PageText]) -> ExtractedDocument {
    let mut documents = rules.extract(pages).documents;
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn said(document: &ExtractedDocument) -> String {
    let remarks: Vec<String> = document.remarks.iter().map(ToString::to_string).collect();
    remarks.join("\n")
}

const NOTE: [&str; 5] = [
    "Office Visit Note",
    "Chief complaint: palpitations",
    "History of present illness: two episodes in May",
    "Physical exam: no acute distress",
    "Assessment and plan: refer",
];

const TRACING: [&str; 4] = [
    "12-Lead ECG",
    "Vent. rate 71 bpm    PR interval 164 ms    QRS duration 92 ms",
    "Normal sinus rhythm",
    "Findings: none. Impression: normal. Technique: standard. Comparison: none",
];

#[test]
fn an_attachment_is_found_as_a_page_of_the_packet() {
    let pages = [referral(&[], &[]), page(2, &NOTE), page(3, &TRACING)];
    let document = only_of(&RULES, &pages);
    assert_eq!(document.remarks, [], "{}", said(&document));
    let explained = RULES.explain_packet(&pages);
    assert!(
        explained.contains("ECG (required): page 3 shows it by “"),
        "{explained}"
    );
    assert!(
        explained.contains("last office note (required): page 2 shows it by its kind"),
        "{explained}"
    );
    assert!(
        explained.contains("echocardiogram or stress test, if done (helpful): not found; looked on"),
        "{explained}"
    );
}

#[test]
fn an_attachment_is_found_in_the_words_of_the_referral() {
    let pages = [referral(&[], &["Office note and ECG attached"])];
    let document = only_of(&RULES, &pages);
    assert_eq!(document.remarks, [], "{}", said(&document));
    let explained = RULES.explain_packet(&pages);
    assert!(explained.contains("page 1 says that “ecg” is attached"), "{explained}");
}

#[test]
fn what_is_nowhere_is_remarked_and_holds_nobody_back() {
    let further = ["Office note attached", "Please attach ECG"];
    let urgent = referral(&[], &further);
    for (sheet, ends) in [
        (urgent.clone(), "The referral is urgent: do not wait for it."),
        (
            referral(&[ROUTINE], &further),
            "Look through the pages; if it is not among them, ask for it.",
        ),
    ] {
        let document = only_of(&RULES, &[sheet]);
        let said = said(&document);
        assert!(
            said.starts_with("Cardiology asks for what was not found: ECG."),
            "{said}"
        );
        assert!(
            said.contains("It would help to have: ") && said.ends_with(ends),
            "{said}"
        );
        assert_eq!((document.missing.len(), document.state), (0, DocumentState::Ready));
    }
    // Its format is a contract that has no place for remarks.
    let json = serde_json::to_value(only_of(&RULES, &[urgent])).unwrap();
    assert_eq!(json.get("remarks"), None);
}

/// The embedded rules with one more file for specialties.
fn with_specialties(toml: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in std::fs::read_dir(rules).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    let within = folder.path().join("specialties");
    std::fs::create_dir(&within).unwrap();
    std::fs::write(within.join("mine.toml"), format!("schema = 1\nversion = 1\n{toml}")).unwrap();
    folder
}

const UROLOGY: &str = r#"
[[specialty]]
names = ["Urology"]
fields = ["patient.language"]

[[specialty.attachment]]
label = "PSA"
need = "required"
pages = ["lab"]
words = ["prostate specific antigen"]
named = ["psa"]
"#;

#[test]
fn a_specialty_is_one_entry() {
    let urgent = referral(&[TO_UROLOGY], &[]);
    assert_eq!(only_of(&RULES, std::slice::from_ref(&urgent)).remarks, []);
    let folder = with_specialties(UROLOGY);
    let rules = RuleSets::load(folder.path()).unwrap();
    let document = only_of(&rules, &[urgent]);
    let told = said(&document);
    assert!(told.contains("Urology asks for what was not found: PSA."), "{told}");
    // Its field is missing like any other, but nobody urgent waits for it.
    let missing = vec![FieldKey::new("patient.language")];
    assert_eq!((&document.missing, document.state), (&missing, DocumentState::Ready));
    let calm = only_of(&rules, &[referral(&[TO_UROLOGY, ROUTINE], &[])]);
    assert_eq!((&calm.missing, calm.state), (&missing, DocumentState::NeedsReview));
    let enclosed = referral(
        &[TO_UROLOGY, ROUTINE],
        &["Enclosed: PSA", "Preferred language: English"],
    );
    let document = only_of(&rules, &[enclosed]);
    assert_eq!((document.remarks.len(), document.state), (0, DocumentState::Ready));
}

#[test]
fn an_old_report_is_remarked_with_its_day() {
    let report = |day: &str| {
        let day = format!("Exam date: {day}");
        page(
            2,
            &[
                "MRI Report",
                &day,
                "Technique: sagittal",
                "Findings: none",
                "Impression: normal",
            ],
        )
    };
    let sheet = || referral(&[TO_ORTHOPEDICS], &[]);
    let old = said(&only_of(&RULES, &[sheet(), report("03/04/2024")]));
    assert!(old.contains("on page 2 is of 4 Mar 2024, more than 365 days"), "{old}");
    let fresh = only_of(&RULES, &[sheet(), report("03/04/2026")]);
    assert_eq!(fresh.remarks, [], "{}", said(&fresh));
}

#[test]
fn a_packet_without_its_second_page_is_not_ready() {
    let first = || referral(&[], &["Office note and ECG attached", "Page 1 of 3"]);
    let page_of = |number: u32, foot: &str| page(number, &["Patient: Rosalind T. Marchetti", "Further history", foot]);
    let whole = [first(), page_of(2, "Page 2 of 3"), page_of(3, "Page 3 of 3")];
    let document = only_of(&RULES, &whole);
    assert_eq!(
        (document.state, document.remarks.len()),
        (DocumentState::Ready, 0),
        "{}",
        said(&document)
    );
    let document = only_of(&RULES, &[first(), page_of(2, "Page 3 of 3")]);
    assert_eq!(document.state, DocumentState::NeedsReview);
    let said = said(&document);
    assert!(
        said.contains("counts 3 pages, but 2 pages came. Page 2 is missing"),
        "{said}"
    );
}

#[test]
fn reports_whose_first_page_is_missing_may_have_lost_their_referral() {
    let report = |foot: &str| {
        let lines = [
            "Laboratory Report",
            "Specimen: blood",
            "Hemoglobin 12.3 g/dL",
            "Reference range 12.0-16.0",
            foot,
        ];
        page(1, &lines)
    };
    let state = |foot: &str| only_of(&RULES, &[report(foot)]).state;
    assert_eq!(state("Page 1 of 1"), DocumentState::NotAReferral);
    assert_eq!(state("Page 2 of 2"), DocumentState::NeedsReview);
}

#[test]
fn a_cover_announces_more_pages_than_came() {
    let cover = |count: &str| {
        page(
            1,
            &["FAX COVER SHEET", "To: Riverbend Cardiology", "From: Front desk", count],
        )
    };
    for (count, state) in [
        ("Pages (including cover): 2", DocumentState::Ready),
        ("Pages: 1", DocumentState::Ready),
        ("Pages (not including cover): 1", DocumentState::Ready),
        ("Pages (including cover): 3", DocumentState::NeedsReview),
        ("Pages (not including cover): 2", DocumentState::NeedsReview),
    ] {
        let mut sheet = referral(&[], &["Office note and ECG attached"]);
        sheet.number = 2;
        let document = only_of(&RULES, &[cover(count), sheet]);
        assert_eq!(document.state, state, "{count}: {}", said(&document));
        assert_eq!(
            said(&document).contains("but 2 pages came"),
            state == DocumentState::NeedsReview,
            "{count}"
        );
    }
}

fn lint(toml: &str) -> (bool, String) {
    let folder = with_specialties(toml);
    let command = Command::new(env!("CARGO_BIN_EXE_referloop"))
        .args(["rules", "lint"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = [command.stdout, command.stderr].concat();
    (command.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn lint_tells_slips_of_specialties_with_their_lines() {
    let (clean, said) = lint(UROLOGY);
    assert!(clean, "{said}");
    for (from, to, expect) in [
        (
            "\"Urology\"",
            "\"Urologie\"",
            "specialties/mine.toml:5: “Urologie” is no value",
        ),
        (
            "patient.language",
            "patient.tongue",
            "specialties/mine.toml:6: `patient.tongue` is not in the catalogue",
        ),
        ("[\"lab\"]", "[\"labs\"]", "line 11"),
        ("\"psa\"", "\"-\"", "specialties/mine.toml:13: an empty word of “PSA”"),
    ] {
        let (clean, said) = lint(&UROLOGY.replace(from, to));
        assert!(!clean && said.contains(expect), "{expect} is not in:\n{said}");
    }
}
