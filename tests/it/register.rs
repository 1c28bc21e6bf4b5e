//! The register of patients: who is linked without a question, who is asked about, and what can be taken back.

use crate::harness::arrivals::{extracted, opened};
use crate::harness::{TestApp, TestDb, on_both};
use chrono::TimeDelta;
use referloop::domain::clinic::SamplePercent;
use referloop::domain::document::DocumentState;
use referloop::domain::fields::FieldKey;
use referloop::domain::ids::{PatientId, ReferralId, TransmissionId};
use referloop::domain::matching::Class;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::StatusName;
use referloop::domain::register::Record;
use referloop::referrals::act::{ActError, ActRequest, Obstacle, act};
use referloop::referrals::correct::correct_field;
use referloop::referrals::register::{self, Choice, MergeError};
use referloop::store::patients::Patient;
use referloop::store::{self, patient_links, patients};

struct Clinic {
    test: TestApp,
    ana: Actor,
    fax: TransmissionId,
    arrived: u32,
}

/// What a referral says of a patient.
type Said<'a> = &'a [(&'a str, &'a str)];

const ROSALIND: Said<'static> = &[
    ("patient.name", "Rosalind T Marchetti"),
    ("patient.birth_date", "1961-08-14"),
    ("patient.sex", "female"),
    ("patient.phone", "+15035550118"),
    ("patient.address.line", "12 Main St"),
    ("patient.address.city", "Portland"),
    ("patient.address.state", "OR"),
    ("patient.address.postal_code", "97201"),
    ("insurance.payer", "Cascade Health"),
    ("insurance.member_id", "CMH482913765"),
];

/// Her twin sister: everything is alike but the given name.
const ROSEMARY: Said<'static> = &[
    ("patient.name", "Bernadette Marchetti"),
    ("patient.birth_date", "1961-08-14"),
    ("patient.sex", "female"),
    ("patient.phone", "+15035550118"),
    ("patient.address.line", "12 Main St"),
    ("patient.address.city", "Portland"),
    ("patient.address.state", "OR"),
    ("patient.address.postal_code", "97201"),
];

const OMAR: Said<'static> = &[
    ("patient.name", "Omar Okonjo"),
    ("patient.birth_date", "1988-02-03"),
    ("patient.phone", "+15035550177"),
];

impl Clinic {
    async fn new(db: TestDb) -> Self {
        Self::with(db, false).await
    }

    async fn with(db: TestDb, straight_through: bool) -> Self {
        let test = TestApp::with(db, |config| {
            config.automation.straight_through = straight_through;
            config.automation.sample_percent = SamplePercent::try_from(0.0).unwrap();
            config.automation.probation = 0;
        })
        .await;
        let ana = test.person("ana", Role::Coordinator).await;
        let fax = test
            .fax_from(Some("+15035550143"), "all", b"%PDF-1.4\n%%EOF\n".to_vec())
            .await;
        Self {
            test,
            ana,
            fax,
            arrived: 0,
        }
    }

    async fn arrives(&mut self, said: Said<'_>, state: DocumentState) -> ReferralId {
        self.arrived += 1;
        self.test.app.clock.advance(TimeDelta::minutes(5));
        let values: Vec<_> = said.iter().map(|(key, text)| (*key, *text, 0.99)).collect();
        opened(&self.test.app, &self.fax, self.arrived, &extracted(state, &values)).await
    }

    async fn release(&self, id: &ReferralId) -> Result<(), ActError> {
        act(&self.test.app, &self.ana, id, None, ActRequest::Release {})
            .await
            .map(|_| ())
    }

    /// Each by a task of its own.
    async fn release_at_once(&self, ids: &[ReferralId]) {
        let release = |id: &ReferralId| {
            let (app, ana, id) = (self.test.app.clone(), self.ana.clone(), id.clone());
            tokio::spawn(async move { act(&app, &ana, &id, None, ActRequest::Release {}).await })
        };
        let releases: Vec<_> = ids.iter().map(release).collect();
        for released in releases {
            released.await.unwrap().unwrap();
        }
    }

    /// Arrives and is released without a question.
    async fn released(&mut self, said: Said<'_>) -> (ReferralId, PatientId) {
        let id = self.arrives(said, DocumentState::NeedsReview).await;
        self.release(&id).await.unwrap();
        let patient = self.patient_of(&id).await.expect("a released referral has a patient");
        (id, patient)
    }

    async fn patient_of(&self, id: &ReferralId) -> Option<PatientId> {
        let mut tx = self.test.app.db.read().await.unwrap();
        patient_links::patient_of(&mut tx, id).await.unwrap()
    }

