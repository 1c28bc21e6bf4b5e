//! What a reviewer decides beside releasing: asking for information, its answer, duplicates, and documents that are no referrals.

use crate::harness::{TestApp, TestDb, on_both, sample};
use crate::journeys::{PARTNER_ADDRESS, acted, with_partner};
use chrono::TimeDelta;
use referloop::direct::certificate::Certificate;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::Envelope;
use referloop::direct::message::{Attachment, Letter, MessageId, Report, compose};
use referloop::domain::access::Reach;
use referloop::domain::decision::{AnswerBasis, Route, Verdict};
use referloop::domain::delivery::{DeliveryState, Purpose};
use referloop::domain::ids::ReferralId;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::StatusName;
use referloop::pipeline::message::spool;
use referloop::referrals::duplicate::{tell_apart, twins_of};
use referloop::referrals::{ActRequest, answer, request};
use referloop::store::deliveries::Delivery;
use referloop::store::partners::PartnerCertificate;
use referloop::store::{self, answers, requests};
use std::time::Duration;

const OURS: &str = "referrals@direct.harborview.example";

/// A fax on the desk, and who reviews it.
async fn in_review(test: &TestApp, fax: &str) -> ReferralId {
    // Ids sort by time: the later fax is the later referral.
    test.app.clock.advance(TimeDelta::minutes(1));
    let transmission = test.fax_in(fax, sample("clean-referral/fax.tif")).await;
    test.run_jobs().await;
    let referrals = test.referrals_of(&transmission).await;
    referrals.into_iter().next().unwrap()
}

fn asks(direct: bool) -> ActRequest {
    ActRequest::RequestInformation {
        items: vec!["ECG".to_owned(), "Last office note".to_owned()],
        note: Some("The ECG of March, please.".to_owned()),
        direct,
    }
}

async fn deliveries(test: &TestApp, id: &ReferralId) -> Vec<Delivery> {
    let mut tx = test.app.db.read().await.unwrap();
    store::deliveries::of_referral(&mut tx, id).await.unwrap()
}

