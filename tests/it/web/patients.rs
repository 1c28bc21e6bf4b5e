//! Whose a referral is, on the screens.

use super::Desk;
use super::seed::{PATIENT, another_referral};
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::domain::people::Role;
use referloop::store;

/// A referral is given its patient on the desk, and two patients are made one and two again.
#[tokio::test(flavor = "multi_thread")]
async fn whose_a_referral_is_is_said_on_a_screen() {
    let desk = Desk::open().await;
    let mut ana = desk.signed_in(Role::Coordinator).await;
    let id = desk.seeded.referral.as_str();
    let choose = format!("/desk/{id}/patient");
    let page = ana.get(&choose).await.body;
    assert!(page.contains("Nobody in the register fits"), "{page}");
    let csrf = ana.csrf("/desk").await;
    let as_new = [("csrf", csrf.as_str()), ("version", "1"), ("choose", "new")];
    let chosen = ana.post(&choose, &as_new, &[]).await;
    assert_eq!(
        (chosen.status, chosen.location()),
        (StatusCode::SEE_OTHER, format!("/desk/{id}").as_str())
    );
    let stale = ana.post(&choose, &as_new, &[]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

    desk.app.clock.advance(TimeDelta::minutes(1));
    let again = another_referral(&desk.app).await;
    let other = format!("/desk/{again}/patient");
    let page = ana.get(&other).await.body;
    assert!(
        page.contains(PATIENT) && page.contains("High") && page.contains("birth date"),
        "{page}"
    );
    ana.post(&other, &as_new, &[]).await;
    let mut tx = desk.app.db.read().await.unwrap();
    let mut patients = Vec::new();
    for referral in [&desk.seeded.referral, &again] {
        let found = store::patient_links::patient_of(&mut tx, referral).await.unwrap();
        patients.push(found.unwrap().to_string());
    }
    drop(tx);
    let page = format!("/patients/{}", patients[0]);
    let shown = ana.get(&page).await.body;
    assert!(
        shown.contains("Make them one") && shown.contains(&patients[1]),
        "{shown}"
    );
    let merge = [("csrf", csrf.as_str()), ("other", patients[1].as_str())];
    let merged = ana.post(&format!("{page}/merge"), &merge, &[]).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER);
    let shown = ana.get(&page).await.body;
    assert!(shown.contains("Took in") && shown.contains("Take it back"), "{shown}");
    let start = shown.find("name=\"merge\" value=\"").unwrap() + 20;
    let id = shown[start..].split('"').next().unwrap().to_owned();
    let undo = [("csrf", csrf.as_str()), ("merge", id.as_str())];
    assert_eq!(
        ana.post(&format!("{page}/undo"), &undo, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(ana.get(&page).await.body.contains("Taken back by coordinator"));
    // A reviewer says whose a referral is, and makes nobody one.
    let mut rita = desk.signed_in(Role::Reviewer).await;
    let csrf = rita.csrf("/desk").await;
    let merge = [("csrf", csrf.as_str()), ("other", patients[1].as_str())];
    let refused = rita.post(&format!("{page}/merge"), &merge, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!rita.get(&page).await.body.contains("Make them one"));
}
