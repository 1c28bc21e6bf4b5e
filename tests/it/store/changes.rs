//! What commits tell those who look, in this process and in others; and jobs that stand still.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta};
use referloop::domain::ids::{SessionId, TransmissionId};
use referloop::domain::transmission::Stage;
use referloop::store::changes::Change;
use referloop::store::db::Kind;
use referloop::store::jobs::{self, Lane, NewJob};
use referloop::store::{Db, sessions, transmissions};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const SOON: Duration = Duration::from_secs(10);

async fn moves(db: &Db, id: &TransmissionId) {
    let mut tx = db.begin().await.unwrap();
    transmissions::set_stage(&mut tx, id, Stage::Done, None).await.unwrap();
    // Told once, however often it was written.
    transmissions::set_stage(&mut tx, id, Stage::Done, None).await.unwrap();
    tx.commit().await.unwrap();
}

on_both!(
    a_commit_tells_what_it_changed_and_a_rollback_nothing,
    async |db: TestDb| {
        let mut changes = db.changes().listen().unwrap();
        let id = TransmissionId::new(DateTime::UNIX_EPOCH);
        let mut tx = db.begin().await.unwrap();
        transmissions::set_stage(&mut tx, &id, Stage::Done, None).await.unwrap();
        drop(tx);
        moves(&db, &id).await;
        let mut tx = db.begin().await.unwrap();
        sessions::end(&mut tx, b"none", DateTime::UNIX_EPOCH).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(changes.recv().await.unwrap(), Change::Transmission(id));
        assert_eq!(changes.recv().await.unwrap(), Change::Session);
    }
);

#[tokio::test(flavor = "multi_thread")]
async fn another_process_hears_it_too() {
    let ours = TestDb::new(Kind::Postgres).await;
    let theirs = ours.reopen().await;
    let stop = CancellationToken::new();
    let (db, end) = (theirs.clone(), stop.clone());
    let hearing = tokio::spawn(async move { db.hear_changes(&end).await });
    let mut changes = theirs.changes().listen().unwrap();
    let id = TransmissionId::new(DateTime::UNIX_EPOCH);
    let heard = async {
        loop {
            moves(&ours, &id).await;
            // It may not listen yet.
            if let Ok(heard) = timeout(Duration::from_millis(200), changes.recv()).await {
                return heard.unwrap();
            }
        }
    };
    assert_eq!(timeout(SOON, heard).await.unwrap(), Change::Transmission(id));
    stop.cancel();
    timeout(SOON, hearing).await.unwrap().unwrap();
    assert!(theirs.changes().ended().is_cancelled(), "who listens is told to go");
}

on_both!(jobs_that_stand_still_are_found_and_tried_at_once, async |db: TestDb| {
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
    let id = SessionId::new(now).to_string();
    let job = |name, due_at| NewJob {
        name,
        lane: Lane::Quick,
        subject: &id,
        payload: serde_json::json!({}),
        due_at,
        priority: 0,
    };
    let mut tx = db.begin().await.unwrap();
    jobs::enqueue(&mut tx, job("waits", now), now).await.unwrap();
    jobs::enqueue(&mut tx, job("has_time", now + TimeDelta::hours(1)), now)
        .await
        .unwrap();
    assert!(jobs::stuck(&mut tx, now, 10).await.unwrap().is_empty());
    let later = now + TimeDelta::minutes(6);
    let stuck = jobs::stuck(&mut tx, later - TimeDelta::minutes(5), 10).await.unwrap();
    assert_eq!(stuck.iter().map(|job| job.name.as_str()).collect::<Vec<_>>(), ["waits"]);
    assert!(jobs::hurry(&mut tx, &stuck[0].id, later).await.unwrap());
    assert!(
        jobs::stuck(&mut tx, later - TimeDelta::minutes(5), 10)
            .await
            .unwrap()
            .is_empty()
    );
    tx.commit().await.unwrap();
});