async fn wait_for_delivery(test: &TestApp, id: &ReferralId, state: DeliveryState) -> Delivery {
    for _ in 0..600 {
        test.run_jobs().await;
        if let Some(delivery) = deliveries(test, id)
            .await
            .into_iter()
            .find(|delivery| delivery.state == state)
        {
            return delivery;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{:?}", deliveries(test, id).await);
}

/// A message with a fax as a PDF's worth of pages, sealed for us by whoever has this identity.
fn sealed(
    test: &TestApp,
    ours: &Certificate,
    theirs: &Identity,
    from: &str,
    subject: &str,
    replies_to: &str,
    unique: &str,
) -> Vec<u8> {
    let now = test.app.clock.now();
    let (from, to) = (from.parse().unwrap(), OURS.parse().unwrap());
    let message_id = MessageId::new(unique, "direct.willowcreek.example");
    let attachments = [Attachment {
        name: "ecg.tif".to_owned(),
        media_type: "image/tiff".to_owned(),
        bytes: sample("clean-referral/fax.tif"),
    }];
    let composed = compose(&Letter {
        from: &from,
        to: &to,
        subject,
        text: "Here it is.",
        attachments: &attachments,
        message_id: &message_id,
        date: now,
        report: Report::Nothing,
        in_reply_to: replies_to,
    });
    composed.seal(theirs, ours, now).unwrap()
}

async fn arrives(test: &TestApp, from: &str, raw: &[u8]) {
    let envelope = Envelope {
        mail_from: Some(from.parse().unwrap()),
        rcpt_to: vec![OURS.parse().unwrap()],
    };
    spool(&test.app, &envelope, raw).await.unwrap();
    test.run_jobs().await;
}

/// Who signs for a domain; the directory knows the certificate.
async fn known_identity(test: &TestApp, domain: &str) -> Identity {
    let now = test.app.clock.now();
    let identity = Identity::self_signed(domain, now, TimeDelta::days(30)).unwrap();
    let certificate = identity.certificate();
    let row = PartnerCertificate {
        fingerprint: certificate.fingerprint(),
        bound_to: domain.to_owned(),
        der: certificate.to_der(),
        not_after: certificate.not_after().unwrap(),
        created_at: now,
    };
    let mut tx = test.app.db.begin().await.unwrap();
    store::partners::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    identity
}

async fn our_certificate(test: &TestApp) -> Certificate {
    let mut tx = test.app.db.read().await.unwrap();
    let row = store::identities::list(&mut tx).await.unwrap().remove(0);
    Certificate::parse(&row.certificate).unwrap()
}

async fn answers_of(test: &TestApp, id: &ReferralId) -> Vec<answers::Answer> {
    let mut tx = test.app.db.read().await.unwrap();
    answers::of_referral(&mut tx, id).await.unwrap()
}

async fn status(test: &TestApp, id: &ReferralId) -> StatusName {
    test.referral(id).await.status.name()
}

on_both!(
    a_request_goes_out_by_direct_and_its_answer_attaches_itself,
    async |db: TestDb| {
        let (test, _partner) = with_partner(db, "normal").await;
        let id = in_review(&test, "fax-1").await;
        let ana = test.person("ana", Role::Reviewer).await;
        assert_eq!(
            acted(&test, &ana, &id, asks(true)).await,
            StatusName::InformationRequested
        );
        let delivery = wait_for_delivery(&test, &id, DeliveryState::Dispatched).await;
        assert!(matches!(delivery.purpose, Purpose::Request(_)));
        // An arrived request ends nothing.
        assert_eq!(status(&test, &id).await, StatusName::InformationRequested);
        let mut tx = test.app.db.read().await.unwrap();
        let kept = requests::of_referral(&mut tx, &id).await.unwrap().remove(0);
        drop(tx);
        assert_eq!(kept.asked.items, ["ECG", "Last office note"]);
        assert!(kept.letter.is_some());

        let theirs = known_identity(&test, "direct.willowcreek.example").await;
        let ours = our_certificate(&test).await;
        let sent = delivery.message_id.unwrap();
        let reply = sealed(&test, &ours, &theirs, PARTNER_ADDRESS, "Re: records", &sent, "reply-1");
        arrives(&test, PARTNER_ADDRESS, &reply).await;
        assert_eq!(status(&test, &id).await, StatusName::InReview);
        let answered = answers_of(&test, &id).await;
        assert_eq!(answered.len(), 1);
        assert!(answered[0].attached && answered[0].basis == AnswerBasis::MessageId);
        // It is read, and opens no referral of its own.
        let transmission = &answered[0].transmission;
        assert!(test.referrals_of(transmission).await.is_empty());
        let mut tx = test.app.db.read().await.unwrap();
        assert!(
            !store::pages::of_transmission(&mut tx, transmission)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            store::documents::unfiled(&mut tx, &Reach::Everywhere, 10)
                .await
                .unwrap()
                .is_empty()
        );
        let history = store::events::of_referral(&mut tx, &id).await.unwrap();
        assert_eq!(history.last().unwrap().action, "information_received");
        assert!(store::audit::verify(&mut tx).await.unwrap().wrong.is_empty());
        drop(tx);

        // The same message once more changes nothing; the subject alone is only offered.
        arrives(&test, PARTNER_ADDRESS, &reply).await;
        assert_eq!(answers_of(&test, &id).await.len(), 1);
        let quoting = format!("Records for {id}");
        let raw = sealed(&test, &ours, &theirs, PARTNER_ADDRESS, &quoting, "", "reply-2");
        arrives(&test, PARTNER_ADDRESS, &raw).await;
        let by_subject = |answer: &answers::Answer| answer.basis == AnswerBasis::Subject;
        let offered = answers_of(&test, &id).await.into_iter().find(by_subject).unwrap();
        assert!(!offered.attached && offered.settled_at.is_none());
        assert_eq!(
            test.referrals_of(&offered.transmission).await.len(),
            1,
            "treated as any message"
        );
        answer::settle(&test.app, &ana, &id, &offered.transmission, true)
            .await
            .unwrap();
        assert!(answers_of(&test, &id).await.iter().all(|answer| answer.attached));
        let twice = answer::settle(&test.app, &ana, &id, &offered.transmission, true).await;
        assert!(twice.is_err());
    }
);

on_both!(a_reply_from_elsewhere_is_never_attached, async |db: TestDb| {
    let (test, _partner) = with_partner(db, "normal").await;
    let id = in_review(&test, "fax-1").await;
    let ana = test.person("ana", Role::Reviewer).await;
    acted(&test, &ana, &id, asks(true)).await;
    let delivery = wait_for_delivery(&test, &id, DeliveryState::Dispatched).await;
    // A practice that the directory knows, but not the one that was asked.
    let elsewhere = "records@direct.elsewhere.example";
    let theirs = known_identity(&test, "direct.elsewhere.example").await;
    let ours = our_certificate(&test).await;
    let sent = delivery.message_id.unwrap();
    let raw = sealed(&test, &ours, &theirs, elsewhere, "Re: records", &sent, "reply-1");
    arrives(&test, elsewhere, &raw).await;
    assert_eq!(status(&test, &id).await, StatusName::InformationRequested);
    let told = answers_of(&test, &id).await;
    assert!(told[0].basis == AnswerBasis::OtherSender && !told[0].attached && told[0].settled_at.is_none());
    assert_eq!(
        test.referrals_of(&told[0].transmission).await.len(),
        1,
        "treated as any message"
    );
});

on_both!(a_request_is_brought_by_hand, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let id = in_review(&test, "fax-1").await;
    let ana = test.person("ana", Role::Reviewer).await;
    let by_direct = referloop::referrals::act(&test.app, &ana, &id, None, asks(true)).await;
    assert!(by_direct.is_err(), "mail is off here");
    let early = request::deliver_by_hand(&test.app, &ana, &id, None, "faxed".to_owned()).await;
    assert!(early.is_err());
    acted(&test, &ana, &id, asks(false)).await;
    assert!(deliveries(&test, &id).await.is_empty());
    assert!(
        request::deliver_by_hand(&test.app, &ana, &id, None, " ".to_owned())
            .await
            .is_err()
    );
    request::deliver_by_hand(&test.app, &ana, &id, None, "faxed at 14:10".to_owned())
        .await
        .unwrap();
    let delivered = deliveries(&test, &id).await;
    assert_eq!(delivered[0].state, DeliveryState::DeliveredByHand);
    assert_eq!(delivered[0].proof.as_deref(), Some("faxed at 14:10"));
    assert_eq!(status(&test, &id).await, StatusName::InformationRequested);
});

async fn twins(test: &TestApp, id: &ReferralId) -> Vec<ReferralId> {
    let referral = test.referral(id).await;
    let mut tx = test.app.db.read().await.unwrap();
    let twins = twins_of(&mut tx, &Actor::System, &referral).await.unwrap();
    twins.into_iter().map(|twin| twin.referral.id).collect()
}

on_both!(a_duplicate_is_closed_and_may_be_opened_again, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let first = in_review(&test, "fax-1").await;
    let second = in_review(&test, "fax-2").await;
    let ana = test.person("ana", Role::Reviewer).await;
    assert!(twins(&test, &first).await.is_empty(), "only the later one is a double");
    assert_eq!(twins(&test, &second).await, std::slice::from_ref(&first));
    let close = ActRequest::CloseAsDuplicate { twin: first.clone() };
    assert_eq!(acted(&test, &ana, &second, close).await, StatusName::Rejected);
    let mut tx = test.app.db.read().await.unwrap();
    let mine = store::events::of_referral(&mut tx, &second)
        .await
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(
        (mine.reason.as_deref(), mine.note.as_deref()),
        (Some("duplicate"), Some(first.as_str()))
    );
    let theirs = store::events::of_referral(&mut tx, &first)
        .await
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(
        (theirs.action.as_str(), theirs.note.as_deref()),
        ("duplicate_closed", Some(second.as_str()))
    );
    drop(tx);
    acted(&test, &ana, &second, ActRequest::Reopen { note: None }).await;
    assert_eq!(
        twins(&test, &second).await,
        std::slice::from_ref(&first),
        "it is asked again"
    );
    tell_apart(&test.app, &ana, &second, None, &first, Verdict::Different)
        .await
        .unwrap();
    assert!(twins(&test, &second).await.is_empty(), "a person said so");
});

