//! Passkeys on the screens, with a device behind the browser.

use super::browser::{Answer, Browser};
use super::{Desk, PASSWORD};
use crate::harness::authenticator::Authenticator;
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::config::SecondFactorPolicy;
use referloop::domain::people::Role;
use serde_json::Value;
use std::sync::Arc;

const HERE: &str = "http://localhost:8080";

/// A desk that people come to by an address that passkeys work at.
async fn named_desk(second_factor: SecondFactorPolicy) -> Desk {
    let mut desk = Desk::open().await;
    let mut config = (*desk.app.config).clone();
    config.desk.public_url = Some(HERE.to_owned());
    config.auth.second_factor = second_factor;
    desk.app.config = Arc::new(config);
    desk
}

#[track_caller]
fn led_to(answer: &Answer, path: &str) {
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, path),
        "{}",
        answer.body
    );
}

/// As our script asks; gives what the browser hands to the device.
async fn asked(browser: &mut Browser, path: &str, csrf: &str) -> Value {
    let answer = ask(browser, path, csrf).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str::<Value>(&answer.body).unwrap()["publicKey"].clone()
}

async fn ask(browser: &mut Browser, path: &str, csrf: &str) -> Answer {
    let headers = [("accept", "application/json"), ("x-csrf-token", csrf)];
    browser.post(path, &[], &headers).await
}

/// Adds a passkey from the account's page.
async fn add(browser: &mut Browser, device: &mut Authenticator, name: &str) -> Answer {
    let csrf = browser.csrf("/account").await;
    let wanted = asked(browser, "/account/passkeys/ask", &csrf).await;
    let answer = device.create(&wanted);
    let form = [("csrf", csrf.as_str()), ("name", name), ("passkey", answer.as_str())];
    browser.post("/account/passkeys", &form, &[]).await
}

