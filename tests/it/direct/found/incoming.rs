//! A message of somebody whom the directory does not know: believed by an anchor, with what its certificates refer to.

use super::pki::Pki;
use crate::direct::clinic::disposition;
use crate::direct::listener::trusted;
use crate::direct::workshop::Workshop;
use crate::harness::{TestApp, TestDb, on_both};
use chrono::TimeDelta;
use ipnet::IpNet;
use referloop::config::{Config, RevocationUnknown};
use referloop::direct::address::Address;
use referloop::direct::certificate::Certificate;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::Envelope;
use referloop::direct::mdn::{self, Disposition, Notification};
use referloop::direct::message::{Attachment, Composed, Letter, MessageId, Report, compose};
use referloop::direct::trust::anchors::Direction;
use referloop::domain::people::{Actor, Role};
use referloop::pipeline::message::spool;
use referloop::referrals::delivery::certificate_to;
use referloop::referrals::identity;
use referloop::referrals::trust::anchors::{self, Holding};
use referloop::referrals::trust::bundles::{self, Source};
use referloop::referrals::trust::{TrustError, refresh};
use referloop::store;
use referloop::store::db::Kind;
use referloop::store::messages::MessageKind;
use std::sync::atomic::Ordering;

pub const OUR_DOMAIN: &str = "direct.harborview.example";
pub const OURS: &str = "referrals@direct.harborview.example";
const THEIRS: &str = "dr.osei@direct.partner.example";

/// An installation that may fetch from this machine.
pub async fn clinic(db: TestDb, more: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(db, |config| {
        OUR_DOMAIN.clone_into(&mut config.mail.direct_domain);
        config.direct.fetch_from = vec!["127.0.0.0/8".parse::<IpNet>().unwrap()];
        more(config);
    })
    .await
}

pub async fn trust(test: &TestApp, certificate: &Certificate, directions: &[Direction]) {
    let holding = holding(directions);
    assert!(
        anchors::add(&test.app, &Actor::Operator, certificate, &holding)
            .await
            .unwrap()
    );
}

pub fn holding(directions: &[Direction]) -> Holding {
    Holding {
        holds_for: OUR_DOMAIN.parse().unwrap(),
        directions: directions.to_vec(),
    }
}

/// A message of theirs arrives; gives what became of it, and the code of the refusal if it was one.
async fn arrives(test: &TestApp, pki: &Pki, signer: &str) -> (MessageKind, Option<String>) {
    let now = test.app.clock.now();
    let (from, to): (Address, Address) = (THEIRS.parse().unwrap(), OURS.parse().unwrap());
    let unique = format!("{signer}-{}", rand::random::<u64>());
    let composed = compose(&Letter {
        from: &from,
        to: &to,
        subject: "Papers",
        text: "Here they are.",
        attachments: &[Attachment {
            name: "note.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: b"note".to_vec(),
        }],
        message_id: &MessageId::new(&unique, "direct.partner.example"),
        date: now,
        report: Report::Nothing,
        in_reply_to: "",
    });
    takes_in(test, pki, signer, &composed).await
}

/// As [`arrives`], a report that says `processed` of some message.
async fn reports(test: &TestApp, pki: &Pki, signer: &str) -> (MessageKind, Option<String>) {
    let (from, to): (Address, Address) = (THEIRS.parse().unwrap(), OURS.parse().unwrap());
    let composed = mdn::compose(&Notification {
        disposition: Disposition::Processed,
        reason: "",
        recipient: &from,
        to: &to,
        original_message_id: &format!("<dlv_01@{OUR_DOMAIN}>"),
        message_id: &MessageId::new(&format!("{signer}-{}", rand::random::<u64>()), "direct.partner.example"),
        date: test.app.clock.now(),
    });
    takes_in(test, pki, signer, &composed).await
}

