//! Tokens that the provider really signed, or somebody else did, and that must not be believed.

use super::{Clinic, is_in};
use crate::harness::{TestDb, on_both};
use referloop::clock::Clock;
use serde_json::json;

on_both!(a_token_is_believed_only_if_all_of_it_is_right, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    let now = Clock::System.now().timestamp();
    let claims = |claims: serde_json::Value| json!({ "claims": claims });
    for (how, code) in [
        (json!({ "signer": "stranger" }), "wrong_signature"),
        // The secret is known to us both, so that it proves nothing to anybody else.
        (json!({ "signer": "secret" }), "wrong_signature"),
        (json!({ "signer": "none" }), "wrong_signature"),
        (claims(json!({ "nonce": "of another login" })), "wrong_nonce"),
        (claims(json!({ "nonce": null })), "wrong_nonce"),
        (claims(json!({ "aud": "another-client" })), "wrong_audience"),
        (
            claims(json!({ "aud": ["referloop", "another-client"] })),
            "wrong_audience",
        ),
        (claims(json!({ "azp": "another-client" })), "wrong_party"),
        (claims(json!({ "iss": "https://id.example" })), "wrong_issuer"),
        (claims(json!({ "exp": now - 3600 })), "expired"),
        (claims(json!({ "iat": now - 3600 })), "expired"),
        (claims(json!({ "iat": now + 3600 })), "expired"),
        (
            claims(json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" })),
            "wrong_access_token",
        ),
        (claims(json!({ "sub": "" })), "unreadable_token"),
        (claims(json!({ "sub": null })), "provider_nonsense"),
        (claims(json!({ "exp": null })), "provider_nonsense"),
    ] {
        clinic.provider.told_nothing().await;
        clinic.provider.told(how.clone()).await;
        let mut browser = clinic.browser();
        let refused = clinic.sign_in(&mut browser, "a-1").await;
        assert_eq!(refused.refusal(), code, "{how}");
        assert!(!refused.body.contains("a-1"), "nothing of such a token is shown");
        clinic.assert_noted(code).await;
        assert!(!is_in(&mut browser).await, "{how}");
    }
    // What is right is enough, and what we don't need may be as it likes.
    clinic.provider.told_nothing().await;
    let odd = json!({ "azp": "referloop", "email_verified": "true", "updated_at": "2026-01-01T00:00:00Z" });
    clinic.provider.told(claims(odd)).await;
    let mut browser = clinic.browser();
    clinic.sign_in(&mut browser, "a-1").await;
    assert!(is_in(&mut browser).await);
});