async fn come_in(browser: &mut Browser, device: &mut Authenticator) -> Answer {
    let wanted = asked(browser, "/login/passkey/ask", "").await;
    let answer = device.get(&wanted);
    browser.post("/login/passkey", &[("passkey", &answer)], &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_used_and_removed() {
    let desk = named_desk(SecondFactorPolicy::Invited).await;
    let mut here = desk.signed_in(Role::Reviewer).await;
    let mut device = Authenticator::new(HERE);
    let codes = add(&mut here, &mut device, "Laptop").await;
    assert_eq!(codes.status, StatusCode::OK, "{}", codes.body);
    assert!(codes.body.contains("Your recovery codes"));
    let page = here.get("/account").await.body;
    assert!(page.contains("Laptop") && page.contains("never"), "{page}");

    // In place of a code, after the password.
    let mut browser = desk.browser();
    led_to(&browser.sign_in("reviewer", PASSWORD).await, "/login/code");
    let step = browser.get("/login/code").await.body;
    assert!(
        step.contains("Use your passkey") && !step.contains("id=\"code\""),
        "{step}"
    );
    let wanted = asked(&mut browser, "/login/code/passkey", "").await;
    let answer = device.get(&wanted);
    let refused = desk.browser().post("/login/code", &[("passkey", &answer)], &[]).await;
    led_to(&refused, "/login?over");
    led_to(&browser.post("/login/code", &[("passkey", &answer)], &[]).await, "/");
    let account = browser.get("/account").await.body;
    assert!(account.contains("password and passkey"), "{account}");

    // Without a password.
    let mut alone = desk.browser();
    assert!(alone.get("/login").await.body.contains("Sign in with a passkey"));
    led_to(&come_in(&mut alone, &mut device).await, "/");
    assert!(!alone.cookies.contains_key("referloop-step"));
    assert_eq!(alone.get("/desk").await.status, StatusCode::OK);

    let csrf = here.csrf("/account").await;
    let page = here.get("/account").await.body;
    let id = page.split("name=\"passkey\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let form = [("csrf", csrf.as_str()), ("passkey", id)];
    led_to(
        &here.post("/account/passkeys/remove", &form, &[]).await,
        "/account?told=passkey-removed",
    );
    let refused = come_in(&mut desk.browser(), &mut device).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_passkey_a_closed_account_and_a_wrong_answer_are_answered_alike() {
    let desk = named_desk(SecondFactorPolicy::Invited).await;
    let mut here = desk.signed_in(Role::Clinician).await;
    let mut device = Authenticator::new(HERE);
    add(&mut here, &mut device, "Laptop").await;
    let mut unknown = Authenticator::new(HERE);
    unknown.handle.clone_from(&device.handle);
    let mut phished = device.on("https://evil.example");
    let mut texts = std::collections::BTreeSet::new();
    for device in [&mut unknown, &mut phished] {
        let refused = come_in(&mut desk.browser(), device).await;
        assert!(!refused.headers.contains_key("set-cookie"));
        texts.insert((refused.status.as_u16(), refused.body));
    }
    referloop::auth::accounts::disable(&desk.app.db, "clinician", desk.app.clock.now())
        .await
        .unwrap();
    let refused = come_in(&mut desk.browser(), &mut device).await;
    texts.insert((refused.status.as_u16(), refused.body));
    let nonsense = desk.browser().post("/login/passkey", &[("passkey", "{}")], &[]).await;
    texts.insert((nonsense.status.as_u16(), nonsense.body));
    assert_eq!(texts.len(), 1, "{texts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_change_by_our_own_page_and_a_fresh_proof_only() {
    let desk = named_desk(SecondFactorPolicy::Invited).await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let mut device = Authenticator::new(HERE);
    for path in ["/account/passkeys", "/account/passkeys/ask", "/account/passkeys/remove"] {
        let forged = browser.post(path, &[("name", "x"), ("passkey", "x")], &[]).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN, "{path}");
    }
    let foreign = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    for path in ["/login/passkey/ask", "/login/passkey", "/login/code/passkey"] {
        let refused = browser.post(path, &[("passkey", "x")], &foreign).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
    add(&mut browser, &mut device, "Laptop").await;
    desk.app.clock.advance(TimeDelta::minutes(11));
    let csrf = browser.csrf("/account").await;
    let stale = ask(&mut browser, "/account/passkeys/ask", &csrf).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    assert!(stale.body.contains("step_up_required"), "{}", stale.body);

    // The same device proves it once more.
    let page = browser.get("/account/confirm").await.body;
    assert!(
        page.contains("Use a passkey") && !page.contains("id=\"given\""),
        "{page}"
    );
    let wanted = asked(&mut browser, "/account/confirm/passkey", &csrf).await;
    let answer = device.get(&wanted);
    let form = [
        ("csrf", csrf.as_str()),
        ("passkey", answer.as_str()),
        ("then", "/people"),
    ];
    led_to(&browser.post("/account/confirm", &form, &[]).await, "/people");
    let replayed = browser.post("/account/confirm", &form, &[]).await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    asked(&mut browser, "/account/passkeys/ask", &csrf).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_must_have_a_second_factor_makes_a_passkey_and_keeps_it() {
    let desk = named_desk(SecondFactorPolicy::All).await;
    let (mut browser, mut device) = (desk.browser(), Authenticator::new(HERE));
    led_to(&browser.sign_in("reviewer", PASSWORD).await, "/login/enrol");
    assert!(browser.get("/login/enrol").await.body.contains("Make a passkey"));
    let wanted = asked(&mut browser, "/login/enrol/passkey", "").await;
    let answer = device.create(&wanted);
    let form = [("name", "Laptop"), ("passkey", answer.as_str())];
    let done = browser.post("/login/enrol", &form, &[]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert!(done.body.contains("Your recovery codes"));
    let page = browser.get("/account").await.body;
    assert!(page.contains("Laptop") && !page.contains(">Remove<"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_with_a_name_nothing_is_offered() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let page = browser.get("/account").await.body;
    assert!(page.contains("Passkeys need the service's address"), "{page}");
    assert!(!page.contains("data-passkey"), "{page}");
    let csrf = browser.csrf("/account").await;
    let refused = ask(&mut browser, "/account/passkeys/ask", &csrf).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let mut stranger = desk.browser();
    assert!(!stranger.get("/login").await.body.contains("passkey"));
    let refused = ask(&mut stranger, "/login/passkey/ask", "").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}
