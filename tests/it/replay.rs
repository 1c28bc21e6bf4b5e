//! `rules replay`: released referrals are read again, from the words in the vault, and held against what was released.

use crate::harness::{TestApp, TestDb, on_both, sample};
use referloop::domain::fields::FieldKey;
use referloop::domain::ids::ReferralId;
use referloop::domain::people::Role;
use referloop::referrals::act::{ActRequest, act};
use referloop::referrals::correct::correct_field;
use referloop::store;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const PHONE: &str = "patient.phone";

fn replay(test: &TestApp, words: &[&str]) -> Output {
    let config = &test.app.config;
    Command::new(env!("CARGO_BIN_EXE_referloop"))
        .args(["rules", "replay"])
        .args(words)
        .env("REFERLOOP_DATA", config.data.as_ref().unwrap())
        .env("REFERLOOP_DATABASE_URL", config.database_url().unwrap().reveal())
        .output()
        .unwrap()
}

/// The outcome as JSON, and whether the command was content.
fn told(test: &TestApp, words: &[&str]) -> (Value, bool) {
    let output = replay(test, &[words, &["--json"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let told = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (told, output.status.success())
}

/// A folder of rules in which something is replaced.
fn changed_rules(folder: &Path, file: &str, change: impl Fn(String) -> String) {
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    let path = folder.join(file);
    let (before, written) = (std::fs::read_to_string(&path).unwrap(), path.clone());
    let after = change(before.clone());
    assert_ne!(before, after);
    std::fs::write(written, after).unwrap();
}

/// A fax whose phone number a reviewer corrected before releasing it, and one that nobody released.
async fn released(test: &TestApp) -> ReferralId {
    let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    test.fax_in("fax-2", sample("incomplete-referral/fax.tif")).await;
    test.run_jobs().await;
    let id = test.referrals_of(&fax).await.remove(0);
    let reviewer = test.person("ana", Role::Reviewer).await;
    let key = FieldKey::new(PHONE);
    correct_field(&test.app, &reviewer, &id, None, &key, Some("(503) 555-0177"))
        .await
        .unwrap();
    act(&test.app, &reviewer, &id, None, ActRequest::Release {})
        .await
        .unwrap();
    id
}

on_both!(released_referrals_are_tests_for_rules, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let id = released(&test).await;
    // The rules in use against what was proposed: the same rules.
    let (same, content) = told(&test, &[]);
    assert!(content, "{same:#}");
    assert_eq!(
        (&same["referrals"], &same["not_opened"]),
        (&1.into(), &Value::Array(Vec::new()))
    );
    assert_eq!(same["fields"][PHONE]["still_wrong"], 1);
    assert_eq!(same["fields"]["patient.birth_date"]["same"], 1);
    assert_eq!(same["changes"].as_array().unwrap().len(), 0, "{same:#}");

    let (wrong, _) = told(&test, &["--wrong"]);
    let phone = wrong["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["field"] == PHONE)
        .unwrap();
    assert_eq!(
        (&phone["change"], &phone["page"]),
        (&"still_wrong".into(), &1.into()),
        "{phone}"
    );

    // Rules that no longer know a label of birth dates.
    let folder = tempfile::tempdir().unwrap();
    changed_rules(folder.path(), "fields.toml", |text| {
        let (before, after) = text.split_once("key = \"patient.birth_date\"").unwrap();
        let (own, rest) = after.split_once("[[field]]").unwrap();
        let own = own.replace("type = \"birth_date\"", "type = \"sex\"");
        format!("{before}key = \"patient.birth_date\"{own}[[field]]{rest}")
    });
    let rules = folder.path().to_str().unwrap();
    let (worse, content) = told(&test, &["--rules", rules]);
    assert!(!content, "{worse:#}");
    assert_eq!(worse["worsened"], serde_json::json!(["patient.birth_date"]));
    let change = &worse["changes"][0];
    assert_eq!(change["referral"], id.as_str());
    assert_eq!(
        (&change["field"], &change["change"]),
        (&"patient.birth_date".into(), &"worse".into())
    );
    assert!(change["page"].is_number() && change.get("before").is_none(), "{change}");

    // Values only where they are asked for.
    let birth_date = test.value(&id, "patient.birth_date").await.unwrap();
    let birth_date = birth_date.as_str().unwrap();
    let text = |words: &[&str]| String::from_utf8(replay(&test, words).stdout).unwrap();
    let quiet = text(&["--rules", rules]);
    assert!(quiet.contains("patient.birth_date gets worse, and it is critical") && !quiet.contains(birth_date));
    assert!(text(&["--rules", rules, "--show-values"]).contains(birth_date));

    // Each look leaves a row that names whom it was about.
    let mut tx = test.app.db.read().await.unwrap();
    let rows = store::audit::of_resource(&mut tx, "list", "rules_replay")
        .await
        .unwrap();
    assert_eq!(rows.len(), 5);
    for (row, shown) in rows.iter().zip([false, false, false, false, true]) {
        let detail: Value = serde_json::from_str(&row.detail).unwrap();
        assert_eq!(
            detail,
            serde_json::json!({ "referrals": [id.as_str()], "values_shown": shown })
        );
        assert_eq!((row.actor.as_str(), row.action.as_str()), ("operator", "view"));
    }
    // The rule sets that proposed the values are known.
    let referral = store::referrals::find(&mut tx, &id).await.unwrap().unwrap();
    let document = store::documents::find(&mut tx, &referral.document)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(document.rule_sets.as_deref(), Some(test.app.rules.version()));
});

on_both!(what_is_opened_again_is_no_test_for_now, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let id = released(&test).await;
    let reviewer = test.person("ben", Role::Reviewer).await;
    act(&test.app, &reviewer, &id, None, ActRequest::Reopen { note: None })
        .await
        .unwrap();
    assert_eq!(told(&test, &[]).0["referrals"], 0);
});
