//! A list by hand, and a carrier's account, at the command line.

use serde_json::{Value, json};
use std::process::Command;

#[test]
fn a_list_is_reconciled_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.csv");
    std::fs::write(&list, "fax_id,received_at\n1,2026-11-22T12:00:00Z\n2,\n,\n").unwrap();
    let run = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_referloop"))
            .args(words)
            .env("REFERLOOP_DATA", folder.path().join("data"))
            .output()
            .unwrap()
    };
    assert!(run(&["door", "add", "front"]).status.success());
    let output = run(&["door", "reconcile", "front", list.to_str().unwrap(), "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        told,
        json!({ "listed": 3, "held": 0, "missing": 2, "new": 2, "unusable": 1 })
    );
    let nobody = run(&["door", "reconcile", "back", list.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("no door called `back`"));
    let generic = run(&["door", "account", "front"]);
    assert!(String::from_utf8_lossy(&generic.stderr).contains("can't be asked"));
}
