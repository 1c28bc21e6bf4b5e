//! Whom we trust in Direct, what was fetched to judge by, and our own certificates.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta};
use referloop::domain::ids::{BundleId, DirectKeyId};
use referloop::store::anchors::{self, BY_PERSON, StoredAnchor, StoredBundle};
use referloop::store::fetched::{self, FetchedKind};
use referloop::store::found::{self, FoundCertificate};
use referloop::store::identities::{self, StoredIdentity, WaitingKey};
use zeroize::Zeroizing;

fn anchor(fingerprint: &str, direction: &str, source: &str) -> StoredAnchor {
    StoredAnchor {
        holds_for: "direct.clinic.example".to_owned(),
        direction: direction.to_owned(),
        fingerprint: fingerprint.to_owned(),
        source: source.to_owned(),
        certificate: fingerprint.as_bytes().to_vec(),
        not_after: DateTime::UNIX_EPOCH + TimeDelta::days(30),
        added_by: "operator".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
    }
}

on_both!(
    an_anchor_stays_until_everybody_who_added_it_is_gone,
    async |db: TestDb| {
        let now = DateTime::UNIX_EPOCH;
        let bundle = StoredBundle {
            id: BundleId::new(now),
            source: "https://community.example/anchors.p7m".to_owned(),
            holds_for: "direct.clinic.example".to_owned(),
            direction: "both".to_owned(),
            signed_by: None,
            metadata: Some("<TrustBundle/>".to_owned()),
            added_by: "operator".to_owned(),
            created_at: now,
            tried_at: now,
            refreshed_at: now,
            last_error: None,
        };
        let mut tx = db.begin().await.unwrap();
        assert!(anchors::insert_bundle(&mut tx, &bundle).await.unwrap());
        assert!(!anchors::insert_bundle(&mut tx, &bundle).await.unwrap());
        let (by_hand, with_bundle) = (
            anchor("aa", "incoming", BY_PERSON),
            anchor("aa", "incoming", bundle.id.as_str()),
        );
        assert!(anchors::insert(&mut tx, &by_hand).await.unwrap());
        assert!(!anchors::insert(&mut tx, &by_hand).await.unwrap());
        assert!(anchors::insert(&mut tx, &with_bundle).await.unwrap());
        assert!(
            anchors::insert(&mut tx, &anchor("bb", "outgoing", bundle.id.as_str()))
                .await
                .unwrap()
        );
        assert_eq!(anchors::list(&mut tx).await.unwrap().len(), 3);
        let places = anchors::places(&mut tx).await.unwrap();
        let places: Vec<_> = places
            .iter()
            .map(|place| (place.fingerprint.as_str(), place.direction.as_str()))
            .collect();
        assert_eq!(places, [("aa", "incoming"), ("bb", "outgoing")]);
        assert_eq!(anchors::certificate(&mut tx, "bb").await.unwrap(), Some(b"bb".to_vec()));

        let failed = StoredBundle {
            tried_at: now + TimeDelta::hours(1),
            last_error: Some("unreachable".to_owned()),
            ..bundle.clone()
        };
        anchors::save_bundle(&mut tx, &failed).await.unwrap();
        assert_eq!(
            anchors::find_bundle(&mut tx, &bundle.id).await.unwrap(),
            Some(failed.clone())
        );
        assert_eq!(anchors::bundles(&mut tx).await.unwrap(), [failed]);
        assert_eq!(anchors::remove_bundle(&mut tx, &bundle.id).await.unwrap(), 2);
        assert_eq!(anchors::list(&mut tx).await.unwrap(), [by_hand]);
        assert!(anchors::of_bundle(&mut tx, &bundle.id).await.unwrap().is_empty());
        let remove = async |tx: &mut _| anchors::remove(tx, "direct.clinic.example", "incoming", "aa", BY_PERSON).await;
        assert!(remove(&mut tx).await.unwrap());
        assert!(!remove(&mut tx).await.unwrap());
        tx.commit().await.unwrap();
    }
);

