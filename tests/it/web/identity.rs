//! People on the screens: invited, in by two steps, asked again before something that matters, and signed out.

use super::browser::{Answer, Browser};
use super::{Desk, PASSWORD};
use crate::harness::phone::{code, secret_on, wrong};
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use referloop::auth::sites;
use referloop::config::SecondFactorPolicy;
use referloop::domain::people::{Actor, Role};
use referloop::web::router;
use std::sync::Arc;

const PEOPLE: &[(&str, &str)] = &[("referer", "http://desk.example/people")];

impl Desk {
    fn app_code(&self, secret: &[u8]) -> String {
        code(secret, self.app.clock.now())
    }

    fn wait_seconds(&self, seconds: i64) {
        self.app.clock.advance(TimeDelta::seconds(seconds));
    }
}

async fn change(admin: &mut Browser, form: &[(&str, &str)]) -> Answer {
    let csrf = admin.csrf("/people").await;
    let form = [&[("csrf", csrf.as_str())], form].concat();
    admin.post("/people", &form, PEOPLE).await
}

/// The path of the link that a page shows this once.
fn link_on(page: &str) -> String {
    let at = page.find("http://desk.example/welcome/").expect("a link");
    page[at..].split('"').next().unwrap()["http://desk.example".len()..].to_owned()
}

async fn id_of(admin: &mut Browser, name: &str) -> String {
    let page = admin.get("/people").await.body;
    let row = page.split(&format!("the account {name}<")).nth(1).unwrap();
    let id = row.split("name=\"user\" value=\"").nth(1).unwrap();
    id.split('"').next().unwrap().to_owned()
}

