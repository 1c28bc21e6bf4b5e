//! The emergency in which somebody sees what they were not granted, and what is said of it afterwards.

use super::Desk;
use super::browser::Browser;
use super::places::{grant, of_north, take};
use super::seed::PATIENT;
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::domain::access::Grant;
use referloop::domain::people::Role;
use referloop::store;

#[tokio::test(flavor = "multi_thread")]
async fn in_an_emergency_everything_is_seen_for_an_hour_and_reviewed() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Clinician).await;
    let page = format!("/referrals/{}", desk.seeded.referral);
    let refused = nora.get(&page).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let way = format!("/emergency?referral={}", desk.seeded.referral);
    assert!(refused.body.contains(&way), "{}", refused.body);
    assert_eq!(nora.get(&way).await.status, StatusCode::OK);
    let csrf = nora.csrf(&way).await;
    let referral = desk.seeded.referral.as_str();
    let short = nora
        .post(
            "/emergency",
            &[("csrf", &csrf), ("referral", referral), ("reason", "please")],
            &[],
        )
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let why = "Chest pain, the clinician of the main site is away";
    let seen = nora
        .post(
            "/emergency",
            &[("csrf", &csrf), ("referral", referral), ("reason", why)],
            &[],
        )
        .await;
    assert_eq!((seen.status, seen.location()), (StatusCode::SEE_OTHER, page.as_str()));
    let seen = nora.get(&page).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.body.contains(PATIENT) && seen.body.contains("Emergency: you see everything until"));
    // To see is all.
    let act = nora
        .post(
            &format!("/referrals/{referral}/assign"),
            &[("csrf", &csrf), ("version", "1")],
            &[],
        )
        .await;
    assert_eq!(act.status, StatusCode::FORBIDDEN);

    review_by_another(&desk, &mut nora, why).await;
    it_is_over_after_an_hour(&desk, &mut nora, &page).await;
}

async fn review_by_another(desk: &Desk, nora: &mut Browser, why: &str) {
    let csrf = nora.csrf("/work").await;
    // Whoever broke the glass doesn't review it, even with the role.
    grant(desk, "nora", &Grant::of(Role::Auditor)).await;
    let mut tx = desk.app.db.read().await.unwrap();
    let kept = store::emergencies::list(&mut tx, 9).await.unwrap();
    drop(tx);
    assert_eq!(kept.len(), 1);
    let review = format!("/emergencies/{}", kept[0].id);
    assert!(
        nora.get("/emergencies")
            .await
            .body
            .contains("Another person reviews yours")
    );
    let own = nora
        .post(&review, &[("csrf", &csrf), ("verdict", "justified")], &[])
        .await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    take(desk, "nora", &Grant::of(Role::Auditor)).await;

    let mut auditor = desk.signed_in(Role::Auditor).await;
    let listed = auditor.get("/emergencies").await.body;
    assert!(listed.contains(why) && listed.contains("nora"), "{listed}");
    let token = auditor.csrf("/emergencies").await;
    let said = auditor
        .post(&review, &[("csrf", &token), ("verdict", "justified")], &[])
        .await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    let twice = auditor
        .post(&review, &[("csrf", &token), ("verdict", "not_justified")], &[])
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(
        auditor
            .get("/emergencies")
            .await
            .body
            .contains("It was one, says auditor")
    );
}

async fn it_is_over_after_an_hour(desk: &Desk, nora: &mut Browser, page: &str) {
    for _ in 0..5 {
        desk.app.clock.advance(TimeDelta::minutes(11));
        assert_eq!(nora.get(page).await.status, StatusCode::OK);
    }
    desk.app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(nora.get(page).await.status, StatusCode::FORBIDDEN, "the hour is over");

    // The looks of the hour name the emergency, for who asks the log.
    let mut tx = desk.app.db.read().await.unwrap();
    let kept = store::emergencies::list(&mut tx, 9).await.unwrap();
    let log = store::audit::latest(&mut tx, None, 500).await.unwrap();
    let looks = log
        .iter()
        .filter(|row| row.action == "view" && row.detail.contains(kept[0].id.as_str()));
    assert!(looks.count() >= 6);
    assert!(log.iter().any(|row| row.action == "break_glass"));
    assert!(
        !log.iter().any(|row| row.detail.contains("Chest")),
        "the reason is sealed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_ends_when_its_person_says_so() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Clinician).await;
    let csrf = nora.csrf("/work").await;
    let page = format!("/referrals/{}", desk.seeded.referral);
    nora.post(
        "/emergency",
        &[("csrf", &csrf), ("reason", "A call from the emergency room")],
        &[],
    )
    .await;
    assert_eq!(nora.get(&page).await.status, StatusCode::OK);
    let over = nora.post("/emergency/end", &[("csrf", &csrf)], &[]).await;
    assert_eq!(over.status, StatusCode::SEE_OTHER);
    assert_eq!(nora.get(&page).await.status, StatusCode::FORBIDDEN);
    // Who was granted nothing breaks no glass.
    let mut auditor = desk.signed_in(Role::Auditor).await;
    assert_eq!(auditor.get("/emergency").await.status, StatusCode::FORBIDDEN);
}
