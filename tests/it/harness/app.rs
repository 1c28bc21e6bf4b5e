//! The whole application on a fresh database, without a web server: faxes in, jobs run by hand, acts done.

use super::database::TestDb;
use referloop::app::App;
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use referloop::domain::access::{Access, Grant};
use referloop::domain::fields::FieldKey;
use referloop::domain::identity::Enrolment;
use referloop::domain::ids::{ReferralId, TransmissionId, UserId};
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::Referral;
use referloop::domain::site::SiteKey;
use referloop::domain::transmission::TransmissionDetails;
use referloop::listeners::direct_mail::DirectMail;
use referloop::listeners::smtp::{SmtpListener, SmtpSettings};
use referloop::listeners::smtp_tls;
use referloop::pipeline::receive::{Received, receive};
use referloop::store;
use referloop::store::transmissions::Transmission;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What the documents of `samples/` came through.
const DOOR: &str = "test-door";

pub struct TestApp {
    pub app: App,
    /// Objects and keys lie here.
    _folder: tempfile::TempDir,
    /// Keeps an SQLite database's file.
    _db: TestDb,
}

impl TestApp {
    pub async fn new(db: TestDb) -> Self {
        Self::with(db, |_| {}).await
    }

    /// As [`TestApp::new`], with something configured.
    pub async fn with(db: TestDb, configure: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::in_folder(folder.path());
        config.database_url = Some(DatabaseUrl::new(db.url.clone()));
        config.reading.program = Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop")));
        configure(&mut config);
        // Moved by hand, from today: certificates made by other programs are valid from today on.
        let clock = Clock::manual(Clock::System.now());
        let app = App::build(config, clock).await.unwrap();
        Self {
            app,
            _folder: folder,
            _db: db,
        }
    }

    /// Hands over a fax as a gateway does.
    pub async fn fax_in(&self, fax_id: &str, document: Vec<u8>) -> TransmissionId {
        self.fax_from(None, fax_id, document).await
    }

    /// As [`Self::fax_in`], from this number.
    pub async fn fax_from(&self, number: Option<&str>, fax_id: &str, document: Vec<u8>) -> TransmissionId {
        let received = Received {
            site: SiteKey::main(),
            door: DOOR.to_owned(),
            actor: Actor::Door { name: DOOR.to_owned() },
            fax_id: fax_id.to_owned(),
            document,
            details: TransmissionDetails {
                from: number.map(str::to_owned),
                ..TransmissionDetails::default()
            },
            partial: false,
            malformed: false,
            received_at: self.app.clock.now(),
        };
        receive(&self.app, received).await.unwrap().transmission
    }

    /// Works until nothing is due.
    pub async fn run_jobs(&self) {
        referloop::pipeline::worker(&self.app).run_until_idle().await.unwrap();
    }

    /// Takes Direct messages by SMTP as long as the test runs; gives the port.
    pub async fn listen(&self) -> u16 {
        let tls = smtp_tls::self_signed("localhost", self.app.clock.now()).unwrap();
        let settings = SmtpSettings::of(&self.app.config.mail);
        let listener = SmtpListener::bind("127.0.0.1:0".parse().unwrap(), tls, settings)
            .await
            .unwrap();
        let port = listener.local_address().unwrap().port();
        let intake = Arc::new(DirectMail { app: self.app.clone() });
        tokio::spawn(listener.serve(intake, CancellationToken::new()));
        port
    }

    pub async fn transmission(&self, id: &TransmissionId) -> Transmission {
        let mut tx = self.app.db.read().await.unwrap();
        store::transmissions::find(&mut tx, id).await.unwrap().unwrap()
    }

    pub async fn referrals_of(&self, id: &TransmissionId) -> Vec<ReferralId> {
        let mut tx = self.app.db.read().await.unwrap();
        store::referrals::of_transmission(&mut tx, id).await.unwrap()
    }

    pub async fn referral(&self, id: &ReferralId) -> Referral {
        let mut tx = self.app.db.read().await.unwrap();
        store::referrals::find(&mut tx, id).await.unwrap().unwrap()
    }

    /// The value that a field has now, as JSON.
    pub async fn value(&self, id: &ReferralId, key: &str) -> Option<serde_json::Value> {
        let mut tx = self.app.db.read().await.unwrap();
        let field = store::fields::current_of(&mut tx, id, &FieldKey::new(key))
            .await
            .unwrap()?;
        field.value.map(|value| serde_json::to_value(value).unwrap())
    }

    /// A person with an account of that role.
    pub async fn person(&self, name: &str, role: Role) -> Actor {
        let now = self.app.clock.now();
        let user = store::users::User {
            id: UserId::new(now),
            name: name.to_owned(),
            password_hash: None,
            failed_logins: 0,
            locked_until: None,
            created_at: now,
            disabled_at: None,
            enrolment: Enrolment::Optional,
            last_login_at: None,
        };
        let mut tx = self.app.db.begin().await.unwrap();
        store::users::insert(&mut tx, &user).await.unwrap();
        store::grants::add(&mut tx, &user.id, &Grant::of(role), "system", now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Actor::User {
            id: user.id,
            name: user.name,
            access: Access::of(role),
        }
    }
}
