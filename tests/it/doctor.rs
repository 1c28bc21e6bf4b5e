//! Doctor's word is a command: each thing is broken, the printed fix is run by a shell, and then all is well.

use crate::harness::authority::Authority;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

const REFERLOOP: &str = env!("CARGO_BIN_EXE_referloop");

/// A shell with our program on its path and nothing of ours in its environment but what the test says.
fn shell(script: &str, environment: &[(&str, &Path)]) -> Output {
    let folder = Path::new(REFERLOOP).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-c", script]).env("PATH", path);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("REFERLOOP_") && name != "REFERLOOP_PDFIUM" {
            command.env_remove(name);
        }
    }
    command.envs(environment.iter().copied()).output().unwrap()
}

/// The report is the last line: a fix before it may have said something, too.
fn examined(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stdout);
    let report = said.lines().last().unwrap_or_default();
    serde_json::from_str(report).unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

fn problems(report: &Value) -> Vec<&Value> {
    report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["ok"] == false)
        .collect()
}

/// Sees exactly one problem, of this name, runs its fix in a shell that lives on, and sees none.
fn mended(name: &str, environment: &[(&str, &Path)]) {
    let before = shell("referloop doctor --json", environment);
    let report = examined(&before);
    let found = problems(&report);
    assert_eq!(before.status.code(), Some(1), "{report}");
    assert_eq!(found.len(), 1, "{report}");
    assert_eq!(found[0]["name"], name, "{report}");
    let fix = found[0]["fix"].as_str().unwrap();
    let after = shell(&format!("{fix}\nreferloop doctor --json"), environment);
    let report = examined(&after);
    assert_eq!(after.status.code(), Some(0), "after `{fix}`: {report}");
    assert_eq!(problems(&report).len(), 0, "after `{fix}`: {report}");
}

fn start_installation(data: &Path) {
    let made = shell(
        "echo 'a long enough password' | referloop user add ana --role admin",
        &[("REFERLOOP_DATA", data)],
    );
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn a_new_machine_and_a_running_installation_are_well() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let look = |data: &Path| shell("referloop doctor", &[("REFERLOOP_DATA", data)]);
    let new = look(&data);
    assert!(new.status.success(), "{}", String::from_utf8_lossy(&new.stdout));
    assert!(
        !data.join("master.key").exists() && !data.join("referloop.db").exists(),
        "doctor makes nothing"
    );
    start_installation(&data);
    let used = look(&data);
    assert!(used.status.success(), "{}", String::from_utf8_lossy(&used.stdout));
}

#[test]
fn no_data_folder_is_named() {
    let report = examined(&shell("referloop doctor --json", &[]));
    assert_eq!(problems(&report)[0]["fix"], "export REFERLOOP_DATA=/var/lib/referloop");
}

#[test]
fn a_misspelt_variable() {
    let folder = tempfile::tempdir().unwrap();
    mended(
        "configuration",
        &[
            ("REFERLOOP_DATA", folder.path()),
            ("REFERLOOP_LISTN", Path::new("127.0.0.1:1")),
        ],
    );
}

#[test]
fn no_libpdfium() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("libpdfium.so");
    mended(
        "reading",
        &[("REFERLOOP_DATA", folder.path()), ("REFERLOOP_PDFIUM", &nowhere)],
    );
}

#[test]
fn no_english_model() {
    let folder = tempfile::tempdir().unwrap();
    let empty = tempfile::tempdir().unwrap();
    mended(
        "reading",
        &[("REFERLOOP_DATA", folder.path()), ("TESSDATA_PREFIX", empty.path())],
    );
}

/// Below a regular file, since root may write into any folder.
#[test]
fn an_unwritable_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in the way");
    fs::write(&file, "kept").unwrap();
    mended("data folder", &[("REFERLOOP_DATA", &file.join("data"))]);
    assert_eq!(
        fs::read_to_string(folder.path().join("in the way.aside")).unwrap(),
        "kept"
    );
}

#[test]
fn a_wrong_or_lost_key() {
    let folder = tempfile::tempdir().unwrap();
    let (key, backup) = (folder.path().join("master.key"), folder.path().join("backup.key"));
    start_installation(folder.path());
    fs::copy(&key, &backup).unwrap();
    let environment: &[(&str, &Path)] = &[("REFERLOOP_DATA", folder.path()), ("BACKUP", &backup)];

    fs::write(&key, format!("local-other {}=\n", "A".repeat(43))).unwrap();
    mended("master key", environment);
    // The right name on another key.
    let text = fs::read_to_string(&backup).unwrap();
    let id = text.split(' ').next().unwrap();
    fs::write(&key, format!("{id} {}=\n", "A".repeat(43))).unwrap();
    mended("master key", environment);
    fs::remove_file(&key).unwrap();
    mended("master key", environment);
}

#[test]
fn a_key_file_that_others_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("master.key");
    start_installation(folder.path());
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    mended("master key", &[("REFERLOOP_DATA", folder.path())]);
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_database_without_its_schema() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("referloop.db"), "").unwrap();
    mended("database", &[("REFERLOOP_DATA", folder.path())]);
}

#[test]
fn documents_that_can_not_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    start_installation(folder.path());
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let objects = format!("disk:{}", file.join("objects").display());
    mended(
        "documents",
        &[
            ("REFERLOOP_DATA", folder.path()),
            ("REFERLOOP_OBJECTS", Path::new(&objects)),
        ],
    );
}

#[test]
fn listeners_that_others_reach_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let data = ("REFERLOOP_DATA", folder.path());
    mended(
        "configuration",
        &[data, ("REFERLOOP_LISTEN", Path::new("0.0.0.0:8080"))],
    );
    mended(
        "configuration",
        &[data, ("REFERLOOP_MAIL__LISTEN", Path::new("0.0.0.0:2525"))],
    );
    let proxied = [
        data,
        ("REFERLOOP_LISTEN", Path::new("0.0.0.0:8080")),
        ("REFERLOOP_TLS__BEHIND_PROXY", Path::new("true")),
    ];
    mended("configuration", &proxied);
}

#[test]
fn certificates_are_looked_at() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let (issued, other) = (authority.issue("one"), authority.issue("other"));
    let examine = |key: &Path| {
        let output = shell(
            "referloop doctor --json",
            &[
                ("REFERLOOP_DATA", folder.path()),
                ("REFERLOOP_TLS__CERTIFICATE", &issued.certificate),
                ("REFERLOOP_TLS__KEY", key),
            ],
        );
        examined(&output)
    };
    let good = examine(&issued.key);
    assert_eq!(problems(&good).len(), 0, "{good}");
    assert!(good.to_string().contains("go together, until"), "{good}");
    let bad = examine(&other.key);
    assert_eq!(problems(&bad)[0]["name"], "TLS", "{bad}");
    fs::copy(&other.key, &issued.key).unwrap();
    fs::copy(&other.certificate, &issued.certificate).unwrap();
    assert_eq!(problems(&examine(&issued.key)).len(), 0);
}
