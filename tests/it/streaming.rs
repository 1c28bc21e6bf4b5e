//! Pages on their way into the database: each as it comes, each once, and never by a worker that has lost its job.

use crate::harness::documents::{Fax, endless_page, pages_pdf, text_page};
use crate::harness::processes::{alone, children, shoot};
use crate::harness::{TestApp, TestDb, on_both, sample};
use chrono::TimeDelta;
use referloop::domain::document::DocumentState;
use referloop::domain::ids::TransmissionId;
use referloop::domain::page::Unreadable;
use referloop::domain::people::Role;
use referloop::domain::transmission::{QuarantineReason, Stage};
use referloop::pipeline::quarantine::RetryError;
use referloop::pipeline::{self, quarantine};
use referloop::store;
use referloop::store::audit::Outcome;
use referloop::store::db::Kind;
use referloop::store::pages::StoredPage;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const FAX: &str = "clean-referral/fax.tif";

impl TestApp {
    /// Works in the background until it is aborted or nothing is due.
    fn run_in_background(&self) -> JoinHandle<()> {
        let app = self.app.clone();
        tokio::spawn(async move {
            pipeline::worker(&app).run_until_idle().await.unwrap();
        })
    }

    async fn pages(&self, id: &TransmissionId) -> Vec<StoredPage> {
        let mut tx = self.app.db.read().await.unwrap();
        store::pages::of_transmission(&mut tx, id).await.unwrap()
    }

