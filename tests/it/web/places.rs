//! What is granted at one site is not granted at another, on every way.

use super::{Desk, PASSWORD};
use crate::web::browser::Browser;
use crate::web::seed::PATIENT;
use axum::http::StatusCode;
use referloop::auth::{accounts, grants, sites};
use referloop::domain::access::Grant;
use referloop::domain::people::{Actor, Role};
use referloop::domain::permission::Permission;
use referloop::domain::site::SiteKey;
use referloop::store;
use referloop::web::gate::Access;
use referloop::web::router;

pub(super) fn north() -> SiteKey {
    "north".parse().unwrap()
}

pub(super) fn at(role: Role, site: &SiteKey) -> Grant {
    Grant {
        site: Some(site.clone()),
        ..Grant::of(role)
    }
}

pub(super) async fn grant(desk: &Desk, name: &str, grant: &Grant) {
    let now = desk.app.clock.now();
    assert!(
        grants::add(&desk.app.db, &Actor::Operator, name, grant, now)
            .await
            .unwrap()
    );
}

pub(super) async fn take(desk: &Desk, name: &str, grant: &Grant) {
    let now = desk.app.clock.now();
    grants::remove(&desk.app.db, &Actor::Operator, name, grant, now)
        .await
        .unwrap();
}

/// Somebody who has this role at the other site only. What is seeded lies at the main site.
pub(super) async fn of_north(desk: &Desk, role: Role) -> Browser {
    let now = desk.app.clock.now();
    sites::add(&desk.app.db, &Actor::Operator, north(), "North clinic", now)
        .await
        .unwrap();
    accounts::add(&desk.app.db, "nora", role, PASSWORD, now).await.unwrap();
    grant(desk, "nora", &at(role, &north())).await;
    take(desk, "nora", &Grant::of(role)).await;
    let mut browser = desk.browser();
    assert_eq!(browser.sign_in("nora", PASSWORD).await.location(), "/");
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_site_is_seen_on_any_way() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Coordinator).await;
    let csrf = nora.csrf("/desk").await;
    for list in [
        "/desk",
        "/work",
        "/work?show=unowned",
        "/work?show=waiting",
        "/api/v1/referrals",
        "/api/v1/transmissions",
    ] {
        let shown = nora.get(list).await;
        assert_eq!(shown.status, StatusCode::OK, "{list}");
        assert!(!shown.body.contains(PATIENT), "{list}");
        assert!(!shown.body.contains(desk.seeded.referral.as_str()), "{list}");
        assert!(!shown.body.contains(desk.seeded.quarantined.as_str()), "{list}");
    }
    let found = nora
        .post(
            "/work/search",
            &[("csrf", &csrf), ("patient", "Marchetti 8/14/1961")],
            &[],
        )
        .await;
    assert!(found.status == StatusCode::OK && !found.body.contains(desk.seeded.referral.as_str()));
    assert_eq!(nora.get("/desk/next").await.location(), "/desk", "nothing is next");
    // Every address that names the referral or what arrived, whatever it does.
    for route in router::routes(&desk.app).list {
        let names = ["{referral}", "{transmission}"]
            .iter()
            .any(|name| route.path.contains(name))
            || (route.path.contains("/referrals/{id}") || route.path.contains("/transmissions/{id}"));
        let Access::May(permission) = route.access else {
            continue;
        };
        if !names || permission == Permission::ManageUsers {
            continue;
        }
        let id = if route.path.contains("transmissions") {
            desk.seeded.transmission.as_str()
        } else {
            desk.seeded.referral.as_str()
        };
        let path = desk
            .fill(route.path)
            .replace("{id}", id)
            .replace("{twin}", desk.seeded.referral.as_str())
            .replace("{answer}", desk.seeded.transmission.as_str());
        let path = path.split('{').next().unwrap().to_owned() + &"x".repeat(path.matches('{').count());
        let answer = nora
            .send(
                route.method.clone(),
                &path,
                &[
                    ("accept", "application/json"),
                    ("origin", "http://desk.example"),
                    ("x-csrf-token", &csrf),
                ],
                String::new(),
            )
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {path}", route.method);
        assert!(!answer.body.contains(PATIENT), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_starts_where_they_may_be() {
    let desk = Desk::open().await;
    for role in Role::ALL {
        let mut browser = desk.signed_in(role).await;
        let start = browser.get("/").await;
        assert_eq!(start.status, StatusCode::SEE_OTHER, "{role}");
        let page = browser.get(start.location()).await;
        assert_eq!(page.status, StatusCode::OK, "{role}: {}", start.location());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_role_is_told_whom_to_ask() {
    let desk = Desk::open().await;
    take(&desk, "reviewer", &Grant::of(Role::Reviewer)).await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let start = ana.get("/").await;
    assert_eq!(start.status, StatusCode::OK);
    assert!(start.body.contains("Nobody has given you a role yet"), "{}", start.body);
    assert!(start.body.contains("Ask an administrator"), "{}", start.body);
    for place in ["/desk", "/work", "/own", "/directory", "/audit", "/people"] {
        let link = format!("href=\"{place}\"");
        assert!(!start.body.contains(&link), "{place}");
        assert_eq!(ana.get(place).await.status, StatusCode::FORBIDDEN, "{place}");
    }
    assert_eq!(ana.get("/account").await.status, StatusCode::OK);
    let csrf = ana.csrf("/").await;
    grant(&desk, "reviewer", &Grant::of(Role::Clinician)).await;
    assert_eq!(ana.get("/").await.location(), "/work", "with the next click");
    take(&desk, "reviewer", &Grant::of(Role::Clinician)).await;
    let out = ana.post("/logout", &[("csrf", &csrf)], &[]).await;
    assert_eq!(out.location(), "/login?ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_the_installation_is_no_page_for_one_site() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Auditor).await;
    let start = nora.get("/").await;
    assert_eq!(start.status, StatusCode::OK);
    assert!(start.body.contains("Your role has no page here"), "{}", start.body);
    for place in ["/audit", "/emergencies"] {
        assert!(!start.body.contains(place), "nobody is led to where they are refused");
        assert_eq!(nora.get(place).await.status, StatusCode::FORBIDDEN, "{place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_grants_holds_with_the_next_request() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Reviewer).await;
    let page = format!("/desk/{}", desk.seeded.referral);
    assert_eq!(nora.get(&page).await.status, StatusCode::FORBIDDEN);
    grant(&desk, "nora", &at(Role::Clinician, &SiteKey::main())).await;
    let seen = nora.get(&page).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(
        !seen.body.contains("name=\"action\" value=\"release\""),
        "a clinician releases nothing"
    );
    let csrf = nora.csrf("/desk").await;
    let save = format!("/desk/{}/fields/patient.name", desk.seeded.referral);
    let refused = nora
        .post(&save, &[("csrf", &csrf), ("value", "X"), ("version", "1")], &[])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "two grants do not add up");
    take(&desk, "nora", &at(Role::Clinician, &SiteKey::main())).await;
    assert_eq!(nora.get(&page).await.status, StatusCode::FORBIDDEN);
    // A composed role is bound anew for all who have it.
    let now = desk.app.clock.now();
    let compose = async |permissions: Vec<Permission>| {
        grants::compose(&desk.app.db, &Actor::Operator, "reader", permissions, now)
            .await
            .unwrap()
    };
    compose(vec![Permission::ViewReferrals]).await;
    grant(
        &desk,
        "nora",
        &Grant {
            role: "reader".to_owned(),
            permissions: Vec::new().into(),
            site: None,
            queue: None,
            practice: None,
        },
    )
    .await;
    assert_eq!(nora.get(&page).await.status, StatusCode::OK);
    compose(vec![Permission::ViewDirectory]).await;
    assert_eq!(nora.get(&page).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_is_handed_to_another_site() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Reviewer).await;
    let mut ana = desk.signed_in(Role::Coordinator).await;
    let csrf = ana.csrf("/desk").await;
    let id = &desk.seeded.referral;
    let page = ana.get(&format!("/referrals/{id}")).await.body;
    assert!(page.contains("Main site") && page.contains("North clinic"), "{page}");
    let path = format!("/referrals/{id}/site");
    let nowhere = ana
        .post(&path, &[("csrf", &csrf), ("version", "1"), ("site", "west")], &[])
        .await;
    assert!(nowhere.status.is_client_error(), "{}", nowhere.status);
    let moved = ana
        .post(&path, &[("csrf", &csrf), ("version", "1"), ("site", "north")], &[])
        .await;
    assert_eq!(
        (moved.status, moved.location()),
        (StatusCode::SEE_OTHER, format!("/referrals/{id}").as_str())
    );
    assert!(nora.get("/desk").await.body.contains(PATIENT));
    assert!(
        ana.get(&format!("/referrals/{id}"))
            .await
            .body
            .contains("Handed to another site")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referrer_sees_own_referrals_and_nothing_else() {
    let desk = Desk::open().await;
    let now = desk.app.clock.now();
    let new = |name: &str| referloop::referrals::directory::NewEntry {
        name: Some(name.to_owned()),
        ..Default::default()
    };
    let mine = referloop::referrals::directory::add(&desk.app.db, &Actor::Operator, new("Dana Example"), now)
        .await
        .unwrap();
    let other = referloop::referrals::directory::add(&desk.app.db, &Actor::Operator, new("Eli Example"), now)
        .await
        .unwrap();
    let practice = |entry: &store::directory::Entry| Grant {
        practice: Some(entry.id.clone()),
        ..Grant::of(Role::Referrer)
    };
    let refused = grants::add(
        &desk.app.db,
        &Actor::Operator,
        "referrer",
        &Grant::of(Role::Referrer),
        now,
    )
    .await;
    assert!(refused.is_err(), "a referrer without a practice sees nothing");
    grant(&desk, "referrer", &practice(&other)).await;
    let mut dana = desk.browser();
    dana.sign_in("referrer", PASSWORD).await;
    assert_eq!(dana.get("/").await.location(), "/own");
    assert!(!dana.get("/own").await.body.contains(PATIENT));

    let mut ana = desk.signed_in(Role::Coordinator).await;
    let csrf = ana.csrf("/desk").await;
    let chosen = ana
        .post(
            &format!("/referrals/{}/referrer", desk.seeded.referral),
            &[("csrf", &csrf), ("version", "1"), ("entry", mine.id.as_str())],
            &[],
        )
        .await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert!(!dana.get("/own").await.body.contains(PATIENT), "another practice's");
    grant(&desk, "referrer", &practice(&mine)).await;
    let own = dana.get("/own").await.body;
    assert!(
        own.contains(PATIENT) && own.contains("Arrived, being looked at"),
        "{own}"
    );
    for path in [
        "/desk".to_owned(),
        "/work".to_owned(),
        format!("/desk/{}", desk.seeded.referral),
        format!("/referrals/{}/pages/1.png", desk.seeded.referral),
        "/emergency".to_owned(),
    ] {
        assert_eq!(dana.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn grants_are_given_and_taken_on_a_screen() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Reviewer).await;
    let mut admin = desk.signed_in(Role::Admin).await;
    let mut tx = desk.app.db.read().await.unwrap();
    let id = store::users::find_by_name(&mut tx, "nora").await.unwrap().unwrap().id;
    drop(tx);
    let page = format!("/people/{id}");
    let shown = admin.get(&page).await.body;
    assert!(
        shown.contains("at North clinic") && shown.contains("correct fields"),
        "{shown}"
    );
    let csrf = admin.csrf(&page).await;
    let referral = format!("/referrals/{}", desk.seeded.referral);
    let form = [
        ("csrf", csrf.as_str()),
        ("role", "clinician"),
        ("site", "main"),
        ("queue", ""),
    ];
    let given = admin
        .post(&page, &[form.as_slice(), &[("act", "grant")]].concat(), &[])
        .await;
    assert_eq!((given.status, given.location()), (StatusCode::SEE_OTHER, page.as_str()));
    assert_eq!(nora.get(&referral).await.status, StatusCode::OK);
    let taken = admin
        .post(&page, &[form.as_slice(), &[("act", "take")]].concat(), &[])
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    assert_eq!(nora.get(&referral).await.status, StatusCode::FORBIDDEN);
    for (role, site, practice) in [
        ("root", "", ""),
        ("reviewer", "west", ""),
        ("referrer", "", ""),
        ("reviewer", "", "x"),
    ] {
        let form = [
            ("csrf", csrf.as_str()),
            ("act", "grant"),
            ("role", role),
            ("site", site),
            ("practice", practice),
        ];
        let refused = admin.post(&page, &form, &[]).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{role} {site} {practice}"
        );
    }
    // Who manages accounts is not taken away from the last who does.
    let mut tx = desk.app.db.read().await.unwrap();
    let me = store::users::find_by_name(&mut tx, "admin").await.unwrap().unwrap().id;
    drop(tx);
    let own = format!("/people/{me}");
    let refused = admin
        .post(
            &own,
            &[("csrf", csrf.as_str()), ("act", "take"), ("role", "admin")],
            &[],
        )
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(admin.get("/people").await.status, StatusCode::OK);
    assert_eq!(nora.get(&page).await.status, StatusCode::FORBIDDEN);
}