on_both!(a_list_that_can_not_be_fetched_again_stays, async |db: TestDb| {
    let (now, url) = (DateTime::UNIX_EPOCH, "http://pki.example/a.crl");
    let mut tx = db.begin().await.unwrap();
    assert_eq!(fetched::tried_at(&mut tx, url).await.unwrap(), None);
    fetched::keep_failure(&mut tx, url, FetchedKind::Crl, "unreachable", now)
        .await
        .unwrap();
    assert_eq!(fetched::content(&mut tx, url).await.unwrap(), None);
    let later = now + TimeDelta::hours(1);
    let next = Some(later + TimeDelta::days(7));
    fetched::keep(&mut tx, url, FetchedKind::Crl, b"list".to_vec(), next, later)
        .await
        .unwrap();
    let last = later + TimeDelta::hours(1);
    fetched::keep_failure(&mut tx, url, FetchedKind::Crl, "refused", last)
        .await
        .unwrap();
    assert_eq!(fetched::content(&mut tx, url).await.unwrap(), Some(b"list".to_vec()));
    let kept = fetched::list(&mut tx, FetchedKind::Crl).await.unwrap().remove(0);
    assert_eq!(
        (kept.fetched_at, kept.tried_at, kept.next_at),
        (Some(later), last, next)
    );
    assert_eq!(kept.last_error.as_deref(), Some("refused"));
    assert!(fetched::list(&mut tx, FetchedKind::Issuer).await.unwrap().is_empty());
    fetched::keep_failure(&mut tx, "http://x.example/", FetchedKind::Issuer, "nonsense", now)
        .await
        .unwrap();
    assert_eq!(
        fetched::forget_failures(&mut tx, last + TimeDelta::hours(1))
            .await
            .unwrap(),
        1
    );
    assert_eq!(fetched::tried_at(&mut tx, url).await.unwrap(), Some(last));
});

on_both!(the_last_search_counts, async |db: TestDb| {
    let found = |fingerprint: &str| FoundCertificate {
        address: "dr@direct.partner.example".to_owned(),
        fingerprint: fingerprint.to_owned(),
        certificate: b"der".to_vec(),
        step: "dns_domain".to_owned(),
        place: "direct.partner.example".to_owned(),
        not_after: DateTime::UNIX_EPOCH,
        found_at: DateTime::UNIX_EPOCH,
    };
    let mut tx = db.begin().await.unwrap();
    for fingerprint in ["aa", "bb"] {
        found::keep(&mut tx, &found(fingerprint)).await.unwrap();
    }
    let kept = found::of_address(&mut tx, "dr@direct.partner.example").await.unwrap();
    assert_eq!(kept, [found("bb")]);
    assert_eq!(found::list(&mut tx, 5).await.unwrap(), kept);
    assert!(
        found::of_address(&mut tx, "x@direct.partner.example")
            .await
            .unwrap()
            .is_empty()
    );
});

on_both!(a_name_may_have_several_certificates, async |db: TestDb| {
    let now = DateTime::UNIX_EPOCH;
    let identity = |id: &str, days: i64| StoredIdentity {
        id: id.to_owned(),
        bound_to: "direct.clinic.example".to_owned(),
        certificate: b"certificate".to_vec(),
        private_key: Zeroizing::new(id.as_bytes().to_vec()),
        not_after: now + TimeDelta::days(30),
        created_at: now + TimeDelta::days(days),
    };
    let mut tx = db.begin().await.unwrap();
    // As earlier versions named it, and as it is named now.
    assert!(
        identities::insert(&mut tx, &identity("direct.clinic.example", 0))
            .await
            .unwrap()
    );
    assert!(
        !identities::insert(&mut tx, &identity("direct.clinic.example", 3))
            .await
            .unwrap()
    );
    assert!(identities::insert(&mut tx, &identity("aa", 1)).await.unwrap());
    let all = identities::of_name(&mut tx, "direct.clinic.example").await.unwrap();
    let keys: Vec<&[u8]> = all.iter().map(|one| one.private_key.as_slice()).collect();
    assert_eq!(keys, [b"aa".as_slice(), b"direct.clinic.example"]);
    assert_eq!(
        identities::find(&mut tx, "direct.clinic.example")
            .await
            .unwrap()
            .unwrap()
            .id,
        "aa"
    );
    assert_eq!(identities::list(&mut tx).await.unwrap().len(), 2);

    let key = WaitingKey {
        id: DirectKeyId::new(now),
        bound_to: "direct.clinic.example".to_owned(),
        private_key: Zeroizing::new(b"key".to_vec()),
        created_at: now,
    };
    identities::keep_key(&mut tx, &key).await.unwrap();
    let waiting = identities::waiting_keys(&mut tx).await.unwrap();
    assert_eq!(waiting[0].private_key.as_slice(), b"key");
    identities::forget_key(&mut tx, &key.id).await.unwrap();
    assert!(identities::waiting_keys(&mut tx).await.unwrap().is_empty());
    tx.commit().await.unwrap();
});
