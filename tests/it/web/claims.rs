//! Two people at one desk: each has a referral of their own, and what one reviews the other can only read.

mod beside;

use super::Desk;
use super::browser::{Answer, Browser};
use super::seed::{PATIENT, another_referral};
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use referloop::domain::people::{Actor, Role};
use referloop::referrals::assign::assign;
use referloop::store::users;

/// What the page sends with its heartbeat and its farewell.
fn opening(page: &str) -> Option<&str> {
    page.split("data-claim=\"").nth(1)?.split('"').next()
}

async fn beat(browser: &mut Browser, path: &str, csrf: &str, opening: &str) -> Answer {
    let headers = [("x-csrf-token", csrf), ("accept", "application/json")];
    browser
        .post(&format!("{path}/claim?poll"), &[("claim", opening)], &headers)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_reviews_is_read_and_taken_over_with_a_reason() {
    let desk = Desk::open().await;
    let path = format!("/desk/{}", desk.seeded.referral);
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let (hers, his) = (ana.csrf("/desk").await, bo.csrf("/desk").await);
    let page = ana.get(&path).await.body;
    let first = opening(&page).unwrap().to_owned();
    assert!(
        page.contains("data-claimed") && page.contains("data-release-form"),
        "{page}"
    );

    desk.app.clock.advance(TimeDelta::minutes(3));
    let list = bo.get("/desk").await.body;
    assert!(list.contains("reviewer is reviewing"), "{list}");
    assert!(
        !ana.get("/desk").await.body.contains("is reviewing"),
        "one's own is no news"
    );
    let page = bo.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(PATIENT));
    assert!(
        page.body.contains("reviewer is reviewing this, for 3 min now."),
        "{}",
        page.body
    );
    assert!(page.body.contains("Take over…") && page.body.contains(" readonly"));
    for gone in [
        "data-release-form",
        "data-claim=",
        "data-arrange",
        "id=\"reject\"",
        "/request\"",
    ] {
        assert!(!page.body.contains(gone), "{gone}");
    }

    let headers = [
        ("x-csrf-token", his.as_str()),
        ("if-match", "\"1\""),
        ("x-partial", "field"),
        ("accept", "*/*"),
    ];
    let field = format!("{path}/fields/patient.name");
    let refused = bo.post(&field, &[("value", "Rosa Marchetti")], &headers).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let problem: serde_json::Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(problem["type"], "urn:referloop:problem:claimed");
    assert_eq!(problem["title"], "reviewer is reviewing this referral.");

    let over = format!("{path}/claim/take-over");
    let silent = bo.post(&over, &[("csrf", his.as_str()), ("reason", " ")], &[]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.body.contains("ay why you take it over"), "{}", silent.body);
    let said = [("csrf", his.as_str()), ("reason", "Out for lunch")];
    let taken = bo.post(&over, &said, &[]).await;
    assert_eq!((taken.status, taken.location()), (StatusCode::SEE_OTHER, path.as_str()));
    assert!(bo.get(&path).await.body.contains("data-release-form"));

    let lost = beat(&mut ana, &path, &hers, &first).await;
    assert_eq!(lost.status, StatusCode::CONFLICT);
    let told: serde_json::Value = serde_json::from_str(&lost.body).unwrap();
    assert_eq!(
        (&told["holder"], &told["reason"]),
        (&"coordinator".into(), &"Out for lunch".into())
    );
    assert!(told["until"].is_string());
    let history = ana.get(&format!("/referrals/{}", desk.seeded.referral)).await.body;
    assert!(
        history.contains("The review was taken over") && history.contains("Out for lunch"),
        "{history}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_claims_when_somebody_looks_and_leaves_when_it_is_closed() {
    let desk = Desk::open().await;
    let path = format!("/desk/{}", desk.seeded.referral);
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let hers = ana.csrf("/desk").await;
    // Fetched ahead: nobody looks at it yet.
    let headers = [("accept", "text/html"), ("x-prefetch", "1")];
    let ahead = ana.send(Method::GET, &path, &headers, String::new()).await.body;
    assert!(!ahead.contains("data-claimed"));
    assert!(!bo.get("/desk").await.body.contains("is reviewing"));
    // It comes on the screen.
    let held = beat(&mut ana, &path, &hers, opening(&ahead).unwrap()).await;
    assert_eq!(held.status, StatusCode::NO_CONTENT, "{}", held.body);
    assert!(bo.get("/desk").await.body.contains("reviewer is reviewing"));
    // A beacon has no headers of ours: the token stands in its form.
    let leave = format!("{path}/claim/leave");
    let farewell = [("claim", opening(&ahead).unwrap())];
    assert_eq!(ana.post(&leave, &farewell, &[]).await.status, StatusCode::FORBIDDEN);
    let farewell = [("csrf", hers.as_str()), farewell[0]];
    assert_eq!(ana.post(&leave, &farewell, &[]).await.status, StatusCode::NO_CONTENT);
    assert!(!bo.get("/desk").await.body.contains("is reviewing"));

    // Who only reads holds nobody up.
    let mut clinician = desk.signed_in(Role::Clinician).await;
    assert!(opening(&clinician.get(&path).await.body).is_none());
    assert!(bo.get(&path).await.body.contains("data-claimed"));
    let read = clinician.get(&path).await.body;
    assert!(read.contains("coordinator is reviewing this.") && !read.contains("Take over…"));
    // Who signs out has left.
    let his = bo.csrf("/desk").await;
    bo.post("/logout", &[("csrf", &his)], &[]).await;
    assert!(ana.get(&path).await.body.contains("data-claimed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn next_gives_each_another_referral() {
    let desk = Desk::open().await;
    let first = desk.seeded.referral.clone();
    desk.app.clock.advance(TimeDelta::minutes(5));
    let second = another_referral(&desk.app).await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    // Looking ahead takes nothing away.
    let headers = [("accept", "text/html"), ("x-prefetch", "1")];
    let ahead = bo.send(Method::GET, "/desk/next", &headers, String::new()).await;
    assert_eq!(ahead.location(), format!("/desk/{first}"));
    assert_eq!(ana.get("/desk/next").await.location(), format!("/desk/{first}"));
    assert_eq!(bo.get("/desk/next").await.location(), format!("/desk/{second}"));
    let mut admin = desk.signed_in(Role::Admin).await;
    assert_eq!(admin.get("/desk/next").await.location(), "/desk");
    assert_eq!(
        ana.get("/desk/next").await.location(),
        format!("/desk/{first}"),
        "one's own stays"
    );

    // What belongs to somebody is theirs, also when nobody is at it.
    desk.app.clock.advance(TimeDelta::minutes(10));
    let mut tx = desk.app.db.read().await.unwrap();
    let owner = users::find_by_name(&mut tx, "coordinator").await.unwrap().unwrap().id;
    drop(tx);
    assign(&desk.app, &Actor::Operator, &first, None, Some(owner))
        .await
        .unwrap();
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    assert_eq!(ana.get("/desk/next").await.location(), format!("/desk/{second}"));
    assert_eq!(bo.get("/desk/next").await.location(), format!("/desk/{first}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_ask_for_the_next_at_once_get_two() {
    let desk = Desk::open().await;
    desk.app.clock.advance(TimeDelta::minutes(5));
    another_referral(&desk.app).await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let (hers, his) = tokio::join!(ana.get("/desk/next"), bo.get("/desk/next"));
    assert!(hers.location().starts_with("/desk/ref_") && his.location().starts_with("/desk/ref_"));
    assert_ne!(hers.location(), his.location());
}