    async fn until_read(&self, id: &TransmissionId, pages: usize) -> Vec<StoredPage> {
        let end = Instant::now() + Duration::from_mins(1);
        loop {
            let read = self.pages(id).await;
            if read.len() >= pages {
                return read;
            }
            assert!(Instant::now() < end, "only {} pages came", read.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn with_one_child(db: TestDb) -> TestApp {
    TestApp::with(db, |config| {
        config.reading.jobs = Some(1);
        config.reading.standby = 0;
    })
    .await
}

on_both!(pages_can_be_seen_while_others_are_read, async |db: TestDb| {
    let house = with_one_child(db).await;
    let id = house.fax_in("fax-1", Fax::of(FAX).copies(5)).await;
    let working = house.run_in_background();
    let pages = house.until_read(&id, 1).await;
    let seen = house.transmission(&id).await;
    assert_eq!((seen.stage, seen.pages), (Stage::Reading, Some(5)));
    assert!((1..5).contains(&seen.pages_read), "{} of 5 pages read", seen.pages_read);
    let mut tx = house.app.db.read().await.unwrap();
    let object = store::objects::find(&mut tx, &pages[0].image).await.unwrap().unwrap();
    drop(tx);
    let picture = house.app.vault.get(&object).await.unwrap();
    assert!(image::load_from_memory(&picture).unwrap().width() > 1_000);
    working.await.unwrap();
    let seen = house.transmission(&id).await;
    assert_eq!((seen.stage, seen.pages_read), (Stage::Done, 5));
});

on_both!(
    a_run_that_was_cut_short_is_taken_up_where_it_stopped,
    async |db: TestDb| {
        let house = with_one_child(db).await;
        let id = house.fax_in("fax-1", Fax::of(FAX).copies(5)).await;
        let working = house.run_in_background();
        house.until_read(&id, 2).await;
        working.abort();
        let _ = working.await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let before = house.pages(&id).await;
        assert!(before.len() < 5, "it was not cut short");
        // The lease lapses, and somebody else takes the job up.
        house.app.clock.advance(TimeDelta::minutes(2));
        house.run_jobs().await;
        let after = house.pages(&id).await;
        assert_eq!(after.len(), 5);
        let pictures = |pages: &[StoredPage]| pages.iter().map(|page| page.image.clone()).collect::<Vec<_>>();
        assert_eq!(
            pictures(&after)[..before.len()],
            pictures(&before),
            "a page was read twice"
        );
        assert_eq!(house.transmission(&id).await.stage, Stage::Done);
        assert_eq!(house.referrals_of(&id).await.len(), 1);
    }
);

on_both!(a_worker_that_lost_its_job_writes_no_page, async |db: TestDb| {
    let house = with_one_child(db).await;
    let id = house.fax_in("fax-1", Fax::of(FAX).copies(6)).await;
    let late = house.run_in_background();
    house.until_read(&id, 1).await;
    // Its lease is taken from it while it reads.
    house.app.clock.advance(TimeDelta::minutes(2));
    let mut tx = house.app.db.begin().await.unwrap();
    let now = house.app.clock.now();
    let lease_now = tx.lease_now(&house.app.clock).await.unwrap().max(now);
    store::jobs::reap(&mut tx, lease_now + TimeDelta::minutes(2), now)
        .await
        .unwrap();
    let claims = store::jobs::claim(&mut tx, store::jobs::Lane::Read, 1, now, now + TimeDelta::hours(1))
        .await
        .unwrap();
    assert_eq!(claims.len(), 1);
    tx.commit().await.unwrap();
    let held = house.pages(&id).await.len();
    late.await.unwrap();
    assert!(house.pages(&id).await.len() <= held + 1, "the late worker went on");
    assert_eq!(house.transmission(&id).await.stage, Stage::Reading);
});

on_both!(
    a_page_that_cannot_be_read_is_told_and_nothing_goes_straight_through,
    async |db: TestDb| {
        let house = with_one_child(db).await;
        let id = house.fax_in("fax-1", Fax::of(FAX).with_damaged(3, 2)).await;
        house.run_jobs().await;
        let seen = house.transmission(&id).await;
        assert_eq!(
            (seen.stage, seen.pages, seen.pages_read, seen.pages_unreadable),
            (Stage::Done, Some(3), 3, 1)
        );
        let pages = house.pages(&id).await;
        let told: Vec<_> = pages.iter().map(|page| page.unreadable).collect();
        assert_eq!(told, [None, Some(Unreadable::Damaged), None]);
        let mut tx = house.app.db.read().await.unwrap();
        let referral = house.referrals_of(&id).await[0].clone();
        let referral = store::referrals::find(&mut tx, &referral).await.unwrap().unwrap();
        let document = store::documents::find(&mut tx, &referral.document)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(document.state, DocumentState::NeedsReview);
        assert!(document.pages.contains(2), "{:?}", document.pages);
    }
);

on_both!(
    a_document_without_a_readable_page_is_set_aside_and_can_be_tried_again,
    async |db: TestDb| {
        let house = with_one_child(db).await;
        let giants = Fax::of(FAX).pages(2, |_, tag| (tag == 256).then_some(100_000));
        let id = house.fax_in("fax-1", giants).await;
        house.run_jobs().await;
        let seen = house.transmission(&id).await;
        assert_eq!(
            (seen.stage, seen.reason),
            (Stage::Quarantined, Some(QuarantineReason::PixelLimit))
        );
        assert_eq!((seen.pages, seen.pages_unreadable), (Some(2), 2));
        let ana = house.person("ana", Role::Reviewer).await;
        quarantine::retry(&house.app, &ana, &id).await.unwrap();
        assert!(house.pages(&id).await.is_empty(), "the pages are not tried again");
        house.run_jobs().await;
        assert_eq!(house.transmission(&id).await.reason, Some(QuarantineReason::PixelLimit));
    }
);

on_both!(a_long_document_lets_a_short_one_go_first, async |db: TestDb| {
    let house = with_one_child(db).await;
    let blank = pages_pdf(&vec![String::new(); 60]);
    let long = house.fax_in("fax-1", blank).await;
    let working = house.run_in_background();
    house.until_read(&long, 1).await;
    house.app.clock.advance(TimeDelta::seconds(1));
    let short = house.fax_in("fax-2", sample(FAX)).await;
    house.app.clock.advance(TimeDelta::seconds(1));
    house.until_read(&short, 1).await;
    let read = house.pages(&long).await.len();
    assert!(read < 60, "the short document waited for all {read} pages");
    working.await.unwrap();
    assert_eq!(house.pages(&long).await.len(), 60);
    assert_eq!(house.transmission(&short).await.stage, Stage::Done);
});

#[test]
fn a_forbidden_call_is_a_security_event() {
    alone("streaming::inner_a_forbidden_call");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a_forbidden_call_is_a_security_event"]
async fn inner_a_forbidden_call() {
    let house = with_one_child(TestDb::new(Kind::Sqlite).await).await;
    // The second page keeps its child busy until the signal comes that the kernel would send.
    let pages = pages_pdf(&[text_page(&["First page"]), endless_page()]);
    let id = house.fax_in("fax-1", pages).await;
    let working = house.run_in_background();
    house.until_read(&id, 1).await;
    shoot(children()[0], "SYS");
    working.await.unwrap();
    let seen = house.transmission(&id).await;
    assert_eq!(
        (seen.stage, seen.reason),
        (Stage::Quarantined, Some(QuarantineReason::ForbiddenCall))
    );
    let mut tx = house.app.db.read().await.unwrap();
    let rows = store::audit::of_resource(&mut tx, "transmission", id.as_str())
        .await
        .unwrap();
    drop(tx);
    let event = rows.iter().find(|row| row.action == "forbidden_call").unwrap();
    assert_eq!((event.actor.as_str(), event.outcome), ("system", Outcome::Denied));
    assert_eq!(event.detail, "{}");
    let ana = house.person("ana", Role::Reviewer).await;
    assert!(matches!(
        quarantine::retry(&house.app, &ana, &id).await,
        Err(RetryError::Hopeless(QuarantineReason::ForbiddenCall))
    ));
}
