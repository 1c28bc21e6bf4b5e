//! Pages arranged by people: everything can be put back, what a person wrote stays, and what is not ours is gone from all sights.

use crate::harness::{TestApp, TestDb, on_both, sample};
use axum::body::to_bytes;
use chrono::TimeDelta;
use referloop::crypto::mac::sha256;
use referloop::domain::arrangement::{InvalidArrangement, Misdirected, Rearrangement};
use referloop::domain::fields::FieldKey;
use referloop::domain::ids::{DocumentId, ReferralId, TransmissionId};
use referloop::domain::page::Rotation;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::{Referral, Status, StatusName};
use referloop::referrals::arrange::{ArrangeError, arrange};
use referloop::referrals::correct::correct_field;
use referloop::referrals::misdirected::told;
use referloop::referrals::{ActError, ActRequest, act, retention};
use referloop::store::{self, arrangements};
use referloop::vault::VaultError;
use referloop::web::api;
use std::process::Command;

/// One fax with two patients, a page each, read; and somebody who reviews.
struct Packet {
    test: TestApp,
    fax: TransmissionId,
    gwendolyn: ReferralId,
    silas: ReferralId,
    ana: Actor,
}

impl Packet {
    async fn new(test: TestApp) -> Self {
        let fax = test.fax_in("fax-1", sample("two-patients/fax.tif")).await;
        test.run_jobs().await;
        let referrals = test.referrals_of(&fax).await;
        let mut named = (None, None);
        for id in referrals {
            match test.value(&id, "patient.name").await {
                Some(name) if name == "Gwendolyn Ferris" => named.0 = Some(id),
                _ => named.1 = Some(id),
            }
        }
        let ana = test.person("ana", Role::Reviewer).await;
        Self {
            fax,
            gwendolyn: named.0.unwrap(),
            silas: named.1.unwrap(),
            ana,
            test,
        }
    }

    async fn does(&self, id: &ReferralId, change: Rearrangement) -> Result<Referral, ArrangeError> {
        let done = arrange(&self.test.app, &self.ana, id, None, &change).await;
        self.test.run_jobs().await;
        done
    }

    async fn document(&self, id: &ReferralId) -> DocumentId {
        self.test.referral(id).await.document
    }

    /// The pages of a referral in their order.
    async fn pages(&self, id: &ReferralId) -> Vec<u32> {
        let document = self.document(id).await;
        let mut tx = self.test.app.db.read().await.unwrap();
        let pages = arrangements::pages_of(&mut tx, &self.fax, &document).await.unwrap();
        pages.into_iter().map(|(page, _)| page.number).collect()
    }

    async fn name(&self, id: &ReferralId) -> Option<String> {
        let value = self.test.value(id, "patient.name").await?;
        value.as_str().map(str::to_owned)
    }

    /// What `pdftotext` finds, page by page.
    async fn text(&self, id: &ReferralId) -> Vec<String> {
        let answer = api::pages::pdf(&self.test.app, id).await.unwrap();
        let pdf = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("document.pdf");
        std::fs::write(&path, pdf).unwrap();
        let output = Command::new("pdftotext").arg(&path).arg("-").output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.split_terminator('\u{c}').map(str::to_owned).collect()
    }

    /// The SHA-256 of the original as it lies in the vault.
    async fn original(&self) -> String {
        let object = self.test.transmission(&self.fax).await.object;
        let mut tx = self.test.app.db.read().await.unwrap();
        let object = store::objects::find(&mut tx, &object).await.unwrap().unwrap();
        drop(tx);
        hex::encode(sha256(&self.test.app.vault.get(&object).await.unwrap()))
    }

    async fn corrects(&self, id: &ReferralId, key: &str, text: &str) {
        let key = FieldKey::new(key);
        correct_field(&self.test.app, &self.ana, id, None, &key, Some(text))
            .await
            .unwrap();
    }
}

