//! The audit log tells who did what, and notices when a row was changed behind its back.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, Utc};
use referloop::domain::people::Actor;
use referloop::store::audit::{self, Entry, Outcome, Verification};
use referloop::store::audit_chain::{self, Checkpoint, Fault};
use referloop::store::sql;

fn now() -> DateTime<Utc> {
    "2026-03-02T12:00:00.123Z".parse().unwrap()
}

async fn write(db: &TestDb, resource: &str) {
    let entry = Entry {
        actor: &Actor::Operator,
        action: "open_door",
        resource_kind: "door",
        resource_id: resource,
        outcome: Outcome::Allowed,
        // PostgreSQL's own JSON type would write this otherwise: sorted, spaced, the number rounded.
        detail: serde_json::json!({"z": 1.50, "a": "ünïcode", "empty": {}}),
    };
    let mut tx = db.begin().await.unwrap();
    audit::insert(&mut tx, &entry, now()).await.unwrap();
    tx.commit().await.unwrap();
}

on_both!(rows_come_back_as_they_were_written, async |db: TestDb| {
    write(&db, "dor_1").await;
    write(&db, "dor_2").await;
    let mut tx = db.read().await.unwrap();
    let rows = audit::of_resource(&mut tx, "door", "dor_1").await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].is_genuine(&tx));
    assert_eq!(
        (rows[0].actor.as_str(), rows[0].action.as_str(), rows[0].at),
        ("operator", "open_door", now())
    );
    let newest = audit::latest(&mut tx, None, 1).await.unwrap().remove(0);
    let older = audit::latest(&mut tx, Some(&newest.id), 10).await.unwrap();
    assert_eq!(older.len(), 1);
    assert_ne!(older[0].id, newest.id);
});

on_both!(
    every_changed_column_and_every_invented_row_is_found,
    async |db: TestDb| {
        for number in 0..10 {
            write(&db, &format!("dor_{number}")).await;
        }
        let mut tx = db.read().await.unwrap();
        assert_eq!(
            audit::verify(&mut tx).await.unwrap(),
            Verification {
                rows: 10,
                wrong: vec![]
            }
        );
        drop(tx);
        for change in [
        "update audit set actor = 'usr_other' where resource_id = 'dor_3'",
        "update audit set action = 'close_door' where resource_id = 'dor_3'",
        "update audit set resource_id = 'dor_x' where resource_id = 'dor_3'",
        "update audit set resource_kind = 'referral' where resource_id = 'dor_3'",
        "update audit set outcome = 'denied' where resource_id = 'dor_3'",
        "update audit set detail = '{}' where resource_id = 'dor_3'",
        "update audit set at = '2026-03-02T12:00:01+00:00' where resource_id = 'dor_3'",
        "update audit set id = 'aud_01J0000000000000000000000X' where resource_id = 'dor_3'",
        "update audit set mac = (select mac from audit where resource_id = 'dor_4') where resource_id = 'dor_3'",
        "insert into audit select 'aud_01J0000000000000000000000Y', at, actor, action, resource_kind, resource_id, outcome, detail, mac
         from audit where resource_id = 'dor_3'",
    ] {
        let mut tx = db.begin().await.unwrap();
        assert_eq!(sql(change).execute(&mut tx).await.unwrap(), 1);
        let found = audit::verify(&mut tx).await.unwrap();
        assert_eq!(found.wrong.len(), 1, "{change}");
    }
    }
);

