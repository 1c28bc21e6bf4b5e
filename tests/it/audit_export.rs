//! The audit log as FHIR AuditEvents: by API and by command. That each has IHE's form is tested where it is made.

use crate::harness::house::House;
use crate::harness::{TestDb, on_both};
use chrono::TimeDelta;
use referloop::auth::bearer;
use referloop::domain::people::Scope;
use referloop::store;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;

on_both!(whoever_takes_the_log_away_leaves_a_row_in_it, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    house.app.clock.advance(TimeDelta::minutes(1));
    for number in 0..5 {
        house.fax(&door, &format!("{number}"), b"%PDF-1.4\n%%EOF\n").await;
    }
    let since = house.app.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    house.app.clock.advance(TimeDelta::minutes(1));
    let mut events: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = house
            .get(&format!("/api/v1/audit-events?since={since}&limit=2{cursor}"))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let page = answer.json();
        events.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let received: BTreeSet<&str> = events
        .iter()
        .filter(|event| event["action"] == "C")
        .map(|event| event["entity"][0]["what"]["identifier"]["value"].as_str().unwrap())
        .collect();
    assert_eq!((events.len(), received.len()), (5, 5), "{events:?}");
    let agent = &events[0]["agent"][0];
    assert_eq!(agent["who"]["identifier"]["value"], "door:front");
    let mut tx = house.app.db.read().await.unwrap();
    let rows = store::audit::of_resource(&mut tx, "audit", "log").await.unwrap();
    assert_eq!((rows.len(), rows[0].action.as_str()), (3, "export_audit"));
    drop(tx);

    // A day later they stand in it themselves.
    house.app.clock.advance(TimeDelta::days(1));
    let answer = house
        .get(&format!("/api/v1/audit-events?since={since}&limit=200"))
        .await;
    let all = answer.json()["items"].as_array().unwrap().clone();
    let exports = all.iter().filter(|event| event["type"]["code"] == "110106").count();
    assert_eq!(exports, 3);

    let now = house.app.clock.now();
    let (_, reader) = bearer::create(&house.app.db, "reader", Scope::Read, None, now)
        .await
        .unwrap();
    let bearer = format!("Bearer {reader}");
    let refused = house
        .send("GET", "/api/v1/audit-events", &[("authorization", &bearer)], Vec::new())
        .await;
    assert_eq!(refused.status, 403);
    let nonsense = house.get("/api/v1/audit-events?since=yesterday").await;
    assert_eq!((nonsense.status, &nonsense.json()["status"]), (400, &json!(400)));
});

#[test]
fn audit_export_prints_one_event_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_referloop"))
            .args(words)
            .env("REFERLOOP_DATA", folder.path().join("data"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["door", "add", "front"]);
    run(&["token", "add", "--scope", "read"]);
    let first = run(&["audit", "export"]);
    let events: Vec<Value> = first.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 2, "{first}");
    assert!(events.iter().all(|event| event["resourceType"] == "AuditEvent"));
    assert_eq!(events[0]["agent"][2]["who"]["identifier"]["value"], "operator");
    assert_eq!(run(&["audit", "export", "--since", "2026-01-01"]).lines().count(), 3);
    assert_eq!(run(&["audit", "export", "--until", "2026-01-01"]), "");
    // For a look by hand with a validator.
    if let Some(file) = std::env::var_os("REFERLOOP_TEST_AUDIT_EXPORT") {
        std::fs::write(file, run(&["audit", "export"])).unwrap();
    }
}
