//! One message, one patient: what does not fit stands before a person.

use super::{Clinic, THEIRS, by_stage, scan};
use crate::harness::{TestDb, on_both, sample};
use chrono::NaiveDate;
use referloop::cda::oid;
use referloop::direct::context::Context;
use referloop::domain::decision::AnswerBasis;
use referloop::domain::fields::FieldKey;
use referloop::domain::ids::TransmissionId;
use referloop::domain::people::Actor;
use referloop::domain::transmission::{QuarantineReason, Stage};
use referloop::pipeline::quarantine;
use referloop::store;

on_both!(what_is_not_one_patients_is_held_for_a_person, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let note = sample("direct/referral-note.xml");
    let summary = sample("direct/continuity-of-care.xml");
    let all = clinic.message(THEIRS, &[("a.xml", &note), ("b.xml", &summary)]).await;
    let held = (Stage::Quarantined, Some(QuarantineReason::SeveralPatients));
    assert_eq!(by_stage(&all), [held, held]);
    assert_eq!(clinic.original(&all[1]).await, summary);
    // A person lets each be read by itself.
    for one in &all {
        quarantine::retry(&clinic.test.app, &Actor::Operator, &one.id)
            .await
            .unwrap();
    }
    clinic.test.run_jobs().await;
    for (one, patient) in all.iter().zip(["Rosa M Example", "José Sample"]) {
        let found = clinic.test.referrals_of(&one.id).await;
        let [id] = &found[..] else { panic!() };
        assert_eq!(clinic.test.value(id, "patient.name").await.unwrap(), patient);
    }

    // A scan about somebody else is not put with the referral of its message: it is offered.
    let stranger = scan("Gregor Wendt", (1949, 2, 3));
    let all = clinic.message(THEIRS, &[("a.xml", &note), ("b.pdf", &stranger)]).await;
    let [lead, scan] = &all[..] else { panic!() };
    let found = clinic.test.referrals_of(&lead.id).await;
    let [id] = &found[..] else { panic!() };
    let found = clinic.answers(id).await;
    let [offered] = &found[..] else { panic!() };
    assert_eq!(
        (&offered.transmission, offered.basis),
        (&scan.id, AnswerBasis::OtherPatient)
    );
    assert!(!offered.attached && offered.settled_at.is_none());
});

fn about(given: &str, family: &str, born: (i32, u32, u32)) -> Context {
    let born = NaiveDate::from_ymd_opt(born.0, born.1, born.2);
    Context::of_note("x", [("2.999.1", "MRN-9")], given, family, born)
}

on_both!(
    who_repeats_our_number_of_a_patient_may_answer_that_referral,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        clinic
            .message(THEIRS, &[("a.xml", &sample("direct/referral-note.xml"))])
            .await;
        let id = clinic.only_referral().await;
        let ours = oid::derived("direct.harborview.example");
        let born = NaiveDate::from_ymd_opt(1961, 4, 9);
        let later = scan("Rosa M Example", (1961, 4, 9));
        // Under another's OID it is another's number.
        for authority in ["2.999.1", ours.as_str()] {
            let context = Context::of_note("x", [(authority, id.as_str())], "Rosa", "Example", born);
            clinic.message_about(Some(&context), THEIRS, &[("a.pdf", &later)]).await;
        }
        let found = clinic.answers(&id).await;
        let [offered] = &found[..] else { panic!("{found:?}") };
        assert_eq!((offered.basis, offered.attached), (AnswerBasis::PatientNumber, false));
    }
);

on_both!(
    what_a_message_says_of_its_patient_is_held_against_its_files,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        let note = sample("direct/referral-note.xml");
        // Data about one patient in a message about another: nobody but a person can say whose it is.
        let other = about("Ana", "Example", (1970, 1, 2));
        let all = clinic.message_about(Some(&other), THEIRS, &[("a.xml", &note)]).await;
        assert_eq!(
            by_stage(&all),
            [(Stage::Quarantined, Some(QuarantineReason::SeveralPatients))]
        );

        let problem = async |clinic: &Clinic, one: &TransmissionId| {
            let found = clinic.test.referrals_of(one).await;
            let [id] = &found[..] else { panic!("{found:?}") };
            let mut tx = clinic.test.app.db.read().await.unwrap();
            let values = store::fields::current(&mut tx, id).await.unwrap();
            let name = &values[&FieldKey::new("patient.name")];
            (name.value.is_some(), name.problem.clone().map(|(code, _)| code))
        };
        // A scan: its pages are taken, and the name is in doubt.
        let letter = sample("referral-letter/document.pdf");
        let all = clinic.message_about(Some(&other), THEIRS, &[("a.pdf", &letter)]).await;
        assert_eq!(by_stage(&all), [(Stage::Done, None)]);
        assert_eq!(all[0].details.said.as_ref().unwrap().numbers[0].id, "MRN-9");
        let told = problem(&clinic, &all[0].id).await;
        assert_eq!(told, (true, Some("other_patient_in_message".to_owned())));

        let same = about("Desmond", "Okonjo", (1988, 11, 5));
        let fax = sample("incomplete-referral/fax.tif");
        let all = clinic.message_about(Some(&same), THEIRS, &[("b.tif", &fax)]).await;
        assert_eq!(problem(&clinic, &all[0].id).await, (true, None));
    }
);
