//! The stream of changes: ids and nothing else, for those who may, and only as long as they may.

use super::{Desk, PATIENT};
use axum::body::BodyDataStream;
use axum::http::StatusCode;
use futures_util::StreamExt;
use referloop::domain::fields::FieldKey;
use referloop::domain::people::{Actor, Role};
use referloop::listeners::http;
use referloop::referrals::correct::correct_field;
use referloop::web::router;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const SOON: Duration = Duration::from_secs(5);

async fn next(body: &mut BodyDataStream) -> Option<String> {
    let chunk = timeout(SOON, body.next()).await.expect("something within seconds")?;
    Some(String::from_utf8(chunk.unwrap().to_vec()).unwrap())
}

async fn corrects(desk: &Desk) {
    let key = FieldKey::new("patient.name");
    let id = &desk.seeded.referral;
    correct_field(
        &desk.app,
        &Actor::System,
        id,
        None,
        &key,
        Some("Rosalind Marchetti-Lee"),
    )
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_ids_only_and_ends_with_the_session() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let csrf = browser.csrf("/desk").await;
    let answer = browser.open("/events?poll").await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut body = answer.into_body().into_data_stream();
    assert!(next(&mut body).await.unwrap().contains("retry: 3000"));
    corrects(&desk).await;
    let told = next(&mut body).await.unwrap();
    assert_eq!(told, format!("event: referral\ndata: {}\n\n", desk.seeded.referral));
    assert!(!told.contains(PATIENT) && !told.contains("Lee"));

    // Another browser signs out: nothing of ours.
    let mut other = desk.signed_in(Role::Coordinator).await;
    let token = other.csrf("/desk").await;
    other.post("/logout", &[("csrf", &token)], &[]).await;
    corrects(&desk).await;
    assert!(next(&mut body).await.unwrap().contains("event: referral"));
    // This one does.
    browser.clone().post("/logout", &[("csrf", &csrf)], &[]).await;
    assert_eq!(next(&mut body).await, None);
    assert_eq!(browser.open("/events?poll").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_referrals_hears_nothing_and_who_is_slow_is_told_to_reload() {
    let desk = Desk::open().await;
    let mut auditor = desk.signed_in(Role::Auditor).await;
    assert_eq!(auditor.open("/events?poll").await.status(), StatusCode::FORBIDDEN);
    let mut slow = desk.signed_in(Role::Clinician).await;
    let mut body = slow.open("/events?poll").await.into_body().into_data_stream();
    next(&mut body).await.unwrap();
    for _ in 0..300 {
        corrects(&desk).await;
    }
    assert!(next(&mut body).await.unwrap().contains("event: reload"));
    // The bounded rest follows.
    assert!(next(&mut body).await.unwrap().contains("event: referral"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_stream_does_not_hold_up_the_end() {
    let desk = Desk::open().await;
    let browser = desk.signed_in(Role::Reviewer).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let serving = tokio::spawn(http::serve(listener, router::router(&desk.app), stop.clone()));
    let (db, end) = (desk.app.db.clone(), stop.clone());
    tokio::spawn(async move { db.hear_changes(&end).await });
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "GET /events?poll HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\r\n",
        browser.cookie.as_deref().unwrap()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 2048];
    let length = timeout(SOON, connection.read(&mut answer)).await.unwrap().unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 200"));
    stop.cancel();
    timeout(SOON, serving).await.expect("the service ends in time").unwrap();
    let mut rest = Vec::new();
    timeout(SOON, connection.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert_eq!(desk.app.db.changes().listeners(), 0);
}