async fn takes_in(test: &TestApp, pki: &Pki, signer: &str, composed: &Composed) -> (MessageKind, Option<String>) {
    let ours = identity::ensure(&test.app).await.unwrap().unwrap();
    let theirs = Identity::new(&pki.read(&format!("{signer}.pem")), &pki.read(&format!("{signer}.key"))).unwrap();
    let now = test.app.clock.now();
    let raw = composed.seal(&theirs, ours.certificate(), now).unwrap();
    let envelope = Envelope {
        mail_from: Some(composed.from.clone()),
        rcpt_to: vec![composed.to.clone()],
    };
    let id = spool(&test.app, &envelope, &raw).await.unwrap();
    test.run_jobs().await;
    let mut tx = test.app.db.read().await.unwrap();
    let message = store::messages::find(&mut tx, &id).await.unwrap().unwrap();
    let problem = match (&message.transmission, message.kind) {
        (Some(transmission), MessageKind::Refused) => {
            let found = store::transmissions::find(&mut tx, transmission).await.unwrap();
            found.unwrap().details.problem
        }
        _ => None,
    };
    (message.kind, problem)
}

on_both!(
    a_stranger_is_believed_by_an_anchor_for_incoming_messages_alone,
    async |db: TestDb| {
        let pki = Pki::new();
        pki.issue("theirs", "DNS:direct.partner.example");
        pki.issue_by("other", "DNS:direct.partner.example", "stranger", "");
        let test = clinic(db, |_| {}).await;
        let unknown = (MessageKind::Refused, Some("unknown_sender".to_owned()));
        assert_eq!(arrives(&test, &pki, "theirs").await, unknown);
        trust(&test, &pki.certificate("sub"), &[Direction::Outgoing]).await;
        assert_eq!(arrives(&test, &pki, "theirs").await, unknown);
        trust(&test, &pki.certificate("sub"), &[Direction::Incoming]).await;
        // Its list was fetched before it was judged.
        assert_eq!(arrives(&test, &pki, "theirs").await, (MessageKind::Document, None));
        let no_path = (MessageKind::Refused, Some("no_trust_path".to_owned()));
        assert_eq!(arrives(&test, &pki, "other").await, no_path);
        let (sub, place) = (pki.certificate("sub").fingerprint(), holding(&[Direction::Incoming]));
        anchors::remove(&test.app, &Actor::Operator, &sub, &place)
            .await
            .unwrap();
        assert_eq!(arrives(&test, &pki, "theirs").await, unknown);
    }
);

on_both!(
    who_is_trusted_for_outgoing_messages_alone_may_report_on_them,
    async |db: TestDb| {
        let pki = Pki::new();
        pki.issue("theirs", "DNS:direct.partner.example");
        pki.issue_by("other", "DNS:direct.partner.example", "stranger", "");
        let test = clinic(db, |_| {}).await;
        let unknown = (MessageKind::Refused, Some("unknown_sender".to_owned()));
        assert_eq!(reports(&test, &pki, "theirs").await, unknown);
        trust(&test, &pki.certificate("sub"), &[Direction::Outgoing]).await;
        assert_eq!(reports(&test, &pki, "theirs").await, (MessageKind::Mdn, None));
        let no_path = (MessageKind::Refused, Some("no_trust_path".to_owned()));
        assert_eq!(reports(&test, &pki, "other").await, no_path);
        assert_eq!(arrives(&test, &pki, "theirs").await, unknown);
    }
);

on_both!(
    who_is_trusted_for_incoming_messages_alone_hears_that_one_arrived,
    async |db: TestDb| {
        let (workshop, pki) = (Workshop::new(), Pki::new());
        pki.issue("theirs", "DNS:direct.partner.example");
        let partner = trusted(&workshop, |_| {}).await;
        partner.recorder.everybodys.store(true, Ordering::Relaxed);
        let test = clinic(db, |config| {
            "127.0.0.1".clone_into(&mut config.mail.smtp_host);
            config.mail.smtp_port = partner.address.port();
            config.mail.smtp_tls_name = Some("localhost".to_owned());
            config.mail.smtp_ca_file = Some(workshop.path("theirs/tls-ca.pem"));
        })
        .await;
        trust(&test, &pki.certificate("sub"), &[Direction::Incoming]).await;
        assert_eq!(arrives(&test, &pki, "theirs").await, (MessageKind::Document, None));
        // Sealed to the certificate that signed the message: its key opens it.
        let taken = partner.recorder.wait_for(1).await;
        assert_eq!(taken.len(), 1);
        std::fs::write(pki.path("heard.eml"), &taken[0].1).unwrap();
        let heard = pki.openssl(&[
            "cms",
            "-decrypt",
            "-in",
            "heard.eml",
            "-recip",
            "theirs.pem",
            "-inkey",
            "theirs.key",
        ]);
        assert_eq!(disposition(&String::from_utf8(heard).unwrap()), "processed");
        // No note goes there for all that.
        let (ours, theirs): (Address, Address) = (OURS.parse().unwrap(), THEIRS.parse().unwrap());
        let refused = certificate_to(&test.app, &ours, &theirs).await.unwrap_err();
        assert_eq!(refused.to_string(), "no_certificate");
    }
);

