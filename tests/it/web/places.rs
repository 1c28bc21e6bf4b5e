//! What is granted at one site is not granted at another, on every way; and the emergency in which somebody sees it all the same.

use super::{Desk, PASSWORD};
use crate::web::browser::Browser;
use crate::web::seed::{PATIENT, another_referral};
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::auth::{accounts, grants, sites};
use referloop::domain::access::Grant;
use referloop::domain::people::{Actor, Role};
use referloop::domain::permission::Permission;
use referloop::domain::site::SiteKey;
use referloop::store;
use referloop::web::gate::Access;
use referloop::web::router;

fn north() -> SiteKey {
    "north".parse().unwrap()
}

fn at(role: Role, site: &SiteKey) -> Grant {
    Grant {
        site: Some(site.clone()),
        ..Grant::of(role)
    }
}

async fn grant(desk: &Desk, name: &str, grant: &Grant) {
    let now = desk.app.clock.now();
    assert!(
        grants::add(&desk.app.db, &Actor::Operator, name, grant, now)
            .await
            .unwrap()
    );
}

async fn take(desk: &Desk, name: &str, grant: &Grant) {
    let now = desk.app.clock.now();
    grants::remove(&desk.app.db, &Actor::Operator, name, grant, now)
        .await
        .unwrap();
}

/// Somebody who has this role at the other site only. What is seeded lies at the main site.
async fn of_north(desk: &Desk, role: Role) -> Browser {
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
async fn in_an_emergency_everything_is_seen_for_an_hour_and_reviewed() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Clinician).await;
    let page = format!("/referrals/{}", desk.seeded.referral);
    let refused = nora.get(&page).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let way = format!("/emergency?referral={}", desk.seeded.referral);
    assert!(refused.body.contains(&way), "{}", refused.body);
    assert_eq!(nora.get(&way).await.status, StatusCode::OK);
    let csrf = nora.csrf(&way).await;
    let referral = desk.seeded.referral.as_str();
    let short = nora
        .post(
            "/emergency",
            &[("csrf", &csrf), ("referral", referral), ("reason", "please")],
            &[],
        )
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let why = "Chest pain, the clinician of the main site is away";
    let seen = nora
        .post(
            "/emergency",
            &[("csrf", &csrf), ("referral", referral), ("reason", why)],
            &[],
        )
        .await;
    assert_eq!((seen.status, seen.location()), (StatusCode::SEE_OTHER, page.as_str()));
    let seen = nora.get(&page).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.body.contains(PATIENT) && seen.body.contains("Emergency: you see everything until"));
    // To see is all.
    let act = nora
        .post(
            &format!("/referrals/{referral}/assign"),
            &[("csrf", &csrf), ("version", "1")],
            &[],
        )
        .await;
    assert_eq!(act.status, StatusCode::FORBIDDEN);

    review_by_another(&desk, &mut nora, why).await;
    it_is_over_after_an_hour(&desk, &mut nora, &page).await;
}

async fn review_by_another(desk: &Desk, nora: &mut Browser, why: &str) {
    let csrf = nora.csrf("/work").await;
    // Whoever broke the glass doesn't review it, even with the role.
    grant(desk, "nora", &Grant::of(Role::Auditor)).await;
    let mut tx = desk.app.db.read().await.unwrap();
    let kept = store::emergencies::list(&mut tx, 9).await.unwrap();
    drop(tx);
    assert_eq!(kept.len(), 1);
    let review = format!("/emergencies/{}", kept[0].id);
    assert!(
        nora.get("/emergencies")
            .await
            .body
            .contains("Another person reviews yours")
    );
    let own = nora
        .post(&review, &[("csrf", &csrf), ("verdict", "justified")], &[])
        .await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    take(desk, "nora", &Grant::of(Role::Auditor)).await;

    let mut auditor = desk.signed_in(Role::Auditor).await;
    let listed = auditor.get("/emergencies").await.body;
    assert!(listed.contains(why) && listed.contains("nora"), "{listed}");
    let token = auditor.csrf("/emergencies").await;
    let said = auditor
        .post(&review, &[("csrf", &token), ("verdict", "justified")], &[])
        .await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    let twice = auditor
        .post(&review, &[("csrf", &token), ("verdict", "not_justified")], &[])
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(
        auditor
            .get("/emergencies")
            .await
            .body
            .contains("It was one, says auditor")
    );
}

