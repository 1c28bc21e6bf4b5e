//! `referloop direct verify`: what it says of the committed samples.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/direct").join(name)
}

fn referloop(data: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_referloop"))
        .args(words)
        .env("REFERLOOP_DATA", data)
        .env("REFERLOOP_MAIL__DIRECT_DOMAIN", "direct.lakeview-cardiology.example")
        .output()
        .unwrap()
}

fn done(data: &Path, words: &[&str]) {
    let output = referloop(data, words);
    assert!(
        output.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The exit code, and the answer as JSON.
fn verified(data: &Path, words: &[&str]) -> (Option<i32>, Value) {
    let output = referloop(data, &[&["direct", "verify", "--json"], words].concat());
    let answer = serde_json::from_slice(&output.stdout);
    let answer = answer.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), answer)
}

#[test]
fn each_layer_is_explained_and_nothing_is_said_of_the_patient() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let of = |name: &str| sample(name).to_str().unwrap().to_owned();
    let (certificate, key) = (of("test-keys/clinic-cert.pem"), of("test-keys/clinic-key.pem"));
    done(data, &["identity", "import", &certificate, &key]);
    let referral = of("referral.eml");

    let (code, answer) = verified(data, &[&referral]);
    assert_eq!(code, Some(1));
    assert_eq!(answer["refusal"]["step"], "trust");
    assert_eq!(answer["refusal"]["code"], "unknown_sender");

    done(data, &["partner", "add", &of("test-keys/partner-cert.pem")]);
    let (code, answer) = verified(data, &[&referral]);
    assert_eq!((code, &answer["accepted"]), (Some(0), &Value::Bool(true)), "{answer}");
    let states = answer["steps"].as_array().unwrap();
    assert!(states.iter().all(|step| step["state"] == "passed"), "{answer}");
    let text = answer.to_string();
    assert!(text.contains("AES-256-CBC") && text.contains("SHA256"), "{text}");

    let (code, answer) = verified(data, &[&of("tampered.eml")]);
    assert_eq!(
        (code, &answer["refusal"]["code"]),
        (Some(1), &"signature_invalid".into())
    );
    assert_eq!(answer["steps"][7]["state"], "not_reached");
    let other = "dr.other@direct.northside-family.example";
    let (_, answer) = verified(data, &[&referral, "--from", other]);
    assert_eq!(answer["refusal"]["step"], "envelope");
    let (_, answer) = verified(data, &[&referral, "--to", "x@direct.elsewhere.example"]);
    assert_eq!(answer["refusal"]["code"], "unknown_recipient");

    let output = referloop(data, &["direct", "verify", &referral]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("Accepted for referrals@direct.lakeview-cardiology.example."),
        "{text}"
    );
    // The subject and the text of the sample.
    assert!(!text.contains("Referral") && !text.contains("attached"), "{text}");
}
