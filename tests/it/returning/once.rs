//! A delivery in two hands at once: of a worker whose lease lapsed, and of the one that took it over.

use super::{received, until};
use crate::harness::{TestDb, on_both};
use crate::journeys::{acted, seen, with_partner};
use chrono::TimeDelta;
use referloop::jobs::Lane;
use referloop::referrals::act::ActRequest;
use referloop::referrals::delivery::{SEND_NOTE, send_note};
use referloop::store;
use std::time::Duration;

on_both!(of_two_workers_with_one_delivery_one_sends_it, async |db: TestDb| {
    let (test, partner) = with_partner(db, "normal").await;
    let (id, coordinator) = seen(&test).await;
    acted(&test, &coordinator, &id, ActRequest::SendNote {}).await;
    let now = test.app.clock.now();
    let mut tx = test.app.db.begin().await.unwrap();
    let claims = store::jobs::claim(&mut tx, Lane::Quick, 20, now, now + TimeDelta::minutes(5))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let claim = claims.into_iter().find(|claim| claim.job.name == SEND_NOTE).unwrap();
    let send = || send_note(test.app.clone(), claim.clone());
    let (one, other) = tokio::join!(send(), send());
    one.unwrap();
    other.unwrap();
    until(&test, "the note is opened", async || !received(&partner).is_empty()).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(received(&partner).len(), 1);
});
