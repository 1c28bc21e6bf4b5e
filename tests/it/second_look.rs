//! Places that the rules want to have read once more, and what is made of the second reading.

use super::extraction::{only, page, text};
use super::known_forms::{only_by, slip};
use referloop::domain::alphabet::Alphabet;
use referloop::domain::fields::{ExtractedDocument, FieldKey};
use referloop::domain::page::{PageText, TextSource};
use referloop::domain::region::{Region, SecondLook};
use referloop::extraction::RuleSets;
use referloop::reading::{Doubts, Pool, ReadingConfig};
use std::fs;
use std::path::{Path, PathBuf};

fn regions(page: &PageText) -> Vec<Region> {
    RuleSets::embedded().worth_a_second_look(page)
}

/// The page with a second reading of each place that is worth one.
fn looked_at(mut page: PageText, text: impl Fn(&Region) -> Option<&'static str>) -> PageText {
    let looks = regions(&page).into_iter().filter_map(|region| {
        let text = text(&region)?.to_owned();
        Some(SecondLook {
            region,
            text,
            confidence: 0.9,
        })
    });
    page.looks = looks.collect();
    page
}

fn recognised(mut page: PageText) -> PageText {
    page.text_source = TextSource::Ocr;
    page
}

const LINES: [&str; 5] = [
    "REFERRAL FORM",
    "Patient name: Marchetti, Rosalind T.",
    "Date of birth: 08/14/1961",
    "Member ID: 244105139",
    "Referring provider: Helen Adeyemi, MD   NPI: 1234567893",
];

#[test]
fn critical_values_are_worth_a_second_look_where_they_were_recognised() {
    let alphabets: Vec<Alphabet> = regions(&recognised(page(1, &LINES)))
        .iter()
        .map(|r| r.alphabet)
        .collect();
    for wanted in [Alphabet::Any, Alphabet::Date, Alphabet::Code, Alphabet::Digits] {
        assert!(alphabets.contains(&wanted), "{wanted:?} in {alphabets:?}");
    }
    // Nobody recognised the words of a text layer.
    assert_eq!(regions(&page(1, &LINES)), []);
}

#[test]
fn a_member_number_that_two_readings_agree_on_is_surer_and_a_disputed_one_less_sure() {
    let member = FieldKey::new("insurance.member_id");
    let confidence = |said: Option<&'static str>| {
        let code = |region: &Region| said.filter(|_| region.alphabet == Alphabet::Code);
        only(&[looked_at(recognised(page(1, &LINES)), code)]).fields[&member].confidence
    };
    let once = confidence(None);
    let disputed = confidence(Some("Z44105139"));
    assert!(disputed < once - 0.1, "{disputed} {once}");
    // Words of these tests are read with full confidence: being read twice adds nothing.
    assert!(confidence(Some("244105139")) >= once);
}

#[test]
fn a_zone_of_a_known_form_is_read_again_with_what_can_stand_there() {
    let misread = || {
        let mut page = recognised(slip(0, ""));
        let born = page.words.iter_mut().find(|word| word.text == "08/14/1961").unwrap();
        born.text = "o8/l4/196j".to_owned();
        page
    };
    let rules = RuleSets::embedded();
    assert_eq!(text(&only_by(&rules, misread()), "patient.birth_date"), None);
    let date = |region: &Region| (region.alphabet == Alphabet::Date).then_some("08/14/1961");
    let document = only_by(&rules, looked_at(misread(), date));
    assert_eq!(document.template.as_deref(), Some("quillfeather-bay@1"));
    assert_eq!(text(&document, "patient.birth_date"), Some("1961-08-14"));
    // What only one of two readings says is less sure than what was read plainly.
    let confidence = |document: &ExtractedDocument| document.fields[&FieldKey::new("patient.birth_date")].confidence;
    assert!(confidence(&document) < confidence(&only_by(&rules, slip(0, ""))));
}

#[tokio::test]
async fn the_child_reads_again_what_the_rules_want() {
    let config = ReadingConfig {
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop"))),
        ..ReadingConfig::default()
    };
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/clean-referral/fax.tif")).unwrap();
    let doubts = Doubts::new(|page| RuleSets::embedded().worth_a_second_look(page));
    let read = Pool::with_doubts(config, doubts).read(&bytes).await.unwrap();
    let pages: Vec<PageText> = read.pages.into_iter().map(|page| page.text).collect();
    let looks = pages.iter().flat_map(|page| &page.looks);
    let numbers = looks.filter(|look| look.region.alphabet == Alphabet::Digits);
    let numbers: Vec<&str> = numbers.map(|look| look.text.as_str()).collect();
    let document = RuleSets::embedded().extract(&pages).documents.remove(0);
    let npi = text(&document, "referrer.npi").expect("the sample has an NPI");
    assert!(numbers.contains(&npi), "{numbers:?}");
    let evidence = document.fields[&FieldKey::new("referrer.npi")]
        .evidence
        .as_ref()
        .unwrap();
    assert!(evidence.scan > 0.985, "{evidence:?}");
}
