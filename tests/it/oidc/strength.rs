//! How the person signed in at the provider, where the clinic asks for more than that they did.

use super::{Clinic, is_in};
use crate::harness::{TestDb, on_both};
use referloop::clock::Clock;
use serde_json::json;

on_both!(a_login_is_as_strong_as_the_clinic_asks, async |db: TestDb| {
    let clinic = Clinic::open_with(db, |oidc| {
        oidc.required_acr = vec!["loa2".to_owned(), "loa3".to_owned()];
        oidc.required_amr = vec!["mfa".to_owned()];
        oidc.max_age_minutes = Some(60);
    })
    .await;
    clinic.link("ana", "a-1").await;
    let now = Clock::System.now().timestamp();
    let amr = ["pwd", "mfa"];
    for (how, code) in [
        (json!({}), "weak_acr"),
        (json!({ "amr": amr }), "weak_acr"),
        (json!({ "amr": amr, "acr": "loa1" }), "weak_acr"),
        (json!({ "acr": "loa2" }), "weak_amr"),
        (json!({ "acr": "loa2", "amr": null }), "weak_amr"),
        (
            json!({ "acr": "loa2", "amr": amr, "claims": { "auth_time": now - 7200 } }),
            "old_login",
        ),
        (
            json!({ "acr": "loa2", "amr": amr, "claims": { "auth_time": null } }),
            "old_login",
        ),
    ] {
        clinic.provider.told_nothing().await;
        clinic.provider.told(how.clone()).await;
        let mut browser = clinic.browser();
        let refused = clinic.sign_in(&mut browser, "a-1").await;
        assert_eq!(refused.refusal(), code, "{how}");
        clinic.assert_noted(code).await;
        assert!(!is_in(&mut browser).await);
    }
    clinic.provider.told_nothing().await;
    clinic.provider.told(json!({ "acr": "loa2", "amr": amr })).await;
    let mut browser = clinic.browser();
    let url = clinic.leave(&mut browser).await;
    assert!(
        url.contains("max_age=3600") && url.contains("acr_values=loa2+loa3"),
        "{url}"
    );
    clinic.sign_in(&mut browser, "a-1").await;
    assert!(is_in(&mut browser).await);
});
