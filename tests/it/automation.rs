//! What goes straight through, what is checked instead, and how the service lowers its own automation.

use crate::harness::arrivals::{extracted, opened};
use crate::harness::{TestApp, TestDb, on_both};
use chrono::TimeDelta;
use referloop::crypto::TenantKeys;
use referloop::domain::clinic::SamplePercent;
use referloop::domain::document::DocumentState;
use referloop::domain::fields::{ExtractedDocument, FieldKey};
use referloop::domain::ids::{ReferralId, TenantId, TransmissionId};
use referloop::domain::outcome::{Outcome, Way};
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::StatusName;
use referloop::referrals::act::{ActRequest, act};
use referloop::referrals::automation::hold::{self, FieldStatus, ResumeError};
use referloop::referrals::correct::correct_field;
use referloop::store::{self, outcomes, samples};
use std::collections::BTreeMap;
use std::sync::Arc;

const BIRTH_DATE: &str = "patient.birth_date";
const RIGHT: &str = "1962-03-14";
const WRONG: &str = "1926-03-14";

/// A clinic where what is certain goes straight through, but for a sample.
struct Clinic {
    test: TestApp,
    reviewer: Actor,
    transmission: TransmissionId,
    arrived: u32,
}

impl Clinic {
    async fn new(db: TestDb, straight_through: bool, sample_percent: f64) -> Self {
        let test = TestApp::with(db, |config| {
            config.automation.straight_through = straight_through;
            config.automation.sample_percent = SamplePercent::try_from(sample_percent).unwrap();
            config.automation.probation = 0;
        })
        .await;
        Self::begin(test).await
    }

    /// Every value must have been found right twice running before it is trusted.
    async fn with_probation(db: TestDb) -> Self {
        let test = TestApp::with(db, |config| {
            config.automation.straight_through = true;
            config.automation.sample_percent = SamplePercent::try_from(0.0).unwrap();
            config.automation.probation = 2;
        })
        .await;
        Self::begin(test).await
    }

    async fn begin(test: TestApp) -> Self {
        let reviewer = test.person("ana", Role::Reviewer).await;
        let transmission = test.fax_in("all", b"%PDF-1.4\n%%EOF\n".to_vec()).await;
        Self {
            test,
            reviewer,
            transmission,
            arrived: 0,
        }
    }

    /// A referral of which the machine is certain throughout.
    async fn arrives(&mut self, birth_date: &str) -> ReferralId {
        self.arrived += 1;
        self.test.app.clock.advance(TimeDelta::minutes(5));
        opened(&self.test.app, &self.transmission, self.arrived, &certain(birth_date)).await
    }

    /// Faxes come from this number from now on.
    async fn faxes_from(&mut self, number: &str) {
        self.transmission = self
            .test
            .fax_from(Some(number), number, b"%PDF-1.4\n%%EOF\n".to_vec())
            .await;
    }

    /// The fields of a referral that wait since their sender is new.
    async fn on_probation(&self, id: &ReferralId) -> usize {
        let mut tx = self.test.app.db.read().await.unwrap();
        store::probation::of_referral(&mut tx, id).await.unwrap().len()
    }

    async fn releases_unchanged(&mut self, times: usize) {
        for _ in 0..times {
            let id = self.arrives(RIGHT).await;
            assert_eq!(self.status(&id).await, StatusName::InReview);
            self.acts(&id, ActRequest::Release {}).await;
        }
    }

    async fn status(&self, id: &ReferralId) -> StatusName {
        self.test.referral(id).await.status.name()
    }

    async fn corrects(&self, id: &ReferralId, key: &str, text: &str) {
        correct_field(
            &self.test.app,
            &self.reviewer,
            id,
            None,
            &FieldKey::new(key),
            Some(text),
        )
        .await
        .unwrap();
    }

    async fn acts(&self, id: &ReferralId, request: ActRequest) {
        act(&self.test.app, &self.reviewer, id, None, request).await.unwrap();
    }

    async fn field(&self, key: &str) -> FieldStatus {
        let mut tx = self.test.app.db.read().await.unwrap();
        let all = hold::status(&self.test.app, &mut tx).await.unwrap();
        all.into_iter().find(|status| status.key.as_str() == key).unwrap()
    }

    async fn outcome(&self, id: &ReferralId, key: &str) -> (Way, Outcome) {
        let mut tx = self.test.app.db.read().await.unwrap();
        let told = outcomes::of_referral(&mut tx, id).await.unwrap();
        let told = &told[&FieldKey::new(key)];
        (told.way, told.outcome)
    }

    /// What the audit log says of a field.
    async fn audited(&self, key: &str) -> Vec<(String, String, &'static str)> {
        let mut tx = self.test.app.db.read().await.unwrap();
        let rows = store::audit::of_resource(&mut tx, "field", key).await.unwrap();
        assert!(store::audit::verify(&mut tx).await.unwrap().wrong.is_empty());
        rows.into_iter()
            .map(|row| (row.actor, row.action, row.outcome.as_str()))
            .collect()
    }
}

