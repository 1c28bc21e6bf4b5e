//! A reviewer can't tell a referral of the blind sample from one that was in doubt: not by the list, not by its page, not
//! by the API.

use super::PASSWORD;
use super::browser::Browser;
use super::seed::seed;
use crate::harness::arrivals::{extracted, opened};
use chrono::{DateTime, TimeDelta};
use referloop::app::App;
use referloop::auth::accounts;
use referloop::clock::Clock;
use referloop::config::Config;
use referloop::domain::clinic::SamplePercent;
use referloop::domain::document::DocumentState;
use referloop::domain::fields::FieldKey;
use referloop::domain::ids::{ReferralId, TransmissionId};
use referloop::domain::people::Role;
use referloop::domain::precision::Run;
use referloop::store::{self, samples};

const NAME: &str = "patient.name";

/// A clinic where all that is certain is sampled.
async fn clinic(folder: &std::path::Path) -> App {
    let mut config = Config::in_folder(folder);
    config.automation.straight_through = true;
    config.automation.sample_percent = SamplePercent::try_from(100.0).unwrap();
    config.automation.probation = 0;
    let clock = Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
    let app = App::build(config, clock).await.unwrap();
    accounts::add(&app.db, "reviewer", Role::Reviewer, PASSWORD, app.clock.now())
        .await
        .unwrap();
    app
}

/// A referral. Where a value is doubtful, the machine says that a person must look.
async fn arrives(app: &App, transmission: &TransmissionId, position: u32, doubtful: &[&str]) -> ReferralId {
    let values = [
        (NAME, "Rosalind Marchetti"),
        ("patient.birth_date", "1961-08-14"),
        ("patient.phone", "+15035550118"),
        ("insurance.payer", "Harbor Health"),
        ("insurance.member_id", "WHP4471"),
        ("referrer.name", "Helen Adeyemi"),
        ("referrer.npi", "1234567893"),
        ("referrer.phone", "+15035550142"),
        ("referral.urgency", "routine"),
        ("referral.specialty", "Cardiology"),
        ("referral.reason", "Palpitations"),
        ("referral.diagnoses", "I48.0"),
    ];
    let values = values.map(|(key, text)| (key, text, if doubtful.contains(&key) { 0.6 } else { 0.997 }));
    let state = if doubtful.is_empty() {
        DocumentState::Ready
    } else {
        DocumentState::NeedsReview
    };
    opened(app, transmission, position, &extracted(state, &values)).await
}

/// What a page or an answer says, but for ids and secrets that differ each time, and for the notice that the later of the two,
/// who are the same patient here, may be the other's double.
fn plain(text: &str, referral: &ReferralId) -> String {
    let ids = regex::Regex::new(r"(clm|doc|evt|ref|usr|val)_[0-9A-Z]{26}").unwrap();
    let secrets = regex::Regex::new(r#"(name="csrf" value|content)="[^"]*""#).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.contains("/twins/") && !line.trim().is_empty());
    let text = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace(referral.as_str(), "REFERRAL");
    secrets
        .replace_all(&ids.replace_all(&text, "ID"), "SECRET")
        .into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sampled_referral_looks_like_one_in_doubt_of_the_same_fields() {
    let folder = tempfile::tempdir().unwrap();
    let app = clinic(folder.path()).await;
    let seeded = seed(&app).await;
    let sampled = arrives(&app, &seeded.transmission, 2, &[]).await;
    let mut tx = app.db.read().await.unwrap();
    let asked = samples::asked(&mut tx, &sampled).await.unwrap().unwrap();
    assert_eq!(samples::asked(&mut tx, &seeded.referral).await.unwrap(), None);
    drop(tx);
    let asked: Vec<&str> = asked.iter().map(FieldKey::as_str).collect();
    let doubtful = arrives(&app, &seeded.transmission, 3, &asked).await;
    let mut browser = Browser::new(router(&app));
    browser.sign_in("reviewer", PASSWORD).await;
    for page in ["/desk/", "/referrals/"] {
        let shown = [&sampled, &doubtful].map(|id| (id, format!("{page}{id}")));
        let mut texts = Vec::new();
        for (id, path) in shown {
            texts.push(plain(&browser.get(&path).await.body, id));
        }
        assert_eq!(texts[0], texts[1], "{page}");
    }
    let list = browser.get("/desk").await.body;
    let to_check = format!("{} field", asked.len());
    assert!(list.matches(&to_check).count() >= 2, "{list}");
    for text in ["sample", "blind"] {
        assert!(!list.to_lowercase().contains(text));
    }
    let mut api = Vec::new();
    // The confidences are what was measured, and differ; nothing else does.
    let confidences = regex::Regex::new(r#""confidence":[0-9.]+"#).unwrap();
    for id in [&sampled, &doubtful] {
        let text = plain(&browser.get(&format!("/api/v1/referrals/{id}")).await.body, id);
        api.push(confidences.replace_all(&text, "").into_owned());
    }
    assert_eq!(api[0], api[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_says_which_field_people_check_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let app = clinic(folder.path()).await;
    let seeded = seed(&app).await;
    let mut browser = Browser::new(router(&app));
    browser.sign_in("reviewer", PASSWORD).await;
    assert!(!browser.get("/desk").await.body.contains("checked by a person"));
    let key = FieldKey::new(NAME);
    let run = Run { wrong: 3, checked: 90 };
    let mut tx = app.db.begin().await.unwrap();
    store::watched_fields::touch(&mut tx, &key, app.clock.now())
        .await
        .unwrap();
    store::watched_fields::hold(&mut tx, &key, run, app.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let list = browser.get("/desk").await.body;
    assert!(
        list.contains("are checked by a person since 4 Oct: 3 of the last 90 were corrected."),
        "{list}"
    );
    // A certain name of a referral that waits is to be looked at now.
    let page = browser.get(&format!("/desk/{}", seeded.referral)).await.body;
    let name = page
        .split("data-key=\"")
        .find(|field| field.starts_with("patient.name\""));
    assert!(name.unwrap().contains("To check"), "{name:?}");
}

fn router(app: &App) -> axum::Router {
    referloop::web::router::router(app)
}
