use super::*;
use crate::domain::fields::FieldContent;
use crate::domain::page::PixelBox;

fn value(source: &str, text: Option<&str>, confidence: f64) -> FieldValue {
    FieldValue {
        source: source.to_owned(),
        value: text.map(|text| FieldContent::Text(text.to_owned())),
        raw: None,
        confidence,
        page: Some(1),
        bounds: Some(PixelBox {
            x: 10,
            y: 20,
            width: 100,
            height: 30,
        }),
        boxes: Vec::new(),
        rule: "general/label-right".to_owned(),
        passage: None,
        problem: None,
        created_at: DateTime::UNIX_EPOCH,
    }
}

fn state_of(past: Vec<FieldValue>) -> (String, &'static str) {
    let rules = RuleSets::embedded();
    let names = Names(HashMap::from([("usr_1".to_owned(), "ana".to_owned())]));
    let reader = Reader {
        rules: &rules,
        names: &names,
        now: DateTime::UNIX_EPOCH,
    };
    let key = FieldKey::new("patient.name");
    let history = BTreeMap::from([(key.clone(), past)]);
    let view = reader.one(&key, &history, &BTreeSet::new()).unwrap();
    (view.state.text, view.state.class)
}

#[test]
fn a_state_says_who_and_how_sure() {
    assert_eq!(
        state_of(vec![value(MACHINE, Some("Ana Ruiz"), 0.99)]),
        ("99 %".to_owned(), "machine")
    );
    assert_eq!(
        state_of(vec![value(MACHINE, Some("Ana Ruiz"), 0.5)]),
        ("To check".to_owned(), "check")
    );
    assert_eq!(state_of(vec![]), ("Missing".to_owned(), "missing"));
    let corrected = vec![
        value(MACHINE, Some("Ana Ruiz"), 0.5),
        value("usr_1", Some("Ana Ruis"), 1.0),
    ];
    assert_eq!(state_of(corrected), ("Corrected by ana".to_owned(), "human"));
    let confirmed = vec![
        value(MACHINE, Some("Ana Ruiz"), 0.5),
        value("usr_1", Some("Ana Ruiz"), 1.0),
    ];
    assert_eq!(state_of(confirmed), ("Confirmed by ana".to_owned(), "human"));
    let cleared = vec![value(MACHINE, Some("Ana Ruiz"), 0.5), value("usr_1", None, 1.0)];
    assert_eq!(state_of(cleared).1, "missing");
}

#[test]
fn a_certain_value_that_a_person_is_asked_about_looks_like_a_doubtful_one() {
    let rules = RuleSets::embedded();
    let names = Names::default();
    let reader = Reader {
        rules: &rules,
        names: &names,
        now: DateTime::UNIX_EPOCH,
    };
    let key = FieldKey::new("patient.name");
    let shown = |confidence: f64, asked: &BTreeSet<FieldKey>| {
        let history = BTreeMap::from([(key.clone(), vec![value(MACHINE, Some("Ana Ruiz"), confidence)])]);
        let view = reader.one(&key, &history, asked).unwrap();
        let how: Vec<String> = view.history.into_iter().map(|past| past.how).collect();
        (view.state.class, view.state.text, view.state.why, how)
    };
    let asked = BTreeSet::from([key.clone()]);
    assert_eq!(shown(0.99, &asked), shown(0.5, &BTreeSet::new()));
}

#[test]
fn values_read_as_people_write_them() {
    let read = |text: &str| shown(&FieldContent::Text(text.to_owned()));
    assert_eq!(read("1961-08-14"), "14 Aug 1961");
    assert_eq!(read("+15035550118"), "(503) 555-0118");
    assert_eq!(read("evaluate_and_treat"), "Evaluate and treat");
    assert_eq!(read("WC-204417"), "WC-204417");
}

#[test]
fn a_correction_keeps_the_evidence_of_the_machine() {
    let rules = RuleSets::embedded();
    let names = Names::default();
    let reader = Reader {
        rules: &rules,
        names: &names,
        now: DateTime::UNIX_EPOCH,
    };
    let key = FieldKey::new("patient.name");
    let mut typed = value("usr_1", Some("Ana Ruis"), 1.0);
    (typed.bounds, typed.page) = (None, None);
    let history = BTreeMap::from([(key.clone(), vec![value(MACHINE, Some("Ana Ruiz"), 0.5), typed])]);
    let sections = reader.sections(&history, &BTreeSet::new());
    let marks = marks(&sections, &history, 1);
    assert_eq!(
        (marks.len(), marks[0].bounds.x, marks[0].bounds.width, marks[0].state),
        (1, 6, 108, "human")
    );
}