fn recovery_codes(page: &str) -> Vec<String> {
    let list = page.split("aria-label=\"Recovery codes\">").nth(1).unwrap();
    let items = list.split("</ul>").next().unwrap().split("<li>").skip(1);
    items.map(|item| item.split('<').next().unwrap().to_owned()).collect()
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

/// Sets up a second factor from the account's page; gives its secret.
async fn set_up(desk: &Desk, browser: &mut Browser) -> Vec<u8> {
    let csrf = browser.csrf("/account").await;
    let secret = secret_on(&browser.get("/account/second-factor").await.body);
    let typed = desk.app_code(&secret);
    let form = [("csrf", csrf.as_str()), ("code", typed.as_str())];
    let done = browser.post("/account/second-factor", &form, &[]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(recovery_codes(&done.body).len(), 10);
    secret
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_comes_in_with_a_second_factor() {
    let desk = Desk::open().await;
    let mut admin = desk.signed_in(Role::Admin).await;
    let invitation = [("act", "invite"), ("name", "dora"), ("role", "reviewer")];
    let page = change(&mut admin, &invitation).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let link = link_on(&page.body);
    assert!(!admin.get("/people").await.body.contains(&link), "shown once");
    assert_eq!(
        change(&mut admin, &invitation).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let mut dora = desk.browser();
    assert!(dora.get(&link).await.body.contains("Welcome, dora"));
    let set = |password, again| [("password", password), ("again", again)];
    for refused in [
        set("dora-password-1", "another"),
        set("Password2024!", "Password2024!"),
        set("short", "short"),
    ] {
        let answer = dora.post(&link, &refused, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    }
    led_to(&dora.post(&link, &set(PASSWORD, PASSWORD), &[]).await, "/login/enrol");
    led_to(&dora.get("/desk").await, "/login");
    let secret = secret_on(&dora.get("/login/enrol").await.body);
    let right = desk.app_code(&secret);
    let refused = dora.post("/login/enrol", &[("code", &wrong(&right))], &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(secret_on(&refused.body), secret, "what the phone has seen stays good");
    let first = dora.post("/login/enrol", &[("code", &right)], &[]).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let codes = recovery_codes(&first.body);
    assert_eq!(codes.len(), 10);
    assert_eq!(dora.get("/desk").await.status, StatusCode::OK);
    assert!(dora.get("/account").await.body.contains("10 of 10 recovery codes"));
    assert_eq!(desk.browser().get(&link).await.status, StatusCode::GONE);

    // From then on by two steps; a code that was seen is worth nothing.
    led_to(&dora.sign_in("dora", PASSWORD).await, "/login/code");
    let replayed = dora.post("/login/code", &[("code", &right)], &[]).await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.wait_seconds(30);
    led_to(
        &dora
            .post("/login/code", &[("code", &desk.app_code(&secret))], &[])
            .await,
        "/",
    );
    // The phone is lost.
    for left in [9, 9] {
        led_to(&dora.sign_in("dora", PASSWORD).await, "/login/code");
        let answer = dora.post("/login/code", &[("recovery", &codes[0])], &[]).await;
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
            desk.wait_seconds(30);
            led_to(
                &dora
                    .post("/login/code", &[("code", &desk.app_code(&secret))], &[])
                    .await,
                "/",
            );
        }
        let account = dora.get("/account").await.body;
        assert!(account.contains(&format!("{left} of 10 recovery codes")), "{account}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_cannot_be_finished_in_another_browser() {
    let desk = Desk::open().await;
    let mut browser = desk.signed_in(Role::Reviewer).await;
    let secret = set_up(&desk, &mut browser).await;
    desk.wait_seconds(30);
    let mut planted = desk.browser();
    planted
        .cookies
        .insert("referloop-step".to_owned(), "made-up".to_owned());
    led_to(&planted.get("/login/code").await, "/login?over");
    led_to(&planted.sign_in("reviewer", PASSWORD).await, "/login/code");
    let begun = planted.cookies["referloop-step"].clone();
    assert_ne!(begun, "made-up");
    let typed = desk.app_code(&secret);
    let elsewhere = desk.browser().post("/login/code", &[("code", &typed)], &[]).await;
    led_to(&elsewhere, "/login?over");
    led_to(&planted.post("/login/code", &[("code", &typed)], &[]).await, "/");
    assert!(!planted.cookies.contains_key("referloop-step"));
    assert_ne!(planted.cookie.as_deref().unwrap(), format!("referloop={begun}"));
    let mut thief = desk.browser();
    thief.cookie = Some(format!("referloop={begun}"));
    led_to(&thief.get("/desk").await, "/login");
    // A form of a foreign page ends no login.
    let foreign = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let refused = planted.post("/login/code", &[("code", &typed)], &foreign).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_matters_asks_for_a_fresh_proof() {
    let desk = Desk::open().await;
    let mut admin = desk.signed_in(Role::Admin).await;
    desk.app.clock.advance(TimeDelta::minutes(11));
    let invitation = [("act", "invite"), ("name", "dora"), ("role", "reviewer")];
    let asked = change(&mut admin, &invitation).await;
    led_to(&asked, "/account/confirm?then=%2Fpeople");
    let page = admin.get(asked.location()).await.body;
    assert!(
        page.contains("Is it you?") && page.contains("value=\"/people\""),
        "{page}"
    );
    let log = admin
        .send(Method::GET, "/api/v1/audit-events", &[], String::new())
        .await;
    assert_eq!(log.status, StatusCode::FORBIDDEN);
    assert!(
        log.body.contains("urn:referloop:problem:step_up_required"),
        "{}",
        log.body
    );

    let csrf = admin.csrf("/account").await;
    let confirm = |given, then| [("csrf", csrf.as_str()), ("given", given), ("then", then)];
    let wrong = admin
        .post("/account/confirm", &confirm("not the password", "/people"), &[])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(change(&mut admin, &invitation).await.status.is_redirection());
    let foreign = admin
        .post("/account/confirm", &confirm(PASSWORD, "//evil.example"), &[])
        .await;
    led_to(&foreign, "/account");
    assert_eq!(change(&mut admin, &invitation).await.status, StatusCode::OK);
    let log = admin
        .send(Method::GET, "/api/v1/audit-events", &[], String::new())
        .await;
    assert_eq!(log.status, StatusCode::OK);

    // Nobody makes a phone of theirs the owner's in a session that was left open.
    desk.app.clock.advance(TimeDelta::minutes(11));
    led_to(
        &admin.get("/account/second-factor").await,
        "/account/confirm?then=%2Faccount%2Fsecond-factor",
    );
    for path in [
        "/account/second-factor",
        "/account/second-factor/remove",
        "/account/recovery-codes",
    ] {
        let asked = admin.post(path, &[("csrf", &csrf), ("code", "123456")], &[]).await;
        led_to(&asked, "/account/confirm?then=%2Faccount");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stuffing_is_slowed_and_who_works_here_gets_in() {
    let desk = Desk::open().await;
    let router = router::router(&desk.app);
    let from = |host: u8| {
        let mut browser = Browser::new(router.clone());
        browser.address = Some(([192, 0, 2, host], 40_000).into());
        browser
    };
    let mut here = from(7);
    led_to(&here.sign_in("reviewer", PASSWORD).await, "/");
    let mut stuffing = from(7);
    for number in 0..20 {
        let refused = stuffing.sign_in(&format!("name{number}"), "a stolen password").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
    }
    for (name, password) in [("name21", "a stolen password"), ("coordinator", PASSWORD)] {
        let slowed = stuffing.sign_in(name, password).await;
        assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(slowed.headers["retry-after"], "15");
    }
    led_to(&here.sign_in("reviewer", PASSWORD).await, "/");
    led_to(&from(8).sign_in("coordinator", PASSWORD).await, "/");
    // Nobody takes the header of a stranger for an address.
    let forged = [("x-forwarded-for", "192.0.2.99")];
    let form = [("name", "coordinator"), ("password", PASSWORD)];
    let slowed = stuffing.post("/login", &form, &forged).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    desk.wait_seconds(15);
    led_to(&stuffing.sign_in("coordinator", PASSWORD).await, "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_password_is_like_one_that_is_not_there() {
    let desk = Desk::open().await;
    let mut admin = desk.signed_in(Role::Admin).await;
    let invited = change(&mut admin, &[("act", "invite"), ("name", "dora"), ("role", "reviewer")]).await;
    assert_eq!(invited.status, StatusCode::OK);
    let mut texts = std::collections::BTreeSet::new();
    for name in ["dora", "nobody"] {
        let refused = desk.browser().sign_in(name, PASSWORD).await;
        assert!(!refused.headers.contains_key("set-cookie"));
        texts.insert((refused.status.as_u16(), refused.body));
    }
    assert_eq!(texts.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sets_up_a_second_factor_where_all_must() {
    let mut desk = Desk::open().await;
    let mut config = (*desk.app.config).clone();
    config.auth.second_factor = SecondFactorPolicy::All;
    desk.app.config = Arc::new(config);
    let mut browser = desk.browser();
    led_to(&browser.sign_in("reviewer", PASSWORD).await, "/login/enrol");
    led_to(&browser.get("/desk").await, "/login");
    led_to(&browser.get("/login/code").await, "/login?over");
    let secret = secret_on(&browser.get("/login/enrol").await.body);
    let typed = desk.app_code(&secret);
    let first = browser.post("/login/enrol", &[("code", &typed)], &[]).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(browser.get("/desk").await.status, StatusCode::OK);
    let csrf = browser.csrf("/account").await;
    assert!(!browser.get("/account").await.body.contains(">Remove<"));
    let kept = browser
        .post("/account/second-factor/remove", &[("csrf", &csrf)], &[])
        .await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_resets_a_second_factor_and_closes_an_account() {
    let desk = Desk::open().await;
    let mut clinician = desk.signed_in(Role::Clinician).await;
    set_up(&desk, &mut clinician).await;
    let mut admin = desk.signed_in(Role::Admin).await;
    let id = id_of(&mut admin, "clinician").await;
    let reset = [("act", "reset_second_factor"), ("user", id.as_str())];
    let page = change(&mut admin, &reset).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let link = link_on(&page.body);
    led_to(&clinician.get("/work").await, "/login");
    let refused = clinician.sign_in("clinician", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Open the link"));
    let wrong = clinician.post(&link, &[("password", "not this one")], &[]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    led_to(
        &clinician.post(&link, &[("password", PASSWORD)], &[]).await,
        "/login/enrol",
    );

    let own = id_of_self(&desk, "admin").await;
    let refused = change(&mut admin, &[("act", "close"), ("user", &own)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    let mut coordinator = desk.signed_in(Role::Coordinator).await;
    let id = id_of(&mut admin, "coordinator").await;
    for act in ["sign_out", "close"] {
        led_to(&change(&mut admin, &[("act", act), ("user", &id)]).await, "/people");
        led_to(&coordinator.get("/work").await, "/login");
    }
    assert_eq!(
        coordinator.sign_in("coordinator", PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    led_to(&change(&mut admin, &[("act", "open"), ("user", &id)]).await, "/people");
    led_to(&coordinator.sign_in("coordinator", PASSWORD).await, "/");
}

async fn id_of_self(desk: &Desk, name: &str) -> String {
    let mut tx = desk.app.db.read().await.unwrap();
    let user = referloop::store::users::find_by_name(&mut tx, name)
        .await
        .unwrap()
        .unwrap();
    user.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_where_they_are_signed_in_and_change_their_password() {
    let desk = Desk::open().await;
    let mut here = desk.signed_in(Role::Reviewer).await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let mut there = desk.browser();
    let form = [("name", "reviewer"), ("password", PASSWORD)];
    led_to(&there.post("/login", &form, &[("user-agent", firefox)]).await, "/");
    let page = here.get("/account").await.body;
    assert!(page.contains("Firefox on Linux") && page.contains("this one"), "{page}");
    let csrf = here.csrf("/account").await;
    let ended = here.post("/account/sessions/end", &[("csrf", &csrf)], &[]).await;
    led_to(&ended, "/account?told=ended");
    led_to(&there.get("/desk").await, "/login");

    led_to(&there.sign_in("reviewer", PASSWORD).await, "/");
    let new = "seven lanterns by the harbor";
    let change = |current, again| {
        [
            ("csrf", csrf.as_str()),
            ("current", current),
            ("password", new),
            ("again", again),
        ]
    };
    for refused in [change("not this one", new), change(PASSWORD, "another")] {
        let answer = here.post("/account", &refused, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    led_to(
        &here.post("/account", &change(PASSWORD, new), &[]).await,
        "/account?told=password",
    );
    assert_eq!(here.get("/desk").await.status, StatusCode::OK);
    led_to(&there.get("/desk").await, "/login");
    assert_eq!(
        there.sign_in("reviewer", PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    led_to(&there.sign_in("reviewer", new).await, "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_have_an_end_and_can_be_revoked() {
    let desk = Desk::open().await;
    let mut admin = desk.signed_in(Role::Admin).await;
    let csrf = admin.csrf("/tokens").await;
    let add = |days| {
        [
            ("csrf", csrf.as_str()),
            ("name", "ehr"),
            ("scope", "read"),
            ("days", days),
        ]
    };
    for days in ["0", "366"] {
        let refused = admin.post("/tokens", &add(days), &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
    }
    let page = admin.post("/tokens", &add("30"), &[]).await.body;
    let secret = page.split("id=\"secret\" class=\"mono\" value=\"").nth(1).unwrap();
    let bearer = format!("Bearer {}", secret.split('"').next().unwrap());
    let mut program = desk.browser();
    let authorized = [("authorization", bearer.as_str())];
    let seen = program.send(Method::GET, "/work", &authorized, String::new()).await;
    assert_eq!(seen.status, StatusCode::OK);
    let page = admin.get("/tokens").await.body;
    assert!(page.contains("just now") && page.contains("by admin"), "{page}");
    assert!(!page.contains(&bearer["Bearer ".len()..]), "shown once");
    let id = page.split("/tokens/tok_").nth(1).unwrap().split('/').next().unwrap();
    let path = format!("/tokens/tok_{id}/revoke");
    led_to(&admin.post(&path, &[("csrf", &csrf)], &[]).await, "/tokens");
    let refused = program.send(Method::GET, "/work", &authorized, String::new()).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    // Where there are several sites, some may be chosen.
    assert!(!page.contains("name=\"site\""), "{page}");
    sites::add(
        &desk.app.db,
        &Actor::Operator,
        "north".parse().unwrap(),
        "North clinic",
        desk.app.clock.now(),
    )
    .await
    .unwrap();
    let at_north = [add("30").as_slice(), &[("site", "north")]].concat();
    let page = admin.post("/tokens", &at_north, &[]).await.body;
    assert!(page.contains("at North clinic"), "{page}");
    let nowhere = [add("30").as_slice(), &[("site", "west")]].concat();
    let refused = admin.post("/tokens", &nowhere, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A program has no account of its own to look at.
    let mut coordinator = desk.signed_in(Role::Coordinator).await;
    assert_eq!(coordinator.get("/tokens").await.status, StatusCode::FORBIDDEN);
    let csrf = coordinator.csrf("/work").await;
    let refused = coordinator
        .post("/tokens", &[("csrf", &csrf), ("name", "x")], &[])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
