//! What the review desk asks of the house: a value with its place on the page, a release by somebody who has looked, and
//! the way back.

use crate::harness::{TestApp, TestDb, on_both, sample};
use referloop::domain::fields::{FieldContent, FieldKey};
use referloop::domain::ids::ReferralId;
use referloop::domain::page::PixelBox;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::StatusName;
use referloop::referrals::act::{ActError, ActRequest, Obstacle, act};
use referloop::referrals::correct::{CorrectError, Correction, Place, correct};
use referloop::store::{self, audit};

const BORN: &str = "patient.birth_date";

async fn desk(db: TestDb) -> (TestApp, ReferralId, Actor) {
    let test = TestApp::new(db).await;
    let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    test.run_jobs().await;
    let id = test.referrals_of(&fax).await.remove(0);
    let reviewer = test.person("ana", Role::Reviewer).await;
    (test, id, reviewer)
}

fn boxed(x: u32, width: u32) -> PixelBox {
    PixelBox {
        x,
        y: 500,
        width,
        height: 30,
    }
}

async fn takes(
    test: &TestApp,
    who: &Actor,
    id: &ReferralId,
    place: Place,
) -> Result<store::fields::FieldValue, CorrectError> {
    let correction = Correction {
        typed: Some("8/15/1961"),
        place: Some(place),
    };
    let (_, value) = correct(&test.app, who, id, None, &FieldKey::new(BORN), correction).await?;
    Ok(value)
}

on_both!(a_value_taken_from_the_page_keeps_its_place, async |db: TestDb| {
    let (test, id, ana) = desk(db).await;
    let boxes = vec![boxed(300, 80), boxed(400, 100)];
    let place = Place {
        page: 1,
        boxes: boxes.clone(),
    };
    takes(&test, &ana, &id, place).await.unwrap();
    let mut tx = test.app.db.read().await.unwrap();
    let kept = store::fields::current_of(&mut tx, &id, &FieldKey::new(BORN))
        .await
        .unwrap()
        .unwrap();
    drop(tx);
    assert_eq!(kept.value, Some(FieldContent::Text("1961-08-15".to_owned())));
    assert_eq!(
        (kept.page, kept.bounds, kept.boxes),
        (Some(1), Some(boxed(300, 200)), boxes)
    );
    // A fax may hold another patient's pages, and a box off the page is no place.
    for (page, b) in [(2, boxed(300, 80)), (1, boxed(30_000, 80)), (1, boxed(300, 0))] {
        let refused = takes(&test, &ana, &id, Place { page, boxes: vec![b] }).await;
        assert!(matches!(refused, Err(CorrectError::Invalid(problem)) if problem.problem == "no_such_place"));
    }
});

on_both!(
    who_releases_from_the_desk_has_seen_every_critical_field,
    async |db: TestDb| {
        let (test, id, ana) = desk(db).await;
        let mut seen: Vec<FieldKey> = test
            .app
            .rules
            .catalogue()
            .critical()
            .map(|field| field.key.clone())
            .collect();
        let all = seen.len();
        let left = seen.split_off(all - 2);
        let release = |seen: &[FieldKey]| ActRequest::ReleaseSeen { seen: seen.to_vec() };
        let refused = act(&test.app, &ana, &id, None, release(&seen)).await.unwrap_err();
        assert!(
            matches!(refused, ActError::NotPossible(Obstacle::NotSeen(2))),
            "{refused}"
        );
        assert!(!test.referral(&id).await.status.name().is_ended());
        seen.extend(left);
        // What is no field is nobody's business, and is not written.
        seen.push(FieldKey::new("made.up"));
        let released = act(&test.app, &ana, &id, None, release(&seen)).await.unwrap();
        assert_eq!(released.status.name(), StatusName::Released);
        let mut tx = test.app.db.read().await.unwrap();
        let rows = audit::of_resource(&mut tx, "referral", id.as_str()).await.unwrap();
        let row = rows.iter().rfind(|row| row.action == "release").unwrap();
        assert!(
            row.detail.contains("\"patient.name\"") && !row.detail.contains("made.up"),
            "{}",
            row.detail
        );
        assert!(!row.detail.contains("Marchetti"));
    }
);

on_both!(
    a_release_is_undone_as_long_as_nothing_else_happened,
    async |db: TestDb| {
        let (test, id, ana) = desk(db).await;
        let released = act(&test.app, &ana, &id, None, ActRequest::Release {}).await.unwrap();
        let undo = || ActRequest::Reopen {
            note: Some("The release was undone.".to_owned()),
        };
        let back = act(&test.app, &ana, &id, Some(released.version), undo()).await.unwrap();
        assert_eq!(back.status.name(), StatusName::InReview);
        let again = act(&test.app, &ana, &id, None, ActRequest::Release {}).await.unwrap();
        let ben = test.person("ben", Role::Coordinator).await;
        act(&test.app, &ben, &id, None, ActRequest::Accept {}).await.unwrap();
        let late = act(&test.app, &ana, &id, Some(again.version), undo())
            .await
            .unwrap_err();
        assert!(matches!(late, ActError::Stale { .. }), "{late}");
    }
);
