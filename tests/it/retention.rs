//! Documents whose time is over, and those that must stay.

use crate::harness::{TestApp, TestDb, on_both, sample};
use chrono::TimeDelta;
use referloop::domain::ids::TransmissionId;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::StatusName;
use referloop::domain::retention::{Retention, RetentionClass};
use referloop::domain::site::SiteKey;
use referloop::domain::transmission::{QuarantineReason, TransmissionDetails};
use referloop::pipeline::receive::{Received, receive};
use referloop::referrals::retention::{self, ShredError};
use referloop::store;
use referloop::vault::VaultError;
use std::collections::BTreeSet;

/// The statements name the ended statuses one by one.
#[test]
fn the_ended_statuses_are_those_that_the_statements_name() {
    let ended: BTreeSet<&str> = StatusName::ALL
        .into_iter()
        .filter(|status| status.is_ended())
        .map(StatusName::as_str)
        .collect();
    assert_eq!(ended, BTreeSet::from(["rejected", "declined", "cancelled", "closed"]));
}

async fn raw_request(test: &TestApp, fax_id: &str) -> TransmissionId {
    let received = Received {
        site: SiteKey::main(),
        door: "test-door".to_owned(),
        actor: Actor::Door {
            name: "test-door".to_owned(),
        },
        fax_id: fax_id.to_owned(),
        document: b"not understood".to_vec(),
        details: TransmissionDetails::default(),
        partial: false,
        malformed: true,
        received_at: test.app.clock.now(),
    };
    receive(&test.app, received).await.unwrap().transmission
}

/// How many objects of it open, and how many don't since they were destroyed.
async fn opened(test: &TestApp, id: &TransmissionId) -> (usize, usize) {
    let mut tx = test.app.db.read().await.unwrap();
    let original = test.transmission(id).await.object;
    let pages = store::pages::of_transmission(&mut tx, id).await.unwrap();
    let parts = pages.iter().flat_map(|page| [&page.image, &page.words]);
    let (mut open, mut shredded) = (0, 0);
    for object in parts.chain([&original]) {
        let object = store::objects::find(&mut tx, object).await.unwrap().unwrap();
        match test.app.vault.get(&object).await {
            Ok(_) => open += 1,
            Err(VaultError::Shredded { .. }) => shredded += 1,
            Err(error) => panic!("{error}"),
        }
    }
    (open, shredded)
}

on_both!(what_had_its_time_is_destroyed_and_the_rest_stays, async |db: TestDb| {
    let test = TestApp::with(db, |config| {
        config.retention = Retention {
            documents_days: 400,
            raw_requests_days: 30,
            ..Retention::default()
        };
    })
    .await;
    let raw = raw_request(&test, "r-1").await;
    let held = raw_request(&test, "r-2").await;
    let referral = test.fax_in("f-1", sample("clean-referral/fax.tif")).await;
    test.run_jobs().await;
    assert_eq!(
        test.transmission(&raw).await.reason,
        Some(QuarantineReason::MalformedRequest)
    );
    let operator = Actor::Operator;
    test.app.clock.advance(TimeDelta::seconds(1));
    assert!(
        retention::place_hold(&test.app, &operator, &held, "a letter of a lawyer")
            .await
            .unwrap()
    );
    assert!(
        !retention::place_hold(&test.app, &operator, &held, "once more")
            .await
            .unwrap()
    );

    test.app.clock.advance(TimeDelta::days(29));
    test.run_jobs().await;
    assert_eq!(opened(&test, &raw).await, (1, 0));
    test.app.clock.advance(TimeDelta::days(2));
    test.run_jobs().await;
    assert_eq!(opened(&test, &raw).await, (0, 1));
    assert_eq!(opened(&test, &held).await, (1, 0), "a hold outlasts it");
    let object = test.transmission(&raw).await.object;
    let lying = test.app.vault.list().await.unwrap();
    assert!(!lying.contains(&object), "its bytes are gone too");

    test.app.clock.advance(TimeDelta::days(800));
    test.run_jobs().await;
    let (open, destroyed) = opened(&test, &referral).await;
    assert!(open >= 3 && destroyed == 0, "its referral is still open");
    let all = BTreeSet::from(RetentionClass::ALL);
    let refused = retention::shred(&test.app, &operator, &referral, &all, "misdirected").await;
    assert!(matches!(refused, Err(ShredError::Open(_))));
    let refused = retention::shred(&test.app, &operator, &held, &all, "misdirected").await;
    assert!(matches!(refused, Err(ShredError::Held(_))));

    assert!(retention::lift_hold(&test.app, &operator, &held).await.unwrap());
    test.app.clock.advance(TimeDelta::hours(2));
    test.run_jobs().await;
    assert_eq!(opened(&test, &held).await, (0, 1));
    let mut tx = test.app.db.read().await.unwrap();
    let rows = store::audit::of_resource(&mut tx, "transmission", held.as_str())
        .await
        .unwrap();
    let acts: Vec<&str> = rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(acts, ["receive", "place_legal_hold", "lift_legal_hold", "shred"]);
    assert!(rows.iter().all(|row| !row.detail.contains("lawyer")));
});

on_both!(only_who_may_destroys, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let raw = raw_request(&test, "r-1").await;
    let classes = BTreeSet::from(RetentionClass::ALL);
    for role in [
        Role::Reviewer,
        Role::Coordinator,
        Role::Clinician,
        Role::Referrer,
        Role::Auditor,
    ] {
        let person = test.person(&format!("{role:?}"), role).await;
        let refused = retention::shred(&test.app, &person, &raw, &classes, "x").await;
        assert!(matches!(refused, Err(ShredError::Denied(_))), "{role:?}");
    }
    assert_eq!(opened(&test, &raw).await, (1, 0));
    let admin = test.person("admin", Role::Admin).await;
    assert_eq!(
        retention::shred(&test.app, &admin, &raw, &classes, "x").await.unwrap(),
        1
    );
    assert_eq!(opened(&test, &raw).await, (0, 1));
    // Once more: there is nothing left to destroy.
    assert_eq!(
        retention::shred(&test.app, &admin, &raw, &classes, "x").await.unwrap(),
        0
    );
});
