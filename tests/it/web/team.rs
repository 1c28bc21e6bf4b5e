//! Sharing work on the screens: notes, many given at once, views that the address keeps, and the counters.

use super::Desk;
use super::seed::{PATIENT, referral_of_fax};
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::domain::ids::ReferralId;
use referloop::domain::people::Role;
use referloop::store::users;

async fn id_of(desk: &Desk, name: &str) -> String {
    let mut tx = desk.app.db.read().await.unwrap();
    let user = users::find_by_name(&mut tx, name).await.unwrap().unwrap();
    user.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_stands_with_the_referral_and_in_both_lists() {
    let desk = Desk::open().await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf("/desk").await;
    let id = &desk.seeded.referral;
    let path = format!("/referrals/{id}/memos");
    for (text, why) in [("  ", "is empty"), (&*"x".repeat(2001), "2001 characters")] {
        let refused = ana.post(&path, &[("csrf", &csrf), ("text", text)], &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(why), "{}", refused.body);
    }
    // A page that goes on by itself only needs to know that the note is kept.
    let form = [("csrf", csrf.as_str()), ("text", "Page 3 is missing")];
    let kept = ana.post(&path, &form, &[("x-partial", "memo")]).await;
    assert_eq!((kept.status, kept.location()), (StatusCode::NO_CONTENT, ""));
    assert!(ana.get(&path).await.body.contains("Page 3 is missing"));
    desk.app.clock.advance(TimeDelta::seconds(1));
    let said = "Called <the> practice: they fax page 2";
    for (back, to) in [
        ("review", format!("/desk/{id}")),
        ("memos", path.clone()),
        ("https://elsewhere.example", format!("/referrals/{id}")),
    ] {
        let form = [("csrf", csrf.as_str()), ("text", said), ("back", back)];
        let kept = ana.post(&path, &form, &[]).await;
        assert_eq!((kept.status, kept.location()), (StatusCode::SEE_OTHER, to.as_str()));
    }
    let mut bo = desk.signed_in(Role::Clinician).await;
    for page in ["/desk", "/work", &format!("/referrals/{id}"), &path] {
        let shown = bo.get(page).await.body;
        assert!(shown.contains("Called &#60;the&#62; practice"), "{page}: {shown}");
        assert!(shown.contains("reviewer"), "{page}: {shown}");
    }
    let review = bo.get(&format!("/desk/{id}")).await.body;
    assert!(
        review.contains(&format!("{path}?poll")),
        "the review page loads them: {review}"
    );

    let mut auditor = desk.signed_in(Role::Auditor).await;
    assert_eq!(auditor.get(&path).await.status, StatusCode::FORBIDDEN);
    let refused = auditor.post(&path, &[("text", said)], &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let nowhere = ReferralId::new(desk.app.clock.now());
    assert_eq!(
        bo.get(&format!("/referrals/{nowhere}/memos")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_given_by_a_plain_form() {
    let desk = Desk::open().await;
    desk.app.clock.advance(TimeDelta::minutes(1));
    let second = referral_of_fax(&desk.app, "fax-3").await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf("/desk").await;
    let page = ana.get("/desk?show=unowned").await.body;
    for expected in [
        format!("value=\"{}.1\"", desk.seeded.referral),
        format!("value=\"{second}.1\""),
        "coordinator, coordinator".to_owned(),
        "name=\"show\" value=\"unowned\"".to_owned(),
    ] {
        assert!(page.contains(&expected), "{expected}: {page}");
    }
    assert!(
        !page.contains("clinician, clinician"),
        "who reviews nothing is not offered"
    );
    let bo = id_of(&desk, "coordinator").await;
    let (first, other, gone) = (
        format!("{}.1", desk.seeded.referral),
        format!("{second}.1"),
        format!("{second}.9"),
    );
    let form = |owner: &'static str, list: &'static str, show: &'static str| {
        vec![
            ("csrf", csrf.clone()),
            ("owner", owner.to_owned()),
            ("list", list.to_owned()),
            ("show", show.to_owned()),
        ]
    };
    let given = [
        form("", "desk", "unowned"),
        vec![("pick", first.clone()), ("pick", gone), ("owner", bo.clone())],
    ]
    .concat();
    let answer = post(&mut ana, &given).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/desk?show=unowned&assigned=1-1-0")
    );
    let told = ana.get(answer.location()).await.body;
    assert!(
        told.contains("1 assigned, 1 was changed by somebody meanwhile and was left alone."),
        "{told}"
    );
    assert!(
        !told.contains(&format!("/desk/{}\"", desk.seeded.referral)),
        "it has an owner now"
    );
    assert!(told.contains(&format!("/desk/{second}\"")));

    for (owner, why) in [("usr_nobody", "Choose from the list"), ("", "Choose from the list")] {
        let wrong = [form(owner, "work", ""), vec![("pick", other.clone())]].concat();
        let refused = post(&mut ana, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(why), "{}", refused.body);
    }
    let unknown = referloop::domain::ids::UserId::new(desk.app.clock.now()).to_string();
    for stranger in [unknown, id_of(&desk, "auditor").await, id_of(&desk, "clinician").await] {
        let wrong = [form("", "work", ""), vec![("pick", other.clone()), ("owner", stranger)]].concat();
        assert_eq!(post(&mut ana, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_how_many_and_which_version() {
    let desk = Desk::open().await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf("/desk").await;
    let id = &desk.seeded.referral;
    let none = vec![
        ("csrf", csrf),
        ("owner", "nobody".to_owned()),
        ("list", "work".to_owned()),
        ("show", "mine".to_owned()),
    ];
    let pick = ("pick", format!("{id}.1"));
    assert_eq!(post(&mut ana, &none).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let many = [none.clone(), vec![pick.clone(); 101]].concat();
    assert_eq!(post(&mut ana, &many).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let blind = [none.clone(), vec![("pick", id.to_string())]].concat();
    assert_eq!(post(&mut ana, &blind).await.status, StatusCode::PRECONDITION_REQUIRED);
    let back = [none, vec![pick]].concat();
    assert_eq!(post(&mut ana, &back).await.location(), "/work?show=mine&assigned=1-0-0");
}

async fn post(browser: &mut super::Browser, form: &[(&str, String)]) -> super::browser::Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post("/work/assign", &form, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_given_from_its_own_page() {
    let desk = Desk::open().await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf("/desk").await;
    let (id, bo) = (&desk.seeded.referral, id_of(&desk, "coordinator").await);
    let path = format!("/referrals/{id}/assign");
    let form = |version, owner| [("csrf", csrf.as_str()), ("version", version), ("owner", owner)];
    let given = ana.post(&path, &form("1", &bo), &[]).await;
    assert_eq!(given.location(), format!("/referrals/{id}"), "{}", given.body);
    assert_eq!(
        ana.post(&path, &form("1", "nobody"), &[]).await.status,
        StatusCode::PRECONDITION_FAILED
    );
    let clinician = id_of(&desk, "clinician").await;
    let refused = ana.post(&path, &form("2", &clinician), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("no part in the referral"), "{}", refused.body);
    assert_eq!(
        ana.post(&path, &form("2", "nobody"), &[]).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_keeps_the_view_and_its_refresh_too() {
    let desk = Desk::open().await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf("/desk").await;
    let id = &desk.seeded.referral;
    let has = |page: &str| page.contains(PATIENT);
    for (show, shown) in [("all", true), ("mine", false), ("unowned", true), ("urgent", true)] {
        let page = ana.get(&format!("/desk?show={show}")).await.body;
        assert_eq!(has(&page), shown, "{show}: {page}");
        // The template escapes the ampersand.
        let polls = format!("/desk?show={show}&#38;poll");
        assert!(
            page.contains(&polls) || page.contains(&polls.replace("#38", "amp")),
            "{show}: {page}"
        );
    }
    let take = [("csrf", csrf.as_str()), ("version", "1")];
    ana.post(&format!("/referrals/{id}/assign"), &take, &[]).await;
    for (show, shown) in [("all", true), ("mine", true), ("unowned", false)] {
        let page = ana.get(&format!("/desk?show={show}&poll")).await.body;
        assert_eq!(has(&page), shown, "{show}: {page}");
    }
    let mut bo = desk.signed_in(Role::Coordinator).await;
    assert!(!has(&bo.get("/desk?show=mine").await.body));
    assert_eq!(ana.get("/desk?show=nonsense").await.status, StatusCode::BAD_REQUEST);
    desk.app.clock.advance(TimeDelta::minutes(1));
    referral_of_fax(&desk.app, "fax-3").await;
    desk.app.clock.advance(TimeDelta::minutes(9));
    let page = ana.get("/desk?poll").await.body;
    assert!(page.contains("oldest 9 min"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_counts_what_was_done_today() {
    let desk = Desk::open().await;
    desk.app.clock.advance(TimeDelta::minutes(1));
    let second = referral_of_fax(&desk.app, "fax-3").await;
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf("/desk").await;
    let counts = |page: String, expected: &str| {
        assert!(page.contains(expected), "{expected}: {page}");
    };
    counts(ana.get("/desk").await.body, "Done today: you 0, team 0. Left: 2");
    let reject = [
        ("csrf", csrf.as_str()),
        ("action", "reject"),
        ("version", "1"),
        ("reason", "duplicate"),
        ("back", "desk"),
    ];
    let answer = ana.post(&format!("/referrals/{second}/act"), &reject, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = ana.get("/desk").await.body;
    assert!(page.contains("since 4 Oct 2024, 00:00 UTC"), "{page}");
    counts(page, "Done today: you 1, team 1. Left: 1");
    let mut bo = desk.signed_in(Role::Coordinator).await;
    counts(
        bo.get("/desk?show=mine").await.body,
        "Done today: you 0, team 1. Left: 1",
    );
}
