//! The layer below all aggregates: transactions, group commit, what binds and what comes back.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::domain::document::PageKind;
use referloop::domain::ids::{TenantId, UserId};
use referloop::store::db::Kind;
use referloop::store::{Error, Result, Tx, sql};

fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00.250Z".parse().unwrap()
}

async fn insert_tenant(tx: &mut Tx, id: &str) -> Result<u64> {
    sql("insert into tenant (id, created_at) values ($1, $2)")
        .bind(id)
        .bind(noon())
        .execute(tx)
        .await
}

async fn tenants(db: &TestDb) -> i64 {
    let mut tx = db.read().await.unwrap();
    sql("select count(*) from tenant").fetch_scalar(&mut tx).await.unwrap()
}

on_both!(a_committed_transaction_is_seen_by_readers, async |db: TestDb| {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(insert_tenant(&mut tx, "a").await.unwrap(), 1);
    assert_eq!(tenants(&db).await, 0);
    tx.commit().await.unwrap();
    assert_eq!(tenants(&db).await, 1);
});

on_both!(a_dropped_transaction_never_happened, async |db: TestDb| {
    let mut tx = db.begin().await.unwrap();
    insert_tenant(&mut tx, "dropped").await.unwrap();
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    insert_tenant(&mut tx, "kept").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tenants(&db).await, 1);
});

on_both!(values_come_back_as_they_were_bound, async |db: TestDb| {
    #[derive(sqlx::FromRow)]
    struct Returned {
        id: UserId,
        kind: PageKind,
        at: DateTime<Utc>,
        none: Option<DateTime<Utc>>,
        yes: bool,
        bytes: Vec<u8>,
        number: i64,
        share: f64,
    }
    let id = UserId::new(noon());
    let mut tx = db.begin().await.unwrap();
    // A table, since an expression has no declared type on SQLite.
    sql("insert into user_account (id, name, password_hash, created_at, locked_until) values ($1, $2, $3, $4, $5)")
        .bind(&id)
        .bind("anna")
        .bind(PageKind::ClinicalNote)
        .bind(noon() + TimeDelta::milliseconds(1))
        .bind(None::<DateTime<Utc>>)
        .execute(&mut tx)
        .await
        .unwrap();
    let row: Returned = sql(
        "select id, password_hash as kind, created_at as at, locked_until as none, cast(1 as boolean) as yes, $1 as bytes,
                failed_logins + 41 as number, cast(0.5 as double precision) as share
         from user_account where created_at > $2 and locked_until is null",
    )
    .bind(vec![0_u8, 255])
    .bind(noon())
    .fetch_one(&mut tx)
    .await
    .unwrap();
    assert_eq!(row.id, id);
    assert_eq!(row.kind, PageKind::ClinicalNote);
    assert_eq!(row.at, noon() + TimeDelta::milliseconds(1));
    assert_eq!(
        (row.none, row.yes, row.bytes, row.number),
        (None, true, vec![0, 255], 41)
    );
    assert!((row.share - 0.5).abs() < f64::EPSILON);
});

on_both!(
    a_unique_violation_names_its_constraint_and_spends_the_transaction,
    async |db: TestDb| {
        let mut tx = db.begin().await.unwrap();
        insert_tenant(&mut tx, "same").await.unwrap();
        let error = insert_tenant(&mut tx, "same").await.unwrap_err();
        assert!(error.is_violation_of("tenant_pkey"), "{error:?}");
        assert!(matches!(
            insert_tenant(&mut tx, "other").await,
            Err(Error::TransactionFailed)
        ));
        assert!(matches!(tx.commit().await, Err(Error::TransactionFailed)));
        assert_eq!(tenants(&db).await, 0);
    }
);

on_both!(a_reading_transaction_writes_nothing, async |db: TestDb| {
    let mut tx = db.read().await.unwrap();
    assert!(insert_tenant(&mut tx, "a").await.is_err());
});

on_both!(a_missing_row_does_not_spend_the_transaction, async |db: TestDb| {
    let mut tx = db.begin().await.unwrap();
    let missing = sql("select created_at from tenant")
        .fetch_optional_scalar::<DateTime<Utc>>(&mut tx)
        .await
        .unwrap();
    assert_eq!(missing, None);
    assert!(
        sql("select id from tenant")
            .fetch_scalar::<TenantId>(&mut tx)
            .await
            .is_err()
    );
    insert_tenant(&mut tx, "a").await.unwrap();
    tx.commit().await.unwrap();
});

