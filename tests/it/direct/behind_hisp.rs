//! A whole journey behind a HISP: the referral comes in plain, the note goes out plain, and the HISP's notifications close it.
//! Nobody here has a certificate.

use super::dovecot::Dovecot;
use super::edge::{Hisp, handed_over};
use super::listener::tls_of;
use super::workshop::{OURS, THEIRS, Workshop};
use crate::harness::{TestApp, TestDb, on_both, sample};
use crate::journeys::{acted, brought_to_the_note, deliveries};
use referloop::auth::edge;
use referloop::direct::split;
use referloop::domain::access::Reach;
use referloop::domain::delivery::DeliveryState;
use referloop::domain::ids::ReferralId;
use referloop::domain::people::Actor;
use referloop::domain::referral::{ReferrerBasis, StatusName};
use referloop::domain::transmission::Stage;
use referloop::doors::imap::Afterwards;
use referloop::doors::mail::Tls;
use referloop::listeners::direct_mail::DirectMail;
use referloop::listeners::smtp::{SmtpListener, SmtpSettings};
use referloop::pipeline::mailbox::read_mailbox;
use referloop::referrals::act::ActRequest;
use referloop::referrals::directory::{self, NewEntry};
use referloop::store;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const CLINIC: &str = "Harborview Specialty Group";

/// How the HISP's mail comes in.
enum Channel {
    /// The HISP signs in at our listener.
    Pushed { port: u16, secret: String },
    /// The HISP keeps a mailbox.
    Mailbox(Dovecot),
}

struct Behind {
    workshop: Workshop,
    hisp: Hisp,
    test: TestApp,
    channel: Channel,
}

impl Behind {
    async fn pushed(db: TestDb) -> Self {
        let workshop = Workshop::new();
        let hisp = Hisp::start(&workshop).await;
        let test = TestApp::with(db, |config| {
            hisp.configure(&workshop, &mut config.mail);
            CLINIC.clone_into(&mut config.clinic.name);
        })
        .await;
        let channel = listening(&test, &workshop).await;
        Self {
            workshop,
            hisp,
            test,
            channel,
        }
    }

    async fn with_mailbox(db: TestDb) -> Self {
        let workshop = Workshop::new();
        let hisp = Hisp::start(&workshop).await;
        let server = Dovecot::start(&workshop).await;
        let test = TestApp::with(db, |config| {
            hisp.configure(&workshop, &mut config.mail);
            config.mail.imap = server.config(Tls::Implicit, Afterwards::Seen);
            CLINIC.clone_into(&mut config.clinic.name);
        })
        .await;
        Self {
            workshop,
            hisp,
            test,
            channel: Channel::Mailbox(server),
        }
    }

    /// `from` as the envelope has it; empty for the null sender.
    async fn comes(&self, from: &str, raw: &str) {
        match &self.channel {
            Channel::Pushed { port, secret } => {
                let codes = handed_over(&self.workshop, *port, secret, from, OURS, raw).await;
                assert_eq!(codes, ["220", "250", "235", "250", "250", "354", "250"]);
            }
            Channel::Mailbox(server) => {
                let delivered = format!("Return-Path: <{from}>\r\nDelivered-To: {OURS}\r\n{raw}");
                server.deliver(delivered.as_bytes()).await;
                read_mailbox(self.test.app.clone()).await.unwrap();
            }
        }
        self.test.run_jobs().await;
    }

    /// The one referral that what came in has opened.
    async fn referral(&self) -> ReferralId {
        let mut tx = self.test.app.db.read().await.unwrap();
        let found = store::transmissions::list(&mut tx, None, &Reach::Everywhere, None, 10)
            .await
            .unwrap();
        drop(tx);
        let [transmission] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(transmission.stage, Stage::Done);
        assert_eq!(transmission.details.direct_sender.as_deref(), Some(THEIRS));
        let referrals = self.test.referrals_of(&transmission.id).await;
        let [id] = referrals.as_slice() else {
            panic!("{referrals:?}")
        };
        id.clone()
    }
}

async fn listening(test: &TestApp, workshop: &Workshop) -> Channel {
    let app = &test.app;
    let secret = edge::add(&app.db, &Actor::Operator, "hisp", app.clock.now())
        .await
        .unwrap();
    let tls = tls_of(
        workshop.path("theirs/tls-cert.pem"),
        workshop.path("theirs/tls-key.pem"),
    );
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let listener = SmtpListener::bind_to(None, Some(anywhere), tls, SmtpSettings::of(&app.config.mail))
        .await
        .unwrap();
    let port = listener.local_address().unwrap().port();
    let intake = Arc::new(DirectMail { app: app.clone() });
    tokio::spawn(listener.serve(intake, CancellationToken::new()));
    Channel::Pushed { port, secret }
}