fn certain(birth_date: &str) -> ExtractedDocument {
    let values = [
        ("patient.name", "Rosalind Quillfeather", 0.997),
        (BIRTH_DATE, birth_date, 0.997),
        ("insurance.member_id", "WHP4471", 0.997),
        ("referrer.name", "Helen Adeyemi", 0.997),
        ("referrer.npi", "1234567893", 0.997),
        ("referral.urgency", "routine", 0.997),
        ("referral.diagnoses", "I48.0", 0.997),
    ];
    extracted(DocumentState::Ready, &values)
}

// Every fiftieth birth date is wrong, and the machine is sure of it. All that would go straight through is sampled.
on_both!(wrong_birth_dates_stop_straight_through, async |db: TestDb| {
    let mut clinic = Clinic::new(db, true, 100.0).await;
    let mut stopped_at = None;
    for number in 1..=200 {
        let wrong = number % 50 == 0;
        let id = clinic.arrives(if wrong { WRONG } else { RIGHT }).await;
        assert_eq!(clinic.status(&id).await, StatusName::InReview);
        if wrong {
            clinic.corrects(&id, BIRTH_DATE, RIGHT).await;
        }
        clinic.acts(&id, ActRequest::Release {}).await;
        let expect = if wrong { Outcome::Corrected } else { Outcome::Confirmed };
        assert_eq!(clinic.outcome(&id, BIRTH_DATE).await, (Way::Sampled, expect));
        if clinic.field(BIRTH_DATE).await.hold.is_some() {
            stopped_at = Some(number);
            break;
        }
    }
    assert_eq!(stopped_at, Some(100));
    let held = clinic.field(BIRTH_DATE).await;
    let run = held.hold.unwrap().run;
    assert_eq!((run.wrong, run.checked), (2, 100));
    assert_eq!(held.counts[&(Way::Sampled, Outcome::Corrected)], 2);
    assert!(clinic.field("patient.name").await.hold.is_none());
    assert_eq!(
        clinic.audited(BIRTH_DATE).await,
        [("system".to_owned(), "hold_automation".to_owned(), "allowed")]
    );
});

on_both!(
    what_went_straight_through_counts_when_it_is_corrected,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db, true, 0.0).await;
        let first = clinic.arrives(WRONG).await;
        assert_eq!(clinic.status(&first).await, StatusName::Released);
        assert_eq!(
            clinic.outcome(&first, BIRTH_DATE).await,
            (Way::Straight, Outcome::Unchecked)
        );
        // Right all along, only written otherwise.
        clinic.corrects(&first, "patient.name", "ROSALIND QUILLFEATHER").await;
        assert_eq!(clinic.outcome(&first, "patient.name").await.1, Outcome::Confirmed);
        // The very first is wrong: that is enough for birth dates.
        clinic.corrects(&first, BIRTH_DATE, RIGHT).await;
        assert_eq!(
            clinic.outcome(&first, BIRTH_DATE).await,
            (Way::Straight, Outcome::Corrected)
        );
        assert!(clinic.field(BIRTH_DATE).await.hold.is_some());
        let next = clinic.arrives(RIGHT).await;
        assert_eq!(clinic.status(&next).await, StatusName::InReview);

        let key = FieldKey::new(BIRTH_DATE);
        let denied = hold::resume(&clinic.test.app, &clinic.reviewer, &key).await;
        assert!(matches!(denied, Err(ResumeError::Denied(_))));
        clinic.test.app.clock.advance(TimeDelta::minutes(1));
        hold::resume(&clinic.test.app, &Actor::Operator, &key).await.unwrap();
        let again = hold::resume(&clinic.test.app, &Actor::Operator, &key).await;
        assert!(matches!(again, Err(ResumeError::NotHeld(_))));
        let next = clinic.arrives(RIGHT).await;
        assert_eq!(clinic.status(&next).await, StatusName::Released);
        let status = clinic.field(BIRTH_DATE).await;
        assert!(status.hold.is_none() && status.resumed_at.is_some());
        let acts: Vec<_> = clinic.audited(BIRTH_DATE).await;
        let acts: Vec<_> = acts
            .iter()
            .map(|(_, action, outcome)| (action.as_str(), *outcome))
            .collect();
        assert_eq!(
            acts,
            [
                ("hold_automation", "allowed"),
                ("resume_automation", "denied"),
                ("resume_automation", "allowed")
            ]
        );
        // An old mistake that comes to light now was made before the operator decided.
        clinic.corrects(&first, BIRTH_DATE, WRONG).await;
        clinic.corrects(&first, BIRTH_DATE, RIGHT).await;
        assert!(clinic.field(BIRTH_DATE).await.hold.is_none());
    }
);