on_both!(
    of_many_writers_none_is_lost_and_none_of_the_dropped_stays,
    async |db: TestDb| {
        let writers = (0..40).map(|writer| {
            let handle = (*db).clone();
            tokio::spawn(async move {
                let mut kept = 0;
                for turn in 0..10 {
                    let mut tx = handle.begin().await.unwrap();
                    insert_tenant(&mut tx, &format!("{writer}-{turn}")).await.unwrap();
                    match (writer + turn) % 5 {
                        0 => drop(tx),
                        1 => assert!(insert_tenant(&mut tx, &format!("{writer}-{turn}")).await.is_err()),
                        _ => {
                            tx.commit().await.unwrap();
                            kept += 1;
                        }
                    }
                }
                kept
            })
        });
        let mut kept = 0;
        for writer in writers.collect::<Vec<_>>() {
            kept += writer.await.unwrap();
        }
        assert_eq!(tenants(&db).await, kept);
    }
);

on_both!(
    transactions_cancelled_at_any_point_leave_the_writer_usable,
    async |db: TestDb| {
        let mut acknowledged = 0;
        for microseconds in 0..120 {
            let work = async {
                let mut tx = db.begin().await.unwrap();
                insert_tenant(&mut tx, &format!("cancelled-{microseconds}"))
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            };
            let limit = std::time::Duration::from_micros(microseconds * 20);
            acknowledged += i64::from(tokio::time::timeout(limit, work).await.is_ok());
        }
        let mut tx = db.begin().await.unwrap();
        insert_tenant(&mut tx, "last").await.unwrap();
        tx.commit().await.unwrap();
        // One that was cancelled while it waited for the commit may be there; one that was acknowledged must be.
        assert!(tenants(&db).await > acknowledged);
    }
);

on_both!(another_process_sees_what_was_committed, async |db: TestDb| {
    let other = db.reopen().await;
    other.check().await.unwrap();
    let mut tx = other.begin().await.unwrap();
    insert_tenant(&mut tx, "a").await.unwrap();
    tx.commit().await.unwrap();
    other.close().await;
    assert_eq!(tenants(&db).await, 1);
});

/// SQLite may roll back a whole group when the disk is full: whoever was told of success must be there, nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_fails_loudly_and_the_writer_goes_on_once_there_is_room() {
    const BLOB: usize = 20_000;
    let db = TestDb::new(Kind::Sqlite).await;
    let mut tx = db.begin().await.unwrap();
    let pages: i64 = sql("pragma page_count").fetch_scalar(&mut tx).await.unwrap();
    let limit = Box::leak(format!("pragma max_page_count = {}", pages + 60).into_boxed_str());
    sql(limit).fetch_scalar::<i64>(&mut tx).await.unwrap();
    tx.commit().await.unwrap();

    let writers = (0..40).map(|writer| {
        let handle = (*db).clone();
        tokio::spawn(async move {
            let mut tx = handle.begin().await?;
            let size = if writer % 3 == 0 { BLOB } else { 10 };
            insert_tenant(&mut tx, &format!("{writer}-{}", "x".repeat(size))).await?;
            tx.commit().await
        })
    });
    let mut acknowledged = 0;
    for writer in writers.collect::<Vec<_>>() {
        acknowledged += i64::from(writer.await.unwrap().is_ok());
    }
    // None, where all happened to share the group that did not fit.
    assert!(acknowledged < 40, "all found room");
    assert_eq!(tenants(&db).await, acknowledged);

    let mut tx = db.begin().await.unwrap();
    sql("pragma max_page_count = 100000")
        .fetch_scalar::<i64>(&mut tx)
        .await
        .unwrap();
    insert_tenant(&mut tx, "there is room again").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tenants(&db).await, acknowledged + 1);
}

#[tokio::test]
async fn every_sqlite_connection_syncs_fully() {
    let db = TestDb::new(Kind::Sqlite).await;
    // All at once, so that each reader has a connection of its own.
    let mut held = vec![db.begin().await.unwrap()];
    for _ in 0..4 {
        held.push(db.read().await.unwrap());
    }
    for mut tx in held {
        let synchronous: i64 = sql("pragma synchronous").fetch_scalar(&mut tx).await.unwrap();
        let journal: String = sql("pragma journal_mode").fetch_scalar(&mut tx).await.unwrap();
        assert_eq!((synchronous, journal.as_str()), (2, "wal"));
    }
}