    async fn patient(&self, id: &PatientId) -> Patient {
        let mut tx = self.test.app.db.read().await.unwrap();
        patients::find(&mut tx, id).await.unwrap().unwrap()
    }

    async fn candidates(&self, id: &ReferralId) -> Vec<(PatientId, Class)> {
        let mut tx = self.test.app.db.read().await.unwrap();
        let found = register::candidates(&mut tx, id).await.unwrap();
        found.into_iter().map(|one| (one.id, one.comparison.class)).collect()
    }

    async fn chooses(&self, id: &ReferralId, choice: Choice) -> Result<(), ActError> {
        register::choose(&self.test.app, &self.ana, id, None, &choice)
            .await
            .map(|_| ())
    }
}

on_both!(who_fits_alone_is_linked_and_a_stranger_is_new, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let (_, first) = clinic.released(ROSALIND).await;
    let (_, stranger) = clinic.released(OMAR).await;
    assert_ne!(first, stranger);
    // As another practice writes her: another spelling, another phone, no address.
    let again: Said<'_> = &[
        ("patient.name", "Marchetti, Rosalynd"),
        ("patient.birth_date", "1961-08-14"),
        ("patient.phone", "+15035550199"),
        ("insurance.payer", "Cascade Health"),
        ("insurance.member_id", "CMH 482-913-765"),
    ];
    let (second, same) = clinic.released(again).await;
    assert_eq!(same, first);
    let record = clinic.patient(&first).await.record;
    assert_eq!(record.descriptions.len(), 2, "both are known of her: {record:?}");
    let mut tx = clinic.test.app.db.read().await.unwrap();
    let link = patient_links::latest(&mut tx, &second).await.unwrap().unwrap();
    assert!(link.weight.unwrap() > 10.0, "{link:?}");
});

on_both!(a_twin_is_asked_about_and_never_joined_by_itself, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let (_, rosalind) = clinic.released(ROSALIND).await;
    let twin = clinic.arrives(ROSEMARY, DocumentState::NeedsReview).await;
    assert_eq!(clinic.candidates(&twin).await, [(rosalind.clone(), Class::Medium)]);
    let refused = clinic.release(&twin).await.unwrap_err();
    assert!(
        matches!(refused, ActError::NotPossible(Obstacle::WhoIsThis)),
        "{refused:?}"
    );
    assert_eq!(clinic.patient_of(&twin).await, None);
    clinic.chooses(&twin, Choice::New).await.unwrap();
    clinic.release(&twin).await.unwrap();
    let bernadette = clinic.patient_of(&twin).await.unwrap();
    assert_ne!(bernadette, rosalind);
    assert_eq!(clinic.patient(&bernadette).await.record.name(), "Bernadette Marchetti");
    // The next of each goes to each, the other one standing beside it.
    let (_, again) = clinic.released(ROSALIND).await;
    assert_eq!(again, rosalind);
});

on_both!(nobody_is_chosen_who_fits_too_little, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let (_, omar) = clinic.released(OMAR).await;
    let hers = clinic.arrives(ROSALIND, DocumentState::NeedsReview).await;
    let refused = clinic.chooses(&hers, Choice::Known(omar.clone())).await.unwrap_err();
    assert!(
        matches!(refused, ActError::NotPossible(Obstacle::DoesNotFit)),
        "{refused:?}"
    );
    let nobody = PatientId::new(clinic.test.app.clock.now());
    let refused = clinic.chooses(&hers, Choice::Known(nobody)).await.unwrap_err();
    assert!(
        matches!(refused, ActError::NotPossible(Obstacle::NoSuchPatient)),
        "{refused:?}"
    );
    assert_eq!(clinic.patient_of(&hers).await, None);
    // Nor are they made one.
    clinic.release(&hers).await.unwrap();
    let rosalind = clinic.patient_of(&hers).await.unwrap();
    let refused = register::merge(&clinic.test.app, &clinic.ana, &omar, &rosalind).await;
    assert!(matches!(refused, Err(MergeError::DoesNotFit)), "{refused:?}");
});

