//! The screens, as a browser and as somebody who should not be there meet them.

mod audit;
mod blind;
mod browser;
mod claims;
mod decisions;
mod direct;
mod directory;
mod emergencies;
mod first_load;
mod identity;
mod live;
mod passkeys;
mod patients;
mod places;
pub mod seed;
mod team;

use axum::http::{Method, StatusCode};
use browser::Browser;
use chrono::{DateTime, TimeDelta};
use referloop::app::App;
use referloop::auth::{accounts, bearer};
use referloop::clock::Clock;
use referloop::config::Config;
use referloop::domain::access;
use referloop::domain::people::{Actor, Role, Scope};
use referloop::domain::permission::{Resource, authorize};
use referloop::web::gate::Access;
use referloop::web::router;
use referloop::web::security::CONTENT_SECURITY_POLICY;
use seed::{PATIENT, Seeded, beside, seed};
use std::collections::BTreeSet;

const PASSWORD: &str = "a long enough password";

struct Desk {
    app: App,
    seeded: Seeded,
    _folder: tempfile::TempDir,
}

impl Desk {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            data: Some(folder.path().to_owned()),
            ..Config::default()
        };
        let clock = Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
        let app = App::build(config, clock).await.unwrap();
        for role in Role::ALL {
            accounts::add(&app.db, role.as_str(), role, PASSWORD, app.clock.now())
                .await
                .unwrap();
        }
        let seeded = seed(&app).await;
        Self {
            app,
            seeded,
            _folder: folder,
        }
    }

    fn browser(&self) -> Browser {
        Browser::new(router::router(&self.app))
    }

    async fn signed_in(&self, role: Role) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(role.as_str(), PASSWORD).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/"),
            "{role} signs in"
        );
        browser
    }

    /// The seeded referral's patient, said by somebody to be a new one, and an account.
    async fn patient_and_user(&self) -> (String, String) {
        let choice = referloop::referrals::register::Choice::New;
        let id = &self.seeded.referral;
        referloop::referrals::register::choose(&self.app, &Actor::Operator, id, None, &choice)
            .await
            .unwrap();
        let mut tx = self.app.db.read().await.unwrap();
        let patient = referloop::store::patient_links::patient_of(&mut tx, id).await.unwrap();
        let user = referloop::store::users::find_by_name(&mut tx, "reviewer")
            .await
            .unwrap();
        (patient.unwrap().to_string(), user.unwrap().id.to_string())
    }

    /// A real path for a route's pattern.
    fn fill(&self, pattern: &str) -> String {
        pattern
            .replace("{referral}", self.seeded.referral.as_str())
            .replace("{transmission}", self.seeded.transmission.as_str())
            .replace("{page}", "1.png")
            .replace("{key}", "patient.name")
            .replace("{fingerprint}", "x")
            .replace("{name}", "app.css")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_has_a_permission_that_holds() {
    let desk = Desk::open().await;
    let routes = router::routes(&desk.app).list;
    let distinct: BTreeSet<_> = routes.iter().map(|route| (route.method.as_str(), route.path)).collect();
    assert_eq!(distinct.len(), routes.len(), "no route twice");
    let mut stranger = desk.browser();
    for route in &routes {
        let path = desk.fill(route.path);
        let answer = stranger.send(route.method.clone(), &path, &[], String::new()).await;
        match route.access {
            Access::Public => assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{path}"),
            // A door asks for its own credentials, and says no to a stranger like everything else.
            Access::OwnProof => assert!(answer.status.is_client_error(), "{path}"),
            Access::SignedIn | Access::SignedInNow | Access::May(_) | Access::MayNow(_) => {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_renders_for_every_role_or_is_refused() {
    let desk = Desk::open().await;
    let beside = beside(&desk.app, &desk.seeded).await;
    let (patient, user) = desk.patient_and_user().await;
    let routes = router::routes(&desk.app).list;
    for role in Role::ALL {
        let mut browser = desk.signed_in(role).await;
        let me = Actor::User {
            id: referloop::domain::ids::UserId::new(desk.app.clock.now()),
            name: role.to_string(),
            access: access::Access::of(role),
        };
        for route in routes
            .iter()
            .filter(|route| route.method == Method::GET && !route.path.contains("{note}"))
            // A stream has no end; its own tests read it.
            .filter(|route| route.path != "/events")
        {
            let (Access::May(permission) | Access::MayNow(permission)) = route.access else {
                continue;
            };
            let path = desk
                .fill(route.path)
                .replace("{twin}", beside.twin.as_str())
                .replace("{answer}", beside.answer.as_str())
                .replace("{request}", &format!("{}.pdf", beside.request))
                .replace("{delivery}", &format!("{}.pdf", beside.delivery))
                .replace("{document}", beside.document.as_str())
                .replace("{entry}", beside.entry.as_str())
                .replace("{patient}", &patient)
                .replace("{user}", &user);
            if path.starts_with("/api/") {
                continue;
            }
            assert!(!path.contains('{'), "{path} names what the desk has not");
            let answer = browser.get(&path).await;
            let expected = if authorize(&me, permission, Resource::Somewhere).is_ok() {
                // "Next" leads to a page, and is none.
                if path == "/desk/next" {
                    StatusCode::SEE_OTHER
                } else {
                    StatusCode::OK
                }
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(answer.status, expected, "{role} on {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_carries_strict_headers_and_no_inline_anything() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    for path in [
        "/desk",
        "/work",
        &format!("/desk/{}", desk.seeded.referral),
        &format!("/referrals/{}", desk.seeded.referral),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.headers["content-security-policy"], CONTENT_SECURITY_POLICY);
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(
            !answer.body.contains("style=\"") && !answer.body.contains("<script>"),
            "{path}"
        );
        assert!(!answer.body.contains(" onclick="), "{path}");
        assert!(answer.body.contains(PATIENT), "{path}");
    }
    let asset = browser.get("/assets/x/app.css").await;
    assert_eq!(asset.headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(browser.get("/assets/x/SHA256SUMS").await.status, StatusCode::NOT_FOUND);
    // Without a brand there is nothing of one.
    for name in ["logo.svg", "logo.png", "brand.css"] {
        assert_eq!(
            browser.get(&format!("/brand/x/{name}")).await.status,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_changes_nothing() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Coordinator).await;
    let path = format!("/referrals/{}/assign", desk.seeded.referral);
    let csrf = browser.csrf("/desk").await;
    let version = ("version", "1");
    let refused = [
        browser.post(&path, &[version], &[]).await,
        browser.post(&path, &[version, ("csrf", "made up")], &[]).await,
        browser
            .post(
                &path,
                &[version, ("csrf", &csrf)],
                &[("origin", "https://evil.example")],
            )
            .await,
        browser
            .post(&path, &[version, ("csrf", &csrf)], &[("sec-fetch-site", "cross-site")])
            .await,
        browser.post(&path, &[version], &[("x-csrf-token", "made up")]).await,
    ];
    for answer in refused {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.body.contains("did not come from a page of Referloop"));
    }
    let other = desk.signed_in(Role::Coordinator).await.csrf("/desk").await;
    assert_eq!(
        browser.post(&path, &[version, ("csrf", &other)], &[]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        browser.post(&path, &[version, ("csrf", &csrf)], &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let login = browser
        .post(
            "/login",
            &[("name", "x"), ("password", "y")],
            &[("origin", "https://evil.example")],
        )
        .await;
    assert_eq!(
        login.status,
        StatusCode::FORBIDDEN,
        "nobody is signed in by a foreign page"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_tells_nothing_of_names() {
    let desk = Desk::open().await;
    accounts::disable(&desk.app.db, "auditor", desk.app.clock.now())
        .await
        .unwrap();
    let mut texts = BTreeSet::new();
    for (name, password) in [
        ("reviewer", "wrong password"),
        ("nobody", "wrong password"),
        ("auditor", PASSWORD),
        ("", ""),
    ] {
        let answer = desk.browser().sign_in(name, password).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!answer.headers.contains_key("set-cookie"));
        texts.insert(answer.body);
    }
    assert_eq!(texts.len(), 1, "word for word the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_takes_as_long_for_a_name_that_does_not_exist() {
    let desk = Desk::open().await;
    let mut browser = desk.browser();
    let mut medians = Vec::new();
    for name in ["reviewer", "nobody"] {
        let mut times = Vec::new();
        for _ in 0..9 {
            let start = std::time::Instant::now();
            browser.sign_in(name, "wrong password").await;
            times.push(start.elapsed());
        }
        times.sort();
        medians.push(times[4].as_secs_f64());
    }
    let ratio = medians[0] / medians[1];
    assert!((0.5..2.0).contains(&ratio), "{medians:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_the_clock_and_at_sign_out() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    desk.app.clock.advance(TimeDelta::minutes(14));
    assert_eq!(browser.get("/desk").await.status, StatusCode::OK);
    desk.app.clock.advance(TimeDelta::minutes(14));
    assert_eq!(browser.get("/desk?poll").await.status, StatusCode::OK);
    desk.app.clock.advance(TimeDelta::minutes(2));
    let late = browser.get("/desk").await;
    assert_eq!((late.status, late.location()), (StatusCode::SEE_OTHER, "/login"));
    let program = browser.send(Method::GET, "/desk", &[], String::new()).await;
    assert_eq!(program.status, StatusCode::UNAUTHORIZED);
    assert_eq!(program.headers["content-type"], "application/problem+json");

    let mut browser = desk.signed_in(Role::Reviewer).await;
    let csrf = browser.csrf("/desk").await;
    let mut copy = browser.clone();
    assert_eq!(
        browser.post("/logout", &[("csrf", &csrf)], &[]).await.location(),
        "/login?ended"
    );
    assert_eq!(
        copy.get("/desk").await.location(),
        "/login",
        "a copied cookie is worth nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_login_rotates_the_session() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let mut planted = browser.clone();
    browser.sign_in("coordinator", PASSWORD).await;
    assert_ne!(browser.cookie, planted.cookie);
    assert_eq!(planted.get("/desk").await.location(), "/login");
    assert_eq!(browser.get("/desk").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_needs_no_csrf_and_has_its_scope() {
    let desk = Desk::open().await;
    let (_, secret) = bearer::create(&desk.app.db, "ehr", Scope::Read, None, desk.app.clock.now())
        .await
        .unwrap();
    let bearer = format!("Bearer {secret}");
    let mut program = desk.browser();
    let seen = program
        .send(Method::GET, "/work", &[("authorization", &bearer)], String::new())
        .await;
    assert_eq!(seen.status, StatusCode::OK);
    let path = format!("/transmissions/{}/retry", desk.seeded.quarantined);
    let refused = program
        .send(Method::POST, &path, &[("authorization", &bearer)], String::new())
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let wrong = program
        .send(
            Method::GET,
            "/work",
            &[("authorization", "Bearer made-up")],
            String::new(),
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
}

/// Saves as the script of the review page does.
async fn save(
    browser: &mut Browser,
    desk: &Desk,
    csrf: &str,
    field: &str,
    value: &str,
    version: &str,
) -> browser::Answer {
    let path = format!("/desk/{}/fields/{field}", desk.seeded.referral);
    let headers = [
        ("x-csrf-token", csrf),
        ("if-match", version),
        ("x-partial", "field"),
        ("accept", "*/*"),
    ];
    browser.post(&path, &[("value", value)], &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_kept_with_its_history_and_never_overwrites() {
    let desk = Desk::open().await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf("/desk").await;
    let saved = save(&mut ana, &desk, &csrf, "patient.birth_date", "8/15/1961", "\"1\"").await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    assert!(
        saved.body.contains("Corrected by reviewer") && saved.body.contains("1961-08-15"),
        "{}",
        saved.body
    );
    assert!(
        saved.body.contains("14 Aug 1961"),
        "the machine's value stays in the history"
    );

    let mut bo = desk.signed_in(Role::Coordinator).await;
    let other = bo.csrf("/desk").await;
    let stale = save(&mut bo, &desk, &other, "patient.birth_date", "1961-08-16", "\"1\"").await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(stale.etag(), saved.etag());
    assert!(stale.body.contains("1961-08-15") && stale.body.contains("1961-08-16") && stale.body.contains("reviewer"));
    let path = format!("/desk/{}/fields/patient.name", desk.seeded.referral);
    let blind = bo.post(&path, &[("value", "X Y"), ("csrf", &other)], &[]).await;
    assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
    let wrong = save(&mut bo, &desk, &other, "patient.birth_date", "yesterday", stale.etag()).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Not saved"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_is_told_what_the_picture_does_not_show() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let shown = browser.get(&format!("/desk/{}", desk.seeded.referral)).await.body;
    assert!(
        shown.contains("carries hidden text that says something else"),
        "{shown}"
    );
    assert!(shown.contains("counts 3 pages, but 1 page came"), "{shown}");
    // Who schedules is told as well: a referral may have come to the work queue without a reviewer.
    let page = browser.get(&format!("/referrals/{}", desk.seeded.referral)).await.body;
    for told in [&shown, &page] {
        assert!(told.contains("Pages 2 and 3 are missing"), "{told}");
        // What stood in the message that brought it, and is nothing but text here.
        assert!(
            told.contains("Referral\nShe is worse since &#60;Monday&#62;."),
            "{told}"
        );
        assert!(
            told.contains("Cardiology asks for what was not found: last office note; ECG"),
            "{told}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_specialty_asks_for_its_own_attachments() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let csrf = browser.csrf("/desk").await;
    let saved = save(&mut browser, &desk, &csrf, "referral.specialty", "Nephrology", "\"1\"").await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    let shown = browser.get(&format!("/desk/{}", desk.seeded.referral)).await.body;
    assert!(shown.contains("Nephrology asks for what was not found"), "{shown}");
    assert!(!shown.contains("Cardiology asks"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_is_released_from_the_desk() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let csrf = browser.csrf("/desk").await;
    let path = format!("/referrals/{}/act", desk.seeded.referral);
    let release = [("csrf", csrf.as_str()), ("action", "release"), ("back", "desk")];
    assert_eq!(
        browser.post(&path, &release, &[]).await.status,
        StatusCode::PRECONDITION_REQUIRED
    );
    let stale = [release.as_slice(), &[("version", "7")]].concat();
    assert_eq!(
        browser.post(&path, &stale, &[]).await.status,
        StatusCode::PRECONDITION_FAILED
    );
    // Who releases has looked at every critical field.
    let unseen = [release.as_slice(), &[("version", "1"), ("seen", "patient.name")]].concat();
    let refused = browser.post(&path, &unseen, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("6 critical fields not seen yet"),
        "{}",
        refused.body
    );
    let shown = browser.get(&format!("/desk/{}", desk.seeded.referral)).await.body;
    let critical: Vec<&str> = shown
        .split("data-critical=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .split(' ')
        .collect();
    assert_eq!(critical.len(), 7);
    let seen = critical.join(" ");
    let right = [release.as_slice(), &[("version", "1"), ("seen", &seen)]].concat();
    assert_eq!(browser.post(&path, &right, &[]).await.location(), "/desk?done=release");
    assert!(
        browser
            .get("/desk?done=release")
            .await
            .body
            .contains("Nothing to review")
    );
    let page = browser.get(&format!("/referrals/{}", desk.seeded.referral)).await;
    assert!(page.body.contains("Released"));
    assert!(!page.body.contains("Patient was seen"), "a reviewer schedules nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_goes_on_to_what_is_next() {
    let desk = Desk::open().await;
    desk.app.clock.advance(TimeDelta::minutes(5));
    let second = seed::another_referral(&desk.app).await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let first = &desk.seeded.referral;
    assert_eq!(browser.get("/desk/next").await.location(), format!("/desk/{first}"));
    let after = browser.get(&format!("/desk/next?after={first}")).await;
    assert_eq!(after.location(), format!("/desk/{second}"));
    assert_eq!(
        browser.get("/desk/next?after=nonsense").await.status,
        StatusCode::NOT_FOUND
    );
    let csrf = browser.csrf("/desk").await;
    let seen: Vec<String> = desk
        .app
        .rules
        .catalogue()
        .critical()
        .map(|field| field.key.to_string())
        .collect();
    let seen = seen.join(" ");
    let form = [
        ("action", "release"),
        ("version", "1"),
        ("back", "next"),
        ("seen", seen.as_str()),
    ];
    let headers = [
        ("x-csrf-token", csrf.as_str()),
        ("x-partial", "release"),
        ("accept", "*/*"),
    ];
    let path = format!("/referrals/{first}/act");
    let released = browser.post(&path, &form, &headers).await;
    assert_eq!(released.status, StatusCode::OK, "{}", released.body);
    let said: serde_json::Value = serde_json::from_str(&released.body).unwrap();
    assert_eq!(said["next"], format!("/desk/{second}"));
    let version = said["version"].to_string();
    let undo = [("action", "reopen"), ("version", version.as_str()), ("back", "review")];
    let undone = browser.post(&path, &undo, &headers).await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.body);
    assert!(undone.body.contains(&format!("/desk/{first}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_taken_from_a_place_on_the_page() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let csrf = browser.csrf("/desk").await;
    let path = format!("/desk/{}/fields/patient.birth_date", desk.seeded.referral);
    let headers = [
        ("x-csrf-token", csrf.as_str()),
        ("if-match", "\"1\""),
        ("x-partial", "field"),
        ("accept", "*/*"),
    ];
    let taken = |boxes| [("value", "8/15/1961"), ("page", "1"), ("boxes", boxes)];
    let malformed = browser.post(&path, &taken("1 2 3"), &headers).await;
    assert_eq!(malformed.status, StatusCode::BAD_REQUEST);
    let saved = browser
        .post(&path, &taken("500 600 80 30;600 600 90 30"), &headers)
        .await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    assert!(saved.body.contains("data-box=\"500 600 190 30\""), "{}", saved.body);
    assert!(
        saved.body.contains("data-boxes=\"496 596 88 38;596 596 98 38\""),
        "{}",
        saved.body
    );
    // What the machine read, against what stands now.
    assert!(
        saved.body.contains("<del>") && saved.body.contains("<ins>"),
        "{}",
        saved.body
    );
}
