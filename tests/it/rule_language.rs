//! What an author of rules can do without a line of code: one entry in TOML each.

use referloop::domain::fields::{FieldContent, FieldKey};
use referloop::domain::page::PageText;
use referloop::extraction::RuleSets;
use std::path::Path;
use std::process::{Command, Output};

fn referloop(words: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_referloop")).args(words).output();
    output.unwrap()
}

/// The pages of a sample, read once for all tests.
fn sample() -> Vec<PageText> {
    static PAGES: std::sync::OnceLock<Vec<PageText>> = std::sync::OnceLock::new();
    let read = || {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/clean-referral/fax.tif");
        let output = referloop(&["read", "--format", "json", path.to_str().unwrap()]);
        let mut json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        serde_json::from_value(json["pages"].take()).unwrap()
    };
    PAGES.get_or_init(read).clone()
}

/// The embedded rules with a change to the catalogue.
fn with_fields(change: impl Fn(String) -> String) -> RuleSets {
    with("fields.toml", change)
}

/// The embedded rules with a change to one file.
fn with(file: &str, change: impl Fn(String) -> String) -> RuleSets {
    let folder = tempfile::tempdir().unwrap();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in std::fs::read_dir(rules).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = if path.ends_with(file) { change(text) } else { text };
            std::fs::write(folder.path().join(path.file_name().unwrap()), text).unwrap();
        }
    }
    RuleSets::load(folder.path()).unwrap()
}

fn found(rules: &RuleSets, key: &str) -> Option<String> {
    let document = rules.extract(&sample()).documents.remove(0);
    match &document.fields.get(&FieldKey::new(key))?.value {
        FieldContent::Text(text) => Some(text.clone()),
        FieldContent::List(items) => Some(items.join(" ")),
    }
}

#[test]
fn a_part_can_be_left_out_to_measure_it() {
    let lines = [
        "Patient Referral Form",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "48 Alder Court",
        "Portland, OR 97205",
    ];
    let city = |rules: &RuleSets| {
        let document = rules.extract(&[super::extraction::page(1, &lines)]).documents.remove(0);
        document.fields.contains_key(&FieldKey::new("patient.address.city"))
    };
    assert!(city(&RuleSets::embedded()));
    let without = with("general.toml", |text| {
        text.replacen("name = ", "without = [\"leftovers\"]\nname = ", 1)
    });
    assert!(!city(&without));
}

#[test]
fn a_new_field_is_one_entry() {
    assert_eq!(found(&RuleSets::embedded(), "patient.called"), None);
    let entry = "\n[[field]]\nkey = \"patient.called\"\nlabel = \"Called\"\nsection = \"patient\"\ntype = \"person_name\"\norder = 900\nlabels = [\"patient name\"]\n";
    // The name's own label is taken from it, so that only the new field asks for it.
    let rules = with_fields(|text| {
        let text = text.replacen("\"{patient} name\", ", "", 1);
        text + entry
    });
    assert!(found(&rules, "patient.called").is_some_and(|name| name.contains(' ')));
}

#[test]
fn a_new_synonym_is_one_text() {
    let mut pages = sample();
    let word = pages[0].words.iter_mut().find(|word| word.text == "Birth:").unwrap();
    word.text = "Arrival:".to_owned();
    let birth_date = |rules: &RuleSets| {
        let document = rules.extract(&pages).documents.remove(0);
        document
            .fields
            .get(&FieldKey::new("patient.birth_date"))
            .map(|field| field.value.clone())
    };
    assert_eq!(birth_date(&RuleSets::embedded()), None);
    let with = with_fields(|text| text.replacen("\"dob\", ", "\"date of arrival\", \"dob\", ", 1));
    assert_eq!(birth_date(&with), Some(FieldContent::Text("1961-08-14".to_owned())));
}

#[test]
fn a_field_is_explained_in_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/clean-referral/fax.tif");
    let output = referloop(&[
        "rules",
        "explain",
        path.to_str().unwrap(),
        "--field",
        "patient.birth_date",
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    for part in [
        "looked at",
        "which asks for it",
        "found “",
        "chose “",
        "because its place scores highest",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let unknown = referloop(&[
        "rules",
        "explain",
        path.to_str().unwrap(),
        "--field",
        "patient.shoe_size",
    ]);
    assert!(!unknown.status.success());
}

#[test]
fn words_that_were_kept_give_what_the_document_gives() {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = [
        "clean-referral/fax.tif",
        "damaged-pdf/document.pdf",
        "two-patients/fax.tif",
    ]
    .map(|file| samples.join(file));
    let files: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    let read = referloop(&[&["read", "--format", "json"], &files[..]].concat());
    assert_eq!(read.status.code(), Some(1), "one of them is damaged");
    let kept = folder.path().join("kept.words");
    std::fs::write(&kept, &read.stdout).unwrap();
    let of_words = referloop(&["extract", "--json", kept.to_str().unwrap()]);
    let of_files = referloop(&[&["extract", "--json"], &files[..]].concat());
    assert_eq!(of_words.status.code(), Some(1));
    let lines = |output: &Output| {
        String::from_utf8(output.stdout.clone())
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&of_words), lines(&of_files));
}

#[test]
fn rules_without_slips_pass_and_others_are_told() {
    let output = referloop(&["rules", "lint"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
