use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta};
use referloop::domain::contact::{ContactKind, ContactSource};
use referloop::domain::ids::DirectoryId;
use referloop::store::directory::{self, Entry};
use referloop::store::partners::{self, PartnerCertificate};

fn entry(seconds: i64, name: &str) -> Entry {
    let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
    Entry {
        id: DirectoryId::new(now),
        name: Some(name.into()),
        organization: None,
        npi: Some("1234567893".into()),
        phone: None,
        fax: Some("+14125550123".into()),
        station_id: None,
        direct_address: Some("jane@direct.example.org".into()),
        specialty: None,
        version: 1,
        merged_into: None,
        created_at: now,
        updated_at: now,
    }
}

on_both!(entries_are_found_by_what_a_referral_shows, async |db: TestDb| {
    let jane = entry(1, "Jane Example");
    let other = Entry {
        npi: None,
        fax: None,
        direct_address: None,
        ..entry(2, "Omar Example")
    };
    let mut tx = db.begin().await.unwrap();
    directory::insert(&mut tx, &jane, ContactSource::Import).await.unwrap();
    directory::insert(&mut tx, &other, ContactSource::Import).await.unwrap();
    assert_eq!(directory::find(&mut tx, &jane.id).await.unwrap().as_ref(), Some(&jane));
    assert_eq!(
        directory::find_by_npi(&mut tx, "1234567893").await.unwrap(),
        vec![jane.clone()]
    );
    assert_eq!(
        directory::find_by_contact(&mut tx, ContactKind::Fax, "+14125550123")
            .await
            .unwrap(),
        vec![jane.clone()]
    );
    let found = directory::find_by_contact(&mut tx, ContactKind::Direct, "jane@direct.example.org")
        .await
        .unwrap();
    assert_eq!(found, vec![jane.clone()]);
    let mut moved = Entry {
        fax: Some("+14125550199".into()),
        ..jane.clone()
    };
    directory::replace(&mut tx, &jane, &mut moved, ContactSource::Import)
        .await
        .unwrap();
    assert_eq!(moved.version, 2);
    assert_eq!(directory::find(&mut tx, &jane.id).await.unwrap(), Some(moved.clone()));
    for (number, expect) in [("+14125550123", vec![]), ("+14125550199", vec![moved])] {
        assert_eq!(
            directory::find_by_contact(&mut tx, ContactKind::Fax, number)
                .await
                .unwrap(),
            expect
        );
    }
});

on_both!(a_list_goes_on_after_its_cursor, async |db: TestDb| {
    let entries: Vec<Entry> = (1..=3).map(|second| entry(second, "Jane Example")).collect();
    let mut tx = db.begin().await.unwrap();
    for entry in &entries {
        directory::insert(&mut tx, entry, ContactSource::Import).await.unwrap();
    }
    assert_eq!(directory::list(&mut tx, None, 2).await.unwrap(), entries[..2]);
    assert_eq!(
        directory::list(&mut tx, Some(&entries[1].id), 2).await.unwrap(),
        entries[2..]
    );
});

on_both!(
    a_certificate_is_filed_once_and_the_longest_lasting_comes_first,
    async |db: TestDb| {
        let certificate = |fingerprint: &str, days| PartnerCertificate {
            fingerprint: fingerprint.into(),
            bound_to: "direct.example.org".into(),
            der: vec![0x30, 0x82],
            not_after: DateTime::UNIX_EPOCH + TimeDelta::days(days),
            created_at: DateTime::UNIX_EPOCH,
        };
        let (old, new) = (certificate("aa", 1), certificate("bb", 2));
        let mut tx = db.begin().await.unwrap();
        assert!(partners::insert(&mut tx, &old).await.unwrap());
        assert!(partners::insert(&mut tx, &new).await.unwrap());
        assert!(!partners::insert(&mut tx, &old).await.unwrap());
        assert_eq!(
            partners::find_by_binding(&mut tx, "direct.example.org").await.unwrap(),
            [new, old]
        );
        assert!(
            partners::find_by_binding(&mut tx, "example.org")
                .await
                .unwrap()
                .is_empty()
        );
    }
);
