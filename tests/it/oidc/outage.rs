//! A provider that is away, silent, or has other keys than yesterday.

use super::{CLIENT_ID, Clinic, PASSWORD, is_in};
use crate::harness::{TestDb, on_both};
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::config::ClientSecret;
use serde_json::json;
use std::time::{Duration, Instant};

on_both!(
    a_provider_that_is_away_is_told_and_keeps_nobody_out,
    async |db: TestDb| {
        let mut clinic = Clinic::open(db).await;
        clinic.link("ana", "a-1").await;
        // Between leaving and coming back.
        let mut browser = clinic.browser();
        let back = clinic.provider.sign_in(&clinic.leave(&mut browser).await, "a-1").await;
        clinic.provider.told(json!({ "away": true })).await;
        let refused = clinic.back(&mut browser, &back).await;
        assert_eq!(
            (refused.refusal(), refused.status),
            ("provider_away", StatusCode::SERVICE_UNAVAILABLE)
        );
        clinic.assert_noted("provider_away").await;
        // Silent, when what was known of it is too old.
        clinic.app().clock.advance(TimeDelta::hours(2));
        clinic.provider.told(json!({ "away": "silent" })).await;
        let begun = Instant::now();
        let refused = browser.post("/login/oidc", &[]).await;
        assert_eq!(
            (refused.refusal(), refused.status),
            ("provider_away", StatusCode::SERVICE_UNAVAILABLE)
        );
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert!(
            refused.body.contains("Clinic ID can&#39;t be reached."),
            "{}",
            refused.body
        );
        // Gone.
        clinic.provider.stop();
        assert_eq!(browser.post("/login/oidc", &[]).await.refusal(), "provider_away");
        let known = browser.post("/login", &[("name", "ana"), ("password", PASSWORD)]).await;
        assert_eq!(known.status, StatusCode::SEE_OTHER);
        assert!(is_in(&mut browser).await, "the other way in is open");
    }
);

on_both!(a_new_key_is_found, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    for how in [json!({}), json!({ "rotate": true }), json!({ "rotate": true })] {
        clinic.provider.told(how).await;
        let mut browser = clinic.browser();
        clinic.sign_in(&mut browser, "a-1").await;
        assert!(is_in(&mut browser).await);
    }
    // Nobody but the provider can make us believe in a key.
    clinic
        .provider
        .told(json!({ "rotate": true, "signer": "stranger" }))
        .await;
    let mut browser = clinic.browser();
    assert_eq!(clinic.sign_in(&mut browser, "a-1").await.refusal(), "wrong_signature");
});

on_both!(
    a_client_that_the_provider_does_not_know_signs_nobody_in,
    async |db: TestDb| {
        let clinic = Clinic::open_with(db, |oidc| {
            assert_eq!(oidc.client_id, CLIENT_ID);
            oidc.client_secret = Some(ClientSecret::new("not the one of the provider's console"));
        })
        .await;
        clinic.link("ana", "a-1").await;
        let mut browser = clinic.browser();
        assert_eq!(clinic.sign_in(&mut browser, "a-1").await.refusal(), "code_refused");
        clinic.assert_noted("code_refused").await;
        assert!(!is_in(&mut browser).await);
    }
);
