//! A worker that is stopped past its lease and goes on later: another did its work, and it must change nothing.

use super::Installation;
use crate::harness::TestDb;
use crate::harness::documents::Fax;
use crate::harness::processes::shoot;
use referloop::app::App;
use referloop::domain::access::Reach;
use referloop::domain::ids::TransmissionId;
use referloop::domain::transmission::Stage;
use referloop::store::db::Kind;
use referloop::store::{self, audit, documents, jobs, referrals, transmissions};
use std::time::{Duration, Instant};

const LEASE_SECONDS: u32 = 3;
const PAGES: u32 = 8;
const SOON: Duration = Duration::from_mins(2);

/// What a late worker could have changed.
#[derive(Debug, PartialEq, Eq)]
struct State {
    stage: Stage,
    pages: Vec<String>,
    documents: Vec<String>,
    referrals: Vec<String>,
    audited: u64,
    open_jobs: Vec<(String, i64)>,
}

async fn state(app: &App, id: &TransmissionId) -> State {
    let mut tx = app.db.read().await.unwrap();
    let transmission = transmissions::find(&mut tx, id).await.unwrap().unwrap();
    let pages = store::pages::of_transmission(&mut tx, id).await.unwrap();
    let documents = documents::of_transmission(&mut tx, id).await.unwrap();
    let referrals = referrals::of_transmission(&mut tx, id).await.unwrap();
    // Timers come and go.
    let counts = jobs::count(&mut tx).await.unwrap().into_iter();
    let of_documents = counts.filter(|count| ["read", "extract", "bind"].contains(&count.name.as_str()));
    State {
        stage: transmission.stage,
        pages: pages
            .iter()
            .map(|page| format!("{} {} {}", page.number, page.image, page.words))
            .collect(),
        documents: documents
            .iter()
            .map(|document| format!("{} {:?}", document.id, document.bound))
            .collect(),
        referrals: referrals.iter().map(ToString::to_string).collect(),
        audited: audit::verify(&mut tx).await.unwrap().rows,
        open_jobs: of_documents.map(|count| (count.name, count.open)).collect(),
    }
}

async fn until(what: &str, house: &Installation, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < SOON, "{what}: never; {}", house.said());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Several processes share PostgreSQL only: an embedded database has one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_was_stopped_past_its_lease_changes_nothing() {
    let db = TestDb::new(Kind::Postgres).await;
    let house = Installation::new(&db.url).with("FAULTS_LEASE_SECONDS", &LEASE_SECONDS);
    let fax = tempfile::Builder::new().suffix(".tif").tempfile().unwrap();
    std::fs::write(fax.path(), Fax::of("clean-referral/fax.tif").copies(PAGES)).unwrap();
    house.run(&["ingest", fax.path().to_str().unwrap()]);
    let app = house.open().await;
    let mut tx = app.db.read().await.unwrap();
    let found = transmissions::list(&mut tx, None, &Reach::Everywhere, None, 2)
        .await
        .unwrap();
    drop(tx);
    let id = found[0].id.clone();

    let mut late = house.start(house.command(&["work"]));
    until("a page is read", &house, async || {
        !state(&app, &id).await.pages.is_empty()
    })
    .await;
    shoot(late.id(), "STOP");
    let at_stop = state(&app, &id).await;
    assert!(
        at_stop.pages.len() < PAGES as usize && at_stop.stage == Stage::Reading,
        "{at_stop:?}"
    );

    let other = house.start(house.command(&["work"]));
    until("the other does it", &house, async || {
        let now = state(&app, &id).await;
        now.stage == Stage::Done && now.open_jobs.iter().all(|(_, open)| *open == 0)
    })
    .await;
    other.kill();
    let before = state(&app, &id).await;
    assert_eq!(before.pages.len(), PAGES as usize);
    // What was read before the stop is not read again. Pages are read side by side, so that any may be the first.
    for page in &at_stop.pages {
        assert!(before.pages.contains(page), "{page} was read again: {before:?}");
    }

    shoot(late.id(), "CONT");
    // Long enough for the page it was at, and for a heartbeat.
    until("the late one notices", &house, async || {
        house.said().contains("the lease was lost")
    })
    .await;
    tokio::time::sleep(Duration::from_secs(u64::from(2 * LEASE_SECONDS))).await;
    assert_eq!(state(&app, &id).await, before);
    assert!(!late.has_ended(), "{}", house.said());

    // And it goes on working.
    std::fs::write(fax.path(), Fax::of("clean-referral/fax.tif").copies(2)).unwrap();
    house.run(&["ingest", fax.path().to_str().unwrap()]);
    until("the next is done", &house, async || {
        let mut tx = app.db.read().await.unwrap();
        let done = transmissions::list(&mut tx, Some(Stage::Done), &Reach::Everywhere, None, 9)
            .await
            .unwrap();
        done.len() == 2
    })
    .await;
    late.kill();
}
