//! The screens on which a reviewer decides: asking, comparing, routing.

use super::Desk;
use super::seed::{PATIENT, another_referral};
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::domain::people::Role;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_asked_for_and_printed() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let id = desk.seeded.referral.clone();
    let path = format!("/desk/{id}/request");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    for expected in [
        "last office note",
        "ECG",
        "Missing pages of your fax: 2, 3",
        "not in the packet",
    ] {
        assert!(page.body.contains(expected), "{expected}: {}", page.body);
    }
    let csrf = browser.csrf("/desk").await;
    let ticked = [
        ("csrf", csrf.as_str()),
        ("version", "1"),
        ("item", "ECG"),
        ("more", "Lab results of May"),
        ("note", "By Friday, please."),
    ];
    let preview = browser.post(&format!("{path}/preview"), &ticked, &[]).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    for expected in [
        "•  ECG",
        "•  Lab results of May",
        "By Friday, please.",
        id.as_str(),
        "can&#39;t go by Direct",
    ] {
        let told = preview.body.contains(expected) || preview.body.contains(&expected.replace("&#39;", "'"));
        assert!(told, "{expected}: {}", preview.body);
    }
    assert!(!preview.body.contains("last office note"), "only what was ticked");
    let nothing = [("csrf", csrf.as_str()), ("version", "1")];
    let refused = browser.post(&format!("{path}/preview"), &nothing, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let sent = browser.post(&path, &ticked, &[]).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, path.as_str()));
    let waits = browser.get(&path).await.body;
    assert!(
        waits.contains("I have delivered it") && waits.contains("Lab results of May"),
        "{waits}"
    );
    assert!(waits.contains("Information requested"));
    let handed = [("csrf", csrf.as_str()), ("version", "2"), ("proof", "Faxed at 14:10")];
    let handed = browser.post(&format!("{path}/delivered"), &handed, &[]).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.body);
    let done = browser.get(&path).await.body;
    assert!(
        done.contains("Faxed at 14:10") && !done.contains("I have delivered it"),
        "{done}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_is_shown_beside_and_told_apart() {
    let desk = Desk::open().await;
    desk.app.clock.advance(TimeDelta::minutes(1));
    let later = another_referral(&desk.app).await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let review = browser.get(&format!("/desk/{later}")).await.body;
    let path = format!("/desk/{later}/twins/{}", desk.seeded.referral);
    assert!(review.contains(&path), "{review}");
    let beside = browser.get(&path).await;
    assert_eq!(beside.status, StatusCode::OK);
    assert!(
        beside.body.contains("Same referral") && beside.body.contains(PATIENT),
        "{}",
        beside.body
    );
    let csrf = browser.csrf("/desk").await;
    let different = [("csrf", csrf.as_str()), ("version", "1"), ("verdict", "different")];
    assert_eq!(browser.post(&path, &different, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.get(&format!("/desk/{later}")).await.body.contains(&path));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_referral_is_filed_where_it_belongs() {
    let desk = Desk::open().await;
    desk.app.clock.advance(TimeDelta::minutes(1));
    let later = another_referral(&desk.app).await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let path = format!("/desk/{later}/route");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let csrf = browser.csrf("/desk").await;
    let search = [
        ("csrf", csrf.as_str()),
        ("search", "1"),
        ("patient", "Marchetti 8/14/1961"),
    ];
    let nobody = browser.post(&path, &search, &[]).await;
    assert!(nobody.body.contains("No referral fits"), "{}", nobody.body);
    let note = [("csrf", csrf.as_str()), ("version", "1"), ("route", "consult_note")];
    assert_eq!(
        browser.post(&path, &note, &[]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let whose = [note.as_slice(), &[("referral", desk.seeded.referral.as_str())]].concat();
    assert_eq!(browser.post(&path, &whose, &[]).await.location(), "/desk?done=reject");
}