on_both!(a_follow_up_is_linked_and_goes_on, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let (first, second) = (in_review(&test, "fax-1").await, in_review(&test, "fax-2").await);
    let ana = test.person("ana", Role::Reviewer).await;
    let stranger = Actor::Door { name: "x".to_owned() };
    assert!(
        tell_apart(&test.app, &stranger, &second, None, &first, Verdict::FollowUp)
            .await
            .is_err()
    );
    tell_apart(&test.app, &ana, &second, None, &first, Verdict::FollowUp)
        .await
        .unwrap();
    assert!(twins(&test, &second).await.is_empty());
    assert_eq!(status(&test, &second).await, StatusName::InReview);
    let mut tx = test.app.db.read().await.unwrap();
    for id in [&first, &second] {
        let history = store::events::of_referral(&mut tx, id).await.unwrap();
        assert_eq!(history.last().unwrap().action, "link_follow_up");
    }
});

on_both!(what_is_no_referral_is_routed_and_may_come_back, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let (first, second) = (in_review(&test, "fax-1").await, in_review(&test, "fax-2").await);
    let ana = test.person("ana", Role::Reviewer).await;
    let route = |to| ActRequest::RouteAway {
        route: Route::ConsultNote,
        to,
    };
    let nowhere = referloop::referrals::act(&test.app, &ana, &second, None, route(None)).await;
    assert!(nowhere.is_err(), "a note belongs to a referral");
    let itself = referloop::referrals::act(&test.app, &ana, &second, None, route(Some(second.clone()))).await;
    assert!(itself.is_err());
    acted(&test, &ana, &second, route(Some(first.clone()))).await;
    assert_eq!(status(&test, &second).await, StatusName::Rejected);
    let document = test.referral(&second).await.document;
    let mut tx = test.app.db.read().await.unwrap();
    let routed = store::routes::find(&mut tx, &document).await.unwrap().unwrap();
    assert_eq!(
        (routed.route, routed.referral),
        (Route::ConsultNote, Some(first.clone()))
    );
    assert_eq!(routed.routed_by, ana.reference());
    assert_eq!(store::routes::to_referral(&mut tx, &first).await.unwrap().len(), 1);
    drop(tx);
    acted(&test, &ana, &second, ActRequest::Reopen { note: None }).await;
    let mut tx = test.app.db.read().await.unwrap();
    assert!(store::routes::find(&mut tx, &document).await.unwrap().is_none());
});