on_both!(a_merge_moves_what_is_linked_and_is_taken_back, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let (first, one) = clinic.released(ROSALIND).await;
    let second = clinic.arrives(ROSALIND, DocumentState::NeedsReview).await;
    clinic.chooses(&second, Choice::New).await.unwrap();
    clinic.release(&second).await.unwrap();
    let other = clinic.patient_of(&second).await.unwrap();
    let before = (clinic.patient(&one).await.record, clinic.patient(&other).await.record);
    let app = &clinic.test.app;

    let reviewer = clinic.test.person("rita", Role::Reviewer).await;
    let denied = register::merge(app, &reviewer, &one, &other).await;
    assert!(matches!(denied, Err(MergeError::Denied(_))));
    let merge = register::merge(app, &clinic.ana, &one, &other).await.unwrap();
    assert_eq!(clinic.patient_of(&second).await, Some(one.clone()));
    assert_eq!(clinic.patient(&other).await.merged_into, Some(one.clone()));
    let twice = register::merge(app, &clinic.ana, &one, &other).await;
    assert!(matches!(twice, Err(MergeError::NoSuchPatient)), "{twice:?}");
    // Whoever comes meanwhile is found under the one that stands.
    let (third, met) = clinic.released(ROSALIND).await;
    assert_eq!(met, one);

    let app = &clinic.test.app;
    app.clock.advance(TimeDelta::minutes(1));
    register::undo(app, &clinic.ana, &merge).await.unwrap();
    assert_eq!(clinic.patient_of(&first).await, Some(one.clone()));
    assert_eq!(clinic.patient_of(&second).await, Some(other.clone()));
    assert_eq!(
        clinic.patient_of(&third).await,
        Some(one.clone()),
        "what came since stays"
    );
    let after = (clinic.patient(&one).await.record, clinic.patient(&other).await.record);
    assert_eq!(after, before);
    assert_eq!(clinic.patient(&other).await.merged_into, None);
    let again = register::undo(app, &clinic.ana, &merge).await;
    assert!(matches!(again, Err(MergeError::UndoneBefore)));

    // Said to be two, they are offered as one no more.
    app.clock.advance(TimeDelta::minutes(1));
    register::apart(app, &clinic.ana, &one, &other).await.unwrap();
    let refused = register::merge(app, &clinic.ana, &one, &other).await;
    assert!(matches!(refused, Err(MergeError::Apart)), "{refused:?}");
    let mut tx = app.db.read().await.unwrap();
    assert!(register::similar(&mut tx, &one).await.unwrap().is_empty());
    let log = store::audit::of_resource(&mut tx, "patient", one.as_str())
        .await
        .unwrap();
    let acts: Vec<&str> = log.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(acts, ["merge_patients", "undo_merge", "tell_patients_apart"]);
});

on_both!(who_was_told_apart_stays_so_after_a_merge, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let mut four = Vec::new();
    for _ in 0..4 {
        let id = clinic.arrives(ROSALIND, DocumentState::NeedsReview).await;
        clinic.chooses(&id, Choice::New).await.unwrap();
        four.push(clinic.patient_of(&id).await.unwrap());
    }
    let app = &clinic.test.app;
    let [a, b, c, d] = four.as_slice() else { unreachable!() };
    let offered = async |id: &PatientId| {
        let mut tx = app.db.read().await.unwrap();
        let found = register::similar(&mut tx, id).await.unwrap();
        let mut ids: Vec<_> = found.into_iter().map(|one| one.id).collect();
        ids.sort();
        ids
    };
    register::apart(app, &clinic.ana, a, b).await.unwrap();
    assert_eq!(offered(a).await, [c.clone(), d.clone()]);
    let into_c = register::merge(app, &clinic.ana, c, b).await.unwrap();
    assert_eq!(offered(a).await, std::slice::from_ref(d), "b is a part of c");
    assert_eq!(offered(c).await, std::slice::from_ref(d));
    for (survivor, loser) in [(a, c), (c, a)] {
        let refused = register::merge(app, &clinic.ana, survivor, loser).await;
        assert!(matches!(refused, Err(MergeError::Apart)), "{refused:?}");
    }
    // Through two merges, on either side.
    let into_d = register::merge(app, &clinic.ana, d, c).await.unwrap();
    assert_eq!((offered(a).await, offered(d).await), (Vec::new(), Vec::new()));
    register::undo(app, &clinic.ana, &into_d).await.unwrap();
    register::undo(app, &clinic.ana, &into_c).await.unwrap();
    assert_eq!(offered(a).await, [c.clone(), d.clone()]);
    assert_eq!(offered(c).await, [a.clone(), b.clone(), d.clone()]);
});

