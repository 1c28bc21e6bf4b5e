//! A fax that says STAT overtakes those that wait, though its gateway didn't mark it.

use crate::harness::documents::{pages_pdf, text_page};
use crate::harness::{TestApp, TestDb, on_both};
use referloop::domain::ids::TransmissionId;
use referloop::domain::transmission::Stage;
use referloop::pipeline::{self, urgency};
use referloop::store::sql;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

fn referral(patient: &str, urgency: &str) -> String {
    text_page(&[
        "Referral form",
        &format!("Patient name: {patient}"),
        "Date of birth: 03/14/1962",
        urgency,
        "Referring provider: Helen Adeyemi MD",
        "Specialty: Cardiology",
        "Marital status: single",
    ])
}

fn more() -> String {
    text_page(&[
        "Progress note",
        "The patient has been well since.",
        "Status post appendectomy in 2011.",
    ])
}

fn fax(patient: &str, urgency: &str, pages: usize) -> Vec<u8> {
    let mut contents = vec![referral(patient, urgency)];
    contents.extend((1..pages).map(|_| more()));
    pages_pdf(&contents)
}

async fn with_one_child(db: TestDb) -> TestApp {
    TestApp::with(db, |config| {
        config.reading.jobs = Some(1);
    })
    .await
}

/// How many of the others were done when this one was.
async fn done_before(house: &TestApp, urgent: &TransmissionId, others: &[TransmissionId]) -> usize {
    let app = house.app.clone();
    let working = tokio::spawn(async move { pipeline::worker(&app).run_until_idle().await.unwrap() });
    let end = Instant::now() + Duration::from_mins(3);
    while house.transmission(urgent).await.stage != Stage::Done {
        assert!(Instant::now() < end, "it never came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut done = 0;
    for other in others {
        done += usize::from(house.transmission(other).await.stage == Stage::Done);
    }
    working.await.unwrap();
    for other in others {
        assert_eq!(house.transmission(other).await.stage, Stage::Done);
    }
    done
}

async fn priorities(house: &TestApp) -> BTreeMap<String, i64> {
    let mut tx = house.app.db.read().await.unwrap();
    let rows: Vec<(String, i64)> = sql("select subject, priority from job where name = 'read'")
        .fetch_all(&mut tx)
        .await
        .unwrap();
    rows.into_iter().collect()
}

on_both!(
    an_urgent_first_page_lets_the_rest_of_the_fax_overtake,
    async |db: TestDb| {
        let house = with_one_child(db).await;
        let mut others = Vec::new();
        // Too few for a look ahead: the first pages alone tell.
        for number in 0..6 {
            let others_fax = fax("Beatriz Baker", "Priority: Routine", 4);
            others.push(house.fax_in(&format!("fax-{number}"), others_fax).await);
        }
        let urgent = house.fax_in("fax-last", fax("Ada Quill", "Priority: STAT", 4)).await;
        let before = done_before(&house, &urgent, &others).await;
        assert!(before <= 1, "{before} of 6 were done before it");
    }
);

on_both!(a_look_ahead_finds_what_says_that_it_is_urgent, async |db: TestDb| {
    let house = with_one_child(db).await;
    let mut others = Vec::new();
    for number in 0..20 {
        let others_fax = fax("Beatriz Baker", "Marital status: single", 1);
        others.push(house.fax_in(&format!("fax-{number}"), others_fax).await);
    }
    let urgent = house.fax_in("fax-last", fax("Ada Quill", "** STAT **", 1)).await;
    urgency::look_ahead(house.app.clone()).await.unwrap();
    let found = priorities(&house).await;
    assert_eq!(found[urgent.as_str()], urgency::URGENT, "{found:?}");
    // Those who only mention a status, or came after the backlog was short enough, keep their place.
    assert!(
        others.iter().all(|other| found[other.as_str()] > urgency::URGENT),
        "{found:?}"
    );
    let before = done_before(&house, &urgent, &others).await;
    assert!(before <= 2, "{before} of 20 were done before it");
});

on_both!(a_picture_is_looked_at_too, async |db: TestDb| {
    let house = with_one_child(db).await;
    let letters = house
        .app
        .reading
        .glance(crate::harness::sample("clean-referral/fax.tif").into())
        .await
        .unwrap();
    assert!(
        letters.iter().any(|line| line.to_lowercase().contains("referral")),
        "{letters:?}"
    );
    let pdf = pages_pdf(&[referral("Ada Quill", "URGENT")]);
    let lines = house.app.reading.glance(pdf.into()).await.unwrap();
    assert!(lines.iter().any(|line| line == "URGENT"), "{lines:?}");
    assert!(house.app.reading.glance(b"no document".to_vec().into()).await.is_err());
});
