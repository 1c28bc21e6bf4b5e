//! Messages through the whole pipeline: what a person finds afterwards.

use super::press::{Recipe, USUAL, routing};
use super::workshop::{OURS, THEIRS, Workshop, envelope};
use crate::harness::{TestApp, TestDb, on_both};
use referloop::direct::split;
use referloop::domain::access::Reach;
use referloop::domain::transmission::{QuarantineReason, Stage};
use referloop::pipeline::message::spool;
use referloop::store;
use referloop::store::identities::StoredIdentity;
use referloop::store::messages::MessageKind;
use referloop::store::partners::PartnerCertificate;
use referloop::store::transmissions::Transmission;

/// An installation with the workshop's identity, whose directory knows the partner.
async fn installation(db: TestDb, workshop: &Workshop) -> TestApp {
    let test = TestApp::new(db).await;
    let now = test.app.clock.now();
    let identity = workshop.identity_of("clinic");
    let ours = identity.certificate();
    let theirs = workshop.partner_certificate();
    let mut tx = test.app.db.begin().await.unwrap();
    let row = StoredIdentity {
        id: ours.fingerprint(),
        bound_to: ours.bound_to().unwrap().to_owned(),
        certificate: ours.to_der(),
        private_key: identity.private_key_der().unwrap(),
        not_after: ours.not_after().unwrap(),
        created_at: now,
    };
    store::identities::insert(&mut tx, &row).await.unwrap();
    let row = PartnerCertificate {
        fingerprint: theirs.fingerprint(),
        bound_to: theirs.bound_to().unwrap().to_owned(),
        der: theirs.to_der(),
        not_after: theirs.not_after().unwrap(),
        created_at: now,
    };
    store::partners::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    test
}

/// All transmissions after a message has come.
async fn arrived(test: &TestApp, raw: &[u8]) -> Vec<Transmission> {
    let id = spool(&test.app, &envelope(THEIRS, &[OURS]), raw).await.unwrap();
    test.run_jobs().await;
    let mut tx = test.app.db.read().await.unwrap();
    assert_ne!(
        store::messages::find(&mut tx, &id).await.unwrap().unwrap().kind,
        MessageKind::Received
    );
    store::transmissions::list(&mut tx, None, &Reach::Everywhere, None, 10)
        .await
        .unwrap()
}

on_both!(
    a_winmail_dat_is_set_aside_for_a_person_and_its_neighbour_is_not,
    async |db: TestDb| {
        let workshop = workshop();
        let test = installation(db, &workshop).await;
        let part = |kind: &str, bytes: &[u8]| {
            format!(
                "--m\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                split::base64_lines(bytes)
            )
        };
        let inner = format!(
            "Content-Type: message/rfc822\r\n\r\n{}Content-Type: multipart/mixed; boundary=m\r\n\r\n{}{}--m--\r\n",
            routing(),
            part("application/ms-tnef; name=winmail.dat", b"\x78\x9F\x3E\x22fictional"),
            part("application/pdf; name=referral.pdf", b"%PDF-1.4 fictional\n%%EOF"),
        );
        let raw = workshop.envelop(&USUAL, &workshop.sign_content(&USUAL, inner.as_bytes()));
        let all = arrived(&test, &raw).await;
        assert_eq!(all.len(), 2);
        let of_reason = |reason| all.iter().find(|each| each.reason == Some(reason)).unwrap();
        let tnef = of_reason(QuarantineReason::WinmailDat);
        // No page is in it, but it was looked at.
        let pdf = of_reason(QuarantineReason::Unreadable);
        assert_eq!(pdf.media_type.as_deref(), Some("application/pdf"));
        assert_eq!(tnef.details.direct_sender.as_deref(), Some(THEIRS));
    }
);

on_both!(a_refused_message_keeps_the_step_with_the_reason, async |db: TestDb| {
    let workshop = workshop();
    let test = installation(db, &workshop).await;
    let weak = Recipe {
        digest: "sha1",
        ..USUAL
    };
    let all = arrived(&test, &workshop.press(&weak)).await;
    let details = &all[0].details;
    assert_eq!(
        (details.problem_step.as_deref(), details.problem.as_deref()),
        (Some("verify"), Some("weak_digest"))
    );
    assert_eq!(all[0].stage, Stage::Quarantined);
});

fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.make_identity("clinic", &["rsa:2048"], "DNS:direct.lakeview-cardiology.example");
    workshop
}
