//! The directory's screens: who may see and change it, two entries side by side, and what a referral's page says of its sender.

use super::Desk;
use super::browser::{Answer, Browser};
use axum::http::StatusCode;
use chrono::TimeDelta;
use referloop::domain::ids::DirectoryId;
use referloop::domain::people::{Actor, Role};
use referloop::referrals::directory::{self, NewEntry};
use referloop::store;

const HELEN: &str = "helen.adeyemi@direct.willowcreek.example";

async fn add(desk: &Desk, name: &str, direct: Option<&str>, fax: Option<&str>) -> DirectoryId {
    desk.app.clock.advance(TimeDelta::seconds(1));
    let new = NewEntry {
        name: Some(name.to_owned()),
        organization: Some("Willow Creek <Family> Medicine".to_owned()),
        direct_address: direct.map(str::to_owned),
        fax: fax.map(str::to_owned),
        ..NewEntry::default()
    };
    let added = directory::add(&desk.app.db, &Actor::Operator, new, desk.app.clock.now()).await;
    added.unwrap().id
}

async fn version(desk: &Desk, id: &DirectoryId) -> String {
    let mut tx = desk.app.db.read().await.unwrap();
    let entry = store::directory::find(&mut tx, id).await.unwrap().unwrap();
    entry.version.to_string()
}

