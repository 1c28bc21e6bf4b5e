//! The page of Direct: what there is, and an anchor that comes and goes.

use super::Desk;
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::direct::identity::Identity;
use referloop::domain::people::{Actor, Role};
use referloop::referrals::identity::keys;
use referloop::store;

const DOMAIN: &str = "direct.clinic.example";

#[tokio::test(flavor = "multi_thread")]
async fn anchors_are_added_and_removed_by_who_manages_doors() {
    let desk = Desk::open().await;
    let now = desk.app.clock.now();
    let ours = Identity::self_signed(DOMAIN, now, TimeDelta::days(20)).unwrap();
    keys::import(&desk.app, &Actor::Operator, &ours, None).await.unwrap();
    let mut admin = desk.signed_in(Role::Admin).await;
    let page = admin.get("/direct").await.body;
    assert!(
        page.contains(DOMAIN) && page.contains("ends soon and has no successor"),
        "{page}"
    );
    assert!(page.contains("None added by hand"), "{page}");

    let theirs = Identity::self_signed("direct.partner.example", now, TimeDelta::days(400)).unwrap();
    let (pem, fingerprint) = (theirs.certificate().to_pem(), theirs.certificate().fingerprint());
    let csrf = admin.csrf("/direct").await;
    let form = |certificate, holds_for| {
        [
            ("csrf", csrf.as_str()),
            ("certificate", certificate),
            ("holds_for", holds_for),
            ("direction", "incoming"),
        ]
    };
    for (certificate, holds_for) in [("no certificate", DOMAIN), (pem.as_str(), "direct.other.example")] {
        let refused = admin.post("/direct/anchors", &form(certificate, holds_for), &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{holds_for}");
    }
    let added = admin.post("/direct/anchors", &form(&pem, DOMAIN), &[]).await;
    assert_eq!((added.status, added.location()), (StatusCode::SEE_OTHER, "/direct"));
    let page = admin.get("/direct").await.body;
    assert!(
        page.contains(&fingerprint) && !page.contains("None added by hand"),
        "{page}"
    );

    let mut coordinator = desk.signed_in(Role::Coordinator).await;
    assert_eq!(coordinator.get("/direct").await.status, StatusCode::FORBIDDEN);
    let theirs = coordinator.csrf("/work").await;
    let old = |csrf| {
        [
            ("csrf", csrf),
            ("fingerprint", fingerprint.as_str()),
            ("holds_for", DOMAIN),
            ("direction", "incoming"),
        ]
    };
    let refused = coordinator.post("/direct/anchors/remove", &old(&theirs), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let removed = admin.post("/direct/anchors/remove", &old(&csrf), &[]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    let again = admin.post("/direct/anchors/remove", &old(&csrf), &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let mut tx = desk.app.db.read().await.unwrap();
    assert!(store::anchors::list(&mut tx).await.unwrap().is_empty());
    drop(tx);
}

/// An inner address is not asked, whoever says that a bundle is there.
#[tokio::test(flavor = "multi_thread")]
async fn bundles_are_fetched_from_public_places_alone() {
    let desk = Desk::open().await;
    let ours = Identity::self_signed(DOMAIN, desk.app.clock.now(), TimeDelta::days(90)).unwrap();
    keys::import(&desk.app, &Actor::Operator, &ours, None).await.unwrap();
    let mut admin = desk.signed_in(Role::Admin).await;
    let csrf = admin.csrf("/direct").await;
    for url in [
        "http://127.0.0.1:9/anchors.p7b",
        "ftp://community.example/anchors.p7b",
        "x",
    ] {
        let bundle = [
            ("csrf", csrf.as_str()),
            ("url", url),
            ("holds_for", DOMAIN),
            ("direction", ""),
        ];
        let refused = admin.post("/direct/bundles", &bundle, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
    }
}

/// The private key stays here; what an authority made of its request is pasted in.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_brought_in_for_a_key_that_waits() {
    let desk = Desk::open().await;
    let key = keys::make(&desk.app, &Actor::Operator, &DOMAIN.parse().unwrap())
        .await
        .unwrap();
    let mut admin = desk.signed_in(Role::Admin).await;
    let page = admin.get("/direct").await.body;
    assert!(page.contains("waits for its certificate"), "{page}");
    let csrf = admin.csrf("/direct").await;
    let import = |certificate| [("csrf", csrf.as_str()), ("certificate", certificate)];
    let other = Identity::self_signed(DOMAIN, desk.app.clock.now(), TimeDelta::days(90)).unwrap();
    let other = other.certificate().to_pem();
    let refused = admin.post("/direct/certificates", &import(&other), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pem = issued_to(&key.private_key);
    let taken = admin.post("/direct/certificates", &import(&pem), &[]).await;
    assert_eq!((taken.status, taken.location()), (StatusCode::SEE_OTHER, "/direct"));
    assert!(!admin.get("/direct").await.body.contains("waits for its certificate"));
}

/// What an authority makes for a key, by the openssl command.
fn issued_to(key: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.der");
    std::fs::write(&file, key).unwrap();
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-days", "90", "-subj", "/CN=x", "-addext"])
        .arg(format!("subjectAltName=DNS:{DOMAIN}"))
        .args(["-keyform", "DER", "-key"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

/// Who signed in long ago proves it again before whom we trust changes.
#[tokio::test(flavor = "multi_thread")]
async fn whom_we_trust_changes_after_a_fresh_proof_alone() {
    let desk = Desk::open().await;
    let mut admin = desk.signed_in(Role::Admin).await;
    let csrf = admin.csrf("/direct").await;
    let within = desk.app.config.auth.step_up_within();
    let mut left = within + TimeDelta::minutes(1);
    while left > TimeDelta::zero() {
        desk.app.clock.advance(TimeDelta::minutes(5));
        left -= TimeDelta::minutes(5);
        assert_eq!(admin.get("/direct").await.status, StatusCode::OK);
    }
    assert!(admin.get("/direct").await.body.contains("prove first that it is you"));
    let asked = admin.post("/direct/anchors", &[("csrf", &csrf)], &[]).await;
    assert!(
        asked.status != StatusCode::OK && asked.location() != "/direct",
        "{}",
        asked.status
    );
}
