//! The round trip: out through Postfix, and back through it.

use super::postfix::Postfix;
use super::stacks::{decrypted_by_nss, decrypted_by_openssl};
use super::{last_delivery, received, reports, until};
use crate::harness::{TestApp, TestDb, on_both};
use crate::journeys::{
    OUR_DOMAIN, PARTNER_DOMAIN, Partner, acted, deliveries, free_port, seen, text_of, wait_for, with_partner_at,
};
use chrono::TimeDelta;
use referloop::direct::mime::Entity;
use referloop::direct::split;
use referloop::domain::access::Reach;
use referloop::domain::delivery::{DeliveryState, Effect, Reported};
use referloop::domain::ids::ReferralId;
use referloop::domain::people::Actor;
use referloop::domain::referral::StatusName;
use referloop::domain::transmission::Stage;
use referloop::referrals::act::ActRequest;
use referloop::referrals::delivery::certificate;
use referloop::store;

/// A referral whose note is ready, a partner that changes its manners, and the mail server between.
struct Scene {
    test: TestApp,
    partner: Partner,
    _postfix: Postfix,
    id: ReferralId,
    coordinator: Actor,
}

impl Scene {
    async fn begin(db: TestDb) -> Self {
        let (relay, theirs) = (free_port(), free_port());
        let (test, partner, ours) = with_partner_at(db, [relay, theirs], Some(relay), ["--mode-file", "mode"]).await;
        let tls = ["theirs/tls-cert.pem", "theirs/tls-key.pem"].map(|name| partner.folder.path().join(name));
        let postfix = Postfix::start(
            relay,
            [&tls[0], &tls[1]],
            &[(OUR_DOMAIN, ours), (PARTNER_DOMAIN, theirs)],
        );
        let (id, coordinator) = seen(&test).await;
        Self {
            test,
            partner,
            _postfix: postfix,
            id,
            coordinator,
        }
    }

    /// Sends the note; the partner will answer in this manner.
    async fn send(&self, mode: &str) {
        std::fs::write(self.partner.folder.path().join("mode"), mode).unwrap();
        // Deliveries stand in the order of their times.
        self.test.app.clock.advance(TimeDelta::seconds(1));
        let sent = acted(&self.test, &self.coordinator, &self.id, ActRequest::SendNote {}).await;
        assert_eq!(sent, StatusName::NoteSent, "{mode}");
    }

    /// Until the partner has the notes, and so many of its answers to the last one are here. Gives those, with what each did.
    async fn until_answered(&self, notes: usize, answers: usize) -> Vec<(Reported, Effect)> {
        let of_last = async || {
            let delivery = last_delivery(&self.test, &self.id).await;
            reports(&self.test, &delivery).await
        };
        until(
            &self.test,
            &format!("{notes} notes, then {answers} answers"),
            async || received(&self.partner).len() == notes && of_last().await.len() == answers,
        )
        .await;
        of_last().await
    }

    /// The end of a wait: the note stands before a person again.
    async fn timed_out(&self, error: &str) {
        self.test.app.clock.advance(TimeDelta::minutes(61));
        wait_for(&self.test, &self.id, StatusName::NoteReady).await;
        let delivery = last_delivery(&self.test, &self.id).await;
        assert_eq!(
            (delivery.state, delivery.error.as_deref()),
            (DeliveryState::Uncertain, Some(error))
        );
        assert!(delivery.ended_at.is_some());
    }
}