on_both!(pages_are_merged_ordered_split_and_put_back, async |db: TestDb| {
    let packet = Packet::new(TestApp::new(db).await).await;
    let (first, second) = (packet.gwendolyn.clone(), packet.silas.clone());
    let original = packet.original().await;
    assert_eq!(original, packet.test.transmission(&packet.fax).await.sha256);
    assert!(packet.text(&first).await.concat().contains("Gwendolyn"));
    packet.corrects(&first, "patient.phone", "(971) 555-0199").await;

    // Merged: the other referral is closed, with a word where its pages went.
    let other = packet.document(&second).await;
    packet.does(&first, Rearrangement::Merge { other }).await.unwrap();
    assert_eq!(packet.pages(&first).await, [1, 2]);
    let merged = packet.test.referral(&second).await.status;
    assert!(
        matches!(&merged, Status::Rejected { reason } if reason == "merged"),
        "{merged:?}"
    );
    let mut tx = packet.test.app.db.read().await.unwrap();
    let history = store::events::of_referral(&mut tx, &second).await.unwrap();
    drop(tx);
    let note = history.last().and_then(|entry| entry.note.clone()).unwrap();
    assert!(note.contains(first.as_str()), "{note}");

    // In another order, one page turned: the PDF follows, and its words are found.
    packet.does(&first, Rearrangement::Earlier { page: 2 }).await.unwrap();
    let by = Rotation::Half;
    packet.does(&first, Rearrangement::Turn { page: 1, by }).await.unwrap();
    let text = packet.text(&first).await;
    assert_eq!(text.len(), 2);
    assert!(
        text[0].contains("Abernathy") && text[1].contains("Gwendolyn"),
        "{text:?}"
    );
    let again = packet.does(&first, Rearrangement::Earlier { page: 2 }).await;
    assert!(matches!(
        again,
        Err(ArrangeError::Invalid(InvalidArrangement::AtTheEnd))
    ));

    // Split: the second part is read anew, into a referral of its own that a person looks at.
    packet.does(&first, Rearrangement::Split { before: 1 }).await.unwrap();
    let all = packet.test.referrals_of(&packet.fax).await;
    assert_eq!(all.len(), 3);
    let fresh = all.into_iter().find(|id| *id != first && *id != second).unwrap();
    assert_eq!(packet.test.referral(&fresh).await.status.name(), StatusName::InReview);
    assert_eq!(packet.name(&fresh).await.as_deref(), Some("Gwendolyn Ferris"));
    assert_eq!(packet.name(&first).await.as_deref(), Some("Silas M Abernathy"));
    let phone = packet.test.value(&first, "patient.phone").await.unwrap();
    assert_eq!(phone, "+19715550199", "what a person wrote stays");

    // Back: pages and referrals stand as they were read, and the original is what it was.
    packet.does(&first, Rearrangement::Revert).await.unwrap();
    assert_eq!(
        (packet.pages(&first).await, packet.pages(&second).await),
        (vec![1], vec![2])
    );
    assert_eq!(packet.pages(&fresh).await, [0; 0]);
    assert_eq!(packet.name(&first).await.as_deref(), Some("Gwendolyn Ferris"));
    assert_eq!(packet.test.referral(&second).await.status.name(), StatusName::InReview);
    assert_eq!(packet.test.referral(&fresh).await.status.name(), StatusName::Rejected);
    assert_eq!(packet.original().await, original);
    let mut tx = packet.test.app.db.read().await.unwrap();
    let machine = arrangements::of_machine(&mut tx, &packet.fax).await.unwrap();
    let history = arrangements::history(&mut tx, &packet.fax).await.unwrap();
    drop(tx);
    assert_eq!(history.len(), 5, "every step is kept, with who did it");
    assert!(history.iter().all(|step| step.by == packet.ana.reference()));
    for document in machine.documents {
        assert_eq!(history[4].arrangement.pages_of(&document.id), document.pages);
    }
});

on_both!(
    only_before_release_and_of_the_version_that_was_seen,
    async |db: TestDb| {
        let packet = Packet::new(TestApp::new(db).await).await;
        let (app, id) = (&packet.test.app, &packet.gwendolyn);
        let by = Rotation::Quarter;
        let turn = Rearrangement::Turn { page: 1, by };
        let seen = packet.test.referral(id).await.version;
        // What is written into a field meanwhile is no conflict.
        packet.corrects(id, "patient.phone", "(971) 555-0199").await;
        let turned = arrange(app, &packet.ana, id, Some(0), &turn).await.unwrap();
        assert_eq!(turned.version, seen + 2);
        let stale = arrange(app, &packet.ana, id, Some(0), &turn).await;
        assert!(
            matches!(stale, Err(ArrangeError::Act(ActError::Stale { .. }))),
            "{stale:?}"
        );
        let auditor = packet.test.person("otto", Role::Auditor).await;
        let refused = arrange(app, &auditor, id, None, &turn).await;
        assert!(
            matches!(refused, Err(ArrangeError::Act(ActError::Denied(_)))),
            "{refused:?}"
        );
        let foreign = arrange(app, &packet.ana, id, None, &Rearrangement::Turn { page: 2, by }).await;
        assert!(
            matches!(foreign, Err(ArrangeError::Invalid(InvalidArrangement::NoSuchPage))),
            "{foreign:?}"
        );

        act(app, &packet.ana, &packet.silas, None, ActRequest::Release {})
            .await
            .unwrap();
        let gone = arrange(
            app,
            &packet.ana,
            &packet.silas,
            None,
            &Rearrangement::Turn { page: 2, by },
        )
        .await;
        assert!(matches!(gone, Err(ArrangeError::PastReview)), "{gone:?}");
        let other = packet.document(&packet.silas).await;
        let taken = arrange(app, &packet.ana, id, None, &Rearrangement::Merge { other }).await;
        assert!(matches!(taken, Err(ArrangeError::OtherPastReview)), "{taken:?}");
        assert_eq!(packet.pages(id).await, [1], "a refused change leaves nothing behind");
    }
);

