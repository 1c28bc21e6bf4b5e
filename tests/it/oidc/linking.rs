//! Which account an identity opens.

use super::browser::{Answer, Browser, From};
use super::{Clinic, PASSWORD, is_in};
use crate::harness::{TestDb, on_both};
use axum::http::StatusCode;
use referloop::auth::accounts;
use referloop::auth::oidc::link::{self, LinkError};
use referloop::domain::people::Role;
use referloop::store::audit::Outcome;
use std::path::Path;
use std::process::Command;

async fn signed_in_by_password(clinic: &Clinic, name: &str) -> Browser {
    let mut browser = clinic.browser();
    let answer = browser.post("/login", &[("name", name), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    browser
}

/// What the page's form sends.
async fn ask_to_link(browser: &mut Browser, password: &str) -> Answer {
    let page = browser.get(From::OurPage, "/login/oidc/link").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let (_, rest) = page.body.split_once(r#"name="csrf" value=""#).unwrap();
    let csrf = rest.split('"').next().unwrap().to_owned();
    browser
        .post("/login/oidc/link", &[("csrf", &csrf), ("password", password)])
        .await
}

on_both!(a_person_links_an_identity_to_their_account, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.catch_up();
    let mut browser = signed_in_by_password(&clinic, "ana").await;
    // A screen that somebody left is not enough.
    let refused = ask_to_link(&mut browser, "a wrong password").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let begun = ask_to_link(&mut browser, PASSWORD).await;
    let url = begun.onward();
    assert!(url.contains("prompt=login"), "{url}");
    let back = clinic.provider.sign_in(&url, "a-1").await;
    let linked = clinic.back(&mut browser, &back).await;
    assert_eq!(linked.onward(), "/login/oidc/link?done");
    let (row, _) = clinic.noted().await;
    assert_eq!((row.action.as_str(), row.outcome), ("link_identity", Outcome::Allowed));
    assert!(row.actor.contains("usr_"), "{}", row.actor);
    let page = browser.get(From::OurPage, &linked.onward()).await.body;
    assert!(
        page.contains("It is linked.") && page.contains(&clinic.provider.issuer),
        "{page}"
    );

    let mut another = clinic.browser();
    clinic.sign_in(&mut another, "a-1").await;
    assert!(is_in(&mut another).await);
});

on_both!(an_identity_opens_one_account, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.catch_up();
    let (db, clock) = (&clinic.app().db, &clinic.app().clock);
    accounts::add(db, "bo", Role::Reviewer, PASSWORD, clock.now())
        .await
        .unwrap();
    clinic.link("bo", "b-1").await;
    let mut browser = signed_in_by_password(&clinic, "ana").await;
    let url = ask_to_link(&mut browser, PASSWORD).await.onward();
    let back = clinic.provider.sign_in(&url, "b-1").await;
    assert_eq!(clinic.back(&mut browser, &back).await.refusal(), "identity_taken");
    clinic.assert_noted("identity_taken").await;
    let subject = clinic.subject("b-1");
    let taken = link::add(db, "ana", &subject, clock.now()).await;
    assert!(matches!(taken, Err(LinkError::Taken)));
    let nobody = link::add(db, "nobody", &subject, clock.now()).await;
    assert!(matches!(nobody, Err(LinkError::UnknownUser)));
    let not_hers = link::remove(db, "ana", &subject, clock.now()).await;
    assert!(matches!(not_hers, Err(LinkError::NotLinked)));
    link::remove(db, "bo", &subject, clock.now()).await.unwrap();
    let mut bo = clinic.browser();
    assert_eq!(clinic.sign_in(&mut bo, "b-1").await.refusal(), "unknown_subject");
    link::add(db, "ana", &subject, clock.now()).await.unwrap();
});

on_both!(a_link_needs_a_session_of_ones_own, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    let mut stranger = clinic.browser();
    let page = stranger.get(From::OurPage, "/login/oidc/link").await;
    assert_eq!(page.headers["location"], "/login");
    let mut browser = signed_in_by_password(&clinic, "ana").await;
    let forged = browser.post("/login/oidc/link", &[("password", PASSWORD)]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "without the session's token");
});

fn referloop(data: &Path, words: &[&str]) -> (bool, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_referloop"))
        .args(words)
        .env("REFERLOOP_DATA", data)
        .env("REFERLOOP_OIDC__ISSUER", "https://id.clinic.example")
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn an_operator_links_and_unlinks() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut add = Command::new(env!("CARGO_BIN_EXE_referloop"))
        .args(["user", "add", "ana", "--role", "reviewer"])
        .env("REFERLOOP_DATA", &data)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut add.stdin.take().unwrap(), format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());
    let link = ["user", "link", "ana", "--subject", "a-1"];
    let (good, said) = referloop(&data, &link);
    assert!(good && said.contains("a-1 of https://id.clinic.example"), "{said}");
    let (good, said) = referloop(&data, &link);
    assert!(!good && said.contains("linked to an account already"), "{said}");
    let (good, said) = referloop(&data, &["user", "unlink", "ana", "--subject", "a-1", "--json"]);
    assert!(good && said.contains(r#""subject":"a-1""#), "{said}");
    let (good, said) = referloop(&data, &["user", "unlink", "ana", "--subject", "a-1"]);
    assert!(!good && said.contains("not linked"), "{said}");
}
