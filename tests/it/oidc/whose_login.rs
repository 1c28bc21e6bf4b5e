//! A login belongs to the browser that began it, and is used once.

use super::{Clinic, is_in};
use crate::harness::{TestDb, on_both};
use chrono::TimeDelta;
use reqwest::Url;
use serde_json::json;

/// The same address with one parameter changed, or left out.
fn with(address: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(address).unwrap();
    let pairs = url.query_pairs().into_owned();
    let mut kept: Vec<(String, String)> = pairs.filter(|(key, _)| key != name).collect();
    kept.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    url.query_pairs_mut().clear().extend_pairs(kept);
    url.into()
}

fn value(address: &str, name: &str) -> String {
    let url = Url::parse(address).unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.unwrap().1.into_owned()
}

on_both!(an_answer_is_used_once, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    let mut browser = clinic.browser();
    let url = clinic.leave(&mut browser).await;
    let back = clinic.provider.sign_in(&url, "a-1").await;
    let mut copy = browser.clone();
    assert_eq!(clinic.back(&mut browser, &back).await.onward(), "/");
    // With the cookie as it was: whoever read along has both.
    let replayed = clinic.back(&mut copy, &back).await;
    assert_eq!(replayed.refusal(), "no_attempt");
    clinic.assert_noted("no_attempt").await;
    assert!(!is_in(&mut copy).await);
    // A used code in a login of one's own: the provider refuses it.
    let mut thief = clinic.browser();
    let own = clinic.leave(&mut thief).await;
    let forged = with(&back, "state", Some(&value(&own, "state")));
    assert_eq!(clinic.back(&mut thief, &forged).await.refusal(), "code_refused");
    clinic.assert_noted("code_refused").await;
});

on_both!(an_answer_belongs_to_the_browser_that_asked, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    let (mut ana, mut other) = (clinic.browser(), clinic.browser());
    let url = clinic.leave(&mut ana).await;
    let back = clinic.provider.sign_in(&url, "a-1").await;
    // Without the cookie nothing was begun, and a stranger's links fill no log.
    let before = clinic.noted().await.0.id;
    assert_eq!(clinic.back(&mut other, &back).await.refusal(), "no_attempt");
    assert_eq!(clinic.noted().await.0.id, before);
    // With the cookie of another login.
    clinic.leave(&mut other).await;
    assert_eq!(clinic.back(&mut other, &back).await.refusal(), "foreign_state");
    clinic.assert_noted("foreign_state").await;
    assert!(!is_in(&mut other).await);
    // A made-up link doesn't end the login that waits.
    for state in [Some("made up"), None] {
        let forged = with(&back, "state", state);
        assert_eq!(clinic.back(&mut ana, &forged).await.refusal(), "foreign_state");
    }
    assert_eq!(clinic.back(&mut ana, &back).await.onward(), "/");
    assert!(is_in(&mut ana).await);
});

on_both!(a_code_is_worth_nothing_without_its_verifier, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    let (mut ana, mut thief) = (clinic.browser(), clinic.browser());
    let back = clinic.provider.sign_in(&clinic.leave(&mut ana).await, "a-1").await;
    // Ana's code, unused, put into the thief's own login.
    let own = clinic.leave(&mut thief).await;
    let forged = with(&back, "state", Some(&value(&own, "state")));
    assert_eq!(clinic.back(&mut thief, &forged).await.refusal(), "code_refused");
    assert!(!is_in(&mut thief).await);
    // The provider insists on PKCE, so that the above was its doing.
    let url = clinic.leave(&mut thief).await;
    assert_eq!(value(&url, "code_challenge_method"), "S256");
    let bare = with(&with(&url, "code_challenge", None), "code_challenge_method", None);
    let back = clinic.provider.sign_in(&bare, "a-1").await;
    assert_eq!(clinic.back(&mut thief, &back).await.refusal(), "bad_request");
});

on_both!(a_login_waits_ten_minutes, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    let mut browser = clinic.browser();
    let url = clinic.leave(&mut browser).await;
    let back = clinic.provider.sign_in(&url, "a-1").await;
    clinic.app().clock.advance(TimeDelta::minutes(10));
    assert_eq!(clinic.back(&mut browser, &back).await.refusal(), "no_attempt");
    assert!(!is_in(&mut browser).await);
});

on_both!(what_the_provider_says_instead_is_told_plainly, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    clinic.provider.told(json!({ "deny": true })).await;
    let mut browser = clinic.browser();
    let refused = clinic.sign_in(&mut browser, "a-1").await;
    assert_eq!(refused.refusal(), "access_denied");
    assert!(refused.body.contains("The sign-in at Clinic ID was not allowed."));
    clinic.assert_noted("access_denied").await;
    // Nothing of a link that anybody may write comes onto the page.
    let mut browser = clinic.browser();
    let state = value(&clinic.leave(&mut browser).await, "state");
    let forged =
        format!("/login/oidc/callback?error=%3Cb%3Ecall-555-0100&error_description=call-555-0100&state={state}");
    let refused = clinic.back(&mut browser, &forged).await;
    assert_eq!(refused.refusal(), "provider_refused");
    assert!(!refused.body.contains("555-0100"));
    // An answer that names another provider.
    let mut browser = clinic.browser();
    let state = value(&clinic.leave(&mut browser).await, "state");
    let foreign = format!("/login/oidc/callback?code=x&state={state}&iss=https%3A%2F%2Fid.example");
    assert_eq!(clinic.back(&mut browser, &foreign).await.refusal(), "foreign_issuer");
    clinic.assert_noted("foreign_issuer").await;
});