/// Ten rows, linked, and a checkpoint of the end.
async fn chained(db: &TestDb) -> Checkpoint {
    for number in 0..10 {
        write(db, &format!("dor_{number}")).await;
    }
    let mut tx = db.begin().await.unwrap();
    assert_eq!(audit_chain::link(&mut tx).await.unwrap(), 10);
    assert_eq!(audit_chain::link(&mut tx).await.unwrap(), 0);
    let head = audit_chain::head(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    Checkpoint {
        seq: head.seq,
        hash: head.hash,
    }
}

on_both!(the_chain_finds_every_kind_of_tampering, async |db: TestDb| {
    let checkpoint = chained(&db).await;
    assert_eq!(checkpoint.seq, 10);
    let mut tx = db.read().await.unwrap();
    let known = [checkpoint.clone()];
    assert_eq!(audit_chain::verify(&mut tx, &known, now()).await.unwrap(), []);
    drop(tx);
    let id = |seq| format!("(select audit_id from audit_chain where seq = {seq})");
    let cases = [
        ("edited", vec![format!("update audit set actor = 'usr_other' where id = {}", id(4))], "broken"),
        ("deleted", vec![format!("delete from audit where id = {}", id(4))], "row_missing"),
        (
            "deleted with its link",
            vec![format!("delete from audit where id = {}", id(4)), "delete from audit_chain where seq = 4".to_owned()],
            "gap",
        ),
        (
            "put in",
            vec![
                "insert into audit select 'aud_01J0000000000000000000000Y', at, actor, action, resource_kind, resource_id, outcome, \
                 detail, mac from audit where resource_id = 'dor_3'"
                    .to_owned(),
            ],
            "unlinked",
        ),
        (
            "swapped",
            vec![
                "update audit_chain set seq = -1 where seq = 4".to_owned(),
                "update audit_chain set seq = 4 where seq = 5".to_owned(),
                "update audit_chain set seq = 5 where seq = -1".to_owned(),
            ],
            "broken",
        ),
        (
            "cut off",
            vec![
                "delete from audit where id in (select audit_id from audit_chain where seq > 8)".to_owned(),
                "delete from audit_chain where seq > 8".to_owned(),
            ],
            "cut",
        ),
        (
            "linked anew",
            vec![
                "delete from audit_chain where seq = 10".to_owned(),
                "update audit_chain set seq = 10, hash = (select hash from audit_chain where seq = 3) where seq = 9".to_owned(),
            ],
            "gap",
        ),
    ];
    for (what, changes, expect) in cases {
        let mut tx = db.begin().await.unwrap();
        for change in changes {
            let change: &'static str = Box::leak(change.into_boxed_str());
            assert!(sql(change).execute(&mut tx).await.unwrap() > 0, "{what}");
        }
        let faults = audit_chain::verify(&mut tx, &known, now()).await.unwrap();
        let first = serde_json::to_value(faults.first()).unwrap();
        assert_eq!(first["fault"], expect, "{what}: {faults:?}");
    }
});

on_both!(an_old_backup_is_found_by_a_checkpoint_of_later, async |db: TestDb| {
    let before = chained(&db).await;
    write(&db, "dor_later").await;
    let mut tx = db.begin().await.unwrap();
    audit_chain::link(&mut tx).await.unwrap();
    let later = audit_chain::head(&mut tx).await.unwrap();
    // Never committed: what is left is the state of before.
    drop(tx);
    let mut tx = db.read().await.unwrap();
    let later = Checkpoint {
        seq: later.seq,
        hash: later.hash,
    };
    let faults = audit_chain::verify(&mut tx, &[before.clone(), later.clone()], now())
        .await
        .unwrap();
    assert_eq!(faults, [Fault::Cut { seq: 11 }]);
    let other = Checkpoint {
        seq: before.seq,
        hash: later.hash,
    };
    let faults = audit_chain::verify(&mut tx, &[other], now()).await.unwrap();
    assert_eq!(faults, [Fault::Rewritten { seq: 10 }]);
});

on_both!(a_row_may_wait_a_minute_for_its_link, async |db: TestDb| {
    write(&db, "dor_1").await;
    let mut tx = db.read().await.unwrap();
    let after = |seconds| now() + chrono::TimeDelta::seconds(seconds);
    assert_eq!(audit_chain::verify(&mut tx, &[], after(59)).await.unwrap(), []);
    let faults = audit_chain::verify(&mut tx, &[], after(61)).await.unwrap();
    assert!(matches!(faults[..], [Fault::Unlinked { .. }]));
});