/// The partner's message with a scan, as its HISP hands it over.
fn referral() -> String {
    let lines = split::base64_lines(&sample("clean-referral/fax.tif"));
    format!(
        "From: {THEIRS}\r\nTo: {OURS}\r\nMessage-ID: <referral@northside.example>\r\nSubject: Referral\r\n\
         Disposition-Notification-To: {THEIRS}\r\n\
         Disposition-Notification-Options: X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n\
         --m\r\nContent-Type: text/plain\r\n\r\nPlease see.\r\n\
         --m\r\nContent-Type: image/tiff\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=referral.tif\r\n\r\n{lines}--m--\r\n"
    )
}

/// What the partner says of our message, opened by its HISP and ours.
fn notification(word: &str, original: &str) -> String {
    let more = if word == "dispatched" {
        "X-DIRECT-FINAL-DESTINATION-DELIVERY: \r\n"
    } else {
        ""
    };
    format!(
        "From: {THEIRS}\r\nTo: {OURS}\r\nMessage-ID: <{word}@northside.example>\r\nSubject: {word}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=disposition-notification; boundary=r\r\n\r\n\
         --r\r\nContent-Type: text/plain\r\n\r\n{word}\r\n--r\r\n\
         Content-Type: message/disposition-notification\r\n\r\nReporting-UA: hisp.example; test\r\n\
         Final-Recipient: rfc822;{THEIRS}\r\nOriginal-Message-ID: {original}\r\n\
         Disposition: automatic-action/MDN-sent-automatically;{word}\r\n{more}\r\n--r--\r\n"
    )
}

fn header<'a>(message: &'a str, name: &str) -> &'a str {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    lines
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .unwrap_or_else(|| panic!("no {name}"))
}

async fn a_referral_comes_and_its_note_is_confirmed(behind: Behind) {
    let (test, hisp) = (&behind.test, &behind.hisp);
    let entry = NewEntry {
        name: Some("Helen Adeyemi".to_owned()),
        organization: Some("Willow Creek Family Medicine".to_owned()),
        npi: Some("1234567893".to_owned()),
        direct_address: Some(THEIRS.to_owned()),
        ..NewEntry::default()
    };
    directory::add(&test.app.db, &Actor::Operator, entry, test.app.clock.now())
        .await
        .unwrap();

    behind.comes(THEIRS, &referral()).await;
    let id = behind.referral().await;
    let basis = test.referral(&id).await.referrer.unwrap().basis;
    assert_eq!(basis, ReferrerBasis::DirectAddress);
    // That it arrived is ours to say, that it was trusted the HISP's.
    hisp.wait_for("001.json").await;
    let answer = String::from_utf8(hisp.wait_for("001.eml").await).unwrap();
    assert!(answer.contains("MDN-sent-automatically;dispatched"), "{answer}");

    let coordinator = brought_to_the_note(test, &id).await;
    let sent = acted(test, &coordinator, &id, ActRequest::SendNote {}).await;
    assert_eq!(sent, StatusName::NoteSent);
    test.run_jobs().await;
    assert_eq!(deliveries(test, &id).await, [DeliveryState::Submitted]);
    let told: serde_json::Value = serde_json::from_slice(&hisp.wait_for("002.json").await).unwrap();
    assert_eq!(
        (&told["from"], &told["to"], &told["tls"], &told["login"]),
        (
            &OURS.into(),
            &serde_json::json!([THEIRS]),
            &true.into(),
            &"clinic".into()
        )
    );
    let note = String::from_utf8(hisp.wait_for("002.eml").await).unwrap();
    assert!(note.contains("application/pdf") && !note.contains("pkcs7"), "{note}");
    assert!(header(&note, "Disposition-Notification-Options").contains("X-DIRECT-FINAL-DESTINATION-DELIVERY"));

    let number = header(&note, "Message-ID");
    // Some HISPs send reports from nobody, others from the partner.
    behind.comes("", &notification("processed", number)).await;
    assert_eq!(deliveries(test, &id).await, [DeliveryState::Processed]);
    assert_eq!(test.referral(&id).await.status.name(), StatusName::NoteSent);
    behind.comes(THEIRS, &notification("dispatched", number)).await;
    assert_eq!(deliveries(test, &id).await, [DeliveryState::Dispatched]);
    assert_eq!(test.referral(&id).await.status.name(), StatusName::Closed);

    // Neither report opened anything, stands before a person, or was answered.
    assert_eq!(behind.referral().await, id);
    assert_eq!(hisp.taken(), 2);
    let mut tx = test.app.db.read().await.unwrap();
    let counts = store::jobs::count(&mut tx).await.unwrap();
    assert!(counts.iter().all(|count| count.quarantined == 0), "{counts:?}");
}

on_both!(
    behind_a_hisp_that_pushes_a_referral_is_closed_by_the_notifications,
    async |db: TestDb| {
        a_referral_comes_and_its_note_is_confirmed(Behind::pushed(db).await).await;
    }
);

on_both!(
    behind_a_hisp_that_keeps_a_mailbox_a_referral_is_closed_by_the_notifications,
    async |db: TestDb| {
        a_referral_comes_and_its_note_is_confirmed(Behind::with_mailbox(db).await).await;
    }
);