on_both!(a_merge_below_another_is_not_taken_back_first, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let mut three = Vec::new();
    for _ in 0..3 {
        let id = clinic.arrives(ROSALIND, DocumentState::NeedsReview).await;
        clinic.chooses(&id, Choice::New).await.unwrap();
        three.push(clinic.patient_of(&id).await.unwrap());
    }
    let app = &clinic.test.app;
    let lower = register::merge(app, &clinic.ana, &three[1], &three[0]).await.unwrap();
    let upper = register::merge(app, &clinic.ana, &three[2], &three[1]).await.unwrap();
    let refused = register::undo(app, &clinic.ana, &lower).await;
    assert!(matches!(refused, Err(MergeError::MergedSince)), "{refused:?}");
    register::undo(app, &clinic.ana, &upper).await.unwrap();
    register::undo(app, &clinic.ana, &lower).await.unwrap();
    for id in &three {
        let patient = clinic.patient(id).await;
        assert_eq!((patient.merged_into, patient.record.descriptions.len()), (None, 1));
    }
});

on_both!(a_correction_is_known_of_the_patient_at_once, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let (id, patient) = clinic.released(OMAR).await;
    let key = FieldKey::new("patient.name");
    correct_field(
        &clinic.test.app,
        &clinic.ana,
        &id,
        None,
        &key,
        Some("Omar Okonjo-Example"),
    )
    .await
    .unwrap();
    assert_eq!(clinic.patient(&patient).await.record.name(), "Omar Okonjo-Example");
});

on_both!(what_is_certain_but_whose_goes_to_a_person, async |db: TestDb| {
    let mut clinic = Clinic::with(db, true).await;
    let straight = clinic.arrives(ROSALIND, DocumentState::Ready).await;
    assert_eq!(
        clinic.test.referral(&straight).await.status.name(),
        StatusName::Released
    );
    let rosalind = clinic.patient_of(&straight).await.unwrap();
    let twin = clinic.arrives(ROSEMARY, DocumentState::Ready).await;
    assert_eq!(clinic.test.referral(&twin).await.status.name(), StatusName::InReview);
    assert_eq!(clinic.patient_of(&twin).await, None);
    let again = clinic.arrives(ROSALIND, DocumentState::Ready).await;
    assert_eq!(clinic.patient_of(&again).await, Some(rosalind));
});

on_both!(
    referrals_of_one_newcomer_that_are_released_at_once_have_one_patient,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        let mut ids = Vec::new();
        for _ in 0..6 {
            ids.push(clinic.arrives(ROSALIND, DocumentState::NeedsReview).await);
        }
        clinic.release_at_once(&ids).await;
        let patient = clinic.patient_of(&ids[0]).await.unwrap();
        for id in &ids {
            assert_eq!(clinic.patient_of(id).await.as_ref(), Some(&patient));
        }
        let record = clinic.patient(&patient).await.record;
        assert_eq!(record.descriptions.len(), 1, "all say the same of her: {record:?}");
    }
);

on_both!(
    what_referrals_say_that_are_linked_at_once_is_all_known,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        let (_, rosalind) = clinic.released(ROSALIND).await;
        let phones = ["+15035550201", "+15035550202", "+15035550203", "+15035550204"];
        let mut ids = Vec::new();
        for phone in &phones {
            let said: Vec<_> = ROSALIND
                .iter()
                .copied()
                .filter(|(key, _)| *key != "patient.phone")
                .collect();
            let said = [said, vec![("patient.phone", *phone)]].concat();
            ids.push(clinic.arrives(&said, DocumentState::NeedsReview).await);
        }
        clinic.release_at_once(&ids).await;
        let record = clinic.patient(&rosalind).await.record;
        let known: Vec<_> = record
            .descriptions
            .iter()
            .flat_map(|one| one.person.phones.clone())
            .collect();
        for phone in phones {
            assert!(known.iter().any(|known| known == phone), "{phone} of {known:?}");
        }
    }
);

on_both!(
    who_is_meant_is_found_although_thousands_share_name_and_address,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        let (_, rosalind) = clinic.released(ROSALIND).await;
        let mut tx = clinic.test.app.db.begin().await.unwrap();
        let mut namesake = clinic.patient(&rosalind).await.record.descriptions[0].clone();
        namesake.person.identifiers.clear();
        namesake.person.phones.clear();
        for number in 0..2_200 {
            let now = clinic.test.app.clock.now();
            namesake.person.birth_date = chrono::NaiveDate::from_num_days_from_ce_opt(711_000 + number * 5);
            let record = Record::of([namesake.clone()]);
            patients::insert(&mut tx, &PatientId::new(now), &record, now)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        // Her common keys are shared by all of them, and only some can be opened.
        let again = clinic.arrives(ROSALIND, DocumentState::NeedsReview).await;
        let (first, class) = clinic.candidates(&again).await.remove(0);
        assert_eq!((first, class), (rosalind, Class::High));
    }
);