on_both!(every_manner_of_a_partner_ends_as_it_should, async |db: TestDb| {
    use DeliveryState::{Dispatched, Failed, Uncertain};
    use Effect::{Counted, Late, Noted};
    let scene = Scene::begin(db).await;
    let (test, id) = (&scene.test, &scene.id);

    // It says that it could not be delivered: in three ways.
    for (at, (mode, answers)) in [("failed", 2), ("error", 1), ("bounce", 1)].into_iter().enumerate() {
        scene.send(mode).await;
        wait_for(test, id, StatusName::NoteReady).await;
        let answered = scene.until_answered(at + 1, answers).await;
        assert!(answered.contains(&(Reported::Failed, Counted)), "{mode}: {answered:?}");
        let delivery = last_delivery(test, id).await;
        assert_eq!(
            (delivery.state, delivery.error.as_deref()),
            (Failed, Some("partner_reports_failure")),
            "{mode}"
        );
    }

    // It says nothing.
    scene.send("silent").await;
    scene.until_answered(4, 0).await;
    assert_eq!(last_delivery(test, id).await.state, DeliveryState::Submitted);
    scene.timed_out("no_processed").await;

    // It says no more than that it got the note.
    scene.send("processed").await;
    assert_eq!(scene.until_answered(5, 1).await, [(Reported::Processed, Counted)]);
    assert_eq!(last_delivery(test, id).await.state, DeliveryState::Processed);
    scene.timed_out("no_dispatched").await;

    // What it says can't be read, is about something else, or came in the clear. One of the four is about our note.
    scene.send("malformed").await;
    assert_eq!(scene.until_answered(6, 1).await, [(Reported::Other, Noted)]);
    let in_the_clear = async || {
        let mut tx = test.app.db.read().await.unwrap();
        let aside = Some(Stage::Quarantined);
        let aside = store::transmissions::list(&mut tx, aside, &Reach::Everywhere, None, 9).await;
        aside.unwrap().len() == 1
    };
    until(test, "the message in the clear stands before a person", in_the_clear).await;
    assert_eq!(last_delivery(test, id).await.state, DeliveryState::Submitted);
    scene.timed_out("no_processed").await;

    // It says so when nobody waits any more: that is kept, and changes nothing.
    scene.send("late").await;
    until(test, "the note is there", async || {
        scene.partner.folder.path().join("received/007.eml").exists()
    })
    .await;
    scene.timed_out("no_processed").await;
    std::fs::write(scene.partner.folder.path().join("received/go"), "").unwrap();
    let answered = scene.until_answered(7, 2).await;
    assert!(answered.iter().all(|(_, effect)| *effect == Late), "{answered:?}");
    let delivery = last_delivery(test, id).await;
    assert_eq!((delivery.state, delivery.processed_at), (Uncertain, None));
    assert_eq!(test.referral(id).await.status.name(), StatusName::NoteReady);

    // It says everything twice. The first `dispatched` closes the referral.
    scene.send("twice").await;
    wait_for(test, id, StatusName::Closed).await;
    let answered = scene.until_answered(8, 4).await;
    let counted = |event| answered.iter().filter(|answer| **answer == (event, Counted)).count();
    assert_eq!(
        (
            counted(Reported::Dispatched),
            answered.iter().any(|(_, effect)| *effect == Late)
        ),
        (1, false)
    );
    assert_eq!(
        deliveries(test, id).await,
        [
            Failed, Failed, Failed, Uncertain, Uncertain, Uncertain, Uncertain, Dispatched
        ]
    );
    the_proof_holds(&scene).await;
});

/// What went out last is what was written: held against what arrived, by two programs that are not ours.
async fn the_proof_holds(scene: &Scene) {
    let (test, partner) = (&scene.test, &scene.partner);
    let got = received(partner).pop().unwrap();
    assert_eq!(got["problem"], serde_json::Value::Null, "{got}");
    let raw = partner.read("received/008.eml");
    let delivery = last_delivery(test, &scene.id).await;
    let handed_over = delivery.handed_over.as_ref().unwrap();
    // Postfix has put lines of its own in front.
    let ours = raw.windows(6).position(|window| window == b"From: ").unwrap();
    let digest = hex::encode(openssl::sha::sha256(&raw[ours..]));
    assert_eq!(handed_over.digest, digest);
    let head = String::from_utf8_lossy(&raw[..ours]).into_owned();
    assert!(
        head.contains("relay.example") && !head.to_ascii_lowercase().contains("subject"),
        "{head}"
    );

    let entity = Entity::parse(&raw).unwrap();
    let enveloped = entity.decoded().unwrap();
    let opened = decrypted_by_openssl(partner, &enveloped);
    assert_eq!(opened, decrypted_by_nss(partner, &enveloped));
    let inner = partner.read("received/008.inner.eml");
    assert!(opened.windows(inner.len()).any(|window| window == inner));

    // The letter that is kept is the one that arrived.
    let letter = letter(test, &scene.id).await;
    let message = Entity::parse(&inner).unwrap();
    let kind = message.content_type().unwrap();
    let parts = split::parts(message.body, kind.parameter("boundary").unwrap())
        .unwrap()
        .parts;
    let files = parts
        .into_iter()
        .map(|part| Entity::parse(part).unwrap().decoded().unwrap().into_owned());
    assert!(files.into_iter().any(|file| file == letter));

    let (referral, pdf) = certificate(&test.app, &delivery.id).await.unwrap().unwrap();
    assert_eq!(referral, scene.id);
    // A long word may be broken into two lines.
    let packed = |text: &str| text.split_whitespace().collect::<String>();
    let text = packed(&text_of(&pdf));
    let message_id = delivery.message_id.as_deref().unwrap();
    let wanted = [
        "Delivery certificate",
        delivery.id.as_str(),
        message_id,
        &digest,
        "dispatched (again)",
    ];
    for wanted in wanted {
        assert!(text.contains(&packed(wanted)), "{wanted}: {text}");
    }
    assert!(
        text.contains(&handed_over.encrypted_to) && !text.contains("Marchetti"),
        "{text}"
    );
}

async fn letter(test: &TestApp, id: &ReferralId) -> Vec<u8> {
    let mut tx = test.app.db.read().await.unwrap();
    let notes = store::notes::of_referral(&mut tx, id).await.unwrap();
    let letter = notes[0].letter.clone().unwrap();
    let object = store::objects::find(&mut tx, &letter).await.unwrap().unwrap();
    drop(tx);
    test.app.vault.get(&object).await.unwrap()
}
