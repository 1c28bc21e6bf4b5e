//! A document that ends whoever reads it.

use crate::harness::documents::{endless_page, pages_pdf, text_page};
use crate::harness::processes::{alone, children, shoot, until};
use crate::harness::{TestApp, TestDb};
use referloop::domain::ids::TransmissionId;
use referloop::domain::transmission::{QuarantineReason, Stage};
use referloop::pipeline;
use referloop::store::db::Kind;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

#[test]
fn a_document_that_ends_its_reader_twice_is_set_aside_and_others_go_on() {
    alone("faults::poison::inner_poison");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by a_document_that_ends_its_reader_twice_is_set_aside_and_others_go_on"]
async fn inner_poison() {
    let db = TestDb::new(Kind::Sqlite).await;
    let test = TestApp::with(db, |config| {
        config.reading.jobs = Some(2);
        config.reading.standby = 0;
    })
    .await;
    let good = || {
        pages_pdf(&[text_page(&[
            "Patient Referral Form",
            "Patient name: Marchetti, Rosalind",
        ])])
    };
    // Its page draws itself for ever: its reader is the one that is still there when the others are done.
    let poison = test.fax_in("poison", pages_pdf(&[endless_page()])).await;
    let mut others = Vec::new();
    for number in 0..3 {
        others.push(test.fax_in(&format!("good-{number}"), good()).await);
    }
    let stop = CancellationToken::new();
    let working = tokio::spawn(pipeline::worker(&test.app).run(stop.clone()));
    for other in &others {
        reaches(&test, other, Stage::Done).await;
    }
    // Theirs are bound by readers too, which go when they are done.
    until(|| children().len() == 1).await;
    let mut shot = Vec::new();
    while test.transmission(&poison).await.stage != Stage::Quarantined {
        // A new reader is given time to get the document.
        let readers = children();
        tokio::time::sleep(Duration::from_secs(1)).await;
        for reader in children() {
            if readers.contains(&reader) && !shot.contains(&reader) {
                shoot(reader, "ABRT");
                shot.push(reader);
            }
        }
        assert!(shot.len() <= 4, "it is read again and again");
    }
    assert_eq!(shot.len(), 2, "readers that it cost");
    assert_eq!(test.transmission(&poison).await.reason, Some(QuarantineReason::Crash));
    let next = test.fax_in("good-3", good()).await;
    // The clock stands still in this test, and the queue goes by it: the new job is due at once.
    reaches(&test, &next, Stage::Done).await;
    stop.cancel();
    working.await.unwrap();
}

async fn reaches(test: &TestApp, id: &TransmissionId, stage: Stage) {
    let begun = Instant::now();
    while test.transmission(id).await.stage != stage {
        assert!(begun.elapsed() < Duration::from_mins(1), "it never was {stage:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