on_both!(
    a_page_that_is_not_ours_is_out_of_sight_and_destroyed_in_time,
    async |db: TestDb| {
        let test = TestApp::with(db, |config| config.retention.misdirected_days = 30).await;
        let packet = Packet::new(test).await;
        let (test, first) = (&packet.test, &packet.gwendolyn);
        let other = packet.document(&packet.silas).await;
        packet.does(first, Rearrangement::Merge { other }).await.unwrap();
        let reason = Misdirected::OtherClinic;
        packet
            .does(first, Rearrangement::NotOurs { page: 2, reason })
            .await
            .unwrap();
        assert_eq!(packet.pages(first).await, [1]);
        assert!(!packet.text(first).await.concat().contains("Abernathy"));

        let mut tx = test.app.db.read().await.unwrap();
        let untold = store::misdirected::untold(&mut tx, 10).await.unwrap();
        let pages = store::pages::of_transmission(&mut tx, &packet.fax).await.unwrap();
        drop(tx);
        assert_eq!((untold.len(), untold[0].number, untold[0].reason), (1, 2, reason));
        told(&test.app, &packet.ana, &packet.fax, test.app.clock.now())
            .await
            .unwrap();
        let mut tx = test.app.db.read().await.unwrap();
        assert!(store::misdirected::untold(&mut tx, 10).await.unwrap().is_empty());
        drop(tx);

        let is_open = async |id: &referloop::domain::ids::ObjectId| {
            let mut tx = test.app.db.read().await.unwrap();
            let object = store::objects::find(&mut tx, id).await.unwrap().unwrap();
            drop(tx);
            match test.app.vault.get(&object).await {
                Ok(_) => true,
                Err(VaultError::Shredded { .. }) => false,
                Err(error) => panic!("{error}"),
            }
        };
        retention::expire(test.app.clone()).await.unwrap();
        assert!(is_open(&pages[1].image).await, "not before its time");
        test.app.clock.advance(TimeDelta::days(31));
        retention::expire(test.app.clone()).await.unwrap();
        assert!(!is_open(&pages[1].image).await && !is_open(&pages[1].words).await);
        assert!(is_open(&pages[0].image).await, "what is ours stays");
        assert!(is_open(&test.transmission(&packet.fax).await.object).await);
        let back = packet.does(first, Rearrangement::Ours { page: 2 }).await;
        assert!(
            matches!(back, Err(ArrangeError::Invalid(InvalidArrangement::Destroyed))),
            "{back:?}"
        );

        // The rest can be arranged and read on, though one page is gone.
        packet.does(first, Rearrangement::Revert).await.unwrap();
        assert_eq!(
            (packet.pages(first).await, packet.pages(&packet.silas).await),
            (vec![1], vec![])
        );
        assert_eq!(packet.name(first).await.as_deref(), Some("Gwendolyn Ferris"));

        // Nothing of it is ours: then the original goes, too, once nobody works on it.
        packet
            .does(first, Rearrangement::NotOurs { page: 1, reason })
            .await
            .unwrap();
        let mut tx = test.app.db.read().await.unwrap();
        let waiting = arrangements::to_extract(&mut tx, &packet.fax).await.unwrap();
        assert_eq!(waiting, [], "a document without pages has been read");
        drop(tx);
        for id in [first, &packet.silas] {
            let reject: ActRequest = serde_json::from_str(r#"{"action":"reject","reason":"not_for_us"}"#).unwrap();
            act(&test.app, &packet.ana, id, None, reject).await.unwrap();
        }
        test.app.clock.advance(TimeDelta::days(31));
        retention::expire(test.app.clone()).await.unwrap();
        assert!(!is_open(&test.transmission(&packet.fax).await.object).await);
    }
);
