//! Signing in at a real identity provider, which `infra/setup test` installs: `tests/oidc-provider`.

mod browser;
mod linking;
mod login;
mod outage;
mod provider;
mod strength;
mod tokens;
mod whose_login;

use crate::harness::{TestApp, TestDb};
use axum::http::StatusCode;
use browser::{Answer, Browser, DESK, From};
use chrono::TimeDelta;
use provider::{CLIENT_ID, CLIENT_SECRET, IdentityProvider};
use referloop::app::App;
use referloop::auth::accounts;
use referloop::auth::oidc::{Subject, link};
use referloop::clock::Clock;
use referloop::config::{ClientSecret, OidcConfig};
use referloop::domain::people::Role;
use referloop::store::audit::{self, Outcome, Row};
use referloop::web::router;

const PASSWORD: &str = "a long enough password";

/// A desk whose people sign in at a provider of their own.
struct Clinic {
    test: TestApp,
    provider: IdentityProvider,
    router: axum::Router,
}

impl Clinic {
    async fn open(db: TestDb) -> Self {
        Self::open_with(db, |_| {}).await
    }

    /// With `ana`, who has an account here that nothing is linked to.
    async fn open_with(db: TestDb, configure: impl FnOnce(&mut OidcConfig)) -> Self {
        let provider = IdentityProvider::start();
        let test = TestApp::with(db, |config| {
            config.desk.public_url = Some(DESK.to_owned());
            config.oidc = OidcConfig {
                issuer: Some(provider.issuer.clone()),
                client_id: CLIENT_ID.to_owned(),
                client_secret: Some(ClientSecret::new(CLIENT_SECRET)),
                label: "Clinic ID".to_owned(),
                ..OidcConfig::default()
            };
            configure(&mut config.oidc);
            config.check_oidc().unwrap();
        })
        .await;
        accounts::add(&test.app.db, "ana", Role::Reviewer, PASSWORD, test.app.clock.now())
            .await
            .unwrap();
        let router = router::router(&test.app);
        Self { test, provider, router }
    }

    fn app(&self) -> &App {
        &self.test.app
    }

    fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    fn subject(&self, id: &str) -> Subject {
        Subject {
            issuer: self.provider.issuer.clone(),
            id: id.to_owned(),
        }
    }

    /// What an operator does once for each person.
    async fn link(&self, name: &str, id: &str) {
        let (db, now) = (&self.app().db, self.app().clock.now());
        link::add(db, name, &self.subject(id), now).await.unwrap();
    }

    /// The provider's clock is the machine's; ours is moved by hand, and would be left behind by a test that takes long. It moves
    /// in any case: rows of one moment have no order in the audit log.
    fn catch_up(&self) {
        let behind = Clock::System.now() - self.app().clock.now();
        self.app().clock.advance(behind.max(TimeDelta::milliseconds(1)));
    }

    /// Presses the button, and gives where the browser goes then.
    async fn leave(&self, browser: &mut Browser) -> String {
        self.catch_up();
        let page = browser.post("/login/oidc", &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page.onward()
    }

    /// The whole way to the provider and back.
    async fn sign_in(&self, browser: &mut Browser, id: &str) -> Answer {
        let url = self.leave(browser).await;
        let back = self.provider.sign_in(&url, id).await;
        self.back(browser, &back).await
    }

    /// The browser comes from the provider, or from wherever somebody wrote such a link.
    async fn back(&self, browser: &mut Browser, address: &str) -> Answer {
        self.catch_up();
        browser.get(From::ForeignSite, address).await
    }

    /// The newest row of the audit log, with its detail.
    async fn noted(&self) -> (Row, serde_json::Value) {
        let mut tx = self.app().db.read().await.unwrap();
        let row = audit::latest(&mut tx, None, 1).await.unwrap().remove(0);
        let detail = serde_json::from_str(&row.detail).unwrap();
        (row, detail)
    }

    /// That the last that happened is a login refused for this, of which nothing else was written down.
    async fn assert_noted(&self, code: &str) {
        let (row, detail) = self.noted().await;
        assert_eq!((row.action.as_str(), row.outcome), ("login", Outcome::Denied));
        assert_eq!((row.actor.as_str(), row.resource_id.as_str()), ("system", "unknown"));
        assert_eq!(detail, serde_json::json!({ "by": "oidc", "code": code }));
    }
}

/// Whether this browser is signed in.
async fn is_in(browser: &mut Browser) -> bool {
    browser.get(From::OurPage, "/desk").await.status == StatusCode::OK
}
