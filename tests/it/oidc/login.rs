//! The ordinary way, and who is not let in.

use super::browser::From;
use super::{Clinic, PASSWORD, is_in};
use crate::harness::{TestDb, on_both, phone};
use axum::http::StatusCode;
use referloop::auth::accounts;
use referloop::auth::oidc::link;
use referloop::config::{Config, OidcConfig};
use referloop::domain::people::Role;
use referloop::store::audit::Outcome;
use referloop::store::{second_factors, user_identities, users};

on_both!(a_person_signs_in_at_the_provider, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    let mut browser = clinic.browser();
    let page = browser.get(From::OurPage, "/login").await.body;
    assert!(page.contains("Sign in with Clinic ID"), "{page}");
    let back = clinic.sign_in(&mut browser, "a-1").await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.body);
    // A page of ours, since the new cookie doesn't go along with a redirect from a foreign site.
    assert_eq!(back.onward(), "/");
    assert_eq!(browser.get(From::ForeignSite, "/").await.status, StatusCode::SEE_OTHER);
    let start = browser.get(From::OurPage, &back.onward()).await;
    assert_eq!(start.headers["location"], "/desk");
    assert!(is_in(&mut browser).await);
    assert!(browser.cookie("__Host-referloop-login").is_none(), "it is spent");

    let (row, detail) = clinic.noted().await;
    assert_eq!((row.action.as_str(), row.outcome), ("login", Outcome::Allowed));
    assert_eq!(detail, serde_json::json!({ "by": "oidc" }));
    let mut tx = clinic.app().db.read().await.unwrap();
    let ana = users::find_by_name(&mut tx, "ana").await.unwrap().unwrap();
    assert_eq!(row.resource_id, ana.id.as_str());
    let identities = user_identities::of_user(&mut tx, &ana.id).await.unwrap();
    assert_eq!((identities.len(), identities[0].subject.as_str()), (1, "a-1"));
    assert!(identities[0].last_used_at.is_some());
});

on_both!(
    leaving_ends_our_session_and_a_new_login_a_planted_one,
    async |db: TestDb| {
        let clinic = Clinic::open(db).await;
        clinic.link("ana", "a-1").await;
        let mut browser = clinic.browser();
        clinic.sign_in(&mut browser, "a-1").await;
        let mut planted = browser.clone();
        clinic.sign_in(&mut browser, "a-1").await;
        assert!(!is_in(&mut planted).await);
        let desk = browser.get(From::OurPage, "/desk").await.body;
        let (_, rest) = desk.split_once(r#"<meta name="csrf" content=""#).unwrap();
        let csrf = rest.split('"').next().unwrap();
        let mut copy = browser.clone();
        let left = browser.post("/logout", &[("csrf", csrf)]).await;
        assert_eq!(left.headers["location"], "/login?ended");
        assert!(!is_in(&mut copy).await && !is_in(&mut browser).await);
    }
);

on_both!(nobody_is_let_in_who_is_not_linked_or_is_disabled, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    let (db, clock) = (&clinic.app().db, &clinic.app().clock);
    accounts::add(db, "bo", Role::Admin, PASSWORD, clock.now())
        .await
        .unwrap();
    clinic.link("bo", "b-1").await;
    accounts::disable(db, "bo", clock.now()).await.unwrap();
    let mut pages = Vec::new();
    for (id, code) in [
        ("stranger", "unknown_subject"),
        // Called like an account here, or like an identity at another provider: neither is theirs.
        ("ana", "unknown_subject"),
        ("elsewhere", "unknown_subject"),
        ("b-1", "disabled"),
    ] {
        if id == "elsewhere" {
            let mut foreign = clinic.subject(id);
            foreign.issuer = "https://other.example".to_owned();
            link::add(db, "ana", &foreign, clock.now()).await.unwrap();
        }
        let mut browser = clinic.browser();
        let refused = clinic.sign_in(&mut browser, id).await;
        assert_eq!(refused.refusal(), "unknown_subject");
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.body.contains(id) && refused.body.contains(&clinic.provider.issuer));
        clinic.assert_noted(code).await;
        assert!(!is_in(&mut browser).await);
        assert!(browser.cookie("__Host-referloop").is_none());
        pages.push(refused.body.replace(id, "…"));
    }
    // Nobody learns whether there was an account.
    pages.dedup();
    assert_eq!(pages.len(), 1);
});

on_both!(who_is_disabled_is_out_at_once, async |db: TestDb| {
    let clinic = Clinic::open(db).await;
    clinic.link("ana", "a-1").await;
    let mut browser = clinic.browser();
    clinic.sign_in(&mut browser, "a-1").await;
    assert!(is_in(&mut browser).await);
    accounts::disable(&clinic.app().db, "ana", clinic.app().clock.now())
        .await
        .unwrap();
    assert!(!is_in(&mut browser).await);
});

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_there_is_no_way_to_one() {
    let db = TestDb::new(referloop::store::db::Kind::Sqlite).await;
    let test = crate::harness::TestApp::with(db, |config: &mut Config| {
        config.desk.public_url = Some(super::DESK.to_owned());
        config.oidc = OidcConfig::default();
    })
    .await;
    let mut browser = super::Browser::new(super::router::router(&test.app));
    let page = browser.get(From::OurPage, "/login").await.body;
    assert!(!page.contains("/login/oidc"), "{page}");
    assert_eq!(browser.post("/login/oidc", &[]).await.status, StatusCode::NOT_FOUND);
    let back = browser
        .get(From::ForeignSite, "/login/oidc/callback?code=x&state=y")
        .await;
    assert_eq!(back.status, StatusCode::NOT_FOUND);
}

on_both!(
    who_has_a_second_factor_here_is_asked_for_it_where_the_provider_showed_none,
    async |db: TestDb| {
        const SECRET: &[u8] = b"a secret of 20 bytes";
        let clinic = Clinic::open(db).await;
        clinic.link("ana", "a-1").await;
        let mut tx = clinic.app().db.begin().await.unwrap();
        let ana = users::find_by_name(&mut tx, "ana").await.unwrap().unwrap();
        let now = clinic.app().clock.now();
        second_factors::set(&mut tx, &ana.id, SECRET, 0, now).await.unwrap();
        tx.commit().await.unwrap();
        let mut browser = clinic.browser();
        let back = clinic.sign_in(&mut browser, "a-1").await;
        assert_eq!(back.onward(), "/login/code");
        assert!(!is_in(&mut browser).await);
        let code = phone::code(SECRET, clinic.app().clock.now());
        let done = browser.post("/login/code", &[("code", &code)]).await;
        assert_eq!(done.headers["location"], "/");
        assert!(is_in(&mut browser).await);
    }
);
