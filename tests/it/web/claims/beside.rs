//! The pages beside the review, and those that wait for it.

use super::super::Desk;
use super::super::browser::Browser;
use super::super::seed::another_referral;
use super::{beat, opening};
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::domain::decision::AnswerBasis;
use referloop::domain::ids::DirectoryId;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::RejectReason;
use referloop::referrals::act::{ActRequest, act};
use referloop::store::answers;

/// What a page beside the review would send, and the button by which it is sent.
fn beside(id: &str, twin: &str, message: &str) -> [(String, &'static str); 4] {
    [
        (format!("/desk/{id}/request"), "Preview the letter"),
        (format!("/desk/{id}/route"), "File it"),
        (format!("/desk/{id}/twins/{twin}"), "Not a duplicate"),
        (format!("/desk/{id}/answers/{message}"), "It is the answer"),
    ]
}

async fn offered_answer(desk: &Desk) -> String {
    let message = answers::Answer {
        transmission: desk.seeded.quarantined.clone(),
        referral: desk.seeded.referral.clone(),
        basis: AnswerBasis::Subject,
        arrived_at: desk.app.clock.now(),
        settled_at: None,
        attached: false,
    };
    let mut tx = desk.app.db.begin().await.unwrap();
    assert!(answers::insert(&mut tx, &message).await.unwrap());
    tx.commit().await.unwrap();
    message.transmission.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_beside_the_review_keep_its_claim() {
    let desk = Desk::open().await;
    let twin = another_referral(&desk.app).await;
    let message = offered_answer(&desk).await;
    let id = desk.seeded.referral.as_str();
    let path = format!("/desk/{id}");
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let hers = ana.csrf("/desk").await;
    let leave = format!("{path}/claim/leave");
    let mut last = opening(&ana.get(&path).await.body).unwrap().to_owned();
    for (page, button) in beside(id, twin.as_str(), &message) {
        let body = ana.get(&page).await.body;
        assert!(body.contains("data-claimed") && body.contains(button), "{page}: {body}");
        // The page before says good-bye once this one is here.
        let farewell = [("csrf", hers.as_str()), ("claim", last.as_str())];
        assert_eq!(ana.post(&leave, &farewell, &[]).await.status, StatusCode::NO_CONTENT);
        let now = opening(&body).unwrap().to_owned();
        assert_ne!(now, last);
        let held = beat(&mut ana, &path, &hers, &now).await;
        assert_eq!(held.status, StatusCode::NO_CONTENT, "{page}: {}", held.body);
        assert!(bo.get("/desk").await.body.contains("reviewer is reviewing"), "{page}");
        last = now;

        let read = bo.get(&page).await;
        assert_eq!(read.status, StatusCode::OK);
        assert!(
            read.body.contains("reviewer is reviewing this."),
            "{page}: {}",
            read.body
        );
        assert!(
            !read.body.contains(button) && opening(&read.body).is_none(),
            "{page}: {}",
            read.body
        );
    }
    let ticked = [("csrf", hers.as_str()), ("version", "1"), ("item", "ECG")];
    let preview = ana.post(&format!("{path}/request/preview"), &ticked, &[]).await.body;
    assert!(
        preview.contains("data-claimed") && preview.contains("Deliver by hand"),
        "{preview}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_reviews_is_decided_by_no_address() {
    let desk = Desk::open().await;
    let twin = another_referral(&desk.app).await;
    let message = offered_answer(&desk).await;
    let id = desk.seeded.referral.as_str();
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let his = bo.csrf("/desk").await;
    ana.get(&format!("/desk/{id}")).await;
    let entry = DirectoryId::new(desk.app.clock.now()).to_string();
    let said = [
        (format!("/desk/{id}/request"), ("item", "ECG")),
        (format!("/desk/{id}/request/delivered"), ("proof", "Faxed at 14:10")),
        (format!("/desk/{id}/route"), ("route", "junk")),
        (format!("/desk/{id}/twins/{twin}"), ("verdict", "different")),
        (format!("/desk/{id}/twins/{twin}"), ("verdict", "same")),
        (format!("/desk/{id}/answers/{message}"), ("belongs", "true")),
        (format!("/referrals/{id}/referrer"), ("entry", &*entry)),
    ];
    for (path, what) in said {
        let form = [("csrf", his.as_str()), ("version", "1"), what];
        let refused = bo.post(&path, &form, &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}: {}", refused.body);
        for told in ["reviewer is reviewing this referral.", "take it over"] {
            assert!(refused.body.contains(told), "{path}: {}", refused.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_waits_is_told_when_it_is_free() {
    let desk = Desk::open().await;
    let id = desk.seeded.referral.as_str();
    let path = format!("/desk/{id}");
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    ana.get(&path).await;
    assert!(bo.get(&path).await.body.contains("data-free"));
    let told = async |browser: &mut Browser| -> serde_json::Value {
        let answer = browser.get(&format!("{path}/claim?poll")).await;
        serde_json::from_str(&answer.body).unwrap()
    };
    assert_eq!(
        told(&mut bo).await,
        serde_json::json!({ "holder": "reviewer", "reviewable": true })
    );
    // What is one's own stands in nobody's way.
    assert!(told(&mut ana).await["holder"].is_null());
    desk.app.clock.advance(TimeDelta::minutes(11));
    assert!(told(&mut bo).await["holder"].is_null());
    let reject = ActRequest::Reject {
        reason: RejectReason::Incomplete,
        note: None,
    };
    act(&desk.app, &Actor::Operator, &desk.seeded.referral, None, reject)
        .await
        .unwrap();
    assert_eq!(told(&mut bo).await["reviewable"], false);
}
