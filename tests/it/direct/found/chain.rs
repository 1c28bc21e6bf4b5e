//! What leads from our certificate to a root that a partner knows: our signatures carry it.

use super::incoming::{OUR_DOMAIN, OURS, clinic};
use super::pki::Pki;
use crate::harness::{TestApp, TestDb, on_both};
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::stack::Stack;
use openssl::x509::X509;
use referloop::direct::address::Address;
use referloop::direct::identity::Identity;
use referloop::direct::message::{Letter, MessageId, Report, compose};
use referloop::domain::people::Actor;
use referloop::referrals::delivery::closing;
use referloop::referrals::identity::keys;
use referloop::referrals::trust::{own, refresh};
use referloop::store;
use referloop::store::partners::PartnerCertificate;
use std::process::Command;

const THEIRS: &str = "dr.osei@direct.partner.example";

/// `sub` issued ours, and says where it is itself. The partner is known by its certificate.
async fn house(db: TestDb) -> (Pki, TestApp) {
    let pki = Pki::new();
    let from = format!("authorityInfoAccess=caIssuers;URI:{}", pki.web.url("sub.cer"));
    pki.issue_by("ours", &format!("DNS:{OUR_DOMAIN}"), "sub", &from);
    pki.issue("theirs", "DNS:direct.partner.example");
    let test = clinic(db, |_| {}).await;
    let (theirs, now) = (pki.certificate("theirs"), test.app.clock.now());
    let partner = PartnerCertificate {
        fingerprint: theirs.fingerprint(),
        bound_to: "direct.partner.example".to_owned(),
        der: theirs.to_der(),
        not_after: theirs.not_after().unwrap(),
        created_at: now,
    };
    let mut tx = test.app.db.begin().await.unwrap();
    store::partners::insert(&mut tx, &partner).await.unwrap();
    tx.commit().await.unwrap();
    (pki, test)
}

fn ours(pki: &Pki) -> Identity {
    Identity::new(&pki.read("ours.pem"), &pki.read("ours.key")).unwrap()
}

/// Whether openssl, which knows the root alone, follows the signature of a message that we send now.
async fn is_followed(pki: &Pki, test: &TestApp) -> bool {
    let (from, to): (Address, Address) = (OURS.parse().unwrap(), THEIRS.parse().unwrap());
    let now = test.app.clock.now();
    let composed = compose(&Letter {
        from: &from,
        to: &to,
        subject: "Papers",
        text: "Here they are.",
        attachments: &[],
        message_id: &MessageId::new("one", OUR_DOMAIN),
        date: now,
        report: Report::Nothing,
        in_reply_to: "",
    });
    let closing = closing(&test.app, &from, &to, now).await.unwrap();
    std::fs::write(pki.path("sent.eml"), closing.close(&composed, now).unwrap()).unwrap();
    let recipient = ["-recip", "theirs.pem", "-inkey", "theirs.key", "-out", "signed"];
    pki.openssl(&[&["cms", "-decrypt", "-in", "sent.eml"][..], &recipient].concat());
    let verify = [
        "cms", "-verify", "-in", "signed", "-CAfile", "root.pem", "-out", "inner",
    ];
    let mut command = Command::new("openssl");
    let verified = command.args(verify).current_dir(pki.path("")).output().unwrap();
    verified.status.success()
}

on_both!(
    where_our_certificate_says_who_issued_it_our_signatures_carry_that,
    async |db: TestDb| {
        let (pki, test) = house(db).await;
        keys::import(&test.app, &Actor::Operator, &ours(&pki), None)
            .await
            .unwrap();
        assert!(!is_followed(&pki, &test).await);
        refresh::refresh(test.app.clone()).await.unwrap();
        assert!(is_followed(&pki, &test).await);
    }
);

on_both!(
    what_comes_with_our_certificate_is_carried_at_once,
    async |db: TestDb| {
        let (pki, test) = house(db).await;
        let identity = ours(&pki);
        let key = PKey::private_key_from_der(&identity.private_key_der().unwrap()).unwrap();
        let mut others = Stack::new().unwrap();
        for name in ["sub", "root"] {
            others.push(X509::from_der(&pki.der(name)).unwrap()).unwrap();
        }
        let leaf = X509::from_der(&pki.der("ours")).unwrap();
        let mut builder = Pkcs12::builder();
        builder.pkey(&key).cert(&leaf).ca(others);
        let file = builder.build2("secret").unwrap().to_der().unwrap();
        let identity = Identity::from_pkcs12(&file, "secret").unwrap();
        keys::import(&test.app, &Actor::Operator, &identity, None)
            .await
            .unwrap();
        assert!(is_followed(&pki, &test).await);
        // The partner knows the root, or it does not: it is never sent.
        let mut tx = test.app.db.read().await.unwrap();
        let now = test.app.clock.now();
        let carried = own::issuers_of(&test.app, &mut tx, identity.certificate(), now).await;
        assert_eq!(carried.unwrap(), [pki.certificate("sub")]);
    }
);