async fn it_is_over_after_an_hour(desk: &Desk, nora: &mut Browser, page: &str) {
    for _ in 0..5 {
        desk.app.clock.advance(TimeDelta::minutes(11));
        assert_eq!(nora.get(page).await.status, StatusCode::OK);
    }
    desk.app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(nora.get(page).await.status, StatusCode::FORBIDDEN, "the hour is over");

    // The looks of the hour name the emergency, for who asks the log.
    let mut tx = desk.app.db.read().await.unwrap();
    let kept = store::emergencies::list(&mut tx, 9).await.unwrap();
    let log = store::audit::latest(&mut tx, None, 500).await.unwrap();
    let looks = log
        .iter()
        .filter(|row| row.action == "view" && row.detail.contains(kept[0].id.as_str()));
    assert!(looks.count() >= 6);
    assert!(log.iter().any(|row| row.action == "break_glass"));
    assert!(
        !log.iter().any(|row| row.detail.contains("Chest")),
        "the reason is sealed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_ends_when_its_person_says_so() {
    let desk = Desk::open().await;
    let mut nora = of_north(&desk, Role::Clinician).await;
    let csrf = nora.csrf("/work").await;
    let page = format!("/referrals/{}", desk.seeded.referral);
    nora.post(
        "/emergency",
        &[("csrf", &csrf), ("reason", "A call from the emergency room")],
        &[],
    )
    .await;
    assert_eq!(nora.get(&page).await.status, StatusCode::OK);
    let over = nora.post("/emergency/end", &[("csrf", &csrf)], &[]).await;
    assert_eq!(over.status, StatusCode::SEE_OTHER);
    assert_eq!(nora.get(&page).await.status, StatusCode::FORBIDDEN);
    // Who was granted nothing breaks no glass.
    let mut auditor = desk.signed_in(Role::Auditor).await;
    assert_eq!(auditor.get("/emergency").await.status, StatusCode::FORBIDDEN);
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

/// A referral is given its patient on the desk, and two patients are made one and two again.
#[tokio::test(flavor = "multi_thread")]
async fn whose_a_referral_is_is_said_on_a_screen() {
    let desk = Desk::open().await;
    let mut ana = desk.signed_in(Role::Coordinator).await;
    let id = desk.seeded.referral.as_str();
    let choose = format!("/desk/{id}/patient");
    let page = ana.get(&choose).await.body;
    assert!(page.contains("Nobody in the register fits"), "{page}");
    let csrf = ana.csrf("/desk").await;
    let as_new = [("csrf", csrf.as_str()), ("version", "1"), ("choose", "new")];
    let chosen = ana.post(&choose, &as_new, &[]).await;
    assert_eq!(
        (chosen.status, chosen.location()),
        (StatusCode::SEE_OTHER, format!("/desk/{id}").as_str())
    );
    let stale = ana.post(&choose, &as_new, &[]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

    desk.app.clock.advance(TimeDelta::minutes(1));
    let again = another_referral(&desk.app).await;
    let other = format!("/desk/{again}/patient");
    let page = ana.get(&other).await.body;
    assert!(
        page.contains(PATIENT) && page.contains("High") && page.contains("birth date"),
        "{page}"
    );
    ana.post(&other, &as_new, &[]).await;
    let mut tx = desk.app.db.read().await.unwrap();
    let mut patients = Vec::new();
    for referral in [&desk.seeded.referral, &again] {
        let found = store::patient_links::patient_of(&mut tx, referral).await.unwrap();
        patients.push(found.unwrap().to_string());
    }
    drop(tx);
    let page = format!("/patients/{}", patients[0]);
    let shown = ana.get(&page).await.body;
    assert!(
        shown.contains("Make them one") && shown.contains(&patients[1]),
        "{shown}"
    );
    let merge = [("csrf", csrf.as_str()), ("other", patients[1].as_str())];
    let merged = ana.post(&format!("{page}/merge"), &merge, &[]).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER);
    let shown = ana.get(&page).await.body;
    assert!(shown.contains("Took in") && shown.contains("Take it back"), "{shown}");
    let start = shown.find("name=\"merge\" value=\"").unwrap() + 20;
    let id = shown[start..].split('"').next().unwrap().to_owned();
    let undo = [("csrf", csrf.as_str()), ("merge", id.as_str())];
    assert_eq!(
        ana.post(&format!("{page}/undo"), &undo, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(ana.get(&page).await.body.contains("Taken back by coordinator"));
    // A reviewer says whose a referral is, and makes nobody one.
    let mut rita = desk.signed_in(Role::Reviewer).await;
    let csrf = rita.csrf("/desk").await;
    let merge = [("csrf", csrf.as_str()), ("other", patients[1].as_str())];
    let refused = rita.post(&format!("{page}/merge"), &merge, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!rita.get(&page).await.body.contains("Make them one"));
}
