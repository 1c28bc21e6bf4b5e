//! A clinic with its partner: the whole service on a database, and the partner's server, which keeps what it gets.

use super::listener::{Server, trusted};
use super::press::USUAL;
use super::workshop::{OURS, THEIRS, Workshop, address, envelope};
use crate::harness::{TestApp, TestDb};
use referloop::config::Config;
use referloop::direct::certificate::Certificate;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::Envelope;
use referloop::domain::access::Reach;
use referloop::domain::ids::MessageId;
use referloop::domain::transmission::Stage;
use referloop::pipeline::message::spool;
use referloop::store;
use referloop::store::identities::StoredIdentity;
use referloop::store::partners::PartnerCertificate;
use referloop::store::transmissions::Transmission;
use std::sync::atomic::Ordering;

pub const OUR_DOMAIN: &str = "direct.lakeview-cardiology.example";

pub struct Clinic {
    pub test: TestApp,
    pub workshop: Workshop,
    /// The partner's server.
    pub partner: Server,
}

impl Clinic {
    pub async fn new(db: TestDb) -> Self {
        Self::with(db, |_| {}).await
    }

    pub async fn with(db: TestDb, configure: impl FnOnce(&mut Config)) -> Self {
        let workshop = Workshop::new();
        workshop.make_identity("clinic", &["rsa:2048"], &format!("DNS:{OUR_DOMAIN}"));
        let partner = trusted(&workshop, |_| {}).await;
        partner.recorder.everybodys.store(true, Ordering::Relaxed);
        let test = TestApp::with(db, |config| {
            "127.0.0.1".clone_into(&mut config.mail.smtp_host);
            config.mail.smtp_port = partner.address.port();
            config.mail.smtp_tls_name = Some("localhost".to_owned());
            config.mail.smtp_ca_file = Some(workshop.path("theirs/tls-ca.pem"));
            OUR_DOMAIN.clone_into(&mut config.mail.direct_domain);
            configure(config);
        })
        .await;
        let clinic = Self {
            test,
            workshop,
            partner,
        };
        clinic.introduce().await;
        clinic
    }

    /// Our certificate with its key, and the partner's.
    async fn introduce(&self) {
        let (ours, theirs) = (self.identity(), self.workshop.partner_certificate());
        let now = self.test.app.clock.now();
        let identity = StoredIdentity {
            id: ours.certificate().fingerprint(),
            bound_to: OUR_DOMAIN.to_owned(),
            certificate: ours.certificate().to_der(),
            private_key: ours.private_key_der().unwrap(),
            not_after: ours.certificate().not_after().unwrap(),
            created_at: now,
        };
        let partner = known(&theirs, now);
        let mut tx = self.test.app.db.begin().await.unwrap();
        store::identities::insert(&mut tx, &identity).await.unwrap();
        store::partners::insert(&mut tx, &partner).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub fn identity(&self) -> Identity {
        self.workshop.identity_of("clinic")
    }

    /// A message of the partner's with these inner headers and body, wrapped, signed and enveloped by openssl: each time other
    /// bytes outside, the same inside.
    pub fn sealed(&self, inner: &str) -> Vec<u8> {
        let wrapped = format!("Content-Type: message/rfc822\r\n\r\n{inner}");
        let signed = self.workshop.sign_content(&USUAL, wrapped.as_bytes());
        self.workshop.envelop(&USUAL, &signed)
    }

    pub async fn arrives(&self, raw: &[u8]) -> MessageId {
        self.arrives_by(&envelope(THEIRS, &[OURS]), raw).await
    }

    pub async fn arrives_by(&self, envelope: &Envelope, raw: &[u8]) -> MessageId {
        let id = spool(&self.test.app, envelope, raw).await.unwrap();
        self.test.run_jobs().await;
        id
    }

    /// Everything that arrived and is kept as something of its own.
    pub async fn transmissions(&self) -> Vec<Transmission> {
        let mut tx = self.test.app.db.read().await.unwrap();
        let all = store::transmissions::list(&mut tx, None, &Reach::Everywhere, None, 100).await;
        all.unwrap()
    }

    /// Reasons and codes of what stands before a person.
    pub async fn set_aside(&self) -> Vec<(String, Option<String>)> {
        let all = self.transmissions().await;
        let mut aside: Vec<_> = all
            .into_iter()
            .filter(|one| one.stage == Stage::Quarantined)
            .map(|one| (format!("{:?}", one.reason.unwrap()), one.details.problem))
            .collect();
        aside.sort();
        aside
    }

    /// What our notifications said to the partner, sorted: they may overtake each other.
    pub fn heard(&self) -> Vec<String> {
        let taken = self.partner.recorder.taken.lock().unwrap().clone();
        let opened = taken.iter().map(|(_, raw)| {
            self.workshop.write("heard.eml", raw);
            let key = ["-recip", "theirs/cert.pem", "-inkey", "theirs/key.pem"];
            let decrypt = [&["cms", "-decrypt", "-in", "heard.eml"], &key[..]].concat();
            let signed = self.workshop.run("openssl", &decrypt);
            disposition(&String::from_utf8(signed).unwrap())
        });
        let mut said: Vec<String> = opened.collect();
        said.sort();
        said
    }
}

/// The word of a notification.
pub fn disposition(text: &str) -> String {
    let (_, rest) = text.split_once("MDN-sent-automatically;").expect("a notification");
    rest.lines().next().unwrap().trim().to_owned()
}

/// That so many messages were processed and dispatched.
pub fn confirmed(messages: usize) -> Vec<String> {
    let words = ["dispatched", "processed"].iter();
    words.flat_map(|word| vec![(*word).to_owned(); messages]).collect()
}

pub fn known(certificate: &Certificate, now: chrono::DateTime<chrono::Utc>) -> PartnerCertificate {
    PartnerCertificate {
        fingerprint: certificate.fingerprint(),
        bound_to: certificate.bound_to().unwrap().to_lowercase(),
        der: certificate.to_der(),
        not_after: certificate.not_after().unwrap(),
        created_at: now,
    }
}

/// Inner headers of a message to us that wants to hear of its delivery.
pub fn inner(message_id: &str, more: &str, body: &str) -> String {
    format!(
        "From: {THEIRS}\r\nTo: {OURS}\r\nMessage-ID: <{message_id}@northside.example>\r\nSubject: Referral\r\n\
         Disposition-Notification-To: {THEIRS}\r\n\
         Disposition-Notification-Options: X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true\r\n\
         {more}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n{body}\r\n"
    )
}

/// As the partner may report on something that we never sent.
pub fn report(message_id: &str) -> String {
    format!(
        "From: {THEIRS}\r\nTo: {OURS}\r\nMessage-ID: <{message_id}@northside.example>\r\nSubject: processed\r\n\
         Disposition-Notification-To: {THEIRS}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=disposition-notification; boundary=r\r\n\r\n\
         --r\r\nContent-Type: text/plain\r\n\r\nprocessed\r\n--r\r\n\
         Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;{THEIRS}\r\n\
         Original-Message-ID: <dlv_01NEVER@{OUR_DOMAIN}>\r\n\
         Disposition: automatic-action/MDN-sent-automatically;processed\r\n\r\n--r--\r\n"
    )
}

/// Whether it is a report that has no sender, as it must be sent where nobody shall answer.
pub fn from_nobody() -> Envelope {
    Envelope {
        mail_from: None,
        rcpt_to: vec![address(OURS)],
    }
}
