use super::*;
use crate::domain::ids::ReferralId;
use crate::store::fields::{FieldValue, MACHINE};
use chrono::DateTime;

const NAME: &str = "patient.name";
const BIRTH_DATE: &str = "patient.birth_date";
const LANGUAGE: &str = "patient.language";

fn critical() -> BTreeSet<FieldKey> {
    [NAME, BIRTH_DATE].map(FieldKey::new).into()
}

fn reading(is_ready: bool, fields: &[(&str, &str)]) -> Reading {
    let shown = |text: &str| Shown {
        value: FieldContent::Text(text.to_owned()),
        page: Some(2),
    };
    Reading {
        fields: fields
            .iter()
            .map(|(key, text)| (FieldKey::new(*key), shown(text)))
            .collect(),
        is_ready,
    }
}

/// What counts in the end; `by_person` says that it was typed, or cleared.
fn truth(text: Option<&str>, by_person: bool) -> Truth {
    let source = if by_person { "usr_1" } else { MACHINE };
    Truth::of(&[FieldValue {
        source: source.to_owned(),
        value: text.map(|text| FieldContent::Text(text.to_owned())),
        raw: None,
        confidence: 1.0,
        page: None,
        bounds: None,
        boxes: Vec::new(),
        rule: String::new(),
        passage: None,
        problem: None,
        created_at: DateTime::UNIX_EPOCH,
    }])
}

fn check(key: &str, before: Option<&str>, after: Option<&str>, truth: Truth, expect: Option<Change>) {
    let one = |text: Option<&str>| reading(false, &text.map(|text| (key, text)).into_iter().collect::<Vec<_>>());
    let truths = BTreeMap::from([(FieldKey::new(key), truth)]);
    let found = compare(&one(before), &one(after), &truths, &critical());
    assert_eq!(
        found.first().map(|comparison| comparison.change),
        expect,
        "{key}: {before:?} to {after:?}"
    );
}

#[test]
fn each_field_is_held_against_what_was_released() {
    let ana = || truth(Some("Ana Ruiz"), true);
    check(NAME, Some("Ana Ruis"), Some("ANA RUIZ"), ana(), Some(Change::Better));
    check(NAME, None, Some("Ana Ruiz"), ana(), Some(Change::Better));
    check(NAME, Some("Ana Ruiz"), Some("Ana"), ana(), Some(Change::Worse));
    check(NAME, Some("Ana Ruiz"), None, ana(), Some(Change::Worse));
    check(NAME, Some("Ana"), Some("Ruiz"), ana(), Some(Change::StillWrong));
    check(NAME, None, None, ana(), Some(Change::StillWrong));
    check(NAME, Some("Ana Ruiz"), Some("Ana Ruiz"), ana(), Some(Change::Same));
}

#[test]
fn an_empty_field_is_known_to_be_empty_only_where_somebody_looked() {
    let (left, cleared) = (truth(None, false), truth(None, true));
    check(LANGUAGE, None, Some("Spanish"), left.clone(), Some(Change::Unknown));
    check(LANGUAGE, None, Some("Spanish"), cleared.clone(), Some(Change::Worse));
    check(LANGUAGE, Some("Spanish"), None, cleared, Some(Change::Better));
    check(NAME, None, Some("Ana Ruiz"), left.clone(), Some(Change::Worse));
    check(NAME, None, None, left, None);
}

fn replayed(cases: &[(Reading, Reading)]) -> Replay {
    let truths = BTreeMap::from([
        (FieldKey::new(NAME), truth(Some("Ana Ruiz"), false)),
        (FieldKey::new(BIRTH_DATE), truth(Some("1962-03-14"), true)),
    ]);
    let mut replay = Replay::default();
    for (before, after) in cases {
        let id = ReferralId::new(DateTime::UNIX_EPOCH);
        replay.add(&id, (before, after), &truths, &critical());
    }
    replay
}

#[test]
fn a_critical_field_that_loses_more_than_it_wins_is_named() {
    let right = || reading(false, &[(NAME, "Ana Ruiz"), (BIRTH_DATE, "1962-03-14")]);
    let wrong = || reading(false, &[(NAME, "Ana Ruiz"), (BIRTH_DATE, "1926-03-14")]);
    let even = replayed(&[(right(), wrong()), (wrong(), right())]);
    assert_eq!(even.worsened(&critical()).count(), 0);
    assert_eq!(even.values.len(), 2);
    assert_eq!(even.values[0].page, Some(2));
    let still = replayed(&[(wrong(), wrong())]);
    assert_eq!((still.values.len(), still.values[0].is_changed), (1, false));
    let worse = replayed(&[(right(), wrong()), (right(), right())]);
    assert_eq!(
        worse.worsened(&critical()).collect::<Vec<_>>(),
        [&FieldKey::new(BIRTH_DATE)]
    );
    assert_eq!(worse.fields[&FieldKey::new(NAME)].same, 2);
}

#[test]
fn a_wrong_ready_is_told_where_it_is_new() {
    let wrong = |is_ready| reading(is_ready, &[(NAME, "Ana Ruiz"), (BIRTH_DATE, "1926-03-14")]);
    let new = replayed(&[(wrong(false), wrong(true))]);
    assert_eq!(
        (new.newly_wrong_ready.len(), new.after.ready, new.after.wrong),
        (1, 1, 1)
    );
    let old = replayed(&[(wrong(true), wrong(true))]);
    assert_eq!((old.newly_wrong_ready.len(), old.before.wrong), (0, 1));
    // A critical value that is not read at all is wrong too, where a reviewer found one.
    let missing = replayed(&[(wrong(false), reading(true, &[(NAME, "Ana Ruiz")]))]);
    assert_eq!(missing.newly_wrong_ready.len(), 1);
}

#[test]
fn the_document_that_holds_most_of_the_pages_is_the_referral() {
    let document = |from, to, state, name: &str| ExtractedDocument {
        kind: crate::domain::document::DocumentKind::Referral,
        pages: PageRange { from, to },
        state,
        template: Some(name.to_owned()),
        fields: BTreeMap::new(),
        missing: Vec::new(),
        problems: Vec::new(),
        remarks: Vec::new(),
        doubtful: Vec::new(),
    };
    let extraction = Extraction {
        pages: Vec::new(),
        documents: vec![
            document(1, 1, DocumentState::NeedsReview, "first"),
            document(2, 4, DocumentState::Ready, "second"),
        ],
    };
    assert!(Reading::of(extraction.clone(), PageRange { from: 1, to: 3 }).is_ready);
    assert!(!Reading::of(extraction.clone(), PageRange { from: 1, to: 1 }).is_ready);
    assert!(!Reading::of(extraction, PageRange { from: 9, to: 9 }).is_ready);
}
