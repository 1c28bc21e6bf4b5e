//! The audit log tells who did what, and notices when a row was changed behind its back.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, Utc};
use referloop::domain::people::Actor;
use referloop::store::audit::{self, Entry, Outcome, Verification};
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
