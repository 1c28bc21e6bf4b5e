//! What is decided on the pages beside the review: the claim holds others up there, too.

use super::{Sharing, is_claimed_by};
use crate::harness::{TestDb, on_both, sample};
use referloop::domain::decision::{AnswerBasis, Route, Verdict};
use referloop::domain::ids::{DirectoryId, TransmissionId};
use referloop::domain::people::Actor;
use referloop::domain::referral::StatusName;
use referloop::referrals::act::{ActError, ActRequest, act};
use referloop::referrals::directory::{self, NewEntry};
use referloop::referrals::duplicate::tell_apart;
use referloop::referrals::{answer, file, referrer, request};
use referloop::store::answers;

impl Sharing {
    async fn practice(&self) -> DirectoryId {
        let entry = NewEntry {
            name: Some("Helen Adeyemi".to_owned()),
            organization: Some("Willow Creek Family Medicine".to_owned()),
            npi: Some("1234567893".to_owned()),
            ..NewEntry::default()
        };
        let now = self.app().clock.now();
        let added = directory::add(&self.app().db, &Actor::Operator, entry, now).await;
        added.unwrap().id
    }

    /// A message that quotes the referral, for a person to look at.
    async fn message(&self) -> TransmissionId {
        let transmission = self.test.fax_in("fax-2", sample("clean-referral/fax.tif")).await;
        let offered = answers::Answer {
            transmission: transmission.clone(),
            referral: self.id.clone(),
            basis: AnswerBasis::Subject,
            arrived_at: self.app().clock.now(),
            settled_at: None,
            attached: false,
        };
        let mut tx = self.app().db.begin().await.unwrap();
        assert!(answers::insert(&mut tx, &offered).await.unwrap());
        tx.commit().await.unwrap();
        transmission
    }

    async fn does(&self, who: &Actor, what: ActRequest) -> Result<(), ActError> {
        act(self.app(), who, &self.id, None, what).await.map(drop)
    }

    async fn settles(&self, who: &Actor, message: &TransmissionId, attach: bool) -> Result<(), ActError> {
        answer::settle(self.app(), who, &self.id, message, attach).await
    }

    async fn delivers(&self, who: &Actor) -> Result<(), ActError> {
        let proof = "faxed at 14:10".to_owned();
        let delivered = request::deliver_by_hand(self.app(), who, &self.id, None, proof).await;
        delivered.map(drop)
    }
}

/// It says who has the referral, and what can be done.
fn assert_held(refused: Result<(), ActError>, what: &str) {
    let error = refused.expect_err(what);
    assert!(is_claimed_by(&error, "ana"), "{what}: {error}");
    let told = error.to_string();
    assert!(
        told.contains("ana is reviewing") && told.contains("take it over"),
        "{told}"
    );
}

fn asks() -> ActRequest {
    ActRequest::RequestInformation {
        items: vec!["ECG".to_owned()],
        note: None,
        direct: false,
    }
}

on_both!(who_sent_it_is_said_by_whoever_reviews_it, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    let practice = sharing.practice().await;
    let (app, id) = (sharing.app(), &sharing.id);
    let chosen = async |who: &Actor| referrer::choose(app, who, id, None, &practice).await.map(drop);
    sharing.opens(&sharing.ana).await.unwrap();
    let before = sharing.test.referral(id).await;
    assert_held(chosen(&sharing.bo).await, "choosing the referrer");
    assert_eq!(sharing.test.referral(id).await, before);
    chosen(&sharing.ana).await.unwrap();

    // After the release nobody reviews it any more.
    sharing.does(&sharing.ana, ActRequest::Release {}).await.unwrap();
    chosen(&sharing.bo).await.unwrap();
});

on_both!(an_answer_is_settled_by_whoever_reviews_it, async |db: TestDb| {
    let sharing = Sharing::new(db).await;
    let message = sharing.message().await;
    sharing.opens(&sharing.ana).await.unwrap();
    for attach in [true, false] {
        let refused = sharing.settles(&sharing.bo, &message, attach).await;
        assert_held(refused, "settling an answer");
    }
    let mut tx = sharing.app().db.read().await.unwrap();
    let offered = answers::of_referral(&mut tx, &sharing.id).await.unwrap().remove(0);
    assert!(offered.settled_at.is_none(), "it still waits for a word");
    drop(tx);
    sharing.settles(&sharing.ana, &message, true).await.unwrap();
});

on_both!(
    a_request_is_sent_and_brought_by_whoever_reviews_it,
    async |db: TestDb| {
        let sharing = Sharing::new(db).await;
        sharing.opens(&sharing.ana).await.unwrap();
        assert_held(sharing.does(&sharing.bo, asks()).await, "asking the referrer");
        sharing.does(&sharing.ana, asks()).await.unwrap();
        let waits = sharing.test.referral(&sharing.id).await;
        assert_eq!(waits.status.name(), StatusName::InformationRequested);
        assert_eq!(sharing.holder().await.as_deref(), Some("ana"), "asking ends no review");
        assert_held(sharing.delivers(&sharing.bo).await, "having brought the letter");
        assert_eq!(sharing.test.referral(&sharing.id).await, waits);
        sharing.delivers(&sharing.ana).await.unwrap();
    }
);

on_both!(
    a_double_and_a_stray_are_decided_by_whoever_reviews,
    async |db: TestDb| {
        let sharing = Sharing::new(db).await;
        let other = sharing.test.fax_in("fax-2", sample("clean-referral/fax.tif")).await;
        sharing.test.run_jobs().await;
        let twin = sharing.test.referrals_of(&other).await.remove(0);
        sharing.opens(&sharing.ana).await.unwrap();
        let (app, bo, id) = (sharing.app(), &sharing.bo, &sharing.id);
        for verdict in [Verdict::FollowUp, Verdict::Different] {
            assert_held(tell_apart(app, bo, id, None, &twin, verdict).await, "telling apart");
        }
        let double = ActRequest::CloseAsDuplicate { twin: twin.clone() };
        assert_held(sharing.does(bo, double).await, "closing as a duplicate");
        let junk = ActRequest::RouteAway {
            route: Route::Junk,
            to: None,
        };
        assert_held(sharing.does(bo, junk).await, "routing away");
        // Its document has the same holder, by whatever address.
        let document = sharing.test.referral(id).await.document;
        let routed = file::route(app, bo, &document, Route::Junk, None).await;
        assert_held(routed, "routing its document");
        assert_held(file::put_away(app, bo, &document).await, "putting its document away");

        // The earlier one may be told of a link while somebody reviews it: that line changes nothing which they look at.
        let follow_up = tell_apart(app, bo, &twin, None, id, Verdict::FollowUp).await;
        follow_up.unwrap();
    }
);
