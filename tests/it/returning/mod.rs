//! A note on its way back, through a real mail server to software that is not ours, and whatever that says about it.

mod forms;
mod never;
mod once;
mod orders;
mod postfix;
mod round_trip;
mod stacks;

use crate::harness::TestApp;
use crate::journeys::Partner;
use referloop::domain::delivery::{Effect, Reported};
use referloop::domain::ids::ReferralId;
use referloop::store;
use referloop::store::deliveries::Delivery;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

/// Works on until something is so.
async fn until(test: &TestApp, what: &str, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    loop {
        test.run_jobs().await;
        if is_so().await {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}: never");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

async fn last_delivery(test: &TestApp, id: &ReferralId) -> Delivery {
    let mut tx = test.app.db.read().await.unwrap();
    let all = store::deliveries::of_referral(&mut tx, id).await.unwrap();
    all.into_iter().next_back().unwrap()
}

/// What the partner reported about a delivery, and what each report did.
async fn reports(test: &TestApp, delivery: &Delivery) -> Vec<(Reported, Effect)> {
    let mut tx = test.app.db.read().await.unwrap();
    let reports = store::delivery_reports::of_delivery(&mut tx, &delivery.id)
        .await
        .unwrap();
    reports
        .into_iter()
        .map(|report| (report.event, report.effect))
        .collect()
}

/// What the partner made of the messages that it got, in their order.
fn received(partner: &Partner) -> Vec<serde_json::Value> {
    let mut found = Vec::new();
    for number in 1.. {
        let file = partner.folder.path().join(format!("received/{number:03}.json"));
        let Ok(bytes) = std::fs::read(file) else { break };
        found.push(serde_json::from_slice(&bytes).unwrap());
    }
    found
}
