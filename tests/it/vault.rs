//! The installation's keys: made once, whoever comes first, and opened by nothing but the key file they were made with.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, Utc};
use referloop::crypto::Place;
use referloop::vault::keys::{KeyError, KeyPlaces, KeysAt};
use referloop::vault::tenant::{self, TenantError};

const PLACE: Place<'static> = Place {
    table: "note",
    row: "nte_1",
    column: "text_sealed",
};

fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

on_both!(the_second_start_opens_what_the_first_sealed, async |db: TestDb| {
    let folder = tempfile::tempdir().unwrap();
    let at = KeyPlaces::from(KeysAt::Local(folder.path().join("master.key")));
    let (first, _) = tenant::open(&db, &at, noon()).await.unwrap();
    let (second, _) = tenant::open(&db.reopen().await, &at, noon()).await.unwrap();
    assert_eq!(first.tenant, second.tenant);
    assert_eq!(second.field.open(PLACE, &first.field.seal(PLACE, b"x")).unwrap(), b"x");
    assert_eq!(first.blind.index("npi", "1"), second.blind.index("npi", "1"));
    assert!(second.audit.verify(b"row", &first.audit.mac(b"row")));
});

on_both!(processes_that_start_at_once_agree, async |db: TestDb| {
    let folder = tempfile::tempdir().unwrap();
    let at = KeyPlaces::from(KeysAt::Local(folder.path().join("master.key")));
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (db, at) = (db.reopen().await, at.clone());
        starts.spawn(async move { tenant::open(&db, &at, noon()).await.unwrap().0 });
    }
    let all = starts.join_all().await;
    for keys in &all {
        assert_eq!(keys.tenant, all[0].tenant);
        assert_eq!(keys.field.open(PLACE, &all[0].field.seal(PLACE, b"x")).unwrap(), b"x");
    }
});

on_both!(
    a_lost_or_foreign_key_file_is_told_and_never_replaced,
    async |db: TestDb| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let at = KeyPlaces::from(KeysAt::Local(path.clone()));
        tenant::open(&db, &at, noon()).await.unwrap();
        let kept = std::fs::read(&path).unwrap();

        std::fs::remove_file(&path).unwrap();
        let missing = tenant::open(&db, &at, noon()).await.unwrap_err();
        assert!(
            matches!(missing, TenantError::Key(KeyError::Missing { .. })),
            "{missing}"
        );
        assert!(!path.exists(), "no fresh file in its place");

        referloop::vault::keys::LocalKeys::create(&path).unwrap();
        let foreign = tenant::open(&db, &at, noon()).await.unwrap_err();
        assert!(
            matches!(foreign, TenantError::Key(KeyError::Unknown { .. })),
            "{foreign}"
        );

        std::fs::write(&path, kept).unwrap();
        tenant::open(&db, &at, noon()).await.unwrap();
    }
);