on_both!(
    a_new_sender_is_looked_at_until_its_values_were_right,
    async |db: TestDb| {
        let mut clinic = Clinic::with_probation(db).await;
        // A withheld number earns nothing.
        clinic.releases_unchanged(3).await;

        clinic.faxes_from("4125550123").await;
        let first = clinic.arrives(RIGHT).await;
        assert_eq!(clinic.on_probation(&first).await, 7);
        clinic.acts(&first, ActRequest::Release {}).await;
        // A correction begins anew, for that field alone.
        let second = clinic.arrives(RIGHT).await;
        clinic.corrects(&second, "referral.urgency", "urgent").await;
        clinic.acts(&second, ActRequest::Release {}).await;
        let third = clinic.arrives(RIGHT).await;
        assert_eq!(clinic.status(&third).await, StatusName::InReview);
        assert_eq!(clinic.on_probation(&third).await, 1);
        clinic.acts(&third, ActRequest::Release {}).await;
        clinic.releases_unchanged(1).await;
        let trusted = clinic.arrives(RIGHT).await;
        assert_eq!(clinic.status(&trusted).await, StatusName::Released);

        // Somebody finds out later that it was wrong.
        clinic.corrects(&trusted, "insurance.member_id", "WHP4472").await;
        let next = clinic.arrives(RIGHT).await;
        assert_eq!(
            (clinic.status(&next).await, clinic.on_probation(&next).await),
            (StatusName::InReview, 1)
        );

        clinic.faxes_from("4125550199").await;
        let stranger = clinic.arrives(RIGHT).await;
        assert_eq!(clinic.on_probation(&stranger).await, 7);
    }
);

on_both!(values_that_nobody_was_asked_about_earn_no_trust, async |db: TestDb| {
    let mut clinic = Clinic::with_probation(db).await;
    clinic.faxes_from("4125550123").await;
    clinic.releases_unchanged(2).await;
    // The name stands under another label this time; the rest is trusted, and releasing it says nothing new.
    let mut moved = certain(RIGHT);
    moved.state = DocumentState::NeedsReview;
    moved.fields.get_mut(&FieldKey::new("patient.name")).unwrap().rule = "rules@1 label:client:below".to_owned();
    for _ in 0..2 {
        clinic.arrived += 1;
        clinic.test.app.clock.advance(TimeDelta::minutes(5));
        let id = opened(&clinic.test.app, &clinic.transmission, clinic.arrived, &moved).await;
        assert_eq!(clinic.on_probation(&id).await, 1);
        clinic.acts(&id, ActRequest::Release {}).await;
    }
    moved.state = DocumentState::Ready;
    clinic.arrived += 1;
    let id = opened(&clinic.test.app, &clinic.transmission, clinic.arrived, &moved).await;
    assert_eq!(clinic.status(&id).await, StatusName::Released);
});

on_both!(
    a_correction_after_the_release_takes_the_confirmation_back,
    async |db: TestDb| {
        const URGENCY: &str = "referral.urgency";
        let mut clinic = Clinic::new(db, false, 2.0).await;
        let id = clinic.arrives(RIGHT).await;
        // Without straight through all are reviewed, and none needs to be sampled.
        assert_eq!(clinic.status(&id).await, StatusName::Ready);
        clinic.acts(&id, ActRequest::Release {}).await;
        assert_eq!(clinic.outcome(&id, URGENCY).await, (Way::Reviewed, Outcome::Confirmed));
        clinic.acts(&id, ActRequest::Reopen { note: None }).await;
        clinic.corrects(&id, URGENCY, "urgent").await;
        assert_eq!(clinic.outcome(&id, URGENCY).await, (Way::Reviewed, Outcome::Corrected));
        clinic.acts(&id, ActRequest::Release {}).await;
        let status = clinic.field(URGENCY).await;
        assert_eq!(
            status.counts,
            BTreeMap::from([((Way::Reviewed, Outcome::Corrected), 1)])
        );
        assert!(status.hold.is_none(), "one in a hundred may be wrong");
    }
);

on_both!(the_draw_is_the_same_each_time_and_secret, async |db: TestDb| {
    let clinic = Clinic::new(db, true, 2.0).await;
    let app = &clinic.test.app;
    let critical: Vec<FieldKey> = app
        .rules
        .catalogue()
        .critical()
        .map(|field| field.key.clone())
        .collect();
    let share = SamplePercent::try_from(2.0).unwrap();
    let ids: Vec<ReferralId> = (0..5000).map(|_| ReferralId::new(app.clock.now())).collect();
    let strangers = TenantKeys::random(TenantId::new(app.clock.now()));
    let elsewhere = app.db.clone().with_keys(Arc::new(strangers));
    let (ours, theirs) = (app.db.read().await.unwrap(), elsewhere.read().await.unwrap());
    let taken = |tx: &store::Tx| {
        let draws = ids.iter().map(|id| samples::draw(tx, share, id, &critical));
        draws.map(|draw| draw.is_sampled).collect::<Vec<bool>>()
    };
    let count = |taken: &[bool]| taken.iter().filter(|is| **is).count();
    let first = taken(&ours);
    assert_eq!(first, taken(&ours));
    // 100 are expected; five standard deviations to either side.
    assert!((50..=150).contains(&count(&first)), "{} of 5000", count(&first));
    let both = first.iter().zip(taken(&theirs)).filter(|(a, b)| **a && *b).count();
    assert!(both < 15, "who has other keys draws others: {both} are the same");
    for id in &ids[..50] {
        let asked = samples::draw(&ours, share, id, &critical).asked;
        assert!((1..=3).contains(&asked.len()) && asked.iter().all(|key| critical.contains(key)));
    }
});
