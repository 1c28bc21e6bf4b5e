//! What stands in the place of a value and is none: a person sees it as it is written, and where.

use super::{Clinic, THEIRS, at_paths};
use crate::harness::{TestDb, on_both, sample};
use referloop::direct::context::Context;
use referloop::domain::fields::{DataFormat, FieldKey};
use referloop::domain::ids::TransmissionId;
use referloop::store;
use referloop::store::fields::FieldValue;
use std::collections::BTreeMap;

async fn values(clinic: &Clinic, of: &TransmissionId) -> BTreeMap<FieldKey, FieldValue> {
    let found = clinic.test.referrals_of(of).await;
    let [id] = &found[..] else { panic!("{found:?}") };
    let mut tx = clinic.test.app.db.read().await.unwrap();
    store::fields::current(&mut tx, id).await.unwrap()
}

/// What is written in a field's place, and the code of what is wrong with it.
fn told(value: &FieldValue) -> (Option<&str>, &str) {
    assert_eq!(value.value, None);
    let (problem, _) = value.problem.as_ref().unwrap();
    (value.raw.as_deref(), problem)
}

on_both!(what_is_written_wrongly_is_shown_with_its_place, async |db: TestDb| {
    let note = String::from_utf8(sample("direct/referral-note.xml")).unwrap();
    let mut odd = note.clone();
    for (good, bad) in [
        ("<birthTime value=\"19610409\"/>", "<birthTime value=\"199O0101\"/>"),
        (
            "<administrativeGenderCode code=\"F\" codeSystem=\"2.16.840.1.113883.5.1\"/>",
            "<administrativeGenderCode nullFlavor=\"UNK\"/>",
        ),
        ("extension=\"1234567893\"", "extension=\"1234567890\""),
    ] {
        assert!(odd.contains(good), "{good}");
        odd = odd.replace(good, bad);
    }
    let mut clinic = Clinic::new(db).await;
    let all = clinic.message(THEIRS, &[("note.xml", odd.as_bytes())]).await;
    let values = values(&clinic, &all[0].id).await;
    let of = |key: &str| &values[&FieldKey::new(key)];

    assert_eq!(told(of("patient.birth_date")), (Some("199O0101"), "malformed"));
    // What its sender says not to know has no text that anybody could correct.
    assert_eq!(told(of("patient.sex")), (None, "said_unknown"));
    assert_eq!(told(of("referrer.npi")).0, Some("1234567890"));

    let keys = ["patient.birth_date", "patient.sex", "referrer.npi"];
    let path = |key: &str| {
        let passage = of(key).passage.as_ref().unwrap();
        assert_eq!((passage.format, passage.paths.len()), (DataFormat::CCda, 1), "{key}");
        // It stands on the sheet, too.
        assert!(of(key).page == Some(1) && of(key).bounds.unwrap().width > 10, "{key}");
        passage.paths[0].clone()
    };
    let found = at_paths(odd.as_bytes(), &keys.map(path));
    assert_eq!(found, ["199O0101", "UNK", "1234567890"]);
});

on_both!(
    what_only_the_message_says_of_its_patient_is_offered,
    async |db: TestDb| {
        let note = String::from_utf8(sample("direct/referral-note.xml")).unwrap();
        let born = "<birthTime value=\"19610409\"/>";
        assert!(note.contains(born));
        let without = note.replace(born, "");
        let mut clinic = Clinic::new(db).await;
        let day = chrono::NaiveDate::from_ymd_opt(1961, 4, 9);
        let context = Context::of_note("x", [("2.999.1", "MRN-40217")], "Rosa", "Example", day);
        let all = clinic
            .message_about(Some(&context), THEIRS, &[("note.xml", without.as_bytes())])
            .await;
        let values = values(&clinic, &all[0].id).await;
        let offered = &values[&FieldKey::new("patient.birth_date")];
        assert_eq!(told(offered), (Some("1961-04-09"), "only_in_message"));
        let passage = offered.passage.as_ref().unwrap();
        assert_eq!((passage.format, offered.page), (DataFormat::DirectContext, None));
        assert_eq!(passage.paths, ["patient: dateOfBirth"]);
        // What the document says stands as it says it.
        let name = &values[&FieldKey::new("patient.name")];
        assert!(name.value.is_some() && name.problem.is_none());
    }
);