async fn post(browser: &mut Browser, path: &str, csrf: &str, form: &[(&str, &str)]) -> Answer {
    let form = [&[("csrf", csrf)], form].concat();
    browser.post(path, &form, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_sees_the_directory_and_who_may_changes_it() {
    let desk = Desk::open().await;
    let id = add(&desk, "Helen Adeyemi", Some(HELEN), None).await;
    let page = format!("/directory/{id}");
    for (role, sees, edits) in [
        (Role::Reviewer, true, false),
        (Role::Coordinator, true, true),
        (Role::Clinician, true, false),
        (Role::Auditor, false, false),
        (Role::Referrer, false, false),
    ] {
        let mut browser = desk.signed_in(role).await;
        let shown = browser.get(&page).await;
        assert_eq!(shown.status == StatusCode::OK, sees, "{role}");
        if sees {
            let navigation = browser.get("/work").await.body;
            assert!(navigation.contains(r#"href="/directory""#), "{role}");
            assert!(
                shown.body.contains(HELEN) && shown.body.contains("Not verified"),
                "{role}"
            );
            assert!(
                shown.body.contains("Willow Creek &#60;Family&#62; Medicine"),
                "{}",
                shown.body
            );
            assert_eq!(shown.body.contains("Mark as verified"), edits, "{role}");
            let csrf = browser.csrf(&page).await;
            let form = [("act", "verify"), ("kind", "direct"), ("value", HELEN)];
            let answer = post(&mut browser, &format!("{page}/contacts"), &csrf, &form).await;
            let expect = if edits {
                StatusCode::SEE_OTHER
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(answer.status, expect, "{role}");
            let form = [("act", "unverify"), ("kind", "direct"), ("value", HELEN)];
            post(&mut browser, &format!("{page}/contacts"), &csrf, &form).await;
        }
    }
    // A foreign page changes nothing here either.
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let form = [("act", "remove"), ("kind", "direct"), ("value", HELEN)];
    let refused = bo.post(&format!("{page}/contacts"), &form, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(bo.get(&page).await.body.contains(HELEN));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_partners_system_can_take_is_set_on_its_entry() {
    let desk = Desk::open().await;
    let id = add(&desk, "Helen Adeyemi", Some(HELEN), None).await;
    let page = format!("/directory/{id}");
    let chosen = |body: &str, word: &str| body.contains(&format!(r#"<option value="{word}" selected>"#));
    let form = |act, address, reach| {
        [
            ("act", act),
            ("address", address),
            ("reach", reach),
            ("form", "ccda_consultation"),
            ("key_transport", "rsa_oaep"),
            ("cipher", "aes128"),
            ("confirms", "processed"),
        ]
    };
    let path = format!("{page}/ability");
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf(&page).await;
    let refused = post(&mut ana, &path, &csrf, &form("set", HELEN, "domain")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let mut bo = desk.signed_in(Role::Coordinator).await;
    let shown = bo.get(&page).await.body;
    assert!(
        shown.contains("Nothing is set") && chosen(&shown, "pdf") && chosen(&shown, "aes256"),
        "{shown}"
    );
    let csrf = bo.csrf(&page).await;
    for (reach, told) in [
        ("domain", "Set for everybody of its domain."),
        ("address", "Set for this address."),
    ] {
        let set = post(&mut bo, &path, &csrf, &form("set", HELEN, reach)).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
        let shown = bo.get(&page).await.body;
        let all = ["ccda_consultation", "rsa_oaep", "aes128", "processed"];
        assert!(
            shown.contains(told) && all.iter().all(|word| chosen(&shown, word)),
            "{shown}"
        );
    }
    for reach in ["address", "domain"] {
        post(&mut bo, &path, &csrf, &form("unset", HELEN, reach)).await;
    }
    assert!(bo.get(&page).await.body.contains("Nothing is set"));
    // Only for addresses that the entry has.
    let stranger = post(
        &mut bo,
        &path,
        &csrf,
        &form("set", "dr.other@direct.elsewhere.example", "domain"),
    )
    .await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_entries_are_compared_merged_and_parted() {
    let desk = Desk::open().await;
    let one = add(&desk, "Helen Adeyemi", Some(HELEN), None).await;
    let other = add(&desk, "Dr. H. Adeyemi", None, Some("503 555 0143")).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let page = bo.get("/directory/duplicates").await.body;
    assert!(page.contains("the same practice and a similar name"), "{page}");
    assert!(
        page.contains("+15035550143 (not verified)") && page.contains(HELEN),
        "{page}"
    );
    let csrf = bo.csrf("/directory").await;
    let (first, second) = (one.to_string(), other.to_string());
    let form = [
        ("decided", "keep_one"),
        ("one", first.as_str()),
        ("other", second.as_str()),
        ("one_version", "1"),
    ];
    let blind = post(&mut bo, "/directory/duplicates", &csrf, &form).await;
    assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
    let stale = [&form[..], &[("other_version", "7")]].concat();
    let stale = post(&mut bo, "/directory/duplicates", &csrf, &stale).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("compare anew"), "{}", stale.body);
    let right = [&form[..], &[("other_version", "1")]].concat();
    let merged = post(&mut bo, "/directory/duplicates", &csrf, &right).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.body);
    let (path, query) = merged.location().split_once('?').unwrap();
    assert_eq!(path, format!("/directory/{one}"));
    let shown = bo.get(merged.location()).await.body;
    assert!(
        shown.contains("+15035550143") && shown.contains("Took over Dr. H. Adeyemi"),
        "{shown}"
    );
    assert!(bo.get("/directory/duplicates").await.body.contains("No duplicates"));
    let gone = bo.get(&format!("/directory/{other}")).await.body;
    assert!(
        gone.contains("which stands for it now") && !gone.contains("Mark as verified"),
        "{gone}"
    );

    let merge = query.strip_prefix("merged=").unwrap();
    let undo = format!("/directory/merges/{merge}/undo");
    let undone = post(&mut bo, &undo, &csrf, &[]).await;
    assert_eq!(undone.location(), format!("/directory/{one}?done=undone"));
    let twice = post(&mut bo, &undo, &csrf, &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(twice.body.contains("undone already"), "{}", twice.body);

    let (mine, theirs) = (version(&desk, &one).await, version(&desk, &other).await);
    let apart = [
        ("decided", "apart"),
        ("one", first.as_str()),
        ("other", second.as_str()),
        ("one_version", mine.as_str()),
        ("other_version", theirs.as_str()),
    ];
    let told = post(&mut bo, "/directory/duplicates", &csrf, &apart).await;
    assert_eq!(told.location(), "/directory/duplicates?done=apart");
    assert!(bo.get(told.location()).await.body.contains("No duplicates"));
    let mut ana = desk.signed_in(Role::Reviewer).await;
    let csrf = ana.csrf("/directory").await;
    let refused = post(&mut ana, "/directory/duplicates", &csrf, &apart).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_added_changed_and_found() {
    let desk = Desk::open().await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let csrf = bo.csrf("/directory").await;
    let wrong = post(
        &mut bo,
        "/directory",
        &csrf,
        &[("name", "Helen Adeyemi"), ("npi", "1234567890")],
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = [
        ("name", "Helen Adeyemi"),
        ("npi", "1234567893"),
        ("fax", ""),
        ("direct_address", HELEN),
    ];
    let added = post(&mut bo, "/directory", &csrf, &form).await;
    let page = added.location().to_owned();
    assert!(page.starts_with("/directory/dir_"), "{}", added.body);
    let listed = bo.get("/directory?q=1234567893").await.body;
    assert!(
        listed.contains(&page) && listed.contains("The number checks out"),
        "{listed}"
    );
    assert!(!bo.get("/directory?show=without_address").await.body.contains(&page));
    assert!(bo.get("/directory?show=unverified").await.body.contains(&page));
    assert!(bo.get("/directory?q=nobody").await.body.contains("No entry fits"));

    let form = |version| {
        [
            ("version", version),
            ("name", "Helen T Adeyemi"),
            ("npi", "1234567893"),
            ("specialty", "Cardiology"),
        ]
    };
    assert_eq!(
        post(&mut bo, &page, &csrf, &form("1")).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        post(&mut bo, &page, &csrf, &form("1")).await.status,
        StatusCode::CONFLICT
    );
    assert!(bo.get(&page).await.body.contains("Helen T Adeyemi"));
    let again = [("name", "Helen Adeyemi"), ("npi", "1234567893")];
    post(&mut bo, "/directory", &csrf, &again).await;
    assert!(
        bo.get("/directory")
            .await
            .body
            .contains("Another entry has the same NPI")
    );
    let nowhere = format!("/directory/{}", DirectoryId::new(desk.app.clock.now()));
    assert_eq!(bo.get(&nowhere).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_says_who_may_have_sent_it_and_what_is_not_verified() {
    let desk = Desk::open().await;
    // The seeded fax came from this number.
    let fax = Some("+1 503 555 0143");
    let one = add(&desk, "Helen Adeyemi", Some(HELEN), fax).await;
    let other = add(&desk, "Omar Okonjo", None, fax).await;
    let mut bo = desk.signed_in(Role::Coordinator).await;
    let page = format!("/referrals/{}", desk.seeded.referral);
    let shown = bo.get(&page).await.body;
    assert!(shown.contains("Several entries of the directory fit"), "{shown}");
    for entry in [&one, &other] {
        assert!(shown.contains(&format!(r#"name="entry" value="{entry}""#)), "{shown}");
    }
    assert!(shown.contains("By fax number"), "{shown}");
    let csrf = bo.csrf(&page).await;
    let form = [("version", "1"), ("entry", one.as_str())];
    let chosen = post(&mut bo, &format!("{page}/referrer"), &csrf, &form).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.body);
    let shown = bo.get(&page).await.body;
    assert!(shown.contains(&format!(r#"href="/directory/{one}""#)), "{shown}");
    assert!(
        shown.contains("Confirmed by a person") && !shown.contains("It is them"),
        "{shown}"
    );
    assert!(shown.contains("Not verified"), "{shown}");
    let verify = [("act", "verify"), ("kind", "direct"), ("value", HELEN)];
    post(&mut bo, &format!("/directory/{one}/contacts"), &csrf, &verify).await;
    assert!(!bo.get(&page).await.body.contains("Not verified"));
}