on_both!(
    whoever_was_revoked_is_refused_and_an_unknown_standing_as_configured,
    async |db: TestDb| {
        let pki = Pki::new();
        pki.issue("good", "DNS:direct.partner.example");
        pki.issue("revoked", "DNS:direct.partner.example");
        pki.serve_list("sub", &["revoked"]);
        let test = clinic(db, |_| {}).await;
        trust(&test, &pki.certificate("sub"), &Direction::BOTH).await;
        assert_eq!(arrives(&test, &pki, "good").await, (MessageKind::Document, None));
        let revoked = (MessageKind::Refused, Some("revoked".to_owned()));
        assert_eq!(arrives(&test, &pki, "revoked").await, revoked);
        // The list counts until its end, without being asked for again.
        pki.web.withdraw("sub.crl");
        assert_eq!(arrives(&test, &pki, "good").await, (MessageKind::Document, None));
        test.app.clock.advance(TimeDelta::days(8));
        let unknown = (MessageKind::Refused, Some("revocation_unknown".to_owned()));
        assert_eq!(arrives(&test, &pki, "good").await, unknown);
        // What was revoked stays so.
        assert_eq!(arrives(&test, &pki, "revoked").await, revoked);
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_unknown_is_accepted_the_list_is_fetched_all_the_same() {
    let pki = Pki::new();
    pki.issue("theirs", "DNS:direct.partner.example");
    pki.issue_by("listless", "DNS:direct.partner.example", "root", "");
    pki.web.withdraw("root.crl");
    pki.serve_list("sub", &["theirs"]);
    let accepting = |config: &mut Config| {
        config.direct.revocation_unknown = RevocationUnknown::Accept;
    };
    let test = clinic(TestDb::new(Kind::Sqlite).await, accepting).await;
    trust(&test, &pki.certificate("sub"), &Direction::BOTH).await;
    trust(&test, &pki.certificate("root"), &Direction::BOTH).await;
    assert_eq!(arrives(&test, &pki, "listless").await, (MessageKind::Document, None));
    let revoked = (MessageKind::Refused, Some("revoked".to_owned()));
    assert_eq!(arrives(&test, &pki, "theirs").await, revoked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn missing_issuers_are_fetched_from_public_addresses_alone() {
    let pki = Pki::new();
    let issuer = format!("authorityInfoAccess=caIssuers;URI:{}", pki.web.url("sub.cer"));
    pki.issue_by("theirs", "DNS:direct.partner.example", "sub", &issuer);
    // A broken AIA leads to another authority.
    pki.certify_authority("lost", "root", "");
    pki.web.serve("broken.cer", &pki.der("stranger"));
    let broken = format!("authorityInfoAccess=caIssuers;URI:{}", pki.web.url("broken.cer"));
    pki.issue_by("broken", "DNS:direct.partner.example", "lost", &broken);
    let sqlite = || TestDb::new(Kind::Sqlite);
    // The anchor is the root: `sub` is on the way, and travels nowhere.
    let shut = clinic(sqlite().await, |config| config.direct.fetch_from.clear()).await;
    trust(&shut, &pki.certificate("root"), &Direction::BOTH).await;
    let no_path = (MessageKind::Refused, Some("no_trust_path".to_owned()));
    assert_eq!(arrives(&shut, &pki, "theirs").await, no_path);
    let open = clinic(sqlite().await, |_| {}).await;
    trust(&open, &pki.certificate("root"), &Direction::BOTH).await;
    assert_eq!(arrives(&open, &pki, "theirs").await, (MessageKind::Document, None));
    // It is kept: nobody is asked for it again.
    pki.web.withdraw("sub.cer");
    assert_eq!(arrives(&open, &pki, "theirs").await, (MessageKind::Document, None));
    assert_eq!(arrives(&open, &pki, "broken").await, no_path);
}

/// Makes a signed bundle of these authorities, as communities publish it.
fn serve_bundle(pki: &Pki, authorities: &[&str], signer: &str) {
    let files: Vec<String> = authorities.iter().map(|name| format!("{name}.pem")).collect();
    let mut certificates = vec!["crl2pkcs7", "-nocrl", "-outform", "DER", "-out", "bundle.p7b"];
    for file in &files {
        certificates.extend(["-certfile", file]);
    }
    pki.openssl(&certificates);
    let (pem, key) = (format!("{signer}.pem"), format!("{signer}.key"));
    pki.openssl(&[
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-in",
        "bundle.p7b",
        "-signer",
        &pem,
        "-inkey",
        &key,
        "-outform",
        "DER",
        "-out",
        "bundle.p7m",
    ]);
    pki.web.serve("bundle.p7m", &pki.read("bundle.p7m"));
    pki.web.serve("bundle.p7b", &pki.read("bundle.p7b"));
}

on_both!(
    a_bundle_is_refreshed_by_the_clock_and_its_signer_stays,
    async |db: TestDb| {
        let pki = Pki::new();
        serve_bundle(&pki, &["sub", "root"], "stranger");
        let test = clinic(db, |_| {}).await;
        let url = |name: &str| Source::Url(pki.web.url(name));
        let both = holding(&Direction::BOTH);
        let ana = test.person("ana", Role::Admin).await;
        // Whoever is on the way could add an anchor to it.
        let unsigned = bundles::add(&test.app, &ana, url("bundle.p7b"), &both, None).await;
        assert!(matches!(unsigned, Err(TrustError::Unprotected)), "{unsigned:?}");
        // Or sign one of their own, as long as nobody is expected.
        let by_anybody = bundles::add(&test.app, &ana, url("bundle.p7m"), &both, None).await;
        assert!(matches!(by_anybody, Err(TrustError::Unprotected)), "{by_anybody:?}");
        let stranger = pki.certificate("stranger");
        let wrong = bundles::add(
            &test.app,
            &ana,
            url("bundle.p7m"),
            &both,
            Some(&pki.certificate("root")),
        )
        .await;
        assert!(matches!(wrong, Err(TrustError::Signer)), "{wrong:?}");
        let (bundle, anchors) = bundles::add(&test.app, &ana, url("bundle.p7m"), &both, Some(&stranger))
            .await
            .unwrap();
        assert_eq!(anchors, 2);
        assert_eq!(bundle.signed_by, Some(pki.certificate("stranger").fingerprint()));
        let again = bundles::add(&test.app, &ana, url("bundle.p7m"), &both, Some(&stranger)).await;
        assert!(matches!(again, Err(TrustError::Known(_))), "{again:?}");
        let count = async || {
            let mut tx = test.app.db.read().await.unwrap();
            store::anchors::places(&mut tx).await.unwrap().len()
        };
        let state = async || {
            let mut tx = test.app.db.read().await.unwrap();
            store::anchors::find_bundle(&mut tx, &bundle.id).await.unwrap().unwrap()
        };
        assert_eq!(count().await, 4);
        // Nobody reads it before its day is over.
        serve_bundle(&pki, &["sub"], "stranger");
        refresh::refresh(test.app.clone()).await.unwrap();
        assert_eq!(count().await, 4);
        test.app.clock.advance(TimeDelta::days(1));
        refresh::refresh(test.app.clone()).await.unwrap();
        assert_eq!(count().await, 2);
        // Somebody else's signature changes nothing, and is told.
        serve_bundle(&pki, &["sub", "root"], "root");
        test.app.clock.advance(TimeDelta::days(1));
        refresh::refresh(test.app.clone()).await.unwrap();
        assert_eq!(
            (count().await, state().await.last_error.as_deref()),
            (2, Some("wrong_signer"))
        );
        pki.web.withdraw("bundle.p7m");
        refresh::refresh(test.app.clone()).await.unwrap();
        assert_eq!(
            (count().await, state().await.last_error.as_deref()),
            (2, Some("refused"))
        );
        // What a person added, too, stays when the bundle goes.
        trust(&test, &pki.certificate("sub"), &[Direction::Incoming]).await;
        bundles::remove(&test.app, &ana, &bundle.id).await.unwrap();
        assert_eq!(count().await, 1);
        let ben = test.person("ben", Role::Reviewer).await;
        let denied = bundles::refresh(&test.app, &ben, &bundle.id).await;
        assert!(matches!(denied, Err(TrustError::Denied(_))), "{denied:?}");
    }
);
