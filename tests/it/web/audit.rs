//! The auditor's screen: who may see it, what it tells and what it never names.

use super::browser::{Answer, Browser};
use super::seed::PATIENT;
use super::{Desk, PASSWORD};
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::auth::accounts;
use referloop::domain::patient::Patient;
use referloop::domain::people::Role;
use referloop::store;

async fn findable(desk: &Desk) {
    let patient = Patient {
        name: Some(PATIENT.to_owned()),
        birth_date: Some("1961-08-14".to_owned()),
        ..Patient::default()
    };
    let mut tx = desk.app.db.begin().await.unwrap();
    store::search::put(&mut tx, &desk.seeded.referral, &patient)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn post(browser: &mut Browser, path: &str, csrf: &str, form: &[(&str, &str)]) -> Answer {
    let form = [&[("csrf", csrf)], form].concat();
    browser.post(path, &form, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_says_where_it_came_from() {
    let desk = Desk::open().await;
    let mut there = desk.browser();
    there.address = Some(([192, 0, 2, 7], 40_000).into());
    let refused = there.sign_in("reviewer", "not this one at all").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut cy = desk.signed_in(Role::Auditor).await;
    let csrf = cy.csrf("/audit").await;
    let page = cy.get("/audit?what=login").await.body;
    assert_eq!(page.matches("from 192.0.2.7").count(), 1, "{page}");
    there.sign_in("reviewer", PASSWORD).await;
    let page = cy.get("/audit?what=login").await.body;
    assert_eq!(page.matches("from 192.0.2.7").count(), 2, "{page}");
    let table = post(&mut cy, "/audit/export", &csrf, &[("what", "login")]).await;
    assert_eq!(table.status, StatusCode::OK);
    assert_eq!(table.body.matches("192.0.2.7").count(), 2, "{}", table.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_starts_here_and_nobody_else_comes() {
    let desk = Desk::open().await;
    let mut cy = desk.signed_in(Role::Auditor).await;
    assert_eq!(cy.get("/").await.location(), "/audit");
    let page = cy.get("/audit").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(r#"href="/audit""#));
    assert!(
        !page.body.contains(r#"href="/desk""#),
        "nobody is led to where they are refused"
    );
    for role in [Role::Reviewer, Role::Coordinator, Role::Clinician, Role::Referrer] {
        let mut browser = desk.signed_in(role).await;
        assert_eq!(browser.get("/audit").await.status, StatusCode::FORBIDDEN, "{role}");
        for path in ["/audit", "/audit/export"] {
            assert_eq!(
                browser.post(path, &[], &[]).await.status,
                StatusCode::FORBIDDEN,
                "{role}"
            );
        }
    }
    let mut ana = desk.signed_in(Role::Admin).await;
    assert!(ana.get("/desk").await.body.contains(r#"href="/audit""#));
    // A foreign page asks nothing.
    assert_eq!(
        cy.post("/audit", &[("patient", "x")], &[]).await.status,
        StatusCode::FORBIDDEN
    );
    // The refusals stand in the log.
    let refused = cy.get("/audit?what=refusals").await.body;
    assert!(
        refused.contains("permission view_audit") && refused.contains("Refused"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saw_a_patient_is_asked_in_a_body_and_answered_by_name() {
    let desk = Desk::open().await;
    findable(&desk).await;
    let id = &desk.seeded.referral;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    desk.app.clock.advance(TimeDelta::minutes(1));
    ana.get("/desk").await;
    for _ in 0..3 {
        ana.get(&format!("/referrals/{id}")).await;
    }
    let mut cy = desk.signed_in(Role::Auditor).await;
    let csrf = cy.csrf("/audit").await;
    let answer = post(&mut cy, "/audit", &csrf, &[("patient", "Marchetti 8/14/1961")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("<strong>reviewer</strong>"), "{}", answer.body);
    assert!(
        answer.body.contains("viewed 3 times, in a list on 1 day"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains(&format!("referral {id}")) && answer.body.contains("list “desk”"));
    // The auditor sees acts, no document, and no name of a patient but the one that they typed.
    assert!(!answer.body.contains(PATIENT));
    assert_eq!(cy.get(&format!("/referrals/{id}")).await.status, StatusCode::FORBIDDEN);
    let name_alone = post(&mut cy, "/audit", &csrf, &[("patient", "Marchetti")]).await;
    assert_eq!(name_alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stranger = post(&mut cy, "/audit", &csrf, &[("patient", "Marchetti 1/2/1999")]).await;
    assert!(stranger.body.contains("No referral fits"), "{}", stranger.body);

    // Without a patient the question gets an address of its own.
    let moved = post(
        &mut cy,
        "/audit",
        &csrf,
        &[("referral", id.as_str()), ("what", "looks")],
    )
    .await;
    assert_eq!(
        (moved.status, moved.location()),
        (
            StatusCode::SEE_OTHER,
            format!("/audit?referral={id}&what=looks").as_str()
        )
    );
    let page = cy.get(moved.location()).await.body;
    assert!(page.contains("viewed 3 times"), "{page}");
    // Nobody names a patient by an address.
    let ignored = cy.get("/audit?patient=Marchetti%208/14/1961").await.body;
    assert!(!ignored.contains("Who saw this patient</h2>"), "{ignored}");
    let searched = cy.get("/audit?what=search_audit").await.body;
    assert!(searched.contains("Searched the audit log</td>"), "{searched}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_can_be_taken_away_and_that_is_written_down() {
    let desk = Desk::open().await;
    accounts::add(&desk.app.db, "=cmd", Role::Reviewer, PASSWORD, desk.app.clock.now())
        .await
        .unwrap();
    let mut formula = desk.browser();
    formula.sign_in("=cmd", PASSWORD).await;
    let mut cy = desk.signed_in(Role::Auditor).await;
    let csrf = cy.csrf("/audit").await;
    let table = post(&mut cy, "/audit/export", &csrf, &[("what", "sign_ins")]).await;
    assert_eq!(table.status, StatusCode::OK, "{}", table.body);
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        table.headers["content-disposition"],
        "attachment; filename=\"audit-2024-10-04.csv\""
    );
    let lines: Vec<&str> = table.body.lines().collect();
    assert_eq!(lines.len(), 3, "{}", table.body);
    assert_eq!(lines[0], "at,who,actor,did,act,record,kind,id,outcome,detail");
    assert!(
        table.body.contains(",'=cmd,") && table.body.contains("Signed in"),
        "{}",
        table.body
    );
    let exports = cy.get("/audit?what=exports").await.body;
    assert!(exports.contains("Took the audit log away</td>"), "{exports}");
    let wrong = post(&mut cy, "/audit/export", &csrf, &[("what", "nonsense")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_and_older_pages_are_found() {
    let desk = Desk::open().await;
    for _ in 0..2 {
        desk.app.clock.advance(TimeDelta::minutes(2));
        desk.browser().sign_in("reviewer", "not this one").await;
    }
    desk.app.clock.advance(TimeDelta::minutes(2));
    let mut cy = desk.signed_in(Role::Auditor).await;
    let failed = cy.get("/audit?what=failed_sign_ins").await.body;
    assert_eq!(failed.matches("account reviewer").count(), 2, "{failed}");
    assert!(failed.contains("Somebody") && failed.contains("Refused"), "{failed}");
    for _ in 0..60 {
        desk.app.clock.advance(TimeDelta::seconds(1));
        cy.get("/audit?what=refusals").await;
    }
    let page = cy.get("/audit?what=search_audit").await.body;
    assert_eq!(page.matches("Searched the audit log</td>").count(), 50, "{page}");
    let before = page
        .split(r#"name="before" value=""#)
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let older = cy.get(&format!("/audit?what=search_audit&before={before}")).await.body;
    assert_eq!(older.matches("Searched the audit log</td>").count(), 11, "{older}");
    assert_eq!(cy.get("/audit?before=nonsense").await.status, StatusCode::BAD_REQUEST);
    for wrong in ["since=yesterday", "until=9999-12-31", "referral=dir_1", "what=nonsense"] {
        let answer = cy.get(&format!("/audit?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let day = desk.app.clock.now().format("%Y-%m-%d");
    let today = cy
        .get(&format!("/audit?since={day}&until={day}&what=failed_sign_ins"))
        .await
        .body;
    assert_eq!(today.matches("account reviewer").count(), 2, "{today}");
    let tomorrow = (desk.app.clock.now() + TimeDelta::days(1)).format("%Y-%m-%d");
    let none = cy.get(&format!("/audit?since={tomorrow}")).await.body;
    assert!(none.contains("Nothing here"), "{none}");
}
